"""Element names: the prefixes that feedparser uses for namespaces, and which elements say what.

An element is known by its prefix and local name in lower case, `dc_creator` say, or the local name
alone where its namespace is that of a feed format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

ATOM_1: Final = "http://www.w3.org/2005/atom"
RSS_1: Final = "http://purl.org/rss/1.0/"
RSS_090: Final = "http://my.netscape.com/rdf/simple/0.9/"

_FORMATS: Final = (
    "http://backend.userland.com/rss",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/atom/ns#",
    RSS_1,
    RSS_090,
    ATOM_1,
)
_WRITTEN: Final = Path(__file__).with_name("namespaces.txt").read_text(encoding="utf-8")
_MODULES: Final[dict[str, str]] = dict(map(str.split, _WRITTEN.splitlines()))
"""The prefixes that feedparser uses for namespaces, these in lower case."""
PREFIXES: Final = dict.fromkeys(("", *_FORMATS), "") | _MODULES
"""By namespace, in lower case."""

MISSPELT: Final = {uri.rstrip("/#"): prefix for uri, prefix in PREFIXES.items() if uri} | {
    "http://www.rssboard.org/media-rss": "media",
    "http://dublincore.org/documents/dcmi-namespace": "dc",
}
"""Namespaces as they are misspelt: with https, with a sign at their end too many or too few."""

MODULE_NAMESPACES: Final = {
    prefix: uri
    for uri, prefix in _MODULES.items()
    if prefix in ("content", "dc", "dcterms", "feedburner", "itunes", "media", "rdf", "sy")
} | {"atom": "http://www.w3.org/2005/Atom"}
"""The modules that are read, by the prefix that a document means that forgot to declare it."""

FALLBACK_TITLES: Final = ("itunes_title", "media_title")
"""What names an entry that has no title of its own, the best first."""

FALLBACK_TEXTS: Final = ("googleplay_description", "media_description", "itunes_subtitle")
"""What is the text of an entry that has no other: a caption, a subtitle."""

FULL_TEXTS: Final = frozenset({"full-text", "fulltext"})
"""The whole text, in the namespaces of several search engines."""

VOID_ELEMENTS: Final = frozenset({"br", "hr", "img", "wbr"})
"""Elements of HTML without content: an end tag would be one too many."""

ENTRIES: Final = frozenset({"item", "entry"})
PERSONS: Final = frozenset({"author", "managingeditor", "dc_creator", "dc_author", "itunes_author"})
TEXTS: Final = {
    "title": "title", "dc_title": "dc:title", "description": "description",
    "dc_description": "dc:description", "summary": "summary", "itunes_summary": "itunes:summary",
    "content": "content", "content_encoded": "content:encoded", "fullitem": "content:encoded",
    "body": "content", "abstract": "description", "full-text": "content:encoded",
    "fulltext": "content:encoded",
}  # fmt: skip
PLAIN: Final = frozenset(
    str.split(
        "guid id published issued pubdate dcterms_issued updated modified lastbuilddate date"
        " dc_date dcterms_modified created dcterms_created language dc_language category keywords"
        " dc_subject media_category itunes_keywords media_keywords comments enclosure"
        " feedburner_origlink feedburner_origenclosurelink media_content media_thumbnail"
        " itunes_image itunes_duration itunes_season itunes_episode ttl sy_updateperiod"
        " sy_updatefrequency"
    )
)
"""Elements of entries and feeds whose text and attributes are taken as they stand."""
