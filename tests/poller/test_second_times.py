"""What happens for the second time, and what happens next in the same pass."""

from __future__ import annotations

import asyncio

import pytest

from feedd.model import FeedState
from feedd.poller.engine import open_engine
from feedd.poller.entry_changes import GAP_LASTS_S, GAP_NOTE
from feedd.store import feeds as feed_store
from tests.loopback import Loopback, Reply
from tests.poller.conftest import House, rss
from tests.poller.stories import feed_of, page

DAY_S = 86_400
HOUR_S = 3_600


# ---------------------------------------------------------------- within one pass


@pytest.mark.parametrize("per_host", [1, 2, 4])
@pytest.mark.parametrize("delay_s", [0.0, 0.05])
@pytest.mark.parametrize("said", [{"Retry-After": str(2 * DAY_S)}, {}], ids=["two days", "nothing"])
def test_rule_09_after_a_429_no_other_feed_of_its_host_is_asked_in_the_same_pass(
    house: House, per_host: int, delay_s: float, said: dict[str, str]
) -> None:
    house.set(per_host=per_host)
    names = [f"f{number:02}" for number in range(20)]
    with Loopback("127.0.0.2") as other:
        for name in names:
            house.feed(name)
            house.loopback.on(f"/{name}", Reply(429, said, delay_s=delay_s))
        house.feed("elsewhere", url=other.url("/x"))
        other.on("/x", rss("x"))
        reports = house.poll(*names, "elsewhere")
        assert 1 <= len(house.loopback.seen) <= per_host
        assert reports["elsewhere"].new == 1
    at_least_s = 2 * DAY_S if said else house.settings.min_interval_s
    assert min(house.wait_s(name) for name in names) >= at_least_s
    assert len({house.state(name).next_poll for name in names}) >= 15, "one after the other again"


def test_rule_17_of_fifty_pages_the_newest_twenty_are_read_first(house: House) -> None:
    names = [f"n{number:02}" for number in range(50)]  # dated in this order
    house.set(articles="auto")
    house.feed("f")
    house.loopback.on("/f", feed_of(house.loopback, *names))
    for name in names:
        house.loopback.on(f"/page/{name}", page(name))
    read: list[set[str]] = []
    for _ in range(3):
        house.poll("f", pages=True)
        paths = {seen.path for seen in house.loopback.seen if seen.path.startswith("/page/")}
        read.append({path.removeprefix("/page/") for path in paths}.difference(*read))
        house.now += HOUR_S
    assert read == [set(names[30:]), set(names[10:30]), set(names[:10])]


# ---------------------------------------------------------------- the second time


def test_new_items_beside_old_ones_that_did_not_change_are_no_gap(house: House) -> None:
    """The old ones are passed over by their fingerprints: they count as known all the same."""
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f", rss("c", "d", "a", "b"))
    assert house.poll_when_due("f")["f"].new == 2
    assert house.state("f").gap_at is None
    assert house.state("f").notes is None


