"""A feed's elements written anew in plain form, so that any parser reads them alike.

Of an entry only its own direct elements are written: what stands in `source`, `image`,
`media:group` or in an element that nobody knows is not the entry's (rule 46).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from feedd.parsing.names import (
    ENTRIES,
    FALLBACK_TEXTS,
    FALLBACK_TITLES,
    MODULE_NAMESPACES,
    PERSONS,
    PLAIN,
    TEXTS,
)
from feedd.parsing.raw import (
    Person,
    is_escaped_twice,
    is_mailbox,
    is_markup,
    joined,
    permalink,
    person,
    web_address,
    written_link,
)
from feedd.parsing.repair import FORBIDDEN, Node, tree_of

_WITH_ADDRESS: Final = frozenset({"enclosure", "media_content", "media_thumbnail", "itunes_image"})
_PLAIN_IN_HEAD: Final = frozenset({"language", "dc_language", "ttl", "itunes_image"})
_TYPES: Final = frozenset({"text", "plain", "text/plain", "html", "text/html"})
AT_SIGN: Final = "\ue0f0"
"""Stands for `@` in names of people: feedparser would take an address in them apart."""


def tidied(text: str, url: str, *, broken: bool) -> str | None:
    """The feed in `text` in plain form; None where there is no root that a feed could have.

    In a `broken` document an entry begins wherever its tag stands, for the one before may not have
    been closed; in a sound one, what stands in an element of an entry is that element's.
    """
    root = tree_of(text, broken)
    if root is None:
        return None
    head, entries = _parts(root)
    family = "atom" if root.word == "feed" else "rss"
    channel = next((one for one in root.children if one.word == "channel"), None)
    base = _base(root.attributes, url)
    if channel is not None:
        base = _base(channel.attributes, base)
    declared = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in MODULE_NAMESPACES.items()
        if (family, prefix) != ("atom", "atom")
    )
    written = list(_head(head, family, base))
    name = "entry" if family == "atom" else "item"
    for one in entries:
        written.append(f"<{name}{_written(one.attributes)}>")
        written += _entry(one, family, _base(one.attributes, base))
        written.append(f"</{name}>")
    inner = "".join(written)
    attributes = _written(root.attributes)
    if root.word == "rdf_rdf":
        namespace = ' xmlns="http://purl.org/rss/1.0/"'
        if "my.netscape.com/rdf/simple/0.9" in text[:2000]:
            namespace = ' xmlns="http://my.netscape.com/rdf/simple/0.9/"'
        of_channel, *items = inner.partition("<item")
        inner = f"<channel>{of_channel}</channel>{''.join(items)}"
        return f"<rdf:RDF{namespace}{declared}{attributes}>{inner}</rdf:RDF>"
    if family == "atom":
        namespace = "" if "version" in root.attributes else ' xmlns="http://www.w3.org/2005/Atom"'
        return f"<feed{namespace}{declared}{attributes}>{inner}</feed>"
    said = _written(channel.attributes) if channel else ""
    return f"<rss{declared}{attributes}><channel{said}>{inner}</channel></rss>"


def _parts(root: Node) -> tuple[list[Node], list[Node]]:
    """What stands in the head of the feed, and its entries."""
    head: list[Node] = []
    entries: list[Node] = []
    for node in root.children:
        inside = node.children if node.word == "channel" else [node]
        for one in inside:
            if one.word == "items":
                entries += [inner for inner in one.children if inner.word in ENTRIES]
            else:
                (entries if one.word in ENTRIES else head).append(one)
    return head, entries


def _head(nodes: Sequence[Node], family: str, base: str) -> Iterator[str]:
    yield from _title(nodes)
    for node in nodes:
        if node.word == "link":
            yield from _link(node, family, base)
        elif node.word in PERSONS and (family == "atom" or node.word == "itunes_author"):
            yield from _person(node)
        elif node.word in ("skiphours", "skipdays"):
            units = "".join(
                f"<{one.word}>{escape(one.value, quote=False)}</{one.word}>"
                for one in node.children
                if one.word in ("hour", "day")
            )
            name = "skipHours" if node.word == "skiphours" else "skipDays"
            yield f"<{name}>{units}</{name}>"
        elif node.word in _PLAIN_IN_HEAD or node.word.startswith("sy_update"):
            yield _plain(node, base)


def _entry(entry: Node, family: str, base: str) -> Iterator[str]:
    nodes = list(_own(entry))
    yield from _title(nodes)
    has_text = any(
        _has_words(one) for one in nodes if one.word in TEXTS and "title" not in one.word
    )
    nodes = list(_without_mailboxes(nodes, family))
    for node in nodes:
        if node.word in TEXTS:
            if has_text and "title" not in node.word:
                yield _text(node, TEXTS[node.word])
        elif node.word == "link":
            yield from _link(node, family, base)
        elif node.word in PERSONS:
            yield from _person(node)
        elif node.word == "source":
            yield from _source(node)
        elif node.word in PLAIN:
            yield _plain(node, base)
    if not has_text:
        yield from _fallback(nodes, FALLBACK_TEXTS, "description")
    yield from _picture(nodes, base)
    yield from _stand_in_links(entry, nodes, family, base)


def _stand_in_links(entry: Node, nodes: Iterable[Node], family: str, base: str) -> Iterator[str]:
    """Where an entry without a link of its own leads: to Atom's content elsewhere, or its guid."""
    sources = [one.attributes.get("src", "") for one in nodes if one.word == "content"]
    found = [joined(base, src) for one in sources[-1:] if (src := written_link(one))]
    guids = [one for one in nodes if one.word in ("guid", "id")]
    if not guids:
        found.append(permalink(entry.attributes.get("rdf:about", ""), "", "rss", base))
    for one in guids[-1:]:
        said = one.attributes.get("ispermalink", "")
        found.append(permalink(one.value, said, family, _base(one.attributes, base)))
    name = "link" if family == "atom" else "atom:link"
    for address in found:
        if address:
            yield f'<{name} rel="alternate" href="{escape(address)}"/>'


