"""From histories to the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from feedd.audit.behaviours import (
    FEED_RULES,
    SOONER,
    Audit,
    Behaviour,
    Breach,
    Histories,
    HostUse,
    Judge,
    Policy,
    Refusal,
    Step,
    by_host,
    spacing,
    throttled_hosts,
)
from feedd.identity.content import host_of
from feedd.units import DAY_S


def judge(histories: Histories, policy: Policy) -> Audit:
    """The audit of some histories, each bounded as it may be."""
    steps = [
        Step(feed, polls, number)
        for feed, polls in histories.items()
        for number in range(len(polls))
    ]
    times = [step.poll.at for step in steps]
    first, last = min(times, default=None), max(times, default=None)
    return Audit(
        first=first,
        last=last,
        polls=len(steps),
        by_hand=sum(step.by_hand for step in steps),
        unrecorded=sum(step.poll.conditional is None for step in steps),
        polls_per_feed_and_day=_polls_per_day(histories),
        hosts=_hosts(steps, policy),
        behaviours=(
            *(_judged(name, each, steps, policy) for name, each in FEED_RULES.items()),
            throttled_hosts(steps),
            spacing(steps, policy),
        ),
        refusals=tuple(_refusals(steps)),
    )


def _judged(name: str, each: Judge, steps: Sequence[Step], policy: Policy) -> Behaviour:
    verdicts = [(step, each(step, policy)) for step in steps]
    tested = [(step, words) for step, words in verdicts if words is not None]
    breaches = tuple(Breach(step.feed, step.poll.at, words) for step, words in tested if words)
    return Behaviour(name, len(tested), breaches)


def _hosts(steps: Sequence[Step], policy: Policy) -> tuple[HostUse, ...]:
    uses = []
    for host, visits in by_host(steps).items():
        polls = [step.poll for step in visits]
        statuses = Counter(poll.status for poll in polls)
        uses.append(
            HostUse(
                host=host,
                feeds=len({step.feed for step in visits}),
                polls=len(polls),
                requests=len(polls) + sum(poll.redirects or 0 for poll in polls),
                whole=statuses[200],
                unmodified=statuses[304],
                bytes=sum(poll.bytes for poll in polls),
                sooner=sum(any(rule(step, policy) for rule in SOONER) for step in visits),
                throttled=statuses[429],
                unavailable=statuses[503],
                failed=sum(poll.error is not None for poll in polls),
            )
        )
    return tuple(sorted(uses, key=lambda use: (-use.requests, use.host)))


def _refusals(steps: Sequence[Step]) -> Iterator[Refusal]:
    """Newest first."""
    for step in sorted(steps, key=lambda step: -step.poll.at):
        poll = step.poll
        if poll.status not in (429, 503):
            continue
        after = step.polls[step.number + 1] if step.number + 1 < len(step.polls) else None
        yield Refusal(
            feed=step.feed,
            host=host_of(poll.url),
            at=poll.at,
            status=poll.status,
            asked_until=poll.not_before,
            next_at=after.at if after else None,
            next_status=after.status if after else None,
        )


def _polls_per_day(histories: Histories) -> float:
    """Mean over the feeds polled more than once, each over its own time."""
    rates = [
        (len(polls) - 1) * DAY_S / (polls[-1].at - polls[0].at)
        for polls in histories.values()
        if len(polls) > 1 and polls[-1].at > polls[0].at
    ]
    return sum(rates) / len(rates) if rates else 0.0
