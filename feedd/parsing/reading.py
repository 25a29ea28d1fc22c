"""One document from bytes to values: what it is, which reader gets it, what is made of that."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from feedd import parsing
from feedd.errors import ParseError
from feedd.model import Entry, ParsedFeed
from feedd.parsing import PROLOGUE_MAX_CHARS, Document, fast, fingerprints, jsonfeed, repair
from feedd.parsing.building import Builder, hints, is_page, language_tag, relation
from feedd.parsing.fields import UnusualError
from feedd.parsing.raw import Problems, RawEntry, RawFeed, RawText
from feedd.parsing.refusal import refusal
from feedd.parsing.tidy import AT_SIGN, tidied
from feedd.sanitise import link
from feedd.web.dates import DayOrder, day_order
from feedd.web.encoding import Decoded, decode_document, decode_page
from feedd.web.page_items import PAGE_MAX_CHARS, ItemSelectors, page_items

FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_ATOM_ENTRY = re.compile(r"<[^<>]*entry\s[^<>]*Atom[^<>]*>", re.I).match
_BLANKS = re.compile(r"[\s\ufeff\x00]*")
_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_FEED_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF)(?=[\s>])", re.I)
_EMPTY_ROOT = re.compile(r"<[^<>]*/>(?=\s*<)")
_OF_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_PART_OF_DOCTYPE = re.compile(r"""<!--.*?(?:-->|$)|"[^"]*"|'[^']*'|[\[\]>]""", re.S)
_ENTITY = re.compile(r"<!ENTITY\s", re.I)


_REPAIRS_MAX = 5
_LAST_ENTRY = re.compile(r".*</(?:[\w.-]+:)?(?:item|entry)\s*>", re.S | re.I)
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.I)
CUT_SHORT = "is cut short; its last, incomplete entry was left out"


def parse(document: Document) -> ParsedFeed:
    """Reads a document.

    Raises NotAFeedError when it is something else (with the feeds it advertises), ParseError when
    nothing can be made of it.
    """
    if not document.body.strip():
        if not document.complete:
            raise ParseError("was cut short before its first word; the next poll tries again")
        raise ParseError("is empty: the server sent no document")
    if document.selectors is not None:
        return _of_page(document, document.selectors)
    decoded = decode_document(document.body, document.content_type, encoding=document.encoding)
    raw, problems = _raw(decoded, document)
    order = _day_order(raw)
    if order.open and document.seen:
        # An item that would be passed may prove in which order day and month stand.
        document = replace(document, seen=b"")
        raw, problems = _raw(decoded, document)
        order = _day_order(raw)
    for problem in raw.problems:
        problems.note(problem)
    return _built(raw, document, problems, day_first=order.day_first)


def _raw(decoded: Decoded, document: Document) -> tuple[RawFeed, Problems]:
    problems = Problems([decoded.problem] if decoded.problem else [])
    text = decoded.text.lstrip("\ufeff")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return jsonfeed.read(text, document.url, complete=document.complete), problems
    return _read_xml(decoded, document, problems), problems


def _of_page(document: Document, selectors: ItemSelectors) -> ParsedFeed:
    """A page without a feed; its links are the keys of its items."""
    problems, url = Problems(), document.url
    if document.encoding is None:
        text = decode_page(document.body, document.content_type)
    else:
        text = decode_document(document.body, None, encoding=document.encoding).text
    page = page_items(text, url, selectors)
    if page.without_link:
        problems.note(f"{page.without_link} of its items have no link and were left out")
    if page.cut:
        problems.note(f"only its first {PAGE_MAX_CHARS:,} characters were read")
    entries = []
    for item in page.items:
        entry = RawEntry(guid=item.link, link=item.link, published=item.date)
        entry.title = RawText(item.title, "text", url)
        if item.html is not None:
            entry.contents.append(RawText(item.html, "html", url))
        entries.append(entry)
    title = None if page.title is None else RawText(page.title, "text", url)
    raw = RawFeed("atom", "page", title, link=url, language=page.language, entries=entries)
    return _built(raw, document, problems, day_first=_day_order(raw).day_first)


