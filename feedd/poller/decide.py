"""From what a poll or a push brought to what it changes, as one value: `PollOutcome`.

Nothing is read or written here. What an answer means for the feed's own state is in `outcome`, when
it is polled next in `schedule`; here they are put together, with the entries, the host's wish to be
left alone, the hub, and whether the feed is still there. Rules are those of docs/politeness.md.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from feedd import identity, outcome, schedule
from feedd.identity.content import host_of
from feedd.model import (
    Config,
    FeedConfig,
    FeedState,
    HostBackoff,
    HubChange,
    KnownEntry,
    NewEntry,
    PollOutcome,
    PollRecord,
    Settings,
    Subscription,
)
from feedd.outcome import Failure
from feedd.poller.document import ParsedDocument
from feedd.poller.entry_changes import (
    NO_CHANGES,
    EntryChanges,
    archive_for_gap,
    changes_of,
    gap_is_recent,
    gap_notes,
    is_gap,
)
from feedd.poller.fetch import FetchResult, is_local
from feedd.poller.push import lease
from feedd.poller.push.hub import hub_change, offered


class PollContext(Struct, frozen=True):
    """What holds for every poll of a pass. `poll_cost` is the schedule's, common to all feeds;
    `config` has the rules that new entries meet (None: none).
    """

    settings: Settings
    poll_cost: float | None
    rng: random.Random
    config: Config | None = None


class Push(Struct, frozen=True):
    """A document that a feed's hub has pushed. `feed` is as it was when the push is stored."""

    feed: FeedState
    config: FeedConfig
    at: int
    topic: str
    bytes: int
    document: ParsedDocument


class StoredFacts(Struct, frozen=True):
    """What the store knows of one feed: `entries` that the document's may be, whether any was
    stored before, its hub's subscription."""

    entries: Sequence[KnownEntry] = ()
    had_entries: bool = True
    subscription: Subscription | None = None


def decide_poll(
    result: FetchResult | Push, stored: StoredFacts, context: PollContext
) -> PollOutcome:
    """What one poll or push changes: the feed's state, its next poll, its entries, its hub."""
    if isinstance(result, Push):
        return _after_push(result, stored, context)
    if result.failure is not None:
        return _after_failure(result, result.failure, context)
    decided = _after_answer(result, stored, context)
    assert result.response is not None
    if result.response.truncated:
        return decided
    return _with_hub(result, decided, stored.subscription, context)


# ---------------------------------------------------------------- polls


def _after_failure(result: FetchResult, failure: Failure, context: PollContext) -> PollOutcome:
    state = outcome.failed(result.feed, failure, retry_after_s=result.retry_after_s, now=result.at)
    decided = _backed_off(result, state, failure, NO_CHANGES, context)
    missing = True if failure.says_missing and not is_local(result.feed.url) else None
    return replace(decided, backoff=_host_backoff(failure, decided), missing=missing)


def _after_answer(result: FetchResult, stored: StoredFacts, context: PollContext) -> PollOutcome:
    assert result.response is not None
    document = result.document
    if document is None:
        state = outcome.unchanged(
            result.feed,
            result.response,
            validators=result.validators,
            max_age_s=result.max_age_s,
            now=result.at,
        )
        return _scheduled(result, state, NO_CHANGES, context)
    changes = changes_of(
        document,
        stored.entries,
        result.config,
        context.settings,
        first_poll=result.feed.last_success is None,
    )
    notes = list(document.feed.problems)
    if note := outcome.coding_note(result.response):
        notes.append(note)
    if changes.verdict.note:
        notes.append(changes.verdict.note)
    elif document.feed.skipped and identity.SHARED_LINKS in (result.feed.notes or ""):
        notes.append(identity.SHARED_LINKS)  # those that share one were passed as seen
    gap = (
        stored.had_entries
        and result.feed.last_full is not None
        and not result.response.truncated
        and is_gap(document, changes.verdict)
    )
    notes += gap_notes(result.feed, result.at, gap=gap)
    state = outcome.parsed(
        result.feed,
        result.response,
        document.feed,
        validators=result.validators,
        max_age_s=result.max_age_s,
        body_hash=result.body_hash,
        keys=changes.verdict.keys,
        notes=notes,
        now=result.at,
    )
    if gap:
        state = replace(state, gap_at=result.at)
    decided = _scheduled(result, state, changes, context)
    return replace(
        decided, archive=archive_for_gap(result.feed, document, result.at) if gap else None
    )


def _backed_off(
    result: FetchResult,
    state: FeedState,
    failure: Failure,
    changes: EntryChanges,
    context: PollContext,
) -> PollOutcome:
    decision = schedule.after_failure(
        pace=pace_of(result.config, context.settings),
        interval_s=state.interval_s,
        failures=state.failures,
        failing_since=state.failing_since,
        kind=failure.kind,
        not_before=state.not_before,
        now=result.at,
        rng=context.rng,
        hints=replace(state.hints, max_age_s=None),  # of an answer long past
    )
    state = replace(state, next_poll=decision.next_poll, next_reason=decision.reason)
    return _outcome(result, state, changes, context)


def _scheduled(
    result: FetchResult, state: FeedState, changes: EntryChanges, context: PollContext
) -> PollOutcome:
    if state.failures:
        cut = Failure("truncated", outcome.CUT_SHORT, state.last_status)
        decided = _backed_off(result, state, cut, changes, context)
    else:
        decision = _next_poll(result, state, changes.new, context)
        state = replace(
            state,
            next_poll=decision.next_poll,
            next_reason=decision.reason,
            interval_s=decision.interval_s,
            rhythm=decision.rhythm,
        )
        decided = _outcome(result, state, changes, context)
    was_there = result.feed.state in ("ok", "new")
    return decided if was_there else replace(decided, missing=False)


