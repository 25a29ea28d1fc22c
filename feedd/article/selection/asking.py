"""Boxes in which a page asks its readers for an address, a reply, a vote, an opinion or a tip."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.lexicon import parted
from feedd.article.tree.blocks import Block, size_of
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS, raw_text, texts_in
from feedd.article.tree.markup import POST, named_groups
from feedd.article.tree.media import is_badge

ASKS: Final = "data-feedd-asks"
"""The attribute that `mark` gives small boxes: with a field for a mail address or a reply, a poll,
a question with buttons, or the button of a shop for apps."""
ASKING_MAX_WORDS: Final = 60
OFFER_MAX_WORDS: Final = 30
CHOICES_MIN: Final = 2
ASKED_MAX_WORDS: Final = 12
ASKED_MAX_CHARS: Final = 400
TOLD_MAX_WORDS: Final = 14
"""Of lines that say to log in, or that a thread is closed."""
UNSPACED_FROM: Final = "\u3000"
"""From this character on words stand without blanks."""
FORM_MIN_FIELDS: Final = 2
FIELDS_MAX: Final = 20
"""How many fields for a reply are looked at, and how many for an address."""
ASKING_MAX: Final = 200
"""How many boxes with buttons are looked at."""
_WRITTEN: Final = frozenset({"text", "email", "tel", "file", "date", "url"})
"""Fields that hold what a reader writes; those for numbers may be a calculator's."""
_BOXES: Final = frozenset({"form", "div", "section", "aside"})
_POLL = re.compile(
    r"(?:^|\s)(?:[\w-]{0,20}-)?polls?(?:-(?:box|widget|results?|\d+))?(?:$|\s)", re.I
).search
_TABLE: Final = lexicon.sections_of("asking.txt")
_LOGIN = re.compile(rf"(?i)(?:^|[/=_-])(?:{_TABLE['where one logs in']})(?:[/?#.&]|$)")
_ASKS_FOR_TIPS = re.compile(rf"(?i)\W*+(?:{_TABLE['asks for tips']})[^?]{{0,60}}\?")
_TIP = re.compile(r"(?i)\btips?\b").search
_OF_NEWSROOM = re.compile(rf"(?i)\b(?:{_TABLE['newsroom']})").search
_CHANNEL = re.compile(rf"(?i)\b(?:{_TABLE['channel']})\b|@").search
_CLOSED = re.compile(rf"(?i)\W*+(?:{_TABLE['closed']})\W*")
_CLOSING_BEGINS: Final = frozenset(parted(_TABLE["closed begins"]))
_UNSPACED_CLOSING: Final = parted(_TABLE["closed, without blanks"])
_ADDRESSED = re.compile(r"mail(?![a-z])", re.I).search


def mark(root: HtmlElement) -> None:
    """Mark boxes that ask the reader for something: the innermost box with words around each field
    for a mail address or a reply, around a poll's choices, around buttons that answer a question.
    Several polls are a quiz, and several questions a text: neither is marked.
    """
    found = defaultdict[str, list[HtmlElement]](list)
    for element in root.iter("input", "textarea", "button", "img"):
        found[element.tag].append(element)
    fields, buttons = found["input"], found["button"]
    choices = [field for field in fields if field.get("type") == "radio"]
    if len({choice.get("name") for choice in choices}) == 1:
        _mark_box(choices)
    for field in found["textarea"][:FIELDS_MAX]:
        _mark_box([field])
    for box in root.iter(*_BOXES):
        named = box.get("class")
        is_poll = named is not None and "oll" in named and _POLL(named)
        if is_poll and not raw_text(box).strip().endswith("."):  # which tells of one
            _mark_box([box])
    parents = dict.fromkeys(next(button.iterancestors()) for button in buttons)
    boxes = ((box, *islice(box.iterancestors(), 1)) for box in islice(parents, ASKING_MAX))
    asking = {box for around in boxes for box in islice(filter(_asks_by_buttons, around), 1)}
    for box in asking if len(asking) == 1 else ():
        box.set(ASKS, "")
    _mark_offer_of_app(found["img"])
    written = (f for f in fields if (f.get("type") or "text").lower() in _WRITTEN)
    forms = Counter(
        next(field.iterancestors("form"), None) for field in islice(written, ASKING_MAX)
    )
    for form, times in forms.items():
        if form is not None and times >= FORM_MIN_FIELDS:
            _mark_form(form)
    for field in islice(filter(_asks_for_address, fields), FIELDS_MAX):
        _mark_box([field])


