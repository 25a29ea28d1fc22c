"""Lists of feeds: OPML in and out (OPML 2.0, http://opml.org/spec2.opml), newsboat's urls in."""

from __future__ import annotations

from feedd.opml.outlines import MAX_BYTES, read
from feedd.opml.subscriptions import OpmlFeed, OpmlImport, write
