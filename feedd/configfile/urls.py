"""Which URLs a feed may have in the file."""

from __future__ import annotations

import re

MAX_URL_CHARACTERS = 2000

# The whole of what is accepted in one match, because every start of the program checks every feed.
_HTTP = re.compile(
    r"https?://"
    r"(?:[^\s/?#@:\[\]\\<>\"^`{|}%\x00-\x20\x7f\ud800-\udfff]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#][^\s\x00-\x20\x7f<>\"\ud800-\udfff]*)?",
    re.IGNORECASE,
)
# Compiled when first needed: only for messages.
_USERINFO = r"(?i)[a-z][a-z0-9+.-]*://[^/?#]*@"
_SCHEME = r"(?i)([a-z][a-z0-9+.-]*):"

ALLOWED = "an absolute http:// or https:// URL"


def url_problem(url: str) -> str | None:
    """What is wrong with a feed's URL, in words that quote no secret; None when it is fine."""
    match = _HTTP.fullmatch(url)
    if match is not None and len(url) <= MAX_URL_CHARACTERS:
        port = match["port"]
        if port is None or 0 < int(port) <= 65_535:
            return None
        return f"the port in {_quoted(url)} is not between 1 and 65535"
    if re.match(_USERINFO, url):
        return "a URL here may not hold a password: use the keys username and password_file"
    scheme = re.match(_SCHEME, url)
    if scheme and scheme[1].lower() in ("exec", "file"):
        return f"{scheme[1].lower()}: feeds are not supported; allowed: {ALLOWED}"
    if scheme and scheme[1].lower() in ("feed", "rss"):
        return f"found {_quoted(url)}; write its http:// or https:// form instead of feed:"
    if len(url) > MAX_URL_CHARACTERS:
        return f"longer than {MAX_URL_CHARACTERS} characters"
    return f"found {_quoted(url)}; allowed: {ALLOWED}"


def same_feed_key(url: str) -> str:
    """Equal for URLs that differ only in http/https, www., the host's case or a trailing slash."""
    host, _, path = url.strip().partition("#")[0].split("://", 1)[-1].partition("/")
    return f"{host.lower().removeprefix('www.')}/{path.rstrip('/')}"


def _quoted(url: str) -> str:
    shown = url if len(url) <= 100 else url[:99] + "…"
    return '"' + "".join(c if c.isprintable() else "�" for c in shown) + '"'
