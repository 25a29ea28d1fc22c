"""Any page's tree to one shape: containers that hold only blocks, and blocks that hold only text.

Pages write paragraphs as `<p>`, as `<div>`, as text between two `<br>`, as cells of tables within
FONT tags. After `normalise` all of them are leaves of the tree: elements with text and inline
elements, no block inside. Whatever decides about blocks then need not know how a page was built.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree import data_tables
from feedd.article.tree.elements import (
    ATOMS,
    BLOCKS,
    HEADINGS,
    MEDIA,
    NEVER_TEXT,
    QUESTION_ENDS,
    flatten,
    keep_tail,
    put_after,
    raw_text,
    remove,
    text_of,
    unwrap,
)
from feedd.article.tree.media import drop_file_size, is_large, shows

HEADING_MAX_CHARS: Final = 300
"""A longer "heading" is a forgotten end tag."""

QUESTION_MIN_WORDS: Final = 5
"""Shorter questions on buttons are calls ("Need help?") or unfold nothing."""

LINE_MIN_WORDS: Final = 3
"""A box on a button that says more than what to do."""
TEXT_MIN_CHARS: Final = 30
"""A paragraph that a button unfolds."""
CAPTION_MAX_PARAGRAPHS: Final = 3
LINKED_MAX_PARAGRAPHS: Final = 3
"""Of a teaser that is one link."""

UNFOLDED: Final = "data-feedd-unfolded"
"""On what a button with a state of being unfolded stands above."""
LINK: Final = "data-feedd-href"
"""On a container that was one big link: where it led. Its blocks get links of their own."""


_MARK = re.compile(r"\s*+[¶#§🔗◆\u200b][\s¶#§🔗◆\u200b]*+")
"""What a link shows that leads to where it stands: a sign, or nothing."""
_TOOL = re.compile(r"\s*+(?:(?:\[\s*+)?edit\s*+\]?|permalink|link)\s*+")
_LEADS = re.compile(
    r"\s*+(?:top|(?:direct |perma)?link (?:to|for) [^\n]{1,90}|section titled [^\n]{1,90})", re.I
)
"""What such a link to a place of the page says where it is read aloud."""
_ANCHOR = re.compile(r"(?i)(?:head(?:er|ing)|hash|perma|anchor)[-_]?(?:link|anchor)").search
_SAYS_WHERE: Final = frozenset({"siteSub", "contentSub", "jump-to-nav"})
"""The lines of MediaWiki between a headline and its text."""
_EDITS = re.compile(r"edit-?section|viewcode", re.I).search
"""What headings carry for their own sake: links to themselves, their editing, their source."""

_NEVER_HEADING: Final = frozenset({"ul", "ol", "dl", "table", "pre", "blockquote"})
_RANK: Final = {str(rank): rank for rank in range(1, 7)}

_DRAWN: Final = frozenset({"span", "svg", "mjx-math"})
_HOLLOW: Final = NEVER_TEXT - {"dialog"}
_UNCLOSED: Final = frozenset(
    {"button", "canvas", "map", "noscript", "object", "optgroup", "option", "select", "svg"}
)
_SET: Final = frozenset({"font", "b", "strong", "big", "small", "i", "em", "img", "a"})
"""What the lines of a page without style sheets are set in."""
_WRAPS_RUNS_IN: Final = {"ul": "li", "ol": "li", "dl": "dd"}


def normalise(root: HtmlElement) -> set[HtmlElement]:
    """Bring a page's tree into the one shape, in place. Gives the containers that were links."""
    for part in list(root.iter("template")):
        if part.get("shadowrootmode") is not None:  # shown where it stands (HTML, 4.12.3)
            unwrap(part)
    for formula in list(root.iter("math")):
        _write_out(formula)
    _drop_hollow(root)
    _open_links(root)
    _open_captions(root)
    _part_lines(root)
    data_tables.dissolve(root)
    _take_roles(root)
    _flatten_headings(root)
    holders = _block_holders(root)
    inline = [element for element in holders if element.tag not in BLOCKS]
    leading = set(filter(_make_container, inline))
    for element in holders:
        if element.tag not in ATOMS and not data_tables.is_data_table(element):
            _wrap_runs(element)
    return leading


