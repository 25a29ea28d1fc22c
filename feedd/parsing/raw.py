"""What a reader finds in a document: the publisher's own words, neither judged nor cleaned.

Every reader ends here and one builder starts here, so that it makes no difference which was used.
URLs are as given or already joined to their `xml:base`; blanks around texts are gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal
from urllib.parse import urljoin

from msgspec import Struct, field

from feedd.parsing import PERSON_MAX_CHARS, PROBLEMS_MAX

Kind = Literal["text", "html", "either"]
"""How a text is meant. RSS does not say: "either"."""

_ADDRESS = re.compile(
    r"(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9_.+-]++@"
    r"(?:\[(?:[0-9]{1,3}\.){3}[0-9]{1,3}\]|(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,24}\b)"
)
_AROUND_ADDRESS = re.compile(r"[(<\[]?\s*(?:mailto:)?\s*\0\s*[)>\]]?", re.I)
"""Brackets round an address that has been taken out."""

_WINDOWS_1252: Final = {
    byte: character
    for byte in range(0x80, 0xA0)
    if (character := bytes([byte]).decode("cp1252", "replace")) != "\ufffd"
}
_CONTROLS = re.compile("[\x80-\x9f]").search
_SUSPECT = re.compile(rb"\xc2(?:[\x80-\x9f]|(?<=\xc3[\x82-\xb4]\xc2))").search
_TO_LATIN = re.compile(rb"&#(?:0*(?:1[2-9][0-9]|2[0-5][0-9])|[xX]0*[89a-fA-F][0-9a-fA-F]);").search
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_NO_REPLY = re.compile(r"no[-_ ]?reply", re.I).fullmatch
_ESCAPED_TWICE = re.compile(
    r"&#(?:[0-9]{2,7}|[xX][0-9a-fA-F]{2,6});|&quot;[^&]+(?:&(?!quot;)[^&]*)*&quot;"
)
_MARKUP_BEGINS = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|blockquote|figure|img|table|section|article|pre|br|a|span|strong|b|em|i)"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
_MANY_SLASHES = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)/*")

NOTHING: Final = frozenset({"", "-", "n/a", "na", "none", "null", "nil", "undefined", "#"})
"""What programs write where they have no value."""

_WEB: Final = ("http://", "https://")
_ADDRESSES: Final = ("http:", "https:", "/")


class RawText(Struct, frozen=True):
    """A text; `base` is the URL in force where it stands, `language` the xml:lang."""

    value: str
    kind: Kind
    base: str
    language: str | None = None


class RawLink(Struct, frozen=True):
    """A link with what was said about it; `type` in lower case."""

    href: str
    rel: str = "alternate"
    type: str | None = None
    length: str | None = None
    duration: str | None = None


class Person(Struct, frozen=True):
    """An author as given."""

    name: str | None
    email: str | None = None


class RawEntry(Struct):
    """One item or entry. `raw` is its bytes in the document, where they are known; `inherited`
    what it takes from the elements around it; `fingerprint` the hash of both, where it was needed.
    """

    guid: str | None = None
    link: str | None = None
    original_link: str | None = None
    original_file: str | None = None
    title: RawText | None = None
    summary: RawText | None = None
    contents: list[RawText] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    media: list[RawLink] = field(default_factory=list)
    authors: list[Person] = field(default_factory=list)
    source_authors: list[Person] = field(default_factory=list)
    origin: RawText | None = None
    thumbnails: list[str] = field(default_factory=list)
    image: str | None = None
    duration: str | None = None
    season: str | None = None
    episode: str | None = None
    categories: list[str] = field(default_factory=list)
    published: str | None = None
    updated: str | None = None
    created: str | None = None
    comments: str | None = None
    language: str | None = None
    raw: bytes | memoryview = b""
    inherited: str = ""
    fingerprint: bytes = b""

    @property
    def has_file(self) -> bool:
        """Is a file attached, as to an episode of a podcast?"""
        return any(one.rel.endswith("enclosure") for one in self.links)


class RawFeed(Struct):
    """One document. `family` says whose rules hold; `version` is shown.

    `context` is everything outside the items that has a say in what an item means; empty when
    items were not told apart by their bytes.
    """

    family: Literal["rss", "atom", "json"]
    version: str
    title: RawText | None = None
    link: str | None = None
    links: list[RawLink] = field(default_factory=list)
    authors: list[Person] = field(default_factory=list)
    language: str | None = None
    ttl: str | None = None
    update_period: str | None = None
    update_frequency: str | None = None
    skip_hours: list[str] = field(default_factory=list)
    skip_days: list[str] = field(default_factory=list)
    entries: list[RawEntry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    context: bytes = b""


def kind_of(media_type: str, family: str) -> Kind | None:
    """How a text of this type is meant; None: it is no text."""
    if media_type == "application/xhtml+xml":
        return "html"
    if media_type not in ("text/plain", "text/html"):
        return None
    if family == "rss":
        return "either"
    return "html" if media_type == "text/html" else "text"


def person(text: str) -> Person | None:
    """`mail@example.org (Name)`, `Name <mail@example.org>` or either alone; None for an empty
    field.
    """
    if not text:
        return None
    found = _ADDRESS.search(text) if "@" in text and len(text) <= PERSON_MAX_CHARS else None
    if not found:
        return Person(text)
    email = found[0]
    name = _AROUND_ADDRESS.sub(" ", text.replace(email, "\0")).replace("&lt; &gt;", "")
    name = " ".join(name.split())
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    if name.startswith('"') and name.endswith('"'):  # as mail writes a name with a comma in it
        name = name.strip('"').strip()
    return Person(name or None, email)


def is_mailbox(author: Person) -> bool:
    """Is it where to write to, or not to write to, instead of who wrote?"""
    return not author.name or _NO_REPLY(author.name) is not None


def is_escaped_twice(text: str) -> bool:
    """Was a plain text made for HTML? One that has numeric references, or quotation marks as such,
    is by a program that writes so in all it writes (`It&#8217;s`), and is not about them.
    """
    return "&" in text and _ESCAPED_TWICE.search(text) is not None


def is_markup(text: str) -> bool:
    """Is a text that is said to be plain, or of which nothing is said, HTML from end to end?"""
    return text.startswith("<") and text.endswith(">") and _MARKUP_BEGINS.match(text) is not None


def needs_mending(xml: bytes) -> bool:
    """Whether any text in a UTF-8 document can be changed by `mended`: both of its cases show as
    U+0080 to U+00BF behind certain bytes, or hide in numeric references to U+0080 to U+00FF.
    """
    return _TO_LATIN(xml) is not None or _SUSPECT(xml) is not None


def mended(text: str) -> str:
    """UTF-8 that was taken for ISO 8859-1 and encoded again, and windows-1252 in disguise."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text.translate(_WINDOWS_1252) if _CONTROLS(text) else text
    return text.translate(_WINDOWS_1252)


