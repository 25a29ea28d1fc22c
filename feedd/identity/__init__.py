"""Which entries are the same: canonical links, keys, content hashes. Pure.

    links         the canonical form of a link
    content       what of an entry's content counts, and how alike two texts are
    entry_keys    the key of each entry of a document
    seen_items    what is remembered of a document's items for the next poll
    matching      a document's entries against those in the store

docs/identity.md tells the story; rule numbers are those of docs/politeness.md.
"""

from feedd.identity.content import content_hash, says_the_same, title_key
from feedd.identity.entry_keys import (
    REUSED_GUIDS,
    SHARED_LINKS,
    Keying,
    assign_keys,
    describe,
    guid_name,
    keyed,
    name_below_link,
    names_below_guid,
)
from feedd.identity.hosts import host_of
from feedd.identity.links import article_link, canonical_link, names_article
from feedd.identity.matching import Verdict, decide

__all__ = [
    "REUSED_GUIDS",
    "SHARED_LINKS",
    "Keying",
    "Verdict",
    "article_link",
    "assign_keys",
    "canonical_link",
    "content_hash",
    "decide",
    "describe",
    "guid_name",
    "host_of",
    "keyed",
    "name_below_link",
    "names_article",
    "names_below_guid",
    "says_the_same",
    "title_key",
]
