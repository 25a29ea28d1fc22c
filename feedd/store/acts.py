"""What a person did, on disk, so that it can be taken back: marks, tags, rules applied, splits.

An act notes which entries it changed, what they had before and have now. Taking it back changes
those that still have what it gave them and that no later act, not taken back itself, has touched.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from feedd.errors import FeeddError
from feedd.store import groups
from feedd.store.sqlite import in_parts, placeholders, sqlite_errors, synced
from feedd.units import DAY_S

KEPT_ACTS: Final = 100
KEPT_S: Final = 30 * DAY_S
"""How many acts can be taken back, and for how long."""

_NONE = -(2**62)
"""Stands for NULL among values before a change."""


class Act(Struct, frozen=True):
    """One act: the command, when it was given, how many items it changed, whether it was taken
    back.
    """

    act: int
    at: int
    command: str
    items: int
    undone: bool


class Change(Struct, frozen=True):
    """Entries of which one act changed one thing: a column of marks, `tag:` and a tag, or `split`
    (then `entries` are the one that was taken out and those that stayed).
    """

    what: str
    entries: tuple[int, ...]
    before: tuple[int | None, ...]
    after: int | None


def begin_act(db: sqlite3.Connection, command: str, now: int) -> int:
    """Open an act, within the caller's transaction; returns its number. Old ones are forgotten."""
    number = db.execute(
        "INSERT INTO acts(at, command, items) VALUES (?, ?, 0)", (now, command)
    ).lastrowid
    assert number is not None
    db.execute("DELETE FROM acts WHERE id <= ? OR at < ?", (number - KEPT_ACTS, now - KEPT_S))
    return number


def note_change(db: sqlite3.Connection, act: int | None, change: Change) -> None:
    """Add a change to an act (None: to none), within the caller's transaction."""
    if act is None or not change.entries:
        return
    before = [_NONE if value is None else value for value in change.before]
    db.execute(
        "INSERT INTO act_changes(act_id, what, entries, before, after) VALUES (?, ?, ?, ?, ?)",
        (act, change.what, _packed(change.entries), _packed(before), change.after),
    )


def end_act(db: sqlite3.Connection, act: int | None, items: int) -> None:
    """Add to the number of items that an act changed; one that changed none is no act."""
    if act is None:
        return
    db.execute("UPDATE acts SET items = items + ? WHERE id = ?", (items, act))
    db.execute("DELETE FROM acts WHERE id = ? AND items = 0", (act,))


def acts(db: sqlite3.Connection) -> list[Act]:
    """The acts that are remembered, the newest first."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT id, at, command, items, undone_at IS NOT NULL FROM acts ORDER BY id DESC"
        ).fetchall()
    return [Act(act, at, command, items, bool(undone)) for act, at, command, items, undone in rows]


def undo(db: sqlite3.Connection, number: int | None, now: int) -> tuple[Act, int]:
    """Take back an act, or (None) the last one not taken back; returns it and how many items were
    changed back. Raises FeeddError where there is nothing to take back.
    """
    with synced(db):
        act = _to_undo(db, number)
        changed: set[int] = set()
        for change in reversed(list(_changes(db, "act_id = ?", act.act))):
            changed |= _take_back(db, act.act, change)
        db.execute("UPDATE acts SET undone_at = ? WHERE id = ?", (now, act.act))
    return act, len(changed)


def _to_undo(db: sqlite3.Connection, number: int | None) -> Act:
    known = acts(db)
    if number is None:
        for act in known:
            if not act.undone:
                return act
        raise FeeddError("there is nothing to undo; feedd undo --list shows what was undone")
    for act in known:
        if act.act == number:
            if act.undone:
                raise FeeddError(f"act {number} was undone already: there is nothing to undo")
            return act
    raise FeeddError(f"there is no act {number} to undo; feedd undo --list shows which there are")


def _changes(db: sqlite3.Connection, where: str, *values: int | str) -> Iterator[Change]:
    for what, entries, before, after in db.execute(
        f"SELECT what, entries, before, after FROM act_changes WHERE {where} ORDER BY id", values
    ).fetchall():
        pairs = (None if value == _NONE else value for value in _unpacked(before))
        yield Change(what, _unpacked(entries), tuple(pairs), after)


def _take_back(db: sqlite3.Connection, act: int, change: Change) -> set[int]:
    """The leaders of the entries that were changed back."""
    if change.what == "split":
        entry_id, *others = change.entries
        return {entry_id} if groups.join_again(db, entry_id, others) else set()
    since: set[int] = set()
    later = "what = ? AND act_id IN (SELECT id FROM acts WHERE id > ? AND undone_at IS NULL)"
    for other in _changes(db, later, change.what, act):
        since.update(other.entries)
    values = dict(zip(change.entries, change.before, strict=True))
    ids = [entry_id for entry_id in change.entries if entry_id not in since]
    kind, _, tag = change.what.partition(":")
    changed: dict[int, int | None] = {}
    for some in in_parts(ids):
        if kind == "tag":
            has = "(SELECT 1 FROM entry_tags t WHERE t.folded = ? AND t.entry_id = m.entry_id)"
            asked = (tag.casefold(), *some)
        else:
            has, asked = f"m.{change.what}", tuple(some)
        rows = db.execute(
            f"SELECT m.entry_id, coalesce(m.same_as, m.entry_id), {has} FROM marks m"
            f" WHERE m.entry_id IN ({placeholders(len(some))})",
            asked,
        ).fetchall()
        changed.update(
            (leader, values[entry_id]) for entry_id, leader, now in rows if now == change.after
        )
    for leader, before in changed.items():
        if kind == "tag":
            set_tag(db, [leader], tag, on=before is not None)
        else:
            db.execute(
                f"UPDATE marks SET {change.what} = ? WHERE entry_id = ? OR same_as = ?",
                (before, leader, leader),
            )
    return set(changed)


def set_tag(db: sqlite3.Connection, leaders: Sequence[int], tag: str, *, on: bool) -> None:
    """Give stories a tag, or take it from them, within the caller's transaction."""
    folded = tag.casefold()
    members = "SELECT entry_id FROM marks WHERE entry_id = ? OR same_as = ?"
    if on:
        db.executemany(
            "INSERT OR IGNORE INTO entry_tags(folded, entry_id, tag)"
            f" SELECT ?, entry_id, ? FROM ({members})",
            [(folded, tag, leader, leader) for leader in leaders],
        )
    else:
        db.executemany(
            f"DELETE FROM entry_tags WHERE folded = ? AND entry_id IN ({members})",
            [(folded, leader, leader) for leader in leaders],
        )


def _packed(values: Sequence[int]) -> bytes:
    return zlib.compress(struct.pack(f"<{len(values)}q", *values), 1)


def _unpacked(blob: bytes) -> tuple[int, ...]:
    plain = zlib.decompress(blob)
    return struct.unpack(f"<{len(plain) // 8}q", plain)
