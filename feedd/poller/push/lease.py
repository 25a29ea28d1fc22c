"""A subscription with a hub: asked for, verified, renewed, lapsed, given up [WebSub 5]. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from feedd.model import Subscription
from feedd.units import DAY_S, HOUR_S, MINUTE_S

LEASE_S: Final = 10 * DAY_S
"""What we ask for; hubs decide."""

MIN_LEASE_S: Final = 5 * MINUTE_S
MAX_LEASE_S: Final = 60 * DAY_S
"""A shorter lease counts as so long (renewing it would be a nuisance), a longer one too."""

RENEW_AFTER: Final = 0.8
"""A lease is renewed when so much of it is over."""

VERIFY_WITHIN_S: Final = HOUR_S
"""How long a hub has to confirm, before it is asked again; doubled each time, up to a day."""

DENIED_FOR_S: Final = 7 * DAY_S
"""A hub that denied a subscription is asked again after so long [WebSub 5.2]."""

UNSUBSCRIBE_TRIES: Final = 3
"""So often a hub is asked to end a subscription; then it is left to its lease."""

NEVER: Final = 2**40

MAX_REASON_CHARACTERS: Final = 200

Duty = Literal["subscribe", "unsubscribe", "forget", "lapse"]


def duty(subscription: Subscription, now: int, *, wanted: bool) -> Duty | None:
    """What is to be done now; `wanted` says whether the feed is still polled."""
    if subscription.state == "verified" and now >= (subscription.lease_ends or 0):
        return "lapse"
    if wanted:
        return "subscribe" if now >= subscription.next_ask else None
    if subscription.state in ("offered", "denied"):
        return None
    if subscription.state != "leaving":
        return "unsubscribe"
    if now < subscription.next_ask:
        return None
    return "forget" if subscription.tries >= UNSUBSCRIBE_TRIES else "unsubscribe"


def form(subscription: Subscription, mode: str, callback: str) -> Mapping[str, str]:
    """The request to the hub [WebSub 5.1]; `callback` is the address above all feeds' own."""
    said = {
        "hub.mode": mode,
        "hub.topic": subscription.topic,
        "hub.callback": f"{callback}/{subscription.token}",
    }
    if mode == "subscribe":
        said |= {"hub.lease_seconds": str(LEASE_S), "hub.secret": subscription.secret}
    return said


def asked(subscription: Subscription, now: int) -> Subscription:
    """The hub is about to be asked for a subscription, or for more of it.

    When it did not confirm the last time it was asked, pushes are not relied on any longer.
    """
    ignored = subscription.tries > 0
    return replace(
        subscription,
        state="verified" if subscription.state == "verified" else "asked",
        next_ask=now + _patience_s(subscription.tries),
        tries=subscription.tries + 1,
        pushes=0 if ignored else subscription.pushes,
        error=subscription.error or ("the hub does not answer" if ignored else None),
    )


def leaving(subscription: Subscription, now: int) -> Subscription:
    """The hub is about to be asked to end the subscription."""
    tries = subscription.tries if subscription.state == "leaving" else 0
    return replace(
        subscription,
        state="leaving",
        next_ask=now + _patience_s(tries),
        tries=tries + 1,
        pushes=0,
    )


def refused(subscription: Subscription, error: str) -> Subscription:
    """The hub could not be asked, or said no; it is asked again when `asked` said."""
    state = "offered" if subscription.state == "asked" else subscription.state
    return replace(subscription, state=state, pushes=0, error=error)


def verified(subscription: Subscription, lease_s: int | None, now: int) -> Subscription:
    """The hub has confirmed, for `lease_s` seconds (None: it did not say; what we asked for)."""
    lease_s = min(max(lease_s or LEASE_S, MIN_LEASE_S), MAX_LEASE_S)
    return replace(
        subscription,
        state="verified",
        next_ask=now + int(RENEW_AFTER * lease_s),
        tries=0,
        lease_ends=now + lease_s,
        error=None,
    )


def denied(subscription: Subscription, reason: str, now: int) -> Subscription:
    return replace(
        subscription,
        state="denied",
        next_ask=now + DENIED_FOR_S,
        tries=0,
        lease_ends=None,
        pushes=0,
        error=reason or "the hub denied it",
    )


def insecure(subscription: Subscription) -> Subscription:
    """The hub is not asked: the secret would go there in the clear."""
    return replace(
        subscription,
        state="denied",
        next_ask=NEVER,
        lease_ends=None,
        pushes=0,
        error="not used: it is asked by plain http, where anybody could read the secret",
    )


def lapsed(subscription: Subscription) -> Subscription:
    return replace(
        subscription,
        state="offered",
        lease_ends=None,
        pushes=0,
        error=subscription.error or "the lease ended",
    )


def pushed(subscription: Subscription, now: int) -> Subscription:
    """A push has come and could be read."""
    return replace(subscription, last_push=now, pushes=subscription.pushes + 1)


def missed(subscription: Subscription) -> Subscription:
    """A poll found what no push had brought: polling is as usual until pushes come again."""
    return replace(subscription, pushes=0)


def _patience_s(tries: int) -> int:
    return min(VERIFY_WITHIN_S << min(tries, 5), DAY_S)


class Confirmed(Struct, frozen=True):
    """The answer, and what it changes: the subscription as it is from now on (None: it ended)."""

    challenge: str
    subscription: Subscription | None


def confirmed(subscription: Subscription, query: Mapping[str, str], now: int) -> Confirmed | None:
    """The answer to a hub's request; None when we did not ask for what it says we did."""
    mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
    if query.get("hub.topic") != subscription.topic:
        return None
    if mode == "denied":
        reason = _printable(query.get("hub.reason", ""))
        return Confirmed("", denied(subscription, reason, now))
    if not challenge:
        return None
    if mode == "subscribe" and subscription.state in ("asked", "verified"):
        lease_s = _seconds(query.get("hub.lease_seconds", ""))
        return Confirmed(challenge, verified(subscription, lease_s, now))
    if mode == "unsubscribe" and subscription.state == "leaving":
        return Confirmed(challenge, None)
    return None


def _seconds(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:MAX_REASON_CHARACTERS].strip()
