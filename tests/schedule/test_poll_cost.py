"""All feeds together keep to the budget, however they publish."""

from __future__ import annotations

import random

import pytest

from benchmarks.traces import generated
from feedd.model import Hints
from feedd.schedule import Pace, after_success, poll_cost_for

HOUR_S = 3600
DAY_S = 86_400
PACE = Pace(interval_s=HOUR_S, min_interval_s=900, max_interval_s=DAY_S)


def requests_a_day(kinds: set[str], pace: Pace, *, days: int, counted_from: int) -> float:
    """Poll generated feeds of these kinds for some days, the poll_cost worked out anew daily."""
    traces = [trace for trace in generated(3, 1) if trace.kind in kinds]
    start = min(trace.times[0] for trace in traces) + 200 * DAY_S
    rng = random.Random(1)
    rhythms = [""] * len(traces)
    due = [start] * len(traces)
    poll_cost = poll_cost_for([], pace)
    polls = 0
    for day in range(days):
        for number, trace in enumerate(traces):
            while due[number] < start + (day + 1) * DAY_S:
                now = due[number]
                first = not rhythms[number]
                since = trace.times[0] - 1 if first else previous[number]
                decision = after_success(
                    rhythms[number],
                    pace=pace,
                    now=now,
                    previous_poll=None if first else since,
                    entry_times=[t for t in trace.times if since < t <= now][-20:],
                    first_poll=first,
                    hints=Hints(),
                    not_before=None,
                    rng=rng,
                    poll_cost=poll_cost,
                )
                previous[number] = now
                rhythms[number] = decision.rhythm
                assert decision.next_poll is not None
                due[number] = decision.next_poll
                polls += day >= counted_from
        poll_cost = poll_cost_for(rhythms, pace)
    return polls / len(traces) / (days - counted_from)


previous: dict[int, int] = {}

MIXED = {"weekday", "weekly", "monthly", "bursts", "blog", "dead"}


@pytest.mark.parametrize(
    ("kinds", "interval_s"),
    [(MIXED, HOUR_S), (MIXED, 3 * HOUR_S), ({"weekly"}, HOUR_S), ({"dead"}, 2 * HOUR_S)],
    ids=["24 a day", "8 a day", "one feed alone", "one dead feed alone"],
)
def test_rule_11_the_configured_interval_is_the_average_over_all_feeds(
    kinds: set[str], interval_s: int
) -> None:
    pace = Pace(interval_s, 900, DAY_S)
    polled = requests_a_day(kinds, pace, days=35, counted_from=21)
    assert polled == pytest.approx(DAY_S / interval_s, rel=0.07)


def test_a_longer_interval_costs_more_delay_even_where_nothing_is_known() -> None:
    costs = [poll_cost_for([], Pace(hours * HOUR_S, 900, DAY_S)) for hours in (1, 2, 4, 24)]
    assert costs == sorted(costs)
    assert costs[0] > 0


def test_unreadable_rhythms_are_as_good_as_none() -> None:
    assert poll_cost_for(["", "nonsense"], PACE) == poll_cost_for([], PACE)
