"""What is remembered of a feed's hub (WebSub)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SubscriptionState = Literal["offered", "asked", "verified", "denied", "leaving"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's hub, and how we stand with it.

    `token` ends the callback's address, `secret` signs what is pushed; both are random. `next_ask`
    is when the hub is to be asked next, `tries` how often it was since it last confirmed. `pushes`
    counts those that came since a poll last found what none had brought; with 0 polling is as
    usual. `error` says in words why there is no subscription, or no renewed one.
    """

    feed_id: int
    feed: str
    hub: str
    topic: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    state: SubscriptionState = "offered"
    next_ask: int = 0
    tries: int = 0
    lease_ends: int | None = None
    last_push: int | None = None
    pushes: int = 0
    error: str | None = None
