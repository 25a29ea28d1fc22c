"""The line of requests: no host holds up another, and hosts take turns."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from feedd.identity.content import host_of, site_of
from feedd.poller.feed_poller import LINED_UP_AT_ONCE
from feedd.poller.queues import HostQueue, queue_of
from tests.loopback import Reply
from tests.poller.conftest import House, rss


@dataclass(frozen=True)
class Wish:
    host: str
    number: int


async def take_now(line: HostQueue[Wish]) -> Wish | None:
    """What may go out at this moment, or None where everything must wait."""
    try:
        return await asyncio.wait_for(line.take(), 0.01)
    except TimeoutError:
        return None


def test_rule_12_hosts_take_turns() -> None:
    async def scenario() -> list[str]:
        line: HostQueue[Wish] = HostQueue(per_host=2)
        for number in range(2):
            for host in "aab":
                line.add(Wish(host, number))
        taken = [await take_now(line) for _ in range(4)]
        return [wish.host for wish in taken if wish]

    assert asyncio.run(scenario()) == ["a", "b", "a", "b"]


def test_rule_26_a_hanging_host_holds_only_its_own_places() -> None:
    async def scenario() -> tuple[list[Wish | None], Wish | None]:
        line: HostQueue[Wish] = HostQueue(per_host=2)
        for number in range(9):
            line.add(Wish("hangs", number))
        line.add(Wish("lively", 0))
        out = [await take_now(line) for _ in range(4)]
        hanging = next(wish for wish in out if wish and wish.host == "hangs")
        line.done(hanging)
        return out, await take_now(line)

    out, freed = asyncio.run(scenario())
    assert [wish.host for wish in out if wish] == ["hangs", "lively", "hangs"]
    assert out[3] is None
    assert freed == Wish("hangs", 2)


@given(
    st.lists(st.sampled_from("abc"), max_size=30),
    st.integers(min_value=1, max_value=3),
    st.randoms(use_true_random=False),
)
def test_every_request_goes_out_once_and_never_more_than_allowed_to_a_host(
    hosts: list[str], per_host: int, rng: object
) -> None:
    async def scenario() -> list[Wish]:
        line: HostQueue[Wish] = HostQueue(per_host=per_host)
        wishes = [Wish(host, number) for number, host in enumerate(hosts)]
        for wish in wishes:
            line.add(wish)
        out: list[Wish] = []
        done: list[Wish] = []
        while len(done) < len(wishes):
            pending = len(wishes) - len(done) - len(out)
            allowed = [w for w in wishes if w not in done and w not in out]
            free = {h for h in "abc" if sum(o.host == h for o in out) < per_host}
            if pending and any(w.host in free for w in allowed):
                wish = await asyncio.wait_for(line.take(), 1)
                assert wish.host in free
                out.append(wish)
            else:
                finished = out.pop(rng.randrange(len(out)))  # type: ignore[attr-defined]
                line.done(finished)
                done.append(finished)
        return done

    assert len(set(asyncio.run(scenario()))) == len(hosts)


@given(st.text())
def test_host_of_never_fails(url: str) -> None:
    assert host_of(url) == host_of(url).lower()
    assert site_of(url).startswith(host_of(url))


URL_PIECES = [*"aA.-:@/?#\\% \n", "http://", "https://", "host", "www.", ":80", "[::1]", "é", ".."]


@given(st.lists(st.sampled_from(URL_PIECES), max_size=8).map("".join))
def test_a_url_is_of_the_host_that_any_reader_of_urls_finds_in_it(text: str) -> None:
    for url in (text, f"http://{text}", f"https://{text}"):
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            host = ""
        assert host_of(url) == host.lower()


def test_requests_that_may_all_go_out_do_not_wait_for_each_other() -> None:
    """Else each begins in a turn of the loop of its own, and an answer that is there waits."""

    async def scenario() -> int:
        line: HostQueue[Wish] = HostQueue(per_host=8)
        taking = [asyncio.create_task(line.take()) for _ in range(8)]
        await asyncio.sleep(0)
        for number in range(8):
            line.add(Wish("a", number))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return sum(task.done() for task in taking)

    assert asyncio.run(scenario()) == 8


def test_servers_at_several_ports_of_a_host_do_not_take_each_others_texts_for_furniture() -> None:
    assert site_of("http://Host.example:8080/a") == "host.example:8080"
    assert (
        site_of("https://host.example:443/a") == site_of("https://host.example/") == "host.example"
    )
    assert site_of("http://host.example:443/a") == "host.example:443"


def test_of_very_many_feeds_given_at_once_each_is_asked_once(house: House) -> None:
    names = [f"n{number:03}" for number in range(3 * LINED_UP_AT_ONCE + 5)]
    for name in names:
        house.feed(name)
        house.loopback.on(f"/{name}", Reply(200, {}, rss("one")))
    reports = house.poll(*names)
    assert sorted(reports) == names
    assert all(report.new == 1 for report in reports.values())
    assert sorted(seen.path for seen in house.loopback.seen) == [f"/{name}" for name in names]


def test_feeds_of_programs_and_files_do_not_wait_for_each_other() -> None:
    assert queue_of("https://a.example/one") == queue_of("http://a.example/two") == "a.example"
    assert queue_of("exec:one") != queue_of("exec:two")
    assert queue_of("file:///one.xml") == "file:///one.xml"
