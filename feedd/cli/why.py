"""`feedd why` and `feedd split`: why the next poll is when it is; why items are one story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from feedd.cli.context import Context
from feedd.cli.feed_table import ListedFeed, health, listed_feed
from feedd.cli.hints import missing
from feedd.cli.options import MAX_LIMIT, command_text, complete_feed, item_id, json_option
from feedd.errors import NotFoundError
from feedd.model import PollRecord, Subscription
from feedd.terminal import ELLIPSIS, gate
from feedd.units import age, format_duration, format_size, local, rfc3339

if TYPE_CHECKING:
    from feedd.store.similarity import Joined


DEFAULT_POLLS = 20

HEADER = ("WHEN", "STATUS", "SIZE", "TIME", "NEW", "CHANGED", "NEXT", "BECAUSE")
RIGHT = (1, 2, 3, 4, 5)
"""The columns of `poll_row` that hold numbers."""


def poll_record(poll: PollRecord) -> Mapping[str, Any]:
    """A poll as the JSON object that scripts rely on."""
    return {
        "at": rfc3339(poll.at),
        "url": poll.url,
        "status": poll.status,
        "bytes": poll.bytes,
        "duration_ms": poll.duration_ms,
        "new": poll.new,
        "changed": poll.changed,
        "error": poll.error,
        "next_poll": rfc3339(poll.next_poll),
        "reason": poll.reason,
    }


def feed_facts(listed: ListedFeed, now: int) -> Iterator[tuple[str, str]]:
    """How the feed stands, as label and text."""
    feed = listed.feed
    yield f"{feed.name}:", listed.title or "(untitled)"
    yield "address:", feed.url
    if listed.moved_to:
        yield "moved:", f"{listed.moved_to} (feedd feeds --update-moved writes it into the file)"
    elif feed.move_to:
        yield "moving:", f"to {feed.move_to}; remembered when one more poll proves it"
    if listed.proposal is None and feed.suggested_url and feed.state in ("failing", "gone"):
        yield "perhaps:", f"the page there names {feed.suggested_url} as its feed"
    yield "health:", health(listed, now)
    if feed.last_success is not None:
        yield "last success:", f"{local(feed.last_success)} ({age(now - feed.last_success)} ago)"
    yield "next poll:", _next(listed, now)
    if feed.next_reason:
        yield "because:", feed.next_reason


def hub_facts(
    subscription: Subscription | None, *, on: bool, offered: str | None, now: int
) -> Iterator[tuple[str, str]]:
    """The feed's hub and how we stand with it, where it has one; `on`: pushes are configured."""
    if subscription is None:
        if offered:
            yield "hub:", f"{offered} ({_OFF})"
        return
    yield "hub:", f"{subscription.hub} ({_standing(subscription, now) if on else _OFF})"
    if on and subscription.last_push is not None:
        yield "last push:", f"{age(now - subscription.last_push)} ago"


_OFF = "not used; websub_callback switches pushes on"


def _standing(subscription: Subscription, now: int) -> str:
    words = {
        "offered": "not subscribed",
        "asked": "asked, not confirmed yet",
        "verified": "subscribed",
        "denied": "denied",
        "leaving": "being left",
    }[subscription.state]
    if subscription.state == "verified" and subscription.lease_ends is not None:
        words += f" for {format_duration(max(0, subscription.lease_ends - now))}"
    return f"{words}; {subscription.error}" if subscription.error else words


def _next(listed: ListedFeed, now: int) -> str:
    feed = listed.feed
    if feed.next_poll is None:
        return "none, until the file changes or feedd poll asks for it"
    if feed.last_poll is None:
        return "as soon as feedd poll or feedd run looks"
    if feed.next_poll <= now:
        return "due now"
    return f"{local(feed.next_poll)} (in {format_duration(feed.next_poll - now)})"


def poll_row(poll: PollRecord, now: int) -> Sequence[str]:
    wait = "–" if poll.next_poll is None else format_duration(max(0, poll.next_poll - poll.at))
    return (
        f"{age(now - poll.at)} ago",
        str(poll.status) if poll.status is not None else "–",
        format_size(poll.bytes),
        f"{poll.duration_ms} ms",
        str(poll.new),
        str(poll.changed),
        wait,
        f"{poll.error} · {poll.reason}" if poll.error else poll.reason,
    )


