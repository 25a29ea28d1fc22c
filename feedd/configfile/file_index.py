"""The index of a large file: where in its text each feed stands, kept in the database.

To read a hundred thousand feeds takes a second or more, of which a list needs none and `show` one.
So whoever has read a large file whole, and found no fault, notes where its feeds stand; whoever
comes next reads the settings, and the feeds it is asked for. An index is used for the very text it
was made of, which size, time and checksum tell, and by the very program; so a file that was edited
is read whole. It holds names and numbers, nothing else of what the file says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from feedd.configfile.loader import (
    NO_FEED,
    FileProblems,
    inherited,
    inheriting,
    parse,
    read_feed,
)
from feedd.configfile.places import default_database, read_identified
from feedd.errors import ConfigError
from feedd.model import Config, FeedConfig, Settings

INDEX_KEY, PLACES_KEY = "file_index", "file_places"
"""Where the database keeps the two parts: where the settings stand, and where the feeds do."""

SINGLE_LOOKUPS = 200
"""Whoever asks for more feeds than so many has all of them read."""

Noted = Callable[[Path, str], str | None]
Span = tuple[int, int]


class FileIndex(NamedTuple):
    """Both parts of an index as the database keeps them, each begun by the text's identity."""

    settings: str
    places: str


def index_of(config: Config) -> FileIndex | None:
    """The index of the file that `config` was read from; None where that is small, has changed
    since, or is written in a way that no index is made for.
    """
    try:
        text, identity = read_identified(config.path)
    except ConfigError:
        return None
    if not identity or identity != config.identity or (found := _places(text)) is None:
        return None
    settings, feeds = found
    lines = (f"{name}\t{places}" for name, places in feeds.items())
    index = FileIndex(f"{identity}\n{settings}", "\n".join((identity, *lines, "")))
    # It is used only if it gives what reading the whole file gave.
    read, feeds_read = _read_by(config.path, text, index.settings, lambda: index.places)
    rest, rest_read = (one._replace(feeds={}, warnings=()) for one in (config, read))
    return index if rest == rest_read and feeds_read.are(config.feeds) else None


def _places(text: str) -> tuple[list[Span], dict[str, str]] | None:
    """Where all but the feeds stands, and where each feed does, as numbers in a text: a key under
    `[feeds]` with its value, or a table and what follows it. None where a feed stands above all
    tables.
    """
    from feedd.configfile.statements import statements

    settings: list[Span] = []
    feeds: dict[str, str] = {}

    def note(table: Sequence[str], start: int, end: int) -> None:
        if table[:1] != ("feeds",):
            settings.append((start, end))
        elif len(table) > 1:
            feeds[table[1]] = f"{feeds.get(table[1], '')} {start} {end}".lstrip()

    table: Sequence[str] = ()
    begun = 0
    for one in statements(text):
        if one.kind == "table":
            note(table, begun, one.start)
            table, begun = one.path, one.start
        elif one.kind == "key" and len(table) < 2 and one.path[0] == "feeds":
            if not table:
                return None
            note(one.path, one.start, one.end)
    note(table, begun, len(text))
    return settings, feeds


def load_by_index(path: Path, text: str, identity: str, noted: Noted) -> Config | None:
    """The file at `path`, which has this text, by its index; None where the database has none."""
    database = _database(path, text)
    settings = None if database is None else noted(database, INDEX_KEY)
    if database is None or settings is None or settings.partition("\n")[0] != identity:
        return None
    config, _ = _read_by(path, text, settings, lambda: noted(database, PLACES_KEY))
    # What was taken for the database's name may have been a part of a longer text.
    return config if config.settings.database == database else None


def _read_by(
    path: Path, text: str, settings: str, places: Callable[[], str | None]
) -> tuple[Config, IndexedFeeds]:
    identity, _, spans = settings.partition("\n")
    config = parse("".join(_cut(text, re.findall("[0-9]+", spans))), path)
    feeds = IndexedFeeds(path, text, identity, config.settings, places)
    return config._replace(feeds=feeds, identity=identity), feeds


def _database(path: Path, text: str) -> Path | None:
    """The database that the file seems to name; None where that can't be told at once."""
    import tomllib

    block = ""
    start = 0 if text.startswith("[feedd]") else text.find("\n[feedd]")
    if start >= 0:
        end = text.find("\n[", start + 1)
        block = text[start : end if end >= 0 else len(text)]
    try:
        written = tomllib.loads(block).get("feedd", {}).get("database")
        if written is None:
            return default_database()
        return path.absolute().parent / Path(written).expanduser()
    except (AttributeError, TypeError, ValueError, RuntimeError):
        return None


