"""Is it the network, or are it the feeds? What the failures of many hosts say (rule 41). Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from feedd.model import FeedState
from feedd.outcome import Failure, FailureKind
from feedd.poller.fetch import is_local

MIN_HOSTS_DOWN = 2
"""How many hosts must fail alike before the network is suspected rather than them."""

MIN_HOSTS_PORTAL = 3
"""How many hosts must answer with a page that is no feed before a captive portal is suspected."""

Network = Literal["up", "down", "portal", "proxy"]

NETWORK_WORDS: dict[Network, str] = {
    "up": "the network is up",
    "down": "no network: no host could be reached",
    "portal": "no network: a log-in page seems to answer for every host",
    "proxy": "no network: the proxy does not let us out",
}

UNREACHABLE: frozenset[FailureKind] = frozenset({"dns", "connect", "proxy", "timeout"})
PORTAL: frozenset[FailureKind] = frozenset({"not-a-feed", "tls", "redirect"})


class Suspect(Struct, frozen=True):
    """A failure that may be the network's, and the host that was asked."""

    host: str
    failure: Failure


def is_suspect(failure: Failure) -> bool:
    """Could this failure be the network's fault? A refused connection can't: somebody answered."""
    return failure.wants_log_in or failure.kind in UNREACHABLE or failure.kind in PORTAL


def verdict(suspects: Sequence[Suspect], before: Network) -> Network:
    """What a batch says about the network in which nothing but these failures happened.

    "down": nobody could be reached. "proxy": since nothing got past the proxy. "portal": everybody
    answered with a page that is no feed, or the network itself asked for a log-in. "up": these
    hosts just have their own troubles. While the network was not up before, any one of these
    failures says that it still isn't.
    """
    if before != "up":
        return before
    if any(suspect.failure.wants_log_in for suspect in suspects):
        return "portal"
    hosts = {suspect.host for suspect in suspects}
    kinds = {suspect.failure.kind for suspect in suspects}
    if len(hosts) >= MIN_HOSTS_DOWN and kinds == {"proxy"}:
        return "proxy"
    if len(hosts) >= MIN_HOSTS_DOWN and kinds <= UNREACHABLE:
        return "down"
    if len(hosts) >= MIN_HOSTS_PORTAL and kinds <= PORTAL and "not-a-feed" in kinds:
        return "portal"
    return "up"


def askable_without(due: Sequence[FeedState], rng: random.Random) -> list[FeedState]:
    """Which feeds are asked while the network is down: one to see whether it is back, and those
    that need none.
    """
    remote = [feed for feed in due if not is_local(feed.url)]
    probe = [rng.choice(remote)] if remote else []
    return probe + [feed for feed in due if is_local(feed.url)]
