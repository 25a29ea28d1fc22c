"""One item or entry on the fast path: what its elements mean, after feedparser's reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from feedd.parsing.machine import Attributes, Step, UnusualError, plain_attributes
from feedd.parsing.names import FALLBACK_TEXTS, FALLBACK_TITLES, PERSONS
from feedd.parsing.raw import RawEntry, RawLink, RawText, joined, permalink, written_link

if TYPE_CHECKING:
    from feedd.parsing.fast import Reader

_PUBLISHED: Final = ("published", "issued", "pubdate", "dcterms_issued")
_UPDATED: Final = ("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified")
_CREATED: Final = ("created", "dcterms_created")
_MEDIA_CATEGORIES: Final = "http://search.yahoo.com/mrss/category_schema"
_ITUNES: Final = "http://www.itunes.com/"
_MISPLACED: Final = frozenset({"item", "entry", "channel", "feed", "rss", "rdf_rdf"})

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
        self._other_titles: dict[str, RawText] = {}
        self._other_texts: dict[str, RawText] = {}
        self._content_src = ""
        self._permalink = ""
        self._source_has_parts = False
        self._start = 0

    def begin(self, attributes: Attributes) -> None:
        reader = self._reader
        self._entry = entry = RawEntry()
        self._tags = []
        self._has_summary = self._has_content = False
        self._other_titles = {}
        self._other_texts = {}
        self._content_src = self._permalink = ""
        self._start = reader.parser.CurrentByteIndex
        entry.inherited = repr((reader.base, reader.language))
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
        if entry.title is None or not entry.title.value:
            entry.title = _first(self._other_titles, FALLBACK_TITLES) or entry.title
        if not any(text.value for text in (*entry.contents, *filter(None, [entry.summary]))):
            entry.summary = _first(self._other_texts, FALLBACK_TEXTS) or entry.summary
        for address in (self._content_src, self._permalink):
            if address:
                entry.links.append(RawLink(address))
        reader.known_feed.entries.append(entry)

    def _step_for(self, word: str) -> Step:
        """What an element directly in the item means; what stands in one that means nothing here is
        that element's own (rule 46).
        """
        reader = self._reader
        if word in _MISPLACED:
            raise UnusualError(f"<{word}> in an item")
        if word in PERSONS:
            return reader.person_step(lambda: self._entry.authors)
        for names, field in (
            (_PUBLISHED, "published"),
            (_UPDATED, "updated"),
            (_CREATED, "created"),
            (("language", "dc_language"), "language"),
        ):
            if word in names:
                return reader.capturing(self._setting(field))
        steps: dict[str, Step] = {
            "guid": self._guid,
            "id": self._guid,
            "title": self._title,
            "dc_title": self._title,
            "itunes_title": self._other_title("itunes_title"),
            "media_title": self._other_title("media_title"),
            "link": reader.link_step(lambda: self._entry),
            "description": self._description,
            "dc_description": self._description,
            "media_description": self._other_text("media_description"),
            "itunes_subtitle": self._other_text("itunes_subtitle"),
            "summary": self._summary,
            "itunes_summary": self._summary,
            "content": self._content,
            "content_encoded": self._content_encoded,
            "category": self._category,
            "keywords": self._category,
            "dc_subject": self._category,
            "media_category": self._media_category,
            "itunes_keywords": reader.capturing(self._listing(_ITUNES)),
            "media_keywords": reader.capturing(self._listing(None)),
            "comments": reader.capturing(self._comments),
            "feedburner_origlink": reader.capturing(self._setting("original_link")),
            "enclosure": self._enclosure,
            "media_content": self._media,
            "media_group": self._media_group,
            "source": self._source,
            "media_thumbnail": self._thumbnail,
            "itunes_image": self._image,
            "itunes_duration": reader.capturing(self._setting("duration")),
            "itunes_season": reader.capturing(self._setting("season")),
            "itunes_episode": reader.capturing(self._setting("episode")),
        }
        return steps.get(word, reader.skip)

    def _in_media(self, word: str) -> Step:
        return self._step_for(word) if word.startswith("media_") else self._reader.skip

    def _setting(self, field: str) -> Callable[[str], None]:
        def set_field(text: str) -> None:
            setattr(self._entry, field, text)

        return set_field

    # ------------------------------------------------------------ texts

    def _title(self, attributes: Attributes) -> None:
        self._reader.text(attributes, "text/plain", self._title_read)

    def _title_read(self, title: RawText) -> None:
        if self._entry.title is None or not self._entry.title.value:
            self._entry.title = title

    def _other_title(self, word: str) -> Step:
        def step(attributes: Attributes) -> None:
            self._reader.text(
                attributes, "text/plain", lambda t: _keep(self._other_titles, word, t)
            )

        return step

    def _other_text(self, word: str) -> Step:
        def step(attributes: Attributes) -> None:
            self._reader.text(attributes, "text/html", lambda t: _keep(self._other_texts, word, t))

        return step

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
        if attributes and (src := written_link(plain_attributes(attributes).get("src", ""))):
            self._content_src = joined(self._reader.base, src)
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

    def _guid(self, attributes: Attributes) -> None:
        said = plain_attributes(attributes).get("ispermalink", "") if attributes else ""
        family, base = self._reader.family, self._reader.base

        def read(text: str) -> None:
            self._entry.guid = text
            self._permalink = permalink(text, said, family, base)

        self._reader.capturing(read)(attributes)

    def _comments(self, text: str) -> None:
        text = written_link(text)
        self._entry.comments = self._mended(joined(self._reader.base, text)) if text else ""

    def _enclosure(self, attributes: Attributes) -> None:
        plain = plain_attributes(attributes)
        url = plain.get("url", plain.get("uri", plain.get("href")))
        if url and url.strip():
            self._entry.links.append(
                RawLink(url, "enclosure", plain.get("type"), plain.get("length"))
            )
        self._reader.skip(attributes)

    def _media(self, attributes: Attributes) -> None:
        plain = plain_attributes(attributes)
        if plain.get("url", "").strip():
            self._entry.media.append(
                RawLink(
                    plain["url"],
                    plain.get("medium", ""),
                    plain.get("type"),
                    plain.get("filesize"),
                    plain.get("duration"),
                )
            )

        self._reader.enter(self._in_media)

    def _media_group(self, attributes: Attributes) -> None:
        self._reader.enter(self._in_media)

    def _thumbnail(self, attributes: Attributes) -> None:
        if url := plain_attributes(attributes).get("url", "").strip():
            self._entry.thumbnails.append(url)
        self._reader.skip(attributes)

    def _image(self, attributes: Attributes) -> None:
        plain = plain_attributes(attributes)
        if url := (plain.get("href") or plain.get("url") or "").strip():
            self._entry.image = url
        self._reader.skip(attributes)

    # ------------------------------------------------------------ other items' words

    def _source(self, attributes: Attributes) -> None:
        self._entry.source_authors = []
        self._entry.origin = None
        self._source_has_parts = False
        self._reader.clear_text()
        self._reader.enter(self._in_source, self._source_end)

    def _source_end(self) -> None:
        if not self._source_has_parts:
            name = self._mended(self._reader.text_so_far())
            self._entry.origin = RawText(name, "either", self._reader.base)

    def _in_source(self, word: str) -> Step:
        reader = self._reader
        inner: Step = reader.skip
        if word in PERSONS:
            inner = reader.person_step(lambda: self._entry.source_authors)
        elif word == "title":
            inner = self._origin

        def step(attributes: Attributes) -> None:
            self._source_has_parts = True
            inner(attributes)

        return step

    def _origin(self, attributes: Attributes) -> None:
        self._reader.text(attributes, "text/plain", self._origin_read)

    def _origin_read(self, title: RawText) -> None:
        self._entry.origin = title


def _keep(found: dict[str, RawText], word: str, text: RawText) -> None:
    if text.value:
        found.setdefault(word, text)


def _first(found: dict[str, RawText], words: tuple[str, ...]) -> RawText | None:
    return next((found[word] for word in words if word in found), None)
