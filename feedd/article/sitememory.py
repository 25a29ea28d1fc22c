"""What recurs on a site's pages is furniture: learning it, forgetting it, telling it from content.

Pure values and functions. A `SiteMemory` belongs to one host. Each page adds the fingerprints of
its blocks once; a block that was on enough of the last pages is furniture. Three rules keep
content that recurs:

- Only pages of different articles count: a page fetched again adds nothing.
- A block is content where it opens or divides what differs: it is kept when it is a heading, or
  stands amid article text (`Standing.within`), unless it points elsewhere (links) or nearly all pages have
  it. A recipe's "Ingredients" is on half of the pages and amid text; "Subscribe to …" stands at the
  edge on all of them.
- What a page's own summary in the feed says is content of that page.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from feedd.article.blocks import Block


def fingerprint(block: Block) -> int:
    """63 bits of a block's folded words, digits left out: "12 comments" is "9 comments"."""
    words = " ".join(word for word in block.words if not word.isdigit())
    digest = hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
