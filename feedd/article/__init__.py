"""From a page to its article: what is its text, what is boilerplate, and how sure is that.

Importing this is cheap: the heavy libraries load with `cleaning`, in a worker process.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

CLEAN_CPU_S: Final = 5.0
"""CPU time for one page. Honest pages take a tenth of a second, so even a machine twenty times
slower cleans them, however busy it is."""

CLEAN_MEMORY_BYTES: Final = 300_000_000
"""Resident memory of one process that cleans pages. Honest pages leave it at some 60 MB."""

CLEAN_TIMEOUT_S: Final = 60.0
"""Wall-clock time for one page: stops what waits instead of computing."""


class PageInput(Struct, frozen=True):
    """A fetched page, and what the feed says about it.

    `url` is where the body came from, `content_type` the header as received. `title`,
    `summary_text`, `feed_text` (the fullest plain text that the feed carries) and `language` are
    the entry's. `selector` and `remove` are the user's CSS selectors: the element that is the
    article, and elements that are not. `recurring` are fingerprints of blocks that other pages of
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
    recurring: frozenset[int] = frozenset()


class EarlierArticle(Struct, frozen=True):
    """A stored article's sanitised HTML, and fingerprints of what is now known to recur on its
    site.
    """

    html: str
    recurring: frozenset[int]


class StoredArticle(Struct, frozen=True):
    """A stored article's sanitised HTML, whose blocks' fingerprints were not stored with it."""

    html: str


class ExplainedBlock(Struct, frozen=True):
    """One block of a page, whether it was kept, and why, in words; `score` is 0 to 1."""

    kept: bool
    why: str
    score: float
    tag: str
    text: str


class PageRejected(Exception):  # noqa: N818 - no failure of ours: it leaves this room as Article.error
    """There is no article here; `reason` says why in a word or two.

    `moved_to` and `alternate_url` are where the page says that it is, as in `Article`. `media_type`
    is what a page is that is no HTML.
    """

    def __init__(
        self,
        reason: str,
        *,
        moved_to: str | None = None,
        alternate_url: str | None = None,
        media_type: str | None = None,
    ) -> None:
        self.reason = reason
        self.media_type = media_type
        self.moved_to = moved_to
        self.alternate_url = alternate_url
        super().__init__(reason)
