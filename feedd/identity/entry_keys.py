"""The key of each entry of a document, and its names (rules 33, 36, 42 and 43).

An entry has up to four names, from the best to the last resort: its guid, its link, its title with
date and link, its content. Its key is the best one that stands for this entry alone.

An item whose bytes are those of last time is not read again. Yet it has a say in what a newcomer
is, one that shares its guid or link with it being another entry: so names of the last document's
items are remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from feedd.identity.content import (
    UNLIKE,
    alike,
    article_link,
    canonical_link,
    content_hash,
    likeness,
    names_article,
    text_of,
    title_key,
)
from feedd.model import Entry, EntryKeys, KeyedEntry

LONGEST_KEY = 500
"""Characters; the hash of a longer name stands for it."""

REUSED_GUIDS = "the feed gives one id to several entries: they are told apart by their links"
SHARED_LINKS = "several entries have one link: they are told apart by their titles and dates"

VERSIONS_COMPARED = 50
"""More texts under one link or title than so many are not versions of one."""

TELLING_CHARS = 20
"""A shorter text says too little to be another than that of the same link and title."""


LOWER_PREFIXES = ("link:", "title:", "content:")
"""What keys begin with that are no guid."""

_PREFIXES = (*LOWER_PREFIXES, "long:")


class Keying(Struct, frozen=True):
    """A document's entries with their keys, each once, in document order.

    `keys` is what identifies the feed's entries from now on; `note` says in words why that is not
    the guid, or not the link.
    """

    entries: tuple[KeyedEntry, ...]
    keys: EntryKeys
    note: str | None = None


def keyed(entries: Sequence[Entry], *, keys: EntryKeys) -> Keying:
    """Give each entry its key; of versions of one entry, the one updated last is kept.

    `keys` is what identified the feed's entries so far. A guid that stands for several entries
    makes it "link", and "link" it stays.
    """
    return assign_keys(list(map(describe, entries)), keys=keys)


def describe(entry: Entry) -> KeyedEntry:
    """An entry with all that identifies it but the key."""
    link_key = canonical_link(entry.link)
    utf8 = entry.text.encode("utf-8", "replace")
    hashed = content_hash(entry, link_key, utf8)
    return KeyedEntry(entry, "", link_key, title_key(entry.title), hashed, utf8=utf8)


def assign_keys(entries: Sequence[KeyedEntry], *, keys: EntryKeys) -> Keying:
    """The same for entries whose link, title and content are worked out already."""
    if keys == "guid" and _guids_are_reused(entries):
        keys = "link"
    unnamed = [one for one in entries if not (keys == "guid" and one.entry.guid)]
    shared = _shared(unnamed, link_name, _are_several_of_a_link)
    below = [one for one in unnamed if link_name(one) is None or link_name(one) in shared]
    shared |= _shared((one for one in below if one.title_key), title_name, _texts_differ)
    shared |= _shared((one for one in below if not one.title_key), content_name, _are_several)
    chosen: dict[str, KeyedEntry] = {}
    for found in entries:
        one = replace(found, key=_key(found, keys, shared))
        other = chosen.get(one.key)
        if other is None or _rank(one) > _rank(other):
            chosen[one.key] = one
    if keys == "guid":
        _drop_twins(chosen)
    note = REUSED_GUIDS if keys == "link" else SHARED_LINKS if shared else None
    return Keying(tuple(chosen.values()), keys, note)


def article_of(one: KeyedEntry) -> str | None:
    """The link of an entry in canonical form, with its fragment."""
    link = one.entry.link
    return article_link(link) if link and "#" in link else one.link_key


def guid_name(one: KeyedEntry) -> str | None:
    """The key that the guid gives; None without one."""
    guid = one.entry.guid
    if not guid:
        return None
    if len(guid) > LONGEST_KEY or guid.startswith(_PREFIXES):
        return f"long:{_digest(guid)}"
    return guid


def link_name(one: KeyedEntry) -> str | None:
    """The key that the link gives, fragment included; None for none, or a front page."""
    link = article_of(one)
    if link is None or not names_article(link):
        return None
    return f"link:{link}" if len(link) <= LONGEST_KEY else f"long:{_digest(link)}"


def title_name(one: KeyedEntry) -> str:
    """The key that title, published date and link give together."""
    return "title:" + _digest(f"{one.title_key}\0{one.entry.published}\0{article_of(one) or ''}")


def content_name(one: KeyedEntry) -> str:
    """The key that the content gives, the part of a page that the link leads to, and the date of
    what has a title: without one, the date is the next name below.
    """
    dated = one.title_key and one.entry.published is not None
    return (
        f"{undated_content_name(one)}@{one.entry.published}" if dated else undated_content_name(one)
    )


def undated_content_name(one: KeyedEntry) -> str:
    """What version 0.1.0 made of the content, of entries with titles, too."""
    article = article_of(one)
    part = f":{_digest(article)}" if article and article != one.link_key else ""
    return f"content:{one.content_hash.hex()}{part}"


def names_below_guid(one: KeyedEntry) -> tuple[str | None, ...]:
    """All names that an entry may have been known by but its guid, better ones first."""
    return link_name(one), title_name(one), content_name(one), undated_content_name(one)


def name_below_link(one: KeyedEntry) -> str:
    """The key of an entry whose link is none."""
    return title_name(one) if one.title_key else content_name(one)


def _key(one: KeyedEntry, keys: EntryKeys, shared: set[str]) -> str:
    if keys == "guid" and (guid := guid_name(one)):
        return guid
    for name in (link_name(one), name_below_link(one)):
        if name is not None and name not in shared:
            return name
    return content_name(one) if one.title_key else title_name(one)


def _guids_are_reused(entries: Sequence[KeyedEntry]) -> bool:
    """Rules 36 and 42: does one guid stand for entries of other links, titles or dates?"""
    first: dict[str, KeyedEntry] = {}
    for one in entries:
        if one.entry.guid:
            other = first.setdefault(one.entry.guid, one)
            if other is not one and (
                _when_and_what(one) != _when_and_what(other) or article_of(one) != article_of(other)
            ):
                return True
    return False


def _shared(
    entries: Iterable[KeyedEntry],
    name_of: Callable[[KeyedEntry], str | None],
    are_several: Callable[[Sequence[KeyedEntry]], bool],
) -> set[str]:
    """The names that stand for several entries."""
    bearers: dict[str, list[KeyedEntry]] = defaultdict(list)
    for one in entries:
        name = name_of(one)
        if name is not None:
            bearers[name].append(one)
    return {name for name, group in bearers.items() if len(group) > 1 and are_several(group)}


def _are_several(group: Sequence[KeyedEntry]) -> bool:
    return len(set(map(_when_and_what, group))) > 1


def _are_several_of_a_link(group: Sequence[KeyedEntry]) -> bool:
    """Versions of one text are one entry; texts that have nothing in common are not."""
    return _are_several(group) or _differ(
        [one for one in group if len(text_of(one)) >= TELLING_CHARS],
        lambda text, other: likeness(text, other) >= UNLIKE,
    )


def _texts_differ(group: Sequence[KeyedEntry]) -> bool:
    """Are they more than versions of one text?"""
    return _differ(group, alike)


def _differ(group: Sequence[KeyedEntry], are_alike: Callable[[str, str], bool]) -> bool:
    """Are these texts not all alike? Their order makes no difference; so many are no versions."""
    # A hash may stand for texts that differ in what it leaves out, such as counts of comments.
    texts = {one.content_hash: text_of(one) for one in sorted(group, key=text_of)}
    if len(texts) > VERSIONS_COMPARED:
        return True
    first = texts.pop(min(texts), None) if texts else None
    return first is not None and not all(are_alike(text, first) for text in texts.values())


def _when_and_what(one: KeyedEntry) -> tuple[str, int | None]:
    return one.title_key, one.entry.published


def _drop_twins(chosen: dict[str, KeyedEntry]) -> None:
    """Of an article that the document has with and without its guid, the guid's is kept."""
    without = [key for key, one in chosen.items() if not one.entry.guid and one.link_key]
    if without and len(without) < len(chosen):
        guided = defaultdict(list)
        for one in chosen.values():
            if one.entry.guid:
                guided[article_of(one), *_when_and_what(one)].append(one)
        for key in without:
            twins = guided[article_of(chosen[key]), *_when_and_what(chosen[key])]
            if any(not _are_several_of_a_link([chosen[key], twin]) for twin in twins):
                del chosen[key]


