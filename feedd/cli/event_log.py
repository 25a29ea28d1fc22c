"""`feedd tail`: what has happened, and with -f what happens, an event a line (docs/events.md)."""

from __future__ import annotations

import gc
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from feedd.cli.context import Context
from feedd.cli.options import MAX_LIMIT, json_option
from feedd.terminal import cut, gate
from feedd.units import local, rfc3339

if TYPE_CHECKING:
    from feedd.model import Item
    from feedd.store.events import Event

VERSION = 1
"""Of the objects' form; a key more is no new version."""

BATCH = 500
LOOK_S = 0.5
"""Between two looks at the database with -f."""


@click.command("tail")
@click.option(
    "-n",
    "count",
    type=click.IntRange(0, MAX_LIMIT),
    metavar="N",
    default=10,
    show_default=True,
    help="The last N events.",
)
@click.option("-f", "--follow", is_flag=True, help="Go on with new events, until stopped.")
@click.option("--after", metavar="CURSOR", help="All events after the one that had this cursor.")
@json_option
@click.pass_obj
def tail_command(
    context: Context, count: int, follow: bool, after: str | None, as_json: bool
) -> None:
    """Events, in the order they happened: new, updated, joined, article, moved, broken, repaired.

    With --json each event has a cursor; --after CURSOR goes on behind that event, with none left
    out or told twice, even after a restart. Events are kept for 30 days, at most 100,000.
    """
    from feedd.store import events

    db = context.reader()
    of = events.identity(db, context.writer)
    if after is not None:
        cursor = events.cursor_of(db, of, after, context.now())
        told: Sequence[Event] = events.events_after(db, cursor, BATCH)
    else:
        cursor = events.newest_cursor(db, of)
        told = events.last_events(db, of, count, context.now())
    if follow:
        gc.enable()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            _tell(context, told, as_json=as_json)
            if told:
                cursor = told[-1].cursor
            if not told and not follow:
                return
            if not told:
                sys.stdout.flush()
                time.sleep(LOOK_S)
            told = events.events_after(db, cursor, BATCH)
    except KeyboardInterrupt:
        if not follow:
            raise


def _tell(context: Context, told: Sequence[Event], *, as_json: bool) -> None:
    from feedd.store.items import items_of

    ids = list({event.entry_id for event in told if event.entry_id is not None})
    items = {item.id: item for item in items_of(context.reader(), ids, details=as_json)}
    for event in told:
        item = items.get(event.entry_id) if event.entry_id is not None else None
        if as_json:
            context.emit_json(_record(context, event, item))
        else:
            line = _line(event, item)
            columns = context.screen.columns
            context.out(line if columns is None else cut(line, columns))


def _record(context: Context, event: Event, item: Item | None) -> Mapping[str, Any]:
    from feedd.records import item_record

    return {
        "v": VERSION,
        "cursor": str(event.cursor),
        "at": rfc3339(event.at),
        "event": event.event,
        "feed": event.feed,
        "id": event.entry_id,
        "item": None if item is None else item_record(item, context.config()),
        **event.detail,
    }


def _line(event: Event, item: Item | None) -> str:
    from feedd.cli.item_lines import shown_title

    number = "" if event.entry_id is None else str(event.entry_id)
    parts = [
        f"{local(event.at)}  {event.event:<8}  {number:>6}  {gate(event.feed or '(gone)')}",
        "" if item is None else shown_title(item),
        _words(event),
    ]
    return "  ".join(part for part in parts if part)


def _words(event: Event) -> str:
    """What there is to say of the event beside its item."""
    detail = event.detail
    match event.event:
        case "moved":
            return gate(f"to {detail['to']}")
        case "updated":
            return f"(change {detail['change']})"
        case "joined":
            return f"(story {detail['story']})"
        case _:
            return gate(str(detail["error"])) if detail.get("error") else ""
