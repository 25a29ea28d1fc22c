"""One item or entry on the fast path: what its elements mean, after feedparser's reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from feedd.parsing.machine import Attributes, Step, UnusualError, plain_attributes
from feedd.parsing.mending import joined
from feedd.parsing.names import SKIPPED
from feedd.parsing.raw import RawEntry, RawLink, RawText

if TYPE_CHECKING:
    from feedd.parsing.fast import Reader

PERSONS: Final = frozenset({"author", "managingeditor", "dc_creator", "dc_author", "itunes_author"})
_PUBLISHED: Final = ("published", "issued", "pubdate", "dcterms_issued")
_UPDATED: Final = ("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified")
_CREATED: Final = ("created", "dcterms_created")
_MEDIA_CATEGORIES: Final = "http://search.yahoo.com/mrss/category_schema"
_ITUNES: Final = "http://www.itunes.com/"
_MISPLACED: Final = frozenset(
    {"item", "entry", "channel", "feed", "rss", "rdf_rdf", "itunes_category", "textinput"}
)

Tag = list[str | None]
"""A category as feedparser collects it: term, scheme, label."""


class Items:
    """Reads items, one after the other, into the feed of `reader`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._mended = reader.mended
        self._entry = RawEntry()
        self._tags: list[Tag] = []
        self._has_summary = False
        self._has_content = False
        self._depth = 0
        self._start = 0

    def begin(self, attributes: Attributes) -> None:
        reader = self._reader
        self._entry = entry = RawEntry()
        self._tags = []
        self._has_summary = self._has_content = False
        self._depth = reader.depth
        self._start = reader.parser.CurrentByteIndex
        entry.inherited = repr((reader.base, reader.language))
        reader.title_depth = -1
        if attributes:
            plain = plain_attributes(attributes)
            if "href" in plain or "lastmod" in plain:
                raise UnusualError("an item with attributes of its own")
            entry.guid = plain.get("rdf:about") or None
        if reader.passing is not None and reader.passing.passes(entry, self._start):
            reader.known_feed.entries.append(entry)
            return
        reader.enter(self._step_for, self._end)

    def _end(self) -> None:
        reader, entry = self._reader, self._entry
        entry.raw = reader.xml[self._start : reader.parser.CurrentByteIndex]
        names = (label or term for term, _, label in self._tags)
        entry.categories = [name for name in names if name]
        reader.known_feed.entries.append(entry)

    def _step_for(self, word: str) -> Step | None:
        reader = self._reader
        if word in _MISPLACED:
            raise UnusualError(f"<{word}> in an item")
        if word in SKIPPED:
            return reader.skip
        if word in PERSONS:
            return self._at_top(reader.person_step(lambda: self._entry.authors))
        for names, field in (
            (("guid", "id"), "guid"),
            (_PUBLISHED, "published"),
            (_UPDATED, "updated"),
            (_CREATED, "created"),
            (("language", "dc_language"), "language"),
        ):
            if word in names:
                return self._at_top(reader.capturing(self._setting(field)))
        steps: dict[str, Step] = {
            "title": self._title,
            "dc_title": self._title,
            "media_title": self._media_title,
            "link": reader.link_step(lambda: self._entry),
            "description": self._description,
            "dc_description": self._description,
            "media_description": self._description,
            "summary": self._summary,
            "itunes_summary": self._summary,
            "content": self._content,
            "content_encoded": self._content_encoded,
            "category": self._category,
            "keywords": self._category,
            "dc_subject": self._category,
            "media_category": self._media_category,
            "itunes_keywords": reader.capturing_bare(self._listing(_ITUNES)),
            "media_keywords": reader.capturing_bare(self._listing(None)),
            "comments": self._at_top(reader.capturing_bare(self._comments)),
            "feedburner_origlink": self._at_top(
                reader.capturing_bare(self._setting("original_link"))
            ),
            "enclosure": self._enclosure,
            "media_content": self._media,
            "source": self._source,
            "image": self._image,
        }
        return steps.get(word)

    def _at_top(self, step: Step) -> Step:
        """The step, for elements that count only directly in the item."""

        def checked(attributes: Attributes) -> None:
            if self._reader.depth != self._depth + 1:
                raise UnusualError("a known element in an unknown one")
            step(attributes)

        return checked

    def _setting(self, field: str) -> Callable[[str], None]:
        def set_field(text: str) -> None:
            setattr(self._entry, field, text)

        return set_field

    # ------------------------------------------------------------ texts

    def _title(self, attributes: Attributes) -> None:
        self._reader.text(attributes, "text/plain", self._title_read)

    def _title_read(self, title: RawText) -> None:
        reader = self._reader
        if not -1 < reader.title_depth <= reader.depth:
            self._entry.title = title
        if title.value:
            reader.title_depth = reader.depth

    def _media_title(self, attributes: Attributes) -> None:
        self._reader.text(attributes, "text/plain", self._media_title_read)

    def _media_title_read(self, title: RawText) -> None:
        if not -1 < self._reader.title_depth <= self._reader.depth:
            self._entry.title = title

    def _description(self, attributes: Attributes) -> None:
        if self._has_summary and not self._has_content:
            self._content(attributes)
        else:
            self._reader.text(attributes, "text/html", self._summary_read)

    def _summary(self, attributes: Attributes) -> None:
        if self._has_summary and not self._has_content:
            self._content(attributes)
        else:
            self._reader.text(attributes, "text/plain", self._summary_read)

    def _summary_read(self, summary: RawText) -> None:
        self._entry.summary = summary
        self._has_summary = True

    def _content(self, attributes: Attributes) -> None:
        self._has_content = True
        self._reader.text(attributes, "text/plain", self._content_read)

    def _content_encoded(self, attributes: Attributes) -> None:
        self._has_content = True
        self._reader.text(attributes, "text/html", self._content_read)

    def _content_read(self, content: RawText) -> None:
        self._entry.contents.append(content)
        self._has_summary = True

    # ------------------------------------------------------------ categories

    def _tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tag: Tag = [term, scheme, label]
        if (term or scheme or label) and tag not in self._tags:
            self._tags.append(tag)

    def _category(self, attributes: Attributes) -> None:
        if attributes:
            plain = plain_attributes(attributes)
            scheme = plain.get("scheme", plain.get("domain"))
            self._tag(plain.get("term"), scheme, plain.get("label"))
        self._reader.capture(self._category_read)

    def _media_category(self, attributes: Attributes) -> None:
        plain = plain_attributes(attributes)
        self._tag(plain.get("term"), plain.get("scheme", _MEDIA_CATEGORIES), plain.get("label"))
        self._reader.capture(self._category_read)

    def _category_read(self, text: str) -> None:
        text = self._mended(text)
        if not text:
            return
        if self._tags and not self._tags[-1][0]:
            self._tags[-1][0] = text
        else:
            self._tag(text, None, None)

    def _listing(self, scheme: str | None) -> Callable[[str], None]:
        def read(text: str) -> None:
            for term in text.split(","):
                if term.strip():
                    self._tag(term.strip(), scheme, None)

        return read

    # ------------------------------------------------------------ links

    def _comments(self, text: str) -> None:
        self._entry.comments = self._mended(joined(self._reader.base, text)) if text else ""

    def _enclosure(self, attributes: Attributes) -> None:
        plain = plain_attributes(attributes)
        url = plain.get("url", plain.get("uri", plain.get("href")))
        if url:
            self._entry.links.append(
                RawLink(url, "enclosure", plain.get("type"), plain.get("length"))
            )

    def _media(self, attributes: Attributes) -> None:
        plain = plain_attributes(attributes)
        if plain.get("url"):
            self._entry.media.append(
                RawLink(
                    plain["url"], plain.get("medium", ""), plain.get("type"), plain.get("filesize")
                )
            )

    # ------------------------------------------------------------ other items' words

    def _source(self, attributes: Attributes) -> None:
        self._reader.title_depth = -1
        self._entry.source_authors = []
        self._reader.enter(self._in_source)

    def _in_source(self, word: str) -> Step | None:
        if word in PERSONS:
            return self._reader.person_step(lambda: self._entry.source_authors)
        if word == "title":
            return self._reader.foreign_title
        return self._reader.skip

    def _image(self, attributes: Attributes) -> None:
        self._reader.title_depth = -1
        self._reader.capture(lambda _: None)
