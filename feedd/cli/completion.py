"""`feedd completion`: the shell's completion script, and the feed names and tags it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from feedd.cli import cli
from feedd.errors import FeeddError

if TYPE_CHECKING:
    from feedd.model import Config

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the shell's completion script.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    bash:  feedd completion bash > ~/.local/share/bash-completion/completions/feedd
    zsh:   feedd completion zsh > ~/.zfunc/_feedd      (with ~/.zfunc in $fpath)
    fish:  feedd completion fish > ~/.config/fish/completions/feedd.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(cli, {}, "feedd", "_FEEDD_COMPLETE")
    # Not source(): for bash that runs a bash first, to look at its version.
    click.echo(script.source_template % script.source_vars())


def feed_names(click_context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The configured feeds whose names start so."""
    config = _config(click_context)
    if config is None:
        return []
    return [
        CompletionItem(name, help=feed.title or feed.url)
        for name, feed in config.feeds.items()
        if name.startswith(incomplete)
    ]


def tag_names(click_context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The configured tags that start so."""
    config = _config(click_context)
    if config is None:
        return []
    tags = dict.fromkeys(tag for feed in config.feeds.values() for tag in feed.tags)
    return [CompletionItem(tag) for tag in tags if tag.startswith(incomplete)]


def _config(click_context: click.Context) -> Config | None:
    from feedd import configfile

    try:
        return configfile.load(configfile.find(click_context.find_root().params.get("config")))
    except FeeddError:
        return None
