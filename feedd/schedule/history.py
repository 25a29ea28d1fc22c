"""The schedule judged from outside: from a feed's whole history to its next poll."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence

from feedd.model import Hints
from feedd.schedule.deciding import after_success
from feedd.schedule.pace import DAY_S, HOUR_S, MINUTE_S, Decision, Pace

Found = tuple[int | None, int]

_MEMO_FEEDS = 2048
_MEMO_HEAD = 8
_memo: OrderedDict[object, tuple[tuple[int, ...], tuple[Found, ...], str]] = OrderedDict()
"""The rhythms of histories met before, so that a replay does not learn each from its start again.
Used only where a history truly continues a known one: the result never depends on it."""


def next_poll(
    polls: Sequence[int],
    entries: Sequence[Found],
    *,
    now: int,
    interval_s: int = HOUR_S,
    min_interval_s: int = 15 * MINUTE_S,
    max_interval_s: int = DAY_S,
    price: float | None = None,
) -> Decision:
    """When to poll a feed next, given nothing but its history, a budget and a clock.

    For replaying traces and judging the schedule: each poll goes through `after_success`, as in
    the daemon, jitter included (drawn from a generator seeded with the poll's time).

    - `polls`: when the feed was polled so far, epoch seconds, ascending; the last is usually `now`.
    - `entries`: (published, found) of every entry found so far, by time found. `found` is the poll
      that found it; `published` None where the feed gives no date. Those of the first poll are the
      document as it was then, however old.
    - `interval_s` is the budget: the average interval over *all* feeds. `price` is what holds all
      feeds to it; leave it None to take the usual price of that interval, and scale `interval_s`
      (any positive number of seconds) to spend more or fewer requests. It must be the same for
      all feeds.
    - the two bounds are as in the configuration.

    Returns a Decision: `next_poll` is the epoch second to poll at, after `now`. To replay a trace::

        polls, entries, now = [], [], start
        while now < end:
            polls.append(now)
            entries += [(t, now) for t in trace if t <= now and not found yet]
            now = next_poll(polls, entries, now=now, interval_s=3600).next_poll

    Growing the same two lists makes each call cheap; a fresh history of n polls costs n decisions.
    Faster still is `after_success`, handing on `Decision.rhythm`.
    """
    pace = Pace(interval_s, min_interval_s, max_interval_s)
    if not polls:
        return Decision(now, interval_s, "new: never polled", "")
    key = (tuple(polls[:_MEMO_HEAD]), tuple(entries[:_MEMO_HEAD]), pace, price)
    done, rhythm = _continued(key, polls, entries)
    decision = Decision(now, interval_s, "", rhythm)
    found_times = [found for _, found in entries[done.entries :]]
    for at, previous in zip(polls[done.polls :], _before(polls, done.polls), strict=True):
        first = bisect_right(found_times, previous) if previous is not None else 0
        found = entries[done.entries + first : done.entries + bisect_right(found_times, at)]
        decision = after_success(
            decision.rhythm,
            pace=pace,
            now=at,
            previous_poll=previous,
            entry_times=[at if published is None else published for published, _ in found],
            first_poll=previous is None,
            hints=Hints(),
            not_before=None,
            rng=random.Random(at),
            price=price,
        )
    return decision