def _rank(keyed: KeyedEntry) -> tuple[int, int, bytes, bool]:
    """Which of two versions of one entry to keep: nothing of it depends on their order."""
    entry = keyed.entry
    return (
        entry.updated or entry.published or 0,
        len(text_of(keyed)),
        keyed.content_hash,
        bool(entry.guid),
    )


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _short(text: str | None) -> bytes:
    if not text:
        return _NO_NAME
    return (crc32(text.encode("utf-8", "replace")) or 1).to_bytes(4, "big")


# ---------------------------------------------------------------- items of the last document

NAMES_BYTES = 12
"""What `name_hashes` gives for one entry."""

_NO_NAME = bytes(4)
_NAMES_AT = range(0, NAMES_BYTES, len(_NO_NAME))
FINGERPRINT_BYTES = 8
_ITEM_BYTES = FINGERPRINT_BYTES + NAMES_BYTES

SeenItems = Mapping[bytes, bytes]
"""The names (`name_hashes`) of each item, by its fingerprint (`ParsedFeed.items`)."""


def unpacked_items(stored: bytes) -> SeenItems:
    """The items in `stored`; none when it is not made of items."""
    if len(stored) % _ITEM_BYTES:
        return {}
    return {
        stored[at : at + FINGERPRINT_BYTES]: stored[at + FINGERPRINT_BYTES : at + _ITEM_BYTES]
        for at in range(0, len(stored), _ITEM_BYTES)
    }


