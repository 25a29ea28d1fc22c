"""Pictures with their captions, which may be marked by nothing but where they stand."""

from __future__ import annotations

import re
from itertools import islice, pairwise, takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.blocks import STOPS, is_all_bold
from feedd.article.tree.elements import (
    BLOCKS,
    HEADINGS,
    PAGE,
    holds_text,
    keep_tail,
    put_after,
    raw_text,
    remove,
    text_of,
    texts_in,
    unwrap,
)
from feedd.article.tree.markup import CAPTION, group_bits, groups_of
from feedd.article.tree.media import is_large, is_ornament, is_small, leads_away

CAPTION_MAX_CHARS: Final = 300
CAPTION_MAX_WORDS: Final = 22
CAPTION_MIN_WORDS: Final = 5
BESIDE_MIN_CHARS: Final = 200
"""Beside a picture with its caption there is text: else the line under it is the article."""
PICTURES_MIN: Final = 3
PARAGRAPHS_MIN: Final = 3
"""A caption has no more, of a line or two each."""
LEVELS_AROUND: Final = 3
"""How many boxes around a picture and its caption may hold the text beside them."""
AROUND_MAX: Final = 6
"""How many elements around a picture are looked at."""

_NOT_CAPTIONED: Final = HEADINGS | {"li", "pre", "td", "th", "table", "summary"}
_OUTERMOST: Final = frozenset(
    {"body", "html", "main", "article", "section", "ul", "ol", "table", "blockquote"}
)
_OF_OTHERS: Final = group_bits("byline", "related", "subscribe", "share")
"""A picture with a line in a box of these shows a writer, or another article."""
_NAMED = re.compile(
    r"caption|cut-?line|pic-?text|picinfo|img-?text|credit|legend"
    r"|(?:photo|image|img|media|gallery[-_]?item)[-_]{0,2}desc|(?:image|photo)[-_]{1,2}title|bild(?:text|unterschrift|zeile)"
    r"|bilde?tekst|billedtekst|kuvateksti|bijschrift|onderschrift|l[eé]gende|leyenda|legenda"
    r"|didascalia|pie-?(?:de-?)?foto|foto-?alt[iı]|resim-?alt[iı]",
    re.I,
)
"""Boxes of captions in English and the languages whose templates name them in their own."""
_SMALL = re.compile(r"font-size:\s*(?:small|x-small|smaller|[0-9]px|1[0-3]px|[78]\d%)", re.I)
_CENTRED = re.compile(r"text-align:\s*center|\b\w?_?center(?:ed)?\b", re.I)
_ENDS: Final = frozenset(f"{STOPS}:：")
_CLOSING: Final = "'\"”’»)]"


def mark_captioned(root: HtmlElement) -> None:
    """Turn what holds a picture and one short line, or a picture above a line that looks like a
    caption, into a figure. The tree is shaped: every line of text is an element of its own.
    """
    images = [e for e in root.iter("img", "video") if not (is_small(e) or is_ornament(e))]
    for image in images:
        figure = next(image.iterancestors("figure"), None)
        if figure is None:
            link = next(image.iterancestors("a"), None)
            if link is None or not (link.get("href") and leads_away(link)):
                _mark_picture(image)
        elif not _beginning(figure, 1):
            _take_line_below(figure, image)
        else:
            _say_once(figure)


def end_figures(root: HtmlElement) -> None:
    """A figure that holds paragraphs was never closed: it ends above the first. Nor was a button in
    it that holds them.
    """
    for figure in list(root.iter("figure")):
        _end_button(figure)
        if len(figure) <= PARAGRAPHS_MIN:
            continue
        texts = [e for e in figure if e.tag == "p" and _is_long(e)]
        if len(texts) >= PARAGRAPHS_MIN:
            put_after(figure, figure[figure.index(texts[0]) :])


def shows_advertisement(figure: HtmlElement) -> bool:
    """Whether the picture of a figure is an advertisement's, by where it leads."""
    links = (link for link in figure.iter("a") if link.get("href"))
    return any(next(link.iter("img"), None) is not None and leads_away(link) for link in links)


