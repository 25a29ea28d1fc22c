"""A feed's row in the database, and the value it stands for."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from feedd.model import FeedHealth, FeedState, Hints, Validators

STATE_COLUMNS = (
    "id, name, url, active_url, enabled, removed_at, state, title, site, language, etag,"
    " last_modified, validators_url, body_hash, item_hashes, hints, last_poll, last_success,"
    " last_full, gap_at, last_status, last_error, failures, failing_since, not_before, next_poll,"
    " next_reason, interval_s, rhythm, move_to, move_polls, keys, hub, suggested_url, notes"
)
"""What `state_of` reads, in its order."""

SAVE_STATE = """UPDATE feeds SET
  active_url = ?, state = ?, title = ?, site = ?, language = ?, etag = ?, last_modified = ?,
  validators_url = ?, body_hash = ?, item_hashes = ?, hints = ?, last_poll = ?, last_success = ?,
  last_full = ?, gap_at = ?, last_status = ?, last_error = ?, failures = ?, failing_since = ?,
  not_before = ?,
  next_poll = ?, next_reason = ?, interval_s = ?, rhythm = ?, move_to = ?, move_polls = ?, keys = ?,
  hub = ?, suggested_url = ?, notes = ?, poll_count = poll_count + 1
WHERE id = ? AND url = ?"""
"""Takes `saved(state)`. What the user configures is not in it, and after the user changed the url
nothing is saved of a poll of the old one."""

SAVE_PUSHED = """UPDATE feeds SET rhythm = ?, keys = ?, next_poll = ?, next_reason = ?
WHERE id = ? AND url = ?"""
"""Takes `saved_pushed(state)`: what a push changes, no validator among it."""


def state_of(row: sqlite3.Row | tuple[Any, ...]) -> FeedState:
    """The state that a row of `STATE_COLUMNS` stands for."""
    (
        feed_id, name, url, active_url, enabled, removed_at, health, title, site, language, etag,
        last_modified, validators_url, body_hash, item_hashes, hints, last_poll, last_success,
        last_full, gap_at, last_status, last_error, failures, failing_since, not_before, next_poll,
        next_reason, interval_s, rhythm, move_to, move_polls, keys, hub, suggested_url, notes,
    ) = row  # fmt: skip
    polled = enabled and removed_at is None
    state: FeedHealth = health if polled else "disabled" if removed_at is None else "removed"
    return FeedState(
        id=feed_id,
        name=name,
        url=url,
        active_url=active_url,
        state=state,
        title=title,
        site=site,
        language=language,
        validators=Validators(validators_url, etag, last_modified) if validators_url else None,
        body_hash=body_hash,
        items=item_hashes,
        hints=_hints_of(hints) if hints else Hints(),
        last_poll=last_poll,
        last_success=last_success,
        last_full=last_full,
        gap_at=gap_at,
        last_status=last_status,
        last_error=last_error,
        failures=failures,
        failing_since=failing_since,
        not_before=not_before,
        next_poll=next_poll if polled else None,
        next_reason=next_reason if polled else f"{state}: not polled",
        interval_s=interval_s,
        rhythm=rhythm,
        move_to=move_to,
        move_polls=move_polls,
        keys=keys,
        hub=hub,
        suggested_url=suggested_url,
        notes=notes,
    )


def saved(state: FeedState) -> tuple[Any, ...]:
    """The parameters of `SAVE_STATE`."""
    validators = state.validators
    return (
        state.active_url,
        # Being disabled or removed is the file's doing and is stored apart from the health.
        "ok" if state.state in ("disabled", "removed") else state.state,
        state.title,
        state.site,
        state.language,
        validators.etag if validators else None,
        validators.last_modified if validators else None,
        validators.url if validators else None,
        state.body_hash,
        state.items,
        _hints_text(state.hints),
        state.last_poll,
        state.last_success,
        state.last_full,
        state.gap_at,
        state.last_status,
        state.last_error,
        state.failures,
        state.failing_since,
        state.not_before,
        state.next_poll,
        state.next_reason,
        state.interval_s,
        state.rhythm,
        state.move_to,
        state.move_polls,
        state.keys,
        state.hub,
        state.suggested_url,
        state.notes,
        state.id,
        state.url,
    )


def saved_pushed(state: FeedState) -> tuple[Any, ...]:
    """The parameters of `SAVE_PUSHED`."""
    s = state
    return (s.rhythm, s.keys, s.next_poll, s.next_reason, s.id, s.url)


_HINTS = ("max_age_s", "ttl_s", "update_period_s", "skip_hours", "skip_days")


def _hints_text(hints: Hints) -> str | None:
    said = {name: value for name in _HINTS if (value := getattr(hints, name)) not in (None, ())}
    return json.dumps(said, separators=(",", ":")) if said else None


def _hints_of(text: str) -> Hints:
    said = json.loads(text)
    return Hints(
        max_age_s=said.get("max_age_s"),
        ttl_s=said.get("ttl_s"),
        update_period_s=said.get("update_period_s"),
        skip_hours=tuple(said.get("skip_hours", ())),
        skip_days=tuple(said.get("skip_days", ())),
    )
