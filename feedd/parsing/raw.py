"""What a reader finds in a document: the publisher's own words, neither judged nor cleaned.

Every reader ends here and one builder starts here, so that it makes no difference which was used.
URLs are as given or already joined to their `xml:base`; blanks around texts are gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["text", "html", "either"]
"""How a text is meant. RSS does not say: "either"."""


class RawText(NamedTuple):
    """A text; `base` is the URL in force where it stands, `language` the xml:lang."""

    value: str
    kind: Kind
    base: str
    language: str | None = None


class RawLink(NamedTuple):
    """A link with what was said about it; `type` in lower case."""

    href: str
    rel: str = "alternate"
    type: str | None = None
    length: str | None = None
    duration: str | None = None


class Person(NamedTuple):
    """An author as given."""

    name: str | None
    email: str | None = None


@dataclass(slots=True)
class RawEntry:
    """One item or entry. `raw` is its bytes in the document, where they are known; `inherited`
    what it takes from the elements around it; `fingerprint` the hash of both, where it was needed.
    """

    guid: str | None = None
    link: str | None = None
    original_link: str | None = None
    title: RawText | None = None
    summary: RawText | None = None
    contents: list[RawText] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    media: list[RawLink] = field(default_factory=list)
    authors: list[Person] = field(default_factory=list)
    source_authors: list[Person] = field(default_factory=list)
    origin: RawText | None = None
    thumbnails: list[str] = field(default_factory=list)
    image: str | None = None
    duration: str | None = None
    season: str | None = None
    episode: str | None = None
    categories: list[str] = field(default_factory=list)
    published: str | None = None
    updated: str | None = None
    created: str | None = None
    comments: str | None = None
    language: str | None = None
    raw: bytes | memoryview = b""
    inherited: str = ""
    fingerprint: bytes = b""

    @property
    def has_file(self) -> bool:
        """Is a file attached, as to an episode of a podcast?"""
        return any(one.rel.endswith("enclosure") for one in self.links)


@dataclass(slots=True)
class RawFeed:
    """One document. `family` says whose rules hold; `version` is shown.

    `context` is everything outside the items that has a say in what an item means; empty when
    items were not told apart by their bytes.
    """

    family: Literal["rss", "atom", "json"]
    version: str
    title: RawText | None = None
    link: str | None = None
    links: list[RawLink] = field(default_factory=list)
    authors: list[Person] = field(default_factory=list)
    language: str | None = None
    ttl: str | None = None
    update_period: str | None = None
    update_frequency: str | None = None
    skip_hours: list[str] = field(default_factory=list)
    skip_days: list[str] = field(default_factory=list)
    entries: list[RawEntry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    context: bytes = b""


def kind_of(media_type: str, family: str) -> Kind | None:
    """How a text of this type is meant; None: it is no text."""
    if media_type == "application/xhtml+xml":
        return "html"
    if media_type not in ("text/plain", "text/html"):
        return None
    if family == "rss":
        return "either"
    return "html" if media_type == "text/html" else "text"
