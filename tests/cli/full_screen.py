"""The full-screen reader on a stocked database, played by a textual Pilot."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from textual import events
from textual.pilot import Pilot

from feedd import configfile
from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.library import Library
from feedd.cli.tui.panes import ItemPane
from feedd.model import ItemFilter
from feedd.store.database import open_reader, open_writer
from feedd.store.items import list_items
from tests.cli.stocked import Stocked

Story = Callable[[FullScreenReader, Pilot[None]], Awaitable[None]]


@contextmanager
def reader_of(stocked: Stocked, *, view: str | None = None) -> Iterator[FullScreenReader]:
    reader = open_reader(stocked.database)
    writers: list[sqlite3.Connection] = []

    def writer() -> sqlite3.Connection:
        if not writers:
            writers.append(open_writer(stocked.database))
        return writers[0]

    library = Library(
        config=configfile.load(stocked.config),
        reader=reader,
        writer=writer,
        now=lambda: stocked.now,
    )
    try:
        yield FullScreenReader(library, view=view)
    finally:
        reader.close()
        for connection in writers:
            connection.close()


def play(stocked: Stocked, story: Story, *, size: tuple[int, int] = (80, 24)) -> None:
    async def run(app: FullScreenReader) -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await story(app, pilot)

    with reader_of(stocked) as app:
        asyncio.run(run(app))


def items(app: FullScreenReader) -> ItemPane:
    return app.query_one(ItemPane)


def unread(stocked: Stocked) -> int:
    db = open_reader(stocked.database)
    try:
        return len(list_items(db, ItemFilter(limit=None)).items)
    finally:
        db.close()


def shown_lines(app: FullScreenReader, pane: Any) -> list[str]:
    return ["".join(s.text for s in pane.render_line(y)) for y in range(pane.size.height)]


async def type_at_once(app: FullScreenReader, pilot: Pilot[None], *keys: str) -> None:
    """Keys as they come in one write: the next is there before the last one has been dealt with."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))
    for _ in range(10):
        await pilot.pause(0.02)


def status(app: FullScreenReader) -> str:
    """What the status line says."""
    return str(app.query_one("#status").render())


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Go on until this holds, for half a minute at most."""
    for _ in range(300):
        if holds():
            return
        await pilot.pause(0.1)
    assert holds()
