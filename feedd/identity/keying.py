"""The key of each entry of a document (rules 33 and 36)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from feedd.identity.content import content_hash, title_key
from feedd.identity.links import article_link, canonical_link, names_article
from feedd.model import Entry, EntryKeys, KeyedEntry

LONGEST_KEY = 500
"""Characters; the hash of a longer guid stands for it."""

REUSED_GUIDS = "the feed gives one id to several entries: they are told apart by their links"


@dataclass(frozen=True, slots=True)
class Keying:
    """A document's entries with their keys, each once, in document order.

    `keys` is what identifies the feed's entries from now on; `note` says in words why that is not
    the guid.
    """

    entries: tuple[KeyedEntry, ...]
    keys: EntryKeys
    note: str | None = None


def keyed(entries: Sequence[Entry], *, keys: EntryKeys) -> Keying:
    """Give each entry its key; of entries with one key, the one updated last is kept.

    `keys` is what identified the feed's entries so far. A guid found on several different links
    makes it "link", and "link" it stays.
    """
    if keys == "guid" and _guids_are_reused(entries):
        keys = "link"
    shared = _links_of_several_titles(entries, keys)
    chosen: dict[str, KeyedEntry] = {}
    for entry in entries:
        one = _keyed(entry, keys, shared)
        other = chosen.get(one.key)
        if other is None or _rank(one) > _rank(other):
            chosen[one.key] = one
    if keys == "guid":
        _drop_twins(chosen)
    note = REUSED_GUIDS if keys == "link" else None
    return Keying(tuple(chosen.values()), keys, note)


def _drop_twins(chosen: dict[str, KeyedEntry]) -> None:
    """Of an article that the document has with and without its guid, the guid's is kept."""
    without = [key for key, one in chosen.items() if not one.entry.guid and one.link_key]
    if without and len(without) < len(chosen):
        guided = {(one.link_key, one.title_key) for one in chosen.values() if one.entry.guid}
        for key in without:
            if (chosen[key].link_key, chosen[key].title_key) in guided:
                del chosen[key]


def _keyed(entry: Entry, keys: EntryKeys, shared: frozenset[str]) -> KeyedEntry:
    link_key = canonical_link(entry.link)
    hashed = content_hash(entry, link_key)
    title = title_key(entry.title)
    return KeyedEntry(
        entry=entry,
        key=_key(entry, keys, shared, title, hashed),
        link_key=link_key,
        title_key=title,
        content_hash=hashed,
    )


def _key(entry: Entry, keys: EntryKeys, shared: frozenset[str], title: str, hashed: bytes) -> str:
    if keys == "guid" and entry.guid:
        return entry.guid if len(entry.guid) <= LONGEST_KEY else f"long:{_digest(entry.guid)}"
    link = article_link(entry.link)
    if link is not None and names_article(link) and link not in shared:
        return f"link:{link}" if len(link) <= LONGEST_KEY else f"long:{_digest(link)}"
    if title:
        # The link tells apart what one title and date would throw together.
        return "title:" + _digest(f"{title}\0{entry.published}\0{link or ''}")
    return f"content:{hashed.hex()}"


def _guids_are_reused(entries: Iterable[Entry]) -> bool:
    """Rule 36: does one guid stand for several different links?"""
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.guid and entry.link:
            first = seen.setdefault(entry.guid, entry.link)
            if first != entry.link and article_link(first) != article_link(entry.link):
                return True
    return False


def _links_of_several_titles(entries: Iterable[Entry], keys: EntryKeys) -> frozenset[str]:
    """Links that identify nothing, because entries of different titles have them."""
    titles: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.link and (keys == "link" or not entry.guid):
            link = article_link(entry.link)
            if link is not None:
                titles[link].add(title_key(entry.title))
    return frozenset(link for link, different in titles.items() if len(different) > 1)


def _rank(keyed: KeyedEntry) -> tuple[int, int, bytes]:
    """Which of two entries with one key to keep: nothing of it depends on their order."""
    entry = keyed.entry
    return (entry.updated or entry.published or 0, len(entry.text), keyed.content_hash)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