class IndexedFeeds(Mapping[str, FeedConfig]):
    """The feeds of a file that was found sound before, each read when it is asked for."""

    def __init__(
        self,
        path: Path,
        text: str,
        identity: str,
        settings: Settings,
        places: Callable[[], str | None],
    ) -> None:
        self._path = path
        self._text = text
        self._identity = identity
        self._inherited = inherited(settings)
        self._noted_places = places
        self._met: dict[str, FeedConfig | None] = {}

    def __getitem__(self, name: str) -> FeedConfig:
        if "_all" not in self.__dict__ and len(self._met) < SINGLE_LOOKUPS:
            if name not in self._met:
                self._met[name] = self._look_up(name)
            feed = self._met[name]
            if feed is None:
                raise KeyError(name)
            return feed
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        places = self._places
        return len(self._all) if places is None else places.count("\n") - 1

    def values(self) -> ValuesView[FeedConfig]:
        return self._all.values()

    def items(self) -> ItemsView[str, FeedConfig]:
        return self._all.items()

    @cached_property
    def _places(self) -> str | None:
        """A line a feed; None where the index is another one by now."""
        places = self._noted_places()
        fits = places is not None and places.partition("\n")[0] == self._identity
        return places if fits else None

    @cached_property
    def _all(self) -> Mapping[str, FeedConfig]:
        if self._places is None:
            return parse(self._text, self._path).feeds
        return {name: self._read(name, numbers) for name, numbers in self._lines(self._places)}

    def are(self, feeds: Mapping[str, FeedConfig]) -> bool:
        """Are they these, in this order? Looked at one by one: there may be very many."""
        places = self._places
        return (
            places is not None
            and len(self) == len(feeds)
            and all(
                name == line[0] and self._read(*line) == feed
                for (name, feed), line in zip(feeds.items(), self._lines(places), strict=True)
            )
        )

    def _lines(self, places: str) -> Iterator[tuple[str, str]]:
        for line in places.split("\n")[1:-1]:
            name, _, numbers = line.partition("\t")
            yield name, numbers

    def _look_up(self, name: str) -> FeedConfig | None:
        places = self._places
        if places is None:
            return self._all.get(name)
        at = places.find(f"\n{name}\t") + 1
        if not at or not name.isprintable():  # a tab would begin the numbers
            return None
        return self._read(name, places[at + len(name) + 1 : places.index("\n", at)])

    def _read(self, name: str, numbers: str) -> FeedConfig:
        """One feed, from where the index says that it stands."""
        start, _, end = numbers.partition(" ")
        said: object = None
        if end.isdecimal():  # it stands in one place
            written = self._text[int(start) : int(end)]
            said = _plain_url(written) or _plain_table(written)
        if said is None:
            said = self._read_as_toml(name, numbers)
        if isinstance(said, dict):
            feed = read_feed(name, said, FileProblems(self._path, ""))
            assert feed is not None  # it was one before
        else:
            feed = FeedConfig._make((name, said, *_NOTHING_ELSE))
        return inheriting(feed, said, self._inherited) if self._inherited else feed

    def _read_as_toml(self, name: str, numbers: str) -> object:
        import tomllib

        written = _cut(self._text, numbers.split())
        keys = [one for one in written if not one.startswith("[")]
        tables = [one for one in written if one.startswith("[")]
        return tomllib.loads("\n".join(("[feeds]", *keys, *tables)))["feeds"][name]


def _cut(text: str, numbers: Sequence[str]) -> list[str]:
    """The parts of a text that stand at these places."""
    places = iter(map(int, numbers))
    return [text[start:end] for start, end in zip(places, places, strict=True)]


_NOTHING_ELSE = NO_FEED[2:]
"""What a feed has of which the file says no more than its address."""

_KEY = r"[A-Za-z0-9_-]+"
_TEXT = r'"[^"\\\n]*"'
_PLAIN_URL = re.compile(rf'{_KEY}[ \t]*=[ \t]*("[^"\\\n]*")')
_PLAIN_LINE = re.compile(
    rf"({_KEY})[ \t]*=[ \t]*(?:({_TEXT})|(true|false)|(\[(?:{_TEXT}(?:,[ \t]*)?)*\]))[ \t\r]*"
)
"""What nearly all lines of such files are, read without a reader of TOML. In quotes that hold
neither quotes nor backslashes every character stands for itself."""


def _plain_url(written: str) -> str | None:
    found = _PLAIN_URL.fullmatch(written)
    return found[1][1:-1] if found else None


def _plain_table(written: str) -> Mapping[str, object] | None:
    header, *lines = written.split("\n")
    if not header.startswith("[") or not header.rstrip().endswith("]"):
        return None
    said: dict[str, object] = {}
    for line in lines:
        if not line or line.isspace() or line.startswith("#"):
            continue
        found = _PLAIN_LINE.fullmatch(line)
        if found is None:
            return None
        key, text, boolean, texts = found.groups()
        if text is not None:
            said[key] = text[1:-1]
        elif boolean is not None:
            said[key] = boolean == "true"
        else:
            said[key] = [one[1:-1] for one in re.findall(_TEXT, texts)]
    return said
