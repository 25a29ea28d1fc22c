"""What sanitised HTML may hold. Whatever is not listed here does not pass.

No style, no script, no forms, no frames, no identifiers but the targets of in-page links.
"""

from __future__ import annotations

from typing import Final

TAGS: Final = frozenset(
    str.split(
        # text
        "a abbr address b bdi bdo big br center cite code del dfn em i ins kbd mark q rp rt ruby s"
        " samp small strike strong sub sup time tt u var wbr"
        # blocks
        " article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
        " header hr li main nav ol p pre section summary ul"
        # tables
        " caption table tbody td tfoot th thead tr"
        # media
        " audio img picture source video"
    )
)
"""Tags that stay. The text of other tags stays too, without its tag."""

DROPPED_WITH_CONTENT: Final = frozenset(
    str.split(
        "applet button canvas datalist frameset head iframe noembed noframes script select style"
        " svg template textarea title xmp"
    )
)
"""Tags whose content is no text of the article."""

ELEMENTS: Final = (
    TAGS
    | DROPPED_WITH_CONTENT
    | frozenset(
        str.split(
            "acronym area base basefont blink body col colgroup data dialog embed fieldset font"
            " form frame hgroup html input label legend link map marquee menu meta meter nobr"
            " object optgroup option output param picture progress search slot track"
        )
    )
)
"""The elements of HTML, of whatever age."""

ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "*": frozenset({"dir", "lang"}),
    "a": frozenset({"href", "title"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"controls", "src"}),
    "blockquote": frozenset({"cite"}),
    "code": frozenset({"class"}),
    "del": frozenset({"cite", "datetime"}),
    "details": frozenset({"open"}),
    "dfn": frozenset({"title"}),
    "img": frozenset({"alt", "height", "src", "srcset", "title", "width"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "pre": frozenset({"class"}),
    "q": frozenset({"cite"}),
    "source": frozenset({"src", "srcset", "type"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "video": frozenset({"controls", "height", "poster", "src", "width"}),
}
"""Attributes that stay, by tag. `class` only as `language-…`; `id` only where an in-page link
points to it, and then under `ID_PREFIX`."""

URL_SCHEMES: Final = frozenset({"http", "https", "mailto"})

ID_PREFIX: Final = "in-page-"

DEPTH_MAX_TAGS: Final = 300
"""Nesting beyond this is flattened: the time browsers and sanitisers need for it grows with its
square."""

HTML_MAX_CHARS: Final = 4_000_000
"""Longer HTML is cut before it is sanitised."""
