"""`feedd feeds`: what the file says of each feed and what the store remembers, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct
from msgspec.structs import replace

from feedd.cli.context import Context
from feedd.cli.feed_edits import proposal_in_words, share_known, write_moved
from feedd.cli.line_breaks import wrap
from feedd.cli.options import json_option
from feedd.errors import UsageError
from feedd.model import Config, FeedConfig, FeedState, FeedSummary, FeedTrouble, Proposal
from feedd.terminal import cut, gate
from feedd.units import age, format_duration, number_of, rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedd.cli.screen import Screen

HEADER = ("FEED", "UNREAD", "ITEMS", "LAST POLL", "NEXT POLL", "TAGS", "HEALTH")
RIGHT = (1, 2)
"""The columns of a row that hold numbers."""
TAGS = 5
CAUSE_INDENT = 4
OTHER_COLUMNS = 56
"""What the cells beside a feed's name need in a terminal, the tags cut short."""
MIN_NAME_COLUMNS = 8


class ListedFeed(Struct, frozen=True):
    """One feed: its entry in the file (None: taken out), its state, its counts.

    `proposal` is where it seems to be when it is lost.
    """

    config: FeedConfig | None
    feed: FeedState
    items: int = 0
    unread: int = 0
    updated: int = 0
    proposal: Proposal | None = None

    @property
    def title(self) -> str | None:
        return (self.config.title if self.config else None) or self.feed.title

    @property
    def moved_to(self) -> str | None:
        """Where permanent redirects have proved to lead."""
        return self.feed.active_url if self.feed.active_url != self.feed.url else None

    @property
    def fails(self) -> bool:
        return self.feed.state in ("failing", "gone")

    @property
    def is_unhealthy(self) -> bool:
        polled = self.feed.state not in ("disabled", "removed")
        return polled and (self.fails or self.feed.notes is not None or self.moved_to is not None)


def listed(
    config: Config, summaries: Iterable[FeedSummary], proposals: Mapping[str, Proposal]
) -> list[ListedFeed]:
    """Every feed, those of the file first and in its order.

    What changed in the file since the store last looked at it shows as it will be.
    """
    stored = {summary.feed.name: summary for summary in summaries}
    left = {one.feed.url: name for name, one in stored.items() if name not in config.feeds}
    feeds = []
    for name, entry in config.feeds.items():
        if name not in stored and entry.url in left:
            renamed = stored.pop(left.pop(entry.url))
            stored[name] = replace(renamed, feed=replace(renamed.feed, name=name))
        summary = stored.pop(name, None)
        if summary is None:
            state = FeedState(0, name, entry.url, entry.url)
            feeds.append(ListedFeed(entry, _as_in_file(state, entry)))
        else:
            state = _as_in_file(summary.feed, entry)
            found = proposals.get(name) if entry.url == summary.feed.url else None
            feeds.append(
                ListedFeed(entry, state, summary.items, summary.unread, summary.updated, found)
            )
    for summary in stored.values():
        state = replace(summary.feed, state="removed", next_poll=None)
        feeds.append(ListedFeed(None, state, summary.items, summary.unread, summary.updated))
    return feeds


def _as_in_file(state: FeedState, entry: FeedConfig) -> FeedState:
    if not entry.enabled:
        state = replace(state, state="disabled", next_poll=None)
    elif state.state in ("disabled", "removed"):
        state = replace(state, state="new", next_poll=0)
    if state.url != entry.url:
        state = replace(state, url=entry.url, active_url=entry.url, notes=None)
        if entry.enabled:
            state = replace(state, state="new", next_poll=0)
    return state


def feed_record(one: ListedFeed) -> Mapping[str, Any]:
    """A feed as the JSON object that scripts rely on."""
    feed, config = one.feed, one.config
    return {
        "name": feed.name,
        "url": feed.url,
        "title": one.title,
        "site": feed.site,
        "tags": list(config.tags) if config else [],
        "enabled": config is not None and config.enabled,
        "state": feed.state,
        "items": one.items,
        "unread": one.unread,
        "updated": one.updated,
        "last_poll": rfc3339(feed.last_poll),
        "last_success": rfc3339(feed.last_success),
        "last_status": feed.last_status,
        "last_error": feed.last_error,
        "failures": feed.failures,
        "next_poll": rfc3339(feed.next_poll or None),
        "interval_s": feed.interval_s,
        "moved_to": one.moved_to,
        "notes": feed.notes,
        "suggested_url": one.proposal.url if one.proposal else feed.suggested_url,
        "suggested_known": share_known(one.proposal) if one.proposal else None,
    }


