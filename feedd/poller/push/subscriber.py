"""The subscriber: listens for hubs, asks them for subscriptions, takes in what they push.

A pushed document is signed by the hub, parsed, and stored by the same decision as a polled one.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from feedd.errors import FetchError, MachineError, ParseError, StoreError
from feedd.http.client import Client
from feedd.http.request import Request
from feedd.model import Config, Subscription
from feedd.parsing import Document
from feedd.poller.decide import PollContext, Push
from feedd.poller.document import ParseJob
from feedd.poller.fetch import ParseDocument
from feedd.poller.push import lease
from feedd.poller.push.hub import may_hold_secret
from feedd.poller.push.lease import confirmed
from feedd.poller.recorder import PollReport, record_push
from feedd.poller.tasks import StoreThread
from feedd.store import feeds as feed_store
from feedd.store import hubs

if TYPE_CHECKING:
    from feedd.listener import Answer, Call
from feedd.units import HOUR_S

log = logging.getLogger("feedd.websub")

LOG_UNSIGNED_S = HOUR_S
"""How often pushes without our signature are logged, for one feed."""

HUB_ANSWER_BYTES = 64_000


class Subscriber(Struct):
    """Does nothing unless the settings say where hubs reach it (`websub_callback`)."""

    config: Config
    client: Client
    parse: ParseDocument
    store: StoreThread
    clock: Callable[[], float]
    report: Callable[[PollReport], None] = lambda report: None
    rng: random.Random = field(default_factory=random.Random)
    unsigned: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By feed: when pushes without our signature were last logged, and how many came since."""

    async def begin(self) -> None:
        """While nobody listened, pushes may have been missed: feeds are polled as usual first."""
        await self.store.call(hubs.poll_as_usual, self._now)

    async def serve(self) -> None:
        """Listen for hubs until cancelled. Raises MachineError where that can't be."""
        if self.config.settings.websub_callback is None:
            return
        from feedd.listener import listen

        host, port = self.config.settings.websub_listen
        limit = self.config.settings.max_feed_bytes
        try:
            async with listen(host, port, self.answer, max_body_bytes=limit) as bound:
                log.info("listening for hubs on %s port %d", host, bound)
                await asyncio.Event().wait()
        except OSError as error:
            why = error.strerror or error
            raise MachineError(
                f"no pushes: {host} port {port} (websub_listen): {why}; polling goes on"
            ) from error

    @property
    def _now(self) -> int:
        return int(self.clock())

    # ------------------------------------------------------------ asking hubs

    async def attend(self) -> None:
        """Ask for, renew and end the subscriptions for which it is time."""
        rows = await self.store.call(hubs.to_attend, self._now)
        await asyncio.gather(*(self._attend_to(one, wanted) for one, wanted in rows))

    async def _attend_to(self, subscription: Subscription, wanted: bool) -> None:
        now = self._now
        match lease.duty(subscription, now, wanted=wanted):
            case "subscribe" if not may_hold_secret(subscription.hub):
                refused = lease.insecure(subscription)
                log.warning("%s: the hub %s is %s", refused.feed, refused.hub, refused.error)
                await self.store.call(hubs.save, refused, now)
            case "subscribe":
                await self._ask(lease.asked(subscription, now), "subscribe")
            case "unsubscribe":
                await self._ask(lease.leaving(subscription, now), "unsubscribe")
            case "lapse":
                log.warning("%s: the lease of %s ended", subscription.feed, subscription.hub)
                await self.store.call(hubs.save, lease.lapsed(subscription), now)
            case "forget":
                await self.store.call(hubs.forget, subscription.feed_id, now)

    async def _ask(self, subscription: Subscription, mode: str) -> None:
        """Ask a hub. What it confirms comes to `answer`, perhaps before this is over."""
        await self.store.call(hubs.save, subscription, self._now)
        callback = self.config.settings.websub_callback or ""
        request = Request(subscription.hub, "any", HUB_ANSWER_BYTES)
        try:
            response = await self.client.post(request, lease.form(subscription, mode, callback))
            error = f"the hub answered {response.status}" if response.status // 100 != 2 else None
        except FetchError as failure:
            error = str(failure)
        if error is not None:
            log.warning("%s: can't %s at %s: %s", subscription.feed, mode, subscription.hub, error)
            refused = lease.refused(subscription, error)
            await self.store.call(hubs.save, refused, self._now)

    # ------------------------------------------------------------ answering hubs

    async def answer(self, call: Call) -> Answer:
        """What a hub is told: the challenge it sent, that a push came, or that we know nothing."""
        from feedd.listener import Answer

        try:
            subscription = await self.store.call(hubs.of_token, call.path.rpartition("/")[2])
            if call.method == "GET":
                return await self._confirm(subscription, call)
            if call.method == "POST":
                return await self._take(subscription, call)
        except StoreError as error:
            log.error("a hub is asked to come again: %s", error)
            return Answer(503)
        return Answer(405)

    async def _confirm(self, subscription: Subscription | None, call: Call) -> Answer:
        from feedd.listener import Answer

        if subscription is None:
            return Answer(404)
        confirmation = confirmed(subscription, call.query, self._now)
        if confirmation is None:
            return Answer(404)
        after = confirmation.subscription
        if after is None:
            await self.store.call(hubs.forget, subscription.feed_id, self._now)
        else:
            await self.store.call(hubs.save, after, self._now)
        log.info(
            "%s: %s at %s", subscription.feed, after.state if after else "left", subscription.hub
        )
        return Answer(200, confirmation.challenge)

    def _note_unsigned(self, feed: str) -> None:
        """Anybody may send such pushes, as many as he likes: they are logged once an hour."""
        logged_at, count = self.unsigned.get(feed, (float("-inf"), 0))
        now, count = self.clock(), count + 1
        if 0 <= now - logged_at < LOG_UNSIGNED_S:
            self.unsigned[feed] = (logged_at, count)
            return
        pushes = "a push" if count == 1 else f"{count:,} pushes"
        log.warning("%s: ignored without our signature: %s", feed, pushes)
        self.unsigned[feed] = (now, 0)

    async def _take(self, subscription: Subscription | None, call: Call) -> Answer:
        """A push: 410 tells a hub that a subscription is over; a false signature is ignored with
        202 [WebSub 7, 7.1].
        """
        from feedd.listener import Answer

        if subscription is None or subscription.state == "leaving":
            return Answer(410)
        body = await call.body()
        if not is_signed(call.headers.get("x-hub-signature"), subscription.secret, body):
            self._note_unsigned(subscription.feed)
            return Answer(202)
        try:
            report = await store_push(
                body,
                call.headers.get("content-type"),
                subscription,
                config=self.config,
                parse=self.parse,
                store=self.store,
                context=PollContext(self.config.settings, None, self.rng, self.config),
                now=self._now,
            )
        except ParseError as error:
            log.warning("%s: what its hub pushed: %s; polling it", subscription.feed, error)
            await self.store.call(hubs.save, lease.missed(subscription), self._now)
            return Answer(202)
        if report is not None:
            self.report(report)
        return Answer(200)


