"""The audit notices every way in which polling could be rude."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.audit import Audit, Policy, judge
from feedd.model import PollRecord
from feedd.outcome import FULL_REQUEST_AFTER_S, MOVE_PROOFS

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


MOVED = {"moved": True, "redirects": 1}
DAYS = FULL_REQUEST_AFTER_S // DAY_S


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (poll(0, not_before=NOW + 100), poll(99), "1 s before the Retry-After was over"),
        (poll(0, not_before=NOW + 100), poll(100), None),
        (
            poll(0, next_poll=NOW + 900, fresh_until=NOW + HOUR_S),
            poll(HOUR_S - 1),
            "1 s sooner than wished for",
        ),
        (poll(0, fresh_until=NOW + HOUR_S), poll(HOUR_S), None),
        (poll(0, next_poll=NOW + 60), poll(899), "899 s after the last poll"),
        (poll(0, next_poll=NOW + 60), poll(900), None),
        (
            poll(0, 500, error="500", next_poll=NOW + HOUR_S),
            poll(HOUR_S, 500, error="500", next_poll=NOW + HOUR_S + 2879),
            "a wait of 2879 s after one of 3600 s",
        ),
        (
            poll(0, 500, error="500", next_poll=NOW + HOUR_S),
            poll(HOUR_S, 500, error="500", next_poll=NOW + HOUR_S + 2880),
            None,
        ),
        (poll(0, 200), poll(HOUR_S, 410, error="gone"), "another poll was planned"),
        (poll(0, 200), poll(HOUR_S, 401, error="no", next_poll=None), None),
        (
            poll(0, 200),
            poll(DAYS * DAY_S - 1, 200, conditional=False),
            "asked for the whole feed although it knew a validator",
        ),
        (poll(0, 200), poll(DAYS * DAY_S, 200, conditional=False), None),
        (poll(0, 200, error="not a feed"), poll(HOUR_S, 200, conditional=False), None),
    ],
)
def test_a_breach_begins_right_behind_what_is_allowed_and_says_by_how_much(
    before: PollRecord, after: PollRecord, said: str | None
) -> None:
    audit = judge({"a": [before, after]}, POLICY)
    assert [one.words for each in audit.behaviours for one in each.breaches] == [said] * bool(said)
    assert [(one.feed, one.at) for each in audit.behaviours for one in each.breaches] == [
        ("a", after.at)
    ] * bool(said)


def test_a_redirect_that_is_followed_again_and_again_is_counted_from_where_it_began() -> None:
    proofs = [poll(n * HOUR_S, **MOVED) for n in range(MOVE_PROOFS + 1)]
    (move,) = (one for one in judge({"a": proofs}, POLICY).behaviours if "redirects" in one.name)
    assert [one.words for one in move.breaches] == [
        f"led by the same redirect {MOVE_PROOFS + 1} times in a row"
    ]
    assert move.occasions == MOVE_PROOFS + 1
    for interruption in (
        poll(HOUR_S),
        poll(HOUR_S, error="x", **MOVED),
        poll(HOUR_S, url="https://b.example/feed", **MOVED),
    ):
        interrupted = [proofs[0], interruption, *proofs[2:]]
        assert broken(judge({"a": interrupted}, POLICY)) == {}


def test_what_each_host_had_of_us_is_counted_item_by_item_the_busiest_first() -> None:
    quiet = "https://quiet.example/feed"
    histories = {
        "a": [
            poll(0, 200, redirects=2, bytes=1000, next_poll=NOW + 60),
            poll(60, 304),
            poll(HOUR_S, 429, error="429", not_before=NOW + DAY_S, next_poll=NOW + DAY_S),
            poll(DAY_S, 503, error="503"),
            poll(DAY_S + 2 * HOUR_S, None, error="timeout"),
        ],
        "b": [poll(30, redirects=None)],
        "c": [poll(10, url=quiet)],
    }
    audit = judge(histories, POLICY)
    assert [one.host for one in audit.hosts] == ["a.example", "quiet.example"]
    busy = audit.hosts[0]
    assert (busy.feeds, busy.polls, busy.requests) == (2, 6, 8)
    assert (busy.whole, busy.unmodified, busy.bytes) == (1, 2, 1500)
    assert (busy.sooner, busy.throttled, busy.unavailable, busy.failed) == (1, 1, 1, 3)
    assert (audit.first, audit.last) == (NOW, NOW + DAY_S + 2 * HOUR_S)
    assert audit.by_hand == 1
    assert [one.at for one in audit.refusals] == [NOW + DAY_S, NOW + HOUR_S]
    assert [one.host for one in audit.refusals] == ["a.example"] * 2


def test_a_429_is_held_against_no_poll_that_was_under_way_when_it_came() -> None:
    refused = poll(0, 429, error="429", duration_ms=2000, not_before=NOW + HOUR_S, next_poll=None)
    for at, is_breach in [(2, False), (3, False), (4, True), (HOUR_S - 1, True), (HOUR_S, False)]:
        polls = {"a": [refused], "b": [poll(at)]}
        assert bool(broken(judge(polls, POLICY))) is is_breach, at
    unnamed = replace(refused, not_before=None)
    assert broken(judge({"a": [unnamed], "b": [poll(60)]}, POLICY)) == {}


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
