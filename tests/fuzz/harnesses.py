"""What strangers' bytes must never do to us, one function a gate; shared by fuzzer and tests."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from html.parser import HTMLParser

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.errors import ParseError
from feedd.parsing import Document
from feedd.parsing.reading import parse
from feedd.sanitise import clean
from feedd.terminal import gate
from feedd.text import one_line, to_text

BASE = "https://example.org/a/"
ACTIVE = frozenset({"script", "iframe", "object", "embed", "style", "form", "svg", "math", "base"})
OBEYED = frozenset({"Cc", "Cs"})
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Inert(HTMLParser):
    """Fails on what a browser would run."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ACTIVE
        for name, value in attrs:
            assert not name.startswith("on")
            assert not (value or "").strip().lower().startswith(("javascript:", "data:text"))


def assert_inert(html: str) -> None:
    reader = Inert()
    reader.feed(html)
    reader.close()


def parsing(data: bytes) -> None:
    """A feed, or an error in words."""
    with suppress(ParseError):
        parse(Document(data, BASE))


def sanitise(data: bytes) -> None:
    """Harmless, and harmless when cleaned again."""
    html = data.decode("utf-8", "replace")
    cleaned = clean(html, BASE)
    assert_inert(cleaned)
    assert_inert(clean(cleaned, BASE))
    to_text(cleaned)
    assert "\n" not in one_line(html)


def article(data: bytes) -> None:
    """An article or its error, never an exception."""
    found = clean_page(PageInput(data, BASE))
    assert_inert(found.html or "")


def terminal(data: bytes) -> None:
    """Nothing a terminal obeys passes, and passing twice is passing once."""
    text = gate(data.decode("utf-8", "surrogateescape"))
    assert not [c for c in text if unicodedata.category(c) in OBEYED or c in BIDI]
    assert gate(text) == text


HARNESSES: dict[str, Callable[[bytes], None]] = {
    "parsing": parsing,
    "sanitise": sanitise,
    "article": article,
    "terminal": terminal,
}
