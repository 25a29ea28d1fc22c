"""Running text: styles, links with their numbers, images, and its wrapping into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from feedd.cli.line_breaks import breaks
from feedd.cli.screen import Screen
from feedd.cli.typeset.nodes import HtmlNode
from feedd.terminal import gate

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "cite": "italic",
    "var": "italic",
    "dfn": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "del": "strike",
    "strike": "strike",
    "mark": "reverse",
    "small": "dim",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
}
# How a style shows where there is no colour; what is missing here is left plain, as a book would.
_PLAIN_MARKS = {"code": "`", "strike": "~~"}
_SUPERSCRIPT = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_NOTE = re.compile(
    r"#_?(?:user-content-)?(?:fn|ftn|footnote|cite[_-]note|note|endnote)\W?(?!ref)", re.I
)
_NOTE_BACK = re.compile(
    r"#_?(?:user-content-)?(?:fn|ftn|footnote|cite|note|endnote)[\w:.-]*?ref|#_?(?:r|b)fn", re.I
)
_BACK_ARROWS = frozenset("↩↩︎⏎↑^⤴")


class Links(Struct):
    """The numbers of an article's links, in the order they are met."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, url: str) -> int:
        """The number of `url`, the same one each time."""
        return self.numbers.setdefault(url, len(self.numbers) + 1)


class TextRun(Struct, frozen=True):
    """Gated text in one style. A text of "\\n" is a line break."""

    text: str
    styles: tuple[str, ...] = ()
    url: str | None = None


