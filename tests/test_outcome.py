"""What a poll's outcome changes about a feed, rule by rule."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd import outcome
from feedd.model import FeedState, Hints, ParsedFeed, Response, Validators
from feedd.outcome import Failure, FailureKind

NOW = 1_790_000_000
DAY_S = 86_400
URL = "https://example.org/feed"
MOVED = "https://example.net/new"
STORED = Validators(URL, etag='"a"', last_modified="Tue, 01 Sep 2026 00:00:00 GMT")
FEED = FeedState(
    1,
    "f",
    URL,
    URL,
    state="ok",
    validators=STORED,
    body_hash=b"old",
    last_success=NOW - DAY_S,
    last_full=NOW - DAY_S,
)
DOCUMENT = ParsedFeed("rss20", "A title", "https://example.org/", ())


def answer(status: int = 200, permanent: str | None = None, *, cut: bool = False) -> Response:
    return Response(status, permanent or URL, {}, b"", permanent_url=permanent, truncated=cut)


def after_200(state: FeedState, response: Response) -> FeedState:
    return outcome.parsed(
        state,
        response,
        DOCUMENT,
        validators=Validators(response.url, etag='"b"'),
        max_age_s=60,
        body_hash=b"new",
        keys="guid",
        notes=(),
        now=NOW,
    )


def after_304(state: FeedState, carried: Validators | None, response: Response) -> FeedState:
    return outcome.unchanged(state, response, validators=carried, max_age_s=None, now=NOW)


def test_rule_02_a_200_without_validators_forgets_the_old_ones() -> None:
    state = outcome.unchanged(FEED, answer(200), validators=None, max_age_s=None, now=NOW)
    assert state.validators is None


def test_rule_04_a_304_keeps_what_it_does_not_mention_and_updates_what_it_does() -> None:
    state = after_304(FEED, Validators(URL, etag='"c"'), answer(304))
    assert state.validators == Validators(URL, '"c"', STORED.last_modified)
    assert after_304(FEED, None, answer(304)).validators == STORED
    assert (state.state, state.failures, state.last_success) == ("ok", 0, NOW)


def test_rule_04_a_304_updates_the_freshness_it_carries_and_keeps_the_documents_own() -> None:
    hinted = replace(FEED, hints=Hints(max_age_s=10, ttl_s=3600))
    renewed = outcome.unchanged(hinted, answer(304), validators=None, max_age_s=99, now=NOW)
    assert renewed.hints == Hints(max_age_s=99, ttl_s=3600)
    assert after_304(hinted, None, answer(304)).hints == hinted.hints


def test_rule_07_a_failure_keeps_validators_and_entries_so_nothing_is_skipped() -> None:
    state = outcome.failed(FEED, Failure("parse", "no"), retry_after_s=None, now=NOW)
    assert (state.validators, state.body_hash) == (STORED, b"old")
    assert (state.failures, state.failing_since, state.last_error) == (1, NOW, "no")


@pytest.mark.parametrize(("age_days", "sent"), [(29, STORED), (30, None)])
def test_rule_08_after_30_days_of_304_a_whole_answer_is_asked_for(
    age_days: int, sent: Validators | None
) -> None:
    state = replace(FEED, last_full=NOW - age_days * DAY_S)
    assert outcome.request_validators(state, NOW) == sent


def test_rule_08_a_304_does_not_count_as_a_whole_answer_but_a_repeated_body_does() -> None:
    assert after_304(FEED, None, answer(304)).last_full == FEED.last_full
    assert after_304(FEED, None, answer(200)).last_full == NOW


def test_rule_18_a_permanent_redirect_is_followed_for_good_after_two_proofs_in_a_row() -> None:
    once = after_200(FEED, answer(permanent=MOVED))
    assert (once.active_url, once.move_to) == (URL, MOVED)
    twice = after_304(once, None, answer(304, MOVED))
    assert twice.active_url == MOVED


def test_rule_18_a_failure_between_two_proofs_starts_the_count_again() -> None:
    once = after_200(FEED, answer(permanent=MOVED))
    failed = outcome.failed(once, Failure("timeout", "t"), retry_after_s=None, now=NOW)
    assert after_200(failed, answer(permanent=MOVED)).active_url == URL


def test_rule_18_another_target_starts_the_count_again() -> None:
    once = after_200(FEED, answer(permanent=MOVED))
    other = after_200(once, answer(permanent="https://example.com/third"))
    assert (other.active_url, other.move_polls) == (URL, 1)


def test_rule_19_a_temporary_redirect_is_never_remembered() -> None:
    state = after_200(after_200(FEED, answer()), answer())
    assert (state.active_url, state.move_to) == (URL, None)


def test_a_moved_feed_whose_new_place_dies_is_asked_at_its_old_place_again() -> None:
    state = replace(FEED, active_url=MOVED)
    for _ in range(outcome.MOVE_GIVEN_UP_AFTER):
        assert state.active_url == MOVED
        state = outcome.failed(state, Failure("dns", "no such host"), retry_after_s=None, now=NOW)
    assert state.active_url == URL


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "unauthorised"),
        (403, "refused"),
        (404, "refused"),
        (410, "gone"),
        (429, "throttled"),
        (500, "server"),
        (503, "unavailable"),
        (418, "client"),
        (511, "server"),
    ],
)
def test_rule_22_statuses_are_told_apart_in_words(status: int, kind: str) -> None:
    failure = outcome.status_failure(status, conditional=True)
    assert failure is not None
    assert failure.kind == kind
    assert str(status) in failure.message


def test_a_304_that_nobody_asked_for_is_an_error_not_a_success() -> None:
    assert outcome.status_failure(304, conditional=True) is None
    unasked = outcome.status_failure(304, conditional=False)
    assert unasked is not None
    assert unasked.kind == "protocol"


def test_rule_24_410_means_gone_and_items_stay() -> None:
    failure = outcome.status_failure(410, conditional=False)
    assert failure is not None
    state = outcome.failed(FEED, failure, retry_after_s=None, now=NOW)
    assert state.state == "gone"


def test_rule_29_a_body_cut_short_stores_no_validators_and_counts_as_failure() -> None:
    state = after_200(FEED, answer(cut=True))
    assert (state.validators, state.body_hash, state.items) == (None, None, b"")
    assert (state.failures, state.last_success) == (1, FEED.last_success)
    again = after_200(state, answer(cut=True))
    assert again.failures == 2


def test_retry_after_is_remembered_until_the_next_success() -> None:
    slow = outcome.failed(FEED, Failure("throttled", "429", 429), retry_after_s=120, now=NOW)
    assert slow.not_before == NOW + 120
    assert after_200(slow, answer()).not_before is None


def test_a_feed_that_became_a_page_suggests_the_feed_that_the_page_names() -> None:
    failure = Failure("not-a-feed", "a page", 200, ("https://example.org/rss",))
    state = outcome.failed(FEED, failure, retry_after_s=None, now=NOW)
    assert (state.suggested_url, state.active_url) == ("https://example.org/rss", URL)


@given(st.integers(-1, 10**6), st.booleans())
def test_every_status_is_a_success_or_a_failure_in_words(status: int, conditional: bool) -> None:
    failure = outcome.status_failure(status, conditional=conditional)
    assert (failure is None) == (200 <= status < 300 or (status == 304 and conditional))
    if failure is not None:
        assert str(status) in failure.message
        assert "\n" not in failure.message


@given(
    failures=st.lists(
        st.builds(Failure, st.sampled_from(get_args(FailureKind)), st.text(max_size=9)), min_size=1
    ),
    retry_after_s=st.none() | st.integers(0, 10**6),
)
def test_no_row_of_failures_loses_what_vouches_for_the_entries(
    failures: list[Failure], retry_after_s: int | None
) -> None:
    state = FEED
    for failure in failures:
        state = outcome.failed(state, failure, retry_after_s=retry_after_s, now=NOW)
    assert (state.validators, state.body_hash) == (FEED.validators, FEED.body_hash)
    assert state.failures == len(failures)
    assert state.last_error == failures[-1].message


def after_document(state: FeedState, document: ParsedFeed) -> FeedState:
    return outcome.parsed(
        state,
        answer(),
        document,
        validators=None,
        max_age_s=None,
        body_hash=b"new",
        keys="guid",
        notes=(),
        now=NOW,
    )


def test_a_feed_that_is_renamed_or_moves_house_is_listed_under_its_new_name() -> None:
    before = replace(FEED, title="Old", site="https://old.example/", language="de")
    named = ParsedFeed("rss20", "New", "https://new.example/", (), language="fr")
    state = after_document(before, named)
    assert (state.title, state.site, state.language) == ("New", "https://new.example/", "fr")
    state = after_document(before, ParsedFeed("rss20", None, None, ()))
    assert (state.title, state.site, state.language) == ("Old", "https://old.example/", "de")


def test_a_moved_feed_that_is_gone_from_its_new_place_is_tried_where_it_came_from() -> None:
    moved = replace(FEED, active_url=MOVED)
    state = outcome.failed(moved, Failure("gone", "gone", 410), retry_after_s=None, now=NOW)
    assert state.active_url == URL
    state = outcome.failed(moved, Failure("server", "http 500", 500), retry_after_s=None, now=NOW)
    assert state.active_url == MOVED, "but one failure of another kind says little"


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (202, {"x-amzn-waf-action": "challenge"}, b""),
        (403, {"cf-mitigated": "challenge"}, b"<title>Just a moment...</title>"),
        (403, {}, b"<html><title>Attention</title>Please solve the CAPTCHA</html>"),
        (503, {}, b"<html>Checking your browser before you go on</html>"),
        (429, {}, b"<html><title>Are you a robot?</title></html>"),
    ],
)
def test_rule_50_a_robot_check_is_told_as_what_it_is(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    failure = outcome.answer_failure(Response(status, URL, headers, body), conditional=False)
    assert failure is not None
    assert outcome.ROBOT_CHECK in failure.message
    assert failure.kind == "robot-check", "never counted as a captive portal's page"
    assert failure.holds_host == (status == 429)


def test_rule_50_a_cookie_wall_is_told_as_what_it_is() -> None:
    page = b"<html><title>Oops</title><p>Please enable your browser's cookies.</p></html>"
    for status in (200, 403):
        failure = outcome.answer_failure(Response(status, URL, {}, page), conditional=False)
        assert failure is not None
        assert failure.kind == "robot-check"
        assert failure.message == f"{status}: {outcome.COOKIE_WALL}"


def test_rule_50_a_feed_about_captchas_is_a_feed() -> None:
    body = b"<rss><channel><title>All about captcha</title></channel></rss>"
    for status in (200, 202, 203, 226):
        assert outcome.answer_failure(Response(status, URL, {}, body), conditional=False) is None
    page = b"<html><title>About captchas</title>" + b"<p>All I know of them.</p>" * 100
    failure = outcome.answer_failure(
        Response(404, URL, {}, b"<html>gone</html>"), conditional=False
    )
    assert failure is not None
    assert "robot" not in failure.message
    assert outcome.answer_failure(Response(200, URL, {}, page), conditional=False) is None


def test_a_redirect_to_nowhere_and_an_answer_without_a_document_say_so() -> None:
    nowhere = outcome.answer_failure(Response(302, URL, {}), conditional=False)
    empty = outcome.answer_failure(Response(202, URL, {}), conditional=False)
    assert nowhere is not None
    assert "Location" in nowhere.message
    assert empty is not None
    assert "without a document" in empty.message


def test_rule_51_a_coding_that_is_none_is_said() -> None:
    odd = Response(200, URL, {"content-encoding": "gzip, utf-8"})
    assert "'utf-8'" in str(outcome.coding_note(odd))
    assert outcome.coding_note(Response(200, URL, {"content-encoding": "gzip"})) is None