def test_an_answer_cut_short_is_no_gap_and_no_archive_is_read_for_it(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    whole = rss("x", "y", "a", head="<title>t</title>")
    cut = whole[: whole.index(b"<item><guid isPermaLink='false'>a")]
    house.loopback.on("/f", Reply(200, {}, cut, length=len(whole)))
    house.poll_when_due("f")
    assert {item.title for item in house.items()} >= {"Item x", "Item y"}
    assert house.state("f").gap_at is None


def test_a_second_gap_is_told_for_a_week_of_its_own(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    for names in (("c", "d"), ("e", "g")):
        house.now += 30 * DAY_S
        house.loopback.on("/f", rss(*names))
        house.poll("f")
        assert house.state("f").gap_at == house.now
        house.now += GAP_LASTS_S - HOUR_S
        house.poll("f")
        assert house.state("f").notes is None or GAP_NOTE in (house.state("f").notes or "")
        assert "entries were probably missed" in house.state("f").next_reason


def test_a_second_failure_that_names_no_time_shortens_no_retry_after(house: House) -> None:
    """Asked by hand in between, say: what the server asked for still holds."""
    house.feed("f")
    house.loopback.on("/f", Reply(503, {"Retry-After": str(3 * DAY_S)}))
    house.poll("f")
    until = house.now + 3 * DAY_S
    house.now += HOUR_S
    house.loopback.on("/f", Reply(500))
    house.poll("f")
    assert (house.state("f").next_poll or 0) >= until
    assert house.state("f").not_before == until


@pytest.mark.parametrize("lost", ["title", "site", "language"])
def test_a_document_without_them_keeps_the_feeds_name_site_and_language(
    house: House, lost: str
) -> None:
    said = {
        "title": "<title>The Name</title>",
        "site": "<link>https://site.example/</link>",
        "language": "<language>fr</language>",
    }

    def document(*kept: str, item: str) -> bytes:
        head = "".join(said[name] for name in kept)
        one = f"<item><guid>{item}</guid><title>Item {item}</title></item>"
        return f"<rss version='2.0'><channel>{head}{one}</channel></rss>".encode()

    house.feed("f")
    house.loopback.on("/f", document(*said, item="a"))
    house.poll("f")
    before = house.state("f")
    house.loopback.on("/f", document(*(set(said) - {lost}), item="b"))
    house.poll_when_due("f")
    after = house.state("f")
    assert (before.title, before.site, before.language) == (
        "The Name",
        "https://site.example/",
        "fr",
    )
    assert (after.title, after.site, after.language) == (
        before.title,
        before.site,
        before.language,
    )


def test_a_hub_that_the_feed_has_dropped_is_kept_no_longer(house: House) -> None:
    house.feed("f")
    hub = "<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/>"
    house.loopback.on("/f", rss("a", head=hub))
    house.poll("f")
    assert house.state("f").hub == "https://hub.example/"
    house.loopback.on("/f", rss("a", "b"))
    house.poll_when_due("f")
    assert house.state("f").hub is None


def test_where_older_entries_are_is_told_to_who_asks_for_a_history(house: House) -> None:
    house.feed("f")
    older = (
        "<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='prev-archive'"
        " href='https://archive.example/1'/>"
    )
    house.loopback.on("/f", rss("a", head=older))
    assert house.poll("f")["f"].archive_url == "https://archive.example/1"


def test_a_title_muted_by_an_expression_is_compared_as_it_is_written(house: House) -> None:
    """Words are found in any case; an expression says itself whether case counts."""
    house.feed("f", mute=("sponsored", "/Weekly Digest/", "/(?i)any case/"))
    titles = {
        "SPONSORED: buy": True,
        "Weekly Digest 7": True,
        "weekly digest 8": False,
        "ANY CASE": True,
        "Something else": False,
    }
    items = "".join(
        f"<item><guid>{number}</guid><title>{title}</title></item>"
        for number, title in enumerate(titles)
    )
    document = f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>"
    house.loopback.on("/f", document.encode())
    house.poll("f")
    assert {item.title: item.read for item in house.items()} == titles


# ---------------------------------------------------------------- clocks and bounds


def test_rule_41_after_a_clock_set_back_a_dead_network_is_still_nobodys_fault(house: House) -> None:
    """What was proved at a time that is to come again proves nothing."""
    for name in ("a", "b"):
        house.feed(name)
    house.loopback.on("/a", rss("one"))

    async def story() -> list[FeedState]:
        async with open_engine(house.config, clock=lambda: house.now) as engine:

            async def poll(*names: str) -> None:
                states = await engine.store.call(feed_store.feed_states, list(names))
                await engine.poller.submit(states).finished()

            await poll("a")
            house.now -= DAY_S
            await engine.follow_clock(DAY_S)
            house.now += HOUR_S
            for name in ("a", "b"):  # names that no resolver knows
                url = f"http://{name}.invalid/f"
                house.feed(name, url=url)
            await engine.use(house.config)
            await poll("a", "b")
            assert engine.poller.network == "down"
            return await engine.store.call(feed_store.feed_states, ["a", "b"])

    assert [state.failures for state in asyncio.run(story())] == [0, 0]


def test_a_feeds_own_interval_keeps_within_max_interval_and_why_says_so(house: House) -> None:
    house.set(max_interval_s=DAY_S)
    house.feed("f", interval_s=3 * DAY_S)
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    assert house.wait_s() <= DAY_S
    assert house.state("f").next_reason == (
        "polled every 3 days, as the file says; never later than 1 day (max_interval)"
    )
    house.loopback.on("/f", Reply(500))
    house.poll("f")
    assert house.wait_s() <= DAY_S


def test_rule_12_feeds_that_were_told_to_wait_do_not_come_back_in_one_second(house: House) -> None:
    names = [f"f{number:02}" for number in range(12)]
    for name in names:
        house.feed(name)
        house.loopback.on(f"/{name}", Reply(503, {"Retry-After": str(2 * DAY_S)}))
    house.poll(*names)
    due = [house.wait_s(name) for name in names]
    assert min(due) >= 2 * DAY_S
    assert len(set(due)) >= 4  # of half a minute; fewer than that come about once in 10^8 runs
