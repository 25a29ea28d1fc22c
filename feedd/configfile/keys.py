"""Every key of the file: the field that its value fills, and the reader that checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, get_args

from feedd import units
from feedd.configfile.values import (
    Reader,
    boolean,
    callback,
    choice,
    command,
    command_or_none,
    contact,
    count,
    duration,
    encoding,
    feed_url,
    file_name,
    file_name_or_none,
    headers,
    item_command,
    keep,
    listen,
    metrics,
    mute,
    own_user_agent,
    proxy,
    proxy_or_none,
    size,
    tags,
    text,
    user_agent,
)
from feedd.model import ArticlesMode, ParserMode, PicturesMode, RepairMode, UpdatesMode

MAX_INTERVAL_S = units.YEAR_S
MAX_ARTICLE_PAUSE_S = units.HOUR_S
MAX_TIMEOUT_S = 10 * units.MINUTE_S
MAX_CONCURRENCY = 1000
MAX_PER_HOST = 100


class Key(NamedTuple):
    """One key: the field of Settings or FeedConfig it fills, and its reader."""

    field: str
    read: Reader


_INTERVAL = duration(1, MAX_INTERVAL_S)
_ARTICLES = choice(*get_args(ArticlesMode))
_REPAIR = choice(*get_args(RepairMode))
_TLS_FILES = ("ca_file", "client_cert", "client_key")

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
    "contact": Key("contact", contact),
    "user_agent": Key("user_agent", user_agent),
    "proxy": Key("proxy", proxy_or_none),
    "repair": Key("repair", _REPAIR),
    **{name: Key(name, file_name_or_none) for name in _TLS_FILES},
    "on_new": Key("on_new", command_or_none),
    "on_broken": Key("on_broken", command_or_none),
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
    "repair": Key("repair", _REPAIR),
    "on_new": Key("on_new", command),
    "on_broken": Key("on_broken", command),
}

READ: Mapping[str, Key] = {
    "enclosure": Key("enclosure", item_command),
    "pictures": Key("pictures", choice(*get_args(PicturesMode))),
}
"""Of `[read]`; its table `keys` is read by `read_keys`."""
