"""What is to be known about a block before deciding whether it is part of the article.

Each feature is a number of the order of 1, so that their weights can be compared.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article.blocks import WORD, Block
from feedd.article.candidates import CandidateText
from feedd.article.lexicon import CLASS_WORDS, MENTIONS, MENTIONS_MAX_CHARS, STARTS
from feedd.article.tree import HEADINGS

_SENTENCE_END = re.compile(r"[.!?…。！？:;]['\"”’»)\]]*$")
_QUOTED = re.compile(r"^\W*[\"“«„'‘]")
_CLASS_SEPARATORS = re.compile(r"[_\s]+|(?<=[a-z])(?=[A-Z])")

_ANCESTORS: Final = {
    "li": "in_list", "ul": "in_list", "ol": "in_list", "dl": "in_list",
    "aside": "in_aside", "nav": "in_aside", "footer": "in_aside", "form": "in_form",
    "header": "in_header", "figure": "in_figure", "figcaption": "in_figure",
    "blockquote": "in_quote", "table": "in_table",
}  # fmt: skip


class PageFeatures:
    """What the features of single blocks need to know about the page as a whole."""

    def __init__(
        self,
        blocks: Sequence[Block],
        *,
        candidate: CandidateText,
        declared: CandidateText,
        title: str,
        summary: str,
    ) -> None:
        self.blocks = blocks
        self.taken = [candidate.share(block.words) for block in blocks]
        self.declared = [declared.share(block.words) for block in blocks]
        self.has_declared = float(declared.words > 50)
        self.title = tuple(WORD.findall(title.lower()))
        self.summary = tuple(WORD.findall(summary.lower()))
        self.texts = Counter(block.words for block in blocks)
        self.weight = [
            block.size * (1 - block.link_density) * max(taken, declared)
            for block, taken, declared in zip(blocks, self.taken, self.declared, strict=True)
        ]
        if not any(self.weight):
            self.weight = [float(block.size) if _is_paragraph(block) else 0.0 for block in blocks]
        self._classes: dict[HtmlElement, frozenset[str]] = {}
        self._mass: defaultdict[HtmlElement, float] = defaultdict(float)
        self._words: defaultdict[HtmlElement, int] = defaultdict(int)
        self._links: defaultdict[HtmlElement, float] = defaultdict(float)
        self._kin: defaultdict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
        self.total = sum(self.weight) or 1.0
        for block, weight in zip(blocks, self.weight, strict=True):
            size = block.size
            for element in block.path:
                self._mass[element] += weight
                self._words[element] += size
                self._links[element] += block.link_density * size
            kin = self._kin[_signature(block)]
            kin[0] += weight
            kin[1] += size
        self.main = self._main()
        sure = [
            number
            for number, (block, weight) in enumerate(zip(blocks, self.weight, strict=True))
            if weight > 12 and self.main in block.path
        ]
        self.start = sure[0] if sure else 0
        self.end = sure[-1] if sure else len(blocks) - 1

    def _main(self) -> HtmlElement | None:
        """The smallest element that holds nearly all of what the candidates agree on."""
        best = None
        for element, mass in self._mass.items():
            if mass >= 0.8 * self.total and (
                best is None
                or self._words[element] < self._words[best]
                or (self._words[element] == self._words[best] and best in element.iterancestors())
            ):
                best = element
        return best

    def classes(self, element: HtmlElement) -> frozenset[str]:
        """The groups of words in an element's class and id."""
        known = self._classes.get(element)
        if known is None:
            name = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
            if name:
                name = _CLASS_SEPARATORS.sub("-", name[:200]).lower()
                known = frozenset(
                    group for group, words in CLASS_WORDS.items() if words.search(name)
                )
            else:
                known = frozenset()
            self._classes[element] = known
        return known

    def features(self) -> list[dict[str, float] | None]:
        """One row of numbers a block; None for a block that is out of the question: it stands
        outside the main part, and no candidate holds any of it. (In the pages that the weights
        were learned from, none of 13,000 such blocks was article text.)
        """
        own = [
            self._own(number) if self._is_thinkable(number) else None
            for number in range(len(self.blocks))
        ]
        return [
            None if row is None else self._with_neighbours(number, own)
            for number, row in enumerate(own)
        ]

    def _is_thinkable(self, number: int) -> bool:
        return bool(
            self.main in self.blocks[number].path
            or self.taken[number]
            or self.declared[number]
            or self.weight[number]
        )

    def _own(self, number: int) -> dict[str, float]:
        block = self.blocks[number]
        text, words, path = block.text, block.words, block.path
        size = block.size
        row: dict[str, float] = {
            "bias": 1.0,
            "size": _size(block),
            "short": float(size <= 3),
            "wordless": float(not words),
            "links": block.link_density,
            "all_link": float(block.link_density > 0.8),
            "sentence": float(bool(_SENTENCE_END.search(text))),
            "commas": min((text.count(",") + text.count("、") + text.count("，")) / 4, 1.5),
            "quoted": float(bool(_QUOTED.match(text))),
            "capitals": float(size > 1 and text.upper() == text and text.lower() != text),
            "digits": sum(map(str.isdigit, text)) / len(text),
            "taken": self.taken[number],
            "declared": self.declared[number] * self.has_declared,
            "undeclared": (1 - self.declared[number]) * self.has_declared,
            "repeated": float(self.texts[words] > 1),
        }
        tag = block.element.tag
        if tag in HEADINGS:
            row["heading"] = 1.0
        elif tag in ("li", "dd", "dt"):
            row["item"] = 1.0
        elif tag == "p":
            row["p"] = 1.0
        elif tag == "div":
            row["div"] = 1.0
        elif tag == "figcaption":
            row["in_figure"] = 1.0
        elif tag == "table":
            row["in_table"] = 1.0
        for element in path:
            name = _ANCESTORS.get(element.tag)
            if name:
                row[name] = 1.0
        begin = text[:MENTIONS_MAX_CHARS]
        for name, pattern in STARTS.items():
            if pattern.match(begin):
                row[f"says_{name}"] = 1.0
        for name, pattern in MENTIONS.items():
            if pattern.search(begin):
                row[f"says_{name}"] = 1.0
        if block.media_before:
            row["after_media"] = 1.0
            if size < 30:
                row["after_media_short"] = 1.0
        if len(block.element):
            row["slanted"] = _share_in(block, "em", "i")
            row["bold"] = _share_in(block, "strong", "b")
        if self.title and words:
            row["title"] = _likeness(words, self.title)
        if self.summary and size > 3:
            row["summary"] = _likeness(words, self.summary)
        self._place(row, number)
        return row

    def _place(self, row: dict[str, float], number: int) -> None:
        """Where the block stands: in which container, among which kin."""
        block = self.blocks[number]
        path = block.path
        inside = self.main in path
        row["outside"] = float(not inside)
        depth = len(path)
        if inside:
            at = path.index(self.main)
            below = path[at + 1 :]
            row["below"] = min(len(below) / 4, 1.0)
        else:
            below = path[-4:]
        for element in (*below, block.element):
            for group in self.classes(element):
                row[f"class_{group}"] = 1.0
        if not inside:
            for group in ("body", "chrome"):
                row.pop(f"class_{group}", None)
        parent = path[-1] if depth else None
        grand = path[-2] if depth > 1 else None
        if parent is not None:
            row["parent_mass"] = self._mass[parent] / self.total
            row["parent_links"] = self._links[parent] / (self._words[parent] or 1)
            row["parent_agreed"] = self._mass[parent] / (self._words[parent] or 1)
        if grand is not None:
            row["grand_mass"] = self._mass[grand] / self.total
            row["grand_agreed"] = self._mass[grand] / (self._words[grand] or 1)
        kin_mass, kin_words = self._kin[_signature(block)]
        row["kin_mass"] = kin_mass / self.total
        row["kin_agreed"] = kin_mass / (kin_words or 1)
        if number < self.start:
            row["before"] = 1.0
            row["before_far"] = min((self.start - number) / 10, 1.0)
        elif number > self.end:
            row["after"] = 1.0
            row["after_far"] = min((number - self.end) / 10, 1.0)

    def _with_neighbours(self, number: int, own: list[dict[str, float] | None]) -> dict[str, float]:
        row = dict(own[number] or {})
        block = self.blocks[number]
        for name, step in (("prev", -1), ("next", 1)):
            other = number + step
            if not 0 <= other < len(own):
                row[f"{name}_none"] = 1.0
                continue
            near, beside = self.blocks[other], own[other]
            row[f"{name}_links"] = near.link_density
            row[f"{name}_size"] = _size(near)
            row[f"{name}_taken"] = self.taken[other]
            row[f"{name}_heading"] = float(near.element.tag in HEADINGS)
            row[f"{name}_outside"] = float(self.main not in near.path)
            row[f"{name}_same"] = float(block.path == near.path)
            if beside is not None and any(key.startswith("says_") for key in beside):
                row[f"{name}_says"] = 1.0
        self._combine(row)
        return row

    @staticmethod
    def _combine(row: dict[str, float]) -> None:
        """Features that mean more together than each alone."""
        calls = max(row.get(f"says_{name}", 0.0) for name in ("shout", "subscribe", "pointer"))
        row["links_inside"] = row["links"] * (1 - row["outside"])
        row["pointer_link"] = row.get("says_pointer", 0.0) * row["links"]
        row["calling_link"] = calls * row["links"]
        row["calling_short"] = calls * (1 - row["sentence"])
        row["shouted_link"] = row["capitals"] * row["links"]
        row["bare_caption"] = row.get("after_media_short", 0.0) * (1 - row["sentence"])
        row["bare"] = row.get("p", 0.0) * (1 - row["sentence"]) * float(row["size"] < 0.6)
        row["parting"] = row.get("after", 0.0) * max(
            row.get(f"says_{name}", 0.0)
            for name in ("contact", "subscribe", "rights", "about", "shout", "byline", "comments")
        )
        row["tags_link"] = row.get("says_tags", 0.0) * float(row["links"] > 0.3)


def _size(block: Block) -> float:
    return min(math.log1p(block.size) / 4, 1.5)


def _is_paragraph(block: Block) -> bool:
    return block.size >= 15 and block.link_density < 0.3


def _signature(block: Block) -> tuple[str, ...]:
    parent = block.path[-1] if block.path else None
    return (
        block.element.tag,
        block.element.get("class") or "",
        "" if parent is None else parent.tag,
        "" if parent is None else parent.get("class") or "",
    )


def _share_in(block: Block, *tags: str) -> float:
    inside = sum(len("".join(element.itertext())) for element in block.element.iter(*tags))
    return min(inside / len(block.text), 1.0)


def _likeness(words: Sequence[str], other: Sequence[str]) -> float:
    """Shared words over all words of either, 0 to 1."""
    one, two = set(words), set(other)
    return len(one & two) / len(one | two)
