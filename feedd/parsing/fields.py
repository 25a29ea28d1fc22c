"""What feeds and items have in common: texts, links, people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from feedd.parsing.machine import Attributes, Finish, Machine, Step, UnusualError, plain_attributes
from feedd.parsing.raw import (
    Person,
    RawEntry,
    RawFeed,
    RawLink,
    RawText,
    as_it_is,
    joined,
    kind_of,
    mended,
    needs_mending,
    person,
    written_link,
)

_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_SHORT_TYPES: Final = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": "application/xhtml+xml",
}


class Fields(Machine):
    """Machine that reads them. `family` and `strips_div` are for the feed to set."""

    def __init__(self, xml: bytes, url: str) -> None:
        super().__init__(url)
        self.mended = mended if needs_mending(xml) else as_it_is
        self.family = "rss"
        self.strips_div = False
        self._name: str | None = None
        self._email: str | None = None
        self._has_parts = False

    def capturing(self, finish: Finish) -> Step:
        """A step that hands on the element's text, mended."""

        def finished(text: str) -> None:
            finish(self.mended(text))

        def step(attributes: Attributes) -> None:
            self.capture(finished)

        return step

    def text(
        self, attributes: Attributes, default_type: str, finish: Callable[[RawText], None]
    ) -> None:
        """Captures a text construct (RFC 4287, 3.1) or its like in RSS."""
        media_type = default_type
        if attributes:
            plain = plain_attributes(attributes)
            media_type = plain.get("type", default_type)
            media_type = _SHORT_TYPES.get(media_type, media_type)
            if plain.get("mode") == "base64":
                raise UnusualError("base64")
        kind = kind_of(media_type, self.family)
        if kind is None:
            raise UnusualError(f"type {media_type}")
        base, language = self.base, self.language

        def finished(text: str) -> None:
            finish(RawText(self.mended(text), kind, base, language))

        if media_type == "application/xhtml+xml":
            self.capture_markup(lambda _: finished(self._without_wrapper()))
        else:
            self.capture(finished)

    def _without_wrapper(self) -> str:
        """The markup captured, in Atom 1.0 without the div that must surround it (3.1.1.3)."""
        pieces = self.pieces
        if self.strips_div:
            first, last = 0, len(pieces)
            while last - first > 1 and not pieces[last - 1].strip():
                last -= 1
            while last - first > 1 and not pieces[first].strip():
                first += 1
            pieces = pieces[first:last]
            if _is_in_one_div(pieces):
                pieces = pieces[1:-1]
        return "".join(pieces).strip()

    def link_step(self, owner: Callable[[], RawFeed | RawEntry]) -> Step:
        """A step that reads a link of `owner`. RSS has it in the element's text, whatever the
        attributes say, Atom in `href`.
        """

        def step(attributes: Attributes) -> None:
            plain = plain_attributes(attributes)
            rel, media_type = plain.get("rel", "alternate"), plain.get("type")
            href = plain.get("url", plain.get("uri", plain.get("href", "")))
            base = self.base

            def captured(text: str) -> None:
                text = written_link(text)
                url = text if self.family == "rss" and text else written_link(href) or text
                if not url:
                    return
                target = owner()
                url = self.mended(joined(base, url))
                target.links.append(RawLink(url, rel, media_type, plain.get("length")))
                shown_as = _SHORT_TYPES.get(media_type, media_type) if media_type else "text/html"
                if rel == "alternate" and shown_as in _HTML_TYPES:
                    target.link = url

            self.capture(captured)

        return step

    def person_step(self, people: Callable[[], list[Person]]) -> Step:
        """A step that reads an author into the list that `people` gives."""

        def leave() -> None:
            if not self._has_parts:
                found = person(self.mended(self.text_so_far()))
                if found:
                    people().append(found)
            elif self._name or self._email:
                people().append(Person(self._name, self._email))

        def step(attributes: Attributes) -> None:
            self._name = self._email = None
            self._has_parts = False
            self.clear_text()
            self.enter(self._in_person, leave)

        return step

    def _in_person(self, word: str) -> Step:
        known = {
            "name": "_name",
            "itunes_name": "_name",
            "email": "_email",
            "itunes_email": "_email",
        }
        attribute = known.get(word)

        def finished(text: str) -> None:
            if attribute is not None:
                setattr(self, attribute, text)

        def step(attributes: Attributes) -> None:
            self._has_parts = True
            if attribute is None:
                self.skip(attributes)
            else:
                self.capture(finished)

        return step


def _is_in_one_div(pieces: list[str]) -> bool:
    if len(pieces) < 2 or pieces[-1] != "</div>":
        return False
    if pieces[0] != "<div>" and not pieces[0].startswith("<div "):
        return False
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return False
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return True