def _day_order(feed: RawFeed) -> DayOrder:
    return day_order(
        text for one in feed.entries for text in (one.published, one.updated, one.created)
    )


def _read_xml(decoded: Decoded, document: Document, problems: Problems) -> RawFeed:
    text, before = decoded.text, prologue_of(decoded.text)
    if before.root not in FEED_ROOTS:
        whole = in_feed(text, before)
        if whole is None:
            raise refusal(document, text, root=before.root, doctype=before.doctype)
        return _read_xml(Decoded(whole, decoded.problem), document, problems)
    for problem in before.problems:
        problems.note(problem)
    start, lines_before = before.start, text.count("\n", 0, before.start)
    xml = document.body[len(text[:start].encode()) :] if decoded.same else b""
    fault: str | None = None
    seen, ordinary = fingerprints.seen_set(document.seen), document.parser == "auto"
    for _ in range(_REPAIRS_MAX):
        xml = xml or text[start:].encode("utf-8", "replace")
        try:
            if ordinary:
                return fingerprints.read(xml, document.url, seen)
            fast.check(xml)
            break
        except UnusualError:
            ordinary = False
        except fast.MalformedError as error:
            text, start, xml = text[start:], 0, b""
            if error.cut_short and ordinary and not document.complete:
                with suppress(UnusualError, fast.MalformedError):
                    feed = fast.read(_complete_part(text).encode(), document.url)
                    problems.note(CUT_SHORT)
                    return feed
            mended = repair.repaired(text, error.code, error.offset)
            if mended is None:
                fault = f"{error} in line {error.line + lines_before}"
                break
            text = mended.text
            problems.note(mended.problem)
    return _tidied(text[start:], before, document, problems, fault)


def _tidied(
    text: str,
    before: Prologue,
    document: Document,
    problems: Problems,
    fault: str | None,
) -> RawFeed:
    """What is broken, or out of the ordinary, put in plain form first."""
    if not document.complete:
        problems.note(CUT_SHORT)
        text = _complete_part(text)
    elif fault is not None:
        problems.note(f"is not well-formed XML ({fault}); what could be was rescued")
    plain = tidied(text, document.url, broken=fault is not None or not document.complete)
    if plain is None:
        raise refusal(document, text, root=before.root, doctype=before.doctype)
    feed: RawFeed | None = None
    if document.parser == "auto":
        with suppress(UnusualError, fast.MalformedError):
            xml = plain.replace(AT_SIGN, "@").encode()
            feed = fingerprints.read(xml, document.url, fingerprints.seen_set(document.seen))
    if feed is None:
        from feedd.parsing import tolerant

        feed = tolerant.read(plain, document.url)
    if fault is not None and not feed.entries and feed.title is None and document.complete:
        raise ParseError(f"is not well-formed XML ({fault}), and no entry could be rescued from it")
    return feed


def _complete_part(text: str) -> str:
    """The text up to the end of its last complete entry, or to the start of its first, closed."""
    whole = _LAST_ENTRY.match(text)
    if whole:
        text = whole[0]
    else:
        first = _FIRST_ENTRY.search(text)
        text = text[: first.start()] if first else text
    root = re.match(r"<([^\s/>]+)", text)
    if not root:
        return text
    channel = "</channel>" if "<channel" in text and "</channel" not in text else ""
    return f"{text}{channel}</{root[1]}>"


class Prologue(Struct, frozen=True):
    """What stands before a document's root, and is left out before parsing: the XML declaration
    has served its purpose, a document type with its entities is never followed (polling rule 32),
    and some servers put warnings there.

    `root` is the local name of the first element in lower case, "" where there is none, and
    `start` its offset. `problems` say what was left out.
    """

    root: str
    start: int
    doctype: str = ""
    problems: tuple[str, ...] = ()


