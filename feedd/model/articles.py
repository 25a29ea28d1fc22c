"""Pages, and the articles made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page waiting in the article queue, and what the feed says of its entry.

    `summary_text` is the summary, or the content's text where there is none; `feed_text` the
    fullest plain text that the feed carries.
    """

    entry_id: int
    feed: str
    url: str
    title: str
    summary_text: str
    language: str | None
    tries: int
    feed_text: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A page, cleaned. `html` is sanitised; `confidence` is 0 to 1.

    With `error` set there is no usable article and it says why: "paywall", "not-html:
    application/pdf", "too-short", "consent-page", "timeout", and so on. `canonical` is the address
    that the page calls its own, `next_url` the next page of the same article, `alternate_url` its
    AMP or print view, `moved_to` where a page without an article sends its reader. `note` says
    what is missing of an article that is usable all the same. `blocks` are fingerprints of its
    blocks, for the memory of its site.
    """

    url: str
    html: str = ""
    text: str = ""
    title: str | None = None
    byline: str | None = None
    published: int | None = None
    lead_image: str | None = None
    language: str | None = None
    confidence: float = 0.0
    error: str | None = None
    canonical: str | None = None
    next_url: str | None = None
    alternate_url: str | None = None
    moved_to: str | None = None
    note: str | None = None
    blocks: tuple[int, ...] = ()
