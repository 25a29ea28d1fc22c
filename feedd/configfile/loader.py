"""The file's text checked: all its problems at once, or a Config."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from feedd.configfile.keys import FEED, INHERITED, ITEM_KEYS, READ, SETTINGS, Key
from feedd.configfile.places import database_at, default_database
from feedd.configfile.values import (
    file_url_problem,
    name_problem,
    nearest,
    same_feed_key,
    unknown,
    url_problem,
)
from feedd.errors import ConfigError
from feedd.model import Config, FeedConfig, ReadSettings, Rule, Settings

_TABLES = ("feedd", "feeds", "views", "rules", "read")

NO_FEED = FeedConfig("", "")
"""What a feed has of which nothing is said."""


def parse(text: str, path: Path) -> Config:
    """Check the text of the file at `path`. Raises ConfigError holding every problem."""
    document = _document(text, path)
    problems = FileProblems(path, text)
    strange = {name: _not_a_table(name, document[name]) for name in document if name not in _TABLES}
    if len(strange) == len(document) and list(strange.values()).count(None) > 1:
        whose = "has nothing of feedd's and seems to be another program's"
        raise ConfigError([f"{path}: {whose}; --config FILE names yours"])
    for name, what in strange.items():
        problems.add((name,), what or unknown(name, _TABLES, "table"))
    settings = _settings(document.get("feedd", {}), path, problems)
    feeds = _feeds(document.get("feeds", {}), problems)
    if settings is not None and feeds and (told := inherited(settings)):
        said: Any = document["feeds"]
        feeds = {name: inheriting(feed, said[name], told) for name, feed in feeds.items()}
    read = _read(document.get("read", {}), problems)
    views: Mapping[str, str] = {}
    rules: tuple[Rule, ...] = ()
    if "views" in document or "rules" in document:
        from feedd.configfile import saved_queries

        views = saved_queries.views(document.get("views", {}), problems.add)
        rules = saved_queries.rules(document.get("rules", []), views, problems.add)
    if problems.found:
        raise ConfigError(problems.lines())
    assert settings is not None
    _warn(settings, feeds, problems)
    return Config(path, settings, feeds, tuple(problems.lines()), read, views, rules)


def _not_a_table(name: str, value: object) -> str | None:
    """What to say of a name that is no table's, by what it holds and which table's is near; None
    where it is like nothing of feedd's.
    """
    if isinstance(value, dict) and not SETTINGS.keys().isdisjoint(value):
        return f"unknown table; did you mean feedd? allowed: {', '.join(_TABLES)}"
    told = _misplaced(name, value)
    is_near = told is None and nearest(name, _TABLES) is not None
    return unknown(name, _TABLES, "table") if is_near else told


def _misplaced(name: str, value: object) -> str | None:
    """What to say of a setting or a feed that stands outside of its table."""
    if name in SETTINGS:
        return "belongs under the line [feedd]; move it there"
    if isinstance(value, str) and file_url_problem(value) is None:
        return "belongs under the line [feeds]; move it there"
    return None


def _document(text: str, path: Path) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (RecursionError, ValueError) as error:
        from feedd.configfile.statements import not_toml

        line, what = not_toml(text, error)
        place = f"{path}:{line}" if line else f"{path}"
        raise ConfigError([f"{place}: is not TOML: {what}"]) from None


class FileProblems:
    """Problems as they are found; lines are looked up only when there are any."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.found: list[tuple[tuple[str, ...], str]] = []

    def add(self, key: tuple[str, ...], message: str) -> None:
        self.found.append((key, message))

    def lines(self) -> Sequence[str]:
        if not self.found:
            return ()
        from feedd.configfile.statements import dotted, lines, nearest_line

        known = lines(self.text, numbered=True)
        placed = [(nearest_line(known, key) or 0, key, what) for key, what in self.found]
        placed.sort(key=lambda each: each[0])
        return [
            f"{self.path}{f':{line}' if line else ''}: {dotted(key)}: {what}"
            for line, key, what in placed
        ]


def _values(
    table: Mapping[str, object],
    keys: Mapping[str, Key],
    report: Callable[[str, str], None],
) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        key = keys.get(name)
        if key is None:
            misspelt = name not in SETTINGS and _takes(keys.get(nearest(name, keys) or ""), value)
            elsewhere = None if misspelt else _misplaced(name, value)
            report(name, elsewhere or unknown(name, list(keys), "key"))
            continue
        try:
            yield key.field, key.read(value)
        except ValueError as error:
            report(name, str(error))


def _takes(key: Key | None, value: object) -> bool:
    try:
        if key is not None:
            key.read(value)
    except ValueError:
        return False
    return key is not None


def _settings(table: object, path: Path, problems: FileProblems) -> Settings | None:
    if not isinstance(table, dict):
        problems.add(("feedd",), "must be a table: write [feedd] on a line of its own")
        return None

    def report(key: str, message: str) -> None:
        problems.add(("feedd", key), message)

    values: dict[str, object] = dict(_values(table, SETTINGS, report))
    if "client_key" in table and "client_cert" not in table:
        report("client_key", "needs a client_cert beside it")
    try:
        written = values.get("database")
        values["database"] = database_at(str(written), path) if written else default_database()
    except ValueError as error:
        report("database", str(error))
        return None
    settings = Settings(**values)  # type: ignore[arg-type]  # each reader returns its field's type
    if settings.min_interval_s > settings.max_interval_s:
        from feedd.units import format_duration

        shortest, longest = map(format_duration, (settings.min_interval_s, settings.max_interval_s))
        key = "min_interval" if "min_interval" in table else "max_interval"
        report(key, f"min_interval ({shortest}) is longer than max_interval ({longest})")
    return settings


