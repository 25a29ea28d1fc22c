"""After downtime, overdue feeds are asked in order of lateness, one host's one by one."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.schedule import spread_backlog

NOW = 1_704_110_400


def backlog(hosts: dict[str, int]) -> list[tuple[int, str, int]]:
    names = [host for host, feeds in hosts.items() for _ in range(feeds)]
    return [(feed_id, host, NOW - 1000 - feed_id) for feed_id, host in enumerate(names)]


def test_rule_12_a_backlog_is_asked_at_once_in_order_of_lateness_ten_feeds_a_second() -> None:
    due = backlog({f"h{n}": 1 for n in range(50)})
    starts = spread_backlog(due, NOW, random.Random(1))
    late_first = [feed_id for feed_id, _, _ in sorted(due, key=lambda feed: feed[2])]
    assert [starts[feed_id] for feed_id in late_first] == sorted(starts.values())
    assert Counter(starts.values()) == {NOW + second: 10 for second in range(5)}


def test_rule_12_a_thousand_overdue_feeds_of_500_hosts_are_asked_within_two_minutes() -> None:
    due = backlog({f"h{n}": 2 for n in range(500)})
    starts = spread_backlog(due, NOW, random.Random(1))
    assert max(starts.values()) < NOW + 120


def test_rule_12_a_feed_of_every_ten_seconds_is_not_kept_waiting_by_the_others() -> None:
    """Who stopped an hour ago finds it among the first that fell due."""
    hourly = [(n, f"h{n}", NOW - 3590 + 3 * n) for n in range(1000)]
    due = [*hourly, (1000, "news", NOW - 3595)]
    assert spread_backlog(due, NOW, random.Random(1))[1000] <= NOW + 1


def test_rule_12_hosts_take_turns() -> None:
    due = backlog({"big": 100, "small": 2, "one": 1})
    starts = spread_backlog(due, NOW, random.Random(1))
    host_of = {feed_id: host for feed_id, host, _ in due}
    order = [host_of[feed_id] for feed_id in sorted(starts, key=lambda feed_id: starts[feed_id])]
    assert {"small", "one"} <= set(order[:6])


def test_rule_12_the_longest_overdue_feed_of_a_host_goes_first() -> None:
    due = [(1, "h", NOW - 10), (2, "h", NOW - 5000), (3, "h", NOW - 300)]
    starts = spread_backlog(due, NOW, random.Random(1))
    assert starts[2] < starts[3] < starts[1]


def test_rule_13_nothing_overdue_starts_nothing() -> None:
    assert spread_backlog([], NOW, random.Random(1)) == {}


def test_one_feed_alone_need_not_wait() -> None:
    assert spread_backlog([(7, "h", NOW - 5)], NOW, random.Random(1)) == {7: NOW}


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(1, 40), max_size=30), seed=st.integers(0, 5))
def test_rule_12_no_two_feeds_of_a_host_start_in_one_second(sizes: list[int], seed: int) -> None:
    due = backlog({f"h{n}": size for n, size in enumerate(sizes)})
    starts = spread_backlog(due, NOW, random.Random(seed))
    assert starts.keys() == {feed_id for feed_id, _, _ in due}
    assert len({(host, starts[feed_id]) for feed_id, host, _ in due}) == len(due)
    assert all(start >= NOW for start in starts.values())