def _mark_form(form: HtmlElement) -> None:
    """Mark a form with several fields to write in and few words: to apply, to book, to write."""
    said = size_of(raw_text(form))
    if said <= ASKING_MAX_WORDS and next(form.iter("pre", "table"), None) is None:
        form.set(ASKS, "")


def _mark_offer_of_app(images: Sequence[HtmlElement]) -> None:
    """Mark the one box of a few words with buttons of shops for apps, outside of the page's foot. A
    page with several such boxes is about apps.
    """
    badges = islice(filter(is_badge, images), FIELDS_MAX)
    found = {_box_with_words(image) for image in badges if _is_link_within(image)}
    for box in found if len(found) == 1 else ():
        if box is not None and next(box.iter("h1", "h2", "pre", "table"), None) is None:
            box.set(ASKS, "")


def _is_link_within(image: HtmlElement) -> bool:
    around = {element.tag for element in image.iterancestors()}
    return "a" in around and "footer" not in around


def _box_with_words(image: HtmlElement) -> HtmlElement | None:
    """The innermost box with words around a picture, if they are few."""
    boxes = (e for e in image.iterancestors() if e.tag in _BOXES)
    box = next((e for e in boxes if size_of(raw_text(e))), None)
    may = box is not None and size_of(raw_text(box)) <= OFFER_MAX_WORDS
    return box if may else None


def _asks_for_address(field: HtmlElement) -> bool:
    kind = field.get("type")
    return kind == "email" or (
        kind in (None, "text") and _ADDRESSED(field.get("name") or "") is not None
    )


def _asks_by_buttons(box: HtmlElement) -> bool:
    """Whether a box holds a short question and buttons to answer it: whether a page was of use."""
    buttons = list(islice(box.iter("button"), ASKED_MAX_CHARS))
    if len(buttons) < CHOICES_MIN or next(box.iter(*HEADINGS), None) is not None:
        return False
    said = ""
    for text in texts_in(box):
        said += text
        if len(said) >= ASKED_MAX_CHARS:
            return False
    for text in filter(None, map(raw_text, buttons)):
        before, _, after = said.rpartition(text)
        said = before + after
    asks = len(said.split()) <= ASKED_MAX_WORDS and said.strip().endswith(QUESTION_ENDS)
    around = (*box[:1], box, *islice(box.iterancestors(), 2)) if asks else ()
    return asks and not any(named_groups(e) & POST for e in around)  # a reader's question


def _mark_box(fields: Sequence[HtmlElement]) -> None:
    """Mark the innermost box with words around some fields; where that is a form with nothing but
    labels, the box around the form as well.
    """
    around = (fields[0], *fields[0].iterancestors())
    for box in (element for element in around if element.tag in _BOXES):
        said = size_of(raw_text(box))
        said -= sum(size_of(raw_text(e)) for e in box.iter("button", "option"))
        if said > ASKING_MAX_WORDS or next(box.iter("pre", "table", "h1"), None) is not None:
            return
        if said and (len(fields) == 1 or fields[-1] in box.iter("input")):
            box.set(ASKS, "")
            if box.tag != "form" or said > sum(size_of(raw_text(e)) for e in box.iter("label")):
                return


def asks_for_tips(line: str, box: str) -> bool:
    """Whether a line asks readers for a tip, or for what they know, in a box that names a channel.
    The police do so, too: who asks for no tip has to speak for a newsroom.
    """
    asked = _ASKS_FOR_TIPS.match(line) if "?" in line and _CHANNEL(box) else None
    is_own = asked and (_TIP(asked[0]) or _OF_NEWSROOM(box) or lexicon.speaks_for_publisher(box))
    return bool(is_own)


def asks_to_log_in(block: Block) -> bool:
    """Whether the two links of a short line lead to where one logs in or registers."""
    addresses = {link.get("href") or "" for link in block.element.iter("a")}
    return len(addresses) == 2 and all(map(_LOGIN.search, addresses))


def tells_of_closing(block: Block) -> bool:
    """Whether a line only says that a thread, or a question, takes no more replies."""
    may = block.words[:1] and block.words[0] in _CLOSING_BEGINS
    may = may or (
        block.text[-1] >= UNSPACED_FROM and any(map(block.text.__contains__, _UNSPACED_CLOSING))
    )
    return bool(may) and _CLOSED.fullmatch(block.text) is not None