def _feeds(table: object, problems: FileProblems) -> dict[str, FeedConfig]:
    if not isinstance(table, dict):
        problems.add(("feeds",), "must be a table: write [feeds] on a line of its own")
        return {}
    feeds: dict[str, FeedConfig] = {}
    for name, value in table.items():
        if wrong := name_problem(name):
            problems.add(("feeds", name), wrong)
        if isinstance(value, str):
            if (wrong := file_url_problem(value)) is not None:
                problems.add(("feeds", name), wrong)
            feeds[name] = FeedConfig(name, value)
        elif isinstance(value, dict):
            feed = read_feed(name, value, problems)
            if feed is not None:
                feeds[name] = feed
        else:
            problems.add(("feeds", name), 'must be a URL in quotes, or a table with a "url"')
    return feeds


def read_feed(name: str, table: Mapping[str, object], problems: FileProblems) -> FeedConfig | None:
    """What a table says of the feed; None where that is no feed, which is among the problems."""

    def report(key: str, message: str) -> None:
        problems.add(("feeds", name, key), message)

    values: dict[str, object] = {"name": name, "url": ""}
    if (dotted_name := _dotted_name(name, table)) is not None:
        problems.add(("feeds", name), dotted_name)
        return None
    if "url" not in table:
        misspelt = _misspelt_url(table)
        if misspelt is None:
            problems.add(("feeds", name), 'has no url; add url = "https://…"')
        else:
            report(misspelt, "unknown key; did you mean url?")
        table = {key: value for key, value in table.items() if key != misspelt}
        list(_values(table, FEED, report))
        return None
    values.update(_values(table, FEED, report))
    if "password_file" in table and "username" not in table:
        report("password_file", "needs a username beside it")
    for key in ITEM_KEYS:
        if key in table and "items" not in table:
            report(key, "is for a page without a feed: needs items beside it")
    if "client_key" in table and "client_cert" not in table:
        report("client_key", "needs a client_cert beside it")
    return FeedConfig(**values)  # type: ignore[arg-type]  # each reader returns its field's type


def _read(table: object, problems: FileProblems) -> ReadSettings:
    if not isinstance(table, dict):
        problems.add(("read",), "must be a table: write [read] on a line of its own")
        return ReadSettings()

    def report(key: str, message: str) -> None:
        problems.add(("read", key), message)

    keys = table.get("keys", {})
    plain = {name: value for name, value in table.items() if name != "keys"}
    values: dict[str, object] = dict(_values(plain, READ, report))
    if not isinstance(keys, dict):
        report("keys", "must be a table: write [read.keys] on a line of its own")
    elif keys:
        from feedd.configfile.read_keys import key_bindings

        values["keys"] = key_bindings(keys, problems.add)
    return ReadSettings(**values)  # type: ignore[arg-type]  # each reader returns its field's type


def _misspelt_url(table: Mapping[str, object]) -> str | None:
    """The key that was to be `url`, by its name or by what it holds."""
    for key, value in table.items():
        if key not in FEED and (
            nearest(key, FEED) == "url" or (isinstance(value, str) and url_problem(value) is None)
        ):
            return key
    return None


def inherited(settings: Settings) -> Mapping[str, tuple[str, object]]:
    """What `[feedd]` says for feeds that say nothing: by the key, the field and its value."""
    fields = {key: SETTINGS[key].field for key in INHERITED}
    return {
        key: (field, value)
        for key, field in fields.items()
        if (value := getattr(settings, field)) != getattr(NO_FEED, field)
    }


def inheriting(
    feed: FeedConfig, said: object, told: Mapping[str, tuple[str, object]]
) -> FeedConfig:
    """The feed with what it inherits; `said` is what the file says of it."""
    keys = said if isinstance(said, dict) else ()
    values: Any = dict(value for key, value in told.items() if key not in keys)
    return feed._replace(**values) if values else feed


def _dotted_name(name: str, table: Mapping[str, object]) -> str | None:
    """What to say of a table that is no feed, but holds one: its name has a dot, and no quotes."""
    for key, value in table.items():
        if "url" not in table and isinstance(value, dict) and "url" in value:
            return f'has no url; a name with a dot needs quotes: [feeds."{name}.{key}"]'
    return None


def _warn(settings: Settings, feeds: Mapping[str, FeedConfig], problems: FileProblems) -> None:
    from feedd.units import format_duration

    def bounded(key: tuple[str, ...], interval_s: int) -> None:
        lowest, highest = settings.min_interval_s, settings.max_interval_s
        if not lowest <= interval_s <= highest:
            bound, word = (
                (lowest, "min_interval") if interval_s < lowest else (highest, "max_interval")
            )
            problems.add(key, f"is outside its bounds: {word} ({format_duration(bound)}) wins")

    bounded(("feedd", "interval"), settings.interval_s)
    seen: dict[str, str] = {}
    for feed in feeds.values():
        if feed.interval_s is not None:
            bounded(("feeds", feed.name, "interval"), feed.interval_s)
        first = seen.setdefault(same_feed_key(feed.url), feed.name)
        if first != feed.name:
            from feedd.configfile.statements import dotted

            problems.add(("feeds", feed.name), f"has the same URL as {dotted((first,))}")
