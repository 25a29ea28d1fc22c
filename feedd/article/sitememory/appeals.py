"""Lines that turn to the reader, or speak of the page and its publisher, in the languages of feeds.

Asked only of what is known to recur on a site: alone such words are in any text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Final, NamedTuple

from feedd.article.lexicon import (
    ADDRESS,
    MENTIONS,
    STARTS,
    parted,
    sections_of,
    speaks_for_publisher,
)
from feedd.article.tree.blocks import Block
from feedd.article.tree.elements import QUESTION_ENDS


class Appeal(IntEnum):
    """How much a line is about its reader or its publisher, not about what the page is about."""

    NONE = 0
    TURNS = 1
    """It says "you", "our", "this page": an introduction or an instruction may, too."""
    CALLS = 2
    """It calls the reader elsewhere, counts readers, speaks of rights or of who wrote it."""


_CALLING: Final = (
    *(STARTS[name] for name in ("pointer", "share", "tags", "comments", "advert", "back", "shout")),
)
_SPEAKING: Final = (
    *(MENTIONS[name] for name in ("subscribe", "rights", "contact", "about")),
    ADDRESS,
)
_CONDITION: Final = ("if you ", "if you'")
"""So begin calls, and what one has to know: "If you are allergic"."""

_TABLE: Final = sections_of("appeals.txt")


def _words_or(section: str) -> re.Pattern[str]:
    """What of a section begins a word, or may stand anywhere."""
    return re.compile(rf"\b(?:{_TABLE[section]})|{_TABLE[f'{section}, anywhere']}")


_READER: Final = frozenset(parted(_TABLE["reader"]))
_OF_FRENCH: Final = frozenset(("le", "la", "les", "des", "est", "dans", "et"))
"""Where one of these is, "du" is no "you"."""
_FORMAL = re.compile(r"[a-zäöüß,] (?:Sie|Ihnen|Ihre?[nmrs]?)\b")
_UNSPACED = re.compile(_TABLE["reader, without blanks"])

_THIS: Final = frozenset(parted(_TABLE["this"]))
_WE: Final = frozenset(
    str.split("we we've we're wir nous nosotros nosotras noi nós wij vi мы ми biz εμείς мие")
)
_PEOPLE: Final = frozenset(parted(_TABLE["people"]))
_IS_PUBLISHED = re.compile(_TABLE["publishing"])

_SUBSCRIBING = _words_or("subscribing")
_OFFERING = _words_or("offering")
_BACKED = _words_or("backed")
_PAID = re.compile(_TABLE["paid"])
_COUNTING = _words_or("counting")
_NO_COUNT = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![.,]?\d)|#\d+"
    r"|(?<!\d)\d{1,4}+ (?:pages|seiten|páginas|pagine|pagina's|sid[aeo]r|sivua|stron|stran"
    r"|страниц|oldal)\b"
)
"""A year, the number of a thing, a book's pages: "for readers since 1994", "(#1184)"."""
_DISCLAIMING = _words_or("disclaiming")
_SPONSORS = re.compile(
    r"\W*+(?:(?:our|unsere|nos|nuestros|i nostri|os nossos|onze|våra|våre|vores|nasi|наши|naši) )?"
    rf"(?:{_TABLE['sponsors']})\W*+$"
)
_WRITERS = re.compile(rf"\W*+(?:{_TABLE['writers']})[ :：]")
_READING_TIME = re.compile(_TABLE["reading time"])
_BUTTON = re.compile(rf"\W*+(?:{_TABLE['button']})")
_ANSWER = _words_or("answer")
_TIMES = re.compile(
    r"\d (?:mal|keer|times|fois|veces|volte|vezes|gånger|ganger|gange|razy|krát|раза?|kertaa|kez)\b"
)
_ASKS = re.compile(r"[?？؟]['\"”’»)\]]{0,3} ?\w")
"""A question that is not the end: "Enjoying this? Become a friend"."""


CALLS: Final = (
    *("speaks", "names_act", "leads", "counts", "disclaims", "subscribes", "wants_answer"),
)
"""Those of `Ways` of which each is a call by itself."""


