"""What an answer or a push changes, all of it in one value and nothing of it written."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

import feedd.poller
from feedd import identity
from feedd.model import (
    ArticlesMode,
    Entry,
    FeedConfig,
    FeedState,
    HostBackoff,
    KeyedEntry,
    ParsedFeed,
    PollOutcome,
    Response,
    Settings,
    Subscription,
    Validators,
)
from feedd.outcome import Failure, status_failure
from feedd.poller.decide import PollContext, Push, StoredFacts, decide_poll
from feedd.poller.document import ParsedDocument
from feedd.poller.entry_changes import (
    GAP_FILLED_NOTE,
    GAP_NOTE,
    PAGES_AT_ONCE,
    PAGES_LATER_S,
    gap_is_recent,
    gap_notes,
    muted,
    new_entries,
    page_wanted,
)
from feedd.poller.fetch import FetchResult, with_answer
from feedd.poller.push import lease
from feedd.units import DAY_S, HOUR_S

NOW = 1_790_000_000
URL = "https://blog.example/feed"
HUB = "https://hub.example/"
CONTEXT = PollContext(
    Settings(database=Path("x.db"), websub_callback="https://me.example/"), None, random.Random(1)
)
FEED = FeedConfig("f", URL)
STATE = FeedState(
    1,
    "f",
    URL,
    URL,
    state="ok",
    validators=Validators(URL, etag='"1"'),
    last_poll=NOW - HOUR_S,
    last_success=NOW - HOUR_S,
    last_full=NOW - HOUR_S,
    next_poll=NOW,
    interval_s=HOUR_S,
)
TRUSTED = Subscription(1, "f", HUB, URL, "token", "secret", state="verified", pushes=3)


def document(*keys: str, hub: str | None = None) -> ParsedDocument:
    entries = tuple(
        KeyedEntry(Entry(key, f"https://blog.example/{key}", key), key, None, key, key.encode())
        for key in keys
    )
    return ParsedDocument(ParsedFeed("rss20", "t", None, (), hub=hub), entries, "guid")


def answered(status: int, *, retry_after_s: int | None = None) -> PollOutcome:
    failure = status_failure(status, conditional=True)
    assert failure is not None
    result = FetchResult(STATE, FEED, NOW, True, Response(status, URL, {}), failure, retry_after_s)
    return decide_poll(result, StoredFacts(), CONTEXT)


def polled(parsed: ParsedDocument, subscription: Subscription | None = None) -> PollOutcome:
    state = replace(STATE, hub=subscription.hub if subscription else None)
    result = FetchResult(state, FEED, NOW, True, Response(200, URL, {}), document=parsed)
    return decide_poll(result, StoredFacts(subscription=subscription), CONTEXT)


def test_a_429_holds_its_host_for_as_long_as_it_said_and_keeps_all_else() -> None:
    decided = answered(429, retry_after_s=2 * DAY_S)
    assert decided.backoff == HostBackoff("blog.example", NOW + 2 * DAY_S)
    assert decided.state.not_before == decided.poll.not_before == NOW + 2 * DAY_S
    assert (decided.state.next_poll or 0) >= NOW + 2 * DAY_S
    assert decided.state.failures == 1
    assert decided.state.validators == STATE.validators
    assert (decided.new, decided.changed, decided.hub, decided.missing) == ((), (), None, None)


def test_a_429_that_names_no_time_holds_its_host_for_as_long_as_the_feed_waits() -> None:
    decided = answered(429)
    assert decided.backoff == HostBackoff("blog.example", decided.state.next_poll or 0)


@pytest.mark.parametrize(
    ("status", "missing"), [(404, True), (410, True), (403, None), (500, None), (503, None)]
)
def test_only_what_says_that_the_feed_is_elsewhere_makes_it_looked_for(
    status: int, missing: bool | None
) -> None:
    decided = answered(status, retry_after_s=60)
    assert decided.missing is missing
    assert decided.backoff is None


def test_a_feed_that_answers_again_is_looked_for_no_longer() -> None:
    result = FetchResult(
        replace(STATE, state="failing", failures=9), FEED, NOW, True, Response(304, URL, {})
    )
    assert decide_poll(result, StoredFacts(), CONTEXT).missing is False


def test_a_hub_is_a_value_of_the_outcome_and_a_new_one_has_a_secret_of_its_own() -> None:
    first, second = (polled(document("a", hub=HUB)).hub for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.subscription is not None
    assert second.subscription is not None
    assert first.subscription.state == "offered"
    assert len({first.subscription.secret, second.subscription.secret}) == 2
    assert len({first.subscription.token, second.subscription.token}) == 2


def test_a_hub_that_is_known_stays_and_one_that_is_gone_is_forgotten() -> None:
    idle = replace(TRUSTED, pushes=0)
    assert polled(document(hub=HUB), idle).hub is None
    dropped = polled(document(), idle).hub
    assert dropped is not None
    assert dropped.subscription is None


def test_news_that_no_push_brought_ends_the_trust_in_pushes() -> None:
    change = polled(document("a", hub=HUB), TRUSTED).hub
    assert change is not None
    assert change.subscription == replace(TRUSTED, pushes=0)


def test_while_pushes_come_the_next_poll_is_later() -> None:
    usual = polled(document(hub=HUB), replace(TRUSTED, pushes=0))
    rarer = polled(document(hub=HUB), TRUSTED)
    assert (rarer.state.next_poll or 0) > (usual.state.next_poll or 0)
    assert rarer.poll.next_poll == rarer.state.next_poll
    assert "hub.example pushes" in rarer.state.next_reason


def test_a_push_brings_entries_and_leaves_what_is_known_of_the_feeds_own_address() -> None:
    push = Push(STATE, FEED, NOW, URL, 100, document("a", "b"))
    decided = decide_poll(push, StoredFacts(subscription=TRUSTED), CONTEXT)
    assert [new.keyed.key for new in decided.new] == ["a", "b"]
    assert decided.pushed
    assert decided.hub is not None
    assert decided.hub.subscription == replace(TRUSTED, pushes=4, last_push=NOW)
    kept = replace(
        decided.state,
        rhythm=STATE.rhythm,
        next_poll=STATE.next_poll,
        next_reason=STATE.next_reason,
    )
    assert kept == STATE
    assert (decided.poll.status, decided.poll.new) == (None, 2)


def test_an_entry_polled_or_pushed_is_the_same_new_entry() -> None:
    push = Push(STATE, FEED, NOW, URL, 100, document("a", "b"))
    pushed = decide_poll(push, StoredFacts(subscription=TRUSTED), CONTEXT)
    assert pushed.new == polled(document("a", "b")).new


def test_a_failed_look_at_a_feed_changes_no_subscription() -> None:
    state = replace(STATE, hub=HUB)
    failure = Failure("timeout", "not finished within 30 s")
    result = FetchResult(state, FEED, NOW, True, failure=failure)
    decided = decide_poll(result, StoredFacts(subscription=TRUSTED), CONTEXT)
    assert (decided.hub, decided.state.hub) == (None, HUB)


def test_nothing_is_read_or_written_while_deciding() -> None:
    """What decides knows no database: what the store holds is passed in, what changes comes out."""
    room = Path(feedd.poller.__file__).parent
    for name in ("decide.py", "entry_changes.py", "push/hub.py", "push/lease.py"):
        tree = ast.parse((room / name).read_text(encoding="utf-8"))
        imported = {
            node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        } | {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
        strays = {m for m in imported if m.startswith(("feedd.store", "sqlite3", "feedd.http"))}
        assert imported
        assert not strays, f"{name} imports {strays}"


def test_what_is_known_of_a_hub_is_said_rather_than_that_it_does_not_answer() -> None:
    first = lease.asked(TRUSTED, NOW)
    assert first.error is None
    ignored = lease.asked(first, NOW)
    assert ignored.error == "the hub does not answer"
    assert (first.pushes, ignored.pushes) == (TRUSTED.pushes, 0), (
        "polls wait for none of its pushes"
    )
    refused = lease.refused(first, "the hub says no (404)")
    assert lease.asked(refused, NOW).error == "the hub says no (404)"


def test_a_body_is_not_kept_in_memory_until_its_feed_is_stored() -> None:
    result = FetchResult(STATE, FEED, NOW, False)
    answered = with_answer(result, Response(200, URL, {}, b"<rss/>" * 1_000_000))
    assert answered.response is not None
    assert answered.response.body == b""
    assert answered.body_hash != with_answer(result, Response(200, URL, {}, b"")).body_hash


def test_what_is_left_of_a_hub_that_a_feed_no_longer_names_is_forgotten() -> None:
    named = FetchResult(
        replace(STATE, hub=HUB), FEED, NOW, True, Response(200, URL, {}), document=document("a")
    )
    assert decide_poll(named, StoredFacts(), CONTEXT).state.hub is None
    followed = replace(named, feed=STATE)
    change = decide_poll(followed, StoredFacts(subscription=TRUSTED), CONTEXT).hub
    assert change is not None
    assert change.subscription is None


def test_a_feed_that_was_never_polled_is_polled_though_its_hub_pushes() -> None:
    never = replace(STATE, last_poll=None, next_poll=NOW)
    decided = decide_poll(
        Push(never, FEED, NOW, URL, 100, document("a")), StoredFacts(subscription=TRUSTED), CONTEXT
    )
    assert decided.state.next_poll == NOW


def test_rule_36_that_entries_share_a_link_is_still_said_where_they_were_passed_as_seen() -> None:
    passed = document("a")
    passed = replace(passed, feed=replace(passed.feed, skipped=2))
    for notes, said in ((identity.SHARED_LINKS, True), (None, False), ("something else", False)):
        result = FetchResult(
            replace(STATE, notes=notes), FEED, NOW, True, Response(200, URL, {}), document=passed
        )
        told = decide_poll(result, StoredFacts(), CONTEXT).state.notes
        assert (identity.SHARED_LINKS in (told or "")) is said
    fresh = FetchResult(
        replace(STATE, notes=identity.SHARED_LINKS), FEED, NOW, True, Response(200, URL, {}),
        document=document("a"),
    )  # fmt: skip
    assert decide_poll(fresh, StoredFacts(), CONTEXT).state.notes is None


# ---------------------------------------------------------------- entries


def keyed(key: str, published: int | None = None, link: str | None = "https://b/") -> KeyedEntry:
    return KeyedEntry(
        Entry(key, link, key, published=published), key, None, key, key.encode(), partial=True
    )


def test_rule_17_of_many_pages_the_newest_come_first_and_the_others_hours_later() -> None:
    dated = [keyed(f"{n}", published=NOW - n) for n in range(45)]
    dated = [*dated[20:], *dated[:20]]
    delays = {one.keyed.key: one.page_delay_s for one in new_entries(dated, (), lambda _: True)}
    assert delays == {f"{n}": n // PAGES_AT_ONCE * PAGES_LATER_S for n in range(45)}


@pytest.mark.parametrize("undated", [0, 7])
def test_rule_17_where_an_entry_has_no_date_the_documents_order_counts(undated: int) -> None:
    entries = [keyed(f"{n}", published=NOW + n) for n in range(21)]
    entries[undated] = keyed(f"{undated}")
    new = new_entries(entries, (), lambda _: True, unread=2)
    assert [one.page_delay_s for one in new] == [0] * 20 + [PAGES_LATER_S]
    assert [one.keyed.key for one in new if not one.read] == ["0", "1"]


@pytest.mark.parametrize(
    ("word", "title", "is_muted"),
    [
        ("ad", "Bad news", True),
        ("/^Ad/", "Ad: buy", True),
        ("/^Ad/", "ad: buy", False),
        ("/^Ad/", "Bad", False),
        ("/a", "an a", False),
        ("/a", "either/and", True),
        ("a/", "a/b", True),
        ("a/", "xa", False),
        ("/", "news", False),
        ("/", "news/more", True),
        ("//", "news", False),
        ("//", "https://x", True),
        ("/x/", "an x", True),
        ("/x/", "/y/", False),
    ],
)
def test_a_word_between_two_slashes_is_a_pattern_and_any_other_is_itself(
    word: str, title: str, is_muted: bool
) -> None:
    assert muted(title, [word]) is is_muted
    assert muted(title, ["nothing of it", word]) is is_muted


@pytest.mark.parametrize(
    ("of_feed", "of_all", "link", "partial", "wanted"),
    [
        (None, "always", "https://b/", False, True),
        (None, "never", "https://b/", True, False),
        (None, "auto", "https://b/", True, True),
        (None, "auto", "https://b/", False, False),
        ("always", "never", "https://b/", False, True),
        ("never", "always", "https://b/", True, False),
        ("auto", "never", "https://b/", True, True),
        (None, "always", None, True, False),
        ("auto", "auto", None, True, False),
    ],
)
def test_rule_17_whose_page_is_fetched_the_file_says(
    of_feed: ArticlesMode | None,
    of_all: ArticlesMode,
    link: str | None,
    partial: bool,
    wanted: bool,
) -> None:
    feed = FeedConfig("f", URL, articles=of_feed)
    settings = Settings(database=Path("x.db"), articles=of_all)
    assert page_wanted(feed, settings)(replace(keyed("a", link=link), partial=partial)) is wanted


def test_a_gap_is_told_for_a_week_to_the_second() -> None:
    for age_s, told in ((0, True), (7 * DAY_S - 1, True), (7 * DAY_S, False)):
        feed = replace(STATE, gap_at=NOW - age_s)
        assert gap_is_recent(feed, NOW) is told
        assert gap_notes(feed, NOW, gap=False) == ([GAP_NOTE] if told else [])
    filled = replace(STATE, gap_at=NOW - 9, notes=f"x; {GAP_FILLED_NOTE}")
    assert gap_notes(filled, NOW, gap=False) == [GAP_FILLED_NOTE]
    assert gap_notes(filled, NOW, gap=True) == [GAP_NOTE]
    assert not gap_is_recent(STATE, NOW)
