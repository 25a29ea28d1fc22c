"""Items as lines a person scans: id, age, feed in its own colour, title; or as --format says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from feedd.cli.screen import Screen, pad
from feedd.errors import UsageError
from feedd.model import Config, Item, Which
from feedd.records import item_record
from feedd.terminal import ELLIPSIS, clusters, cut, gate, width
from feedd.units import YEAR_S, age

if TYPE_CHECKING:
    from feedd.query.query_nodes import Query

MIN_AGE_COLUMNS = 3
MAX_AHEAD_S = YEAR_S
"""A date further ahead is taken for a mistake: the item's age is told."""
MAX_FEED_COLUMNS = 16
MAX_FEED_COLUMNS_WIDE = 24
WIDE_COLUMNS = 120
"""From this width on there is room for longer feed names and for authors."""
MIN_TITLE_COLUMNS = 10
MAX_TAGS_SHARE = 0.4
"""An item's own tags leave the rest of the line to its title, where that is long."""

STAR = "★"
UNREAD = "•"
UNTITLED = "(untitled)"
TITLE_FROM_SUMMARY = 300
"""Characters of the summary that may stand in for a title."""


class ItemLines:
    """The layout of one listing: the columns are as wide as its items need.

    `which` decides whether read and unread must be told apart; `feeds_shown` is false where a
    heading names the feed already.
    """

    def __init__(
        self,
        items: Iterable[Item],
        *,
        screen: Screen,
        now: int,
        which: Which,
        feeds_shown: bool = True,
        matches: Matches | None = None,
    ) -> None:
        items = list(items)
        wide = screen.columns is None or screen.columns >= WIDE_COLUMNS
        longest = MAX_FEED_COLUMNS_WIDE if wide else MAX_FEED_COLUMNS
        self._screen = screen
        self._now = now
        self._matches = matches
        self._mixed = which in ("all", "starred")
        self._stars = which != "starred" and any(item.starred for item in items)
        self._authors = wide and screen.columns is not None
        self._id_columns = len(str(max((item.id for item in items), default=1)))
        # Only what is yet to come takes more than the least.
        ahead = [item for item in items if item.published is not None and item.published > now]
        ages = (len(age_of(item, now)) for item in ahead)
        self._age_columns = max(MIN_AGE_COLUMNS, max(ages, default=0))
        names = {item.feed for item in items} if feeds_shown else set()
        widest = max((width(gate(name)) for name in names), default=0)
        self._feed_columns = min(longest, widest)

    def line(self, item: Item) -> str:
        paint = self._screen.paint
        lead = (
            f"{paint(str(item.id).rjust(self._id_columns), 'yellow')}  "
            f"{paint(age_of(item, self._now).rjust(self._age_columns), 'dim')}  "
        )
        if self._feed_columns:
            name = pad(cut(gate(item.feed), self._feed_columns), self._feed_columns)
            lead += f"{self._screen.paint_feed(name, item.feed)}  "
        if self._stars:
            lead += paint(STAR, "bold", "yellow") + " " if item.starred else "  "
        if self._mixed:
            lead += "  " if item.read else f"{UNREAD} "
        return lead + self._title(item)

    def context(self, item: Item) -> str | None:
        """Where a search matched, on a line of its own under the title."""
        if not item.snippet or self._matches is None:
            return None
        indent = self._id_columns + 2
        room = None if self._screen.columns is None else self._screen.columns - indent
        return " " * indent + self._matches.context(item.snippet, room)

    @property
    def indent(self) -> int:
        """The columns before the title."""
        feed = self._feed_columns + 2 if self._feed_columns else 0
        marks = 2 * (self._stars + self._mixed)
        return self._id_columns + 2 + self._age_columns + 2 + feed + marks

    def _title(self, item: Item) -> str:
        title = shown_title(item)
        others = f" +{len(item.also_in)}" if item.also_in else ""
        styles = ("dim",) if self._mixed and item.read else ()
        columns = self._screen.columns
        room = width(title)
        if columns is None:
            others += "".join(f" #{gate(tag)}" for tag in item.item_tags)
        else:
            room = max(columns - self.indent - len(others), MIN_TITLE_COLUMNS)
            for_tags = max(int(room * MAX_TAGS_SHARE), room - width(title))
            others += _tags(item, min(for_tags, room - MIN_TITLE_COLUMNS))
            room = max(columns - self.indent - width(others), MIN_TITLE_COLUMNS)
        shown = cut(title, room)
        if self._matches is not None:
            text = self._matches.title(shown, *styles)
        else:
            text = self._screen.paint(shown, *styles)
        if item.link:
            text = self._screen.link(text, item.link)
        text += self._screen.paint(others, "cyan")
        author = gate(item.author or "")
        left = room - width(shown) - 3
        if self._authors and author and left >= width(author):
            text += self._screen.paint(f" · {author}", "dim")
        return text


def _tags(item: Item, room: int) -> str:
    """An item's own tags, as many as there is room for, and a sign that there are more."""
    shown = "".join(f" #{gate(tag)}" for tag in item.item_tags)
    left = len(item.item_tags)
    while left and width(shown) > room:
        left -= 1
        shown = "".join(f" #{gate(tag)}" for tag in item.item_tags[:left]) + f" #{ELLIPSIS}"
    return shown if width(shown) <= room else ""


def age_of(item: Item, now: int) -> str:
    """How old an item is, or how far ahead the time that its publisher gives: "3h", "in 3h"."""
    if item.published is not None and now < item.published <= now + MAX_AHEAD_S:
        return f"in {age(item.published - now)}"
    return age(now - item.sort_at)


