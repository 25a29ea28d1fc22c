"""Every key of the file: the field that its value fills, and the reader that checks it. Readers of
what one key alone has stand here, those of a kind of value in `values`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from feedd import units
from feedd.configfile.values import (
    Reader,
    boolean,
    choice,
    command,
    count,
    duration,
    encoding,
    feed_url,
    file_name,
    first,
    found,
    item_command,
    keep,
    keep_items,
    mute,
    or_none,
    shown,
    size,
    tags,
    text,
    url_problem,
)
from feedd.model import ArticlesMode, ParserMode, PicturesMode, RepairMode, UpdatesMode

INHERITED = ("one_story", "first", "keep", "keep_unread", "keep_items")
"""Keys of a feed that has what `[feedd]` says where it says nothing."""

MAX_INTERVAL_S = units.YEAR_S
MAX_ARTICLE_PAUSE_S = units.HOUR_S
MAX_TIMEOUT_S = 10 * units.MINUTE_S
MAX_CONCURRENCY = 1000
MAX_PER_HOST = 100

# Patterns of rare keys are compiled when one is met, which costs every other start nothing.
_PRODUCT = r"[ -~]{0,200}"
_CONTACT = r"(?:mailto:[!-'*-:<-~]{1,200}@[!-'*-:<-~]{1,200}|https?://[!-'*-:<-~]{1,200})"
"""No blank, bracket or semicolon: it stands in a comment of the User-Agent [RFC 9110 5.6.5]."""


def user_agent(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_PRODUCT, value):
        return value.strip()
    raise found(value, "ASCII text on one line, at most 200 characters")


def own_user_agent(value: object) -> object:
    if user_agent(value):
        return user_agent(value)
    raise found(value, "ASCII text on one line, at most 200 characters, not empty")


def contact(value: object) -> object:
    if value == "" or (isinstance(value, str) and re.fullmatch(_CONTACT, value)):
        return value
    raise found(value, 'an address such as "mailto:me@example.org" or "https://example.org/about"')


# What feedd sets itself: polling would break, or the connection, if these were overwritten.
_OWN_HEADERS = (
    "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    "content-length", "accept-encoding", "if-none-match", "if-modified-since", "if-match",
    "if-range", "range",
)  # fmt: skip
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # RFC 9110 section 5.6.2
_MAX_HEADER_CHARACTERS = 2000


def headers(value: object) -> object:
    if not isinstance(value, dict):
        raise found(value, 'a table of headers, such as { "X-Token" = "…" }')
    for name, content in value.items():
        # Header values are secrets more often than not: never quoted in a message.
        if not re.fullmatch(_TOKEN, name):
            raise ValueError(f"{shown(name)} is no header name; allowed: letters, digits and -")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"the header {name} is set by feedd itself; take it out")
        if not (
            isinstance(content, str)
            and content.isprintable()
            and len(content) <= _MAX_HEADER_CHARACTERS
        ):
            raise ValueError(f"the value of {name} is not text on one line, in quotes")
    return dict(value)


_PROXY = (
    r"(?i)(?:https?|socks5h?)://(?:[^\s/?#@]*@)?"
    r"(?:[^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?/?"
)


def proxy(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_PROXY, value):
        return value
    # What was found may hold a password.
    raise ValueError(
        "not a proxy URL; allowed: http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT"
    )


_PROM_FILE = r"/[^\0]*[^\0/]\.prom"
_LISTEN = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})"


def listen(value: object) -> object:
    endpoint = _endpoint(value)
    if endpoint is not None:
        return endpoint
    raise found(value, 'an address and a port, such as "127.0.0.1:8455"')


def metrics(value: object) -> object:
    """Where metrics go: an address and a port, or a file; None where it is empty."""
    if value == "":
        return None
    if isinstance(value, str) and re.fullmatch(_PROM_FILE, value):
        return Path(value)
    endpoint = _endpoint(value)
    if endpoint is not None:
        return endpoint
    raise found(
        value,
        'an address and a port, such as "127.0.0.1:9500", or the absolute path of a file that ends'
        " in .prom",
    )


def _endpoint(value: object) -> tuple[str, int] | None:
    match = re.fullmatch(_LISTEN, value) if isinstance(value, str) else None
    if match and int(match[2]) < 65_536:
        return match[1].strip("[]"), int(match[2])
    return None


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
    "proxy": Key("proxy", or_none(proxy)),
    "repair": Key("repair", _REPAIR),
    **{name: Key(name, or_none(file_name)) for name in _TLS_FILES},
    "on_new": Key("on_new", or_none(command)),
    "on_broken": Key("on_broken", or_none(command)),
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
