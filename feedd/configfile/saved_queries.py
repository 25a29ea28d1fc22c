"""`[views]` and `[[rules]]`: queries that the user keeps by name, or for what is to come."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from feedd.configfile.values import MAX_NAME_CHARACTERS, found, shown, split_words, unknown
from feedd.errors import UsageError
from feedd.model import Config, Rule
from feedd.query import QueryNames, parse
from feedd.units import tag_problem

Report = Callable[[tuple[str, ...], str], None]

ACTIONS: Final = ("read", "star", "later", "tag:NAME", "hide", "full-text", "notify:COMMAND")


def views(table: object, report: Report) -> dict[str, str]:
    """Queries by name, in the file's order; what is wrong is reported with its place."""
    if not isinstance(table, dict):
        report(("views",), "must be a table: write [views] on a line of its own")
        return {}
    read: dict[str, str] = {}
    for name, value in table.items():
        if any(c.isspace() or c in '()"“”@' or not c.isprintable() for c in name) or not (
            0 < len(name) <= MAX_NAME_CHARACTERS
        ):
            report(("views", name), "a view's name is one word without brackets, quotes and @")
        elif not isinstance(value, str):
            report(("views", name), str(found(value, "a query, in quotes")))
        else:
            read[name] = value
    for name in read:
        try:
            parse(read[name], QueryNames(views=read), strict=False, view=name)
        except UsageError as error:
            report(("views", name), str(error))
    return read


def rules(tables: object, known_views: Mapping[str, str], report: Report) -> tuple[Rule, ...]:
    """The rules, in the file's order; what is wrong is reported with its place."""
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        report(("rules",), "must be tables: write [[rules]] on a line of its own before each")
        return ()
    read: list[Rule] = []
    names: set[str] = set()
    for number, table in enumerate(tables, 1):
        place = ("rules", str(number))
        values = dict(_values(table, known_views, lambda key, what: report((*place, key), what)))  # noqa: B023
        for key in ("when", "do"):
            if key not in table:
                report(place, f"has no {key}")
        name = values.get("name")
        if name in names:
            report((*place, "name"), f"another rule is called {shown(name)} already")
        names.add(str(name))
        if {"when", "do"} <= values.keys():
            read.append(Rule(number=number, **values))  # type: ignore[arg-type]  # as `_KEYS` reads
    return tuple(read)


def _values(
    table: Mapping[str, object], known_views: Mapping[str, str], report: Callable[[str, str], None]
) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        try:
            if key not in _KEYS:
                report(key, unknown(key, list(_KEYS), "key"))
                continue
            yield key, _KEYS[key](value)
            if key == "when":
                parse(str(value), QueryNames(views=known_views), strict=False)
        except (ValueError, UsageError) as error:
            report(key, str(error))


def _name(value: object) -> object:
    if isinstance(value, str) and value.strip() == value != "" and value.isprintable():
        if value.isdigit():
            raise ValueError(f"found {shown(value)}; a number names a rule by its place already")
        if len(value) <= MAX_NAME_CHARACTERS and not value.startswith("-"):
            return value
    raise found(value, f"a name of at most {MAX_NAME_CHARACTERS} characters, on one line")


def _when(value: object) -> object:
    if isinstance(value, str):
        return value
    raise found(value, "a query, in quotes")


def _do(value: object) -> object:
    allowed = f"a list of {', '.join(ACTIONS)}"
    if not isinstance(value, list) or not value:
        raise found(value, allowed)
    for action in value:
        if not isinstance(action, str):
            raise found(action, allowed)
        kind, colon, what = action.partition(":")
        if kind == "tag" and colon:
            if problem := tag_problem(what):
                raise ValueError(f"found {shown(action)}: {problem}")
        elif kind == "notify" and colon and what.strip():
            try:
                split_words(what)
            except ValueError as error:
                raise ValueError(f"found {shown(action)}, no command: {error}") from None
        elif action not in ACTIONS or colon:
            raise found(action, allowed)
    return tuple(value)


def _until(value: object) -> object:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise found(value, "a date without quotes, such as 2026-12-31")


_KEYS: Mapping[str, Callable[[object], object]] = {
    "name": _name,
    "when": _when,
    "do": _do,
    "until": _until,
}


def names_of(config: Config) -> QueryNames:
    """What names in a query stand for, as the user's file has it."""
    return QueryNames(config.views, config.feeds_by_tag, tuple(config.feeds))
