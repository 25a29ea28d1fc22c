"""What a hub is told that asks whether we meant it [WebSub 5.3]. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedd.model import Subscription
from feedd.websub import leasing

MAX_REASON_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Confirmed:
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
        return Confirmed("", leasing.denied(subscription, reason, now))
    if not challenge:
        return None
    if mode == "subscribe" and subscription.state in ("asked", "verified"):
        lease_s = _seconds(query.get("hub.lease_seconds", ""))
        return Confirmed(challenge, leasing.verified(subscription, lease_s, now))
    if mode == "unsubscribe" and subscription.state == "leaving":
        return Confirmed(challenge, None)
    return None


def _seconds(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:MAX_REASON_CHARACTERS].strip()
