"""Gaps are noticed and filled from the feed's archive, gently; a history is read on request."""

from __future__ import annotations

import asyncio
import random

import pytest
from msgspec.structs import replace

from feedd.model import ArchiveRead, ItemFilter
from feedd.poller.decide import pace_of
from feedd.poller.engine import open_engine
from feedd.poller.entry_changes import GAP_DOCUMENTS, GAP_FILLED_NOTE, GAP_NOTE
from feedd.poller.relocate.archive_reader import ArchiveReport, after, first_page
from feedd.schedule import after_success
from feedd.store import items, recovery
from tests.loopback import Loopback, Reply
from tests.poller.conftest import House, rss

DAY_S = 86_400


def linked(rel: str, to: str) -> str:
    return f"<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='{rel}' href='{to}'/>"


def fill_gaps(house: House) -> list[ArchiveReport]:
    async def run() -> list[ArchiveReport]:
        async with open_engine(house.config, clock=lambda: house.now) as engine:
            return await engine.archives.fill_gaps()

    return asyncio.run(run())


def read_history(house: House, url: str, *, left: int, paged: bool = False) -> list[ArchiveReport]:
    async def run() -> list[ArchiveReport]:
        async with open_engine(house.config, clock=lambda: house.now) as engine:
            state = house.state("f")
            read = ArchiveRead(state.id, "f", url, "history", left, house.now, paged)
            await engine.store.call(recovery.begin_archive, read)
            return await engine.archives.read_history("f")

    return asyncio.run(run())


def gap(house: House, *names: str, head: str = "") -> None:
    """Poll the feed with entries a and b, then with others alone."""
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f", rss(*names, head=head))
    house.poll_when_due("f")


def titles(house: House) -> set[str]:
    return {item.title.removeprefix("Item ") for item in house.items()}


def asked(house: House) -> list[str]:
    return [seen.path for seen in house.loopback.seen if seen.path != "/f"]


def test_a_document_without_a_known_entry_is_a_gap_and_the_health_says_so(house: House) -> None:
    gap(house, "x", "y")
    state = house.state("f")
    assert state.notes == GAP_NOTE
    assert state.gap_at == house.now
    assert "entries were probably missed" in state.next_reason


@pytest.mark.parametrize("names", [("b", "x"), ("x",), ()], ids=["overlap", "single", "empty"])
def test_what_may_be_complete_is_no_gap(house: House, names: tuple[str, ...]) -> None:
    gap(house, *names)
    assert house.state("f").gap_at is None


