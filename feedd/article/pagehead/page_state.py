"""The state (JSON) that a page's scripts draw it from: where else its text is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice
from typing import Final

from feedd.article.pagehead.metadata import pubdate
from feedd.article.tree.markup import Thing, squash
from feedd.units import DAY_S

STATE_VALUES_MAX: Final = 20_000
STATE_DEPTH_MAX: Final = 12
STATE_LINE_MIN_CHARS: Final = 40
STATE_NAME_MAX_CHARS: Final = 300
STATE_TRIES_MAX: Final = 5
"""What is looked at of the state of a page whose elements hold no text."""

_DECODER: Final = json.JSONDecoder(strict=False)
_STATE_BEGINS = re.compile(r"(?:=|J(?<!\wJ)SON\.parse\()\s*+(?=[{\[\"])")
_OF_DAYS: Final = (
    b"ublish",
    b"var ct",
    b"ub_",
    b"ubTime",
    b"ubDate",
    b"ptime",
    b"ewsTime",
    b"createTime",
    b"create_time",
)
"""One of these begins, a letter later perhaps, each name of the day of publication."""
_PUBLISHED = re.compile(
    rb"(?:var ct|[a-z]{0,6}_?[Tt]ime|ub_?[Dd]ate|ublish(?:ed)?_?(?:[Aa]t|[Dd]ate|[Tt]ime|[Oo]n)?)"
    rb"[\"']?\s?[=:]\s?[\"']((?:19|20)\d\d-\d\d-\d\d[^\"'<>]{0,20}|1\d{9})[\"']"
)
DAYS_MAX: Final = 50
_TELLING: Final = frozenset({"text", "content", "html", "value", "body", "title", "heading"})
_NAMES: Final = ("title", "headline", "name")


def told_in_state(scripts: Iterable[str], names: Sequence[str]) -> str:
    """The text of the object that bears one of a page's `names` in the state that its scripts draw
    it from: HTML, or lines; "" where there is none.
    """
    known = {squash(name) for name in names if name}
    states = [state for script in scripts for state in _states(script)]
    return max((_State(state, known).told() for state in states), key=len, default="")


def day_told(markup: bytes) -> int | None:
    """When the page was published, in epoch seconds, by what its scripts are given: variables, or
    keys of the state; None where they tell several days: of other pages, too.
    """
    found = [pubdate.instant(match[1].decode()) for match in islice(_days_in(markup), DAYS_MAX)]
    told = [at for at in found if at is not None]
    is_one = told and max(told) - min(told) < DAY_S
    return next((at for at in told if at % DAY_S), told[0]) if is_one else None


def _days_in(markup: bytes) -> Iterator[re.Match[bytes]]:
    """A name is found in a hundredth of the time that an expression for all of them takes."""
    for name in _OF_DAYS:
        at = markup.find(name)
        while at >= 0:
            match = _PUBLISHED.match(markup, at)
            if match is not None and markup[at - 5 : at - 1] != b"date":  # of structured data
                yield match
            at = markup.find(name, at + len(name))


def _states(script: str) -> Iterator[object]:
    """The JSON values of a script: itself, or what it gives to variables."""
    at = len(script) - len(script.lstrip())
    begins = [at] if script[at : at + 1] in ("{", "[") else []
    begins += [match.end() for match in islice(_STATE_BEGINS.finditer(script), STATE_TRIES_MAX)]
    for begin in begins[:STATE_TRIES_MAX]:
        try:
            value, _ = _DECODER.raw_decode(script, begin)
            yield json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            continue


class _State:
    """JSON of any make; `known` are the squashed names that the page goes by. Some frameworks list
    all values flatly, and have their places in the list for them.
    """

    def __init__(self, value: object, known: Set[str]) -> None:
        self._value, self._known = value, known
        is_flat = isinstance(value, list) and value[:1] and isinstance(value[0], list)
        self._flat: list[object] = value if isinstance(value, list) and is_flat else []
        self._left = STATE_VALUES_MAX

    def told(self) -> str:
        """The longest text in an object with a known name, or in the one around it."""
        best = ""
        waiting: list[tuple[object, object]] = [(self._value, None)]
        while waiting and self._left > 0:
            value, around = waiting.pop()
            self._left -= 1
            if isinstance(value, dict):
                if not self._known.isdisjoint(self._names(value)):
                    best = max(best, self._longest(value), self._longest(around), key=len)
                waiting += [(each, value) for each in value.values()]
            elif isinstance(value, list):
                waiting += [(each, around) for each in value]
        return best

    def _names(self, thing: Thing) -> list[str]:
        named = [self._at(thing[key]) for key in _NAMES if key in thing]
        return [squash(name[:STATE_NAME_MAX_CHARS]) for name in named if isinstance(name, str)]

    def _longest(self, thing: object) -> str:
        values = thing.items() if isinstance(thing, dict) else ()
        return max(("\n".join(self._lines(v, key)) for key, v in values), key=len, default="")

    def _lines(self, value: object, key: str, depth: int = 0) -> Iterator[str]:
        """The lines of text within a value, in order, but for those of objects of other names."""
        value = self._at(value)
        self._left -= 1
        if isinstance(value, str):
            is_text = len(value) >= STATE_LINE_MIN_CHARS or key in _TELLING
            if is_text and (" " in value or not value.isascii()):
                yield value
        elif depth == STATE_DEPTH_MAX or self._left < 0:
            return
        elif isinstance(value, list):
            for each in value:
                yield from self._lines(each, key, depth + 1)
        elif isinstance(value, dict):
            names = self._names(value)
            if not (names and self._known.isdisjoint(names)):
                for name, each in value.items():
                    yield from self._lines(each, name, depth + 1)

    def _at(self, value: object) -> object:
        is_place = type(value) is int and 0 < value < len(self._flat)
        return self._flat[value] if isinstance(value, int) and is_place else value
