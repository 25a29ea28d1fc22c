"""Readers of the values of the file, one a kind of value; and what a feed's name and URL may be.

A reader takes the value as TOML gave it and returns it as the program uses it, or raises
ValueError with what was found and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

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
        return _quoted(value, 60)
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


def or_none(read: Reader) -> Reader:
    """The same; None where the text is empty."""
    return lambda value: None if value == "" else read(value)


def count(most: int) -> Reader:
    def read(value: object) -> object:
        if _is_whole(value, 1, most):
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
    if _is_whole(value, 0, MAX_ITEMS):
        return value or None
    raise found(value, f"a whole number up to {MAX_ITEMS} (without quotes); 0 for no limit")


def first(value: object) -> object:
    if value in ("all", "none"):
        return None if value == "all" else 0
    if _is_whole(value, 0, MAX_ITEMS):
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


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _printable(text: str) -> bool:
    return text.isprintable() and len(text) <= MAX_TEXT_CHARACTERS


def _written(seconds: int) -> str:
    for unit_s, letter in ((units.DAY_S, "d"), (units.HOUR_S, "h"), (units.MINUTE_S, "m")):
        if seconds and seconds % unit_s == 0:
            return f"{seconds // unit_s}{letter}"
    return f"{seconds}s"


# ---------------------------------------------------------------- feeds' names and URLs

MAX_URL_CHARACTERS = 2000
MAX_NAME_CHARACTERS = 100

# The whole of what is accepted in one match, because every start of the program checks every feed;
# case is ignored where there are letters only, for with sets of signs that takes long to compile.
_HTTP = (
    r"(?i:https?)://"
    r"(?:[^\s/?#@:\[\]\\<>\"^`{|}%\x00-\x20\x7f\ud800-\udfff]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#][^\s\x00-\x20\x7f<>\"\ud800-\udfff]*)?"
)
# Compiled when first needed: that by whoever reads the whole file, these only for messages.
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


def url_problem(url: str) -> str | None:
    """What is wrong with the URL of a feed on the web, in words that quote no secret; or None.

    It may come from a stranger: a page, a redirect, OPML.
    """
    match = re.fullmatch(_HTTP, url)
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


def _quoted(text: str, most: int = 100) -> str:
    short = text if len(text) <= most else text[: most - 1] + "…"
    return '"' + "".join(c if c.isprintable() else "�" for c in short) + '"'


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
