"""What response headers say about versions, freshness and waiting. Pure.

Header names are lower case here, as in `model.Response`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal

from feedd.model import Validators

MAX_RETRY_AFTER_S = 7 * 86_400
"""Rule 9: no server makes us wait longer."""

MAX_FRESHNESS_S = 366 * 86_400
"""Rule 10: a longer lifetime is absurd and says nothing."""

MAX_VALIDATOR_CHARACTERS = 4096
"""A longer ETag or Last-Modified is not kept: sending it back would break more than it saves."""

Headers = Mapping[str, str]

ACCEPT: Mapping[Literal["feed", "page"], str] = {
    "feed": (
        "application/atom+xml, application/rss+xml, application/feed+json,"
        " application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
        " application/json;q=0.7, */*;q=0.1"
    ),
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
}


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
        return min(int(said.partition(".")[0][:12]), MAX_RETRY_AFTER_S)
    until = _date(said)
    if until is None:
        return None
    clock = _date(headers.get("date", "")) or now
    return min(max(int(until - clock), 0), MAX_RETRY_AFTER_S)


def max_age_s(headers: Headers, now: float) -> int | None:
    """How long the response stays fresh from now on [RFC 9111 4.2.1], None where nothing is said.

    `Cache-Control: max-age` less `Age`, else `Expires` against the response's `Date`. no-cache,
    no-store, zero, negative and absurd values say nothing (rule 10).
    """
    directives = _cache_control(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
        if lifetime is None:
            return None
        return _sensible(lifetime - (_seconds(headers.get("age", "").strip()) or 0))
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return None
    return _sensible(int(expires - (_date(headers.get("date", "")) or now)))


def _cache_control(text: str) -> dict[str, str]:
    directives: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        directives.setdefault(name.strip().lower(), value.strip().strip('"'))
    return directives


def _seconds(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def _sensible(seconds: int) -> int | None:
    return seconds if 0 < seconds <= MAX_FRESHNESS_S else None


def _date(text: str) -> float | None:
    """An HTTP date as epoch seconds; None where it can't be read."""
    try:
        return parsedate_to_datetime(text.strip()).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
