"""The command line: which commands there are, and what happens when one of them fails.

Each command lives in a module of its own group and is imported when it is called, not before:
`feedd list` is typed fifty times a day and must not pay for the daemon's libraries.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from feedd import __version__
from feedd.cli.context import Context, drop_stdout, survive_odd_streams
from feedd.errors import ConfigError, FeeddError, StoreError
from feedd.terminal import gate

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


_SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Reading": {
        "list": ("item_list", "New items, newest first (also: a bare feedd)."),
        "show": ("item_page", "Read an item here, typeset; marks it read."),
        "open": ("item_page", "Open an item's link in $BROWSER."),
        "mark": ("item_list", "Mark items read, unread, starred, unstarred."),
        "diff": ("item_changes", "What was changed in an item since it was stored."),
        "split": ("why", "Take an item out of its story, for good."),
        "search": ("search_results", "Full text over titles and articles, best first."),
        "tag": ("item_edits", "Give items tags, or take them away; list the tags."),
        "undo": ("item_edits", "Take back what mark, tag, rules or split did."),
        "rules": ("rules", "What is done with new items; try it, apply it."),
        "views": ("rules", "The views of the file: queries by name."),
        "read": ("tui", "The full-screen reader."),
        "tail": ("event_log", "What has happened, and with -f what happens."),
        "digest": ("digest", "One document of what is new, to mail or keep."),
    },
    "Feeds": {
        "init": ("setup", "Write a commented starter config.toml."),
        "add": ("new_feed", "Find the feed behind a URL and add it to the file."),
        "remove": ("feed_edits", "Take a feed out of the file."),
        "set": ("feed_edits", "Change keys of a feed in the file."),
        "rename": ("feed_edits", "Give a feed another name."),
        "feeds": ("feed_table", "One line a feed: unread, last and next poll, health."),
        "why": ("why", "Why a feed's next poll is when; why items are one story."),
        "audit": ("politeness", "How polite feedd has been, by its poll history."),
        "repair-feed": ("feed_edits", "Follow a lost feed to its new address."),
        "import": ("setup", "Take feeds from an OPML file."),
        "export": ("setup", "Write the feeds as OPML."),
    },
    "Service": {
        "run": ("service", "The daemon: poll on schedule until told to stop."),
        "poll": ("one_pass", "One pass over the feeds that are due, then exit."),
        "status": ("status", "Is the daemon alive; counts, sizes, last errors."),
        "check": ("service", "Check the file and the database; change nothing."),
        "repair": ("service", "Rebuild what can be rebuilt in the database."),
        "prune": ("service", "Drop what is older than the file says to keep."),
        "backup": ("service", "A consistent copy of the database, at any time."),
        "restore": ("service", "Put a backup in the database's place."),
    },
    "More": {
        "demo": ("setup", "All of it on a small site of its own; no network."),
        "completion": ("completion", "Print the shell's completion script."),
        "help": ("command_line", "What a command does, and its options."),
    },
}
"""Section of the help, name of the command: its module, in which it is `<name>_command`, and its
line of the help."""
_BRIEF = frozenset(_SECTIONS["Reading"]) - {"read", "tail"} | {"completion", "feeds", "help", "why"}
"""Commands that answer and end: they run without the garbage collector."""
_LASTING = frozenset({"poll", "read", "run"})
"""Commands that switch it on themselves, once their modules and data are loaded (`calm_collector`).
"""
_COMMANDS = {name: entry for section in _SECTIONS.values() for name, entry in section.items()}


class _Commands(click.Group):
    """A group whose commands are imported when called, and listed without importing any."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _with_command(args))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name) if cmd_name in _COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            raise click.UsageError(_no_such_command(args, ctx), ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=entry[1])
            for name, entry in _COMMANDS.items()
            if name.startswith(incomplete)
        ]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*commands, *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, line) in commands.items()])


_GLOBAL_FLAGS = frozenset({"-q", "--quiet", "-v", "--verbose"})
_ANSWERED_AT_ONCE = frozenset({"-h", "--help", "--version"})


def _with_command(args: Sequence[str]) -> list[str]:
    """The arguments, with `list` put in where options stand without a command: `feedd --starred` is
    `feedd list --starred`.
    """
    place = 0
    while place < len(args):
        word = args[place]
        if word == "--config":
            place += 2
        elif word in _GLOBAL_FLAGS or word.startswith("--config="):
            place += 1
        else:
            break
    rest = args[place:]
    if not rest or rest[0] in _ANSWERED_AT_ONCE or not rest[0].startswith("-"):
        return list(args)
    late = [word for word in rest if word in _GLOBAL_FLAGS]
    return [*args[:place], *late, "list", *(word for word in rest if word not in _GLOBAL_FLAGS)]


