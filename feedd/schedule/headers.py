"""What response headers say about versions, freshness and waiting (rules 1, 9 and 10).

Header names are lower case here, as in `model.Response`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from feedd.model import Validators
from feedd.schedule.pace import MAX_RETRY_AFTER_S
from feedd.units import DAY_S

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
    no-store, zero, negative and absurd values say nothing (rule 10).
    """
    directives = _cache_control(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
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