def _end_button(figure: HtmlElement) -> None:
    """Take away the boxes in a figure that hold paragraphs in a button, which holds none."""
    button = next(figure.iter("button"), None)
    paragraphs = () if button is None else filter(_is_long, button.iter("p"))
    texts = list(islice(paragraphs, PARAGRAPHS_MIN))
    if len(texts) == PARAGRAPHS_MIN:
        for box in list(takewhile(lambda e: e is not figure, texts[0].iterancestors())):
            unwrap(box)


def _is_long(paragraph: HtmlElement) -> bool:
    """Whether a paragraph is no caption."""
    return len(raw_text(paragraph)) > CAPTION_MIN_WORDS * 20


def _say_once(figure: HtmlElement) -> None:
    """A caption that stands there anew for phones goes; a name or a price may be said twice."""
    lines = [e for e in figure.iter("div", "p", "figcaption") if _is_line(e)]
    for one, two in pairwise(lines[:AROUND_MAX]):
        words = raw_text(one).split()
        if len(words) >= CAPTION_MIN_WORDS and words == raw_text(two).split():
            remove(one)


def _mark_picture(image: HtmlElement) -> None:
    box = image
    for _ in range(AROUND_MAX):
        around = box.getparent()
        if around is None or around.tag in _OUTERMOST or around.tag in _NOT_CAPTIONED:
            break
        beside = f"{around.text or ''}{box.tail or ''}"
        holds_more = len(around) > 1 or (beside and not beside.isspace())
        text = _beginning(around, CAPTION_MAX_CHARS + 1) if holds_more else ""
        if text.strip() and _is_line(around):
            _part_caption(around, image, text)
            return
        if text.strip():
            if _is_figure(around, text):
                around.tag = "figure"
                return
            break
        box = around
    _take_line_below(box, image)


def _is_figure(around: HtmlElement, text: str) -> bool:
    if len(text) > CAPTION_MAX_CHARS or len(text.split()) > CAPTION_MAX_WORDS:
        return False
    if sum(1 for _ in around.iter("img", "video")) != 1 or groups_of(around) & _OF_OTHERS:
        return False
    lines = [e for e in around.iter() if e.tag in BLOCKS and _is_line(e)]
    if len(lines) != 1 or lines[0] is around or lines[0].tag in _NOT_CAPTIONED:
        return False
    if _is_link(lines[0]) or _is_of_texts(around):
        return False
    is_named = _NAMED.search(lines[0].get("class") or "") is not None
    is_amid = _is_amid(around, text, LEVELS_AROUND if is_named else 1)
    return is_amid or (is_named and _is_one_of_many(around))


def _is_amid(box: HtmlElement, text: str, levels: int) -> bool:
    """Whether so many boxes around one hold more than its text."""
    least = len(text) + BESIDE_MIN_CHARS
    return any(len(_beginning(e, least)) >= least for e in islice(box.iterancestors(), levels))


def _is_one_of_many(box: HtmlElement) -> bool:
    """Whether boxes beside this one, called the same, hold a picture each, as in a gallery."""
    named = box.get("class")
    beside = [e for e in box.itersiblings() if named and e.get("class") == named]
    beside += [e for e in box.itersiblings(preceding=True) if named and e.get("class") == named]
    return sum(next(e.iter("img"), None) is not None for e in beside) >= PICTURES_MIN - 1


def _is_of_texts(box: HtmlElement) -> bool:
    """Whether a box beside this one, called the same, holds more than a caption: slides with what
    was said to each.
    """
    named = box.get("class")
    beside = (box.getprevious(), box.getnext()) if named else ()
    alike = [e for e in beside if e is not None and e.get("class") == named]
    return any(
        len(_beginning(e, CAPTION_MAX_CHARS).split()) > CAPTION_MAX_WORDS
        and next(e.iter("img", "video"), None) is not None
        for e in alike
    )


def _part_caption(line: HtmlElement, image: HtmlElement, text: str) -> None:
    """A line that holds a picture and, wholly in other letters, its caption."""
    said = " ".join(text.split())
    if (
        len(said) > CAPTION_MAX_CHARS
        or line.tag in _NOT_CAPTIONED
        or _is_link(line)
        or (line.text or "").strip()
        or not (_looks_like_caption(line, said, image) or _is_in_one(line, said, image))
    ):
        return
    figure = line.makeelement("figure")
    line.addprevious(figure)
    figure.tail, line.tail = line.tail, None
    keep_tail(image)
    figure.append(image)
    figure.append(line)
    if len(line) and line[0].tag == "br" and not (line.text or "").strip():
        remove(line[0])
    line.text = (line.text or "").lstrip()


