"""New, changed or known: a document's entries against the store's (rules 34, 35, 37, 42, 44).

No entry takes the place of another: where it is in doubt whether two are the same, they are two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from feedd.identity.content import UNLIKE, alike, canonical_link, likeness, text_of
from feedd.identity.entry_keys import (
    LOWER_PREFIXES,
    REUSED_GUIDS,
    SHARED_LINKS,
    article_of,
    assign_keys,
    content_name,
    guid_name,
    link_name,
    name_below_link,
    names_below_guid,
    title_name,
    undated_content_name,
)
from feedd.model import EntryKeys, KeyedEntry, KnownEntry


class Verdict(Struct, frozen=True):
    """What a document's entries are to the store.

    `known` counts those whose content is stored already. `rekeyed` are among these: entries met
    under a new key, as (id, key). `keys` is what identifies the feed's entries from now on, `note`
    why that is not the guid or the link.
    """

    new: tuple[KeyedEntry, ...]
    changed: tuple[tuple[int, KeyedEntry], ...]
    known: int
    rekeyed: tuple[tuple[int, str], ...] = ()
    keys: EntryKeys = "guid"
    note: str | None = None


def decide(
    keyed: Sequence[KeyedEntry],
    known: Sequence[KnownEntry],
    *,
    keys: EntryKeys = "guid",
    passed: bool = False,
) -> Verdict:
    """Sort a document's entries out. The order of either side makes no difference.

    `keyed` are those that were read, by `keys`; `passed`: others, known to share no name with
    these, were not. `known` holds the stored entries that have a name of one of them.
    """
    rows = {row.key: row for row in known}
    if keys == "guid" and any(one.entry.guid and _is_refused(one, rows) for one in keyed):
        keying = assign_keys(keyed, keys="link")
        keyed, keys = keying.entries, keying.keys
    if rows:
        keyed = _below_shared_names(keyed, rows, keys)
    stored = _matched(keyed, rows, keys, passed=passed) if rows else {}
    new: list[KeyedEntry] = []
    changed: list[tuple[int, KeyedEntry]] = []
    rekeyed: list[tuple[int, str]] = []
    same = 0
    for one in keyed:
        row = stored.get(one.key)
        if row is None:
            new.append(one)
        elif row.content_hash != one.content_hash:
            changed.append((row.id, one))
        else:
            same += 1
            if row.key != one.key:
                rekeyed.append((row.id, one.key))
    shared = any(one.key.startswith(("title:", "content:")) and link_name(one) for one in keyed)
    note = REUSED_GUIDS if keys == "link" else SHARED_LINKS if shared else None
    return Verdict(tuple(new), tuple(changed), same, tuple(rekeyed), keys, note)


def _is_another(one: KeyedEntry, row: KnownEntry) -> bool:
    """Does an entry have no more than this name in common with a stored one that has left the
    document: is title, date and text another, and of guid and link the other as well?
    """
    entry = one.entry
    if (
        one.title_key == row.title_key
        or entry.published is None
        or row.published is None
        or entry.published == row.published
    ):
        return False
    if one.key == guid_name(one) and row.article is not None and row.article == article_of(one):
        return False
    if row.text and (text := text_of(one)):
        return likeness(text, row.text) < UNLIKE
    return likeness(one.title_key, row.title_key) < UNLIKE


def _below_shared_names(
    keyed: Sequence[KeyedEntry], rows: Mapping[str, KnownEntry], keys: EntryKeys
) -> Sequence[KeyedEntry]:
    """The entries, with a key further down where theirs is known to stand for several: the store
    has entries that were told apart by less, or under that key another than the entry itself,
    which it has under the guid.
    """
    low = [row for row in rows.values() if row.key.startswith(("title:", "content:"))]
    links = {row.article for row in low}
    titles = {
        (row.article, row.title_key, row.published) for row in low if row.key.startswith("content:")
    }
    lowered = []
    for one in keyed:
        if not (keys == "guid" and one.entry.guid):
            article = article_of(one)
            if one.key == link_name(one) and (article in links or _is_refused(one, rows)):
                one = replace(one, key=name_below_link(one))
            described = (article, one.title_key, one.entry.published)
            if one.key == title_name(one) and one.title_key and described in titles:
                one = replace(one, key=content_name(one))
            one = replace(one, key=_key_of_its_row(one, rows))
        lowered.append(one)
    return lowered


def _says_all(one: KeyedEntry, row: KnownEntry | None) -> bool:
    """Is this all that a stored entry says? It keeps its first date, and has a later one in its key
    alone.
    """
    if row is None or (row.content_hash, row.article) != (one.content_hash, article_of(one)):
        return False
    return row.published == one.entry.published or (
        bool(one.title_key) and row.key == content_name(one)
    )


def _key_of_its_row(one: KeyedEntry, rows: Mapping[str, KnownEntry]) -> str:
    """The key by which the stored entry is found that says just what this one says, if there is
    one; else its own. One that is known by the guid gets a name that no other has.
    """
    names = (one.key, title_name(one), content_name(one), undated_content_name(one))
    if _says_all(one, rows.get(guid_name(one) or "")):
        return next((name for name in names if name not in rows), one.key)
    return next((name for name in names if _says_all(one, rows.get(name))), one.key)


def _is_refused(one: KeyedEntry, rows: Mapping[str, KnownEntry]) -> bool:
    row = rows.get(one.key)
    return row is not None and _is_another(one, row)


def _matched(
    keyed: Sequence[KeyedEntry], rows: Mapping[str, KnownEntry], keys: EntryKeys, *, passed: bool
) -> dict[str, KnownEntry]:
    """The stored entry of each entry that has one, by the entry's key."""
    found = {one.key: rows[one.key] for one in keyed if one.key in rows}
    strangers = [one for one in keyed if one.key not in found]
    if not strangers:
        return found
    # A document all of whose entries are new and of one date is stamped at each request.
    stamped = len(strangers) > 1 and len({one.entry.published for one in strangers}) == 1
    tells = bool(found) or passed or not stamped
    free = _without(rows, found)
    found |= _best_pairs(_renamed(strangers, free, rows, date_tells=tells))
    strangers = [one for one in strangers if one.key not in found]
    free = _without(free, found)
    return found | _best_pairs(_known_by_former_name(strangers, free, keys, date_tells=tells))


