"""What one poll's outcome changes about a feed: validators, moves, failures, health. Pure.

Each function takes the remembered state and what happened, and returns the state to remember. When
to poll next is not decided here but in `schedule`. Rule numbers are those of docs/politeness.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from feedd.errors import FetchErrorKind
from feedd.model import EntryKeys, FeedState, ParsedFeed, Response, Validators
from feedd.units import DAY_S
from feedd.web.codings import KNOWN, codings_of

FULL_REQUEST_AFTER_S = 30 * DAY_S
"""Rule 8: so long after the last body, one request goes out without validators."""

MOVE_PROOFS = 2
"""Rule 18: polls in a row on which the target of a permanent redirect must prove to be a feed."""

MOVE_GIVEN_UP_AFTER = 3
"""Failures in a row after which a moved feed is asked at its configured address again."""

CUT_SHORT = "the answer was cut short: its complete entries are stored, the rest comes next time"

FailureKind = (
    FetchErrorKind
    | Literal[
        "gone",  # 410
        "unauthorised",  # 401
        "refused",  # 403, 404
        "throttled",  # 429
        "unavailable",  # 503
        "server",  # other 5xx
        "client",  # other 4xx, unexpected statuses
        "not-a-feed",
        "parse",
        "configuration",  # a file that the configuration names can't be read
    ]
)
"""How an exchange failed, or what its answer was."""

_STATUS_KINDS: dict[int, FailureKind] = {
    401: "unauthorised",
    403: "refused",
    404: "refused",
    407: "proxy",
    410: "gone",
    429: "throttled",
    503: "unavailable",
}

_STATUS_WORDS: dict[int, str] = {
    400: "400 Bad Request: the server does not accept the request",
    401: "401 Unauthorized: check username and password_file of this feed",
    402: "402 Payment Required: the server wants money for this feed",
    403: "403 Forbidden: the server refuses to serve this feed to us",
    404: "404 Not Found: there is nothing at this address",
    406: '406 Not Acceptable: the server may give it for headers = { Accept = "text/html" }',
    407: "407 Proxy Authentication Required: the proxy wants a name and a password; see proxy",
    410: "410 Gone: the publisher has ended this feed",
    429: "429 Too Many Requests: the server asks us to slow down",
    451: "451 Unavailable For Legal Reasons",
    500: "500 Internal Server Error: the server is broken at the moment",
    502: "502 Bad Gateway: the server is broken at the moment",
    503: "503 Service Unavailable: the server is overloaded or under maintenance",
    504: "504 Gateway Timeout: the server is overloaded",
    511: "511 Network Authentication Required: the network wants a log-in first",
}


class Failure(Struct, frozen=True):
    """Why a poll brought nothing. `status` is the HTTP status where there was one."""

    kind: FailureKind
    message: str
    status: int | None = None
    advertised: tuple[str, ...] = ()

    @property
    def says_missing(self) -> bool:
        """Does it say that the feed is elsewhere, or nowhere?"""
        return self.kind in ("gone", "not-a-feed") or self.status == 404

    @property
    def holds_host(self) -> bool:
        """Does the host want to be left alone (429), whatever page it says so with?"""
        return self.status == 429

    @property
    def wants_log_in(self) -> bool:
        """Does the network answer in the place of every server (511) [RFC 6585 6]?"""
        return self.status == 511


def unexpected(error: Exception) -> Failure:
    """What a bug of ours did to one poll. The feed is asked again later, as after any failure."""
    words = f"unexpected {type(error).__name__}: {error}; a bug, please report it"
    return Failure("protocol", words)


def request_validators(state: FeedState, now: int) -> Validators | None:
    """The validators to send: the stored ones, or none when a full answer is overdue (rule 8)."""
    if state.last_full is None or now - state.last_full >= FULL_REQUEST_AFTER_S:
        return None
    return state.validators


def status_failure(status: int, *, conditional: bool) -> Failure | None:
    """The failure that a final status stands for; None for 2xx (rule 50), and for a 304 that we
    asked for.
    """
    if 200 <= status < 300 or (status == 304 and conditional):
        return None
    if status == 304:
        return Failure("protocol", "304 Not Modified although we named no version", status)
    kind = _STATUS_KINDS.get(status, "server" if status >= 500 else "client")
    words = _STATUS_WORDS.get(status, f"unexpected answer: HTTP status {status}")
    return Failure(kind, words, status)


def answer_failure(response: Response, *, conditional: bool) -> Failure | None:
    """The failure that an answer is: by its status, or because a robot check or a cookie wall
    stands in the place of what was asked for (rule 50).
    """
    status = response.status
    # Most answers need no closer look, and a poll of those alone no words to look for.
    if status != 304 and (status != 200 or not response.body.startswith(b"<?xml")):
        from feedd.web import robot_checks

        checked_by = robot_checks.robot_check(status, response.headers, response.body)
        if checked_by == robot_checks.COOKIES:
            return Failure("robot-check", f"{status}: {COOKIE_WALL}", status)
        if checked_by is not None:
            named = "" if checked_by == robot_checks.UNNAMED else f" ({checked_by})"
            return Failure("robot-check", f"{status}: {ROBOT_CHECK}{named}", status)
    failure = status_failure(status, conditional=conditional)
    if failure is None and status not in (200, 304) and not response.body.strip():
        return Failure("client", f"{status} without a document: nothing to read yet", status)
    if status in (301, 302, 303, 307, 308) and "location" not in response.headers:
        words = f"{status} without a Location: the server redirects to nowhere"
        return Failure("client", words, status)
    return failure


ROBOT_CHECK = (
    "a robot check answers instead of the feed, and feedd cannot pass it: ask the publisher to let"
    " feed readers in, or try another address or user_agent"
)
COOKIE_WALL = (
    "a page that wants cookies answers instead of the feed, and feedd keeps none: ask the publisher"
    " to let feed readers in, or try another address"
)


def coding_note(response: Response) -> str | None:
    """In words, that a content coding of an answer is none (rule 51)."""
    said = codings_of(response.headers.get("content-encoding", ""))
    odd = next((one for one in said if one not in KNOWN), None)
    return odd and f"Content-Encoding {odd[:40]!r} names no compression; ignored"


def failed(state: FeedState, failure: Failure, *, retry_after_s: int | None, now: int) -> FeedState:
    """The feed after a poll that brought nothing usable (rules 7, 21 to 25).

    Validators, entries and moves stay as they were; only 410 ends a feed. A moved feed whose new
    place keeps failing is asked at its configured address again.
    """
    failures = state.failures + 1
    move_failed = failures >= MOVE_GIVEN_UP_AFTER or failure.kind == "gone"
    return replace(
        state,
        state="gone" if failure.kind == "gone" else "failing",
        active_url=state.url if move_failed else state.active_url,
        move_polls=0,
        failures=failures,
        failing_since=state.failing_since or now,
        last_poll=now,
        last_status=failure.status,
        last_error=failure.message,
        suggested_url=failure.advertised[0] if failure.advertised else state.suggested_url,
        not_before=now + retry_after_s if retry_after_s is not None else state.not_before,
    )


def unchanged(
    state: FeedState,
    response: Response,
    *,
    validators: Validators | None,
    max_age_s: int | None,
    now: int,
) -> FeedState:
    """The feed after a 304, or a 200 with the body of last time (rules 4 and 6).

    `validators` are those the response carries. A 304 may carry only some of them, or none: what it
    leaves out stays [RFC 9111 4.3.4]; a 200 replaces them as a pair.
    """
    if response.status == 304:
        kept = _updated_validators(state.validators, validators)
    else:
        kept = validators
    hints = state.hints
    if max_age_s != hints.max_age_s and (max_age_s is not None or response.status != 304):
        hints = replace(hints, max_age_s=max_age_s)
    return replace(
        state,
        **_succeeded(state, response, now),
        validators=kept,
        hints=hints,
        last_full=now if response.status != 304 else state.last_full,
    )


def parsed(
    state: FeedState,
    response: Response,
    feed: ParsedFeed,
    *,
    validators: Validators | None,
    max_age_s: int | None,
    body_hash: bytes,
    keys: EntryKeys,
    notes: Sequence[str],
    now: int,
) -> FeedState:
    """The feed after a body that is a feed.

    A body cut short stores neither validators nor its hash, so that the next poll gets it whole
    (rule 29), and counts as a failure.
    """
    said = replace(
        state,
        title=feed.title or state.title,
        site=feed.site or state.site,
        language=feed.language or state.language,
        hints=replace(feed.hints, max_age_s=max_age_s),
        keys=keys,
        notes="; ".join(dict.fromkeys(notes)) or None,
        suggested_url=None,
    )
    if response.truncated:
        cut = Failure("truncated", CUT_SHORT, response.status)
        incomplete = replace(said, validators=None, body_hash=None, items=b"")
        return failed(incomplete, cut, retry_after_s=None, now=now)
    return replace(
        said,
        **_succeeded(said, response, now),
        validators=validators,
        body_hash=body_hash,
        items=feed.items,
        last_full=now,
    )


def _succeeded(state: FeedState, response: Response, now: int) -> dict[str, Any]:
    """What every success changes. (Fields, not a state: to copy one is dear.)"""
    return {
        "state": "ok",
        "failures": 0,
        "failing_since": None,
        "last_poll": now,
        "last_success": now,
        "last_status": response.status,
        "last_error": None,
        "not_before": None,
        **_moved(state, response),
    }


def _moved(state: FeedState, response: Response) -> dict[str, Any]:
    """Rules 18 and 19: count the polls that prove a permanent redirect, then follow it for good."""
    target = response.permanent_url
    if target is None or target == state.active_url:
        return {"move_to": None, "move_polls": 0}
    polls = state.move_polls + 1 if target == state.move_to else 1
    if polls >= MOVE_PROOFS:
        return {"active_url": target, "move_to": None, "move_polls": 0}
    return {"move_to": target, "move_polls": polls}


def _updated_validators(stored: Validators | None, carried: Validators | None) -> Validators | None:
    if stored is None or carried is None:
        return carried or stored
    if carried.url != stored.url:
        return carried
    return Validators(
        url=stored.url,
        etag=carried.etag if carried.etag is not None else stored.etag,
        last_modified=(
            carried.last_modified if carried.last_modified is not None else stored.last_modified
        ),
    )
