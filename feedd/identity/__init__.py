"""Which entries are the same: canonical links, keys, content hashes. Pure.

docs/identity.md tells the story; rule numbers are those of docs/politeness.md.
"""

from feedd.identity.content import (
    article_link,
    canonical_link,
    content_hash,
    host_of,
    names_article,
    says_the_same,
    site_of,
    text_of,
    title_key,
)
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
from feedd.identity.matching import Verdict, decide
