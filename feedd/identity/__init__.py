"""Which entries are the same: canonical links, keys, content hashes. Pure.

docs/identity.md tells the story; rule numbers are those of docs/politeness.md.
"""

from feedd.identity.content import content_hash, title_key
from feedd.identity.deciding import Verdict, decide
from feedd.identity.hosts import host_of
from feedd.identity.keying import REUSED_GUIDS, Keying, keyed
from feedd.identity.links import canonical_link, names_article

__all__ = [
    "REUSED_GUIDS",
    "Keying",
    "Verdict",
    "canonical_link",
    "content_hash",
    "decide",
    "host_of",
    "keyed",
    "names_article",
    "title_key",
]
