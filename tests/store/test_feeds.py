"""What is remembered of feeds, and how the file and the store agree."""

from __future__ import annotations

import sqlite3

import pytest
from msgspec.structs import replace

from feedd.model import FeedConfig, FeedState, Hints, PollRecord, Validators
from feedd.store import feeds, polls
from feedd.store.entries import HISTORY_POLLS, HISTORY_S, record
from feedd.store.polls import history
from feedd.store.stored_values import get_meta, set_meta
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, outcome, rows, state_of


def full_state(db: sqlite3.Connection) -> FeedState:
    return replace(
        state_of(db, "a"),
        active_url="https://moved.example/feed",
        state="failing",
        title="A title — ok",
        site="https://a.example/",
        language="en",
        validators=Validators("https://a.example/feed", 'W/"x"', "Thu, 1 Jan 1970"),
        body_hash=b"\0\1\2",
        items=b"12345678" * 3,
        hints=Hints(max_age_s=5, ttl_s=60, skip_hours=(1, 2), skip_days=(6,)),
        last_poll=NOW,
        last_success=NOW - 5,
        last_full=NOW - 9,
        last_status=503,
        last_error="it broke",
        failures=3,
        failing_since=NOW - 10,
        not_before=NOW + 10,
        next_poll=NOW + 20,
        next_reason="because",
        interval_s=77,
        rhythm="rhythm",
        move_to="https://elsewhere.example/",
        move_polls=1,
        keys="link",
        hub="https://hub.example/",
        suggested_url="https://better.example/",
        notes="odd",
    )


def test_every_value_of_a_feed_comes_back(db: sqlite3.Connection) -> None:
    state = full_state(db)
    record(db, [replace(outcome(state), state=state)], NOW)
    assert state_of(db, "a") == state


def test_new_feeds_are_due_at_once_and_only_once(db: sqlite3.Connection) -> None:
    assert [feed.name for feed in polls.due(db, NOW)] == ["a", "b", "c"]
    arrive(db, "b", entry(1))
    assert [feed.name for feed in polls.due(db, NOW)] == ["a", "c"]
    assert [feed.name for feed in polls.due(db, NOW + 3600)] == ["a", "c", "b"]
    assert [feed.name for feed in polls.due(db, NOW + 3600, 1)] == ["a"]


def test_when_the_next_feed_falls_due(db: sqlite3.Connection) -> None:
    assert polls.next_due(db, NOW) is None
    arrive(db, "b", entry(1))
    due = state_of(db, "b").next_poll
    assert due is not None
    assert polls.next_due(db, NOW) == due
    assert polls.next_due(db, due) is None


def test_syncing_the_same_file_writes_nothing(db: sqlite3.Connection) -> None:
    before = db.total_changes
    feeds.sync_feeds(db, configs("a", "b", "c"), NOW + 5)
    assert db.total_changes == before


def test_a_feed_out_of_the_file_keeps_its_items_and_is_not_polled(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1))
    feeds.sync_feeds(db, configs("b", "c"), NOW)
    assert state_of(db, "a").state == "removed"
    assert state_of(db, "a").next_poll is None
    assert rows(db, "SELECT count(*) FROM entries") == [1]
    assert [feed.name for feed in polls.due(db, NOW + DAY_S)] == ["b", "c"]
    feeds.sync_feeds(db, configs("a", "b", "c"), NOW + 60)
    assert state_of(db, "a").state == "ok"


def test_a_feed_switched_off_and_on_again(db: sqlite3.Connection) -> None:
    off = [configs("a")[0]._replace(enabled=False), *configs("b", "c")]
    arrive(db, "a", entry(1))
    feeds.sync_feeds(db, off, NOW)
    assert state_of(db, "a").state == "disabled"
    assert "a" not in [feed.name for feed in polls.due(db, NOW + DAY_S)]
    feeds.sync_feeds(db, configs("a", "b", "c"), NOW)
    assert state_of(db, "a").state == "ok"


@pytest.mark.parametrize("switched_off", [True, False])
@pytest.mark.parametrize(
    ("failures", "planned", "due"),
    [(0, 500, 500), (0, -500, -500), (2, 500, 9), (0, None, 9), (1, None, 9)],
)
def test_rule_09_a_feed_that_returns_is_asked_when_it_would_have_been_and_at_once_if_it_failed(
    db: sqlite3.Connection, switched_off: bool, failures: int, planned: int | None, due: int
) -> None:
    next_poll = None if planned is None else NOW + planned
    state = replace(state_of(db, "a"), failures=failures, last_poll=NOW, next_poll=next_poll)
    record(db, [replace(outcome(state), state=state)], NOW)
    a, *others = configs("a", "b", "c")
    without = [a._replace(enabled=False), *others] if switched_off else others
    feeds.sync_feeds(db, without, NOW)
    feeds.sync_feeds(db, [a, *others], NOW + 9)
    assert state_of(db, "a").next_poll == NOW + due


def test_a_retry_after_outlasts_leaving_the_file(db: sqlite3.Connection) -> None:
    state = replace(state_of(db, "a"), not_before=NOW + 500, next_poll=NOW + 500)
    record(db, [replace(outcome(state), state=state)], NOW)
    feeds.sync_feeds(db, configs("b"), NOW)
    feeds.sync_feeds(db, configs("a", "b"), NOW + 1)
    assert state_of(db, "a").next_poll == NOW + 500


