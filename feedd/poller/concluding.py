"""From what a poll brought to what it changes. Pure: the store's side is passed in as values."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from feedd import identity, outcome, schedule
from feedd.article import needs_page
from feedd.model import (
    ArchiveRead,
    ChangedEntry,
    FeedConfig,
    FeedState,
    KeyedEntry,
    KnownEntry,
    NewEntry,
    PollOutcome,
    PollRecord,
    Settings,
)
from feedd.outcome import Failure
from feedd.poller.asking import Asked

PAGES_AT_ONCE = 20
"""Rule 17: so many article pages of one feed are wanted at first, newest first."""

PAGES_LATER_S = 3600
"""Every further `PAGES_AT_ONCE` pages wait this much longer."""

GAP_NOTE = "no entry of a document was known before: some were probably missed in between"
GAP_FILLED_NOTE = "entries were missed in between, and read from the feed's archive"
GAP_LASTS_S = 7 * 86_400
"""For so long after a gap the health says so and the feed is asked more often."""

GAP_DOCUMENTS = 10
"""So many documents of an archive are read at most to fill one gap."""

GAP_WAITS_S = 60
"""So long after the poll that found a gap, the first document of the archive is asked for."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every poll of a pass. `price` is the schedule's, common to all feeds."""

    settings: Settings
    price: float | None
    rng: random.Random


def conclude(
    asked: Asked, known: Sequence[KnownEntry], terms: Terms, *, had_entries: bool = True
) -> PollOutcome:
    """What one poll changes: the feed's state, its next poll, its new and changed entries.

    `had_entries`: any was stored of the feed before.
    """
    if asked.failure is not None:
        return _failed(asked, asked.failure, terms)
    assert asked.response is not None
    if asked.reading is None:
        state = outcome.unchanged(
            asked.feed,
            asked.response,
            validators=asked.validators,
            max_age_s=asked.max_age_s,
            now=asked.at,
        )
        return _scheduled(asked, state, (), (), terms)
    reading = asked.reading
    verdict = identity.decide(reading.entries, known)
    notes = list(reading.feed.problems)
    if reading.note:
        notes.append(reading.note)
    gap = had_entries and is_gap(asked, verdict)
    notes += _gap_notes(asked.feed, asked.at, gap=gap)
    state = outcome.parsed(
        asked.feed,
        asked.response,
        reading.feed,
        validators=asked.validators,
        max_age_s=asked.max_age_s,
        body_hash=asked.body_hash,
        keys=reading.keys,
        notes=notes,
        now=asked.at,
    )
    if gap:
        state = replace(state, gap_at=asked.at)
    wanted = page_wanted(asked.config, terms.settings)
    new = arrivals(verdict.new, asked.config.mute, wanted)
    unread = asked.config.updates == "unread"
    changed = tuple(
        ChangedEntry(entry_id, keyed, unread=unread, fetch_page=wanted(keyed))
        for entry_id, keyed in verdict.changed
    )
    concluded = _scheduled(asked, state, new, changed, terms)
    archive = _archive_for_gap(asked) if gap else None
    return replace(concluded, rekeyed=verdict.rekeyed, archive=archive)


def arrivals(
    entries: Sequence[KeyedEntry], mute: Sequence[str], wanted: Callable[[KeyedEntry], bool]
) -> tuple[NewEntry, ...]:
    """New entries with what is to become of them: muted or not, page wanted and when (rule 17)."""
    newest_first = sorted(entries, key=lambda k: k.entry.published or 0, reverse=True)
    delays: dict[str, int] = {}
    for keyed in newest_first:
        if wanted(keyed):
            delays[keyed.key] = len(delays) // PAGES_AT_ONCE * PAGES_LATER_S
    return tuple(
        NewEntry(
            keyed,
            read=muted(keyed.entry.title, mute),
            fetch_page=keyed.key in delays,
            page_delay_s=delays.get(keyed.key, 0),
        )
        for keyed in entries
    )


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


def is_gap(asked: Asked, verdict: identity.Verdict) -> bool:
    """Were entries probably missed: is none of a whole document known to a feed polled before?

    A document that holds a single entry says nothing: its feed may always show only the latest.
    """
    assert asked.response is not None
    assert asked.reading is not None
    met = asked.reading.feed.skipped + verdict.known + len(verdict.changed)
    whole = asked.feed.last_full is not None and not asked.response.truncated
    return whole and met == 0 and len(verdict.new) > 1


