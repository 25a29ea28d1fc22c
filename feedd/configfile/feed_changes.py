"""A feed's keys and its name changed in the file's text, as `feedd set` and `feedd rename` do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence

from feedd.configfile.editor import (
    UNSAFE,
    document_with,
    end_of_table,
    key_text,
    line_end,
    proved,
    stretches,
    value_text,
    without_lines,
)
from feedd.configfile.keys import FEED
from feedd.configfile.statements import Statement, key_parts, statements
from feedd.configfile.values import unknown
from feedd.errors import UsageError

_TYPED_AS_TOML = ("[", "{", '"', "'")


def typed_value(key: str, written: str) -> object:
    """What a person means by `written` as the value of a feed's `key`: TOML where it begins as a
    list, a table or a quoted text does; else text, a number, true or false, or a list of words with
    commas between, whichever the key takes. Raises UsageError with what is allowed.
    """
    if key not in FEED:
        problem = unknown(key, list(FEED), "key")
        raise UsageError(f"{key}: {problem}")
    words = [word.strip() for word in written.split(",") if word.strip()]
    meant: list[object] = [written, words]
    literal = _literal(written)
    if literal is not None:
        meant.insert(0 if written.startswith(_TYPED_AS_TOML) else 1, literal)
    refusal: ValueError | None = None
    for value in meant:
        try:
            FEED[key].read(value)
        except ValueError as error:
            refusal = refusal or error
        else:
            return value
    raise UsageError(f"{key}: {refusal}")


def _literal(written: str) -> object:
    """`written` read as TOML; None where it is none."""
    try:
        return tomllib.loads(f"value = {written}\n").get("value") if "\n" not in written else None
    except (ValueError, RecursionError):
        return None


def set_feed(text: str, name: str, values: Mapping[str, object]) -> str:
    """The text with these keys of a feed changed; None takes one out. Raises NotFoundError, and
    UsageError where the file is laid out so that no edit is safe.
    """
    meant = document_with(text, name)
    feeds = meant["feeds"]
    feed = feeds[name] if isinstance(feeds[name], dict) else {"url": feeds[name]}
    feeds[name] = {k: v for k, v in {**feed, **values}.items() if v is not None}
    for key, value in values.items():
        text = _with_value(text, ("feeds", name, key), None if value is None else value_text(value))
    return proved(text, meant)


def set_feed_url(text: str, name: str, url: str) -> str:
    """The text with another URL for a feed. Raises NotFoundError."""
    return set_feed(text, name, {"url": url})


def rename_feed(text: str, name: str, new: str) -> str:
    """The text with another name for a feed, wherever the old one stands. Raises NotFoundError, and
    UsageError when the new one is taken.
    """
    meant = document_with(text, name)
    feeds = meant["feeds"]
    if new in feeds:
        raise UsageError(f"there is a feed named {new} already; give another name")
    meant["feeds"] = {new if key == name else key: value for key, value in feeds.items()}
    for statement in sorted(statements(text), key=lambda each: each.start, reverse=True):
        if statement.path[:2] == ("feeds", name):
            place = _name_part(text, statement)
            if place >= 0:
                start, end = key_parts(text, statement)[place]
                text = text[:start] + key_text(new) + text[end:]
    return proved(text, meant)


# ---------------------------------------------------------------- the layouts that a file may have


def _with_value(text: str, path: tuple[str, str, str], value: str | None) -> str:
    """The text with the key at `path` given this value (TOML); None: without it."""
    found = list(statements(text))
    for each in found:
        if each.path == path[:2] and each.kind != "table":
            return _in_one_value(text, found, each, path[2], value)
    own = [each for each in found if each.path[:3] == path and each.kind != "member"]
    if value is not None and [each.path for each in own if each.kind == "key"] == [path]:
        return text[: own[0].value_start] + value + text[own[0].end :]
    for start, end in reversed(list(stretches(found, path))):
        text = without_lines(text, start, end)
    return text if value is None else _with_line(text, path, value)


def _in_one_value(
    text: str, found: Sequence[Statement], feed: Statement, key: str, value: str | None
) -> str:
    """The same for `name = "URL"` and `name = { … }`; where only the URL is left, it is as `name =
    "URL"` again.
    """

    def replaced(new: str) -> str:
        return text[: feed.value_start] + new + text[feed.end :]

    written = text[feed.value_start : feed.end]
    if not written.startswith("{"):
        if key == "url":
            return replaced(value or "")
        return text if value is None else replaced(f"{{ url = {written}, {key} = {value} }}")
    members = [each for each in found if _is_member(each, feed)]
    own = [place for place, each in enumerate(members) if each.path[2] == key]
    if value is None:
        kept = [each for each in members if each.path[2] != key]
        if [each.path[2] for each in kept] == ["url"]:
            return replaced(text[kept[0].value_start : kept[0].end])
        for place in reversed(own):
            first, last = members[place], members[place]
            start = members[place - 1].end if place else first.start
            end = last.end if place else members[place + 1].start
            text = text[:start] + text[end:]
        return text
    if own:
        at = members[own[0]]
        return text[: at.value_start] + value + text[at.end :]
    if not members:
        raise UsageError(UNSAFE)
    return f"{text[: members[-1].end]}, {key} = {value}{text[members[-1].end :]}"


def _is_member(each: Statement, feed: Statement) -> bool:
    """Whether it is a key of this inline table itself."""
    inside = each.kind == "member" and feed.value_start < each.start < feed.end
    return inside and len(each.path) == len(feed.path) + 1


def _name_part(text: str, statement: Statement) -> int:
    """Which part of a statement's key as it is written is the feed's name; below 0: none of it."""
    return 1 - (len(statement.path) - len(key_parts(text, statement)))


def _with_line(text: str, path: tuple[str, str, str], value: str) -> str:
    """The text with a key more in the feed's table, or after its dotted keys."""
    found = list(statements(text))
    newline = "\r\n" if "\r\n" in text else "\n"
    line = f"{path[2]} = {value}"
    end = end_of_table(found, path[:2])
    if end is None:
        dotted = [each for each in found if each.path[:2] == path[:2] and each.kind == "key"]
        named = [(each, place) for each in dotted if (place := _name_part(text, each)) >= 0]
        if not named:
            raise UsageError(UNSAFE)
        last, place = named[-1]
        parts = key_parts(text, last)
        line, end = f"{text[parts[0][0] : parts[place][1]]}.{line}", last.end
    begins = next(each.start for each in found if each.end == end)
    before = text[text.rfind("\n", 0, begins) + 1 : begins]
    line = line if before.strip() else before + line
    at = line_end(text, end)
    if text[:at].endswith("\n"):
        return text[:at] + line + newline + text[at:]
    return text[:at] + newline + line + text[at:]
