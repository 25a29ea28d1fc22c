"""Every key of the file: where its value goes, what is allowed, how it is read.

A reader takes the value as TOML gave it and returns it as the program uses it, or raises
ValueError with what was found and what is allowed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import NamedTuple

from feedd import units
from feedd.configfile.endpoints import callback, listen, metrics, proxy, proxy_or_none
from feedd.configfile.found import found, shown
from feedd.configfile.urls import file_url_problem

MAX_INTERVAL_S = units.YEAR_S
MAX_ARTICLE_PAUSE_S = units.HOUR_S
MAX_TIMEOUT_S = 10 * units.MINUTE_S
MIN_KEEP_S = units.DAY_S
MIN_BODY_BYTES = 10_000
MAX_BODY_BYTES = 10**9
MAX_CONCURRENCY = 1000
MAX_PER_HOST = 100
MAX_TEXT_CHARACTERS = 500

Reader = Callable[[object], object]


class Key(NamedTuple):
    """One key: the field of Settings or FeedConfig it fills, and its reader."""

    field: str
    read: Reader


# ---------------------------------------------------------------- readers


def _boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise found(value, "true or false (without quotes)")


def _choice(*words: str) -> Reader:
    allowed = " or ".join(f'"{word}"' for word in words)

    def read(value: object) -> object:
        if isinstance(value, str) and value in words:
            return value
        raise found(value, allowed)

    return read


def _count(most: int) -> Reader:
    def read(value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        raise found(value, f"a whole number from 1 to {most} (without quotes)")

    return read


def _duration(shortest_s: int, longest_s: int) -> Reader:
    bounds = f"{_written(shortest_s)} to {_written(longest_s)}"
    allowed = f'a duration such as "30s", "15m", "2h" or "1d", from {bounds}'

    def read(value: object) -> object:
        try:
            seconds = units.parse_duration(value) if isinstance(value, str) else -1
        except ValueError:
            seconds = -1
        if shortest_s <= seconds <= longest_s:
            return seconds
        raise found(value, allowed)

    return read


def _keep(value: object) -> object:
    if value == "forever":
        return None
    try:
        return _duration(MIN_KEEP_S, units.MAX_DURATION_S)(value)
    except ValueError:
        raise found(value, '"forever" or a duration of a day or more, such as "180d"') from None


def _size(value: object) -> object:
    try:
        size = units.parse_size(value) if isinstance(value, str) else -1
    except ValueError:
        size = -1
    if MIN_BODY_BYTES <= size <= MAX_BODY_BYTES:
        return size
    raise found(value, 'a size such as "500kB" or "16MB", from 10kB to 1GB')


def _text(value: object) -> object:
    if isinstance(value, str) and value.strip() and _printable(value):
        return value.strip()
    raise found(value, f"text on one line, at most {MAX_TEXT_CHARACTERS} characters")


def _file_name(value: object) -> object:
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value
    raise found(value, "the name of a file")


def _file_name_or_none(value: object) -> object:
    return None if value == "" else _file_name(value)


# Patterns of rare keys are compiled when one is met, which costs every other start nothing.
_PRODUCT = r"[ -~]{0,200}"


def _user_agent(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_PRODUCT, value):
        return value.strip()
    raise found(value, "ASCII text on one line, at most 200 characters")


def _own_user_agent(value: object) -> object:
    if _user_agent(value):
        return _user_agent(value)
    raise found(value, "ASCII text on one line, at most 200 characters, not empty")


def _feed_url(value: object) -> object:
    if not isinstance(value, str):
        raise found(value, "an absolute http:// or https:// URL, in quotes")
    problem = file_url_problem(value)
    if problem is not None:
        raise ValueError(problem)
    return value


def _tags(value: object) -> object:
    allowed = 'a list of words, such as ["python", "blogs"]'
    if not isinstance(value, list):
        raise found(value, allowed)
    for tag in value:
        if not (isinstance(tag, str) and tag.strip() and _printable(tag)):
            raise found(tag, f"{allowed}, each on one line")
    return tuple(dict.fromkeys(tag.strip() for tag in value))


def _mute(value: object) -> object:
    allowed = 'a list of words or /regular expressions/, such as ["sponsored", "/(?i)^ad:/"]'
    if not isinstance(value, list):
        raise found(value, allowed)
    for word in value:
        if not (isinstance(word, str) and word.strip() and _printable(word)):
            raise found(word, allowed)
        if len(word) > 2 and word.startswith("/") and word.endswith("/"):
            try:
                re.compile(word[1:-1])
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(
                    f"found {shown(word)}, which is no regular expression: {error}"
                ) from None
    return tuple(value)


# What feedd sets itself: polling would break, or the connection, if these were overwritten.
_OWN_HEADERS = (
    "host",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "if-match",
    "if-range",
    "range",
)
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # RFC 9110 section 5.6.2
_MAX_HEADER_CHARACTERS = 2000


def _headers(value: object) -> object:
    if not isinstance(value, dict):
        raise found(value, 'a table of headers, such as { "X-Token" = "…" }')
    for name, text in value.items():
        # Header values are secrets more often than not: never quoted in a message.
        if not re.fullmatch(_TOKEN, name):
            raise ValueError(f"{shown(name)} is no header name; allowed: letters, digits and -")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"the header {name} is set by feedd itself; take it out")
        if not (
            isinstance(text, str) and text.isprintable() and len(text) <= _MAX_HEADER_CHARACTERS
        ):
            raise ValueError(f"the value of {name} is not text on one line, in quotes")
    return dict(value)


def _command(value: object) -> object:
    """A command line; "" for none."""
    text = value if value == "" else _text(value)
    try:
        shlex.split(str(text))
    except ValueError as error:
        raise ValueError(f"the command can't be split into words: {error}") from None
    return text


def _command_or_none(value: object) -> object:
    return None if value == "" else _command(value)


def _printable(text: str) -> bool:
    return text.isprintable() and len(text) <= MAX_TEXT_CHARACTERS


def _written(seconds: int) -> str:
    for unit_s, letter in ((units.DAY_S, "d"), (units.HOUR_S, "h"), (units.MINUTE_S, "m")):
        if seconds and seconds % unit_s == 0:
            return f"{seconds // unit_s}{letter}"
    return f"{seconds}s"


# ---------------------------------------------------------------- the tables

_INTERVAL = _duration(1, MAX_INTERVAL_S)
_ARTICLES = _choice("auto", "always", "never")
_REPAIR = _choice("ask", "auto")
_TLS_FILES = ("ca_file", "client_cert", "client_key")

SETTINGS: Mapping[str, Key] = {
    "database": Key("database", _file_name),
    "interval": Key("interval_s", _INTERVAL),
    "min_interval": Key("min_interval_s", _INTERVAL),
    "max_interval": Key("max_interval_s", _INTERVAL),
    "adaptive": Key("adaptive", _boolean),
    "articles": Key("articles", _ARTICLES),
    "concurrency": Key("concurrency", _count(MAX_CONCURRENCY)),
    "per_host": Key("per_host", _count(MAX_PER_HOST)),
    "article_pause": Key("article_pause_s", _duration(0, MAX_ARTICLE_PAUSE_S)),
    "timeout": Key("timeout_s", _duration(1, MAX_TIMEOUT_S)),
    "max_feed_size": Key("max_feed_bytes", _size),
    "max_article_size": Key("max_article_bytes", _size),
    "allow_private_hosts": Key("allow_private_hosts", _boolean),
    "keep": Key("keep_s", _keep),
    "user_agent": Key("user_agent", _user_agent),
    "proxy": Key("proxy", proxy_or_none),
    "repair": Key("repair", _REPAIR),
    **{name: Key(name, _file_name_or_none) for name in _TLS_FILES},
    "on_new": Key("on_new", _command_or_none),
    "parser": Key("parser", _choice("auto", "feedparser")),
    "websub_callback": Key("websub_callback", callback),
    "websub_listen": Key("websub_listen", listen),
    "metrics": Key("metrics", metrics),
}

FEED: Mapping[str, Key] = {
    "url": Key("url", _feed_url),
    "title": Key("title", _text),
    "tags": Key("tags", _tags),
    "interval": Key("interval_s", _INTERVAL),
    "articles": Key("articles", _ARTICLES),
    "enabled": Key("enabled", _boolean),
    "updates": Key("updates", _choice("keep", "unread")),
    "mute": Key("mute", _mute),
    "username": Key("username", _text),
    "password_file": Key("password_file", _file_name),
    "headers": Key("headers", _headers),
    "user_agent": Key("user_agent", _own_user_agent),
    "proxy": Key("proxy", proxy),
    **{name: Key(name, _file_name) for name in _TLS_FILES},
    "article_selector": Key("article_selector", _text),
    "article_remove": Key("article_remove", _text),
    "repair": Key("repair", _REPAIR),
    "on_new": Key("on_new", _command),
}
