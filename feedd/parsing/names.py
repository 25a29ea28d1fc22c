"""Element names: the prefixes that feedparser uses for namespaces, and which elements say what.

An element is known by its prefix and local name in lower case, `dc_creator` say, or the local name
alone where its namespace is that of a feed format.
"""

from __future__ import annotations

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
_MODULES: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://webns.net/mvcb/": "admin",
    "http://purl.org/rss/1.0/modules/aggregation/": "ag",
    "http://purl.org/rss/1.0/modules/annotate/": "annotate",
    "http://media.tangent.org/rss/1.0/": "audio",
    "http://backend.userland.com/blogchannelmodule": "blogChannel",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons",
    "http://backend.userland.com/creativecommonsrssmodule": "creativeCommons",
    "http://purl.org/rss/1.0/modules/company": "co",
    "http://my.theinfo.org/changed/1.0/rss/": "cp",
    "http://purl.org/rss/1.0/modules/email/": "email",
    "http://purl.org/rss/1.0/modules/event/": "ev",
    "http://freshmeat.net/rss/fm/": "fm",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://postneo.com/icbm/": "icbm",
    "http://purl.org/rss/1.0/modules/image/": "image",
    "http://purl.org/rss/1.0/modules/link/": "l",
    "http://madskills.com/public/xml/rss/module/pingback/": "pingback",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://purl.org/rss/1.0/modules/reference/": "ref",
    "http://purl.org/rss/1.0/modules/richequiv/": "reqv",
    "http://purl.org/rss/1.0/modules/search/": "search",
    "http://schemas.xmlsoap.org/soap/envelope/": "soap",
    "http://purl.org/rss/1.0/modules/servicestatus/": "ss",
    "http://hacks.benhammersley.com/rss/streaming/": "str",
    "http://purl.org/rss/1.0/modules/subscription/": "sub",
    "http://schemas.pocketsoap.com/rss/mydescmodule/": "szf",
    "http://purl.org/rss/1.0/modules/taxonomy/": "taxo",
    "http://purl.org/rss/1.0/modules/textinput/": "ti",
    "http://madskills.com/public/xml/rss/module/trackback/": "trackback",
    "http://purl.org/rss/1.0/modules/wiki/": "wiki",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
}
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
