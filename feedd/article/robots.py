"""What a page or a server tells robots, in `X-Robots-Tag` headers and `robots` meta elements."""

from __future__ import annotations

from typing import Final

OUR_NAME: Final = "feedd"
"""The agent name under which a site may speak to us alone."""

_VALUED: Final = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)
"""Directives that are followed by a colon themselves, as agents' names are."""


def forbids(directives: str) -> bool:
    """Whether the page is not to be used (polling rule 17): "none", said to all or to us.

    `directives` are separated by commas. A name with a colon before them gives them to that agent,
    up to the next name: "googlebot: none, nofollow" says nothing to us.
    """
    agent = ""
    for part in directives.lower().split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip() not in _VALUED:
            agent, part = name.strip(), rest
        if part.strip() == "none" and agent in ("", OUR_NAME):
            return True
    return False