def test_the_first_entries_of_an_empty_feed_are_no_gap(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss())
    house.poll("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll_when_due("f")
    assert house.state("f").gap_at is None


def test_entries_that_all_changed_are_no_gap(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f", rss(("a", "Rewritten."), ("b", "Anew.")))
    house.poll_when_due("f")
    assert house.state("f").gap_at is None


def test_after_a_gap_the_feed_is_asked_twice_as_often_for_a_week(house: House) -> None:
    house.set(min_interval_s=1, max_interval_s=30 * DAY_S)
    gap(house, "x", "y")
    state = house.state("f")
    usual = after_success(
        state.rhythm,
        pace=pace_of(house.feeds["f"], house.settings),
        now=house.now,
        previous_poll=house.now - 1,
        entry_times=[],
        first_poll=False,
        hints=state.hints,
        not_before=None,
        rng=random.Random(1),
    )
    assert state.next_poll is not None
    assert state.next_poll - house.now < 0.6 * usual.interval_s
    house.now += 8 * DAY_S
    house.poll("f")
    assert "missed" not in house.state("f").next_reason


def test_an_interval_that_the_file_fixes_stays(house: House) -> None:
    house.feed("f", interval_s=7200)
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f", rss("x", "y"))
    house.poll_when_due("f")
    due = house.state("f").next_poll
    assert due is not None
    assert due - house.now > 6000
    assert house.state("f").notes == GAP_NOTE


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_rule_16_the_archive_fills_a_gap_in_requests_of_its_own(house: House, rel: str) -> None:
    gap(house, "x", "y", head=linked(rel, "/older"))
    house.loopback.on("/older", rss("v", "w", head=linked(rel, "/oldest")))
    house.loopback.on("/oldest", rss("b", "u", head=linked(rel, "/never")))
    assert asked(house) == []
    assert fill_gaps(house) == []
    house.now += 60
    assert [report.new for report in fill_gaps(house)] == [2, 1]
    assert asked(house) == ["/older", "/oldest"]
    assert titles(house) == set("abuvwxy")
    assert not any(item.read for item in house.items())
    assert house.state("f").notes == GAP_FILLED_NOTE
    assert fill_gaps(house) == []


def test_no_more_than_ten_documents_are_read_for_a_gap(house: House) -> None:
    for number in range(30):
        house.loopback.on(
            f"/{number}", rss(f"n{number}", head=linked("prev-archive", f"/{number + 1}"))
        )
    gap(house, "x", "y", head=linked("prev-archive", "/0"))
    house.now += 60
    fill_gaps(house)
    fill_gaps(house)
    assert asked(house) == [f"/{number}" for number in range(GAP_DOCUMENTS)]
    assert house.state("f").notes == GAP_NOTE


def test_an_archive_that_goes_in_circles_is_read_once(house: House) -> None:
    gap(house, "x", "y", head=linked("prev-archive", "/1"))
    house.loopback.on("/1", rss("p", head=linked("prev-archive", "/2")))
    house.loopback.on("/2", rss("q", head=linked("prev-archive", "/1")))
    house.now += 60
    fill_gaps(house)
    assert asked(house) == ["/1", "/2"]


@pytest.mark.parametrize("status", [429, 503])
def test_rule_09_an_archive_is_left_alone_for_as_long_as_its_server_asks(
    house: House, status: int
) -> None:
    gap(house, "x", "y", head=linked("prev-archive", "/1"))
    house.loopback.on("/1", Reply(status, {"Retry-After": str(2 * DAY_S)}))
    house.now += 60
    fill_gaps(house)
    house.now += 2 * DAY_S - 1
    fill_gaps(house)
    assert asked(house) == ["/1"]
    house.loopback.on("/1", rss("b"))
    house.now += 2
    fill_gaps(house)
    assert asked(house) == ["/1", "/1"]


def test_rule_09_a_429_from_the_archive_slows_the_feeds_of_its_host(house: House) -> None:
    gap(house, "x", "y", head=linked("prev-archive", "/1"))
    house.loopback.on("/1", Reply(429, {"Retry-After": str(2 * DAY_S)}))
    house.now += 60
    fill_gaps(house)
    assert (house.state("f").next_poll or 0) >= house.now + 2 * DAY_S


@pytest.mark.parametrize("answer", [Reply(404), Reply(410), b"no feed"])
def test_an_archive_that_is_not_there_is_asked_once(house: House, answer: Reply | bytes) -> None:
    gap(house, "x", "y", head=linked("prev-archive", "/1"))
    house.loopback.on("/1", answer)
    for _ in range(3):
        house.now += DAY_S
        fill_gaps(house)
    assert asked(house) == ["/1"]
    assert house.state("f").failures == 0


def test_a_password_file_that_is_missing_keeps_no_other_archive_waiting(house: House) -> None:
    gap(house, "x", "y", head=linked("prev-archive", "/1"))
    house.feed("f", username="me", password_file="missing")
    house.now += 60
    (report,) = fill_gaps(house)
    assert "missing" in (report.error or "")
    assert asked(house) == []


def test_credentials_do_not_follow_the_archive_to_another_server(house: House) -> None:
    with Loopback("127.0.0.2") as other:
        house.feed("f", headers={"X-Token": "secret"})
        house.loopback.on("/f", rss("a", "b"))
        house.poll("f")
        house.loopback.on("/f", rss("x", "y", head=linked("next", other.url("/1"))))
        other.on("/1", rss("b"))
        house.poll_when_due("f")
        house.now += 60
        fill_gaps(house)
        assert [seen.header("X-Token") for seen in other.seen] == [None]


def test_history_arrives_read_and_known_entries_stay_as_they_are(house: House) -> None:
    house.feed("f", articles="always")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/1", rss(("b", "An older wording."), "p", head=linked("next", "/2")))
    house.loopback.on("/2", rss("q"))
    reports = read_history(house, house.loopback.url("/1"), left=100)
    assert [report.new for report in reports] == [1, 1]
    assert {item.title for item in house.items() if item.read} == {"Item p", "Item q"}
    with house.reader() as db:
        page = items.list_items(db, ItemFilter(which="all"), details=True)
    assert "An older wording." not in {item.summary for item in page.items}
    assert asked(house) == ["/1", "/2"]


def test_a_history_stops_at_its_limit_and_goes_on_from_there(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    for number in range(1, 6):
        following = linked("next", f"/{number + 1}") if number < 5 else ""
        house.loopback.on(f"/{number}", rss(f"n{number}", head=following))
    read_history(house, house.loopback.url("/1"), left=3)
    with house.reader() as db:
        stopped = recovery.history_read(db, "f")
    assert stopped is not None
    assert (stopped.left, stopped.url) == (0, house.loopback.url("/4"))
    read_history(house, stopped.url, left=3)
    assert asked(house) == ["/1", "/2", "/3", "/4", "/5"]
    with house.reader() as db:
        assert recovery.history_read(db, "f") is None


@pytest.mark.parametrize("last", [Reply(404), rss("p3")], ids=["missing", "the same for ever"])
def test_counted_pages_end_where_nothing_new_comes(house: House, last: Reply | bytes) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f?paged=2", rss("p2"))
    house.loopback.on("/f?paged=3", rss("p3"))
    house.loopback.on("/f?paged=4", last)
    reports = read_history(house, first_page(house.loopback.url("/f")), left=100, paged=True)
    assert [report.error for report in reports] == [None] * 3
    assert asked(house) == ["/f?paged=2", "/f?paged=3", "/f?paged=4"]


def test_pages_are_never_counted_to_fill_a_gap(house: House) -> None:
    gap(house, "x", "y")
    house.now += DAY_S
    assert fill_gaps(house) == []
    assert asked(house) == []


def test_an_archive_is_read_on_to_the_page_it_names_and_no_further_than_a_known_entry() -> None:
    read = ArchiveRead(1, "f", "https://e.org/?a=b&paged=9", "gap", 5, 0)
    assert after(read, "https://e.org/2", new=3, met=0) == "https://e.org/2"
    assert after(read, "https://e.org/2", new=3, met=1) is None
    assert after(read, read.url, new=3, met=0) is None
    counted = replace(read, kind="history", paged=True)
    assert after(counted, None, new=1, met=5) == "https://e.org/?a=b&paged=10"
    assert after(counted, None, new=0, met=5) is None
    assert first_page("https://e.org/feed/?x=&paged=7") == "https://e.org/feed/?x=&paged=2"
