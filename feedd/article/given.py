"""What cleaning a page starts from, and what is said about each block on request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageInput:
    """A fetched page, and what the feed says about it.

    `url` is where the body came from, `content_type` the header as received. `title`,
    `summary_text`, `feed_text` (the fullest plain text that the feed carries) and `language` are
    the entry's. `selector` and `remove` are the user's CSS selectors: the element that is the
    article, and elements that are not. `furniture` are fingerprints of blocks that other pages of
    the site have, too (see `sitememory`).
    """

    body: bytes
    url: str
    content_type: str | None = None
    title: str = ""
    summary_text: str = ""
    feed_text: str = ""
    language: str | None = None
    selector: str | None = None
    remove: str | None = None
    furniture: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class EarlierArticle:
    """Sanitised HTML of an article, and fingerprints of what is known by now to recur on its
    site.
    """

    html: str
    furniture: frozenset[int]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """Sanitised HTML of an article whose blocks' fingerprints nobody kept."""

    html: str


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """One block of a page, whether it was kept, and why, in words; `score` is 0 to 1."""

    kept: bool
    why: str
    score: float
    tag: str
    text: str