def _own(entry: Node) -> Iterator[Node]:
    """Those of an entry: its children, and those of its `media:group` and `media:content`."""
    for node in entry.children:
        yield node
        if node.word in ("media_group", "media_content"):
            for one in node.children:
                if one.word.startswith("media_"):
                    yield from _own(Node("", {}, children=[one]))


def _title(nodes: Sequence[Node]) -> Iterator[str]:
    """The first title that says something; what names an entry otherwise."""
    for node in nodes:
        if node.word in ("title", "dc_title") and _has_words(node):
            yield _text(node, "title")
            return
    yield from _fallback(nodes, FALLBACK_TITLES, "title")


def _has_words(node: Node) -> bool:
    return bool(node.children or node.value)


def _fallback(nodes: Iterable[Node], words: Iterable[str], name: str) -> Iterator[str]:
    for word in words:
        for node in nodes:
            if node.word == word and _has_words(node):
                yield _text(node, name)
                return


def _source(node: Node) -> Iterator[str]:
    titles = [one for one in node.children if one.word == "title"]
    inner = [_text(one, "title") for one in titles if _has_words(one)][:1]
    for one in node.children:
        if one.word in PERSONS:
            inner += _person(one)
    text = "" if node.children else escape(node.value, quote=False)
    yield f"<source>{text}{''.join(inner)}</source>"


def _without_mailboxes(nodes: Sequence[Node], family: str) -> Iterator[Node]:
    """What `author` of RSS says without a name gives way to a creator with one."""
    people = [one for one in nodes if one.word in PERSONS and (one.value or one.children)]
    boxes = [one for one in people if one.word == "author" and is_mailbox(_named(one))]
    gives_way = family == "rss" and any(
        one.word == "dc_creator" and not is_mailbox(_named(one)) for one in people
    )
    for node in nodes:
        if not (gives_way and any(node is box for box in boxes)):
            yield node


def _named(node: Node) -> Person:
    named = {one.word: one.value for one in node.children}
    name = named.get("name") or named.get("itunes_name")
    email = named.get("email") or named.get("itunes_email")
    found = None if node.children else person(node.value)
    return found or Person(name, email)


def _person(node: Node) -> Iterator[str]:
    found = _named(node)
    shown = (found.name or found.email or "").replace("@", AT_SIGN)
    if shown:
        yield f"<author><name>{escape(shown, quote=False)}</name></author>"


