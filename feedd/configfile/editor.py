"""Edits of the file's text that leave every byte alone that they need not change.

Each takes the whole text and returns the whole new text; comments, blank lines, order and line
ends stay. Adding a feed and removing it again gives the text it started from. Every result is read
back and compared with what was meant before it is handed out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from feedd.configfile.statements import Statement, not_toml, statements
from feedd.errors import NotFoundError, UsageError
from feedd.model import FeedConfig

STARTER = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
"""What `feedd init` writes."""

UNSAFE = "the file is laid out so that no edit of it is safe; edit it by hand"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_BLANK_LINE_BEFORE = re.compile(r"(?:^|(?<=\n))[ \t]*\r?\n\Z")
_BLANK_LINE = re.compile(r"[ \t]*(?:\r?\n|\Z)")


def add_feed(
    text: str, *, name: str, url: str, title: str | None = None, tags: Sequence[str] = ()
) -> str:
    """The text with one more feed. Raises UsageError when the name is taken."""
    return add_feeds(text, [FeedConfig(name, url, title, tuple(tags))])


def add_feeds(text: str, feeds: Iterable[FeedConfig]) -> str:
    """The text with more feeds; name, url, title, tags and article_selector of each are written.

    A feed that is no more than a name and a URL becomes one line at the end of the [feeds] table
    where there is one; others become tables at the end of the file.
    Raises UsageError when a name is taken.
    """
    new = list(feeds)
    meant = document(text)
    table = meant.setdefault("feeds", {})
    if not isinstance(table, dict):
        raise UsageError("feeds in the file is no table; mend it first")
    for feed in new:
        if feed.name in table:
            raise UsageError(f"there is a feed named {feed.name} already; give another --name")
        table[feed.name] = _value(feed)
    if not new:
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    found = list(statements(text))
    inline = _inline_feeds(found)
    if inline is not None:
        changed = _with_members(text, found, inline, new)
    else:
        end = end_of_table(found, ("feeds",))
        place = None if end is None else line_end(text, end)
        lines = [feed for feed in new if place is not None and _is_one_line(feed)]
        tables = [feed for feed in new if feed not in lines]
        changed = text
        if place is not None and lines:
            changed = _with_lines(text, place, [_one_line(feed) for feed in lines], newline)
        for feed in tables:
            changed = _with_table(changed, feed, newline)
    return proved(changed, meant)


def remove_feed(text: str, name: str) -> str:
    """The text without a feed; comments around it stay. Raises NotFoundError."""
    meant = document_with(text, name)
    del meant["feeds"][name]
    found = list(statements(text))
    inline = _inline_feeds(found)
    if inline is not None:
        return proved(_without_member(text, found, name), meant)
    for start, end in reversed(list(stretches(found, ("feeds", name)))):
        text = without_lines(text, start, end)
    written = document(text)
    if not meant["feeds"] and "feeds" not in written:
        del meant["feeds"]
    return proved(text, meant)


def quoted(text: str) -> str:
    """`text` as a TOML basic string."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04X}"


def key_text(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE_KEY.fullmatch(name) else quoted(name)


def value_text(value: object) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, dict):
        members = (f"{key_text(key)} = {value_text(each)}" for key, each in value.items())
        return f"{{ {', '.join(members)} }}"
    return str(value)


def _is_one_line(feed: FeedConfig) -> bool:
    return len(_value(feed)) == 1


def _one_line(feed: FeedConfig) -> str:
    return f"{key_text(feed.name)} = {quoted(feed.url)}"


def _fields(feed: FeedConfig) -> list[str]:
    return [f"{key} = {value_text(value)}" for key, value in _value(feed).items()]


def _value(feed: FeedConfig) -> dict[str, object]:
    """What the file says of a new feed."""
    written = {
        "url": feed.url,
        "title": feed.title,
        "tags": list(feed.tags) or None,
        "article_selector": feed.article_selector,
    }
    return {key: value for key, value in written.items() if value is not None}


def end_of_table(found: Sequence[Statement], path: tuple[str, ...]) -> int | None:
    """Where the last of the table's own keys ends; None without such a table."""
    end = None
    inside = False
    for statement in found:
        if statement.kind == "table":
            inside = statement.path == path
        if inside and statement.kind != "member":
            end = statement.end
    return end


