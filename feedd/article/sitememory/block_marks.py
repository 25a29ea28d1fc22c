"""By which marks a block is known again on other pages, though numbers, days and names change."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from feedd.article.lexicon import STARTS
from feedd.article.sitememory import fingerprint, undated
from feedd.article.sitememory.subjects import points_beside
from feedd.article.tree.blocks import STOPS, Block, words_of, written_words
from feedd.article.tree.elements import HEADINGS, text_of

LASTING_MAX_WORDS: Final = 40
"""In a longer text names are no blanks of a form."""
PARTICLE_MAX_CHARS: Final = 3
INITIAL_MAX_CHARS: Final = 2
"""A stop after so few letters ends no sentence: "M. Doyle"."""
_NAMED: Final = HEADINGS | {"li", "dd", "dt", "table", "pre"}
_OF_GERMAN: Final = frozenset(
    str.split(
        "der die das den dem des ein eine und ist wird nicht alle jede jeder jedes diese dieser"
        " dieses keine im am zum zur vom mit von für nach aus auf in an"
    )
)
_OF_WRITERS: Final = (
    *("text", "tekst", "testo", "autor", "auteur", "forfatter", "författare", "kirjoittaja"),
    *("szerző", "yazar", "napsal", "skriv", "geschr", "gepost", "opublik", "pubbl", "escrit"),
)
"""So begin labels of who wrote a text."""
LABELLED_MAX_WORDS: Final = 3
MARK_MAX_WORDS: Final = 4
FRAME_MIN_WORDS: Final = 4
"""Fewer around a title say nothing: "he said"."""
QUOTED_MAX_SHARE: Final = 0.6
TITLE_MAX_CHARS: Final = 60
_COLONS: Final = (":", "：")
_STOP = re.compile(rf"[{STOPS}]")
_QUOTES: Final = frozenset('"“„«»「『')
_QUOTED = re.compile(r'["“„«»「『][^"“”„«»」』]{2,120}["“”«»」』]')


def marks(block: Block) -> tuple[int, ...]:
    """The fingerprints by which a block is known to recur: of what stays when numbers, days and
    names change, and, where there are such, of all its words.
    """
    exact = fingerprint(block.words, exact=True)
    if block.element.tag in ("table", "pre") or _is_mark(block.words):
        return (exact,)
    left = _lasting(block)
    return (exact,) if left is block.words else (fingerprint(left, exact=True), exact)


def _lasting(block: Block) -> Sequence[str]:
    """A line's words without numbers, days, names, which capitals show, and titles that it links to
    or quotes, if more than one is left. In headings and items capitals and names say what they are
    about.
    """
    if block.element.tag in _NAMED or block.size > LASTING_MAX_WORDS:
        return undated(block.words)
    text = _frame(block)
    whole = block.words if text is block.text else words_of(text)
    said, named = capitals(text)
    if True not in named or _is_labelled(block.text):
        return undated(whole)
    for at in range(1, len(said) - 1):  # "Anneke de Wit"
        if named[at - 1] and len(said[at]) <= PARTICLE_MAX_CHARS and said[at + 1][0].isupper():
            named[at] = not said[at].isdigit()
    names = {at for at, is_name in enumerate(named) if is_name}
    left = undated(whole, names)
    return left if len(left) > 1 else undated(whole)


def _is_labelled(text: str) -> bool:
    """Whether a line begins with a short label, and what it names is what it says: "The case: Kaye
    v Penn (2026)". Of who wrote it, and whose its pictures are, it says so as well, and often when.
    """
    label, colon, named = text.partition(":")
    told, _, _ = named.partition("(")
    if not colon or len(words_of(label)) > LABELLED_MAX_WORDS or any(map(str.isdigit, told)):
        return False
    folded = text.lower()
    if folded.startswith(_OF_WRITERS):
        return False
    return not any(STARTS[which].match(folded) for which in ("credit", "byline", "tags"))


def _is_mark(words: Sequence[str]) -> bool:
    """Whether a line is so much of so much: "4 out of 5"."""
    ends = {words[0].isdigit(), words[-1].isdigit()} if words else {False}
    return 2 < len(words) <= MARK_MAX_WORDS and ends == {True}


def _frame(block: Block) -> str:
    """A line's text without the titles that it links to, quotes or names after a colon, where
    enough of it is left, or a label: "Next: " and a link. What somebody said is no title: it
    begins the line, or is most of it.
    """
    text, least = block.text, FRAME_MIN_WORDS
    if 0 < block.link_chars < len(text):
        for link in block.element.iter("a"):
            text = text.replace(text_of(link), " ", 1)
        if text.rstrip().endswith(_COLONS):
            return text
    if not _QUOTES.isdisjoint(text):
        left = _QUOTED.sub(" ", text)
        if text[0] not in _QUOTES and ":" not in text and len(left) > QUOTED_MAX_SHARE * len(text):
            text = left
    elif text.count(":") + text.count("：") == 1:
        before, _, title = text.replace("：", ":").partition(":")  # "In the next test: pans"
        is_short = bool(title.strip()) and len(words_of(before)) < FRAME_MIN_WORDS
        if len(title) <= TITLE_MAX_CHARS:
            stands = is_short and (points_beside(before) or STARTS["tags"].match(text.lower()))
            if stands or text[-1] not in ".!?":
                least = 1 if stands else FRAME_MIN_WORDS
                text = before
    if text is block.text:
        return text
    return text if len(words_of(text)) >= least else block.text


def capitals(text: str) -> tuple[list[str], list[bool]]:
    """A line's words, and which are names by their capitals: not those that begin a sentence,
    unless the next word has one, too.
    """
    said = written_words(text)
    named = [word[0].isupper() for word in said]
    begins, at = [0], 0
    if _STOP.search(text, 0, len(text) - 2):
        for sentence in _STOP.split(text)[:-1]:
            at += len(written_words(sentence))
            if at and len(said[at - 1]) > INITIAL_MAX_CHARS:
                begins.append(at)
    if text.count(":") > 1:  # "Words: Ann Brook. Pictures: Piet de Wit"
        labels = {word for part in text.split(":")[:-1] for word in written_words(part)[-1:]}
        named = [is_name and word not in labels for word, is_name in zip(said, named, strict=True)]
    for at in begins:
        if named[at : at + 2] != [True, True]:
            named[at : at + 1] = [False] * len(named[at : at + 1])
    return said, named


def names_somebody(block: Block) -> bool:
    """Whether a line names somebody or something."""
    _, places = _named(block)
    return bool(places)


def names_in_a_row(block: Block, known: Set[str]) -> bool:
    """Whether two names of which none is a `known` word follow each other."""
    said, places = _named(block)
    strange = {at for at in places if said[at].lower() not in known}
    is_german = not _OF_GERMAN.isdisjoint(block.words)
    return any(at + 1 in strange or is_german for at in strange)


def _named(block: Block) -> tuple[list[str], list[int]]:
    """A line's words, and the places of those that name somebody or something: capitals within it
    show it; in German only two in a row.
    """
    said, named = capitals(block.text)
    places = [at for at, is_name in enumerate(named) if is_name and len(said[at]) > 1]
    if not _OF_GERMAN.isdisjoint(block.words):
        places = [
            at
            for at in places
            if at and said[at - 1][0].isupper() and said[at - 1].lower() not in _OF_GERMAN
        ]
    return said, places
