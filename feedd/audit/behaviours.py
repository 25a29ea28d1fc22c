"""The behaviours that a history of polls can show, each as a function, and what an audit finds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from feedd.identity.content import host_of
from feedd.model import PollRecord
from feedd.outcome import FULL_REQUEST_AFTER_S, MOVE_PROOFS

Histories = Mapping[str, Sequence[PollRecord]]
"""What is remembered of each feed's polls, by name, oldest first."""


class Policy(Struct, frozen=True):
    """What the configuration promises, in seconds and requests."""

    min_interval_s: int
    per_host: int


class Breach(Struct, frozen=True):
    """One occasion on which a behaviour failed."""

    feed: str
    at: int
    words: str


class Behaviour(Struct, frozen=True):
    """One thing that servers ask of readers, and on how many `occasions` it was put to the test."""

    name: str
    occasions: int
    breaches: tuple[Breach, ...]


class HostUse(Struct, frozen=True):
    """What one host has had of us. `requests` counts the redirects followed; `bytes` as
    transferred; `sooner` are polls before the host or its feeds wished for one."""

    host: str
    feeds: int
    polls: int
    requests: int
    whole: int
    unmodified: int
    bytes: int
    sooner: int
    throttled: int
    unavailable: int
    failed: int


class Refusal(Struct, frozen=True):
    """A 429 or 503, and what followed. `asked_until` is the end of its Retry-After."""

    feed: str
    host: str
    at: int
    status: int
    asked_until: int | None
    next_at: int | None
    next_status: int | None


class Audit(Struct, frozen=True):
    """The verdict on polls between `first` and `last`, epoch seconds; None: there were none.

    `by_hand` counts polls before they were due, `unrecorded` those of which the history does not
    tell all that is judged here.
    """

    first: int | None
    last: int | None
    polls: int
    by_hand: int
    unrecorded: int
    polls_per_feed_and_day: float
    hosts: tuple[HostUse, ...]
    behaviours: tuple[Behaviour, ...]
    refusals: tuple[Refusal, ...]


# ---------------------------------------------------------------- one poll at a time


JITTER = 0.2
"""A wait may be shorter than the one before by so much and still count as no shorter."""

ENDING_STATUSES = frozenset({401, 410})


class Step(Struct, frozen=True):
    """A poll, and all of its feed's before it."""

    feed: str
    polls: Sequence[PollRecord]
    number: int

    @property
    def poll(self) -> PollRecord:
        return self.polls[self.number]

    @property
    def before(self) -> PollRecord | None:
        return self.polls[self.number - 1] if self.number else None

    @property
    def by_hand(self) -> bool:
        before = self.before
        return before is not None and (before.next_poll is None or self.poll.at < before.next_poll)


Judge = Callable[[Step, Policy], str | None]
"""None: the behaviour was not put to the test. "": it was kept. Else, how it was broken."""


# ---------------------------------------------------------------- what one feed's polls show


def _validators(step: Step, policy: Policy) -> str | None:
    before, poll = step.before, step.poll
    if before is None or not before.validators_kept or poll.conditional is None:
        return None
    if poll.conditional:
        return ""
    whole = [one.at for one in step.polls[: step.number] if one.status == 200 and not one.error]
    if before.url != poll.url or not whole or poll.at - whole[-1] >= FULL_REQUEST_AFTER_S:
        return None
    return "asked for the whole feed although it knew a validator"


def _retry_after(step: Step, policy: Policy) -> str | None:
    before = step.before
    if before is None or before.not_before is None:
        return None
    early_s = before.not_before - step.poll.at
    return f"{early_s} s before the Retry-After was over" if early_s > 0 else ""


def _freshness(step: Step, policy: Policy) -> str | None:
    before = step.before
    if before is None or before.fresh_until is None or step.by_hand:
        return None
    early_s = before.fresh_until - step.poll.at
    return f"{early_s} s sooner than wished for" if early_s > 0 else ""


def _min_interval(step: Step, policy: Policy) -> str | None:
    before = step.before
    if before is None or step.by_hand:
        return None
    gap_s = step.poll.at - before.at
    return f"{gap_s} s after the last poll" if gap_s < policy.min_interval_s else ""


def _slowing(step: Step, policy: Policy) -> str | None:
    before, poll = step.before, step.poll
    if before is None or not before.error or not poll.error or before.not_before is not None:
        return None
    if before.next_poll is None or poll.next_poll is None:
        return None
    waited_s, wait_s = before.next_poll - before.at, poll.next_poll - poll.at
    shorter = wait_s < (1 - JITTER) * waited_s
    return f"a wait of {wait_s} s after one of {waited_s} s" if shorter else ""


def _ended(step: Step, policy: Policy) -> str | None:
    if step.poll.status not in ENDING_STATUSES:
        return None
    return "" if step.poll.next_poll is None else "another poll was planned"


def _moves(step: Step, policy: Policy) -> str | None:
    if not step.poll.moved or step.poll.error:
        return None
    run = 1
    for later, earlier in pairwise(reversed(step.polls[: step.number + 1])):
        if not earlier.moved or earlier.error or earlier.url != later.url:
            break
        run += 1
    return f"led by the same redirect {run} times in a row" if run > MOVE_PROOFS else ""


FEED_RULES: dict[str, Judge] = {
    "validators go back wherever some were given, refusals in between or not": _validators,
    "Retry-After is waited for": _retry_after,
    "no feed is asked sooner than it or its server wishes": _freshness,
    "no feed is asked within min_interval": _min_interval,
    "failures slow polling down": _slowing,
    "410 and 401 end polling": _ended,
    "permanent redirects are learnt": _moves,
}
SOONER = (_retry_after, _freshness, _min_interval)


# ---------------------------------------------------------------- what a host sees


def by_host(steps: Sequence[Step]) -> dict[str, list[Step]]:
    hosts: dict[str, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step.poll.at):
        hosts[host_of(step.poll.url)].append(step)
    return hosts


def throttled_hosts(steps: Sequence[Step]) -> Behaviour:
    """A 429 means all feeds of its host. What was under way when it came is not held against us."""
    occasions, breaches = 0, []
    for host, visits in by_host(steps).items():
        held_from = held_until = 0
        for step in visits:
            poll = step.poll
            if held_from < poll.at < held_until:
                words = f"{host} had asked us to slow down (429)"
                breaches.append(Breach(step.feed, poll.at, words))
            if poll.status == 429:
                occasions += 1
                held_from = poll.at + poll.duration_ms // 1000 + 1
                held_until = poll.not_before or held_until
    return Behaviour("a 429 holds for every feed of its host", occasions, tuple(breaches))


def spacing(steps: Sequence[Step], policy: Policy) -> Behaviour:
    occasions, breaches = 0, []
    for host, visits in by_host(steps).items():
        planned = [step for step in visits if step.number and not step.by_hand]
        for second, count in Counter(step.poll.at for step in planned).items():
            occasions += 1
            if count > policy.per_host:
                feed = next(step.feed for step in planned if step.poll.at == second)
                breaches.append(Breach(feed, second, f"{count} polls of {host} in one second"))
    return Behaviour("the feeds of a host are asked one after the other", occasions, (*breaches,))
