"""The audit notices every way in which polling could be rude."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.audit import Audit, Policy, judge
from feedd.model import PollRecord

NOW = 1_790_000_000
HOUR_S = 3600
DAY_S = 86_400
URL = "https://a.example/feed"
POLICY = Policy(min_interval_s=900, per_host=2)


def poll(after_s: int = 0, status: int | None = 304, **more: object) -> PollRecord:
    """A poll as a well-behaved history has it, `after_s` after the start."""
    at = NOW + after_s
    made = PollRecord(
        at, URL, status, 100, 20, next_poll=at + HOUR_S, conditional=True, validators_kept=True,
        redirects=0, moved=False,
    )  # fmt: skip
    return replace(made, **more)


def broken(audit: Audit) -> dict[str, int]:
    return {each.name: len(each.breaches) for each in audit.behaviours if each.breaches}


def test_a_polite_history_has_no_breach() -> None:
    polls = [poll(0, 200, conditional=False), *(poll(n * HOUR_S) for n in range(1, 20))]
    audit = judge({"a": polls}, POLICY)
    assert broken(audit) == {}
    assert (audit.polls, audit.by_hand, audit.unrecorded) == (20, 0, 0)
    assert audit.polls_per_feed_and_day == pytest.approx(24)
    (use,) = audit.hosts
    assert (use.host, use.whole, use.unmodified, use.bytes, use.sooner) == (
        "a.example", 1, 19, 2000, 0,
    )  # fmt: skip


FAILED = {"error": "500", "next_poll": NOW + 4 * HOUR_S}


@pytest.mark.parametrize(
    ("polls", "name"),
    [
        ([poll(0, 200), poll(HOUR_S, 200, conditional=False)], "validators"),
        (
            [poll(0, 200), poll(HOUR_S, 429, error="x"), poll(DAY_S, 200, conditional=False)],
            "validators",
        ),
        ([poll(0, 503, error="x", not_before=NOW + DAY_S), poll(HOUR_S)], "Retry-After"),
        ([poll(0, fresh_until=NOW + 2 * HOUR_S), poll(HOUR_S)], "no feed is asked sooner"),
        ([poll(0, next_poll=NOW + 60), poll(60)], "no feed is asked within"),
        (
            [poll(0, 500, **FAILED), poll(4 * HOUR_S, 500, error="500")],
            "failures slow",
        ),
        ([poll(0, 410, error="gone")], "410"),
        ([poll(n * HOUR_S, moved=True, redirects=1) for n in range(3)], "permanent redirects"),
    ],
)
def test_each_rudeness_is_named(polls: list[PollRecord], name: str) -> None:
    (found,) = broken(judge({"a": polls}, POLICY))
    assert found.startswith(name)


@pytest.mark.parametrize(
    "polls",
    [
        [poll(0, 200), poll(31 * DAY_S, 200, conditional=False)],
        [poll(0, 200), poll(HOUR_S, 200, conditional=False, url="https://b.example/feed")],
        [poll(0, fresh_until=NOW + 2 * HOUR_S), poll(60)],
        [poll(0, 500, error="500", next_poll=NOW + 600), poll(700, 500, error="500")],
        [poll(0, 410, error="gone", next_poll=None), poll(DAY_S, 200)],
        [poll(n * HOUR_S, moved=True, redirects=1) for n in range(2)],
        [poll(0, conditional=None, validators_kept=None), poll(HOUR_S, conditional=False)],
    ],
    ids=["30 days", "another url", "by hand", "slower", "410 by hand", "two proofs", "unrecorded"],
)
def test_what_is_allowed_is_no_breach(polls: list[PollRecord]) -> None:
    kept = broken(judge({"a": polls}, POLICY))
    assert not [name for name in kept if not name.startswith("no feed is asked within")]


def test_a_429_holds_for_other_feeds_of_the_host_and_not_for_other_hosts() -> None:
    refused = poll(100, 429, error="429", not_before=NOW + DAY_S, next_poll=NOW + DAY_S)
    polls = {"a": [refused], "b": [poll(0), poll(HOUR_S)]}
    assert list(broken(judge(polls, POLICY))) == ["a 429 holds for every feed of its host"]
    elsewhere = [replace(one, url="https://b.example/feed") for one in polls["b"]]
    assert broken(judge({"a": [refused], "b": elsewhere}, POLICY)) == {}


def test_what_followed_a_refusal_is_told() -> None:
    refused = poll(0, 503, error="503", not_before=NOW + HOUR_S, next_poll=NOW + HOUR_S)
    (refusal,) = judge({"a": [refused, poll(2 * HOUR_S, 200)]}, POLICY).refusals
    assert (refusal.status, refusal.asked_until, refusal.next_at, refusal.next_status) == (
        503, NOW + HOUR_S, NOW + 2 * HOUR_S, 200,
    )  # fmt: skip


def test_feeds_of_a_host_asked_in_one_second_are_noticed() -> None:
    polls = {name: [poll(0), poll(HOUR_S)] for name in "abc"}
    assert list(broken(judge(polls, POLICY))) == [
        "the feeds of a host are asked one after the other"
    ]
    assert broken(judge(polls, Policy(900, per_host=3))) == {}


moments = st.none() | st.integers(-(10**10), 10**10)
records = st.builds(
    PollRecord,
    at=st.integers(0, 10**10),
    url=st.text(max_size=20),
    status=st.none() | st.sampled_from([200, 304, 401, 404, 410, 429, 500, 503]),
    bytes=st.integers(0, 10**9),
    duration_ms=st.integers(0, 10**6),
    error=st.none() | st.text(max_size=5),
    next_poll=moments,
    conditional=st.none() | st.booleans(),
    validators_kept=st.none() | st.booleans(),
    redirects=st.none() | st.integers(0, 10),
    moved=st.none() | st.booleans(),
    not_before=moments,
    fresh_until=moments,
)


@given(st.dictionaries(st.text(max_size=3), st.lists(records, max_size=8), max_size=4))
def test_any_history_is_judged_and_every_poll_counted_once(
    histories: dict[str, list[PollRecord]],
) -> None:
    audit = judge(histories, POLICY)
    polls = sum(map(len, histories.values()))
    assert audit.polls == polls == sum(use.polls for use in audit.hosts)
    assert all(len(each.breaches) <= max(each.occasions, polls) for each in audit.behaviours)
