"""Who wrote a page: by its structured data and meta elements, else by what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from lxml.html import HtmlElement

from feedd.article.lexicon import parted, sections_of
from feedd.article.pagehead.metadata import bare_names
from feedd.article.pagehead.metadata.datelines import LineBeside, reporter_in
from feedd.article.pagehead.metadata.shown_names import AUTHORS_MAX, NAME_MAX_WORDS, shown_authors
from feedd.article.tree.blocks import HAN, Block, words_of
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import MarkedElements, Thing, is_apart, squash, text_in
from feedd.text import one_line

_TABLE: Final = sections_of("bylines.txt")
CLAIM_MAX_CHARS: Final = 500
FULL_NAME_MAX_WORDS: Final = 5
_AUTHOR_METAS: Final = parted(sections_of("meta_names.txt")["author"])
_SET_APART: Final = frozenset({"a", "b", "strong", "em", "span"})
SIGNED_MAX_WORDS: Final = 6
SIGNED_MAX_CHARS: Final = 60
_INTERVIEWS_BEGIN: Final = frozenset(parted(_TABLE["interviews begin"]))
"""The first four letters of these."""
_OF_INTERVIEWS = re.compile(rf"(?:{_TABLE['interview by']})(?!\w)", re.IGNORECASE)
"""How a line begins that names who wrote down what somebody else says."""
_WRITTEN_BY = re.compile(rf"(?:{_TABLE['written by']})\W*", re.IGNORECASE)
"""How a line of its own begins in which a text is signed."""
_IS_BY_BEGINS: Final = frozenset(parted(_TABLE["is by begins"]))
_WRITTEN_BEGINS: Final = frozenset(parted(_TABLE["written by begins"]))
"""The first two letters of each match of these, where the first is an ASCII letter."""
_ASCII: Final = "\x7f"
_AUTHOR_NOTE = re.compile(
    r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,4}(?: ?\([^)]{0,60}\))?,? (?:is|was) (?:an?|the|our)\b"
    r"[^.!?]{0,90}\b(?:editor|writer|reporter|journalist|correspondent|columnist|contributor"
    r"|freelancer?|blogger|producer|photographer|staff member)\b"
)
_BY = re.compile(rf"^\W*+(?:{_TABLE['by']})\b[:：,،，/／\s]*", re.IGNORECASE)
_IS_BY = re.compile(_TABLE["is by"], re.IGNORECASE)
_SENT_BY = re.compile(r"(?i)(?:from|von|de|da|van|från|fra|lähettäjä|od|от|寄件者|发件人|差出人):?")
_HAN_NAME = re.compile(f"[{HAN}]{{2,4}}").fullmatch
"""A name in Chinese signs, as they stand in a byline; with more it is a sentence."""
_NO_FIRST_NAME: Final = frozenset(str.split("the a an our your this all"))
_PARTICLES: Final = frozenset(
    str.split("da de do dos di du del della den der el y e la le van von zu ter ten bin ibn al")
)
_NAMED_ROLE: Final = (
    r"(?:\w+ ){0,3}(?:writer|reporter|editor|correspondent|columnist|contributor|journalist"
    r"|producer|photographer|blogger|critic|redakteur(?:in)?)s?"
)
_ROLE = re.compile(_NAMED_ROLE, re.IGNORECASE)
_JOINT = re.compile(rf"(?i)\W*(?:{_NAMED_ROLE},? ?)?(?:,|and|&|und|et|y|e|en|och|og|i|и)\W*")
_BY_AMID = re.compile(
    r"(?<=[\d|•·,–—-]) by (?=[^\W\d_])|(?<=\s)(?:作者|记者|記者|撰文|文) ?[:：/／] ?", re.IGNORECASE
)
"""In a line of day and author."""
_REPORTER = re.compile(r"\W*([가-힣]{2,4}) ?(?:기자|특파원)")
"""In Korean the name stands before what its bearer is."""
_IS_REPORTER = re.compile(r"(?<=[가-힣]{2}) ?(?:기자|특파원)(?![가-힣])")
_NO_NAME = re.compile(rf"^(?:{_TABLE['no name']})$", re.IGNORECASE)
_IN_NO_NAME = re.compile(r"\d{2}|[?!{}:]|\w\.\w+\.\w|^\S*\w\w\.\w\w\S*$")
_NICKNAME = re.compile(r"[^\W\d_]{3}[^\W\d]{0,20}\d{2,4}").fullmatch
"""Those who post take such names: "miller71"."""
_AFTER_NAME = re.compile(rf"(?<!\s)\s*(?:{_TABLE['after a name']}).*$", re.IGNORECASE | re.DOTALL)
_LIFE = re.compile(r" ?\((?:[^()]*\d{4}[^()]*\).*|[^()]*)$", re.DOTALL)
"""When and where a name's bearer was born, and what the note says then."""
_MORE_OF = re.compile(
    r"(?:more|read|see|view|all|about|articles|posts|stories)\b.*"
    r"\b(?:about|by|from|posts|articles)\b|written by$",
    re.I,
)


