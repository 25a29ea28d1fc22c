"""Pushes from a hub on loopback: subscribed, verified, renewed, signed, and polled when they end.

The engine, the database, both servers and all requests are real; the clock is the test's.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from feedd.listener import listen
from feedd.model import FeedState, Subscription
from feedd.poller.engine import Engine, open_engine
from feedd.poller.push.lease import LEASE_S
from feedd.store import feeds as feed_store
from feedd.store import hubs
from tests.loopback import Loopback, Reply
from tests.poller.conftest import House, rss
from tests.websub.hub import Hub

DAY_S = 86_400
SELF = "https://blog.example/feed"


class Reader:
    """A feed that offers the hub, and feedd with its engine open and its listener listening."""

    def __init__(self, house: House, hub: Hub, engine: Engine) -> None:
        self.house = house
        self.hub = hub
        self.engine = engine

    def publish(self, *items: str, etag: str = '"1"') -> None:
        """The feed's document from now on."""
        head = f"<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='{self.hub.url}'/>"
        head += f"<link xmlns='http://www.w3.org/2005/Atom' rel='self' href='{SELF}'/>"
        self.house.loopback.on("/a", Reply(200, {"ETag": etag}, rss(*items, head=head)))

    async def poll(self) -> None:
        """Turn the clock to the feed's next poll, and poll it."""
        self.house.now = max(self.house.now, self.state().next_poll or 0)
        states = await self.engine.store.call(feed_store.feed_states, ["a"])
        await self.engine.poller.submit(states, blame_network=False).finished()

    async def subscribed(self, *items: str, lease_s: int = LEASE_S) -> None:
        """Polled once with these items, then subscribed and verified."""
        self.publish(*items)
        await self.poll()
        await self.engine.subscriber.attend()
        assert await self.hub.verify(lease_seconds=str(lease_s)) == (200, "a challenge")

    def state(self) -> FeedState:
        return self.house.state("a")

    def wait_s(self) -> int:
        """How long after its last poll the feed is polled next."""
        state = self.state()
        assert state.next_poll is not None
        assert state.last_poll is not None
        return state.next_poll - state.last_poll

    def polls_as_usual(self) -> bool:
        """Is the next poll when it would be without pushes, or now, when that is over?"""
        state = self.state()
        assert state.last_poll is not None
        assert state.interval_s is not None
        return state.next_poll == max(state.last_poll + state.interval_s, self.house.now)

    def known(self) -> Subscription:
        """The subscription that there is."""
        found = self.subscription()
        assert found is not None
        return found

    def subscription(self) -> Subscription | None:
        with self.house.reader() as db:
            return hubs.of_feed(db, self.state().id)

    def titles(self) -> set[str]:
        return {item.title for item in self.house.items()}


@asynccontextmanager
async def reading(house: House, hub: Hub) -> AsyncIterator[Reader]:
    """feedd, until the end of the block."""
    async with open_engine(house.config, clock=lambda: house.now) as engine:
        await engine.subscriber.begin()
        host, port = house.settings.websub_listen
        limit = house.settings.max_feed_bytes
        async with listen(host, port, engine.subscriber.answer, max_body_bytes=limit):
            yield Reader(house, hub, engine)


Story = Callable[[Reader], Awaitable[None]]


@pytest.fixture
def tell(tmp_path: Path, loopback: Loopback) -> Callable[[Story], None]:
    house = House(tmp_path, loopback)
    house.feed("a")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    house.set(
        websub_callback=f"http://127.0.0.1:{port}/callbacks",
        websub_listen=("127.0.0.1", port),
        max_feed_bytes=100_000,
    )

    def told(story: Story) -> None:
        async def run() -> None:
            async with Hub() as hub, reading(house, hub) as reader:
                await story(reader)

        asyncio.run(run())

    return told


Tell = Callable[[Story], None]


