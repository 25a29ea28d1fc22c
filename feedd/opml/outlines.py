"""An OPML document read.

Reading takes what Feedly, FreshRSS, Miniflux, NetNewsWire and hand-edited files hold: folders in
folders, attribute names in any case, titles in `text` or `title` or nowhere, unescaped ampersands,
encodings that are not what was declared. What is not taken is said, with the reason. No entity
that the file declares is followed, and nothing outside the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree
from msgspec.structs import replace

from feedd.errors import UsageError
from feedd.identity import canonical_link
from feedd.opml import newsboat
from feedd.opml.subscriptions import NAMESPACE, OpmlFeed, OpmlImport, unescaped
from feedd.web.encoding import decode_document

MAX_BYTES = 50_000_000
MAX_TITLE_CHARACTERS = 300


def read(data: bytes) -> OpmlImport:
    """The feeds of an OPML document or of newsboat's `urls` file. Raises UsageError when it is
    neither, or is not safe to read.
    """
    if len(data) > MAX_BYTES:
        raise UsageError(f"larger than {MAX_BYTES // 10**6} MB; that is no list of feeds")
    text = decode_document(data).text
    broken_at: int | None = None
    if newsboat.is_urls_file(text):
        lines = newsboat.subscribed(text)
    else:
        root, broken_at = _parsed(text)
        lines = _outlines(root)
    skipped: list[str] = []
    left_out: list[str] = []
    if broken_at is not None:
        skipped.append(f"line {broken_at}: not well-formed from here; read as far as it goes")
    feeds: dict[str, OpmlFeed] = {}
    for line, found in lines:
        if isinstance(found, str):
            skipped.append(f"line {line}: {found}")
            continue
        if found.left_out:
            left_out.append(f"line {line}: of {found.url}: {', '.join(found.left_out)}")
        key = canonical_link(found.url) or found.url
        first = feeds.setdefault(key, found)
        if first is not found:
            more = tuple(tag for tag in found.tags if tag not in first.tags)
            feeds[key] = replace(first, tags=first.tags + more, title=first.title or found.title)
            gained = f"; its folder became a tag: {', '.join(more)}" if more else ""
            other = "" if found.url == first.url else f" as {first.url}"
            skipped.append(f"line {line}: {found.url} is there already{other}{gained}")
    if broken_at is not None and not feeds:
        raise UsageError(f"not well-formed from line {broken_at} on, and no feed stands before it")
    return OpmlImport(tuple(feeds.values()), tuple(skipped), tuple(left_out))


# ---------------------------------------------------------------- bytes to a tree

_DECLARATION = re.compile(r"(?<!\s)\s*+<\?xml(?:[^<>?]|\?(?!>))*+\?>")
_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_XML_ENTITIES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def _parsed(text: str) -> tuple[etree._Element, int | None]:
    """The root, and the line of the first place where the file is not well-formed."""
    if "<!ENTITY" in text:
        raise UsageError("declares XML entities of its own, which are not followed; take them out")
    text = _AMPERSAND.sub(_resolved, _DECLARATION.sub("", text.lstrip(), count=1))
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise UsageError("holds no XML at all; an OPML file is needed")
    name = _local(root.tag)
    if name in ("rss", "feed", "rdf"):
        raise UsageError("is a feed, not a list of feeds; use `feedd add` with its URL")
    if name != "opml" and next(root.iter("{*}outline", "{*}Outline", "{*}OUTLINE"), None) is None:
        raise UsageError(f"is no OPML: it begins with <{name[:40]}>")
    errors = parser.error_log
    return root, (errors[0].line if len(errors) else None)


def _resolved(match: re.Match[str]) -> str:
    """HTML's named entities as characters, which XML does not know; lone ampersands escaped."""
    reference = match[1]
    if reference is None:
        return "&amp;"
    if reference[0] == "#" or reference in _XML_ENTITIES:
        return match[0]
    characters = html5.get(reference)
    if characters is None:
        return "&amp;" + reference
    return "".join(f"&#{ord(character)};" for character in characters)


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


# ---------------------------------------------------------------- a tree to feeds


