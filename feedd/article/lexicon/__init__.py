"""What lines of boilerplate say: how they begin, what they speak of, and labels.

In the languages that feeds are most often in. Some lines are no part of an article whatever
surrounds them: "Advertisement". The words stand in tables, which say at their head what they hold:
phrases or expressions, parted by bars, many of them below names in brackets (`sections_of`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Final

from feedd.article.tree.blocks import Block, words_of

_NAME = re.compile(r"\[([^][]+)\]").fullmatch
"""The name of a section of a table, in brackets."""
_BEGIN: Final = {"credit": r"\W*", "back": r"\W*", "bracketed": ""}
"""What may stand before the words of a group, where some of these are no letters."""
_WHOLE: Final = frozenset({"byline", "tags", "shout"})
"""Groups of which each expression ends a word."""
_KEYS_OF: Final = "keys of "


def lines_of(table: str) -> list[str]:
    """The lines of a table of this package, without remarks."""
    text = files("feedd.article.lexicon").joinpath(table).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and line[0] != "#"]


@cache
def sections_of(table: str) -> Mapping[str, str]:
    """The lines below each name in brackets of a table, parted by bars: an expression. A line that
    begins with blanks goes on with the one before it.
    """
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in lines_of(table):
        if name := _NAME(line):
            lines = sections[name[1]] = []
        elif line[0] == " ":
            lines[-1] += line.lstrip()
        else:
            lines.append(line)
    return {name: "|".join(lines) for name, lines in sections.items()}


def parted(section: str) -> tuple[str, ...]:
    """The words or phrases of a section."""
    return tuple(map(str.strip, section.split("|")))


def _begins(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The groups of a table by the letters with which one of their words begins."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, keys in table.items():
        if name.startswith(_KEYS_OF):
            for key in parted(keys):
                groups[key].append(name.removeprefix(_KEYS_OF))
    return {key: tuple(names) for key, names in groups.items()}


_STARTS: Final = sections_of("starts.txt")
_MENTIONS: Final = sections_of("mentions.txt")
STARTS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(_BEGIN.get(name, r"\W*+") + f"(?:{words})" + r"\b" * (name in _WHOLE))
    for name, words in _STARTS.items()
    if not name.startswith(_KEYS_OF)
}
"""How boilerplate begins, in lower case: to fold a text once is less work than to fold at each
comparison.
"""
MENTIONS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(words) for name, words in _MENTIONS.items() if not name.startswith(_KEYS_OF)
}
"""What boilerplate speaks of, in lower case; looked for in a block's first `MENTIONS_MAX_CHARS`."""
ADDRESS: Final = re.compile(r"(?<![\w.])[\w.]++@\w+\.\w+")
"""A mail address, which is a contact, too."""
_DATED: Final = re.compile(
    r"\d(?:\d?:\d\d|\d?[./-]\d\d?[./-](?:19|20)\d\d|(?:(?<=1)9|(?<=2)0)\d\d-\d\d-\d\d)"
)
"""A day or a time in digits: what is led by a digit is found in a third of the time."""
_DIGITS = re.compile(r"\d+")
MENTIONS_MAX_CHARS: Final = 160
_UNSPACED: Final = (
    *(("読者になる", "subscribe"), ("応援クリック", "subscribe")),
    *(("ランキングに参加", "subscribe"), ("©", "rights"), ("무단", "rights"), ("無断", "rights")),
    *(("会員登録", "subscribe"), ("有料会員", "subscribe"), ("購読", "subscribe")),
    *(("구독", "subscribe"), ("订阅", "subscribe"), ("訂閱", "subscribe")),
)
"""What of `MENTIONS` does not begin a word."""
LABEL_MAX_CHARS: Final = 60
LABEL_MAX_WORDS: Final = 8
UNSEEN: Final = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters that take no room: a line of them is not seen."""
TITLED_MAX_CHARS: Final = 200
"""Of a heading that names the article: “3 thoughts on “The bridge””."""


_TURKISH = re.compile("[ığ]").search


def _folded_phrases(table: str) -> frozenset[tuple[str, ...]]:
    """The folded words of each phrase of a table; of Turkish ones also those of their capitals."""
    lines = lines_of(table)
    lines += [line.replace("i", "İ").upper() for line in lines if _TURKISH(line)]
    return frozenset(words_of(phrase) for line in lines for phrase in line.split("|"))


_POINTERS: Final = _folded_phrases("pointers.txt")
_INVITATIONS: Final = _folded_phrases("invitations.txt")
OF_BOXES: Final = _folded_phrases("box_labels.txt")
"""Labels with which the small box goes that they begin, as folded words."""
SOURCES: Final = _folded_phrases("sources.txt")
"""What stands above a text's sources."""
INGREDIENTS: Final = _folded_phrases("ingredients.txt")
"""How the heading of a recipe's ingredients begins."""
PANELS: Final = _folded_phrases("panels.txt")
"""Labels in the box of a register on a package."""
_LABELS: Final = _folded_phrases("labels.txt") | _POINTERS | _INVITATIONS | OF_BOXES
_LABEL = re.compile(
    rf"[{UNSEEN}]+|\W*+(?:{'|'.join(lines_of('label_patterns.txt'))})\W*", re.IGNORECASE
)
_BARS = re.compile(r"\s[–—-]\s|\s?[|·•]\s?")
"""Between labels on one line: “Anzeige – Weiterlesen”."""
_TIME = re.compile(r"\d\d?\s?[:.時h]\s?\d\d(?:[:.]\d\d)?分?(?:\s?[ap]\.?m\.?)?(?:\s\w{1,4})?", re.I)
_TO_COMMENTS: Final = _folded_phrases("comments.txt") | _INVITATIONS
_TO_COMMENTS_MAX_WORDS: Final = max(map(len, _TO_COMMENTS))
_ONE: Final = frozenset((one,) for one in str.split("one a ein eine un une uno um"))
_TO_COMMENTS_ON = re.compile(
    r"\W*+(?:\d[\d,.]*+|one|a|eine?|une?|uno?|um) (?:comment[io]?s?|thoughts?|responses?"
    r"|repl(?:y|ies)|kommentare?|gedanken?|antwort(?:en)?|comentarios?|comentários?|commentaires?"
    r"|réponses?|réflexions?|reacties?|komentarz[ey]?|комментари\w) (?:on|to|zu|en|a|em|sur|à|su"
    r"|op|do|к) ?[“”\"«„‘'].*",
    re.IGNORECASE,
)
_BOARDS: Final = sections_of("posters.txt")
_OF_POSTERS: Final = frozenset(parted(_BOARDS["words"]))
"""Each match of `_POSTED` begins with one of these."""
_POSTED = re.compile(rf"\b(?:{_BOARDS['counts']})\b ?:? ?[\d\w]", re.IGNORECASE)
_PROFILE = re.compile(rf"\W*(?:{_BOARDS['profile']})(?:\W+[\d.,k/-]+)?\W*", re.IGNORECASE)