def test_a_feed_with_a_hub_is_subscribed_and_what_is_pushed_is_there_at_once(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        asked = reader.hub.asked[0]
        assert asked["hub.mode"] == "subscribe"
        assert asked["hub.topic"] == SELF
        assert len(asked["hub.secret"]) >= 32
        before = reader.state()
        assert await reader.hub.push(rss("one", "two")) == (200, "")
        assert reader.titles() == {"Item one", "Item two"}
        after = reader.state()
        assert (after.validators, after.body_hash, after.items, after.last_poll, after.hub) == (
            before.validators,
            before.body_hash,
            before.items,
            before.last_poll,
            before.hub,
        )

    tell(story)


def test_a_pushed_entry_is_not_new_again_when_polled_or_pushed_once_more(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        await reader.hub.push(rss("two"))
        await reader.hub.push(rss("two"))
        reader.publish("one", "two", etag='"2"')
        await reader.poll()
        assert len(reader.house.items()) == 2
        assert reader.known().pushes == 2

    tell(story)


def test_while_pushes_come_polls_grow_rarer_up_to_max_interval_and_why_says_so(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        usual_s = reader.wait_s()
        waits = []
        for number in range(8):
            await reader.hub.push(rss(f"more-{number}"))
            waits.append(reader.wait_s())
        assert waits == sorted(waits)
        assert usual_s < waits[0]
        assert 0.8 * DAY_S < waits[-1] <= DAY_S
        assert "pushes its entries (WebSub)" in reader.state().next_reason
        reader.house.loopback.on("/a", Reply(304))
        await reader.poll()
        assert 0.8 * DAY_S < reader.wait_s() <= DAY_S

    tell(story)


def test_a_poll_that_finds_what_no_push_brought_ends_the_trust_in_pushes(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        for number in range(8):
            await reader.hub.push(rss(f"more-{number}"))
        reader.publish("unpushed", etag='"2"')
        await reader.poll()
        assert reader.wait_s() == reader.state().interval_s
        assert "WebSub" not in reader.state().next_reason
        assert reader.known().pushes == 0

    tell(story)


@pytest.mark.parametrize("end", ["lease over", "hub refuses", "hub is silent", "denied"])
def test_when_a_subscription_fails_polling_is_as_usual_at_once(tell: Tell, end: str) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one", lease_s=1000)
        for number in range(8):
            await reader.hub.push(rss(f"more-{number}"))
        assert reader.wait_s() > 0.8 * DAY_S
        if end == "lease over":
            reader.house.now += 1000
            await reader.engine.subscriber.attend()
        elif end == "hub refuses":
            reader.hub.status = 500
            reader.house.now += 800
            await reader.engine.subscriber.attend()
        elif end == "hub is silent":
            reader.house.now += 800
            await reader.engine.subscriber.attend()
            assert reader.wait_s() > 0.8 * DAY_S
            reader.house.now += 199
            await reader.engine.subscriber.attend()
            reader.house.now += 1
            await reader.engine.subscriber.attend()
        else:
            await reader.hub.verify(mode="denied", reason="no more of this")
        assert reader.polls_as_usual()
        assert "as usual" in reader.state().next_reason

    tell(story)


def test_a_lease_is_renewed_in_time_with_the_same_callback_and_secret(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        await reader.engine.subscriber.attend()
        assert len(reader.hub.asked) == 1
        reader.house.now += int(0.9 * LEASE_S)
        await reader.engine.subscriber.attend()
        first, second = reader.hub.asked
        assert first == second
        await reader.hub.verify()
        assert reader.known().lease_ends == reader.house.now + LEASE_S

    tell(story)


@pytest.mark.parametrize("changed", [{"topic": "https://other.example/"}, {"mode": "unsubscribe"}])
def test_what_was_not_asked_for_is_not_confirmed(tell: Tell, changed: dict[str, str]) -> None:
    async def story(reader: Reader) -> None:
        reader.publish("one")
        await reader.poll()
        await reader.engine.subscriber.attend()
        status, body = await reader.hub.verify(**changed)
        assert (status, body) == (404, "")
        assert reader.known().state == "asked"

    tell(story)


def test_a_callback_nobody_was_given_is_unknown(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        reader.hub.asked[-1]["hub.callback"] += "x"
        assert (await reader.hub.verify())[0] == 404
        assert (await reader.hub.push(rss("forged")))[0] == 410
        assert reader.titles() == {"Item one"}

    tell(story)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_signing_is_understood(tell: Tell, method: str) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        await reader.hub.push(rss("two"), method=method)
        assert "Item two" in reader.titles()

    tell(story)


def test_a_forged_push_is_taken_with_202_and_stores_nothing(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        assert (await reader.hub.push(rss("forged"), secret="guessed"))[0] == 202
        assert (await reader.hub.call("POST", rss("forged")))[0] == 202
        md5 = {"X-Hub-Signature": "md5=" + "0" * 32}
        assert (await reader.hub.call("POST", rss("forged"), md5))[0] == 202
        assert reader.titles() == {"Item one"}
        assert reader.known().last_push is None

    tell(story)


def test_forged_pushes_fill_no_log(tell: Tell, caplog: pytest.LogCaptureFixture) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        for _ in range(30):
            await reader.hub.push(rss("forged"), secret="a guess")
        reader.house.now += 3601
        await reader.hub.push(rss("forged"), secret="a guess")

    tell(story)
    said = [r.getMessage() for r in caplog.records if "signature" in r.getMessage()]
    assert said == [
        "a: ignored without our signature: a push",
        "a: ignored without our signature: 30 pushes",
    ]


def test_a_hub_on_plain_http_is_shown_and_never_told_a_secret(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        plain = "http://hub.example/"
        link = f"<{plain}>; rel=hub, <{SELF}>; rel=self"
        reader.house.loopback.on("/a", Reply(200, {"Link": link}, rss("one")))
        await reader.poll()
        for _ in range(30):
            await reader.engine.subscriber.attend()
            reader.house.now += DAY_S
        known = reader.known()
        assert (known.hub, known.state, known.tries) == (plain, "denied", 0)
        assert "plain http" in (known.error or "")

    tell(story)


def test_a_huge_push_is_refused_and_the_listener_lives_on(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        assert (await reader.hub.push(b"x" * 200_000))[0] == 413
        assert (await reader.hub.push(rss("two")))[0] == 200

    tell(story)


def test_a_push_that_is_no_feed_is_no_proof_that_pushes_come(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        for number in range(8):
            await reader.hub.push(rss(f"more-{number}"))
        assert (await reader.hub.push(b"<html><body>sorry</body></html>"))[0] == 202
        assert reader.polls_as_usual()

    tell(story)


def test_a_subscription_outlives_a_restart_after_which_polls_look_for_what_was_missed(
    tell: Tell,
) -> None:
    async def before(reader: Reader) -> None:
        await reader.subscribed("one")
        for number in range(8):
            await reader.hub.push(rss(f"more-{number}"))
        kept.append(reader.hub.asked[-1])

    async def after(reader: Reader) -> None:
        assert reader.polls_as_usual()
        await reader.engine.subscriber.attend()
        assert reader.hub.asked == []
        reader.hub.asked = kept
        assert (await reader.hub.push(rss("later")))[0] == 200
        assert "Item later" in reader.titles()

    kept: list[dict[str, str]] = []
    tell(before)
    tell(after)


def test_a_feed_that_leaves_the_file_is_unsubscribed(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        secret = reader.hub.asked[-1]["hub.secret"]
        del reader.house.feeds["a"]
        await reader.engine.use(reader.house.config)
        await reader.engine.subscriber.attend()
        assert reader.hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert (await reader.hub.push(rss("late"), secret=secret))[0] == 410
        assert await reader.hub.verify() == (200, "a challenge")
        assert reader.subscription() is None

    tell(story)


def test_a_hub_that_does_not_answer_is_asked_ever_less_often(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        reader.publish("one")
        await reader.poll()
        reader.hub.status = 503
        for _ in range(7 * 24):
            await reader.engine.subscriber.attend()
            reader.house.now += 3600
        assert 8 <= len(reader.hub.asked) <= 14
        assert reader.known().error == "the hub answered 503"

    tell(story)


def test_a_hub_in_the_link_header_wins_and_another_hub_is_another_subscription(tell: Tell) -> None:
    async def story(reader: Reader) -> None:
        await reader.subscribed("one")
        old = reader.known()
        link = '<https://hub.example/>; rel="hub", </feed>; rel=self'
        reader.house.loopback.on("/a", Reply(200, {"Link": link}, rss("one", "two")))
        await reader.poll()
        new = reader.known()
        assert (new.hub, new.topic) == ("https://hub.example/", reader.house.loopback.url("/feed"))
        assert new.token != old.token
        assert new.state == "offered"

    tell(story)


def test_without_a_callback_the_hub_is_shown_and_never_asked(
    tmp_path: Path, loopback: Loopback
) -> None:
    house = House(tmp_path, loopback)
    house.feed("a")

    async def story() -> None:
        async with Hub() as hub, open_engine(house.config, clock=lambda: house.now) as engine:
            house.loopback.on("/a", Reply(200, {"Link": f"<{hub.url}>; rel=hub"}, rss("one")))
            states = await engine.store.call(feed_store.feed_states, ["a"])
            await engine.poller.submit(states, blame_network=False).finished()
            await asyncio.wait_for(engine.subscriber.serve(), 5)
            assert hub.asked == []
            assert house.state("a").hub == hub.url

    asyncio.run(story())