def _outlines(root: etree._Element) -> Iterator[tuple[int, OpmlFeed | str]]:
    """Each outline that matters, in order: a feed, or why it is none."""
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, tags = waiting.pop()
        inside = tags
        if _local(element.tag) == "outline":
            attributes = _attributes(element)
            line: int = element.sourceline or 0  # type: ignore[assignment]  # open in the stubs
            if attributes.get("iscomment") == "true":
                yield line, f"{_called(attributes)} is commented out"
                continue
            found = _feed(attributes, tags, is_folder=len(element) > 0)
            if found is not None:
                yield line, found
            else:
                label = _label(attributes, "text", "title")
                inside = (*tags, label) if label and label not in tags else tags
        waiting.extend((child, inside) for child in reversed(element))


def _attributes(element: etree._Element) -> dict[str, str]:
    """By lower-case local name; an attribute without a namespace comes before one with."""
    attributes: dict[str, str] = {}
    for name, value in element.attrib.items():
        local = _local(name)
        if str(name).startswith("{"):
            if str(name).startswith(f"{{{NAMESPACE}}}"):
                attributes[f"feedd:{local}"] = str(value)
            elif str(name).lower().startswith(f"{{{_FRESHRSS}}}"):
                attributes[f"frss:{str(name).rpartition('}')[2]}"] = str(value).strip()
        else:
            attributes.setdefault(local, str(value).strip())
    return attributes


def _feed(
    attributes: dict[str, str], tags: tuple[str, ...], *, is_folder: bool
) -> OpmlFeed | str | None:
    """The feed an outline stands for, or why it is none; None for a folder."""
    kind = attributes.get("type", "").lower()
    address = next((attributes[key] for key in _ADDRESSES if attributes.get(key)), None)
    if address is None and kind in ("rss", "rss1", "atom", "json", "feed"):
        address = attributes.get("url")
    if address is None:
        if is_folder:
            return None
        if kind in ("link", "include"):
            return f"{_called(attributes)} is a link, not a feed"
        return f"{_called(attributes)} has no xmlUrl: an empty folder, or a feed without address"
    if "+" in kind:  # FreshRSS's own ways to scrape: HTML+XPath, JSON+DotNotation and so on
        return f"{_called(attributes)} is scraped from a page ({kind}), which feedd does not do"
    url = _web_address(address)
    if url is None:
        return f"{_called(attributes)} has no http:// or https:// address: {_shown(address)}"
    own_name = attributes.get("feedd:name")
    title = _label(attributes, "title") if own_name else _label(attributes, "title", "text")
    site = _web_address(attributes.get("htmlurl", ""))
    categories = _categories(attributes.get("category", ""), ours=own_name is not None)
    return OpmlFeed(
        url,
        title=None if title == address else title,
        site=site,
        tags=tuple(dict.fromkeys((*tags, *categories))),
        name=own_name,
        article_selector=_label(attributes, "frss:cssFullContent"),
        left_out=tuple(
            f"{_one_line(key.removeprefix('frss:'))} ({_one_line(value)[:60]})"
            for key, value in attributes.items()
            if key.startswith("frss:") and key not in _NOT_MISSED and value
        ),
    )


_FRESHRSS = "https://freshrss.org/opml"
_NOT_MISSED = frozenset(
    f"frss:{name}"
    for name in ("cssFullContent", "priority", "unicityCriteria", "unicityCriteriaForced")
)
"""Taken over, or of no use outside FreshRSS."""
_ADDRESSES = ("xmlurl", "xml_url", "xml-url", "feedurl", "rssurl")
_FEED_SCHEME = re.compile(r"feed:(?=https?://)|feed:(?://)?", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def _web_address(address: str) -> str | None:
    address = "%20".join(address.split())
    scheme = _FEED_SCHEME.match(address)
    if scheme:
        rest = address[scheme.end() :]
        address = rest if _WEB.fullmatch(rest) else f"http://{rest}"
    return address if _WEB.fullmatch(address) and address.isprintable() else None


def _categories(written: str, *, ours: bool) -> Iterator[str]:
    """`/Boston/Weather,news` is a comma-separated list of slash-delimited paths (OPML 2.0)."""
    for path in written.split(","):
        for part in path.split("/"):
            tag = _one_line(unescaped(part) if ours else part)
            if tag:
                yield tag


def _label(attributes: dict[str, str], *keys: str) -> str | None:
    for key in keys:
        label = _one_line(attributes.get(key, ""))
        if label:
            return label
    return None


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:MAX_TITLE_CHARACTERS].strip()


def _called(attributes: dict[str, str]) -> str:
    label = _label(attributes, "text", "title", "htmlurl", "description")
    return f'"{label[:60]}"' if label else "an outline without a title"


def _shown(address: str) -> str:
    return f'"{_one_line(address)[:80]}"'