def _without(
    rows: Mapping[str, KnownEntry], found: Mapping[str, KnownEntry]
) -> Mapping[str, KnownEntry]:
    taken = {row.key for row in found.values()}
    return {key: row for key, row in rows.items() if key not in taken}


TEXTS_COMPARED = 400
"""Where more pairs of texts would be compared (a second's work), none is: one may come twice."""

PAIRS_JUDGED = 10_000
"""Of more pairs of one link and title, only those of equal content and date are looked at."""

SAME_WORDS = 3
"""What `_evidence` gives where the content is the same and the date is not."""

Pair = tuple[int, KeyedEntry, KnownEntry]
"""How much speaks for these two being one, from 1."""


def _renamed(
    strangers: Sequence[KeyedEntry],
    free: Mapping[str, KnownEntry],
    rows: Mapping[str, KnownEntry],
    *,
    date_tells: bool,
) -> Iterator[Pair]:
    """Rules 35 and 44: known entries with the link and title of one whose key is not known.

    Words that several entries of that link and title have, on other dates, say nothing.
    """
    candidates: dict[tuple[str | None, str], list[KnownEntry]] = defaultdict(list)
    dates: dict[tuple[str | None, str, bytes], set[int]] = defaultdict(set)
    for row in rows.values():
        if row.link_key and row.published is not None:
            dates[row.article, row.title_key, row.content_hash].add(row.published)
        if row.link_key and row.key in free:
            candidates[row.article, row.title_key].append(row)
    described: dict[tuple[str | None, str], list[KeyedEntry]] = defaultdict(list)
    for one in strangers:
        if link_name(one):
            described[article_of(one), one.title_key].append(one)
    pairs: list[tuple[KeyedEntry, KnownEntry]] = []
    for which, ones in described.items():
        meant = candidates.get(which, [])
        few = len(ones) * len(meant) <= PAIRS_JUDGED
        pairs += product(ones, meant) if few else _equal_pairs(ones, meant)
    texts_tell = sum(bool(row.text) for _, row in pairs) <= TEXTS_COMPARED
    for one, row in pairs:
        evidence = _evidence(one, row, date_tells=date_tells, texts_tell=texts_tell)
        words = (article_of(one), one.title_key, one.content_hash)
        repeated = one.entry.published is not None and len(dates.get(words, ())) > 1
        if evidence and not (evidence == SAME_WORDS and repeated):
            yield evidence, one, row


