"""One item or entry on the fast path: what its elements mean, after feedparser's reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from feedd.parsing.fields import Fields, Step, UnusualError, plain_attributes
from feedd.parsing.names import FALLBACK_TEXTS, FALLBACK_TITLES, FULL_TEXTS, PERSONS
from feedd.parsing.raw import (
    Person,
    RawEntry,
    RawLink,
    RawText,
    is_mailbox,
    is_markup,
    joined,
    permalink,
    web_address,
    written_link,
)

_SIMPLE: Final = {
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published"),
    **dict.fromkeys(
        ("updated", "modified", "lastbuilddate", "dc_date", "date", "dcterms_modified"), "updated"
    ),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
    **dict.fromkeys(("language", "dc_language"), "language"),
    "feedburner_origlink": "original_link",
    "feedburner_origenclosurelink": "original_file",
    "itunes_duration": "duration",
    "itunes_season": "season",
    "itunes_episode": "episode",
}
"""Elements whose text is the value of a field."""

_MEDIA_CATEGORIES: Final = "http://search.yahoo.com/mrss/category_schema"
_ITUNES: Final = "http://www.itunes.com/"
_MISPLACED: Final = frozenset({"item", "entry", "channel", "feed", "rss", "rdf_rdf"})
_LEFT_TO_TIDY: Final = frozenset({"abstract", "body", "fullitem", "xhtml_body"})

Tag = list[str | None]
"""A category as feedparser collects it: term, scheme, label."""


def _says_type(element: Element) -> bool:
    return bool(element.keys()) and "type" in plain_attributes(element)


class Items:
    """Reads items, one after the other, with what `fields` knows of their document."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._steps: dict[str, Step | str | None] = {}
        self._new()

    def _new(self) -> None:
        self._entry = RawEntry()
        self._tags: list[Tag] = []
        self._has_summary = self._has_content = False
        self._fallbacks: dict[str, RawText] = {}
        self._content_src = self._permalink = ""
        self._mailboxes: list[Person] = []
        self._has_creator = False

    def read(self, item: Element) -> RawEntry:
        """The values of one item."""
        if not len(item) and not item.keys():
            return RawEntry(inherited=self._fields.inherited)
        self._new()
        fields, entry, steps = self._fields, self._entry, self._steps
        has_scopes = fields.has_scopes
        if item.keys():
            plain = plain_attributes(item)
            if "href" in plain or "lastmod" in plain:
                raise UnusualError("an item with attributes of its own")
            entry.guid = plain.get("rdf:about") or None
            self._permalink = permalink(entry.guid or "", "", "rss", fields.base)
        entry.inherited = fields.inherited
        for element in item:
            tag = element.tag
            try:
                step = steps[tag]
            except KeyError:
                step = steps[tag] = self._step(fields.word(tag))
            if step is None:
                continue
            if isinstance(step, str):
                setattr(entry, step, fields.plain_text(element))
            elif has_scopes:
                fields.apply(step, element)
            else:
                step(element)
        if self._mailboxes and self._has_creator:
            entry.authors = [one for one in entry.authors if one not in self._mailboxes]
        if self._tags:
            entry.categories = [name for term, _, label in self._tags if (name := label or term)]
        if self._fallbacks:
            if entry.title is None or not entry.title.value:
                entry.title = self._fallback(FALLBACK_TITLES) or entry.title
            texts = (*entry.contents, *filter(None, [entry.summary]))
            if not any(text.value for text in texts):
                entry.summary = self._fallback(FALLBACK_TEXTS) or entry.summary
        for address in (self._content_src, self._permalink):
            if address:
                entry.links.append(RawLink(address))
        return entry

    def _step(self, word: str) -> Step | str | None:
        """What an element directly in the item means; what stands in one that means nothing here is
        that element's own (rule 46).
        """
        if word in _MISPLACED or word in _LEFT_TO_TIDY:
            raise UnusualError(f"<{word}> in an item")
        if word in _SIMPLE:
            return _SIMPLE[word]
        if word == "author" and self._fields.family == "rss":
            return self._author_of_rss
        if word == "dc_creator":
            return self._creator
        if word in PERSONS:
            return lambda element: self._fields.person(element, self._entry.authors)
        steps: dict[str, Step] = {
            "guid": self._guid,
            "id": self._guid,
            "title": self._title,
            "dc_title": self._title,
            "itunes_title": lambda element: self._keep(element, word, "text/plain"),
            "media_title": lambda element: self._keep(element, word, "text/plain"),
            "link": lambda element: self._fields.link(element, self._entry),
            "description": lambda element: self._summary(element, "text/html"),
            "dc_description": lambda element: self._summary(element, "text/html"),
            "summary": lambda element: self._summary(element, "text/plain"),
            "itunes_summary": lambda element: self._summary(element, "text/plain"),
            **dict.fromkeys(FALLBACK_TEXTS, lambda one: self._keep(one, word, "text/html")),
            "content": self._content,
            "content_encoded": self._content_encoded,
            **dict.fromkeys(FULL_TEXTS, self._content_encoded),
            "category": self._category,
            "keywords": self._category,
            "dc_subject": self._category,
            "media_category": self._category,
            "itunes_keywords": lambda element: self._listed(element, _ITUNES),
            "media_keywords": lambda element: self._listed(element, None),
            "comments": self._comments,
            "enclosure": self._enclosure,
            "media_content": self._media,
            "media_group": self._media_group,
            "media_thumbnail": self._thumbnail,
            "itunes_image": self._image,
            "image": self._picture_of_rss,
            "googleplay_image": self._picture_of_rss,
            "source": self._source,
        }
        return steps.get(word)

    def _author_of_rss(self, element: Element) -> None:
        """RSS means an address here: one without a name gives way to a creator with one."""
        before = len(self._entry.authors)
        self._fields.person(element, self._entry.authors)
        self._mailboxes += filter(is_mailbox, self._entry.authors[before:])

    def _creator(self, element: Element) -> None:
        before = len(self._entry.authors)
        self._fields.person(element, self._entry.authors)
        found = self._entry.authors[before:]
        self._has_creator = self._has_creator or not all(map(is_mailbox, found))

    # ------------------------------------------------------------ texts

    def _title(self, element: Element) -> None:
        title = self._fields.text(element, "text/plain")
        if self._entry.title is None or not self._entry.title.value:
            self._entry.title = title

    def _keep(self, element: Element, word: str, default_type: str) -> None:
        """A text that stands in for another where that is missing."""
        text = self._fields.text(element, default_type)
        if text.value:
            self._fallbacks.setdefault(word, text)

    def _fallback(self, words: Iterable[str]) -> RawText | None:
        return next((self._fallbacks[word] for word in words if word in self._fallbacks), None)

    def _summary(self, element: Element, default_type: str) -> None:
        if self._has_summary and not self._has_content:
            self._content(element)
            return
        self._entry.summary = self._text(element, default_type)
        self._has_summary = True

    def _content(self, element: Element) -> None:
        if element.keys() and (src := written_link(plain_attributes(element).get("src", ""))):
            self._content_src = joined(self._fields.base, src)
        self._content_of(element, "text/plain")

    def _content_encoded(self, element: Element) -> None:
        self._content_of(element, "text/html")

    def _content_of(self, element: Element, default_type: str) -> None:
        self._entry.contents.append(self._text(element, default_type))
        self._has_summary = self._has_content = True

    def _text(self, element: Element, default_type: str) -> RawText:
        """A text that may be markup, though it should say so, in Atom."""
        text = self._fields.text(element, default_type)
        if text.kind == "text" and is_markup(text.value) and not _says_type(element):
            return replace(text, kind="html")
        return text

    # ------------------------------------------------------------ categories

    def _tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tag: Tag = [term, scheme, label]
        if (term or scheme or label) and tag not in self._tags:
            self._tags.append(tag)

    def _category(self, element: Element) -> None:
        if element.keys():
            plain = plain_attributes(element)
            of_media = self._fields.word(element.tag) == "media_category"
            scheme = plain.get("scheme", _MEDIA_CATEGORIES if of_media else plain.get("domain"))
            self._tag(plain.get("term"), scheme, plain.get("label"))
        text = self._fields.plain_text(element)
        if not text:
            return
        if self._tags and not self._tags[-1][0]:
            self._tags[-1][0] = text
        else:
            self._tag(text, None, None)

    def _listed(self, element: Element, scheme: str | None) -> None:
        for term in self._fields.plain_text(element).split(","):
            if term.strip():
                self._tag(term.strip(), scheme, None)

    # ------------------------------------------------------------ links

    def _guid(self, element: Element) -> None:
        said = plain_attributes(element).get("ispermalink", "") if element.keys() else ""
        guid = self._fields.plain_text(element)
        self._entry.guid = guid
        self._permalink = permalink(guid, said, self._fields.family, self._fields.base)

    def _comments(self, element: Element) -> None:
        text = written_link(self._fields.plain_text(element))
        base = self._fields.base
        self._entry.comments = self._fields.mended(joined(base, text)) if text else ""

    def _enclosure(self, element: Element) -> None:
        plain = plain_attributes(element)
        url = plain.get("url", plain.get("uri", plain.get("href", ""))).strip()
        if url := url or web_address(element.text or ""):
            url = joined(self._fields.base, url)
            self._entry.links.append(
                RawLink(url, "enclosure", plain.get("type"), plain.get("length"))
            )

    def _media(self, element: Element) -> None:
        plain = plain_attributes(element)
        if url := plain.get("url", "").strip():
            self._entry.media.append(
                RawLink(
                    joined(self._fields.base, url),
                    plain.get("medium", ""),
                    plain.get("type"),
                    plain.get("filesize"),
                    plain.get("duration"),
                )
            )
        self._media_group(element)

    def _media_group(self, element: Element) -> None:
        for inner in element:
            word = self._fields.word(inner.tag)
            step = self._step(word) if word.startswith("media_") else None
            if callable(step):
                self._fields.apply(step, inner)

    def _thumbnail(self, element: Element) -> None:
        if url := self._address_in(element):
            self._entry.thumbnails.append(url)

    def _image(self, element: Element) -> None:
        if url := self._address_in(element):
            self._entry.image = url

    def _picture_of_rss(self, element: Element) -> None:
        """An `image` as channels have it: what names it is its own, where it is the item's."""
        for one in (element, *element.iterfind("./{*}url")):
            self._entry.image = self._entry.image or self._address_in(one) or None

    def _address_in(self, element: Element) -> str:
        """The address that an element has as an attribute, or as its text."""
        url = (element.get("href") or element.get("url") or "").strip()
        url = url or web_address(element.text or "")
        return joined(self._fields.base, url) if url else ""

    # ------------------------------------------------------------ other feeds' words

    def _source(self, element: Element) -> None:
        fields, entry = self._fields, self._entry
        entry.source_authors = []
        entry.origin = None
        if not len(element):
            entry.origin = RawText(fields.plain_text(element), "either", fields.base)
        for inner in element:
            word = fields.word(inner.tag)
            if word in PERSONS:
                fields.apply(lambda one: fields.person(one, entry.source_authors), inner)
            elif word == "title":
                fields.apply(self._origin, inner)

    def _origin(self, element: Element) -> None:
        title = self._fields.text(element, "text/plain")
        if self._entry.origin is None or not self._entry.origin.value:
            self._entry.origin = title