def packed_items(
    fingerprints: bytes, seen: SeenItems, entries: Iterable[KeyedEntry], kept: Iterable[KeyedEntry]
) -> bytes:
    """What is to be stored of a document: its fingerprints, those seen and those of `entries`, both
    in its order, with their names.

    An entry that is not among the `kept`, since the document has a later version of it, is to be
    read again: alone in the next document it counts.
    """
    stored = {id(one.entry) for one in kept}
    found = iter(entries)
    names: dict[bytes, bytes] = {}
    for at in range(0, len(fingerprints), FINGERPRINT_BYTES):
        fingerprint = fingerprints[at : at + FINGERPRINT_BYTES]
        if fingerprint in seen:
            names[fingerprint] = seen[fingerprint]
            continue
        one = next(found)
        if id(one.entry) in stored:
            names[fingerprint] = name_hashes(one)
    return b"".join(part for item in names.items() for part in item)


def may_be_meant(entries: Iterable[KeyedEntry], fingerprints: bytes, seen: SeenItems) -> bool:
    """Could one of `entries` be taken for an item of the document that was passed as seen?"""
    passed = (
        seen[fingerprint]
        for at in range(0, len(fingerprints), FINGERPRINT_BYTES)
        if (fingerprint := fingerprints[at : at + FINGERPRINT_BYTES]) in seen
    )
    return share_a_name(map(name_hashes, entries), passed)


def name_hashes(one: KeyedEntry) -> bytes:
    """`NAMES_BYTES` that are remembered of an entry: of its guid, of its link (without one, its
    title, or else its content), and of link and title together.
    """
    link = article_of(one)
    has_own = link is not None and names_article(link)
    own = link if has_own else one.title_key or one.content_hash.hex()
    pair = f"{one.link_key}\0{one.title_key}" if one.link_key else None
    return _short(one.entry.guid) + _short(own) + _short(pair)


def share_a_name(newcomers: Iterable[bytes], others: Iterable[bytes]) -> bool:
    """Could any of the newcomers be taken for one of the others? Both are `name_hashes`; False is
    certain, True is not. Links count beside guids: a guid may turn out to be none.
    """
    there = list(others)
    taken = [{names[at : at + 4] for names in there} - {_NO_NAME} for at in _NAMES_AT]
    return any(
        names[at : at + 4] in some
        for names in newcomers
        for at, some in zip(_NAMES_AT, taken, strict=True)
    )