def _equal_pairs(
    ones: Sequence[KeyedEntry], rows: Sequence[KnownEntry]
) -> Iterator[tuple[KeyedEntry, KnownEntry]]:
    """Those with equal content and date; of more than two rows for one, it is in doubt anyway."""
    equal: dict[tuple[bytes, int | None], list[KnownEntry]] = defaultdict(list)
    for row in rows:
        equal[row.content_hash, row.published].append(row)
    for one in ones:
        for row in equal.get((one.content_hash, one.entry.published), [])[:2]:
            yield one, row


def _known_by_former_name(
    strangers: Sequence[KeyedEntry],
    rows: Mapping[str, KnownEntry],
    keys: EntryKeys,
    *,
    date_tells: bool,
) -> Iterator[Pair]:
    """Known entries that have as their key what is no key any more, guid or link or title, while
    date or text say that they are meant.
    """
    pairs: dict[str, list[tuple[bool, KeyedEntry, KnownEntry]]] = defaultdict(list)
    for one in strangers:
        guid = guid_name(one) if keys == "link" else None
        for name in (guid, *names_below_guid(one)):
            row = rows.get(name) if name is not None and name != one.key else None
            if row is not None and one.key != guid_name(one):
                pairs[one.key].append((name == guid, one, row))
    texts_tell = (
        sum(bool(row.text) for few in pairs.values() for _, _, row in few) <= TEXTS_COMPARED
    )
    for few in pairs.values():
        for by_guid, one, row in few:
            evidence = _evidence(one, row, date_tells=date_tells, texts_tell=texts_tell)
            same_title = bool(one.title_key) and row.title_key == one.title_key
            same_link = link_name(one) is not None and row.article == article_of(one)
            if by_guid and same_link and texts_tell and not _is_another(one, row):
                evidence, meant = max(evidence, 1), True
            else:
                same = row.content_hash == one.content_hash
                meant = same or same_title or (same_link and evidence > 1)
            if evidence and meant:
                yield evidence, one, row
                break


def _evidence(one: KeyedEntry, row: KnownEntry, *, date_tells: bool, texts_tell: bool) -> int:
    """What date and content say: 5 both are the same, 4 the date is, 3 the content, 2 the text is
    nearly the same (it is compared where `texts_tell`), 1 there is nothing against it, 0 these are
    two entries.
    """
    entry = one.entry
    files = {canonical_link(file.url) or file.url for file in entry.enclosures}
    same = row.content_hash == one.content_hash and bool(one.utf8 or entry.text or files)
    dated = entry.published is not None and row.published is not None
    if dated and entry.published == row.published:
        return 5 if same else 4
    if same:
        return SAME_WORDS
    if files and row.files and not files & row.files:
        return 0
    if row.text and (text := text_of(one)):
        if texts_tell and alike(text, row.text):
            return 2
        undated = entry.published is None and row.published is None
        two_guids = (
            entry.guid and row.key != guid_name(one) and not row.key.startswith(LOWER_PREFIXES)
        )
        return 1 if undated and not two_guids else 0
    return 0 if dated and date_tells else 1


def _best_pairs(pairs: Iterable[Pair]) -> dict[str, KnownEntry]:
    """The pairs in which neither side could be another's as well, by the entry's key."""
    ranked = list(pairs)
    found: dict[str, KnownEntry] = {}
    settled: set[tuple[str, str]] = set()
    for evidence in (5, 4, 3, 2, 1):
        open_pairs = [
            (("entry", one.key), ("row", row.key), row)
            for found_evidence, one, row in ranked
            if found_evidence == evidence
            and ("entry", one.key) not in settled
            and ("row", row.key) not in settled
        ]
        claims = Counter(side for entry, stored, _ in open_pairs for side in (entry, stored))
        for entry, stored, row in open_pairs:
            settled |= {entry, stored}
            if claims[entry] == claims[stored] == 1:
                found[entry[1]] = row
    return found