def author(
    marked: MarkedElements,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
    site: frozenset[str],
    runs: Iterable[LineBeside],
) -> str | None:
    """The names of who wrote it; `site` are names that are none of a person, `runs` stand beside
    the headline.
    """
    named = sorted(
        (t for t in things if t.get("name") and t.get("@id")), key=lambda t: "@type" in t
    )
    by_id = {text_in(thing["@id"]): thing for thing in named}
    writers = _writers(article.get("author"), by_id)
    declared = [text_in(writer) for writer in writers]
    beside = _beside(runs, site)
    claims = (
        declared,
        [text_in(writer) for writer in _writers(article.get("creator"), by_id)],
        *([metas.get(name, "")] for name in _AUTHOR_METAS),
        _written_by(metas),
    )
    for claim in chain(claims, shown_authors(marked), [beside]):
        names = [name for each in claim for name in _people(each, site)]
        if names:
            is_other = beside and not _words(names) & _words(beside)  # who uploaded it, perhaps
            return ", ".join(dict.fromkeys(beside if is_other else names))
    persons = [text_in(writer) for writer in writers if _is_person(writer)]
    told = ", ".join(name for each in persons for name in _people(each, frozenset()))
    if told:
        return told
    bare = bare_names.named_beside(runs, marked.root, site) or bare_names.named_in_box(marked.root)
    return next(iter(_people(bare or "", site)), None)


def _writers(value: object, by_id: Mapping[str, Thing]) -> list[object]:
    """The authors of JSON-LD, which may be told elsewhere on the page."""
    found = []
    for author in (value if isinstance(value, list) else [value])[:AUTHORS_MAX]:
        told = by_id.get(text_in(author.get("@id"))) if isinstance(author, dict) else None
        found.append(author if told is None else told)
    return found


def _is_person(author: object) -> bool:
    """A person's own site may bear the person's name."""
    return isinstance(author, dict) and "person" in text_in(author.get("@type")).lower().split()


def _beside(runs: Iterable[LineBeside], site: frozenset[str]) -> list[str]:
    """Who wrote it by a line beside the headline: "By" and a name, in one element or several."""
    waiting = iter(runs)
    for text, element, label in waiting:
        reporter = _REPORTER.fullmatch(text)
        if reporter is not None and not is_apart(element):
            return [reporter[1]]
        if "@" in text and _SENT_BY.fullmatch(label):  # as archives show the heads of letters
            label = "by"
        if _answers_letter(element) and _is_full_name(label):
            text, label = label, "by"
        text, label = _plainly(text), label and _plainly(label)
        is_label = label[:2].lower() in _IS_BY_BEGINS or label > _ASCII
        said = f"{label} {text}" if is_label and _IS_BY.fullmatch(label) else text
        may = said[:2].lower() in _IS_BY_BEGINS or said > _ASCII
        match = (may and _IS_BY.match(said)) or _by_amid(said)
        if match is not None and said[match.end() :] and not is_apart(element):
            said += " and ".join(["", *_joined(waiting)])
            names = _people(said[match.end() :], site)
            is_link = element.tag == "a"
            if names:  # else it was put up by "admin"
                return [n for n in names if _is_full_name(n) or (is_link and n.isalpha())]
    return []


def _answers_letter(element: HtmlElement) -> bool:
    """Whether a link begins an answer to a letter, as beside its writer in a list's archive."""
    address = (element.get("href") or "").lower() if element.tag == "a" else ""
    return address.startswith("mailto:") and "subject=re" in address


def _plainly(text: str) -> str:
    """A line that says who led an interview, as one that says who wrote it."""
    if text[:4].lower().rstrip(" ・:：") not in _INTERVIEWS_BEGIN:
        return text
    return _OF_INTERVIEWS.sub("written by", text, count=1)