# ---------------------------------------------------------------- what is pushed


METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})


def is_signed(header: str | None, secret: str, body: bytes) -> bool:
    """Is `header` (`X-Hub-Signature`, "method=hex") the signature of `body` by `secret`?

    [WebSub 7.1]
    """
    method, _, given = (header or "").strip().partition("=")
    method = method.lower()
    if method not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode())


async def store_push(
    body: bytes,
    content_type: str | None,
    subscription: Subscription,
    *,
    config: Config,
    parse: ParseDocument,
    store: StoreThread,
    context: PollContext,
    now: int,
) -> PollReport | None:
    """Store what a document brings that a feed's hub pushed; None where the feed is not polled.

    Raises ParseError when it is no feed, StoreError, and MachineError.
    """
    feed = config.feeds.get(subscription.feed)
    states = await store.call(feed_store.feed_states, [subscription.feed])
    if feed is None or not feed.enabled or not states:
        return None
    job = ParseJob(
        document=Document(
            body=body,
            url=states[0].active_url,
            content_type=content_type,
            seen=states[0].items,
            parser=config.settings.parser,
            encoding=feed.encoding,
        ),
        keys=states[0].keys,
    )
    document = (await parse(job)).unpacked()
    push = Push(states[0], feed, now, subscription.topic, len(body), document)
    return await store.call(record_push, push, context)
