"""Readers of keys that name a place on the network."""

from __future__ import annotations

import re
from pathlib import Path

from feedd.configfile.found import found
from feedd.configfile.urls import url_problem

_PROXY = (
    r"(?i)(?:https?|socks5h?)://(?:[^\s/?#@]*@)?"
    r"(?:[^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?/?"
)


def proxy(value: object) -> object:
    """A proxy's URL."""
    if isinstance(value, str) and re.fullmatch(_PROXY, value):
        return value
    # What was found may hold a password.
    raise ValueError(
        "not a proxy URL; allowed: http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT"
    )


def proxy_or_none(value: object) -> object:
    """The same; None where it is empty."""
    return None if value == "" else proxy(value)


def callback(value: object) -> object:
    """The public address above all callbacks; None where it is empty."""
    if value == "":
        return None
    if isinstance(value, str) and url_problem(value) is None and not re.search("[?#]", value):
        return value.rstrip("/")
    raise found(
        value, 'a public https:// address without a query, such as "https://example.org/feedd"'
    )


_PROM_FILE = r"/[^\0]*[^\0/]\.prom"
_LISTEN = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})"


def listen(value: object) -> object:
    """The address and port to listen on."""
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