def feed_lines(
    feeds: Sequence[ListedFeed], causes: Mapping[str, str], screen: Screen, now: int
) -> Iterator[str]:
    """The feeds as a table. `causes` has words on a feed's health, by name.

    Where the width is bounded those stand below the feed, wrapped, and what fails comes last; else
    every feed is one line, in the order given.
    """
    whole = screen.columns is None
    ill = [] if whole else [feed for feed in feeds if feed.fails]
    ordered = [*(feed for feed in feeds if whole or not feed.fails), *ill]
    rows = [_row(feed, causes.get(feed.feed.name, ""), now, whole=whole) for feed in ordered]
    if screen.columns is not None:
        longest = max(screen.columns - OTHER_COLUMNS, MIN_NAME_COLUMNS)
        rows = [(cut(gate(row[0]), longest), *row[1:]) for row in rows]
    table = screen.table(rows, header=HEADER, right=RIGHT, shrink=None if whole else TAGS)
    if not table:
        return
    yield table[0]
    for line, feed in zip(table[1:], ordered, strict=True):
        if ill and feed is ill[0]:
            yield ""
            yield screen.paint(f"failing ({len(ill):,})", "bold")
        yield screen.paint(line, *_style(feed))
        cause = gate(causes.get(feed.feed.name, ""))
        if screen.columns is not None and cause:
            for part in wrap(cause, screen.columns - CAUSE_INDENT):
                yield " " * CAUSE_INDENT + screen.paint(part, *_style(feed))


def _row(feed: ListedFeed, cause: str, now: int, *, whole: bool) -> Sequence[str]:
    """A feed as the cells of one line: `whole` with all words on its health, else with one."""
    state = feed.feed
    return (
        state.name,
        f"{feed.unread:,}",
        f"{feed.items:,}",
        f"{age(now - state.last_poll)} ago" if state.last_poll is not None else "never",
        next_poll(state, now),
        ", ".join(feed.config.tags) if feed.config else "",
        cause or state.state if whole else state.state,
    )


def total(feeds: Sequence[ListedFeed], unread: int | None) -> str:
    """The line under the table: with `unread`, the items that a list shows, where all are there."""
    failing = sum(feed.fails for feed in feeds)
    parts = [
        number_of(len(feeds), "feed"),
        f"{failing:,} failing" if failing else "",
        number_of(sum(feed.items for feed in feeds), "item"),
        "" if unread is None else f"{unread:,} unread",
    ]
    return ", ".join(part for part in parts if part)


def next_poll(feed: FeedState, now: int) -> str:
    """When the next poll is, as short as can be."""
    if feed.next_poll is None:
        return "–"
    return "due" if feed.next_poll <= now else f"in {age(feed.next_poll - now)}"


def health(one: ListedFeed, now: int) -> str:
    """How a feed stands, in words."""
    feed = one.feed
    if feed.state in ("disabled", "removed"):
        return "disabled (in the file)" if feed.state == "disabled" else "removed"
    parts: list[str] = [feed.state]
    if feed.state == "failing":
        since = f" for {format_duration(now - feed.failing_since)}" if feed.failing_since else ""
        parts = [f"failing{since}: {feed.last_error or 'no reason known'}"]
    elif feed.state == "gone":
        parts = [f"gone: {feed.last_error or 'the publisher has ended it'}"]
    if one.proposal:
        parts.append(proposal_in_words(feed.name, one.proposal))
    if one.moved_to:
        parts.append(f"moved to {one.moved_to}")
    if feed.notes:
        parts.append(feed.notes)
    return "; ".join(parts)