def prologue_of(text: str) -> Prologue:
    """Finds the root of an XML or HTML document; tolerates what does not belong before it."""
    at, junk = 0, False
    doctype = ""
    problems: list[str] = []
    while at < min(len(text), PROLOGUE_MAX_CHARS):
        at = _after_blanks(text, at)
        if text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at)
        elif text[at : at + 9].lower() == "<!doctype":
            end = _end_of_doctype(text, at)
            doctype = text[at:end]
            if _ENTITY.search(doctype):
                problems.append("declares entities of its own, which are not followed")
            at = end
        else:
            element = _ELEMENT.match(text, at)
            if element:
                return _judged(text, element, junk, doctype, problems)
            junk = True
            following = text.find("<", at + 1)
            at = following if following >= 0 else len(text)
    return Prologue("", 0, doctype)


def in_feed(text: str, prologue: Prologue) -> str | None:
    """The Atom feed of an entry that is a document of its own (RFC 4287 4.1.2); None: none is."""
    if prologue.root != "entry" or not _ATOM_ENTRY(text, prologue.start):
        return None
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{text[prologue.start :]}</feed>'


def _judged(
    text: str, element: re.Match[str], junk: bool, doctype: str, problems: list[str]
) -> Prologue:
    root = element[1].lower()
    start = element.start()
    if root in FEED_ROOTS and (empty := _EMPTY_ROOT.match(text, start)):
        following = _FEED_ELEMENT.match(text, _after_blanks(text, empty.end()))
        if following:  # a template put an empty feed before the feed
            junk, start = True, following.start()
            root = following[0].lstrip("<").rpartition(":")[2].lower()
    if root not in FEED_ROOTS:
        found = _FEED_ELEMENT.search(text, start, start + PROLOGUE_MAX_CHARS)
        if found and not doctype and not _OF_HTML.search(text, 0, found.start()):
            junk, start = True, found.start()
            root = found[0].lstrip("<").rpartition(":")[2].lower()
    if junk and root in FEED_ROOTS:
        problems.append("text before the feed was left out")
    return Prologue(root, start, doctype, tuple(problems))


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return found + len(end) if found >= 0 else len(text)


def _end_of_doctype(text: str, at: int) -> int:
    depth = 0
    for part in _PART_OF_DOCTYPE.finditer(text, at + 9):
        if part[0] == "[":
            depth += 1
        elif part[0] == "]":
            depth -= 1
        elif part[0] == ">" and depth <= 0:
            return part.end()
    return len(text)


def _built(raw: RawFeed, document: Document, problems: Problems, *, day_first: bool) -> ParsedFeed:
    builder = Builder(raw, document.url, problems, day_first=day_first)
    hashes = fingerprints.fingerprints(raw)
    seen = fingerprints.seen_set(document.seen) if hashes else frozenset()
    entries: list[Entry] = []
    kept: list[bytes] = []
    skipped = 0
    for number, found in enumerate(raw.entries):
        if hashes and hashes[number] in seen:
            kept.append(hashes[number])
            skipped += 1
        elif len(entries) < parsing.ENTRIES_MAX:
            if hashes:
                kept.append(hashes[number])
            entries.append(builder.entry(found))
    left_out = len(raw.entries) - skipped - len(entries)
    if left_out:
        problems.note(f"has {left_out} entries beyond {parsing.ENTRIES_MAX}, which were left out")
    addresses = {relation(one): one.href for one in reversed(raw.links)}
    archive = addresses.get("prev-archive") or addresses.get("next")
    return ParsedFeed(
        format=raw.version,
        title=builder.title(raw.title) or None,
        site=_site(raw, document.url),
        entries=tuple(entries),
        language=language_tag(raw.language),
        hints=hints(raw),
        hub=link(addresses.get("hub"), document.url),
        self_url=link(addresses.get("self"), document.url),
        archive_url=link(archive, document.url),
        problems=problems.words(),
        items=b"".join(kept),
        skipped=skipped,
    )


def _site(feed: RawFeed, url: str) -> str | None:
    """The page that the feed belongs to: never a feed itself."""
    for one in feed.links:
        if relation(one) == "alternate" and is_page(one):
            return link(one.href, url)
    return link(feed.link, url)