def _write_out(formula: HtmlElement) -> None:
    """MathML becomes its TeX source or its alternative text, unless a picture says it already. What
    is drawn beside it, and hidden from readers aloud, says it again.
    """
    holder = formula.getparent()
    if holder is None:
        return
    outer = holder.getparent()
    for near in (holder, outer):
        if near is not None and near.tag == "span" and any(i.get("alt") for i in near.iter("img")):
            remove(formula)
            return
    for beside in (e for near in (formula, holder) for e in (near.getprevious(), near.getnext())):
        if beside is not None and beside.tag in _DRAWN and beside.get("aria-hidden") == "true":
            remove(beside)
    source = formula.get("alttext") or ""
    for note in formula.iter("annotation"):
        if "tex" in (note.get("encoding") or "").lower() and note.text:
            source = note.text
    if not source:
        source = text_of(formula)
    tail, block = formula.tail, formula.get("display") == "block"
    formula[:] = []
    formula.attrib.clear()
    formula.tag, formula.text, formula.tail = "code", source.strip(), tail
    if block:
        formula.set("class", "language-tex")


def _drop_hollow(root: HtmlElement) -> None:
    """Elements without text of the page go, but for one that holds most of the page: it was never
    closed, as a browser would have done, or is what the page shows where no script runs.
    """
    for element in list(root.iter(*(_HOLLOW - _UNCLOSED))):
        remove(element)
    swallowed = [element for element in root.iter(*_UNCLOSED) if _holds_blocks(element)]
    if swallowed:
        body = root.find("body")
        words = len(raw_text(root if body is None else body).split())
        for element in swallowed:
            if 2 * len(raw_text(element).split()) > words:
                unwrap(element)
    for button in list(root.iter("button")):
        if button.get("aria-expanded") is not None:
            _mark_unfolded(button)
        shown = next((image for image in button.iter("img") if is_large(image)), None)
        if shown is not None:  # larger, when it is clicked
            keep_tail(shown)
            button.addprevious(shown)
        named = next(button.iterancestors("th", "dt", *HEADINGS), None)
        says = raw_text(button).strip()
        is_name = named is not None and raw_text(named).lstrip().startswith(says)
        unfolds = is_name or _asks(button) or _holds_lines(button) or _heads_text(button)
        if unfolds:  # or sorts
            unwrap(button)
    for element in list(root.iter("noscript", *(_HOLLOW & _UNCLOSED))):
        remove(element)


def _mark_unfolded(button: HtmlElement) -> None:
    """What stands right below a button, or below a box that holds nothing else."""
    box = button.getparent()
    is_all = box is not None and raw_text(box).split() == raw_text(button).split()
    for above in (button, box) if is_all else (button,):
        below = above.getnext()
        if below is not None:
            below.set(UNFOLDED, "")


def _heads_text(button: HtmlElement) -> bool:
    """Whether what a button unfolds is a paragraph, right below it."""
    below = button.getnext() if button.get("aria-expanded") is not None else None
    text = next(below.iter("p"), None) if below is not None else None
    return text is not None and len(raw_text(text)) >= TEXT_MIN_CHARS


def _asks(button: HtmlElement) -> bool:
    """Whether a button is a question, which unfolds its answer."""
    text = text_of(button)
    return text.endswith(QUESTION_ENDS) and (
        len(text.split()) >= QUESTION_MIN_WORDS or button.get("aria-expanded") is not None
    )


def _holds_lines(button: HtmlElement) -> bool:
    """Whether a button that unfolds something is a box of lines that name it."""
    lines = button.iter("div", "p") if button.get("aria-expanded") is not None else ()
    return any(len(raw_text(line).split()) >= LINE_MIN_WORDS for line in lines)


