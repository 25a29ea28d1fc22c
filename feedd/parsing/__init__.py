"""Feed documents to values: RSS, Atom, RDF and JSON Feed, well formed or not.

    reading     what a document is, which reader gets it, what is made of the result
    refusal     what a document is that is no feed, in words
    fast        well-formed RSS, Atom and RDF, from a tree built in C: `item_elements` reads items,
                `fields` what feeds and items have in common, `names` names the elements
    fingerprints  which items were seen before, and reading without them
    repair      what is broken in XML, put right or read all the same
    tidy        what is broken or out of the ordinary, put in plain form for either reader
    tolerant    everything else, by feedparser, whose reading is the reference
    jsonfeed    JSON Feed
    raw         what all three find: the publisher's words, neither judged nor cleaned
    building    raw values to those of `feedd.model`: sanitised, absolute, bounded
    files       the files and the picture of an entry among them

How much of a document is taken stands below: each limit here, once.

Importing this costs next to nothing; `reading`, which loads the parsers, belongs in a worker
process: a document can keep a parser busy for as long as it likes.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from feedd.model import ParserMode
from feedd.web.page_items import ItemSelectors

PARSE_CPU_S: Final = 10.0
"""Computed for one document, in a worker process: a busy machine costs no feed its entries."""

PARSE_TIMEOUT_S: Final = 60.0
"""By the clock: the backstop for what waits instead of computing."""

ENTRIES_MAX: Final = 10_000
"""New entries built in one reading, in the order of the document."""

DEPTH_MAX_ELEMENTS: Final = 250
TITLE_MAX_CHARS: Final = 1_000
CONTENT_MAX_CHARS: Final = 2_000_000
SUMMARY_MAX_CHARS: Final = 20_000
GUID_MAX_CHARS: Final = 2_048
"""A longer identifier is stored as its beginning and a hash of the whole: it still identifies."""

GUID_KEPT_CHARS: Final = 200
AUTHOR_MAX_CHARS: Final = 300
PERSON_MAX_CHARS: Final = 500
"""A longer author field is taken as it stands: looking for an address in it takes too long."""

CATEGORIES_MAX: Final = 50
CATEGORY_MAX_CHARS: Final = 200
ENCLOSURES_MAX: Final = 50
LANGUAGE_MAX_CHARS: Final = 35
TYPE_MAX_CHARS: Final = 100
PROBLEMS_MAX: Final = 10

PROLOGUE_MAX_CHARS: Final = 65_536
"""So far into a document its root is looked for."""


class Document(Struct, frozen=True):
    """A response body and what is known about it.

    `url` is where it came from, after redirects. `complete` is false when the body was cut short.
    `seen` holds the 8-byte item hashes of the last reading (`ParsedFeed.items`). `parser`
    "feedparser" switches the fast path off. `encoding` is the user's word on what it is written in.
    `link_header` is what the answer said in `Link`: it may name the feed of a page. With
    `selectors` it is a page without a feed, whose items they find.
    """

    body: bytes
    url: str
    content_type: str | None = None
    complete: bool = True
    seen: bytes = b""
    parser: ParserMode = "auto"
    encoding: str | None = None
    link_header: str = ""
    selectors: ItemSelectors | None = None
