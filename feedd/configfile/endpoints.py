"""Readers of keys that name a place on the network."""

from __future__ import annotations

import re

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


_LISTEN = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})"


def listen(value: object) -> object:
    """The address and port to listen on."""
    match = re.fullmatch(_LISTEN, value) if isinstance(value, str) else None
    if match and int(match[2]) < 65_536:
        return match[1].strip("[]"), int(match[2])
    raise found(value, 'an address and a port, such as "127.0.0.1:8455"')
