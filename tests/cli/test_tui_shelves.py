"""Shelves of the full-screen reader beside feeds and tags: views, what is kept for later; undo."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.shelves import unread_of
from feedd.store.acts import acts, undo
from feedd.store.database import open_reader, open_writer
from feedd.store.items import item
from tests.cli.full_screen import (
    items,
    play,
    reader_of,
    status,
    type_at_once,
    unread,
    until,
)
from tests.cli.stocked import CONFIG, Stocked, stock


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    made = stock(tmp_path)
    views = '\n[views]\nlogs = "title:log"\nstarred = "is:starred"\nlost = "feed:gone"\n'
    made.config.write_text(CONFIG + views, encoding="utf-8")
    return made


def names(app: FullScreenReader) -> list[str]:
    return [shelf.name for shelf in app.shelves.shelves]


def go(app: FullScreenReader, name: str) -> None:
    app.shelves.go_to(names(app).index(name))
    app.fill(stay=False)


def test_a_search_takes_the_name_of_a_view_as_feedd_search_does(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "slash", *"@logs", "enter")
        assert {one.title for one in items(app).items} == {"The write-ahead log of SQLite"}

    play(stocked, story)


def test_the_views_of_the_file_are_shelves_with_their_numbers(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        assert names(app)[:4] == ["All", "logs", "starred", "lost"]
        await until(pilot, lambda: app.shelves.shelves[1].unread == 2)
        go(app, "logs")
        assert [one.title for one in items(app).items] == ["The write-ahead log of SQLite"] * 2
        await pilot.press("g", "m")
        await until(pilot, lambda: app.shelves.shelves[1].unread == 1)
        go(app, "lost")
        assert len(items(app).items) == 0

    play(stocked, story)


def test_the_reader_can_begin_with_a_view(stocked: Stocked) -> None:
    async def run() -> None:
        with reader_of(stocked, view="logs") as app:
            async with app.run_test() as pilot:
                await pilot.pause()
                assert len(items(app).items) == 2

    asyncio.run(run())


def test_a_view_of_marks_is_shown_whole(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("s", "m")
        go(app, "starred")
        assert len(items(app).items) == 1
        assert items(app).items[0].read

    play(stocked, story)


def test_what_is_kept_for_later_has_a_shelf_of_its_own(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        assert "later" not in names(app)
        await pilot.press("j", "l")
        kept = items(app).item
        assert kept is not None
        assert kept.later
        assert "Kept for later" in status(app)
        await until(pilot, lambda: "later" in names(app))
        go(app, "later")
        assert [one.id for one in items(app).items] == [kept.id]
        await pilot.press("enter", "l")
        await pilot.pause()
        with closing(open_reader(stocked.database)) as db:
            assert not item(db, kept.id).item.later
        await pilot.press("u")
        with closing(open_reader(stocked.database)) as db:
            assert item(db, kept.id).item.later

    play(stocked, story)


def test_a_bulk_mark_can_be_taken_back_on_the_command_line_too(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("A", "u", "A")

    play(stocked, story)
    assert unread(stocked) == 0
    with closing(open_writer(stocked.database)) as db:
        assert [(act.command, act.undone) for act in acts(db)] == [
            ("mark read, in feedd read", False),
            ("mark read, in feedd read", True),
        ]
        undo(db, None, stocked.now)
    assert unread(stocked) == 10


FEEDS = st.sampled_from("abcde")


@given(st.lists(st.sets(FEEDS, min_size=1), max_size=30), st.sets(FEEDS, min_size=1))
def test_an_item_counts_once_on_every_shelf(carried: list[set[str]], chosen: set[str]) -> None:
    own = {name: sum(name in feeds for feeds in carried) for name in "abcde"}
    shared = [tuple(feeds) for feeds in carried if len(feeds) > 1]
    assert unread_of(None, own, shared) == len(carried)
    assert unread_of(chosen, own, shared) == sum(not chosen.isdisjoint(feeds) for feeds in carried)