def _load(name: str) -> click.Command:
    if name not in _BRIEF | _LASTING:
        gc.enable()
    module = importlib.import_module(f"feedd.cli.{_COMMANDS[name][0]}")
    command = getattr(module, f"{name.replace('-', '_')}_command")
    assert isinstance(command, click.Command)
    return command


def _no_such_command(typed: Sequence[str], click_context: click.Context) -> str:
    from feedd.cli.hints import command_meant
    from feedd.cli.options import config_for_hints

    meant = command_meant(typed, _COMMANDS, config_for_hints(click_context))
    hint = (
        ""
        if meant is None
        else f"; did you mean '{meant if meant in _COMMANDS else f'feedd {meant}'}'?"
    )
    return f"no command '{typed[0]}'{hint}"


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A bare feedd is feedd list, with its options. `feedd help COMMAND` tells more.",
)
@click.option("--config", metavar="FILE", help="The configuration file, instead of the usual ones.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing beyond results and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more of what is going on.")
@click.version_option(__version__, prog_name="feedd", message="%(prog)s %(version)s")
@click.pass_context
def cli(click_context: click.Context, config: str | None, quiet: bool, verbose: bool) -> object:
    """Polls feeds politely, keeps what is new, and shows it in the terminal."""
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other; give one of them")
    context = Context(config_path=config, quiet=quiet, verbose=verbose)
    click_context.obj = context
    click_context.call_on_close(context.close)
    if click_context.invoked_subcommand is not None:
        return None
    bare = _load("list")
    with bare.make_context("list", [], parent=click_context) as list_context:
        return bare.invoke(list_context)


@click.command("help")
@click.argument("name", required=False, metavar="[COMMAND]")
@click.pass_context
def help_command(click_context: click.Context, name: str | None) -> None:
    """What COMMAND does, and its options; without one, which commands there are."""
    root = click_context.find_root()
    if name is None:
        click.echo(root.get_help())
        return
    if name not in _COMMANDS:
        raise click.UsageError(_no_such_command([name], root), root)
    with click.Context(_load(name), info_name=name, parent=root) as command_context:
        click.echo(command_context.get_help())


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code. Every failure becomes one line on standard
    error, `feedd: …`. A command returns None or its exit code, or raises.
    """
    survive_odd_streams()
    try:
        if "_FEEDD_COMPLETE" in os.environ:
            return _flushed(_complete())
        with cli.make_context("feedd", list(args)) as click_context:
            result = cli.invoke(click_context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return _flushed(done.exit_code)
    except (KeyboardInterrupt, EOFError, click.exceptions.Abort):
        return _fail("interrupted", EXIT_INTERRUPTED)
    except click.ClickException as error:
        return _fail(_usage(error), error.exit_code)
    except ConfigError as error:
        for problem in error.problems[:-1]:
            _fail(problem, error.exit_code)
        return _fail(error.problems[-1] if error.problems else str(error), error.exit_code)
    except FeeddError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        drop_stdout()
        return 0
    except OSError as error:
        drop_stdout()
        where = f" ({error.filename})" if error.filename else ""
        return _fail(f"{error.strerror or error}{where}", EXIT_FAILED)
    except Exception as error:
        if type(error).__module__ != "sqlite3":
            raise
        return _fail(f"the database can't be used: {error}; try feedd check", StoreError.exit_code)
    return result if isinstance(result, int) else 0


def _complete() -> int:
    from click.shell_completion import add_completion_class, shell_complete

    from feedd.cli.completion import QuotedBashComplete

    add_completion_class(QuotedBashComplete, "bash")

    instruction = os.environ["_FEEDD_COMPLETE"]
    return shell_complete(cli, {}, "feedd", "_FEEDD_COMPLETE", instruction)


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    message = message.replace("is not a valid integer range", "is no whole number")
    message = message[:1].lower() + message[1:]
    if isinstance(error, click.NoSuchOption) and error.option_name in _GLOBAL_FLAGS | {"--config"}:
        return f"{error.option_name} goes before the command: feedd {error.option_name} …"
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return message
    separator = "" if message.endswith("?") else "."
    return f"{message}{separator} See {error.ctx.command_path} --help"


def _fail(message: str, code: int) -> int:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
        print(f"feedd: {gate(message)}", file=sys.stderr)
    except OSError:
        drop_stdout()
    return code


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        drop_stdout()
    return code
