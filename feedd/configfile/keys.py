"""Every key of the file: the field that its value fills, and the reader that checks it. And which
names and URLs a feed may have, in the file and when they come from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, get_args

from feedd import units
from feedd.configfile.values import (
    Reader,
    boolean,
    choice,
    command,
    command_or_none,
    contact,
    count,
    duration,
    encoding,
    file_name,
    file_name_or_none,
    first,
    found,
    headers,
    item_command,
    keep,
    keep_items,
    listen,
    metrics,
    mute,
    own_user_agent,
    proxy,
    proxy_or_none,
    size,
    split_words,
    tags,
    text,
    user_agent,
)
from feedd.model import ArticlesMode, ParserMode, PicturesMode, RepairMode, UpdatesMode

INHERITED = ("one_story", "first", "keep", "keep_unread", "keep_items")
"""Keys of a feed that has what `[feedd]` says where it says nothing."""

MAX_INTERVAL_S = units.YEAR_S
MAX_ARTICLE_PAUSE_S = units.HOUR_S
MAX_TIMEOUT_S = 10 * units.MINUTE_S
MAX_CONCURRENCY = 1000
MAX_PER_HOST = 100

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


def feed_url(value: object) -> object:
    if not isinstance(value, str):
        raise found(value, "an absolute http:// or https:// URL, in quotes")
    problem = file_url_problem(value)
    if problem is not None:
        raise ValueError(problem)
    return value


def callback(value: object) -> object:
    """The public address above all callbacks; None where it is empty."""
    if value == "":
        return None
    if isinstance(value, str) and url_problem(value) is None and not re.search("[?#]", value):
        return value.rstrip("/")
    raise found(
        value, 'a public https:// address without a query, such as "https://example.org/feedd"'
    )


class Key(NamedTuple):
    """One key: the field of Settings or FeedConfig it fills, and its reader."""

    field: str
    read: Reader


_INTERVAL = duration(1, MAX_INTERVAL_S)
_ARTICLES = choice(*get_args(ArticlesMode))
_REPAIR = choice(*get_args(RepairMode))
_TLS_FILES = ("ca_file", "client_cert", "client_key")

ITEM_KEYS = ("items", "item_link", "item_title", "item_date", "item_text")
"""Of a feed that is a page: CSS selectors of its items and of what belongs to each."""

SETTINGS: Mapping[str, Key] = {
    "database": Key("database", file_name),
    "interval": Key("interval_s", _INTERVAL),
    "min_interval": Key("min_interval_s", _INTERVAL),
    "max_interval": Key("max_interval_s", _INTERVAL),
    "adaptive": Key("adaptive", boolean),
    "articles": Key("articles", _ARTICLES),
    "concurrency": Key("concurrency", count(MAX_CONCURRENCY)),
    "per_host": Key("per_host", count(MAX_PER_HOST)),
    "article_pause": Key("article_pause_s", duration(0, MAX_ARTICLE_PAUSE_S)),
    "timeout": Key("timeout_s", duration(1, MAX_TIMEOUT_S)),
    "max_feed_size": Key("max_feed_bytes", size),
    "max_article_size": Key("max_article_bytes", size),
    "allow_private_hosts": Key("allow_private_hosts", boolean),
    "keep": Key("keep_s", keep),
    "keep_unread": Key("keep_unread_s", keep),
    "keep_items": Key("keep_items", keep_items),
    "contact": Key("contact", contact),
    "user_agent": Key("user_agent", user_agent),
    "proxy": Key("proxy", proxy_or_none),
    "repair": Key("repair", _REPAIR),
    **{name: Key(name, file_name_or_none) for name in _TLS_FILES},
    "on_new": Key("on_new", command_or_none),
    "on_broken": Key("on_broken", command_or_none),
    "one_story": Key("one_story", boolean),
    "first": Key("first_unread", first),
    "parser": Key("parser", choice(*get_args(ParserMode))),
    "websub_callback": Key("websub_callback", callback),
    "websub_listen": Key("websub_listen", listen),
    "metrics": Key("metrics", metrics),
}

FEED: Mapping[str, Key] = {
    "url": Key("url", feed_url),
    "title": Key("title", text),
    "tags": Key("tags", tags),
    "interval": Key("interval_s", _INTERVAL),
    "articles": Key("articles", _ARTICLES),
    "enabled": Key("enabled", boolean),
    "updates": Key("updates", choice(*get_args(UpdatesMode))),
    "mute": Key("mute", mute),
    "username": Key("username", text),
    "password_file": Key("password_file", file_name),
    "headers": Key("headers", headers),
    "user_agent": Key("user_agent", own_user_agent),
    "proxy": Key("proxy", proxy),
    **{name: Key(name, file_name) for name in _TLS_FILES},
    "encoding": Key("encoding", encoding),
    "article_selector": Key("article_selector", text),
    "article_remove": Key("article_remove", text),
    **{name: Key(name, text) for name in ITEM_KEYS},
    "repair": Key("repair", _REPAIR),
    "on_new": Key("on_new", command),
    "on_broken": Key("on_broken", command),
    "one_story": Key("one_story", boolean),
    "first": Key("first_unread", first),
    "keep": Key("keep_s", keep),
    "keep_unread": Key("keep_unread_s", keep),
    "keep_items": Key("keep_items", keep_items),
}

READ: Mapping[str, Key] = {
    "enclosure": Key("enclosure", item_command),
    "pictures": Key("pictures", choice(*get_args(PicturesMode))),
}
"""Of `[read]`; its table `keys` is read by `read_keys`."""


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
        try:
            split_words(rest)
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
