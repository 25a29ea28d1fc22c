"""What recurs on a site's pages: learned page by page, bounded, and forgotten again.

Pure values and functions; a `SiteMemory` belongs to one host. It only knows that a text has been
on several pages. Whether such a text is boilerplate, or content that recurs, is for `recurrence` to
say, which sees it on the page.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Final

from msgspec import Struct, field

RECURRING_MIN_PAGES: Final = 3
"""Two pages may share a text by chance, or be one article twice."""
RECURRING_MIN_SHARE: Final = 0.1
"""Of the pages remembered; so much of a lively site's pages one author may write."""
STANDING_SHARE: Final = 0.85
"""What is on more of the pages remembered is not about what one of them is about."""
WINDOW_PAGES: Final = 100
"""When so many pages are counted all counts are halved: redesigns are forgotten."""
ENTRIES_MAX: Final = 2_000
"""Fingerprints kept a host; those seen seldom and long ago go first."""
PAGE_BLOCKS_MAX: Final = 300
"""Fingerprints taken from one page."""
URLS_MAX: Final = 100
"""Pages remembered by address, so that none counts twice."""
NEW_MIN_BLOCKS: Final = 2
"""A page with fewer texts never seen before is an old article at a new address."""

DATE_MAX_WORDS: Final = 4
"""So far from its day a year may stand: "3 de mayo de 2024"."""
OF_MAX_CHARS: Final = 3
DAY_MAX_CHARS: Final = 4

_OF_DATES: Final = frozenset(
    Path(__file__).with_name("date_words.txt").read_text(encoding="utf-8").split()
)
"""Months, days of the week, "am"."""
_INFLECTED = re.compile(
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w{0,4}"
    r"|(?:január|február|március|április|május|június|július|augusztus"
    r"|(?:szept|nov|dec)ember|október)\w{2,4}"
)
"""Months in languages that say "in May" by an ending."""
_OF_INFLECTED: Final = ("kuu", "uár", "ius", "rilis", "ájus", "ztus", "ember", "tóber")
"""One of these is in every match of `_INFLECTED`."""
_NOWHERE: Final[frozenset[int]] = frozenset()
_STANDING: Final = 1 << 63
"""The bit that no fingerprint has."""
_YEARS: Final = frozenset(map(str, range(1970, 2040)))
_NUMBER = re.compile(r"\d+")

_HEADER: Final = struct.Struct("<BIH")
_ENTRY: Final = struct.Struct("<QHI")
_URL: Final = struct.Struct("<Q")
_VERSION: Final = 1


class Seen(Struct, frozen=True):
    """On how many pages a text was, and when last (in pages learned)."""

    pages: int
    last: int


class SiteMemory(Struct, frozen=True):
    """`learned` counts all pages ever, `window` those that the counts stand for."""

    learned: int = 0
    window: int = 0
    seen: Mapping[int, Seen] = field(default_factory=dict)
    urls: tuple[int, ...] = ()


def undated(words: Sequence[str], names: Set[int] = _NOWHERE) -> Sequence[str]:
    """Words without numbers, months and days of the week, and without those at the places of
    `names`, where any are left: "12 comments" is "9 comments". "3rd" and "10h45" are numbers; in
    scripts without blanks they stand within words.
    """
    has_dates = not _OF_DATES.isdisjoint(words)
    letters = "".join(words)
    has_months = any(map(letters.__contains__, _OF_INFLECTED))
    if not has_dates and not has_months and letters.isalpha():
        if not names:
            return words
        return [word for at, word in enumerate(words) if at not in names] or words
    named = names if _YEARS.isdisjoint(words) else names | _in_dates(words)
    said = words
    if has_dates or has_months or named:
        said = [
            word
            for at, word in enumerate(words)
            if word not in _OF_DATES
            and at not in named
            and not (has_months and _INFLECTED.fullmatch(word))
        ]
    whole = (word if word.isalpha() else _without_number(word) for word in said)
    left = list(filter(None, whole))
    return left if left and left != [*words] else words


def has_day(words: Sequence[str]) -> bool:
    """Whether a month, a day of the week or a year is among some words."""
    return not (_OF_DATES.isdisjoint(words) and _YEARS.isdisjoint(words))


def _without_number(word: str) -> str:
    """What is left of a word that is or holds a number."""
    if word.isascii():
        return "" if word[0].isdigit() else word
    return "" if word.isdigit() else _NUMBER.sub("", word)


def _in_dates(words: Sequence[str]) -> Set[int]:
    """Where a word stands between a day and a year, or before both: a month in any language."""
    found: set[int] = set()
    for at, word in enumerate(words):
        if word in _YEARS:
            days = [n for n in range(max(0, at - DATE_MAX_WORDS), at) if _is_day(words[n])]
            between = range(days[-1] + 1, at) if days else ()
            if sum(len(words[n]) > OF_MAX_CHARS for n in between) <= 1:
                found.update(between or (at - 2,) if days else ())
    return found