def _open_links(root: HtmlElement) -> None:
    """A link around several paragraphs was never closed. One that shows but a sign leads to where
    it stands. What one to a file says of that, below its picture, goes.
    """
    for link in list(root.iter("a")):
        href = link.get("href") or "#"
        if href[0] == "#" and _MARK.fullmatch(raw_text(link)):
            remove(link)
        elif len(link) > 1 or (len(link) and len(link[0])):
            if sum(1 for _ in link.iter("p")) > LINKED_MAX_PARAGRAPHS:
                unwrap(link)
            elif len(link) > 1 and shows(href):
                drop_file_size(link)


def _open_captions(root: HtmlElement) -> None:
    """A caption that goes on over several paragraphs was never closed."""
    for caption in list(root.iter("figcaption")):
        paragraphs = [child for child in caption if child.tag == "p"]
        if len(paragraphs) > CAPTION_MAX_PARAGRAPHS:
            figure = next(caption.iterancestors("figure"), caption)
            put_after(figure, caption[caption.index(paragraphs[0]) :])


def _holds_blocks(element: HtmlElement) -> bool:
    inside = element.iterdescendants("p", "div", "article", *HEADINGS) if len(element) else ()
    return next(iter(inside), None) is not None


def _part_lines(root: HtmlElement) -> None:
    """So that the text of an element has a blank where a reader sees a new line or cell."""
    for element in list(root.iter("br", "td", "th", "caption")):
        element.tail = "\n" + (element.tail or "")
        if element.tag == "br" and next(element.iterancestors("pre"), None) is not None:
            remove(element)


def _take_roles(root: HtmlElement) -> None:
    """Headings and lists written in other elements say so by roles (WAI-ARIA 1.2)."""
    for element in list(root.iter("div", "p", "span", "menu")):
        names = element.keys()
        role = element.get("role") if "role" in names else None
        if role == "heading":
            element.tag = f"h{_RANK.get(element.get('aria-level') or '', 2)}"
        elif role == "list" or element.tag == "menu":
            items = [each for each in element if each.tag == "li" or each.get("role") == "listitem"]
            is_text = not any(each.tag in BLOCKS for item in items for each in item)
            if element.tag == "menu" or (len(items) > 1 and is_text):  # others are cards
                element.tag = "ul" if items else "div"
                for item in items:
                    item.tag = "li"
        elif ("id" in names and element.get("id") in _SAYS_WHERE) or (
            "class" in names
            and ("dit" in (named := element.get("class")) or "viewcode" in named)
            and _EDITS(named)
        ):
            remove(element)


def _flatten_headings(root: HtmlElement) -> None:
    for heading in filter(len, list(root.iter(*HEADINGS))):
        for tool in list(heading.iterdescendants("a", "span")):
            said = raw_text(tool)
            leads = tool.tag == "a" and (tool.get("href") or "")[:1] == "#"
            leads = leads and (_LEADS.fullmatch(said) or _ANCHOR(tool.get("class") or ""))
            leads = leads and raw_text(heading).strip() != said.strip()
            if leads or _TOOL.fullmatch(said) or _MARK.fullmatch(said):
                remove(tool)
        for link in [a for a in heading.iterdescendants("a") if "#" in (a.get("href") or "#")]:
            unwrap(link)  # to the heading itself
        unclosed = [child for child in heading[:] if child.tag in _NEVER_HEADING]
        put_after(heading, unclosed)
        if any(child.tag in BLOCKS for child in heading.iterdescendants()):
            if len(raw_text(heading)) <= HEADING_MAX_CHARS:
                flatten(heading)
            else:
                heading.tag = "div"


