"""What response headers say about versions, freshness and waiting, and what publishers ask for
(rules 1, 9 and 10).

Header names are lower case here, as in `model.Response`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from msgspec import Struct

from feedd.model import NO_HINTS, Hints, Validators
from feedd.units import DAY_S, HOUR_S, format_duration

MAX_RETRY_AFTER_S = 7 * DAY_S
"""Rule 9: no server keeps us away for longer by `Retry-After`."""

MAX_FRESHNESS_S = 366 * DAY_S
"""Rule 10: a longer lifetime is absurd and says nothing."""

MAX_VALIDATOR_CHARACTERS = 4096
"""A longer ETag or Last-Modified is not kept: sending it back would break more than it saves."""

MAX_DATE_CHARACTERS = 64

Headers = Mapping[str, str]


def validators(headers: Headers, url: str) -> Validators | None:
    """The validators of a response from `url`, byte for byte; None where it has none (rule 1)."""
    etag = _usable(headers.get("etag"))
    last_modified = _usable(headers.get("last-modified"))
    if etag is None and last_modified is None:
        return None
    return Validators(url, etag, last_modified)


def _usable(value: str | None) -> str | None:
    return value if value and len(value) <= MAX_VALIDATOR_CHARACTERS else None


def retry_after_s(headers: Headers, now: float) -> int | None:
    """Seconds that Retry-After asks us to wait, as seconds or as a date [RFC 9110 10.2.3].

    At most seven days; None where there is none that can be read. A date is read against the
    server's own clock where the response carries one.
    """
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]*)?", said):
        digits = said.partition(".")[0].lstrip("0") or "0"
        return MAX_RETRY_AFTER_S if len(digits) > 9 else min(int(digits), MAX_RETRY_AFTER_S)
    until = _date(said)
    if until is None:
        return None
    return min(max(int(until - _clock(headers, now)), 0), MAX_RETRY_AFTER_S)


def max_age_s(headers: Headers, now: float) -> int | None:
    """How long the response stays fresh from now on [RFC 9111 4.2], None where nothing is said.

    `Cache-Control: max-age`, else `Expires` against the response's `Date`; less `Age`. no-cache,
    no-store, zero, negative and absurd values say nothing (rule 10); no-cache of named fields is
    about those alone [RFC 9111 5.2.2.4].
    """
    directives = _cache_control(headers.get("cache-control", ""))
    if directives.get("no-cache") == "" or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
    else:
        expires = _date(headers.get("expires", ""))
        lifetime = None if expires is None else int(expires - _clock(headers, now))
    if lifetime is None or not 0 < lifetime <= MAX_FRESHNESS_S:
        return None
    left = lifetime - (_seconds(headers.get("age", "").strip()) or 0)
    return left if left > 0 else None


def _cache_control(text: str) -> dict[str, str]:
    directives: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        name, _, value = part.strip().partition("=")
        directives.setdefault(name.strip().lower(), value.strip().strip('"'))
    return directives


def _clock(headers: Headers, now: float) -> float:
    """What time it was where the answer came from; `now` where that is not said."""
    said = _date(headers.get("date", ""))
    return now if said is None else said


def _seconds(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def _date(text: str) -> float | None:
    """An HTTP date in any of its three forms as epoch seconds; None where it can't be read.

    One without a zone is in GMT [RFC 9110 5.6.7].
    """
    if not text or len(text) > MAX_DATE_CHARACTERS:
        return None
    try:
        date = parsedate_to_datetime(text.strip())
        return (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# ---------------------------------------------------------------- what publishers ask for

BOUND_JITTER_S = 30
"""At a lower bound jitter is at most this: there it is all delay, and half a minute spreads
enough."""


class Bound(Struct, frozen=True):
    """A time to poll; `because` names what decided on it, "" if nothing of note did."""

    at: int
    because: str = ""


def asked_for(hints: Hints, now: int, longest_s: int) -> Bound | None:
    """Until when the publisher's hints ask to be left alone, `longest_s` from now at most; None
    where they ask for nothing (rule 10)."""
    if hints is NO_HINTS:
        return None
    said = [
        (seconds, who)
        for seconds, who in (
            (hints.max_age_s, "the server asks for at least {} (Cache-Control)"),
            (hints.ttl_s, "the feed asks for at least {} (ttl)"),
            (hints.update_period_s, "the feed asks for at least {} (sy:updatePeriod)"),
        )
        if seconds is not None and seconds > 0
    ]
    if not said:
        return None
    seconds, who = max(said)
    wait_s = min(seconds, longest_s)
    return Bound(now + wait_s, who.format(format_duration(wait_s)))


def after_skipped(at: float, hints: Hints, latest: int, rng: random.Random) -> Bound | None:
    """The first moment after `at` outside `skipHours` and `skipDays`; None if `at` is outside.

    Both are GMT [RSS 2.0]. A feed that skips everything has said nothing; one that skips longer
    than until `latest` is asked then.
    """
    if not _is_skipped(at, hints):
        return None
    if len(set(hints.skip_hours)) >= 24 or len(set(hints.skip_days)) >= 7:
        return None
    moment = at
    while _is_skipped(moment, hints):
        moment = (moment // HOUR_S + 1) * HOUR_S
        if moment >= latest:
            return Bound(max(latest, round(at)), "the feed asks to be skipped at most other times")
    words = "the feed asks not to be polled until then (skipHours, skipDays)"
    return Bound(round(moment + rng.random() * BOUND_JITTER_S), words)


def _is_skipped(at: float, hints: Hints) -> bool:
    # The epoch was a Thursday, day 3 when Monday is 0.
    day = (int(at // DAY_S) + 3) % 7
    return int(at % DAY_S // HOUR_S) in hints.skip_hours or day in hints.skip_days
