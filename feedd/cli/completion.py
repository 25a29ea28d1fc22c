"""What bash completes, quoted: the names and tags of an imported OPML file are a stranger's.

zsh and fish quote what they insert; bash inserts it as it is, and `$(…)` in a tag would be run on
Enter. Single quotes stay safe with the scripts of every version.
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any, ClassVar

import click
from click.shell_completion import BashComplete, get_completion_class

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_SCRIPT = """\
%(complete_func)s() {
    local response completion
    response=$(IFS=$'\\n' env COMP_WORDS="$(IFS=$'\\n'; printf '%%s' "${COMP_WORDS[*]}")" \
COMP_CWORD="$COMP_CWORD" %(complete_var)s=bash_complete "$1")
    while IFS= read -r completion; do
        case "$completion" in
            dir,*) COMPREPLY=(); compopt -o dirnames ;;
            file,*) COMPREPLY=(); compopt -o default ;;
            plain,*) COMPREPLY+=("${completion#plain,}") ;;
        esac
    done <<< "$response"
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class QuotedBashComplete(BashComplete):
    """click's completion for bash, with words that the shell takes as they are."""

    source_template: ClassVar[str] = _SCRIPT

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return f"{item.type},{quoted(str(item.value), open_quote(_typed_word()))}"

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        if open_quote(_typed_word()) is None:
            return []
        return super().get_completions(args, incomplete)


def quoted(word: str, quote: str | None) -> str:
    """`word` as one word of the shell's; after an open `quote`, which the shell itself closes."""
    if quote == "'":
        return word.replace("'", "'\\''")
    if quote == '"':
        return "".join(f"\\{one}" if one in '$`"\\' else one for one in word)
    return word if not word else shlex.quote(word)


def open_quote(typed: str) -> str | None:
    """The quote that the typed word begins with and that is not closed; "": none. None: one is open
    in its middle, where bash would put a completion after it.
    """
    if typed[:1] in ("'", '"') and typed.count(typed[0]) == 1:
        return typed[0]
    try:
        shlex.split(typed)
    except ValueError:
        return "" if typed.endswith("\\") else None
    return ""


def _typed_word() -> str:
    """The word under the cursor as it stands on the line."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    number = os.environ.get("COMP_CWORD", "")
    place = int(number) if number.isdecimal() else len(words)
    return words[place] if place < len(words) else ""


SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    bash:  feedd completion bash > ~/.local/share/bash-completion/completions/feedd
    zsh:   feedd completion zsh > ~/.zfunc/_feedd      (with ~/.zfunc in $fpath)
    fish:  feedd completion fish > ~/.config/fish/completions/feedd.fish
    """
    completion = QuotedBashComplete if shell == "bash" else get_completion_class(shell)
    assert completion is not None
    commands = click.get_current_context().find_root().command
    script = completion(commands, {}, "feedd", "_FEEDD_COMPLETE")
    # Not source(): for bash that runs a bash first, to look at its version.
    click.echo(script.source_template % script.source_vars())
