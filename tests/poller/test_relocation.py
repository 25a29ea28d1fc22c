"""A feed that went elsewhere is looked for, proposed with proof, and never taken silently."""

from __future__ import annotations

import asyncio

import pytest

from feedd.model import Proposal
from feedd.poller.engine import open_engine
from feedd.poller.recorder import LOST_FOR_S
from feedd.poller.relocate.relocation import CANDIDATES, SEARCHES
from feedd.store.recovery import proposals
from tests.loopback import Reply
from tests.poller.conftest import House, rss

DAY_S = 86_400
HTML = {"Content-Type": "text/html"}
MISSING = Reply(404)
PAGE = b"<!doctype html><html><body>Parked.</body></html>"


def search(house: House) -> None:
    async def run() -> None:
        async with open_engine(house.config, clock=lambda: house.now) as engine:
            await engine.relocator.search_due()

    asyncio.run(run())


def proposed(house: House) -> Proposal | None:
    with house.reader() as db:
        return proposals(db).get("f")


def site_names(house: House, *feeds: str) -> None:
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{f}'>" for f in feeds)
    page = f"<!doctype html><html><head>{links}</head></html>"
    house.loopback.on("/site", Reply(headers=HTML, body=page.encode()))


def lost(house: House, answer: Reply = MISSING, **keys: str) -> None:
    """A feed with the entries a to d that is lost since now."""
    house.feed("f", **keys)
    site = f"<link>{house.loopback.url('/site')}</link>"
    document = rss(*"abcd").replace(b"<link>https://example.org/</link>", site.encode())
    house.loopback.on("/f", document)
    house.poll("f")
    house.loopback.on("/f", answer)
    house.poll_when_due("f")


def elsewhere(house: House) -> list[str]:
    return [seen.path for seen in house.loopback.seen if seen.path != "/f"]


@pytest.mark.parametrize(
    "answer", [Reply(404), Reply(410), Reply(headers=HTML, body=PAGE)], ids=["404", "410", "html"]
)
def test_a_feed_lost_for_days_is_proposed_with_its_share_and_not_taken(
    house: House, answer: Reply
) -> None:
    site_names(house, "/new")
    house.loopback.on("/new", rss(*"cdef"))
    lost(house, answer)
    search(house)
    assert elsewhere(house) == []
    house.now += LOST_FOR_S
    search(house)
    assert elsewhere(house) == ["/site", "/new"]
    assert proposed(house) == Proposal(house.loopback.url("/new"), 2, 4)
    state = house.state("f")
    assert state.suggested_url == house.loopback.url("/new")
    assert state.active_url == state.url


@pytest.mark.parametrize("status", [403, 500, 503])
def test_other_troubles_set_off_no_search(house: House, status: int) -> None:
    lost(house, Reply(status))
    house.now += 30 * DAY_S
    search(house)
    assert elsewhere(house) == []


def test_a_search_is_made_once_a_week_and_given_up_in_the_end(house: House) -> None:
    lost(house)
    house.loopback.on("/site", Reply(headers=HTML, body=PAGE))
    house.now += LOST_FOR_S
    for _ in range(7 * 3):
        search(house)
        house.now += DAY_S
    assert elsewhere(house) == ["/site"] * 3
    for _ in range(20):
        house.now += 8 * DAY_S
        search(house)
    assert elsewhere(house) == ["/site"] * SEARCHES


def test_few_candidates_are_tried(house: House) -> None:
    lost(house)
    site_names(house, *(f"/c{number}" for number in range(9)))
    house.now += LOST_FOR_S
    search(house)
    assert elsewhere(house) == ["/site", *(f"/c{number}" for number in range(CANDIDATES))]


def test_a_feed_that_only_the_link_header_of_its_site_names_is_found(house: House) -> None:
    lost(house)
    linked = {**HTML, "Link": '</new>; rel="alternate"; type="application/rss+xml"'}
    house.loopback.on("/site", Reply(headers=linked, body=PAGE))
    house.loopback.on("/new", rss(*"abcd"))
    house.now += LOST_FOR_S
    search(house)
    found = proposed(house)
    assert found is not None
    assert found.url == house.loopback.url("/new")


def test_the_best_candidate_is_proposed(house: House) -> None:
    lost(house)
    site_names(house, "/stranger", "/f", "/kin")
    house.loopback.on("/stranger", rss("x", "y"))
    house.loopback.on("/kin", rss(*"axyz"))
    house.now += LOST_FOR_S
    search(house)
    assert proposed(house) == Proposal(house.loopback.url("/kin"), 1, 4)


def test_a_feed_that_comes_back_is_looked_for_no_more(house: House) -> None:
    site_names(house, "/new")
    house.loopback.on("/new", rss(*"abcd"))
    lost(house)
    house.now += LOST_FOR_S
    search(house)
    assert proposed(house)
    house.loopback.on("/f", rss(*"abcde"))
    house.poll("f")
    assert proposed(house) is None
    assert house.state("f").suggested_url is None
    asked = len(house.loopback.seen)
    house.now += 30 * DAY_S
    search(house)
    assert len(house.loopback.seen) == asked


@pytest.mark.parametrize(("names", "taken"), [("cdxy", True), ("dxyz", False)])
@pytest.mark.parametrize("everywhere", [True, False])
def test_repair_auto_takes_what_has_half_of_its_entries_known(
    house: House, names: str, taken: bool, everywhere: bool
) -> None:
    site_names(house, "/new")
    house.loopback.on("/new", rss(*names))
    if everywhere:
        house.set(repair="auto")
        lost(house)
    else:
        lost(house, repair="auto")
    house.now += LOST_FOR_S
    search(house)
    state = house.state("f")
    if not taken:
        assert state.active_url == state.url
        return
    assert state.active_url == house.loopback.url("/new")
    assert "2 of 4 entries there are known" in state.next_reason
    assert house.poll()["f"].new == 2
    assert house.state("f").state == "ok"
    assert house.state("f").url == house.loopback.url("/f")


def test_a_gone_feed_of_repair_ask_stays_unpolled(house: House) -> None:
    site_names(house, "/new")
    house.loopback.on("/new", rss(*"abcd"))
    lost(house, Reply(410))
    house.now += LOST_FOR_S
    search(house)
    assert house.state("f").next_poll is None
    assert not house.poll()


def test_a_site_that_asks_us_to_slow_down_is_left_alone(house: House) -> None:
    lost(house)
    house.loopback.on("/site", Reply(429, {"Retry-After": str(DAY_S)}))
    house.now += LOST_FOR_S
    search(house)
    assert elsewhere(house) == ["/site"]
    assert (house.state("f").not_before or 0) >= house.now + DAY_S