def _by_amid(text: str) -> re.Match[str] | None:
    may = not text.isascii() or " by " in text.lower()
    return _BY_AMID.search(text) if may else None


def _joined(runs: Iterable[LineBeside]) -> Iterator[str]:
    """The further names of a line in which each stands in an element of its own."""
    for text, _, label in runs:
        if _JOINT.fullmatch(label):
            yield text
        elif not _JOINT.fullmatch(text):
            return


def _is_full_name(name: str) -> bool:
    words = name.split()
    return _HAN_NAME(name) is not None or (
        1 < len(words) <= FULL_NAME_MAX_WORDS
        and words[0].lower() not in _NO_FIRST_NAME
        and not any(word[0].islower() and word not in _PARTICLES for word in words)
        and not re.search(r"\w\w\.$", name)
    )


def _words(names: Iterable[str]) -> set[str]:
    return set(words_of(" ".join(names))) - _PARTICLES


def _written_by(metas: Mapping[str, str]) -> list[str]:
    """Cards of social networks have labels with their data."""
    for number in ("1", "2"):
        label = metas.get(f"twitter:label{number}", "").lower()
        if label.startswith(("written by", "by", "author", "verfasst von")):
            return [metas.get(f"twitter:data{number}", "")]
    return []


def named_in(text: str, site: frozenset[str]) -> str | None:
    """Who wrote it, by a line that begins as a byline does; None where it names nobody in full."""
    reporter = _REPORTER.match(text)
    if reporter is not None:
        return reporter[1]
    match = _BY.match(text) or _by_amid(text)
    if match is None:
        return None
    names = [
        name
        for name in _people(text[match.end() :], site)
        if (len(name.split()) > 1 and name[0].isupper()) or _HAN_NAME(name)
    ]
    return ", ".join(dict.fromkeys(names)) or None


def _people(claim: str, site: frozenset[str]) -> list[str]:
    """The names in a line that says who wrote something; no addresses, no sites, no roles."""
    if not claim:
        return []
    claim = _plainly(one_line(claim)[:CLAIM_MAX_CHARS])
    claim = _AFTER_NAME.sub("", _IS_REPORTER.sub("", _BY.sub("", claim))).strip(" ,;:–—-|")
    if "(" in claim:
        claim = _LIFE.sub("", claim)
    names = []
    for part in re.split(r" ?(?:[;、，]|,(?! (?:jr|sr|ph)\b)| and | & | und | et | y ) ?", claim):
        name = _BY.sub("", re.sub(r"(?<!\S)\S*@\S+", "", part)).strip(" ,;:()<>[]–—-|")
        if (
            len(name) >= 2
            and not name.startswith(("http", "www.", "/"))
            and len(name.split()) <= NAME_MAX_WORDS
            and not _NO_NAME.match(name)
            and not _MORE_OF.match(name)
            and not _ROLE.fullmatch(name)
            and (_NICKNAME(name) or not _IN_NO_NAME.search(name))
            and squash(name) not in site
            and (" " in name or f".{squash(name)}" not in site)  # Ann Holt has annholt.example
        ):
            names.append(name)
    return names


def signed(blocks: Sequence[Block], site: frozenset[str]) -> str | None:
    """Who the page says anywhere wrote it, in a line of its own or in two: "Written by" and a name.
    Where several lines name others, nobody knows who wrote this one.
    """
    found = set()
    for block, below in zip(blocks, [*blocks[1:], *blocks[-1:]], strict=True):
        text = _plainly(block.text) if block.size <= SIGNED_MAX_WORDS else ""
        may = text[:2].lower() in _WRITTEN_BEGINS or text > _ASCII
        match = _WRITTEN_BY.match(text) if may else None
        said = match and (text[match.end() :].strip() or _name_ahead(below))
        if said and len(said) <= SIGNED_MAX_CHARS:
            found.add(named_in(f"by {said}", site))
    return found.pop() if len(found) == 1 else reporter_in(blocks)


def _name_ahead(block: Block) -> str:
    """What a line begins with in letters or a link of its own; all of it where nothing is."""
    first = next(iter(block.element), None)
    if first is not None and not (block.element.text or "").strip() and first.tag in _SET_APART:
        return text_of(first)
    return block.text


def tells_of_author(text: str) -> bool:
    """Whether a line begins as a note on who wrote the text does: "Ann Lee is a writer"."""
    return _AUTHOR_NOTE.match(text) is not None
