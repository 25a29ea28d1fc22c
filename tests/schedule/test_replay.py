"""Judging the schedule from outside gives the daemon's own decisions."""

from __future__ import annotations

import random

from benchmarks.replay import next_poll
from benchmarks.traces import generated
from feedd.model import Hints
from feedd.schedule import Pace, after_success

DAY_S = 86_400
TRACE = next(trace for trace in generated(1, 1) if trace.kind == "weekday")


def replayed(days: int) -> tuple[list[int], list[tuple[int | None, int]], int]:
    polls: list[int] = []
    entries: list[tuple[int | None, int]] = []
    start = now = TRACE.times[0] + 60
    known = 0
    while now < start + days * DAY_S:
        polls.append(now)
        while known < len(TRACE.times) and TRACE.times[known] <= now:
            entries.append((TRACE.times[known], now))
            known += 1
        decision = next_poll(polls, entries, now=now, interval_s=3600)
        assert decision.next_poll is not None
        now = decision.next_poll
    return polls, entries, now


def test_a_replay_takes_the_daemons_decisions() -> None:
    polls, entries, after_last = replayed(20)
    rhythm, previous = "", None
    for poll in polls:
        decision = after_success(
            rhythm,
            pace=Pace(3600, 900, DAY_S),
            now=poll,
            previous_poll=previous,
            entry_times=[at for at, found in entries if found == poll and at is not None],
            first_poll=previous is None,
            hints=Hints(),
            not_before=None,
            rng=random.Random(poll),
        )
        rhythm, previous = decision.rhythm, poll
    assert decision.next_poll == after_last


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    polls, entries, _ = replayed(6)
    shifted = [poll + 7 for poll in polls]
    expected = next_poll(shifted, [(at, found + 7) for at, found in entries], now=shifted[-1])
    next_poll(polls, entries, now=polls[-1])
    fewer = entries[:-1]
    again = next_poll(shifted, [(at, found + 7) for at, found in entries], now=shifted[-1])
    assert again == expected
    assert (
        next_poll(polls, fewer, now=polls[-1]).rhythm
        != next_poll(polls, entries, now=polls[-1]).rhythm
    )


def test_a_feed_never_polled_is_due_now() -> None:
    assert next_poll([], [], now=1_704_067_200).next_poll == 1_704_067_200


def test_entries_without_dates_are_accepted() -> None:
    now = 1_704_067_200
    decision = next_poll([now - 3600, now], [(None, now - 3600), (None, now)], now=now)
    assert decision.next_poll is not None
    assert decision.next_poll > now


def test_a_clock_past_the_due_time_means_at_once() -> None:
    now = 1_704_067_200
    assert next_poll([now - 30 * DAY_S], [], now=now).next_poll == now + 1
