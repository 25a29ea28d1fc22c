"""What is to be known about a block before deciding whether it is part of the article.

A row of numbers by name for each block: of the block itself, of the containers around it, of the
blocks beside it, and of the page. What a row does not name is 0.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedd.article import structured
from feedd.article.blocks import WORD, Block
from feedd.article.lexicon import CLASS_WORDS, FUNCTION_WORDS, MENTIONS, MENTIONS_MAX_CHARS, STARTS
from feedd.article.pagehead import PageHead
from feedd.article.tree import HEADINGS

Row = dict[str, float]

PROSE_MIN_WORDS: Final = 12
PROSE_LINKS_MAX_SHARE: Final = 0.35
LONG_MIN_WORDS: Final = 30
BEGINNING_CHARS: Final = 500
LOOKALIKES_MAX: Final = 200
"""Of more containers of one make the text is not added up."""

_SENTENCE_END = re.compile(r"[.!?…。！？:;]['\"”’»)\]]*$")
_STOP = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")
_QUOTED = re.compile(r"^\W*[\"“«„'‘]")
_CLASS_SEPARATORS = re.compile(r"[_\s]+|(?<=[a-z])(?=[A-Z])")

_ANCESTORS: Final = {
    "li": "list", "ul": "list", "ol": "list", "dl": "list", "aside": "aside", "nav": "nav",
    "footer": "footer", "form": "form", "header": "header", "figure": "figure",
    "figcaption": "figure", "blockquote": "quote", "table": "table", "article": "article",
    "main": "main", "section": "section", "details": "details",
}  # fmt: skip
_ROLES: Final = {
    "main": "main", "article": "article", "navigation": "nav", "contentinfo": "footer",
    "complementary": "aside", "banner": "header", "search": "form", "dialog": "dialog",
    "menu": "nav", "menubar": "nav", "tablist": "nav",
}  # fmt: skip
_DECLARED_KINDS: Final = ("article", "forum", "answers", "product", "listing")
_CONTAINERS: Final = (("parent", 1), ("grand", 2), ("great", 3), ("fourth", 4))


class _Container:
    """What is added up over the blocks in one element."""

    __slots__ = ("blocks", "links", "prose", "words")

    def __init__(self) -> None:
        self.blocks = 0
        self.words = 0
        self.prose = 0.0
        self.links = 0.0

    def add(self, block: Block, prose: float) -> None:
        self.blocks += 1
        self.words += block.size
        self.prose += prose
        self.links += block.link_density * block.size


class PageFeatures:
    """The rows of a page's blocks; `rows[n]` is that of `blocks[n]`."""

    def __init__(
        self, blocks: Sequence[Block], *, head: PageHead, titles: Sequence[str], url: str
    ) -> None:
        self.blocks = blocks
        self.headline: int | None = None
        self._class_groups: dict[str, frozenset[str]] = {"": frozenset()}
        self._element_groups: dict[HtmlElement, frozenset[str]] = {}
        self._contexts: dict[HtmlElement, Row] = {}
        self._titles = [set(WORD.findall(title.lower())) for title in titles[:4]]
        self._titles = [words for words in self._titles if words]
        self._summary = set(WORD.findall(head.description.lower()))
        self._texts = Counter(block.words for block in blocks)
        self._prose = [_prose(block) for block in blocks]
        self._total_prose = sum(self._prose) or 1.0
        self._declared = structured.shares_declared(
            [block.words for block in blocks], head.body_text
        )
        self._add_up()
        self._page = self._of_page(head, url)
        self.rows = [self._own(number) for number in range(len(blocks))]
        for number in range(len(blocks)):
            self._look_beside(number)

    def _add_up(self) -> None:
        self._containers: defaultdict[HtmlElement, _Container] = defaultdict(_Container)
        self._kin: defaultdict[tuple[str, ...], _Container] = defaultdict(_Container)
        self._lookalikes: defaultdict[tuple[str, str], set[HtmlElement]] = defaultdict(set)
        self._signatures = [_signature(block) for block in self.blocks]
        for block, prose, kin in zip(self.blocks, self._prose, self._signatures, strict=True):
            for element in block.path:
                self._containers[element].add(block, prose)
            self._kin[kin].add(block, prose)
            for element in block.path[-3:]:
                self._lookalikes[make(element)].add(element)

    def _of_page(self, head: PageHead, url: str) -> Row:
        """What all of its blocks share."""
        blocks, count = self.blocks, len(self.blocks) or 1
        words = sum(block.size for block in blocks) or 1
        self.headline = self._find_headline()
        path = urlsplit(url).path.strip("/")
        row = {
            "page_words": math.log1p(words),
            "page_blocks": math.log1p(count),
            "page_links": sum(block.link_density * block.size for block in blocks) / words,
            "page_prose": self._total_prose / words,
            "page_items": sum(block.element.tag == "li" for block in blocks) / count,
            "page_code": min(sum(block.element.tag == "pre" for block in blocks), 20),
            "page_headings": sum(block.element.tag in HEADINGS for block in blocks) / count,
            "page_long": sum(
                block.size >= LONG_MIN_WORDS and block.link_density < 0.3 for block in blocks
            ),
            "page_comments": sum(
                "comment" in self._classes(element) for b in blocks for element in b.path[-3:]
            )
            / count,
            "page_headline": -1.0 if self.headline is None else self.headline / count,
            "page_declared": float(self._declared is not None),
            "page_depth": path.count("/") + bool(path),
            "page_slug": path.rsplit("/", 1)[-1].count("-"),
        }
        return row | {f"page_is_{kind}": float(kind in head.kinds) for kind in _DECLARED_KINDS}

    def _find_headline(self) -> int | None:
        """The number of the block that says the title, a heading rather than another."""
        found, best = None, 0.55
        for number, block in enumerate(self.blocks):
            if block.words and block.size < 40:
                likeness = self._titled(block)
                if block.element.tag in HEADINGS:
                    likeness += 0.25 if block.element.tag == "h1" else 0.1
                if likeness > best + 0.01:
                    found, best = number, likeness
        return found

    def _titled(self, block: Block) -> float:
        words = set(block.words)
        return max((_likeness(words, title) for title in self._titles), default=0.0)

    def _classes(self, element: HtmlElement) -> frozenset[str]:
        """The groups of words in an element's class and id."""
        known = self._element_groups.get(element)
        if known is None:
            name = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
            known = self._class_groups.get(name)
            if known is None:
                folded = _CLASS_SEPARATORS.sub("-", name[:200]).lower()
                known = frozenset(
                    group for group, words in CLASS_WORDS.items() if words.search(folded)
                )
                self._class_groups[name] = known
            self._element_groups[element] = known
        return known

    def _own(self, number: int) -> Row:
        block = self.blocks[number]
        text, words, size, element = block.text, block.words, block.size, block.element
        row = self._page | self._context(block)
        begin = text[:BEGINNING_CHARS]
        capitalised = text[:300].split()
        row["size"] = size
        row["links"] = block.link_density
        row["sentence"] = float(bool(_SENTENCE_END.search(text)))
        row["stop"] = float(bool(_STOP.search(text)))
        row["commas"] = text.count(",") + text.count("、") + text.count("，")
        row["quoted"] = float(bool(_QUOTED.match(text)))
        row["shouted"] = float(size > 1 and text.upper() == text and text.lower() != text)
        row["digits"] = sum(map(str.isdigit, begin)) / (len(begin) or 1)
        row["function_words"] = sum(word in FUNCTION_WORDS for word in words[:60]) / (
            min(len(words), 60) or 1
        )
        row["capitalised"] = sum(word[0].isupper() for word in capitalised) / (
            len(capitalised) or 1
        )
        row["declared"] = self._declared[number] if self._declared else 0.0
        row["repeated"] = self._texts[words] - 1
        row["caption"] = float(block.is_caption)
        row["after_media"] = float(block.media_before)
        tag = element.tag
        if tag in HEADINGS:
            row["heading"] = float(tag[1])
        else:
            row[f"tag_{'li' if tag in ('dd', 'dt') else tag}"] = 1.0
        for group in self._classes(element):
            row[f"class_own_{group}"] = 1.0
        mentioned = text[:MENTIONS_MAX_CHARS]
        for name, pattern in STARTS.items():
            if pattern.match(mentioned):
                row[f"says_{name}"] = 1.0
        for name, pattern in MENTIONS.items():
            if pattern.search(mentioned):
                row[f"says_{name}"] = 1.0
        if len(element):
            row["slanted"] = _share_in(block, "em", "i")
            row["bold"] = _share_in(block, "strong", "b")
        if words:
            row["title"] = self._titled(block)
            if size > 3 and self._summary:
                row["summary"] = _likeness(set(words), self._summary)
        kin = self._kin[self._signatures[number]]
        row["kin_prose"] = kin.prose / self._total_prose
        row["kin_share"] = kin.prose / (kin.words or 1)
        row["kin_links"] = kin.links / (kin.words or 1)
        row["kin_blocks"] = kin.blocks
        row["kin_size"] = kin.words / kin.blocks
        row["place"] = number / len(self.blocks)
        row["from_headline"] = -999.0 if self.headline is None else number - self.headline
        return row

    def _context(self, block: Block) -> Row:
        """What the containers around a block are; the same for all blocks in them."""
        if not block.path:
            return {}
        known = self._contexts.get(block.path[-1])
        if known is None:
            known = self._contexts[block.path[-1]] = self._of_containers(block.path)
        return known

    def _of_containers(self, path: tuple[HtmlElement, ...]) -> Row:
        row: Row = defaultdict(float)
        row["depth"] = len(path)
        row["half_up"] = row["most_up"] = -1.0
        for up, element in enumerate(reversed(path)):
            name = _ANCESTORS.get(element.tag)
            if name:
                row[f"in_{name}"] += 1
            role = _ROLES.get(element.get("role") or "")
            if role:
                row[f"in_{role}"] += 1
            _read_microdata(element, row)
            if _is_hidden(element):
                row["hidden"] = 1.0
            near = "near" if up < 2 else "mid" if up < 5 else "far"
            for group in self._classes(element):
                row[f"class_{near}_{group}"] = 1.0
            held = self._containers[element]
            if row["half_up"] < 0 and held.prose >= 0.5 * self._total_prose:
                row["half_up"] = up
                row["half_links"] = held.links / (held.words or 1)
                row["half_words"] = held.words
            if row["most_up"] < 0 and held.prose >= 0.8 * self._total_prose:
                row["most_up"] = up
        for name, up in _CONTAINERS:
            if len(path) < up:
                break
            held = self._containers[path[-up]]
            row[f"{name}_prose"] = held.prose / self._total_prose
            row[f"{name}_links"] = held.links / (held.words or 1)
            row[f"{name}_share"] = held.prose / (held.words or 1)
            row[f"{name}_blocks"] = held.blocks
            row[f"{name}_words"] = held.words
            alike = self._lookalikes.get(make(path[-up]), ())
            row[f"{name}_alike"] = len(alike)
            if len(alike) < LOOKALIKES_MAX:
                prose = sum(self._containers[each].prose for each in alike)
                row[f"{name}_alike_prose"] = prose / self._total_prose
        return dict(row)

    def _look_beside(self, number: int) -> None:
        row, block = self.rows[number], self.blocks[number]
        for name, step in (("before", -1), ("after", 1), ("before2", -2), ("after2", 2)):
            other = number + step
            if not 0 <= other < len(self.blocks):
                row[f"{name}_none"] = 1.0
                continue
            near = self.blocks[other]
            row[f"{name}_links"] = near.link_density
            row[f"{name}_size"] = near.size
            row[f"{name}_heading"] = float(near.element.tag in HEADINGS)
            row[f"{name}_beside"] = float(block.path == near.path)
            row[f"{name}_prose"] = self._prose[other]
            row[f"{name}_kin"] = float(self._signatures[number] == self._signatures[other])


