"""Which entries are the same: canonical links, keys, content hashes. Pure.

    hosts         which requests concern one server, and which addresses are refused
    links         the canonical form of a link
    content       what of an entry's content counts, and how alike two texts are
    entry_keys    the key of each entry of a document, and what is remembered of its items
    matching      a document's entries against those in the store
    story         which entries of different feeds tell one story

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
    may_be_meant,
    name_below_link,
    names_below_guid,
    packed_items,
    unpacked_items,
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
    "may_be_meant",
    "name_below_link",
    "names_article",
    "names_below_guid",
    "packed_items",
    "says_the_same",
    "title_key",
    "unpacked_items",
]