class Flow:
    """Runs as they are collected: white space collapsed across them, as a browser does."""

    def __init__(self, screen: Screen, links: Links) -> None:
        self._screen = screen
        self._links = links
        self.runs: list[TextRun] = []
        self._space_due = False

    def add(
        self, child: HtmlNode | str, styles: tuple[str, ...] = (), url: str | None = None
    ) -> None:
        if isinstance(child, str):
            self._text(child, styles, url)
        elif child.tag == "br":
            self._space_due = False
            self.runs.append(TextRun("\n"))
        elif child.tag == "img":
            self._image(child, styles, url)
        elif child.tag == "a":
            self._anchor(child, styles)
        elif child.tag in ("sup", "sub"):
            self._raised(child, styles, url)
        elif child.tag == "q":
            self._whole("“", styles, url)
            self._children(child, styles, url)
            self._close("”", styles, url)
        elif child.tag in ("video", "audio", "source", "embed"):
            self._media(child, styles)
        elif child.tag in _STYLES:
            self._styled(child, _STYLES[child.tag], styles, url)
        else:
            self._children(child, styles, url)

    def _children(self, node: HtmlNode, styles: tuple[str, ...], url: str | None) -> None:
        for child in node.children:
            self.add(child, styles, url)

    def _text(self, text: str, styles: tuple[str, ...], url: str | None) -> None:
        collapsed = _SPACE.sub(" ", text)
        shown = gate(collapsed)
        if not shown:
            return
        if shown[0] == " ":
            self._space_due = True
        body = shown.strip(" ")
        if body:
            self._whole(body, styles, url)
            self._space_due = shown[-1] == " "

    def _whole(self, text: str, styles: tuple[str, ...], url: str | None) -> None:
        """Append text as it is, after the space that is due."""
        if self._space_due and self.runs and self.runs[-1].text != "\n":
            same = self.runs[-1].styles == styles and self.runs[-1].url == url
            self.runs.append(TextRun(" ", styles if same else (), url if same else None))
        self._space_due = False
        self.runs.append(TextRun(text, styles, url))

    def _close(self, text: str, styles: tuple[str, ...], url: str | None) -> None:
        due, self._space_due = self._space_due, False
        self._whole(text, styles, url)
        self._space_due = due

    def _styled(self, node: HtmlNode, style: str, styles: tuple[str, ...], url: str | None) -> None:
        mark = "" if self._screen.colours else _PLAIN_MARKS.get(style, "")
        if not mark or not node.text().strip():
            self._children(node, (*styles, style), url)
            return
        self._whole(mark, styles, url)
        self._children(node, styles, url)
        self._close(mark, styles, url)

    def _anchor(self, node: HtmlNode, styles: tuple[str, ...]) -> None:
        url = node.attributes.get("href", "")
        label = node.text().strip()
        fragment = url[url.find("#") :] if "#" in url else ""
        if fragment and (_NOTE_BACK.match(fragment) or label in _BACK_ARROWS):
            return
        if fragment and _NOTE.match(fragment) and len(label) <= 5:
            self._close(f"[^{gate(label).strip('[]()^*')}]", (*styles, "dim"), None)
            return
        if not url.startswith(("http://", "https://", "mailto:")):
            self._children(node, styles, None)
            return
        before = len(self.runs)
        self._children(node, (*styles, "link"), url)
        if len(self.runs) == before or label in (url, url.split("://", 1)[-1].rstrip("/")):
            self._links.number(url)
            return
        self._close(f"[{self._links.number(url)}]", ("dim",), url)

    def _raised(self, node: HtmlNode, styles: tuple[str, ...], url: str | None) -> None:
        text = gate(_SPACE.sub(" ", node.text())).strip()
        table, sign = (_SUPERSCRIPT, "^") if node.tag == "sup" else (_SUBSCRIPT, "_")
        if any(True for _ in node.elements("a")):
            self._children(node, styles, url)
        elif text and all(ord(character) in table for character in text):
            self._close(text.translate(table), styles, url)
        elif text.isalpha() and len(text) > 1:  # an ordinal's letters, a trade mark
            self._close(text, styles, url)
        elif text:
            self._close(f"{sign}{text}" if len(text) == 1 else f"{sign}({text})", styles, url)

    def _image(self, node: HtmlNode, styles: tuple[str, ...], url: str | None) -> None:
        alt = gate(_SPACE.sub(" ", node.attributes.get("alt", ""))).strip()
        source = node.attributes.get("src", "")
        shown = f"[image: {alt}]" if alt else "[image]"
        linked = source.startswith(("http://", "https://"))
        self._whole(shown, (*styles, "dim"), url or (source if linked else None))
        if linked:
            self._close(f"[{self._links.number(source)}]", ("dim",), source)

    def _media(self, node: HtmlNode, styles: tuple[str, ...]) -> None:
        sources = [node, *node.descendants()]
        source = next((n.attributes["src"] for n in sources if n.attributes.get("src")), "")
        kind = "audio" if node.tag == "audio" else "video"
        if source.startswith(("http://", "https://")):
            self._whole(f"[{kind}]", (*styles, "dim"), source)
            self._close(f"[{self._links.number(source)}]", ("dim",), source)

    def lines(self, columns: int) -> list[str]:
        """The text wrapped to `columns` and painted."""
        painted: list[str] = []
        for runs in _between_breaks(self.runs):
            text = "".join(run.text for run in runs)
            places = breaks(text, columns)
            if places:
                painted += self._paint(runs, places)
            elif painted:
                painted.append("")
        while painted and not painted[-1]:
            painted.pop()
        return painted

    def plain(self) -> str:
        """The text on one line, without style."""
        return "".join(" " if run.text == "\n" else run.text for run in self.runs).strip()

    def _paint(self, runs: list[TextRun], lines: list[tuple[int, int]]) -> Iterator[str]:
        """Each of `lines` (where it starts and ends in the text of `runs`), painted. One pass over
        both: an article of one paragraph may have 100,000 of either.
        """
        rest = iter(runs)
        run = next(rest)
        at = 0  # where `run` starts
        for start, end in lines:
            line = ""
            while True:
                part = run.text[max(start - at, 0) : end - at]
                if part:
                    line += self._painted(part.replace("\xa0", " "), run)
                if at + len(run.text) >= end:
                    break
                at += len(run.text)
                run = next(rest)
            yield line

    def _painted(self, text: str, run: TextRun) -> str:
        styles = dict.fromkeys(
            shown for style in run.styles for shown in _SHOWN_AS.get(style, (style,))
        )
        painted = self._screen.paint(text, *styles)
        return self._screen.link(painted, run.url) if run.url else painted


_SHOWN_AS = {"code": ("cyan",), "link": ("underline",)}


def _between_breaks(runs: list[TextRun]) -> Iterator[list[TextRun]]:
    part: list[TextRun] = []
    for run in runs:
        if run.text == "\n":
            yield part
            part = []
        else:
            part.append(run)
    yield part