def _gap_notes(feed: FeedState, now: int, *, gap: bool) -> list[str]:
    if gap:
        return [GAP_NOTE]
    if not _gap_is_recent(feed, now):
        return []
    return [GAP_FILLED_NOTE if GAP_FILLED_NOTE in (feed.notes or "") else GAP_NOTE]


def _gap_is_recent(feed: FeedState, now: int) -> bool:
    return feed.gap_at is not None and now - feed.gap_at < GAP_LASTS_S


def _archive_for_gap(asked: Asked) -> ArchiveRead | None:
    assert asked.reading is not None
    url = asked.reading.feed.archive_url
    if url is None:
        return None
    feed, due = asked.feed, asked.at + GAP_WAITS_S
    return ArchiveRead(feed.id, feed.name, url, "gap", GAP_DOCUMENTS, due)


def pace_of(feed: FeedConfig, settings: Settings) -> schedule.Pace:
    """The bounds and the budget within which one feed is scheduled; its own `interval` is fixed."""
    fixed = feed.interval_s is not None
    interval_s = feed.interval_s if feed.interval_s is not None else settings.interval_s
    return schedule.Pace(
        interval_s=interval_s,
        min_interval_s=settings.min_interval_s,
        max_interval_s=max(settings.max_interval_s, interval_s),
        adaptive=settings.adaptive and not fixed,
    )


def _failed(asked: Asked, failure: Failure, terms: Terms) -> PollOutcome:
    state = outcome.failed(asked.feed, failure, retry_after_s=asked.retry_after_s, now=asked.at)
    return _backed_off(asked, state, failure, (), (), terms)


def _backed_off(
    asked: Asked,
    state: FeedState,
    failure: Failure,
    new: tuple[NewEntry, ...],
    changed: tuple[ChangedEntry, ...],
    terms: Terms,
) -> PollOutcome:
    decision = schedule.after_failure(
        pace=pace_of(asked.config, terms.settings),
        interval_s=state.interval_s,
        failures=state.failures,
        failing_since=state.failing_since,
        kind=failure.kind,
        not_before=state.not_before,
        now=asked.at,
        rng=terms.rng,
        hints=replace(state.hints, max_age_s=None),  # of an answer long past
    )
    state = replace(state, next_poll=decision.next_poll, next_reason=decision.reason)
    return PollOutcome(state, _record(asked, state, new, changed, terms), new, changed)


def _scheduled(
    asked: Asked,
    state: FeedState,
    new: tuple[NewEntry, ...],
    changed: tuple[ChangedEntry, ...],
    terms: Terms,
) -> PollOutcome:
    if state.failures:
        cut = Failure("truncated", outcome.CUT_SHORT, state.last_status)
        return _backed_off(asked, state, cut, new, changed, terms)
    decision = schedule.after_success(
        asked.feed.rhythm,
        pace=pace_of(asked.config, terms.settings),
        now=asked.at,
        previous_poll=asked.feed.last_poll,
        entry_times=[min(n.keyed.entry.published or asked.at, asked.at) for n in new],
        first_poll=asked.feed.last_success is None,
        hints=state.hints,
        not_before=state.not_before,
        rng=terms.rng,
        price=terms.price,
        gap=_gap_is_recent(state, asked.at),
    )
    state = replace(
        state,
        next_poll=decision.next_poll,
        next_reason=decision.reason,
        interval_s=decision.interval_s,
        rhythm=decision.rhythm,
    )
    return PollOutcome(state, _record(asked, state, new, changed, terms), new, changed)


def _record(
    asked: Asked,
    state: FeedState,
    new: tuple[NewEntry, ...],
    changed: tuple[ChangedEntry, ...],
    terms: Terms,
) -> PollRecord:
    response = asked.response
    asked_to_wait = asked.retry_after_s is not None
    pace = pace_of(asked.config, terms.settings)
    return PollRecord(
        at=asked.at,
        url=response.url if response else asked.feed.active_url,
        status=response.status if response else None,
        bytes=response.wire_bytes if response else 0,
        duration_ms=response.duration_ms if response else 0,
        new=len(new),
        changed=len(changed),
        error=state.last_error,
        next_poll=state.next_poll,
        reason=state.next_reason,
        conditional=asked.conditional,
        validators_kept=state.validators is not None,
        redirects=len(response.hops) if response else 0,
        moved=response is not None and response.permanent_url is not None,
        not_before=state.not_before if asked_to_wait else None,
        fresh_until=None if state.failures else schedule.fresh_until(state.hints, pace, asked.at),
    )