def _signature(block: Block) -> tuple[str, ...]:
    """Blocks of one make are written alike and stand in containers written alike."""
    parent = make(block.path[-1]) if block.path else ("", "")
    return (*make(block.element), *parent)


def make(element: HtmlElement) -> tuple[str, str]:
    """An element's tag and class."""
    return element.tag, element.get("class") or ""


def _is_hidden(element: HtmlElement) -> bool:
    """Whether an element says itself that it is not shown."""
    style = element.get("style")
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or (style is not None and "display:none" in style.replace(" ", "").lower())
    )


def _read_microdata(element: HtmlElement, row: Row) -> None:
    named = element.get("itemprop")
    if named:
        named = named.lower()
        if "body" in named or named in ("text", "description"):
            row["in_text_property"] = 1.0
        elif named in ("comment", "author", "review"):
            row[f"in_{named}_property"] = 1.0
    kind = element.get("itemtype")
    if kind:
        if "Comment" in kind:
            row["in_comment_type"] = 1.0
        elif "Answer" in kind or "Question" in kind:
            row["in_answer_type"] = 1.0
        elif "Article" in kind or "Posting" in kind:
            row["in_article_type"] = 1.0


def _prose(block: Block) -> float:
    """How many words of prose a block has, by its looks."""
    reads = block.size >= LONG_MIN_WORDS or _STOP.search(block.text)
    if block.size >= PROSE_MIN_WORDS and block.link_density < PROSE_LINKS_MAX_SHARE and reads:
        return block.size * (1 - block.link_density)
    return 0.0


def _share_in(block: Block, *tags: str) -> float:
    inside = sum(len("".join(element.itertext())) for element in block.element.iter(*tags))
    return min(inside / len(block.text), 1.0)


def _likeness(one: set[str], two: set[str]) -> float:
    """Shared words over all words of either, 0 to 1."""
    return len(one & two) / (len(one | two) or 1)