def shown_title(item: Item) -> str:
    """The title, or what an item without one begins with."""
    return gate(item.title).strip() or gate(item.summary[:TITLE_FROM_SUMMARY]).strip() or UNTITLED


def grouped(
    items: Sequence[Item], keys: Callable[[Item], Sequence[str]]
) -> list[tuple[str, list[Item]]]:
    """Items by group (each in all of its groups), groups in the order of their first item."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        for key in keys(item):
            groups.setdefault(key, []).append(item)
    return list(groups.items())


def heading(text: str, count: int, screen: Screen, *, feed: str | None = None) -> str:
    """A group's heading with the number of its items."""
    name = gate(text)
    shown = screen.paint(name, "bold") if feed is None else screen.paint_feed(name, feed)
    return f"{shown} {screen.paint(f'({count})', 'dim')}"


def fields(record: Mapping[str, object], item: Item, now: int) -> dict[str, str]:
    """What `--format` may name, each on one line and safe: the JSON keys, and age and date."""
    values = {key: _in_words(value) for key, value in record.items()}
    values["enclosures"] = " ".join(file.url for file in item.enclosures)
    values["age"] = age_of(item, now)
    values["date"] = time.strftime("%Y-%m-%d %H:%M", time.localtime(item.sort_at))
    return {key: gate(value) for key, value in values.items()}


def _in_words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


# ---------------------------------------------------------------- lines of the user's own


NAMES = (
    "id", "age", "date", "feed", "title", "link", "author", "published", "updated", "first_seen",
    "read", "starred", "tags", "summary", "enclosures", "also_in", "categories", "comments",
    "image",
)  # fmt: skip
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}


class Template:
    """A checked template. `{name}` and `{name:>8.8}` stand for fields; \\t and \\n are honoured.

    Raises UsageError for a field that does not exist or braces that do not match.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        for written, meant in _ESCAPES.items():
            self._text = self._text.replace(written, meant)
        from string import Formatter

        try:
            for _, name, spec, conversion in Formatter().parse(self._text):
                if name is None:
                    continue
                if name not in NAMES:
                    raise UsageError(_unknown(name))
                if conversion:
                    raise UsageError(f"--format: leave out !{conversion} after {name}")
                format("", spec or "")
        except ValueError:
            raise UsageError(
                f"--format: can't make out the braces, or what follows a colon, in {text[:200]!r};"
                " write fields as {title} or {title:40.40}, braces as {{"
            ) from None

    def line(self, item: Item, config: Config, now: int) -> str:
        """The item, formatted; every field is on one line and safe for a terminal."""
        return self._text.format_map(fields(item_record(item, config), item, now))


def _unknown(name: str) -> str:
    from feedd.cli.hints import nearest

    near = nearest(name, NAMES)
    hint = f"there are {', '.join(NAMES)}" if near is None else f"did you mean '{near}'?"
    return f"--format: no field '{name}'; {hint}"


# ---------------------------------------------------------------- what was searched for

LEAD_SHARE = 3
"""At most a third of the line stands before the first match."""

_STYLE = ("bold", "red")
_SNIPPET_PART = re.compile("(\x02[^\x02\x03]*\x03)")


class Matches:
    """Marks what the words of `query` match: by style where there is colour, else (in the text, not
    in titles) by asterisks.
    """

    def __init__(self, query: Query, screen: Screen) -> None:
        from feedd.query import wanted_terms
        from feedd.store.search.snippets import fold, pattern_for

        self._screen = screen
        self._fold = fold
        self._pattern = pattern_for(wanted_terms(query.node))

    def title(self, shown: str, *styles: str) -> str:
        if not self._screen.colours or self._pattern is None:
            return self._screen.paint(shown, *styles)
        painted = ""
        at = 0
        for match in self._pattern.finditer(self._fold(shown)):
            painted += self._screen.paint(shown[at : match.start()], *styles)
            painted += self._screen.paint(shown[match.start() : match.end()], *_STYLE)
            at = match.end()
        return painted + self._screen.paint(shown[at:], *styles)

    def context(self, snippet: str, room: int | None) -> str:
        """A store's snippet (matches between STX and ETX) on one line of at most `room` columns,
        the first match in view.
        """
        parts = [
            (self._marked(gate(part)), True) if part.startswith("\x02") else (gate(part), False)
            for part in _SNIPPET_PART.split(snippet)
        ]
        if room is not None and len(parts) > 1:
            parts[0] = (_last(parts[0][0], room // LEAD_SHARE), False)
        line = ""
        for text, hit in parts:
            shown = text if room is None else cut(text, room)
            line += self._screen.paint(shown, *(_STYLE if hit else ("dim",)))
            if room is not None:
                room -= width(shown)
                if shown != text or room <= 0:
                    break
        return line

    def _marked(self, text: str) -> str:
        return text if self._screen.colours else f"*{text}*"


def _last(text: str, columns: int) -> str:
    """The end of `text` in at most `columns`, from a word on if there is one."""
    if width(text) <= columns:
        return text
    kept: list[str] = []
    used = 1
    for cluster, wide in reversed(list(clusters(text))):
        if used + wide > columns:
            break
        kept.append(cluster)
        used += wide
    end = "".join(reversed(kept))
    head, space, rest = end.partition(" ")
    return ELLIPSIS + (rest if space and rest.strip() and len(head) < len(end) - 1 else end)
