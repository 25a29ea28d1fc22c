"""What is looked for beside polling: entries that slipped by, and feeds that went elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ArchiveKind = Literal["gap", "history"]


@dataclass(frozen=True, slots=True)
class ArchiveRead:
    """An archive being read backwards: its next document, and how many more are read at most.

    A "gap" is filled by itself and its entries are news; a "history" was asked for. `paged`: the
    address is made by counting pages, the publisher named none. Not before `due`. `keys` as in
    FeedState.
    """

    feed_id: int
    feed: str
    url: str
    kind: ArchiveKind
    left: int
    due: int
    paged: bool = False
    keys: Literal["guid", "link"] = "guid"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a lost feed seems to be now: of the `entries` there, so many are `known` ones of it."""

    url: str
    known: int
    entries: int
