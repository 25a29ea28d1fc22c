"""The options that several commands share, and their completion by the shell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

from feedd.errors import FeeddError, UsageError
from feedd.terminal import gate
from feedd.units import parse_until, parse_when

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from feedd.cli.context import Context
    from feedd.model import Config, ItemFilter, ItemPage, Which
    from feedd.query.query_nodes import Query


Command = TypeVar("Command", bound=Callable[..., object])

DEFAULT_LIMIT = 50
MARKS_SHOWN: tuple[Which, ...] = ("unread", "read", "starred", "all")
MAX_COMMAND_CHARACTERS = 200
MAX_LIMIT = 1_000_000_000
"""What an option may say at most; SQLite counts no further than 2**63."""


def complete_feed(
    click_context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[Any]]:
    """The configured feeds whose names start so, with their titles where the shell shows them."""
    from click.shell_completion import CompletionItem

    config = config_for_hints(click_context)
    return [
        CompletionItem(name, help=gate(feed.title or feed.url))
        for name, feed in (config.feeds if config else {}).items()
        if name.startswith(incomplete) and name.isprintable()
    ]


def complete_tag(
    click_context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[Any]]:
    """The configured tags that start so."""
    from click.shell_completion import CompletionItem

    config = config_for_hints(click_context)
    tags = config.feeds_by_tag if config else {}
    return [CompletionItem(tag) for tag in tags if tag.startswith(incomplete) and tag.isprintable()]


def config_for_hints(click_context: click.Context) -> Config | None:
    """The user's file where it can be read: what completes or explains does without it."""
    from feedd import configfile
    from feedd.cli.context import kept_in_database

    try:
        path = configfile.find(click_context.find_root().params.get("config"))
        return configfile.load(path, kept_in_database)
    except FeeddError:
        return None


def feed_arguments(command: Command) -> Command:
    """NAME…, as `names`."""
    return click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_feed)(
        command
    )


def feed_option(
    means: str = "Only this feed, as NAME; again for more feeds.",
) -> Callable[[Command], Command]:
    """--feed, as `feeds`."""
    return click.option(
        "--feed", "feeds", multiple=True, metavar="NAME", shell_complete=complete_feed, help=means
    )


def tag_option(
    means: str = "Only feeds with this tag; again for more tags.",
) -> Callable[[Command], Command]:
    """--tag, as `tags`."""
    return click.option(
        "--tag", "tags", multiple=True, metavar="TAG", shell_complete=complete_tag, help=means
    )


class Narrowing(NamedTuple):
    """What the options of `narrowing_options` say, as it was typed."""

    feeds: Sequence[str]
    tags: Sequence[str]
    which: Which | None
    since: str | None
    until: str | None
    limit: int
    oldest: bool

    @property
    def is_given(self) -> bool:
        """Whether feeds, tags or a time narrow what is shown."""
        return bool(self.feeds or self.tags or self.since or self.until)

    def filter(
        self,
        feeds: tuple[str, ...] | None,
        which: Which,
        *,
        now: int,
        every: bool = False,
        where: Query | None = None,
    ) -> ItemFilter:
        """The filter that they mean, of these `feeds` (None: all). Raises UsageError."""
        from feedd.model import ItemFilter

        return ItemFilter(
            feeds=feeds,
            which=which,
            since=moment(self.since, now=now, option="--since"),
            until=moment(self.until, now=now, option="--until"),
            limit=self.limit or None,
            oldest=self.oldest,
            every=every,
            where=where,
        )


