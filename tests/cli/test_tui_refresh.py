"""`R` in the full-screen reader asks feeds, by the daemon or without one; while the daemon writes,
keys go on.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from feedd import configfile
from feedd.cli.tui.app import FullScreenReader
from feedd.store.daemon_lock import daemon_pid
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.sqlite import transaction
from tests.cli.full_screen import items, play, status, unread, until
from tests.cli.stocked import Stocked, stock
from tests.loopback import Loopback, Reply

RSS = """<rss version="2.0"><channel><title>{0}</title>
<item><title>{0} one</title><link>https://site.example/{0}/1</link><description>Text.</description></item>
<item><title>{0} two</title><link>https://site.example/{0}/2</link><description>Text.</description></item>
</channel></rss>"""


@pytest.fixture
def stocked(tmp_path: Path, loopback: Loopback) -> Stocked:
    made = stock(tmp_path)
    for name in ("fresh", "more"):
        loopback.on(f"/{name}", RSS.format(name).encode())
    loopback.on("/broken", Reply(500))
    made.config.write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n[feeds]\n'
        + "".join(
            f'{name} = "{loopback.url(f"/{name}")}"\n' for name in ("fresh", "more", "broken")
        ),
        encoding="utf-8",
    )
    db = open_writer(made.database)
    sync_feeds(db, configfile.load(made.config).feeds.values(), made.now)
    db.close()
    return made


async def choose(app: FullScreenReader, name: str) -> None:
    place = next(n for n, shelf in enumerate(app.shelves.shelves) if shelf.name == name)
    app.shelves.go_to(place)
    app.fill(stay=False)


def test_without_a_daemon_the_shelf_s_feeds_are_asked_here(
    stocked: Stocked, loopback: Loopback
) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await choose(app, "fresh")
        await pilot.press("R")
        assert "refreshing" in status(app)
        await pilot.press("R")
        assert "under way" in status(app)
        await until(pilot, lambda: "Refreshed 1 feed: 2 new items" in status(app))
        await until(pilot, lambda: len(items(app).items) == 2)
        assert not loopback.seen_for("/more")

    play(stocked, story)


def test_a_refresh_of_all_tells_what_failed_and_why(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("R")
        await until(pilot, lambda: "Refreshed 3 feeds: 4 new items, 1 failed" in status(app))
        assert "broken (500 Internal" in status(app)

    play(stocked, story, size=(200, 40))


@contextmanager
def daemon(stocked: Stocked) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "feedd", "--config", str(stocked.config), "run"],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def test_where_a_daemon_runs_it_asks(stocked: Stocked, loopback: Loopback) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: daemon_pid(stocked.database) is not None)
        await until(pilot, lambda: all(loopback.seen_for(f"/{n}") for n in ("fresh", "more")))
        await until(pilot, lambda: len(items(app).items) == 14)
        before = len(loopback.seen_for("/fresh"))
        await choose(app, "fresh")
        loopback.on("/fresh", RSS.format("newer").encode())
        await pilot.press("R")
        await until(pilot, lambda: "Refreshed 1 feed: 2 new items" in status(app))
        assert len(loopback.seen_for("/fresh")) == before + 1
        await until(pilot, lambda: len(items(app).items) == 4)
        assert "no daemon" not in status(app)

    with daemon(stocked):
        play(stocked, story)


def test_a_mark_does_not_wait_for_the_daemon_and_is_written_after_it(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        db = open_writer(stocked.database)
        with transaction(db):
            await pilot.press("m", "j", "j", "s")
            shown = items(app).items
            assert shown[0].read
            assert shown[2].starred
            await pilot.press("a", "a")
            assert items(app).items[0].read
            assert unread(stocked) == 10
        db.close()
        await until(pilot, lambda: not app.library.marks.waiting)
        assert unread(stocked) == 9

    play(stocked, story)


def test_a_mark_that_waits_is_written_when_one_leaves(stocked: Stocked) -> None:
    dbs = []

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        db = open_writer(stocked.database)
        db.execute("BEGIN IMMEDIATE")
        dbs.append(db)
        await pilot.press("m")
        assert app.library.marks.waiting
        db.execute("COMMIT")
        await pilot.press("Q")

    play(stocked, story)
    dbs[0].close()
    assert unread(stocked) == 9