def _with_lines(text: str, place: int, lines: Sequence[str], newline: str) -> str:
    before, after = text[:place], text[place:]
    block = newline.join(lines)
    if before.endswith("\n"):
        return before + block + newline + after
    return before + newline + block + after


def _with_table(text: str, feed: FeedConfig, newline: str) -> str:
    block = newline.join([f"[feeds.{key_text(feed.name)}]", *_fields(feed)])
    if not text:
        return block + newline
    if text.endswith("\n"):
        return text + newline + block + newline
    return text + newline + newline + block


def _inline_feeds(found: Sequence[Statement]) -> Statement | None:
    """The key of `feeds = { … }`, where the file is written so."""
    for statement in found:
        if statement.path == ("feeds",) and statement.kind == "key":
            return statement
    return None


def _with_members(
    text: str, found: Sequence[Statement], inline: Statement, feeds: Sequence[FeedConfig]
) -> str:
    members = [
        _one_line(feed) if _is_one_line(feed) else f"{key_text(feed.name)} = {{ {written} }}"
        for feed in feeds
        for written in [", ".join(_fields(feed))]
    ]
    siblings = [each for each in found if _is_member_of_feeds(each)]
    if siblings:
        at = siblings[-1].end
        return text[:at] + "".join(f", {member}" for member in members) + text[at:]
    at = inline.value_start + 1
    return text[:at] + ", ".join(members) + text[at:]


def _is_member_of_feeds(statement: Statement) -> bool:
    return (
        statement.kind == "member"
        and statement.path[:1] == ("feeds",)
        and (len(statement.path) == 2)
    )


def stretches(found: Sequence[Statement], path: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The stretches of text that say something about what has this path: its tables, its lines."""
    start: int | None = None
    end = 0
    for statement in found:
        if statement.kind == "member":
            continue
        belongs = statement.path[: len(path)] == path
        if start is not None and (statement.kind == "table" or not belongs):
            yield start, end
            start = None
        if belongs:
            start = statement.start if start is None else start
            end = statement.end
    if start is not None:
        yield start, end


def without_lines(text: str, start: int, end: int) -> str:
    is_table = text[start] == "["
    start = text.rfind("\n", 0, start) + 1
    end = line_end(text, end)
    before, after = text[:start], text[end:]
    unfinished = not text[start:end].endswith("\n")
    if is_table and _BLANK_LINE.match(after):
        # The blank line that set the table off would otherwise be left over.
        before = _BLANK_LINE_BEFORE.sub("", before)
    if unfinished:
        before = before.removesuffix("\n").removesuffix("\r")
    return before + after


def _without_member(text: str, found: Sequence[Statement], name: str) -> str:
    siblings = [each for each in found if _is_member_of_feeds(each)]
    place = next((index for index, each in enumerate(siblings) if each.path[1] == name), None)
    if place is None:
        raise UsageError(UNSAFE)
    if place > 0:
        start, end = siblings[place - 1].end, siblings[place].end
    elif len(siblings) > 1:
        start, end = siblings[0].start, siblings[1].start
    else:
        start, end = siblings[0].start, siblings[0].end
    return text[:start] + text[end:]


def line_end(text: str, at: int) -> int:
    """Where the line ends that `at` is in, its line end included."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def document(text: str) -> dict[str, Any]:
    """The file as tomllib reads it. Raises UsageError."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        line, what = not_toml(text, error)
        place = f" on line {line}" if line else ""
        raise UsageError(f"the file is not TOML{place}, mend it first: {what}") from None


def document_with(text: str, name: str) -> dict[str, Any]:
    """The same, with a feed of this name. Raises NotFoundError where there is none."""
    meant = document(text)
    if name not in meant.get("feeds", {}):
        raise NotFoundError(f"there is no feed named {name} in the file")
    return meant


def proved(text: str, meant: object) -> str:
    """`text`, if it means just what the edit was to make of the file."""
    try:
        written = document(text)
    except UsageError:
        written = {}
    if _plain(written) != _plain(meant):
        raise UsageError(UNSAFE)
    return text


def _plain(value: object) -> object:
    """For comparing: a feed that is only a URL is the same as a table with only that."""
    if isinstance(value, dict):
        return {
            key: {name: _as_table(feed) for name, feed in each.items()}
            if key == "feeds" and isinstance(each, dict)
            else each
            for key, each in value.items()
        }
    return value


def _as_table(feed: object) -> object:
    return {"url": feed} if isinstance(feed, str) else feed
