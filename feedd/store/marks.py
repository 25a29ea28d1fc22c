"""What the user did: read, starred, hidden, tagged. Marks of one story go to all its entries."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from feedd.errors import FeeddError, NotFoundError, UsageError
from feedd.model import ItemFilter, MarkAction
from feedd.store.lists import listed
from feedd.store.sqlite import in_parts, placeholders, snapshot, synced
from feedd.units import tag_problem

MARKED_A_TRANSACTION = 20_000
"""Between two of these, others get to write: a million at once would take longer than they wait."""

LATER = "later"
"""The tag of what is to be read later."""


class _Marked(NamedTuple):
    """The column that an action sets, the rows that differ, and whether it becomes a time."""

    column: str
    differs: str
    is_set: bool


_ACTIONS: dict[str, _Marked] = {
    "read": _Marked("read_at", "read_at IS NULL", True),
    "unread": _Marked("read_at", "read_at IS NOT NULL", False),
    "star": _Marked("starred_at", "starred_at IS NULL", True),
    "unstar": _Marked("starred_at", "starred_at IS NOT NULL", False),
    "hide": _Marked("hidden_at", "hidden_at IS NULL", True),
}


def mark(
    db: sqlite3.Connection,
    action: MarkAction,
    *,
    ids: Sequence[int] = (),
    filter: ItemFilter | None = None,
    before: int | None = None,
    now: int,
    command: str | None = None,
) -> int:
    """Mark the items with these ids, and those that pass the filter (its limit does not count).

    `before` narrows the filter to items whose sort time is earlier. `command`: it is an act that
    can be undone. Returns how many items changed, a story counting once; on the disk when this
    returns. Raises NotFoundError for an id that does not exist, and then nothing has changed.
    """
    leaders = _chosen(db, ids, filter, before)
    return _in_steps(db, [action], leaders, now, command)


def tag(
    db: sqlite3.Connection,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    ids: Sequence[int] = (),
    filter: ItemFilter | None = None,
    feed_tags: Mapping[str, Sequence[str]] | None = None,
    now: int,
    command: str | None = None,
) -> int:
    """Give items tags and take others from them; see `mark` for which items and what is returned.

    `feed_tags` are the feeds' own tags, by the feed's name. Raises UsageError for what can be no
    tag; FeeddError where one to be taken is the feed's: then nothing has changed.
    """
    for name in (*add, *remove):
        if problem := tag_problem(name):
            raise UsageError(f"'{name}': {problem}")
    leaders = _chosen(db, ids, filter, None)
    _refuse_feeds_tags(db, remove, [*leaders, *ids], feed_tags or {})
    actions = [*(f"+{name}" for name in add), *(f"-{name}" for name in remove)]
    return _in_steps(db, actions, leaders, now, command)


def own_tags(db: sqlite3.Connection) -> list[str]:
    """The tags that entries have themselves, as they were typed first, by their letters."""
    with snapshot(db):
        rows = db.execute(
            "WITH RECURSIVE known(folded) AS (SELECT min(folded) FROM entry_tags UNION ALL"
            " SELECT (SELECT min(folded) FROM entry_tags t WHERE t.folded > known.folded)"
            " FROM known WHERE known.folded IS NOT NULL)"
            " SELECT (SELECT tag FROM entry_tags t WHERE t.folded = known.folded LIMIT 1)"
            " FROM known WHERE folded IS NOT NULL"
        ).fetchall()
    return [row[0] for row in rows]


def apply_marks(
    db: sqlite3.Connection,
    actions: Sequence[str],
    leaders: Sequence[int],
    now: int,
    act: int | None = None,
) -> set[int]:
    """Do some actions (those of `mark`, `+TAG`, `-TAG`) to stories, within the caller's
    transaction, as part of an act (None: of none). Returns the leaders of those that changed.
    """
    changed: set[int] = set()
    for action in actions:
        if action in ("later", "unlater"):
            action = f"+{LATER}" if action == "later" else f"-{LATER}"
        for some in in_parts(leaders):
            if action[0] in "+-":
                changed |= _tag(db, action[1:], some, act, on=action[0] == "+")
            else:
                changed |= _mark(db, _ACTIONS[action], some, now, act)
    return changed


def leaders_of(db: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """The entries that stand for these, each once. Raises NotFoundError for what is not there."""
    leaders: list[int] = []
    for some in in_parts(list(dict.fromkeys(ids))):
        rows = db.execute(
            "SELECT entry_id, coalesce(same_as, entry_id) FROM marks"
            f" WHERE entry_id IN ({placeholders(len(some))})",
            some,
        ).fetchall()
        if len(rows) < len(some):
            missing = sorted(set(some) - {row[0] for row in rows})
            raise NotFoundError.of_items(*missing[:5])
        leaders += [row[1] for row in rows]
    return list(dict.fromkeys(leaders))


def _chosen(
    db: sqlite3.Connection, ids: Sequence[int], filter: ItemFilter | None, before: int | None
) -> list[int]:
    with snapshot(db):
        leaders = set(leaders_of(db, ids))
        if filter is not None:
            until = filter.until
            if before is not None:
                until = before - 1 if until is None else min(until, before - 1)
            found = listed(db, filter._replace(limit=None, until=until)).ids
            leaders.update(leaders_of(db, found))
    return sorted(leaders)


def _in_steps(
    db: sqlite3.Connection,
    actions: Sequence[str],
    leaders: Sequence[int],
    now: int,
    command: str | None,
) -> int:
    """Do it in steps that let others write in between."""
    from feedd.store.acts import begin_act, end_act

    act: int | None = None
    changed = 0
    for start in range(0, len(leaders), MARKED_A_TRANSACTION):
        with synced(db):
            if act is None and command is not None:
                act = begin_act(db, command, now)
            some = leaders[start : start + MARKED_A_TRANSACTION]
            step = len(apply_marks(db, actions, some, now, act))
            changed += step
            if act is not None:
                end_act(db, act, step)
                act = act if changed else None
    return changed


def _mark(
    db: sqlite3.Connection, marked: _Marked, leaders: Sequence[int], now: int, act: int | None
) -> set[int]:
    value = now if marked.is_set else None
    some = placeholders(len(leaders))
    rows = db.execute(
        f"SELECT entry_id, coalesce(same_as, entry_id), {marked.column} FROM marks"
        f" WHERE {marked.differs} AND entry_id IN ({some})"
        f" UNION ALL SELECT entry_id, same_as, {marked.column} FROM marks INDEXED BY marks_same"
        f" WHERE {marked.differs} AND same_as IN ({some})",
        (*leaders, *leaders),
    ).fetchall()
    if not rows:
        return set()
    entries = tuple(row[0] for row in rows)
    for ids in in_parts(entries):
        db.execute(
            f"UPDATE marks SET {marked.column} = ? WHERE entry_id IN ({placeholders(len(ids))})",
            (value, *ids),
        )
    if act is not None:
        from feedd.store.acts import Change, note_change

        before = tuple(row[2] for row in rows)
        note_change(db, act, Change(marked.column, entries, before, value))
    return {row[1] for row in rows}


def _tag(
    db: sqlite3.Connection, name: str, leaders: Sequence[int], act: int | None, *, on: bool
) -> set[int]:
    from feedd.store.acts import Change, note_change, set_tag

    some = placeholders(len(leaders))
    has = "SELECT tag FROM entry_tags t WHERE t.folded = ? AND t.entry_id = m.entry_id"
    rows = db.execute(
        f"SELECT m.entry_id, ({has}) AS had FROM marks m WHERE m.entry_id IN ({some})"
        f" AND had IS {'' if on else 'NOT '}NULL",
        (name.casefold(), *leaders),
    ).fetchall()
    by_spelling: dict[str, list[int]] = {}
    for entry_id, had in rows:
        by_spelling.setdefault(had or name, []).append(entry_id)
    for spelling, ids in by_spelling.items():
        set_tag(db, ids, spelling, on=on)
        before = (None if on else 1,) * len(ids)
        note_change(db, act, Change(f"tag:{spelling}", tuple(ids), before, 1 if on else None))
    return {entry_id for entry_id, _ in rows}


def _refuse_feeds_tags(
    db: sqlite3.Connection,
    remove: Sequence[str],
    ids: Sequence[int],
    feed_tags: Mapping[str, Sequence[str]],
) -> None:
    """Raises FeeddError where a tag is the feed's of an item that does not have it itself."""
    folded = {name.casefold(): name for name in remove}
    holders = {
        feed: wrong
        for feed, tags in feed_tags.items()
        if (wrong := folded.keys() & {tag.casefold() for tag in tags})
    }
    for some in in_parts(ids if holders else ()):
        own = "(SELECT group_concat(folded, ' ') FROM entry_tags WHERE entry_id = m.entry_id)"
        for entry_id, feed, tags in db.execute(
            f"SELECT m.entry_id, f.name, {own} FROM marks m JOIN feeds f ON f.id = m.feed_id"
            f" WHERE m.entry_id IN ({placeholders(len(some))})",
            some,
        ):
            for name in sorted(holders.get(feed, set()) - set((tags or "").split())):
                raise FeeddError(
                    f"'{folded[name]}' is a tag of the feed {feed}, not of item {entry_id}: take it"
                    f" out of the feed's tags in the file"
                )