def _is_in_one(line: HtmlElement, said: str, image: HtmlElement) -> bool:
    """Whether all that a box shows beside a photograph is one short element, amid more text."""
    if line.tag != "div" or not is_large(image) or groups_of(line) & _OF_OTHERS:
        return False
    return _is_amid(line, said, LEVELS_AROUND) and any(text_of(part) == said for part in line)


def _take_line_below(box: HtmlElement, image: HtmlElement) -> None:
    line = box.getnext()
    if box.tag not in BLOCKS or (box.tail or "").strip() or line is None or not _is_line(line):
        return
    text = " ".join(_beginning(line, CAPTION_MAX_CHARS + 1).split())
    if (
        len(text) > CAPTION_MAX_CHARS
        or len(text.split()) > CAPTION_MAX_WORDS
        or line.tag in _NOT_CAPTIONED
        or _is_link(line)
        or not (_looks_like_caption(line, text, image) or _is_centred_alone(box, line, text))
    ):
        return
    figure = box if box.tag == "figure" else box.makeelement("figure")
    if figure is not box:
        box.addprevious(figure)
        figure.append(box)
    figure.append(line)
    figure.tail, line.tail = line.tail, None


def _looks_like_caption(line: HtmlElement, text: str, image: HtmlElement) -> bool:
    if text and text == " ".join((image.get("alt") or "").split()):
        return True
    inner = line.iterdescendants()
    parts = [line, *(e for e in inner if " ".join(_beginning(e, len(text)).split()) == text)]
    if any(_NAMED.search(part.get("class") or "") for part in parts):
        return True
    if _ends_sentence(text):
        return False
    return any(
        part.tag in ("em", "i", "small")
        or (part.tag == "font" and (part.get("size") or "") in ("1", "2", "-1", "-2"))
        or _SMALL.search(part.get("style") or "")
        for part in parts
    )


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def _is_centred_alone(box: HtmlElement, line: HtmlElement, text: str) -> bool:
    """Whether a line is centred as the picture above it is, and as the line below it is not."""
    below = line.getnext()
    if _ends_sentence(text) or below is None or _is_centred(below):
        return False
    return _is_centred(box) and _is_centred(line) and not is_all_bold(line, text)


def _is_centred(element: HtmlElement) -> bool:
    return _CENTRED.search(f"{element.get('class')} {element.get('style')}") is not None


def _is_line(element: HtmlElement) -> bool:
    """A leaf of the shaped tree with text in it."""
    is_leaf = BLOCKS.isdisjoint([child.tag for child in element[:]])
    return is_leaf and raw_text(element).strip() != ""


def _is_link(line: HtmlElement) -> bool:
    linked = sum(len(raw_text(link).strip()) for link in line.iter("a"))
    return 2 * linked > len(raw_text(line).strip())


def _beginning(element: HtmlElement, chars: int) -> str:
    """An element's text, or the beginning of it: containers may hold the whole page."""
    if len(element) == 0:
        return element.text or ""
    parts: list[str] = []
    length = 0
    for text in texts_in(element):
        parts.append(text)
        length += len(text.strip())
        if length >= chars:
            break
    return "".join(parts)


def around_picture(top: HtmlElement) -> HtmlElement:
    """Where the picture at the headline may stand that is not in the box `top` of headline and
    text: beside that, or right above what is around it.
    """
    around = top.getparent()
    if top.tag not in PAGE and around is not None and around.tag not in PAGE:
        top = around
    before, around = top.getprevious(), top.getparent()
    is_below = around is not None and before is not None and _shows_picture(before)
    return around if is_below else top


def _shows_picture(element: HtmlElement) -> bool:
    """Whether an element is a large picture, or a box of one without words."""
    images = element.iter("img")
    large = next((i for i in images if is_large(i) or groups_of(i) & CAPTION), None)
    is_own = large is not None and next(large.iterancestors("aside"), None) is None
    return is_own and not holds_text(element)
