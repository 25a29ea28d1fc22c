"""One document from bytes to values: which reader gets it, and what is made of the result."""

from __future__ import annotations

import re
from dataclasses import replace

from feedd.errors import ParseError
from feedd.model import Entry, ParsedFeed
from feedd.parsing import (
    Document,
    cut,
    fast,
    jsonfeed,
    limits,
    notfeeds,
    prologue,
    repair,
)
from feedd.parsing.building import Builder, language_tag
from feedd.parsing.dates import DayOrder, day_order
from feedd.parsing.hints import hints
from feedd.parsing.machine import UnusualError
from feedd.parsing.problems import Problems
from feedd.parsing.raw import RawFeed
from feedd.sanitise import link
from feedd.web.encoding import decode_document

_REPAIRS_MAX = 5
_LAST_ENTRY = re.compile(r".*</(?:[\w.-]+:)?(?:item|entry)\s*>", re.S | re.I)
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.I)
CUT_SHORT = "is cut short; its last, incomplete entry was left out"


def read(document: Document) -> ParsedFeed:
    """See `feedd.parsing.parse`."""
    if not document.body.strip():
        raise ParseError("is empty: the server sent no document")
    decoded = decode_document(document.body, document.content_type, encoding=document.encoding)
    problems = Problems([decoded.problem] if decoded.problem else [])
    raw = _raw(decoded.text, document, problems)
    order = _day_order(raw)
    if order.open and document.seen:
        # An item that would be passed may prove in which order day and month stand.
        document = replace(document, seen=b"")
        problems = Problems([decoded.problem] if decoded.problem else [])
        raw = _raw(decoded.text, document, problems)
        order = _day_order(raw)
    for problem in raw.problems:
        problems.note(problem)
    return _built(raw, document, problems, day_first=order.day_first)


def _raw(text: str, document: Document, problems: Problems) -> RawFeed:
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return jsonfeed.read(text.lstrip("\ufeff"), document.url, complete=document.complete)
    return _read_xml(text, document, problems)


def _day_order(feed: RawFeed) -> DayOrder:
    return day_order(
        text for one in feed.entries for text in (one.published, one.updated, one.created)
    )


def _read_xml(text: str, document: Document, problems: Problems) -> RawFeed:
    before = prologue.read(text)
    if before.root not in prologue.FEED_ROOTS:
        raise notfeeds.refusal(document.body, text, before, document.url)
    for problem in before.problems:
        problems.note(problem)
    text = text[before.start :]
    if document.parser == "auto":
        text, found = _read_fast(text, document, problems)
        if found is not None:
            return found
    if not document.complete:
        problems.note(CUT_SHORT)
        text = _complete_part(text)
    from feedd.parsing import tolerant

    feed = tolerant.read(text, document.url)
    if feed is None:
        raise notfeeds.refusal(document.body, text, before, document.url)
    if feed.problems and not feed.entries and document.complete:
        fault = feed.problems[0].partition(";")[0]
        raise ParseError(f"{fault}, and no entry could be rescued from it")
    if not document.complete:
        feed.problems.clear()  # that it is not well formed follows from what is noted already
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


def _read_fast(text: str, document: Document, problems: Problems) -> tuple[str, RawFeed | None]:
    """The text, repaired as far as it goes, and the feed; None where the fast path gives up."""
    seen = cut.seen_set(document.seen)
    for _ in range(_REPAIRS_MAX):
        try:
            return text, fast.read(text.encode("utf-8", "replace"), document.url, seen)
        except UnusualError:
            return text, None
        except fast.MalformedError as error:
            if error.cut_short and error.feed is not None and not document.complete:
                problems.note(CUT_SHORT)
                return text, error.feed
            mended = repair.repaired(text, error.code, error.offset)
            if mended is None:
                return text, None
            text = mended.text
            problems.note(mended.problem)
    return text, None


def _built(raw: RawFeed, document: Document, problems: Problems, *, day_first: bool) -> ParsedFeed:
    builder = Builder(raw, document.url, problems, day_first=day_first)
    hashes = cut.fingerprints(raw)
    seen = cut.seen_set(document.seen) if hashes else frozenset()
    entries: list[Entry] = []
    kept: list[bytes] = []
    skipped = 0
    for number, found in enumerate(raw.entries):
        if hashes and hashes[number] in seen:
            kept.append(hashes[number])
            skipped += 1
        elif len(entries) < limits.ENTRIES_MAX:
            if hashes:
                kept.append(hashes[number])
            entries.append(builder.entry(found))
    left_out = len(raw.entries) - skipped - len(entries)
    if left_out:
        problems.note(f"has {left_out} entries beyond {limits.ENTRIES_MAX}, which were left out")
    addresses = {one.rel: one.href for one in reversed(raw.links)}
    archive = addresses.get("prev-archive") or addresses.get("next")
    return ParsedFeed(
        format=raw.version,
        title=builder.title(raw.title) or None,
        site=link(addresses.get("alternate") or raw.link, document.url),
        entries=tuple(entries),
        language=language_tag(raw.language),
        hints=hints(raw),
        hub=link(addresses.get("hub"), document.url),
        self_url=link(addresses.get("self"), document.url),
        archive_url=link(archive, document.url),
        problems=problems.words(),
        items=cut.joined(kept),
        skipped=skipped,
    )