def _block_holders(root: HtmlElement) -> list[HtmlElement]:
    """Elements with a block or a paragraph break somewhere inside, in document order."""
    holding: set[HtmlElement] = set()
    elements = list(root.iter())
    for element in elements:
        tag = element.tag
        if tag in BLOCKS or (tag == "br" and (_breaks_paragraph(element) or _parts_fonts(element))):
            parent = element.getparent()
        else:
            continue
        while parent is not None and parent not in holding:
            holding.add(parent)
            parent = parent.getparent()
    inside = {
        element
        for atom in root.iter("pre", "table")
        for element in atom.iterdescendants()
        if element.tag not in ATOMS and element.tag != "table"
    }
    return [e for e in elements if e in holding and e not in inside]


def _breaks_paragraph(br: HtmlElement) -> bool:
    """The second of two line breaks with nothing between them."""
    before = br.getprevious()
    return before is not None and before.tag == "br" and not (before.tail and before.tail.strip())


def _make_container(element: HtmlElement) -> bool:
    """Make an inline element a container; whether it was a link that led somewhere."""
    if "tooltip" in element.tag:
        remove(element)
        return False
    href = (element.get("href") or "") if element.tag == "a" else ""
    leads_to_itself = href[:1] == "#" and len(element) == 1 and element[0].tag in HEADINGS
    leads = href != "" and not leads_to_itself
    if leads:
        element.set(LINK, href)
    element.tag = "div"
    return leads


def _wrap_runs(container: HtmlElement) -> None:
    """Put each run of text beside blocks into a paragraph of its own."""
    if container.tag == "p":
        container.tag = "div"
    wrapper = _WRAPS_RUNS_IN.get(container.tag, "p")
    children = container[:]
    tags = [child.tag for child in children]
    breaks = set(filter(_ends_run, container.iterchildren("br"))) if "br" in tags else ()
    run: list[HtmlElement] = []
    text = container.text
    if text:
        container.text = None
    for child, tag in zip(children, tags, strict=True):
        if tag in BLOCKS or child in breaks:
            if run or (text and text.strip()):
                wrapped = _wrapped(text, run, container, wrapper)
                if wrapped is not None:
                    child.addprevious(wrapped)
            text, run = child.tail, []
            if text:
                child.tail = None
            if child in breaks:
                container.remove(child)
        else:
            run.append(child)
    if run or (text and text.strip()):
        wrapped = _wrapped(text, run, container, wrapper)
        if wrapped is not None:
            container.append(wrapped)


def _wrapped(
    text: str | None, run: list[HtmlElement], container: HtmlElement, tag: str
) -> HtmlElement | None:
    """An element of a run of text and inline elements; None for one that shows nothing."""
    wrapper = container.makeelement(tag)
    wrapper.text = text
    wrapper.extend(run)
    return wrapper if _holds_something(wrapper) else None


def _parts_fonts(br: HtmlElement) -> bool:
    """Whether the lines around a line break are set in a font each: headline and byline, say."""
    before, after = br.getprevious(), br.getnext()
    if before is None or after is None or before.tag not in _SET or after.tag not in _SET:
        return False
    is_bare = not (before.tail and before.tail.strip()) and not (br.tail and br.tail.strip())
    return is_bare and "font" in (before.tag, after.tag)


def _ends_run(br: HtmlElement) -> bool:
    """A line break next to another one or to a block separates paragraphs."""
    if _parts_fonts(br):
        return True
    after = br.getnext()
    if after is not None and not (br.tail and br.tail.strip()) and _parts(after):
        return True
    before = br.getprevious()
    return before is not None and not (before.tail and before.tail.strip()) and _parts(before)


def _parts(element: HtmlElement) -> bool:
    return element.tag == "br" or element.tag in BLOCKS


def _holds_something(run: HtmlElement) -> bool:
    if run.text and run.text.strip():
        return True
    for element in run.iterdescendants():
        if element.tag in MEDIA or (element.text and element.text.strip()):
            return True
        if element.tail and element.tail.strip():
            return True
    return False