def as_it_is(text: str) -> str:
    """What takes the place of `mended` where it has nothing to do."""
    return text


def without_reference_marks(url: str) -> str:
    """A URL in which `&b=` became `&b;=`, or was escaped once too often."""
    return _REFERENCE.sub(r"&\1", url.replace("&amp;", "&")) if "&" in url else url


def written_link(text: str) -> str:
    """A link as it was meant: "" for what is none, a scheme for an address that lacks it.

    Words are no link. In an address a blank is one that should have been escaped.
    """
    if text.startswith(_WEB) and text.isprintable() and " " not in text and "&" not in text:
        return text  # nearly all: a quarter of the time
    words = without_reference_marks(text).split()
    text = " ".join(words)
    if text.lower() in NOTHING or (len(words) > 1 and not text.lower().startswith(_ADDRESSES)):
        return ""
    return f"http://{text}" if text[:4].lower() == "www." else text


def web_address(text: str) -> str:
    """A text that is a whole address of the web; "" for any other."""
    text = text.strip()
    return text if text.startswith(_WEB) and " " not in text else ""


def permalink(guid: str, said: str, family: str, base: str) -> str:
    """The address that an identifier is; "" where it is none, or says that it is none (RSS 2.0)."""
    if family == "rss" and said.strip().lower() == "false":
        return ""
    if guid.startswith(_WEB):
        return guid
    return joined(base, guid) if said.strip().lower() == "true" and written_link(guid) else ""


def joined(base: str, url: str) -> str:
    """`url` at `base`; "" for what is no URL."""
    if url.startswith(_WEB):
        return url
    try:
        return urljoin(base, _MANY_SLASHES.sub(r"\1", url))
    except ValueError:
        return ""


class Problems:
    """Each problem once, with how often it was met."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._met: Counter[str] = Counter(known)

    def note(self, problem: str) -> None:
        self._met[problem] += 1

    def words(self) -> tuple[str, ...]:
        said = [
            problem if times == 1 else f"{problem} ({times} times)"
            for problem, times in self._met.items()
        ]
        if len(said) > PROBLEMS_MAX:
            said = [*said[: PROBLEMS_MAX - 1], f"and {len(said) - PROBLEMS_MAX + 1} more kinds"]
        return tuple(said)
