"""Readers of the values of the file, one a kind of value.

A reader takes the value as TOML gave it and returns it as the program uses it, or raises
ValueError with what was found and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from feedd import units

MAX_TEXT_CHARACTERS = 500
MAX_ITEMS = 1_000_000
MIN_KEEP_S = units.DAY_S
MIN_BODY_BYTES = 10_000
MAX_BODY_BYTES = 10**9

Reader = Callable[[object], object]


def found(value: object, allowed: str) -> ValueError:
    """The error that says what was found and what is allowed."""
    return ValueError(f"found {shown(value)}; allowed: {allowed}")


def shown(value: object) -> str:
    """A value as the file has it, short and printable."""
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:59] + "…"
        return '"' + "".join(c if c.isprintable() else "�" for c in short) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and len(digits := str(value)) <= 20:
        return f"the number {digits}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else f"a {type(value).__name__}"


def unknown(key: str, allowed: Sequence[str], what: str) -> str:
    """What to say of a `what` (key, table …) that is none of those allowed."""
    near = nearest(key, allowed)
    hint = f"; did you mean {near}?" if near else ";"
    return f"unknown {what}{hint} allowed: {', '.join(allowed)}"


def nearest(key: str, allowed: Iterable[str]) -> str | None:
    """The key that was probably meant."""
    import difflib

    near = difflib.get_close_matches(key.lower(), list(allowed), n=1, cutoff=0.5)
    return near[0] if near else None


def boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise found(value, "true or false (without quotes)")


def choice(*words: str) -> Reader:
    allowed = " or ".join(f'"{word}"' for word in words)

    def read(value: object) -> object:
        if isinstance(value, str) and value in words:
            return value
        raise found(value, allowed)

    return read


def count(most: int) -> Reader:
    def read(value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        raise found(value, f"a whole number from 1 to {most} (without quotes)")

    return read


def duration(shortest_s: int, longest_s: int) -> Reader:
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


def keep(value: object) -> object:
    if value == "forever":
        return None
    try:
        return duration(MIN_KEEP_S, units.MAX_DURATION_S)(value)
    except ValueError:
        raise found(value, '"forever" or a duration of a day or more, such as "180d"') from None


def keep_items(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ITEMS:
        return value or None
    raise found(value, f"a whole number up to {MAX_ITEMS} (without quotes); 0 for no limit")


def first(value: object) -> object:
    if value in ("all", "none"):
        return None if value == "all" else 0
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ITEMS:
        return value
    raise found(value, f'"all", "none" or a number up to {MAX_ITEMS} (without quotes)')


def size(value: object) -> object:
    try:
        size = units.parse_size(value) if isinstance(value, str) else -1
    except ValueError:
        size = -1
    if MIN_BODY_BYTES <= size <= MAX_BODY_BYTES:
        return size
    raise found(value, 'a size such as "500kB" or "16MB", from 10kB to 1GB')


def text(value: object) -> object:
    if isinstance(value, str) and value.strip() and _printable(value):
        return value.strip()
    raise found(value, f"text on one line, at most {MAX_TEXT_CHARACTERS} characters")


def encoding(value: object) -> object:
    from feedd.web.encoding import codec_of

    if isinstance(value, str) and codec_of(value) is not None:
        return value
    raise found(value, 'the name of an encoding, such as "windows-1251" or "shift_jis"')


def file_name(value: object) -> object:
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value
    raise found(value, "the name of a file")


def file_name_or_none(value: object) -> object:
    return None if value == "" else file_name(value)


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


def tags(value: object) -> object:
    allowed = 'a list of words, such as ["python", "blogs"]'
    if not isinstance(value, list):
        raise found(value, allowed)
    for tag in value:
        if not (isinstance(tag, str) and tag.strip() and _printable(tag)):
            raise found(tag, f"{allowed}, each on one line")
    return tuple(dict.fromkeys(tag.strip() for tag in value))


def mute(value: object) -> object:
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
                    f"found {shown(word)}, which is no regular expression: {_fault(error)}"
                ) from None
    return tuple(value)


def _fault(error: Exception) -> str:
    if isinstance(error, re.error):
        return str(error)
    return "nested too deep" if isinstance(error, RecursionError) else "a number is too large"


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


def headers(value: object) -> object:
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


def split_words(line: str) -> list[str]:
    """A command line as a shell splits it. Raises ValueError, in words."""
    import shlex

    try:
        return shlex.split(line)
    except ValueError:
        ends = "with a lone backslash" if line.endswith("\\") else "within quotation marks"
        raise ValueError(f"it ends {ends}") from None


def command(value: object) -> object:
    """A command line; "" for none."""
    line = value if value == "" else text(value)
    try:
        split_words(str(line))
    except ValueError as error:
        raise ValueError(f"the command can't be split into words: {error}") from None
    return line


def command_or_none(value: object) -> object:
    return None if value == "" else command(value)


def item_command(value: object) -> object:
    """A command as its words, in which `%u`, `%t` and `%i` stand for an item; "" for none."""
    words = split_words(str(command(value)))
    for word in words:
        for sign in re.findall("%(.?)", word):
            if sign not in ("u", "t", "i", "%"):
                raise ValueError(
                    f"found %{sign} in the command; allowed: %u (the link), %t (the title),"
                    " %i (the id), and %% for a % itself"
                )
    return tuple(words)


def _printable(text: str) -> bool:
    return text.isprintable() and len(text) <= MAX_TEXT_CHARACTERS


def _written(seconds: int) -> str:
    for unit_s, letter in ((units.DAY_S, "d"), (units.HOUR_S, "h"), (units.MINUTE_S, "m")):
        if seconds and seconds % unit_s == 0:
            return f"{seconds // unit_s}{letter}"
    return f"{seconds}s"


# ---------------------------------------------------------------- places on the network

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
