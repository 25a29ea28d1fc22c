"""What an OPML document is to feedd."""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "urn:x-feedd:opml"
"""Holds what OPML has no word for: `name`, the feed's handle on the command line."""


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A subscription. `tags` are its folders, outermost first, then its categories.

    `title` is one that the user gave; `label`, only written, is what readers show without one.
    """

    url: str
    title: str | None = None
    site: str | None = None
    tags: tuple[str, ...] = ()
    name: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class OpmlImport:
    """What a file holds, each feed once, and in words what of it was left out and why."""

    feeds: tuple[OpmlFeed, ...]
    skipped: tuple[str, ...] = ()