@click.command("why")
@click.argument("name", metavar="NAME|ID", shell_complete=complete_feed)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(0, MAX_LIMIT),
    metavar="N",
    default=DEFAULT_POLLS,
    show_default=True,
    help="At most N polls; 0 for all.",
)
@json_option
@click.pass_obj
def why_command(context: Context, name: str, limit: int, as_json: bool) -> None:
    """The polls of the feed NAME, newest first, and in plain words why the next one is when it
    is. Of the item ID: which entries of other feeds are the same story, and on what evidence.
    """
    feed = listed_feed(context, name)
    if feed is None and name.isascii() and name.isdigit():
        why_story(context, item_id(name), as_json=as_json)
        return
    if feed is None:
        raise missing("feed", name, context.config().feeds)
    polls: Sequence[PollRecord] = ()
    subscription = None
    if feed.feed.id:
        from feedd.store import hubs
        from feedd.store.polls import history

        polls = history(context.reader(), feed.feed.id, limit or None)
        subscription = hubs.of_feed(context.reader(), feed.feed.id)
    if as_json:
        context.emit_json(*map(poll_record, polls))
        return
    now = context.now()
    on = context.config().settings.websub_callback is not None
    hub = hub_facts(subscription, on=on, offered=feed.feed.hub, now=now)
    for label, text in (*feed_facts(feed, now), *hub):
        first, *rest = context.fold(f"{gate(label)} {gate(text)}")
        context.out(context.screen.paint(gate(label), "bold") + first[len(gate(label)) :])
        for line in rest:
            context.out(line)
    if polls:
        context.out()
        context.show(_poll_lines(context, [poll_row(poll, now) for poll in polls]))


def _poll_lines(context: Context, rows: Sequence[Sequence[str]]) -> list[str]:
    """The polls as a table. Where the reasons don't fit beside the rest, each stands below its
    poll, unless it is that of the poll above.
    """
    screen = context.screen
    whole = screen.table(rows, header=HEADER, right=RIGHT)
    if screen.columns is None or not any(line.endswith(ELLIPSIS) for line in whole):
        return whole
    head, *table = screen.table([row[:-1] for row in rows], header=HEADER[:-1], right=RIGHT)
    lines = [head]
    before = ""
    for line, row in zip(table, rows, strict=True):
        lines.append(line)
        if row[-1] != before:
            lines += context.fold(f"    {gate(row[-1])}")
        before = row[-1]
    return lines


def why_story(context: Context, entry_id: int, *, as_json: bool) -> None:
    """Show the entries of the item's story, the one that stands for all first."""
    from feedd.store.similarity import story

    entries = story(context.reader(), entry_id)
    if not entries:
        raise NotFoundError.of_items(entry_id)
    if as_json:
        context.emit_json(*map(joined_record, entries))
        return
    rows = [
        (
            str(entry.entry_id),
            gate(entry.feed),
            evidence(entry),
            gate(entry.title or entry.link or ""),
        )
        for entry in entries
    ]
    header = ("ID", "FEED", "BECAUSE", "TITLE")
    context.show(context.screen.table(rows, header=header, right=(0,)), pager=False)
    if len(entries) > 1:
        context.say("feedd split ID takes one out for good")


def joined_record(entry: Joined) -> Mapping[str, Any]:
    """An entry of a story as the JSON object that scripts rely on."""
    record = entry._asdict()
    return {"id": record.pop("entry_id"), **record}


def evidence(entry: Joined) -> str:
    """Why the entry is part of the story, in words."""
    if entry.joined_by == "link":
        words = "the same link"
    elif entry.joined_by == "text":
        words = f"{entry.similarity or 0:.0%} of the same text"
    else:
        words = "came first"
    return f"{words}; stands for all" if entry.lead else words


@click.command("split")
@click.argument("items", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def split_command(context: Context, items: Sequence[str]) -> int:
    """Each item becomes a line of its own, and is never joined again with those that it was one
    story with. feedd why ID shows which these are.
    """
    from feedd.store.acts import Change, begin_act, end_act, note_change
    from feedd.store.similarity import split, story
    from feedd.store.sqlite import synced

    ids = [item_id(text) for text in items]
    for entry_id in ids:
        if not story(context.reader(), entry_id):
            raise NotFoundError.of_items(entry_id)
    alone = 0
    for entry_id in ids:
        db = context.writer()
        with synced(db):
            left = split(db, entry_id)
            act = begin_act(db, command_text("split", str(entry_id)), context.now())
            if left:
                nothing = (None,) * (len(left) + 1)
                note_change(db, act, Change("split", (entry_id, *left), nothing, None))
            end_act(db, act, int(bool(left)))
        if left:
            context.say(f"{entry_id} is a line of its own; {', '.join(map(str, left))} stay")
        else:
            alone += 1
            context.complain(f"feedd: {entry_id} is in no story: nothing to split")
    return 1 if alone else 0
