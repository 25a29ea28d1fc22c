"""A pushed document: signed by the hub, parsed, and stored by the same decision as a polled one."""

from __future__ import annotations

import hmac
from typing import Final

from feedd.model import Config, Subscription
from feedd.parsing import Document
from feedd.poller.decide import PollContext, Push
from feedd.poller.document import ParseJob
from feedd.poller.fetch import ParseDocument
from feedd.poller.recorder import PollReport, record_push
from feedd.poller.tasks import StoreThread
from feedd.store import feeds as feed_store

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
    document = await parse(job)
    push = Push(states[0], feed, now, subscription.topic, len(body), document)
    return await store.call(record_push, push, context)