_KEEP_READING = re.compile(
    r"\bto keep reading\b|\bfree (?:articles?|stories|reads?) (?:left|remaining)"
    r"|\busando en otro dispositivo\b",
    re.IGNORECASE,
)
_WORDS: Final = sections_of("words.txt")
_NETWORK = re.compile(rf"\W*+(?:{_WORDS['networks']})\W*", re.IGNORECASE)
_OWN = re.compile(rf"\b(?:{_WORDS['own']})\b", re.IGNORECASE)


LANGUAGES: Final = frozenset(parted(_WORDS["of programs"]))
"""What stands above a listing on its own."""


def is_label(text: str, words: tuple[str, ...] | None = None) -> bool:
    """Whether a whole line is a label of what is no text: an advertisement, a button, a box. Its
    folded `words` are not looked for anew where they are known.
    """
    if len(text) > LABEL_MAX_CHARS:
        return False
    said = words_of(text) if words is None else words
    if said in _LABELS or _LABEL.fullmatch(text) is not None:
        return True
    parts = [words_of(part) for part in _BARS.split(text)]
    return len(parts) > 1 and any(parts) and all(part in _LABELS or not part for part in parts)


def points_on(text: str) -> bool:
    """Whether a whole line says that one may read on elsewhere: "Read also:", in most languages."""
    return len(text) <= LABEL_MAX_CHARS and words_of(text) in _POINTERS


def is_time(text: str) -> bool:
    """Whether a whole line is a time of day."""
    return text[:1].isdigit() and _TIME.fullmatch(text) is not None


