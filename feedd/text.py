"""Plain text of HTML and of titles: the one converter, for lists, searches and articles alike.

`to_text` is a handful of passes in C over sanitised HTML, where `<` always opens a tag: several
times as fast as a parser, and it has no depth to overflow. Patterns are compiled when they are
first needed: a list that prints no text pays for none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

TEXT_VERSION: Final = 1
"""Counts changes to what `to_text` gives: the search index is built anew after each."""

# Marks within the text until its blanks are settled; characters no sanitised text holds.
_LINE, _BREAK, _CELL, _SPACE, _NEWLINE, _ITEM = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"

_EDGES: Final = _LINE + " "

_PARAGRAPHS: Final = frozenset(
    str.split(
        "address article aside blockquote details dl figure footer h1 h2 h3 h4 h5 h6 header hr"
        " main nav ol p pre section table ul"
    )
)
_LINES: Final = frozenset(
    str.split("audio br caption center dd div dt figcaption summary tbody tfoot thead tr video")
)
_OF_LISTS: Final = frozenset(("li", "ol", "/ol", "ul", "/ul"))
_INLINE: Final = frozenset(str.split("a b code em i img li span strong sub sup"))
SPECIAL: Final = frozenset(("pre", "script", "style"))
"""Elements whose text is not that of others, or none."""

_BULLET: Final = "• "
_INDENT_MAX_COLUMNS: Final = 16

# In sanitised HTML no attribute holds a bare < or >. What is left of other HTML is read in one pass
# all the same: no pattern looks behind the next <.
_TAG: Final = r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>"
_ANY_TAG: Final = r"</?[a-zA-Z][^<>]*>"
_UNSANITISED: Final = r"(?is)<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)|<[!?][^<>]*>"
_PREFORMATTED: Final = r"(?i)<pre\b[^<>]*>([^<]*+(?:<(?!/?pre\b)[^<]*+)*+)</pre>"
_NEWLINE_TAG: Final = r"(?i)<br\b[^<>]*>|</(?:p|div|li|tr)>"
_LINE_ENDS: Final = rf"{_LINE}+"
_ITEM_START: Final = rf"{_ITEM}[{_LINE}{_BREAK}\s]*"
_FIRST_CELL: Final = rf"(^|[{_LINE}{_BREAK}]){_CELL}"
_CONTROLS: Final = r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"

_ENTITY: Final = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_TITLE_TAG: Final = r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>"
_TITLE_TAGS: Final = frozenset(
    str.split(
        "a abbr acronym b bdi big cite code del em font i ins kbd mark q s samp small span strike"
        " strong sub sup time tt u var div h1 h2 h3 h4 h5 h6 li ol p pre ul blockquote"
    )
)
_TITLE_VOID_TAGS: Final = frozenset({"br", "hr", "img", "wbr"})


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def to_text(html: str) -> str:
    """The plain text of sanitised HTML.

    One line a block and a blank line between paragraphs; `<pre>` keeps its blanks, list items get
    a bullet or their number, table cells are parted by " | ". Soft hyphens are left out.
    """
    if "<" not in html:
        return " ".join(_resolved(html).replace("\xad", "").split())
    # What is left of line ends and the like are blanks; most blocks are a line of words then.
    parts = _regex(_TAG).split(html.replace("\n", " "))
    tags = parts[1::2]
    if html.count("<") != len(tags) or not SPECIAL.isdisjoint(map(str.lower, set(tags))):
        html = _regex(_UNSANITISED).sub("", html)
        html = _regex(_PREFORMATTED).sub(_preformatted, html)
        parts = _regex(_TAG).split(html.replace("\n", " "))
        tags = parts[1::2]
    return text_between(parts, tags)


def text_between(parts: list[str], tags: list[str], *, printable: bool = False) -> str:
    """The text of sanitised HTML that is cut at its tags: every second of `parts` is a tag, of the
    name that `tags` has ("/p" for the end of a p), or nothing where that is "". No tag is one of
    `SPECIAL`. `printable`: but for line ends and tabs, so is every character.
    """
    kinds = set(tags)
    marks = list(map(_MARKS.__getitem__, tags))
    if "li" in kinds or "LI" in kinds:
        _mark_lists(tags, marks)
    parts[1::2] = marks
    text = _resolved("".join(parts).replace("\n", " "))
    if "\xad" in text:
        text = text.replace("\xad", "")
    if _ITEM in text:
        text = _regex(_ITEM_START).sub("", text)
    # A line of words with single blanks between them is quick to see.
    sure = printable and not ("\t" in text or _CELL in text)
    blocks = [
        block.strip(" ")
        if "  " not in block and (_LINE not in block if sure else block.isprintable())
        else _settled(block, sure)
        for block in text.split(_BREAK)
    ]
    text = "\n\n".join([block for block in blocks if block])
    if _SPACE in text or _NEWLINE in text:
        text = text.replace(_SPACE, " ").replace(_NEWLINE, "\n")
    return text


def _settled(block: str, sure: bool) -> str:
    """A block with its blanks collapsed and its marks for lines and cells made good. `sure`: it has
    no blanks but spaces.
    """
    if _CELL not in block:
        lines = [
            line.strip(" ") if sure and "  " not in line else " ".join(line.split())
            for line in block.split(_LINE)
        ]
        return "\n".join([line for line in lines if line])
    block = " ".join(block.split())
    for mark in (_LINE, _CELL):
        block = block.replace(" " + mark, mark).replace(mark + " ", mark)
    block = _regex(_FIRST_CELL).sub(r"\1", block).replace(_CELL, " | ")
    return _regex(_LINE_ENDS).sub("\n", block.strip(_EDGES))


def one_line(html_or_text: str) -> str:
    """A title as plain text on one line: tags out, entities resolved, blanks collapsed.

    Titles of RSS are HTML or text and do not say which. Only what can be nothing but markup goes:
    a known tag that has its partner, or that never has one. `Vec<T>` and a lone `<b>` stay.
    """
    text = html_or_text
    if "<" in text:
        if "<!--" in text:
            ended = text.rfind("-->") + 3  # behind it a search for the end of each would be in vain
            text = re.sub(r"(?s)<!--.*?-->", "", text[:ended]) + text[ended:]
        present = {(closing, name.lower()) for closing, name, _ in _regex(_TITLE_TAG).findall(text)}
        markup = _TITLE_VOID_TAGS | {
            name
            for _, name in present
            if name in _TITLE_TAGS and ("/", name) in present and ("", name) in present
        }
        text = _regex(_TITLE_TAG).sub(lambda tag: _without(tag, markup), text)
    if "&" in text:
        from html import unescape

        text = _regex(_ENTITY).sub(lambda entity: unescape(entity[0]), text)
    return plain_line(text)


def plain_line(text: str) -> str:
    """Text that holds no markup, on one line: blanks collapsed, control characters out."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_regex(_CONTROLS).sub("", text).split())


