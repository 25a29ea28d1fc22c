"""What a page forbids to robots: its `X-Robots-Tag` headers and `robots` meta elements."""

from __future__ import annotations

import re
from typing import Final

OUR_NAME: Final = "feedd"
"""The agent name under which a site may speak to us alone."""

_VALUED: Final = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)
"""Directives that are followed by a colon themselves, as agents' names are."""

_NAME: Final = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)\s*:(.*)", re.DOTALL)
"""An agent is named by a token [RFC 9110 5.6.2]; what has blanks before its colon is a date."""


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
