"""Feed documents to values: RSS, Atom, RDF and JSON Feed, well formed or not.

    reading     which reader gets a document, and what is made of the result
    prologue    what stands before the root, and what the document therefore is (rules 30 to 32)
    notfeeds    what it is if no feed, and which feeds it names
    repair      what is commonly wrong with XML, put right and said
    fast        well-formed RSS, Atom and RDF, by expat: `machine` knows XML, `fields` what feeds
                and `items` have in common, `names` the elements, `mending` what feedparser mends
    tidy        what is broken or out of the ordinary, put in plain form for either reader
    tolerant    everything else, by feedparser, whose reading is the reference
    jsonfeed    JSON Feed
    raw         what all three find: the publisher's words, neither judged nor cleaned
    building    raw values to those of `feedd.model`: sanitised, absolute, bounded
    fingerprints  which items were seen before, by their raw bytes
    dates, people, limits

Importing this costs next to nothing; the parsers are loaded by the first `parse`, which belongs in
a worker process: a document can keep a parser busy for as long as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass

from feedd.model import ParsedFeed, ParserMode


@dataclass(frozen=True, slots=True)
class Document:
    """A response body and what is known about it.

    `url` is where it came from, after redirects. `complete` is false when the body was cut short.
    `seen` holds the 8-byte item hashes of the last reading (`ParsedFeed.items`). `parser`
    "feedparser" switches the fast path off. `encoding` is the user's word on what it is written in.
    `link_header` is what the answer said in `Link`: it may name the feed of a page.
    """

    body: bytes
    url: str
    content_type: str | None = None
    complete: bool = True
    seen: bytes = b""
    parser: ParserMode = "auto"
    encoding: str | None = None
    link_header: str = ""


def parse(document: Document) -> ParsedFeed:
    """Reads a document.

    Raises NotAFeedError when it is something else (with the feeds it advertises), ParseError when
    nothing can be made of it.
    """
    from feedd.parsing.reading import read

    return read(document)