def _next_poll(
    result: FetchResult | Push, state: FeedState, new: Sequence[NewEntry], context: PollContext
) -> schedule.NextPoll:
    return schedule.after_success(
        result.feed.rhythm,
        pace=pace_of(result.config, context.settings),
        now=result.at,
        previous_poll=result.feed.last_poll,
        entry_times=[min(n.keyed.entry.published or result.at, result.at) for n in new],
        first_poll=result.feed.last_success is None,
        hints=state.hints,
        not_before=state.not_before,
        rng=context.rng,
        poll_cost=context.poll_cost,
        gap=gap_is_recent(state, result.at),
    )


def _outcome(
    result: FetchResult, state: FeedState, changes: EntryChanges, context: PollContext
) -> PollOutcome:
    response = result.response
    asked_to_wait = result.retry_after_s is not None
    pace = pace_of(result.config, context.settings)
    record = PollRecord(
        at=result.at,
        url=response.url if response else result.feed.active_url,
        status=response.status if response else None,
        bytes=response.wire_bytes if response else 0,
        duration_ms=response.duration_ms if response else 0,
        new=len(changes.new),
        changed=len(changes.changed),
        error=state.last_error,
        next_poll=state.next_poll,
        reason=state.next_reason,
        conditional=result.conditional,
        validators_kept=state.validators is not None,
        redirects=len(response.hops) if response else 0,
        moved=response is not None and response.permanent_url is not None,
        not_before=state.not_before if asked_to_wait else None,
        fresh_until=None if state.failures else schedule.fresh_until(state.hints, pace, result.at),
    )
    return PollOutcome(state, record, changes.new, changes.changed, rekeyed=changes.verdict.rekeyed)


def pace_of(feed: FeedConfig, settings: Settings) -> schedule.Pace:
    """The bounds and the budget within which one feed is scheduled.

    Its own `interval` is fixed: no rhythm changes it. The two bounds hold for it all the same.
    """
    return schedule.Pace(
        interval_s=feed.interval_s if feed.interval_s is not None else settings.interval_s,
        min_interval_s=settings.min_interval_s,
        max_interval_s=settings.max_interval_s,
        adaptive=settings.adaptive and feed.interval_s is None,
    )


def _host_backoff(failure: Failure, decided: PollOutcome) -> HostBackoff | None:
    """A 429 holds for all feeds of the host that answered, as long as it said, or this feed waits
    (rule 9)."""
    if not failure.holds_host:
        return None
    said = decided.poll.not_before or 0
    until = said if said > decided.poll.at else decided.state.next_poll or 0
    return HostBackoff(host_of(decided.poll.url), until)


# ---------------------------------------------------------------- hubs and pushes


def _with_hub(
    result: FetchResult, decided: PollOutcome, known: Subscription | None, context: PollContext
) -> PollOutcome:
    """The outcome of a poll, with the hub that it offers, and later where that pushes."""
    state = decided.state
    if result.document is not None:
        assert result.response is not None
        feed, response = result.document.feed, result.response
        header = response.headers.get("link", "")
        if not (feed.hub or header or known or state.hub):
            return decided
        offer = offered(header, feed.hub, feed.self_url, response.url)
        state = replace(state, hub=offer.hub if offer else None)
        decided = replace(decided, state=state, hub=hub_change(state, offer, known))
    subscription = decided.hub.subscription if decided.hub else known
    if subscription is None or not subscription.pushes:
        return decided
    if decided.new:
        return replace(decided, hub=HubChange(lease.missed(subscription)))
    return _rarer(decided, subscription, result.config, context)


def _after_push(push: Push, stored: StoredFacts, context: PollContext) -> PollOutcome:
    """Nothing was asked of the feed's own address: all that is remembered of it stays (validators,
    health, the last poll), and so does the next poll, unless pushes let it wait.
    """
    assert stored.subscription is not None
    subscription = lease.pushed(stored.subscription, push.at)
    changes = changes_of(push.document, stored.entries, push.config, context.settings)
    hints = replace(push.document.feed.hints, max_age_s=None)
    learnt = _next_poll(
        push, replace(push.feed, hints=hints, not_before=None), changes.new, context
    )
    state = replace(push.feed, keys=changes.verdict.keys, rhythm=learnt.rhythm)
    record = PollRecord(
        at=push.at,
        url=push.topic,
        status=None,
        bytes=push.bytes,
        duration_ms=0,
        new=len(changes.new),
        changed=len(changes.changed),
        next_poll=state.next_poll,
        reason=state.next_reason,
    )
    decided = PollOutcome(
        state,
        record,
        changes.new,
        changes.changed,
        rekeyed=changes.verdict.rekeyed,
        hub=HubChange(subscription),
        pushed=True,
    )
    if push.feed.failures or push.feed.last_poll is None:
        return decided
    return _rarer(decided, subscription, push.config, context)


def _rarer(
    decided: PollOutcome, subscription: Subscription, feed: FeedConfig, context: PollContext
) -> PollOutcome:
    """With a later next poll, as far as the hub's pushes allow it."""
    if context.settings.websub_callback is None:
        return decided
    state = decided.state
    decision = schedule.while_pushed(
        schedule.NextPoll(state.next_poll, state.interval_s or 0, state.next_reason, state.rhythm),
        pushes=subscription.pushes,
        hub=host_of(subscription.hub),
        last_poll=state.last_poll or decided.poll.at,
        pace=pace_of(feed, context.settings),
        hints=state.hints,
        rng=context.rng,
    )
    return replace(
        decided,
        state=replace(state, next_poll=decision.next_poll, next_reason=decision.reason),
        poll=replace(decided.poll, next_poll=decision.next_poll, reason=decision.reason),
    )