def test_a_changed_url_keeps_the_items_and_starts_afresh(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1))
    record(db, [replace(outcome(full_state(db)), state=full_state(db))], NOW)
    feeds.sync_feeds(db, [FeedConfig("a", "https://new.example/"), *configs("b", "c")], NOW + 9)
    after = state_of(db, "a")
    assert (after.url, after.active_url) == ("https://new.example/", "https://new.example/")
    assert (after.validators, after.body_hash, after.items) == (None, None, b"")
    assert (after.failures, after.not_before, after.move_to) == (0, None, None)
    assert after.next_poll == NOW + 9
    assert rows(db, "SELECT count(*) FROM entries") == [1]


def test_a_poll_of_the_old_url_does_not_spoil_the_new_one(db: sqlite3.Connection) -> None:
    """Rule 3: the url was changed while a request to the old one was under way."""
    under_way = outcome(
        replace(state_of(db, "a"), validators=Validators("https://a.example/feed", '"old"')),
        [entry(1)],
    )
    feeds.sync_feeds(db, [FeedConfig("a", "https://new.example/"), *configs("b", "c")], NOW)
    record(db, [under_way], NOW)
    assert state_of(db, "a").validators is None
    assert state_of(db, "a").next_poll == NOW
    assert rows(db, "SELECT count(*) FROM entries") == [1], "what came is kept all the same"


def test_a_renamed_feed_keeps_its_items(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1))
    feed_id = state_of(db, "a").id
    feeds.sync_feeds(db, [FeedConfig("z", "https://a.example/feed"), *configs("b", "c")], NOW)
    assert state_of(db, "z").id == feed_id
    assert state_of(db, "z").last_poll == NOW, "and is not asked again for it"
    assert [feed.name for feed in feeds.feed_states(db)] == ["b", "c", "z"]


def test_two_feeds_that_swap_names_keep_their_names_items(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1))
    a, b, c = configs("a", "b", "c")
    feeds.sync_feeds(db, [a._replace(url=b.url), b._replace(url=a.url), c], NOW)
    assert state_of(db, "a").url == b.url
    assert rows(db, "SELECT f.name FROM entries e JOIN feeds f ON f.id = e.feed_id") == ["a"]


def test_401_is_tried_again_after_the_file_says_something_else(db: sqlite3.Connection) -> None:
    """Rule 25."""
    state = replace(
        state_of(db, "a"), state="failing", last_status=401, next_poll=None, last_poll=NOW
    )
    record(db, [replace(outcome(state), state=state)], NOW)
    feeds.sync_feeds(db, configs("a", "b", "c"), NOW)
    assert state_of(db, "a").next_poll is None
    changed = configs("a")[0]._replace(password_file="a.pass", username="me")
    feeds.sync_feeds(db, [changed, *configs("b", "c")], NOW + 1)
    assert state_of(db, "a").next_poll == NOW + 1


def test_no_secret_of_the_file_gets_into_the_database(db: sqlite3.Connection) -> None:
    secret = configs("a")[0]._replace(headers={"X-Token": "s3cr3t"}, username="me")
    feeds.sync_feeds(db, [secret], NOW)
    assert "s3cr3t" not in "\n".join(db.iterdump())


def test_postponing_leaves_all_else(db: sqlite3.Connection) -> None:
    before = state_of(db, "a")
    polls.postpone(db, {before.id: NOW + 7}, "in its turn")
    assert state_of(db, "a") == replace(before, next_poll=NOW + 7, next_reason="in its turn")


def test_history_is_bounded_in_number_and_in_time(db: sqlite3.Connection) -> None:
    for n in range(HISTORY_POLLS + 5):
        record(db, [outcome(state_of(db, "a"), at=NOW + n)], NOW + n)
    kept = history(db, state_of(db, "a").id)
    assert len(kept) == HISTORY_POLLS
    assert [poll.at for poll in kept[:2]] == [NOW + HISTORY_POLLS + 4, NOW + HISTORY_POLLS + 3]
    record(db, [outcome(state_of(db, "a"), at=NOW + HISTORY_S + 100)], NOW)
    assert history(db, state_of(db, "a").id)[-1].at >= NOW + 100
    assert len(history(db, state_of(db, "a").id, 3)) == 3


def test_a_polls_record_comes_back_whole(db: sqlite3.Connection) -> None:
    state = state_of(db, "a")
    for url in (state.url, "https://elsewhere.example/x"):
        poll = PollRecord(
            NOW, url, 304, 12, 7, 1, 2, "error", NOW + 1, "reason", True, False, 2, True, 9, None
        )
        record(db, [replace(outcome(state), poll=poll)], NOW)
        assert history(db, state.id, 1) == [poll]


def test_meta_values(db: sqlite3.Connection) -> None:
    assert get_meta(db, "price") is None
    set_meta(db, "price", "1.5")
    set_meta(db, "price", "2.5")
    assert get_meta(db, "price") == "2.5"


@pytest.mark.parametrize("names", [["b"], ["b", "a", "b"], ["nope"], []])
def test_states_by_name(db: sqlite3.Connection, names: list[str]) -> None:
    expected = sorted(set(names) & {"a", "b", "c"})
    assert [feed.name for feed in feeds.feed_states(db, names)] == expected
