"""What of an entry makes it another entry when it changes, and what is noise."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

from feedd.identity.links import canonical_link
from feedd.model import Entry

HASH_BYTES = 8

_COUNTING_WORDS = tuple(
    word.encode()
    for word in (
        "comment", "kommentar", "comentario", "comentário", "commentaire", "commento", "commenti",
        "reactie", "repl", "response", "point", "score", "vote", "upvote", "like", "share", "view",
        "コメント", "评论", "評論", "комментари",
    )
)  # fmt: skip
_COUNTING_WORDS_PLURAL = _COUNTING_WORDS + tuple(
    word.encode()
    for word in (
        "comments", "kommentare", "comentarios", "comentários", "commentaires", "reacties",
        "reply", "replies", "responses", "points", "votes", "upvotes", "likes", "shares", "views",
        "комментарии", "комментариев",
    )
)  # fmt: skip
_LONGEST_WORD_BYTES = 32
_NUMBER = re.compile(rb"\d[\d.,]*")
_BETWEEN = b":([#="
_NO_COMMENT = re.compile(rb"(?:no|add|leavea|postthefirst|bethefirstto)comments?", re.IGNORECASE)
_PLURAL = re.compile(
    rb"(\0(?:comment|point|vote|like|share|view|response|commentaire|comentario))s", re.IGNORECASE
)
_TRACKING = re.compile(rb"[?&](?:utm_\w+|fbclid|gclid|mc_[ce]id)=[\w.%+-]*")
_LINKED = re.compile(r'="(http[^"?#]*)')
_TITLE_COUNT = re.compile(r"(?<!\s)\s*+[(\[]\d+ (?:comments?|kommentare?|replies)[)\]]$")
_WHITE = b" \t\n\r\x0b\x0c"
_ALIKE = 0.6
"""A word changed in twenty leaves more in common, another text of the same writer less."""

UNLIKE = 0.2
"""Texts that have less in common are not two versions of one."""

_COMPARED_CHARS = 4_000
_PIECE_BYTES = 8
_NUMBERS = re.compile(r"\d+").findall
_NO_BREAK_SPACE = "\xa0".encode()


def title_key(title: str) -> str:
    """A title for comparing: case, width, white space and counts of comments do not matter."""
    if not title.isascii():
        title = unicodedata.normalize("NFKC", title)
    folded = " ".join(title.casefold().split())
    return _TITLE_COUNT.sub("", folded) if folded.endswith((")", "]")) else folded


def content_hash(entry: Entry, link_key: str | None) -> bytes:
    """Equal for an entry that says the same: rule 34.

    White space, attribute order, queries of images and links, tracking parameters, counts of
    comments and points, and every date make no difference.
    """
    parts = [_essence(entry.text), _essence(entry.title), (link_key or "").encode()]
    if entry.html:
        linked = _LINKED.findall(entry.html)
        linked.sort()
        parts.append("\0".join(linked).encode("utf-8", "replace"))
    if entry.enclosures:
        files = sorted(canonical_link(file.url) or file.url for file in entry.enclosures)
        parts.append("\0".join(files).encode("utf-8", "replace"))
    return blake2b(b"\0\0".join(parts), digest_size=HASH_BYTES).digest()


def says_the_same(title: str, text: str, other_title: str, other_text: str) -> bool:
    """Do two versions of an entry differ, if at all, in nothing that anybody wrote (rule 34)?"""
    return _essence(text) == _essence(other_text) and _essence(title) == _essence(other_title)


def _essence(text: str) -> bytes:
    """A text without white space, and without what readers and trackers do to it.

    Bytes, because they are many times quicker to go through than characters.
    """
    essence = text.encode("utf-8", "replace").translate(None, _WHITE)
    if _NO_BREAK_SPACE in essence:
        essence = essence.replace(_NO_BREAK_SPACE, b"")
    if b"=" in essence:
        essence = _TRACKING.sub(b"", essence)
    kept = []
    at = 0
    for number in _NUMBER.finditer(essence):
        start, end = number.span()
        if _is_count(essence, start, end):
            kept.append(essence[at:start])
            at = end
    if kept:
        kept.append(essence[at:])
        # "1 comment" and "2 comments" differ in more than the number.
        essence = _PLURAL.sub(rb"\1", b"\0".join(kept))
    if b"omment" in essence:
        essence = _NO_COMMENT.sub(b"\0comment", essence)
    return essence


def _is_count(essence: bytes, start: int, end: int) -> bool:
    """Is the number there a count of comments, points or the like?"""
    if essence[end : end + _LONGEST_WORD_BYTES].lower().startswith(_COUNTING_WORDS):
        return True
    before = essence[max(0, start - _LONGEST_WORD_BYTES) : start].rstrip(_BETWEEN).lower()
    return before.endswith(_COUNTING_WORDS_PLURAL)


def alike(text: str, other: str) -> bool:
    """Are these nearly the same text: one corrected, perhaps, but none that replaces the other?

    Texts whose numbers differ are not: reports of one kind differ in little else.
    """
    if text == other:
        return True
    return likeness(text, other) >= _ALIKE and _NUMBERS(text) == _NUMBERS(other)


def likeness(text: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1; 0 where one of them is empty."""
    pieces, others = _pieces(text), _pieces(other)
    if not pieces or not others:
        return 0.0
    common = len(pieces & others)
    return common / (len(pieces) + len(others) - common)


def _pieces(text: str) -> set[bytes]:
    """The overlapping pieces of a text without its blanks; of a short text, the text."""
    essence = _essence(text[:_COMPARED_CHARS].casefold())
    last = max(1, len(essence) - _PIECE_BYTES + 1)
    return {essence[at : at + _PIECE_BYTES] for at in range(last)} - {b""}
