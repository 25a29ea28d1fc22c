"""What the town of Saltmere writes: channels and their stories, read from stories.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from feedd.units import parse_duration

Format = Literal["rss 0.91", "rss 1.0", "rss 2.0", "atom 0.3", "atom 1.0", "json feed"]


class Story(Struct, frozen=True):
    """One item. `age_s` says how long before the start of the demo it appeared; `body` is HTML."""

    slug: str
    title: str
    age_s: int
    author: str
    body: str

    @property
    def summary(self) -> str:
        """The first paragraph, as HTML."""
        return self.body.partition("<p>")[2].partition("</p>")[0]


class Channel(Struct, frozen=True):
    """One feed. `full`: it carries whole stories; else their first paragraph only."""

    name: str
    title: str
    about: str
    format: Format
    full: bool
    stories: tuple[Story, ...]


def _story(table: Mapping[str, Any]) -> Story:
    slug, title, author, body = (table[key] for key in ("slug", "title", "author", "body"))
    return Story(slug, title, parse_duration(table["age"]), author, body)


def _channel(name: str, table: Mapping[str, Any]) -> Channel:
    title, about, kind, full = (table[key] for key in ("title", "about", "format", "full"))
    return Channel(name, title, about, kind, full, tuple(map(_story, table["stories"])))


_WRITTEN = tomllib.loads(Path(__file__).with_name("stories.toml").read_text(encoding="utf-8"))

STRUCK = _story(_WRITTEN.pop("struck"))
"""What the bells add while the daemon runs."""

CHANNELS = tuple(_channel(name, table) for name, table in _WRITTEN.items())
BY_NAME = {channel.name: channel for channel in CHANNELS}

GAZETTE = BY_NAME["gazette"]
BELLS = BY_NAME["bells"]
OBSERVATORY = BY_NAME["observatory"]

SHARED = (GAZETTE.stories[1], BY_NAME["library"])
"""A story that a second channel carries as well, under the same link."""