def _is_day(word: str) -> bool:
    """Whether a word is a number of one or two digits, or such a one's "3rd"."""
    is_short = len(word) < 3 or (len(word) <= DAY_MAX_CHARS and not word[2].isdigit())
    return is_short and word[0].isdigit()


def fingerprint(words: Sequence[str], *, exact: bool = False) -> int:
    """63 bits of a text's folded words; of all where it is `exact`: a table of other numbers is
    another table.
    """
    said = words if exact else undated(words)
    digest = hashlib.blake2b(" ".join(said).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def learn(memory: SiteMemory, url: str, blocks: Iterable[int]) -> SiteMemory:
    """The memory after one more page with these fingerprints.

    A page learned before changes nothing, nor does one that has next to nothing new.
    """
    address = fingerprint([url])
    found = list(dict.fromkeys(blocks))[:PAGE_BLOCKS_MAX]
    if address in memory.urls or not found or _has_nothing_new(memory, found):
        return memory
    learned = memory.learned + 1
    seen = dict(memory.seen)
    for block in found:
        before = seen.get(block)
        seen[block] = Seen(before.pages + 1 if before else 1, learned)
    window = memory.window + 1
    if window >= WINDOW_PAGES:
        window //= 2
        seen = {
            block: Seen(entry.pages // 2, entry.last)
            for block, entry in seen.items()
            if entry.pages > 1
        }
    if len(seen) > ENTRIES_MAX:
        ranked = sorted(seen.items(), key=lambda pair: (pair[1].pages > 1, pair[1].last))
        seen = dict(ranked[-ENTRIES_MAX:])
    return SiteMemory(learned, window, seen, (*memory.urls, address)[-URLS_MAX:])


def recurring(memory: SiteMemory) -> frozenset[int]:
    """Fingerprints of the texts that recur, and `everywhere` of those on nearly all pages;
    `PageInput.recurring` takes them.
    """
    least = max(RECURRING_MIN_PAGES, RECURRING_MIN_SHARE * memory.window)
    standing = max(RECURRING_MIN_PAGES, STANDING_SHARE * memory.window)
    found = {block: entry.pages for block, entry in memory.seen.items() if entry.pages >= least}
    return frozenset(found).union(everywhere(b) for b, pages in found.items() if pages > standing)


def everywhere(block: int) -> int:
    """What says that a fingerprint's text is on nearly all pages of its site."""
    return block | _STANDING


def is_stale(blocks: Iterable[int], known: frozenset[int]) -> bool:
    """Whether an article is worth cleaning again: some of what was `unproven` when it was cleaned
    is known by now.
    """
    return not known.isdisjoint(blocks)


def unproven(blocks: Iterable[int], known: frozenset[int]) -> list[int]:
    """What may yet prove to recur of an article that was cleaned with what is `known`, or, of what
    does, to be on nearly all pages: the article is cleaned again then.
    """
    left = (block for block in blocks if everywhere(block) not in known)
    return [everywhere(block) if block in known else block for block in left]


def dump(memory: SiteMemory) -> bytes:
    """The memory for the store: at most some 30 kB."""
    parts = [_HEADER.pack(_VERSION, memory.learned, memory.window)]
    parts.append(struct.pack("<HH", len(memory.seen), len(memory.urls)))
    parts += [_ENTRY.pack(block, e.pages, e.last) for block, e in memory.seen.items()]
    parts += [_URL.pack(address) for address in memory.urls]
    return zlib.compress(b"".join(parts), 6)


def load(blob: bytes | None) -> SiteMemory:
    """What `dump` wrote; an empty memory for nothing, or for what cannot be read."""
    if not blob:
        return SiteMemory()
    try:
        data = zlib.decompress(blob)
        version, learned, window = _HEADER.unpack_from(data)
        entries, urls = struct.unpack_from("<HH", data, _HEADER.size)
        if version != _VERSION:
            return SiteMemory()
        start = _HEADER.size + 4
        middle = start + entries * _ENTRY.size
        seen = {
            block: Seen(pages, last)
            for block, pages, last in _ENTRY.iter_unpack(data[start:middle])
        }
        end = middle + urls * _URL.size
        return SiteMemory(
            learned, window, seen, tuple(url for (url,) in _URL.iter_unpack(data[middle:end]))
        )
    except (zlib.error, struct.error):
        return SiteMemory()


def _has_nothing_new(memory: SiteMemory, found: Sequence[int]) -> bool:
    new = sum(block not in memory.seen for block in found)
    return bool(memory.seen) and new < NEW_MIN_BLOCKS
