"""What a document changes of a feed's entries: new, changed, muted, their pages wanted; and gaps.

Pure. Rule numbers are those of docs/politeness.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from feedd import identity
from feedd.model import (
    ArchiveRead,
    ArticlesMode,
    ChangedEntry,
    Entry,
    FeedConfig,
    FeedState,
    KeyedEntry,
    KnownEntry,
    NewEntry,
    Settings,
)
from feedd.poller.document import ParsedDocument
from feedd.units import DAY_S, HOUR_S

PAGES_AT_ONCE = 20
"""Rule 17: so many article pages of one feed are wanted at first, newest first."""

PAGES_LATER_S = HOUR_S
"""Every further `PAGES_AT_ONCE` pages wait this much longer."""

GAP_NOTE = "no entry of a document was known before: some were probably missed in between"
GAP_FILLED_NOTE = "entries were missed in between, and read from the feed's archive"
GAP_LASTS_S = 7 * DAY_S
"""For so long after a gap the health says so and the feed is asked more often."""

GAP_DOCUMENTS = 10
"""How many documents of an archive are read at most to fill one gap."""

GAP_WAITS_S = 60
"""How long after the poll that found a gap, the first document of the archive is asked for."""


class EntryChanges(Struct, frozen=True):
    """What a document changes of the entries; `verdict` also holds those that came back under
    another key."""

    verdict: identity.Verdict
    new: tuple[NewEntry, ...]
    changed: tuple[ChangedEntry, ...]


NO_CHANGES = EntryChanges(identity.Verdict((), (), 0), (), ())


def changes_of(
    document: ParsedDocument,
    known: Sequence[KnownEntry],
    feed: FeedConfig,
    settings: Settings,
    *,
    first_poll: bool = False,
) -> EntryChanges:
    """What a document changes of the entries, those that are `known` being in the store.

    `first_poll`: the feed was never read before, and the file says how many stay unread.
    """
    verdict = identity.decide(
        document.entries, known, keys=document.keys, passed=document.feed.skipped > 0
    )
    wanted = page_wanted(feed, settings)
    unread = feed.updates == "unread"
    return EntryChanges(
        verdict,
        new=new_entries(
            verdict.new, feed.mute, wanted, unread=feed.first_unread if first_poll else None
        ),
        changed=tuple(
            ChangedEntry(entry_id, keyed, unread=unread, fetch_page=wanted(keyed))
            for entry_id, keyed in verdict.changed
        ),
    )


def new_entries(
    entries: Sequence[KeyedEntry],
    mute: Sequence[str],
    wanted: Callable[[KeyedEntry], bool],
    *,
    unread: int | None = None,
) -> tuple[NewEntry, ...]:
    """New entries with what is to become of them: muted or not, page wanted and when (rule 17).

    So many of the newest as `unread` says arrive unread, the others read; None: all unread.
    """
    newest_first = _newest_first(entries)
    read = frozenset(
        keyed.key for keyed in newest_first[len(entries) if unread is None else unread :]
    )
    delays: dict[str, int] = {}
    for keyed in newest_first:
        if wanted(keyed):
            delays[keyed.key] = len(delays) // PAGES_AT_ONCE * PAGES_LATER_S
    return tuple(
        NewEntry(
            keyed,
            read=keyed.key in read or muted(keyed.entry.title, mute),
            fetch_page=keyed.key in delays,
            page_delay_s=delays.get(keyed.key, 0),
        )
        for keyed in entries
    )


def _newest_first(entries: Sequence[KeyedEntry]) -> list[KeyedEntry]:
    """By date; where dates are missing, in the document's order, which begins with the newest."""
    if all(keyed.entry.published is not None for keyed in entries):
        return sorted(entries, key=lambda keyed: keyed.entry.published or 0, reverse=True)
    return list(entries)


def muted(title: str, mute: Sequence[str]) -> bool:
    """Does a title match one of the feed's `mute` words, or `/regular expressions/`?"""
    return any(_mute_pattern(word).search(title) for word in mute)


@lru_cache(maxsize=1024)
def _mute_pattern(word: str) -> re.Pattern[str]:
    if len(word) > 2 and word.startswith("/") and word.endswith("/"):
        return re.compile(word[1:-1])
    return re.compile(re.escape(word), re.IGNORECASE)


def page_wanted(feed: FeedConfig, settings: Settings) -> Callable[[KeyedEntry], bool]:
    """Whether the page of an entry is to be fetched, as the file says."""
    mode = feed.articles or settings.articles

    def wanted(keyed: KeyedEntry) -> bool:
        return needs_page(keyed.entry, mode, partial=keyed.partial)

    return wanted


def needs_page(entry: Entry, mode: ArticlesMode, *, partial: bool) -> bool:
    """Whether the page is to be fetched: by the user's `mode`, and in "auto" when what the feed
    carries is partial.
    """
    if mode == "never" or entry.link is None:
        return False
    return mode == "always" or partial


def is_gap(document: ParsedDocument, verdict: identity.Verdict) -> bool:
    """Were entries probably missed: is none of a whole document known to a feed polled before?

    A document that holds a single entry says nothing: its feed may always show only the latest.
    """
    met = document.feed.skipped + verdict.known + len(verdict.changed)
    return met == 0 and len(verdict.new) > 1


def gap_notes(feed: FeedState, now: int, *, gap: bool) -> list[str]:
    """What the health says of gaps; `gap`: this poll met one."""
    if gap:
        return [GAP_NOTE]
    if not gap_is_recent(feed, now):
        return []
    return [GAP_FILLED_NOTE if GAP_FILLED_NOTE in (feed.notes or "") else GAP_NOTE]


def gap_is_recent(feed: FeedState, now: int) -> bool:
    """Is the feed still asked more often because of a gap?"""
    return feed.gap_at is not None and now - feed.gap_at < GAP_LASTS_S


def archive_for_gap(feed: FeedState, document: ParsedDocument, now: int) -> ArchiveRead | None:
    """The archive that fills a gap, where the document names one."""
    url = document.feed.archive_url
    if url is None:
        return None
    due = now + GAP_WAITS_S
    return ArchiveRead(feed.id, feed.name, url, "gap", GAP_DOCUMENTS, due)