def opens_comments(block: Block) -> bool:
    """Whether a whole line is the heading of what readers wrote."""
    text, words = block.text, block.words
    if len(words) <= _TO_COMMENTS_MAX_WORDS and words in _TO_COMMENTS:
        return True
    has_number = text[0].isdigit() or text[-1].isdigit() or text[-2:-1].isdigit()
    if len(text) > TITLED_MAX_CHARS or not (has_number or words[:1] in _ONE):
        return False
    return (
        words_of(_DIGITS.sub(" ", text)) in _TO_COMMENTS
        or _TO_COMMENTS_ON.fullmatch(text) is not None
    )


def is_name(text: str) -> bool:
    """Two to four words, each with a capital, and nothing else."""
    words = text.split()
    return 2 <= len(words) <= 4 and all(
        word[0].isupper() and word.strip(".").replace("-", "").replace("’", "").isalpha()
        for word in words
    )


def is_network(text: str) -> bool:
    """Whether a whole text is the name of a network where one shares or follows."""
    return _NETWORK.fullmatch(text) is not None


def counts_free_articles(text: str) -> bool:
    """Whether a line says how many articles are free, or what to do to read on."""
    return _KEEP_READING.search(text) is not None


def speaks_for_publisher(text: str) -> bool:
    """Whether a text says "we" or "our"."""
    return _OWN.search(text) is not None


def tells_of_poster(text: str, words: Sequence[str]) -> bool:
    """Whether a line says since when somebody is on a board, and how much they have posted."""
    if _PROFILE.fullmatch(text):
        return True
    may = sum(map(_OF_POSTERS.__contains__, words)) > 1
    return may and len(_POSTED.findall(text)) > 1


def is_latin(text: str) -> bool:
    """Whether most letters are of Latin scripts; what is told in another tells nothing of it."""
    letters = "".join(filter(str.isalpha, text))
    return sum(letter < "\u0250" for letter in letters) * 2 > len(letters)


_STARTING: Final = _begins(_STARTS)
_MENTIONED: Final = _begins(_MENTIONS)
_MENTION_BEGINS: Final = frozenset(_MENTIONED)
_FIVE_LETTERS: Final = itemgetter(slice(5))
_NOTHING: Final[frozenset[str]] = frozenset()
_KEYED_MAX_WORDS: Final = 60


def groups_said(text: str, words: Sequence[str]) -> frozenset[str]:
    """The groups of `STARTS` and `MENTIONS` that a text is of; `words` are its folded words.

    A look at the first letters of words spares most expressions: they take most of the time.
    """
    begin = text[:MENTIONS_MAX_CHARS].lower()
    said = []
    first = words[0] if words else ""
    if first[:1].isdigit():  # "12 comments", "12comments"
        first = _DIGITS.sub("", first, 1) or (words[1] if len(words) > 1 else "")
    starting = _STARTING.get(first[:2], ())
    if not begin[:1].isalnum():
        starting = (*starting, "credit", "back", "bracketed")
    for name in starting:
        if STARTS[name].match(begin):
            said.append(name)
    keys = _MENTION_BEGINS.intersection(map(_FIVE_LETTERS, words[:_KEYED_MAX_WORDS]))
    wanted = _NOTHING.union(*map(_MENTIONED.__getitem__, keys))
    is_ascii = begin.isascii()
    if not is_ascii:
        wanted = wanted.union(name for sign, name in _UNSPACED if sign in begin)
    if "@" in begin and ADDRESS.search(begin):
        said.append("contact")
    may_tell = not is_ascii or any(map(begin.__contains__, "0123456789"))
    if may_tell and _DATED.search(begin):
        said.append("dated")
    if " ago" in begin or " read" in begin:  # whatever follows without a blank
        wanted |= {"dated"}
    if "<" in begin or "[" in begin or "{" in begin or "&" in begin or "javascript" in begin:
        wanted |= {"script"}
    if wanted:
        said += [name for name in wanted if MENTIONS[name].search(begin)]
    return frozenset(said) if said else _NOTHING


class Said(dict[int, frozenset[str]]):
    """The groups that blocks are of, by their numbers: read when it is asked, and of the `unasked`
    not at all.
    """

    def __init__(self, blocks: Sequence[Block], *, unasked: Iterable[int]) -> None:
        super().__init__(dict.fromkeys(unasked, _NOTHING))
        self._blocks = blocks

    def __missing__(self, number: int) -> frozenset[str]:
        said = self[number] = groups_said(self._blocks[number].text, self._blocks[number].words)
        return said

    def __repr__(self) -> str:
        return repr([said for _, said in sorted(self.items())])