def narrowing_options(command: Command) -> Command:
    """--feed --tag --all --unread --read --starred --since --until --limit --oldest, as
    `narrowing`.
    """

    @wraps(command)
    def with_one_mark(*args: Any, **values: Any) -> object:
        given = [which for which in MARKS_SHOWN if values.pop(f"only_{which}")]
        if given == ["starred", "all"]:  # read and unread ones
            del given[-1]
        if len(given) > 1:
            raise UsageError(
                f"--{given[0]} and --{given[1]} exclude each other; give one of them"
                " (what is both, a query finds: is:starred is:unread)"
            )
        said = {name: values.pop(name) for name in Narrowing._fields if name in values}
        narrowing = Narrowing(**said, which=given[0] if given else None)
        return command(*args, **values, narrowing=narrowing)

    narrowed = cast("Command", with_one_mark)
    for option in reversed(
        (
            feed_option(),
            tag_option(),
            click.option("--all", "only_all", is_flag=True, help="Read and unread items."),
            click.option("--unread", "only_unread", is_flag=True, help="Only unread items."),
            click.option(
                "--read", "only_read", is_flag=True, help="Only items that have been read."
            ),
            click.option("--starred", "only_starred", is_flag=True, help="Only starred items."),
            click.option("--since", metavar="WHEN", help="Not older: 2d, today, 2026-01-31."),
            click.option("--until", metavar="WHEN", help="Not newer: 2d, today, 2026-01-31."),
            click.option(
                "-n",
                "--limit",
                metavar="N",
                type=click.IntRange(0, MAX_LIMIT),
                default=DEFAULT_LIMIT,
                show_default=True,
                help="At most N items; 0 for all.",
            ),
            click.option("--oldest", is_flag=True, help="Oldest first."),
        )
    ):
        narrowed = option(narrowed)
    return narrowed


def no_pager_option(command: Command) -> Command:
    """--no-pager, as `no_pager`."""
    option = click.option(
        "--no-pager", is_flag=True, help="Print without a pager, however many lines."
    )
    return option(command)


def json_option(command: Command) -> Command:
    """--json, as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")(command)


def script_options(command: Command) -> Command:
    """--format, as `template`, and --json, as `as_json`."""
    option = click.option(
        "--format",
        "template",
        metavar="TEXT",
        help="One line an item, in your own form, such as '{id} {title} {link}'.",
    )
    return option(json_option(command))


def item_id(text: str, context: Context | None = None, *, instead: str = "") -> int:
    """The item that the user names by its id. Raises UsageError; where the name is a feed's,
    `instead` is the command that takes feeds, with {} for the name.
    """
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    if context is not None and text in context.config().feeds:
        raise UsageError(f"'{text}' is a feed; {instead.format(quoted(text))}")
    raise UsageError(f"'{text}' is no item id; feedd list shows them in its first column")


def more(page: ItemPage) -> str:
    count = f"{page.more:,}{'+' if page.more_capped else ''}"
    return f"… and {count} more (--limit 0 shows all)"


def where_option(command: Command) -> Command:
    """--where, as `where`."""
    return click.option(
        "--where", metavar="QUERY", help="Only what this query finds; as feedd search takes it."
    )(command)


def command_text(*words: str | Sequence[str], **options: Sequence[str] | str | None) -> str:
    """A command as it was given, for the list of what can be undone."""
    import shlex

    given: list[str] = []
    for word in words:
        given += [word] if isinstance(word, str) else word
    for name, values in options.items():
        for value in [values] if isinstance(values, str) else values or ():
            given += [f"--{name.removesuffix('s')}", value]
    return shlex.join(given)[:MAX_COMMAND_CHARACTERS]


def which_of(which: Which | None, query: Query | None) -> Which:
    """What a list shows where the user did not say: what is unread, of a query that speaks of marks
    all.
    """
    if which is not None:
        return which
    if query is None:
        return "unread"
    from feedd.query import says

    return "all" if says(query) else "unread"


def moment(text: str | None, *, now: int, option: str) -> int | None:
    """A point in time that the user gave with `option`, epoch seconds; a bare date for `--until` is
    to its end. Raises UsageError.
    """
    if text is None:
        return None
    try:
        return (parse_until if option == "--until" else parse_when)(text, now)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def quoted(word: str) -> str:
    import shlex

    return shlex.quote(word)
