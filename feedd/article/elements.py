"""What HTML elements are to an article: the sets that every step of cleaning speaks in."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

TABLE_PARTS: Final = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}
)

BLOCKS: Final = (
    HEADINGS
    | TABLE_PARTS
    | frozenset(
        str.split(
            "address article aside blockquote body center dd details dialog dir div dl dt fieldset"
            " figcaption figure footer form header hgroup hr html legend li main menu nav ol p pre"
            " section summary ul"
        )
    )
)
"""Elements that stand on lines of their own."""

ATOMS: Final = frozenset({"pre", "hr"})
"""Blocks whose inside is not ours to cut."""

MEDIA: Final = frozenset({"img", "picture", "video", "audio", "iframe", "embed", "amp-img"})
"""What shows something without holding text."""

NEVER_TEXT: Final = frozenset(
    str.split(
        "script style template head title link meta base svg button select option optgroup input"
        " textarea datalist canvas object applet noembed noframes map area progress meter dialog"
        " track param source"
    )
)
"""Elements whose text is no text of the page."""
