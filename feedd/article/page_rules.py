"""Whether an entry's page has to be fetched, and may be used.

The feed may carry the article already; `X-Robots-Tag` headers and `robots` meta elements may
forbid.
"""

from __future__ import annotations

import re
from typing import Final

from feedd.model import ArticlesMode, Entry
from feedd.text import to_text

COMPLETE_MIN_CHARS: Final = 1500
"""A summary this long, of several paragraphs, is the article under the wrong element."""
COMPLETE_MIN_PARAGRAPHS: Final = 3
STUB_MAX_CHARS: Final = 200
"""A titled content of fewer characters and no picture is a teaser."""
ENDING_CHARS: Final = 80

SHORTER: Final = "shorter than the feed's own content"

_CUT_SHORT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(more\)|»|→|"
    r"(?:read|see|view) (?:more|on|the (?:full|rest|whole|entire|complete).{0,40}|full .{0,30})"
    r"|continue reading.{0,60}|keep reading.{0,20}|full (?:story|article|post|text)"
    r"|weiterlesen|lire la suite|leer más|leia mais|читать (?:далее|дальше|полностью)|続きを読む"
    r"|continua a leggere|lees verder)\W*$",
    re.IGNORECASE,
)
_MAY_BE_CUT: Final = tuple(
    str.split(
        "… ... more » → read see view continue keep full weiterlesen lire leer leia чита 続き"
        " continua lees"
    )
)
"""One of these is in every such ending: to look for them takes a tenth of the time."""

_PARAGRAPH = re.compile(r"<p\b|<br\b[^>]*>\s*<br\b", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:img|video|audio|picture)\b", re.IGNORECASE)

OUR_NAME: Final = "feedd"
"""The agent name under which a site may speak to us alone."""

_VALUED: Final = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)
"""Directives that are followed by a colon themselves, as agents' names are."""


_NAME: Final = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)\s*:(.*)", re.DOTALL)
"""An agent is named by a token [RFC 9110 5.6.2]; what has blanks before its colon is a date."""


def needs_page(entry: Entry, mode: ArticlesMode, *, partial: bool) -> bool:
    """Whether the page is to be fetched: by the user's `mode`, and in "auto" when what the feed
    carries is partial.
    """
    if mode == "never" or entry.link is None:
        return False
    return mode == "always" or partial


def is_partial(entry: Entry) -> bool:
    """Whether the feed has no full content for the entry, or only the beginning of it."""
    if is_cut_short(entry.text):
        return True
    if entry.full:
        is_teaser = len(entry.text) < STUB_MAX_CHARS and bool(entry.title)
        return is_teaser and not _MEDIA.search(entry.html) and not entry.enclosures
    return not (
        len(entry.text) >= COMPLETE_MIN_CHARS
        and len(_PARAGRAPH.findall(entry.html)) >= COMPLETE_MIN_PARAGRAPHS
    )


def is_cut_short(text: str) -> bool:
    """Whether a text says itself that it goes on elsewhere."""
    ending = text.rstrip()[-ENDING_CHARS:]
    folded = ending.lower()
    return any(sign in folded for sign in _MAY_BE_CUT) and _CUT_SHORT.search(ending) is not None


def is_shorter(html: str, feed_text: str) -> bool:
    """Whether an article says less than the feed does, captions counted, blanks not.

    The feed may end with a line of its own ("This post first appeared on …"): then its content
    stands, which is no loss.
    """
    said = to_text(html)
    return len("".join(said.split())) < len("".join(feed_text.split()))


def forbids(directives: str) -> bool:
    """Whether the page is not to be used (polling rule 17): "none", said to all or to us.

    Each line stands for itself: a header or meta element may come several times. In it, directives
    are separated by commas. A name with a colon before them gives them to that agent, up to the
    next name or the end of the line: "googlebot: none, nofollow" says nothing to us.
    """
    return any(map(_line_forbids, directives.lower().split("\n")))


def _line_forbids(line: str) -> bool:
    agent = ""
    for part in line.split(","):
        directive = part
        named = _NAME.fullmatch(part)
        if named and named[1] not in _VALUED:
            agent, directive = named.groups()
        if directive.strip() == "none" and agent in ("", "*", OUR_NAME):
            return True
    return False
