"""What form a line has: that of a label, a value, an item of a list, a salutation, a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from feedd.article.lexicon import STARTS, is_name, points_on
from feedd.article.sitememory import has_day
from feedd.article.sitememory.block_marks import PARTICLE_MAX_CHARS
from feedd.article.sitememory.subjects import BESIDE, PUBLISHING, subjects_in
from feedd.article.tree.blocks import STOPS, Block, words_of
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS

LABEL_MAX_WORDS: Final = 6
QUESTION_MAX_WORDS: Final = 20
VALUE_MAX_WORDS: Final = 8
SIGNED_MAX_WORDS: Final = 12
CLOSING_MAX_WORDS: Final = 3
"""Of the last line of a letter, or of what follows its last comma: "your old Jost"."""

_LISTED: Final = frozenset({"li", "dd", "table", "pre"})
_OPENING: Final = "[【〔《<〈「『"
_CLOSING: Final = "]】〕》>〉」』"
COMMAS: Final = ",，、"
_BEFORE_NAMES: Final = ",，、!–—―"
_BRACKETS: Final = "([（【"
_BRACKETS_CLOSED: Final = ")]）】"
_BARS: Final = "·|•"
_QUOTES: Final = '"“„«「『'
LONG_WORD_CHARS: Final = 8
LABELLED_MAX_WORDS: Final = 8
FACT_MAX_WORDS: Final = 14
FACTS_MIN: Final = 2
FACTS_MAX_WORDS: Final = 60
_LABELLED = re.compile(r"[^\W\d_][^:：.!?]{0,60}[:：]\s*(?=[^\s/])").match
_SIGN = re.compile(rf"[^\w\s'{_QUOTES}([【-]")
"""What begins a line that a sign sets apart: "* All names are changed"."""
_SENTENCE_END = re.compile(rf"(?<![{STOPS}])[{STOPS}]++(?:\s|$|(?<=[。！？]))")
_ADDRESS = re.compile(r"https?://|www\.|\w@\w|\w\.(?:example|com|org|net)\b")

WORDING: Final = (
    *("sentences", "words_a_sentence", "large_letters", "begins_with_sign", "in_brackets"),
    *("commas", "bars", "long_words", "quotes", "has_address"),
)
"""What `wording` tells, in this order."""


def wording(block: Block) -> list[float]:
    """How a line is written, whatever it says."""
    text, words = block.text, block.words
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    return [
        *(float(sentences), block.size / sentences),
        sum(map(str.isupper, text)) / (sum(map(str.isalpha, text)) or 1),
        float(_SIGN.match(text) is not None),
        float(text[0] in _BRACKETS and text[-1] in _BRACKETS_CLOSED),
        float(sum(map(text.count, COMMAS))),
        float(any(bar in text for bar in _BARS)),
        sum(len(word) >= LONG_WORD_CHARS for word in words) / (block.size or 1),
        float(any(quote in text for quote in _QUOTES)),
        float(_ADDRESS.search(text) is not None),
    ]


def label_end(text: str) -> int:
    """Where the label ends with which a line begins, behind its colon; 0 where it has none."""
    labelled = _LABELLED(text) if ":" in text or "：" in text else None
    is_short = labelled is not None and len(labelled[0].split()) <= LABELLED_MAX_WORDS
    return labelled.end() if labelled is not None and is_short else 0


def labelled(block: Block) -> list[float]:
    """Whether a line has a label and a value; how much of publishing the label speaks, and what the
    value is.
    """
    end = label_end(block.text)
    if not end:
        return [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    label, value = block.text[:end], block.text[end:]
    words, subjects = words_of(value), subjects_in(label)
    return [
        *(1.0, float((subjects & PUBLISHING).bit_count()), float(bool(subjects & BESIDE))),
        *(float(len(words)), float(value[:1].isdigit()), float(has_day(words))),
    ]


def tells_facts(block: Block) -> bool:
    """Whether a block is several lines of which most have a label and a value: "<b>Run 12</b><br>
    Route: Hull to Goole<br>Engine: 8F".
    """
    if block.size > FACTS_MAX_WORDS or block.element.find("br") is None:
        return False
    if block.text.count(":") + block.text.count("：") < FACTS_MIN:
        return False
    lines = [
        line for line in map(str.strip, "".join(_with_breaks(block.element)).split("\n")) if line
    ]
    labelled = sum(bool(label_end(line)) for line in lines)
    return labelled >= FACTS_MIN and 2 * labelled > len(lines)


def _with_breaks(element: HtmlElement) -> Iterator[str]:
    """The texts in an element, and "\\n" for each `<br>`."""
    yield (element.text or "").replace("\n", " ")
    for child in element:
        yield from "\n" if child.tag == "br" else _with_breaks(child)
        yield (child.tail or "").replace("\n", " ")


def is_value(block: Block) -> bool:
    """Whether a line is a name and a value, of what the text is about: "Stability: 2"."""
    name, colon, _ = block.text.partition(":")
    is_named = bool(colon) and " " not in name.rstrip()
    return block.size <= VALUE_MAX_WORDS and is_named and not is_credit(block)


def is_credit(block: Block) -> bool:
    """Whether a line begins as those do that say whose a picture is, or who wrote the text."""
    folded = block.text.lower()
    return any(STARTS[which].match(folded) for which in ("credit", "byline"))


def list_around(block: Block) -> tuple[HtmlElement, ...]:
    """The list of an item, be its words in a box of their own, or what holds a table; () of what is
    none."""
    if block.element.tag in _LISTED:
        return block.path[-1:]
    return block.path[-2:-1] if block.path[-1:] and block.path[-1].tag == "li" else ()


def is_label(block: Block) -> bool:
    """Whether a block is a heading, or reads like one: short and bold, in brackets or with a colon,
    or a question.
    """
    if block.element.tag in HEADINGS or block.element.tag == "dt":
        return True
    if block.text.endswith(QUESTION_ENDS):
        return block.size <= QUESTION_MAX_WORDS and block.element.tag not in _LISTED
    if block.size > LABEL_MAX_WORDS or block.text.endswith((".", "!")):
        return False
    return (
        block.text.endswith((":", "："))
        or (block.text[0] in _OPENING and block.text[-1] in _CLOSING)
        or (
            len(block.element) == 1
            and block.element[0].tag in ("b", "strong")
            and not (block.element.text or "").strip()
        )
    )


def is_bare_name(block: Block) -> bool:
    """Whether a line is the whole name of somebody: "Clara van Dyk"."""
    names = [
        word for word in block.text.split() if len(word) > PARTICLE_MAX_CHARS or not word.islower()
    ]
    return is_name(" ".join(names))


def is_signed(block: Block) -> bool:
    """Whether a short line ends, after a comma or dash, with a name: "Dust is bliss – your Jo"; or
    begins with the dashes that set a signature apart: "-- Jo".
    """
    if block.size > SIGNED_MAX_WORDS:
        return False
    end = max(map(block.text.rfind, _BEFORE_NAMES))
    *words, name = (block.text[end + 1 :].split() if end > 0 else []) or [""]
    is_name = name[:1].isupper() and name.isalpha()
    return block.text.startswith("-- ") or (is_name and len(words) < CLOSING_MAX_WORDS)


def is_signature(block: Block) -> bool:
    """Whether a block is a short line that ends with a comma, and a line or two more: "Ever
    yours,", and a name below.
    """
    if block.size > SIGNED_MAX_WORDS or block.link_chars or block.element.find("br") is None:
        return False
    first, *rest = [line for line in map(str.strip, block.element.itertext()) if line]
    is_short = all(len(line.split()) <= LABEL_MAX_WORDS for line in (first, *rest))
    has_number = any(map(str.isdigit, block.text))
    return bool(rest) and is_short and first[-1] in COMMAS and not has_number


def points(block: Block) -> bool:
    """Whether a line is a label that says to read on elsewhere: "Read also:"."""
    is_short = block.size <= LABEL_MAX_WORDS
    return is_short and (
        points_on(block.text) or STARTS["pointer"].match(block.text.lower()) is not None
    )


def holding(block: Block) -> HtmlElement:
    """The element that holds all the letters of a block: "<p><em>…</em></p>"."""
    element = block.element
    inner = element[0] if len(element) == 1 and not (element.text or "").strip() else element
    goes_on = inner is not element and (inner.tail or "").strip()
    return element if inner.tag == "a" or goes_on else inner


def is_small(element: HtmlElement) -> bool:
    """Whether an element is small print."""
    return element.tag == "small" or "font-size" in (element.get("style") or "")
