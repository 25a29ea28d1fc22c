"""What was pruned does not come back, however long a feed carries it; and is forgotten one day."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from feedd.model import ArchiveRead, Config, FeedConfig, ItemFilter, Retention
from feedd.parsing import Document
from feedd.poller.document import ParseJob, parse_document
from feedd.poller.relocate.archive_reader import keep_document
from feedd.store.database import open_writer
from feedd.store.feeds import feed_states
from feedd.store.marks import mark
from feedd.store.upkeep.retention import KNOWN_DAYS, prune
from feedd.units import DAY_S
from tests.loopback import Reply
from tests.poller.conftest import House, rss

YEAR_S = 365 * DAY_S
LONG_S = KNOWN_DAYS * DAY_S + 2 * YEAR_S


def upkeep(house: House) -> None:
    """What is there is read, and goes."""
    with closing(open_writer(house.settings.database)) as db:
        mark(db, "read", filter=ItemFilter(which="unread", limit=None), now=house.now)
        prune(db, house.now, Retention(read_s=DAY_S))


def remembered(house: House) -> int:
    with house.reader() as db:
        return int(db.execute("SELECT count(DISTINCT identity) FROM pruned").fetchone()[0])


def pass_years(house: House, seconds: int) -> None:
    """Polls and upkeep once a year."""
    until = house.now + seconds
    while house.now < until:
        house.now = min(until, house.now + YEAR_S)
        house.poll("f")
        upkeep(house)


@pytest.fixture
def pruned(house: House) -> House:
    """A feed of two items that are gone by now."""
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.now += YEAR_S
    upkeep(house)
    assert house.items() == ()
    return house


def test_a_feed_that_carries_it_for_decades_does_not_bring_it_back(pruned: House) -> None:
    for name in ("c", "d", "e"):
        pass_years(pruned, LONG_S)
        pruned.loopback.on("/f", rss(name, "a", "b"))
        assert pruned.poll("f")["f"].new == 1
    pass_years(pruned, LONG_S)
    pruned.loopback.on("/f", rss("e", ("a", "Edited since."), "b"))
    assert pruned.poll("f")["f"].new == 0


def test_a_feed_whose_document_stays_as_it_is_forgets_nothing(pruned: House) -> None:
    before = remembered(pruned)
    pass_years(pruned, 3 * LONG_S)
    assert remembered(pruned) == before
    pruned.loopback.on("/f", rss("new", "a", "b"))
    assert pruned.poll("f")["f"].new == 1


def test_a_document_that_broke_off_says_nothing_of_what_is_no_more_in_it(pruned: House) -> None:
    pass_years(pruned, LONG_S)
    whole = rss("new", "a", "b")
    cut = whole.index(b"<item><guid isPermaLink='false'>b<")
    pruned.loopback.on("/f", Reply(body=whole[:cut], length=len(whole)))
    pruned.poll("f")
    upkeep(pruned)
    pruned.loopback.on("/f", whole)
    assert pruned.poll("f")["f"].new == 0


def test_what_no_document_had_for_ten_years_is_forgotten_so_that_no_table_grows_for_ever(
    pruned: House,
) -> None:
    of_an_item = remembered(pruned) / 2
    step_s = 3 * YEAR_S
    for number in range(10):
        pruned.now += step_s
        pruned.loopback.on("/f", rss(f"item {number}"))
        assert pruned.poll("f")["f"].new == 1
        pruned.now += 2 * DAY_S
        upkeep(pruned)
        assert remembered(pruned) <= of_an_item * (LONG_S / step_s + 2)
    pruned.loopback.on("/f", rss("a"))
    assert pruned.poll("f")["f"].new == 1, "rather shown twice than lost"


def test_what_an_archive_carries_stays_known_as_what_a_document_does(pruned: House) -> None:
    pruned.now += 2 * YEAR_S
    document = parse_document(ParseJob(Document(rss("a", "b"), "https://f.example/old"), "guid"))
    with closing(open_writer(pruned.settings.database)) as db:
        state = feed_states(db, ["f"])[0]
        read = ArchiveRead(state.id, "f", "https://f.example/old", "history", 3, pruned.now)
        feed = FeedConfig("f", state.url)
        config = Config(Path("/config.toml"), pruned.settings, {"f": feed})
        assert not keep_document(db, read, document, feed, config, set(), pruned.now)
        (noted,) = db.execute("SELECT min(seen) FROM pruned").fetchone()
    assert noted == pruned.now // DAY_S
