"""What `[[rules]]` do with entries: with new ones as they are stored, with stored ones on request.

New entries meet every rule in the order of the file; each rule sees what those before it did. Marks
and tags are the story's, as they are when a person gives them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from feedd.model import FeedConfig, ItemFilter, Rule
from feedd.query import QueryNames, parse
from feedd.query.query_nodes import Query
from feedd.store.marks import apply_marks, leaders_of
from feedd.store.search.query_lists import matching, matching_between
from feedd.store.sqlite import sqlite_errors

_EVERY = ItemFilter(which="all", limit=None)


class RuleHits(NamedTuple):
    """How many entries a rule has hit on arrival, and when the last of them came."""

    hits: int
    last_hit: int | None


def key_of(rule: Rule) -> str:
    """What a rule's hits belong to: its name, else what it says."""
    return f"name:{rule.name}" if rule.name else f"when:{rule.when}\0{' '.join(rule.do)}"


def mute_key(feed: FeedConfig) -> str:
    """The same for the `mute` of a feed."""
    return f"mute:{feed.name}\0{chr(0).join(feed.mute)}"


def query_of(rule: Rule, names: QueryNames, now: int) -> Query:
    """What a rule asks for, at `now`."""
    return parse(rule.when, names, now=now, strict=False)


def holds(rule: Rule, now: int) -> bool:
    """Is it not past the last day of the rule, by the local calendar?"""
    return rule.until is None or date.fromtimestamp(now) <= rule.until


def apply_to_new(
    db: sqlite3.Connection,
    rules: Sequence[Rule],
    names: QueryNames,
    ids: Iterable[int],
    now: int,
) -> list[tuple[str, int]]:
    """Have entries that were just stored meet the rules, within the caller's transaction.

    Returns the commands of `notify:` and the entry that each is to be run for.
    """
    new = sorted(ids)
    if not new:
        return []
    came = set(new)
    notify: list[tuple[str, int]] = []
    for rule in rules:
        if not holds(rule, now):
            continue
        query = query_of(rule, names, now)
        found = matching_between(db, query, _EVERY, new[0] - 1, new[-1], new=True)
        hits = [entry_id for entry_id in found if entry_id in came]
        if hits:
            _do(db, rule, hits, now, None)
            note_hits(db, key_of(rule), len(hits), now)
            notify += ((command, one) for command in _commands(rule) for one in hits)
    return notify


def hits_of(
    db: sqlite3.Connection, rule: Rule, names: QueryNames, *, since: int | None, now: int
) -> list[int]:
    """The stored entries that a rule hits, the newest first, with their marks as they are."""
    wanted = ItemFilter(which="all", limit=None, since=since)
    with sqlite_errors(db):
        return matching(db, query_of(rule, names, now), wanted)


def apply_to_stored(
    db: sqlite3.Connection, rule: Rule, hits: Sequence[int], now: int, act: int | None
) -> int:
    """Do what a rule says to stored entries, within the caller's transaction, as part of an act.
    Nobody is notified. Returns how many items changed.
    """
    return len(_do(db, rule, hits, now, act))


def note_hits(db: sqlite3.Connection, key: str, hits: int, now: int) -> None:
    """Count hits on arrival, within the caller's transaction."""
    db.execute(
        "INSERT INTO rule_hits(rule, hits, last_hit) VALUES (?, ?, ?) ON CONFLICT(rule) DO UPDATE"
        " SET hits = hits + excluded.hits, last_hit = excluded.last_hit",
        (key, hits, now),
    )


def rule_hits(db: sqlite3.Connection) -> Mapping[str, RuleHits]:
    """The hits on arrival so far, by `key_of` a rule."""
    with sqlite_errors(db):
        rows = db.execute("SELECT rule, hits, last_hit FROM rule_hits").fetchall()
    return {key: RuleHits(hits, last) for key, hits, last in rows}


def _do(
    db: sqlite3.Connection, rule: Rule, hits: Sequence[int], now: int, act: int | None
) -> set[int]:
    leaders = leaders_of(db, hits)
    changed: set[int] = set()
    for action in rule.do:
        if action == "full-text":
            _queue_pages(db, hits, now)
        elif not action.startswith("notify:"):
            marked = f"+{action[4:]}" if action.startswith("tag:") else action
            changed |= apply_marks(db, [marked], leaders, now, act)
    return changed


def _queue_pages(db: sqlite3.Connection, entry_ids: Sequence[int], now: int) -> None:
    """Have pages fetched, where there is a link and no article yet."""
    db.executemany(
        "INSERT OR IGNORE INTO article_queue(entry_id, sort_at, not_before, tries)"
        " SELECT e.id, m.sort_at, ?, 0 FROM entries e JOIN marks m ON m.entry_id = e.id"
        " WHERE e.id = ? AND e.link IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM articles a WHERE a.entry_id = e.id AND a.html IS NOT NULL)",
        [(now, entry_id) for entry_id in entry_ids],
    )


def _commands(rule: Rule) -> list[str]:
    return [action.partition(":")[2] for action in rule.do if action.startswith("notify:")]