@click.command("feeds")
@click.option("--unhealthy", is_flag=True, help="Only feeds that fail, have moved or have ended.")
@click.option(
    "--silent", is_flag=True, help="Only feeds in trouble for long: failing, ended, silent."
)
@click.option(
    "--update-moved", is_flag=True, help="Write the new addresses of moved feeds into the file."
)
@json_option
@click.pass_obj
def feeds_command(
    context: Context, unhealthy: bool, silent: bool, update_moved: bool, as_json: bool
) -> None:
    """One line a feed: name, unread, items, last poll, next poll, tags, health. On a terminal what
    fails comes last, each with its cause below.
    """
    feeds = listed_feeds(context)
    if update_moved:
        if unhealthy or silent or as_json:
            raise UsageError("--update-moved stands alone; run feedd feeds again after it")
        moved = {
            feed.feed.name: feed.moved_to
            for feed in feeds
            if feed.config is not None and feed.moved_to is not None
        }
        write_moved(context, moved)
        return
    if unhealthy:
        feeds = [feed for feed in feeds if feed.is_unhealthy]
    now = context.now()
    troubles = long_troubles(context, now) if silent or as_json else {}
    if silent:
        feeds = [feed for feed in feeds if feed.feed.name in troubles]
    if as_json:
        for feed in feeds:
            trouble = troubles.get(feed.feed.name)
            since = trouble.since if trouble is not None and trouble.kind == "silent" else None
            context.emit_json({**feed_record(feed), "silent_since": rfc3339(since)})
        return
    if silent:
        causes = {name: trouble_in_words(trouble, now) for name, trouble in troubles.items()}
    elif context.screen.columns is None:
        causes = {feed.feed.name: health(feed, now) for feed in feeds}
    else:
        ill = (feed for feed in feeds if feed.is_unhealthy)
        causes = {feed.feed.name: health(feed, now).removeprefix("ok; ") for feed in ill}
    context.show(list(feed_lines(feeds, causes, context.screen, now)))
    if feeds:
        unread = None
        if not (unhealthy or silent) and context.config().settings.database.exists():
            from feedd.store.items import unread_count

            unread = unread_count(context.reader())
        context.say(total(feeds, unread))
    else:
        context.say(
            "every feed is well" if unhealthy or silent else "no feeds yet: feedd add URL adds one"
        )


def listed_feeds(context: Context) -> list[ListedFeed]:
    config = context.config()
    if not config.settings.database.exists():
        return listed(config, (), {})
    from feedd.store.items import feed_summaries
    from feedd.store.recovery import proposals

    reader = context.reader()
    return listed(config, feed_summaries(reader), proposals(reader))


def listed_feed(context: Context, name: str) -> ListedFeed | None:
    """One feed of the file or of the database, with all of its state and without its counts."""
    config = context.config()
    entry = config.feeds.get(name)
    alone = config._replace(feeds={} if entry is None else {name: entry})
    if not config.settings.database.exists():
        return next(iter(listed(alone, (), {})), None)
    from feedd.store.feeds import feed_states
    from feedd.store.recovery import proposals

    reader = context.reader()
    summaries = [FeedSummary(state, 0, 0, 0) for state in feed_states(reader, [name])]
    return next(iter(listed(alone, summaries, proposals(reader))), None)


def long_troubles(context: Context, now: int) -> dict[str, FeedTrouble]:
    """The feeds that are in trouble for long, by name."""
    if not context.config().settings.database.exists():
        return {}
    from feedd.store.measurements import feed_troubles

    return {trouble.feed: trouble for trouble in feed_troubles(context.reader(), now)}


def trouble_in_words(trouble: FeedTrouble, now: int) -> str:
    """What is the matter with a feed, and for how long."""
    lasts = format_duration(max(0, now - trouble.since))
    if trouble.kind == "silent":
        return f"silent for {lasts}, far longer than it ever was of late"
    if trouble.kind == "gone":
        return f"gone: {trouble.error or 'the publisher has ended it'}"
    return f"failing for {lasts}: {trouble.error or 'no reason known'}"


def _style(feed: ListedFeed) -> tuple[str, ...]:
    if feed.feed.state in ("disabled", "removed"):
        return ("dim",)
    return ("red",) if feed.fails else ("yellow",) if feed.is_unhealthy else ()