def excerpt(text: str, limit: int) -> str:
    """The beginning of a text on one line, at most `limit` characters, cut at a word."""
    line = " ".join(text[: limit * 2].split())
    if len(line) <= limit:
        return line if len(text) <= limit * 2 else line + "…"
    cut = line.rfind(" ", limit // 2, limit)
    return line[: cut if cut > 0 else limit - 1].rstrip() + "…"


def _without(tag: re.Match[str], markup: frozenset[str] | set[str]) -> str:
    name = tag[2].lower()
    if name not in markup:
        return tag[0]
    return " " if name in ("br", "hr", "p", "div", "li") else ""


def _resolved(text: str) -> str:
    """With entities resolved. nh3 writes only five of them."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">")
    text = text.replace("&quot;", '"')
    if text.count("&") != text.count("&amp;"):
        from html import unescape  # brings a table of 2,231 names

        return unescape(text)
    return text.replace("&amp;", "&")


def _preformatted(block: re.Match[str]) -> str:
    text = (
        _regex(_ANY_TAG).sub("", _regex(_NEWLINE_TAG).sub("\n", block[1])).strip("\n").expandtabs()
    )
    return f" {_BREAK} {text.replace(' ', _SPACE).replace(chr(10), _NEWLINE)} {_BREAK} "


class _Marks(dict[str, str]):
    """The mark for a tag, by its name; a slash before the name of an end tag."""

    def __missing__(self, name: str) -> str:
        return self.get(name.lower(), "")


_MARKS: Final = _Marks()
for _name in _PARAGRAPHS:
    _MARKS[_name] = _MARKS[f"/{_name}"] = _BREAK
for _name in _LINES:
    _MARKS[_name] = _MARKS[f"/{_name}"] = _LINE
for _name in _INLINE:
    _MARKS[_name] = _MARKS[f"/{_name}"] = ""
for _name in ("td", "th"):
    _MARKS[f"/{_name}"] = ""
    _MARKS[_name] = f" {_CELL} "


def _mark_lists(tags: list[str], marks: list[str]) -> None:
    """Gives items their bullets and numbers, and lists within lists their lines, in `marks`."""
    lists: list[int | None] = []
    for at, tag in enumerate(tags):
        name = tag if tag in _OF_LISTS else tag.lower()
        if name not in _OF_LISTS:
            continue
        if name == "li":
            marks[at] = _item(lists)
        elif name[0] != "/":
            marks[at] = _LINE if lists else _BREAK
            lists.append(0 if name == "ol" else None)
        else:
            if lists:
                lists.pop()
            marks[at] = _LINE if lists else _BREAK


def _item(lists: list[int | None]) -> str:
    """The mark of the next item of the innermost list; `lists` count theirs, None those without
    numbers.
    """
    indent = _LINE + _SPACE * min(2 * (len(lists) - 1), _INDENT_MAX_COLUMNS)
    number = lists[-1] if lists else None
    if number is None:
        return f"{indent}{_BULLET}{_ITEM}"
    lists[-1] = number + 1
    return f"{indent}{number + 1}. {_ITEM}"
