"""What an OPML document is to feedd."""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "urn:x-feedd:opml"
"""Holds what OPML has no word for: `name`, the feed's handle on the command line."""


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A subscription. `tags` are its folders, outermost first, then its categories.

    `title` is one that the user gave; `label`, only written, is what readers show without one.
    `left_out` names what another reader keeps of it and feedd has no key for.
    """

    url: str
    title: str | None = None
    site: str | None = None
    tags: tuple[str, ...] = ()
    name: str | None = None
    label: str | None = None
    article_selector: str | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpmlImport:
    """What a file holds, each feed once; in words, which were skipped and why, and what of those
    that were taken was left out.
    """

    feeds: tuple[OpmlFeed, ...]
    skipped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
