"""What waits while the machine's clock is set back waits as long as it should, and no longer."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from feedd.model import FeedState
from feedd.poller.engine import open_engine
from feedd.store import feeds as feed_store
from feedd.store.database import open_writer
from feedd.store.polls import follow_clock
from feedd.store.sqlite import WatchedConnection
from tests.loopback import Reply
from tests.poller.conftest import START, House, rss

DAY_S = 86_400
HOUR_S = 3_600


def waits(db: sqlite3.Connection) -> dict[str, int]:
    """Until when what waits does, by what it is; reckoned from START."""
    times = {
        "page": "SELECT not_before FROM article_queue",
        "archive": "SELECT not_before FROM archive_reads",
        "search": "SELECT next_search FROM lost_feeds",
        "hub": "SELECT next_ask FROM subscriptions",
        "lease": "SELECT lease_ends FROM subscriptions",
        "poll": "SELECT next_poll FROM feeds WHERE name = 'a'",
        "held": "SELECT next_poll FROM feeds WHERE name = 'b'",
    }
    return {what: db.execute(query).fetchone()[0] - START for what, query in times.items()}


def stocked(house: House, now: int) -> closing[WatchedConnection]:
    """A database in which everything waits for an hour from `now`; b was polled the day before, and
    its host said 429 when somebody else was.
    """
    house.feed("a")
    house.feed("b")
    house.loopback.on("/a", rss("one"))
    house.loopback.on("/b", rss())
    house.poll()
    db = open_writer(house.settings.database)
    until = now + HOUR_S
    feed, held = (row[0] for row in db.execute("SELECT id FROM feeds ORDER BY name"))
    entry = db.execute("SELECT id FROM entries").fetchone()[0]
    db.execute("UPDATE feeds SET last_poll = ?, next_poll = ? WHERE id = ?", (now, until, feed))
    db.execute(
        "UPDATE feeds SET last_poll = ?, next_poll = ?, not_before = ? WHERE id = ?",
        (START - DAY_S, until, until, held),
    )
    db.execute("INSERT INTO article_queue VALUES (?, ?, ?, 1, NULL)", (entry, START, until))
    db.execute("INSERT INTO archive_reads VALUES (?, 'gap', 'x', 1, ?, 0)", (feed, until))
    db.execute("INSERT INTO lost_feeds VALUES (?, ?, ?, 1, NULL, NULL, NULL)", (feed, now, until))
    db.execute(
        "INSERT INTO subscriptions VALUES (?, 'h', 't', 'k', 's', 'asked', ?, 0, ?, NULL, 0, NULL)",
        (feed, until, until),
    )
    return closing(db)


@pytest.mark.parametrize("seen", [True, False], ids=["while running", "before the start"])
def test_what_waits_for_a_time_of_the_old_clock_waits_no_longer_for_it(
    house: House, seen: bool
) -> None:
    with stocked(house, START + DAY_S) as db:
        follow_clock(db, START, DAY_S if seen else 0)
        assert set(waits(db).values()) == {HOUR_S}


def test_a_clock_that_is_right_moves_nothing(house: House) -> None:
    with stocked(house, START) as db:
        follow_clock(db, START + 30)
        assert set(waits(db).values()) == {HOUR_S}


def test_a_host_held_by_the_running_poller_is_held_no_longer_for_that(house: House) -> None:
    house.feed("a")
    house.loopback.on("/a", Reply(429, {"Retry-After": "3600"}))
    house.now = START + DAY_S

    async def through_the_change() -> None:
        async with open_engine(house.config, clock=lambda: house.now) as engine:

            async def state() -> FeedState:
                return (await engine.store.call(feed_store.feed_states, ["a"]))[0]

            await engine.poller.submit([await state()]).finished()
            house.now = START
            await engine.follow_clock(DAY_S)
            house.loopback.on("/a", rss("one"))
            house.now = START + HOUR_S + 1
            await engine.poller.submit([await state()]).finished()

    asyncio.run(through_the_change())
    assert len(house.loopback.seen) == 2
