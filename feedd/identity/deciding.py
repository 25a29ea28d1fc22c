"""New, changed or known: a document's entries against those in the store (rules 34, 35, 37)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from feedd.identity.links import names_article
from feedd.model import KeyedEntry, KnownEntry


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a document's entries are to the store.

    `known` counts those whose content is stored already. `rekeyed` are among these: entries met
    under a new key, as (id, key).
    """

    new: tuple[KeyedEntry, ...]
    changed: tuple[tuple[int, KeyedEntry], ...]
    known: int
    rekeyed: tuple[tuple[int, str], ...] = ()


def decide(keyed: Sequence[KeyedEntry], known: Sequence[KnownEntry]) -> Verdict:
    """Sort a document's entries out. The order of either side makes no difference.

    An entry whose key is not known is still a known one if exactly one stored entry has its
    canonical link and title, and no other entry of the document could be meant.
    """
    by_key = {one.key: one for one in known}
    renamed = _renamed(keyed, known, by_key) if known else {}
    new: list[KeyedEntry] = []
    changed: list[tuple[int, KeyedEntry]] = []
    rekeyed: list[tuple[int, str]] = []
    same = 0
    for one in keyed:
        stored = by_key.get(one.key) or renamed.get(one.key)
        if stored is None:
            new.append(one)
        elif stored.content_hash != one.content_hash:
            changed.append((stored.id, one))
        else:
            same += 1
            if stored.key != one.key:
                rekeyed.append((stored.id, one.key))
    return Verdict(tuple(new), tuple(changed), same, tuple(rekeyed))


def _renamed(
    keyed: Sequence[KeyedEntry], known: Sequence[KnownEntry], by_key: dict[str, KnownEntry]
) -> dict[str, KnownEntry]:
    """Rule 35: known entries that have come back under another key, by that key."""
    strangers = [
        one
        for one in keyed
        if one.key not in by_key and one.link_key and names_article(one.link_key)
    ]
    if not strangers:
        return {}
    claims = Counter((one.link_key, one.title_key) for one in strangers)
    present = {one.key for one in keyed}
    candidates: dict[tuple[str | None, str], list[KnownEntry]] = defaultdict(list)
    for stored in known:
        if stored.link_key and stored.key not in present:
            candidates[stored.link_key, stored.title_key].append(stored)
    renamed = {}
    for one in strangers:
        described = (one.link_key, one.title_key)
        if claims[described] == 1 and len(candidates[described]) == 1:
            renamed[one.key] = candidates[described][0]
    return renamed