class Ways(NamedTuple):
    """In which ways a line is about its reader or its publisher, by its words alone."""

    speaks: bool
    """Of subscriptions, rights, addresses, authors."""
    names_act: bool
    """It is a button's label, a reading time, the heading of sponsors, when it was changed."""
    leads: bool
    """It begins as do lines that lead elsewhere, tell tags or share."""
    turns: bool
    names_page: bool
    counts: bool
    tells_times: bool
    """So many times."""
    offers: bool
    pays: bool
    asks_first: bool
    """A question, and more behind it."""
    disclaims: bool
    subscribes: bool
    wants_answer: bool
    names_site: bool
    is_condition: bool
    says_we: bool
    we_count: bool
    """It says "we" and how many."""
    exclaims: bool
    has_question: bool

    @property
    def appeal(self) -> Appeal:
        """How much that is."""
        leads = self.leads and not self.is_condition
        turns = self.turns or self.names_page
        counts = self.counts or (self.tells_times and turns)
        calls = self.speaks or self.names_act or leads or counts
        calls = calls or self.disclaims or self.subscribes or self.wants_answer
        if calls or turns + self.offers + self.pays + self.asks_first > 1:
            return Appeal.CALLS
        return Appeal.TURNS if turns or self.names_site else Appeal.NONE


def ways_of(block: Block, site: Sequence[str] = ()) -> Ways:
    """The ways of a recurring line; `site` is what the site is called, squashed."""
    text, words = block.text, block.words
    folded = text.lower()
    has_number = any(map(str.isdigit, folded))
    counts = has_number and any(map(str.isdigit, _NO_COUNT.sub(" ", folded)))
    says_we = not _WE.isdisjoint(words)
    said = "".join(words)
    return Ways(
        speaks=any(pattern.search(folded) for pattern in _SPEAKING)
        or _WRITERS.match(folded) is not None,
        names_act=bool(
            _SPONSORS.match(folded) or _READING_TIME.match(folded) or _BUTTON.match(folded)
        ),
        leads=any(pattern.match(folded) for pattern in _CALLING),
        turns=turns_to_reader(words, text),
        names_page=_names_page(words),
        counts=counts and (_COUNTING.search(folded) is not None or _counts_people(words)),
        tells_times=has_number and _TIMES.search(folded) is not None,
        offers=_OFFERING.search(folded) is not None,
        pays=any(pattern.search(folded) for pattern in (_PAID, MENTIONS["commission"])),
        asks_first=_ASKS.search(text) is not None,
        disclaims=_DISCLAIMING.search(folded) is not None,
        subscribes=_SUBSCRIBING.search(folded) is not None,
        wants_answer=_ANSWER.search(folded) is not None,
        names_site=any(name in said for name in site),
        is_condition=folded.startswith(_CONDITION),
        says_we=says_we,
        we_count=says_we and counts,
        exclaims="!" in text,
        has_question=any(sign in text for sign in QUESTION_ENDS),
    )


def tells_of_backers(block: Block) -> bool:
    """Whether a line says who pays for something."""
    return _BACKED.search(block.text.lower()) is not None


def tells_of_publication(block: Block) -> bool:
    """Whether a line is about what the site publishes: "The serial is written by hand"."""
    return any(map(_IS_PUBLISHED.match, block.words[:2]))


def turns_to_reader(words: Sequence[str], text: str) -> bool:
    """Whether a line says "you" or "our"."""
    said = set(words)
    if not said.isdisjoint(_READER) or speaks_for_publisher(text):
        return True
    if "du" in said and said.isdisjoint(_OF_FRENCH):
        return True
    is_unspaced = not text.isascii() and _UNSPACED.search(text)
    return bool(is_unspaced or _FORMAL.search(text))


def _counts_people(words: Sequence[str]) -> bool:
    """Whether a line says how many people have done something with this."""
    said = set(words)
    return not said.isdisjoint(_PEOPLE) and not said.isdisjoint(_THIS)


def _names_page(words: Sequence[str]) -> bool:
    """Whether a line says "this page", "this recipe"."""
    return any(one in _THIS and _IS_PUBLISHED.match(two) for one, two in pairwise(words))
