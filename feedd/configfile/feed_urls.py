"""Which names and URLs a feed may have: in the file, and when they come from elsewhere."""

from __future__ import annotations

import re

MAX_URL_CHARACTERS = 2000
MAX_NAME_CHARACTERS = 100

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
_WEB = r"(?i)\s*https?://"
_SCHEME = r"(?i)([a-z][a-z0-9+.-]*):"

ALLOWED = "an absolute http:// or https:// URL"


def url_problem(url: str) -> str | None:
    """What is wrong with the URL of a feed on the web, in words that quote no secret; or None.

    It may come from a stranger: a page, a redirect, OPML.
    """
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
        return f"{scheme[1].lower()}: feeds may only be written into the configuration file by hand"
    if scheme and scheme[1].lower() in ("feed", "rss"):
        return f"found {_quoted(url)}; write its http:// or https:// form instead of feed:"
    if len(url) > MAX_URL_CHARACTERS:
        return f"longer than {MAX_URL_CHARACTERS} characters"
    if re.match(_WEB, url) and re.search(r"\s", url):
        return f"found {_quoted(url)} with a space; take it out or write %20; allowed: {ALLOWED}"
    return f"found {_quoted(url)}; allowed: {ALLOWED}"


def file_url_problem(url: str) -> str | None:
    """As `url_problem`, for the user's own file, which may also name files and programs."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in ("exec", "file"):
        return url_problem(url)
    if len(url) > MAX_URL_CHARACTERS:
        return f"longer than {MAX_URL_CHARACTERS} characters"
    if not rest.strip("/ ") or not url.isprintable():
        return f"found {_quoted(url)}; allowed: file:PATH or exec:COMMAND, on one line"
    if scheme.lower() == "exec":
        import shlex

        try:
            shlex.split(rest)
        except ValueError as error:
            return f"the command in {_quoted(url)} can't be split into words: {error}"
    return None


def same_feed_key(url: str) -> str:
    """Equal for URLs that differ only in http/https, www., the host's case or a trailing slash."""
    if url[:5].lower() in ("exec:", "file:"):
        return url
    host, _, path = url.strip().partition("#")[0].split("://", 1)[-1].partition("/")
    return f"{host.lower().removeprefix('www.')}/{path.rstrip('/')}"


def _quoted(url: str) -> str:
    shown = url if len(url) <= 100 else url[:99] + "…"
    return '"' + "".join(c if c.isprintable() else "�" for c in shown) + '"'


def name_problem(name: str) -> str | None:
    """Why a feed can't have this name (it must be usable on a command line); None when it can."""
    if not name.strip() or name != name.strip():
        return "a feed's name may not be empty, or start or end with a space"
    if not name.isprintable():
        return "a feed's name may hold no control or invisible characters"
    if name.startswith("-"):
        return "a feed's name may not start with -, or commands would take it for an option"
    if len(name) > MAX_NAME_CHARACTERS:
        return f"a feed's name may have at most {MAX_NAME_CHARACTERS} characters"
    return None
