"""A whole history replayed to the next poll, for judging the schedule from outside."""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from feedd.model import Hints
from feedd.schedule import NextPoll, Pace, after_success
from feedd.units import DAY_S, HOUR_S, MINUTE_S

Found = tuple[int | None, int]

_MEMO_FEEDS = 2048
_MEMO_HEAD = 8
"""So many histories are remembered, told apart by so many of their first polls and entries."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A history met before, and the decision it led to."""

    polls: tuple[int, ...]
    entries: tuple[Found, ...]
    decision: NextPoll


_memo: OrderedDict[object, _Known] = OrderedDict()
"""Spares a replay to learn each history from its start again. Used only where a history is truly
the continuation of a known one, so no result depends on it."""


def next_poll(
    polls: Sequence[int],
    entries: Sequence[Found],
    *,
    now: int,
    interval_s: int = HOUR_S,
    min_interval_s: int = 15 * MINUTE_S,
    max_interval_s: int = DAY_S,
    poll_cost: float | None = None,
) -> NextPoll:
    """When to poll a feed next, given nothing but its history, a budget and a clock.

    For replaying traces and judging the schedule: each poll goes through `after_success`, as in
    the daemon, jitter included (drawn from a generator seeded with the poll's time).

    - `polls`: when the feed was polled so far, epoch seconds, ascending; the last is usually `now`.
    - `entries`: (published, found) of every entry found so far, by time found. `found` is the poll
      that found it; `published` None where the feed gives no date. Those of the first poll are the
      document as it was then, however old.
    - `interval_s` is the budget: the average interval over *all* feeds. `poll_cost` holds all
      feeds to it; leave it None to take the usual one of that interval, and scale `interval_s`
      (any positive number of seconds) to spend more or fewer requests. It must be the same for
      all feeds.
    - the two bounds are as in the configuration.

    Returns a NextPoll: `next_poll` is the epoch second to poll at, after `now`. To replay a trace::

        polls, entries, now, waiting = [], [], start, deque(trace)
        while now < end:
            polls.append(now)
            while waiting and waiting[0] <= now:
                entries.append((waiting.popleft(), now))
            now = next_poll(polls, entries, now=now, interval_s=3600).next_poll

    Growing the same two lists makes each call cheap; a fresh history of n polls costs n decisions.
    Faster still is `after_success`, handing on `NextPoll.rhythm`.
    """
    if not polls:
        return NextPoll(now, interval_s, "new: never polled", "")
    pace = Pace(interval_s, min_interval_s, max_interval_s)
    key = (tuple(polls[:_MEMO_HEAD]), tuple(entries[:_MEMO_HEAD]), pace, poll_cost)
    known = _known_part(key, polls, entries)
    decision, entry = known.decision, len(known.entries)
    for number in range(len(known.polls), len(polls)):
        at = polls[number]
        arrived = []
        while entry < len(entries) and entries[entry][1] <= at:
            published = entries[entry][0]
            arrived.append(at if published is None else published)
            entry += 1
        decision = after_success(
            decision.rhythm,
            pace=pace,
            now=at,
            previous_poll=polls[number - 1] if number else None,
            entry_times=arrived,
            first_poll=number == 0,
            hints=Hints(),
            not_before=None,
            rng=random.Random(at),
            poll_cost=poll_cost,
        )
    _remember(key, _Known(tuple(polls), tuple(entries[:entry]), decision))
    due = decision.next_poll
    return decision if due is None or due > now else replace(decision, next_poll=now + 1)


def _known_part(key: object, polls: Sequence[int], entries: Sequence[Found]) -> _Known:
    known = _memo.get(key)
    if (
        known is not None
        and tuple(polls[: len(known.polls)]) == known.polls
        and tuple(entries[: len(known.entries)]) == known.entries
        and (len(entries) == len(known.entries) or entries[len(known.entries)][1] > known.polls[-1])
    ):
        return known
    return _Known((), (), NextPoll(None, 0, "", ""))


def _remember(key: object, known: _Known) -> None:
    _memo[key] = known
    _memo.move_to_end(key)
    if len(_memo) > _MEMO_FEEDS:
        _memo.popitem(last=False)