def _link(node: Node, family: str, base: str) -> Iterator[str]:
    """RSS has its address in the element's text, whatever its attributes say, Atom in `href`."""
    attributes = dict(node.attributes)
    text = written_link(node.value)
    href = next((attributes[key] for key in ("url", "uri", "href") if key in attributes), "")
    in_text = family == "rss" and text and not node.children
    target = text if in_text else written_link(href) or text
    if attributes.get("rel", "").endswith("replies") and "html" not in attributes.get("type", ""):
        return  # a feed of comments, of which feedparser would say that it is a page
    if target:
        for key in ("url", "uri", "href", "length"):
            attributes.pop(key, None)
        own_base = _base(attributes, base)
        attributes["href"] = joined(own_base, target)
        if length := node.attributes.get("length"):
            attributes["length"] = length
        name = "link" if family == "atom" else "atom:link"
        yield f"<{name}{_written(attributes)}/>"


def _text(node: Node, name: str) -> str:
    """A text construct: as it is, or with the markup in it as the text of HTML."""
    attributes = node.attributes
    value = "".join(node.text)
    if node.children:
        value = "".join(node.raw)
        if attributes.get("type") in ("xhtml", "application/xhtml+xml"):
            inner = _without_wrapper(node)
            value = "".join(inner.raw)
            if base := inner.attributes.get("xml:base"):
                attributes = {
                    **attributes,
                    "xml:base": _base({"base": base}, _base(attributes, "")),
                }
        attributes = {**attributes, "type": "html"}
    elif attributes.get("type") in ("xhtml", "application/xhtml+xml"):
        value = escape(value, quote=False)
        attributes = {**attributes, "type": "html"}
    elif _is_unknown_text(attributes) or (
        "type" not in attributes
        and (is_escaped_twice(value) or ("title" not in name and is_markup(value.strip())))
    ):
        attributes = {**attributes, "type": "html"}
    return f"<{name}{_written(attributes)}>{escape(FORBIDDEN.sub('', value), quote=False)}</{name}>"


def _is_unknown_text(attributes: dict[str, str]) -> bool:
    """Is it text, though its type is none (`CDATA`) or one that no reader knows (`text/markdown`)?
    Other media types are said of files, as base64.
    """
    said = attributes.get("type", "html")
    of_text = "/" not in said or said.startswith("text/") or said.endswith(("/html", "/xml"))
    return of_text and said not in _TYPES and attributes.get("mode") != "base64"


def _without_wrapper(node: Node) -> Node:
    """What holds markup of Atom: the div that surrounds it, where one does (RFC 4287, 3.1.1.3)."""
    alone = [one.word for one in node.children] == ["div"] and not node.value
    return node.children[0] if alone else node


def _plain(node: Node, base: str) -> str:
    word = "dc_date" if node.word == "date" else node.word
    prefix, mark, local = word.partition("_")
    name = f"{prefix}:{local}" if mark else prefix
    attributes, value = node.attributes, node.value
    if node.word in _WITH_ADDRESS:
        attributes, value = _with_address(node, base), ""
    if node.word == "comments":
        value = written_link(value)
    return f"<{name}{_written(attributes)}>{escape(value, quote=False)}</{name}>"


def _with_address(node: Node, base: str) -> dict[str, str]:
    """The attributes of a file or picture; its address whole, also where it stands as text."""
    attributes = dict(node.attributes)
    for key in ("url", "uri", "href"):
        if url := attributes.get(key, "").strip():
            attributes[key] = joined(_base(attributes, base), url)
            return attributes
    if node.word != "media_content" and (url := web_address(node.value)):
        attributes["href" if node.word == "itunes_image" else "url"] = url
    return attributes


def _picture(nodes: Iterable[Node], base: str) -> Iterator[str]:
    """An `image` of RSS, where no element of a module names the picture."""
    nodes = list(nodes)
    if any(one.word == "itunes_image" and _address(one) for one in nodes):
        return
    for node in nodes:
        if node.word in ("image", "googleplay_image"):
            urls = (
                _address(one) for one in (node, *node.children) if one is node or one.word == "url"
            )
            for url in filter(None, urls):
                own = _base(node.attributes, base)
                yield f'<itunes:image href="{escape(joined(own, url))}"/>'
                return


def _address(node: Node) -> str:
    said = (node.attributes.get("href") or node.attributes.get("url") or "").strip()
    return said or web_address(node.value)


def _written(attributes: dict[str, str]) -> str:
    return "".join(
        f' {"isPermaLink" if key == "ispermalink" else key}="{escape(value)}"'
        for key, value in attributes.items()
    )


def _base(attributes: dict[str, str], base: str) -> str:
    own = attributes.get("xml:base") or attributes.get("base")
    return joined(base, own) if own else base
