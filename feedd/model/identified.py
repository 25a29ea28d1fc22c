"""Which entries are the same, and what is to become of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from feedd.model.published import Entry


class KeyedEntry(NamedTuple):
    """An entry with what identifies it: its key, canonical link, folded title, hash of its
    content.

    Where its HTML and summary are `packed` already, as the store keeps them, the entry itself has
    neither. `partial`: the feed carries less of it than the article.
    """

    entry: Entry
    key: str
    link_key: str | None
    title_key: str
    content_hash: bytes
    packed: bytes | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The same of an entry in the store."""

    id: int
    key: str
    link_key: str | None
    title_key: str
    content_hash: bytes


class NewEntry(NamedTuple):
    """To be stored. `read`: muted, arrives already read. `fetch_page`: its page is to be queued,
    to be asked for no sooner than `page_delay_s` from now.
    """

    keyed: KeyedEntry
    read: bool = False
    fetch_page: bool = False
    page_delay_s: int = 0


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """Row `id` gets this content. `unread`: becomes unread again. `fetch_page` as above."""

    id: int
    keyed: KeyedEntry
    unread: bool = False
    fetch_page: bool = False
