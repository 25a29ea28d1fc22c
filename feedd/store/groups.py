"""One article in several feeds: its entries form a group, led by the one that came first.

A follower's mark names its leader in `same_as`. Leader and followers always bear the same marks.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

IDS_A_QUERY = 5_000
"""Ids in one query; SQLite would take more."""

LARGEST_GROUP = 200
"""A link found more often is no article's."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of an entry that comes: those of the group it joins, or its own (`leader` None)."""

    leader: int | None
    read_at: int | None
    starred_at: int | None


def placeholders(count: int) -> str:
    """`?,?,?` for an IN."""
    return ",".join("?" * count)


def joining(
    db: sqlite3.Connection, *, after: int, read: Mapping[int, int | None]
) -> dict[int, Marks]:
    """Which of the entries with ids above `after`, not marked yet, join which groups.

    `read` are the read times they would have on their own, by id. An entry joins when its link
    stands for one entry in its own feed and in another.
    """
    joined: dict[int, Marks] = {}
    for entry_id, link_hash in db.execute(
        "SELECT n.id, n.link_hash FROM entries n WHERE n.id > ? AND n.link_hash IS NOT NULL AND ("
        " EXISTS (SELECT 1 FROM entries o INDEXED BY entries_link"
        "  WHERE o.link_hash = n.link_hash AND o.feed_id < n.feed_id)"
        " OR EXISTS (SELECT 1 FROM entries o INDEXED BY entries_link"
        "  WHERE o.link_hash = n.link_hash AND o.feed_id > n.feed_id)) ORDER BY n.id",
        (after,),
    ).fetchall():
        leader = leader_for(db, entry_id, link_hash, joined)
        if leader is None:
            continue
        marks = db.execute(
            "SELECT read_at, starred_at FROM marks WHERE entry_id = ?", (leader,)
        ).fetchone()
        read_at, starred_at = marks or (read.get(leader), None)
        joined[entry_id] = Marks(leader, read_at, starred_at)
    return joined


def leader_for(
    db: sqlite3.Connection, entry_id: int, link_hash: int, joined: Mapping[int, Marks]
) -> int | None:
    """The leader of the group that an entry belongs to; None: it stands alone, or came first.

    `joined` are memberships that are not in the database yet.
    """
    from feedd.identity import canonical_link  # only writers need it: lists start without

    same_link = db.execute(
        "SELECT e.id, e.feed_id, e.link, m.same_as FROM entries e INDEXED BY entries_link"
        " LEFT JOIN marks m ON m.entry_id = e.id WHERE e.link_hash = ? ORDER BY e.id LIMIT ?",
        (link_hash, LARGEST_GROUP + 1),
    ).fetchall()
    if len(same_link) > LARGEST_GROUP:
        return None
    of_feed = Counter(feed_id for _, feed_id, _, _ in same_link)
    own = next((row for row in same_link if row[0] == entry_id), None)
    if own is None or of_feed[own[1]] > 1:
        return None
    for other_id, feed_id, link, same_as in same_link:
        if other_id >= entry_id:
            break
        if of_feed[feed_id] == 1 and canonical_link(link) == canonical_link(own[2]):
            if other_id in joined:
                return joined[other_id].leader
            return int(same_as) if same_as is not None else int(other_id)
    return None


def members(db: sqlite3.Connection, leaders: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """The groups with these leaders, as (entry id, feed name), the leader first.

    Entries that stand alone are not in it.
    """
    groups: dict[int, list[tuple[int, str]]] = {}
    for start in range(0, len(leaders), IDS_A_QUERY):
        some = leaders[start : start + IDS_A_QUERY]
        for leader, entry_id, feed in db.execute(
            "SELECT m.same_as, m.entry_id, f.name FROM marks m INDEXED BY marks_same"
            " JOIN feeds f ON f.id = m.feed_id"
            f" WHERE m.same_as IN ({placeholders(len(some))}) ORDER BY m.entry_id",
            some,
        ).fetchall():
            if leader not in groups:
                name = db.execute(
                    "SELECT f.name FROM marks m JOIN feeds f ON f.id = m.feed_id"
                    " WHERE m.entry_id = ?",
                    (leader,),
                ).fetchone()
                groups[leader] = [(leader, name[0])] if name else []
            groups[leader].append((entry_id, feed))
    return groups


def disband(db: sqlite3.Connection, entry_ids: Sequence[int]) -> None:
    """These entries leave their groups; where the leader leaves, the next oldest takes over."""
    leaving = set(entry_ids)
    for start in range(0, len(entry_ids), IDS_A_QUERY):
        some = entry_ids[start : start + IDS_A_QUERY]
        led: dict[int, list[int]] = {}
        for leader, entry_id in db.execute(
            "SELECT same_as, entry_id FROM marks INDEXED BY marks_same"
            f" WHERE same_as IN ({placeholders(len(some))}) ORDER BY entry_id",
            some,
        ).fetchall():
            if entry_id not in leaving:
                led.setdefault(leader, []).append(entry_id)
        for successor, *others in led.values():
            db.execute("UPDATE marks SET same_as = NULL WHERE entry_id = ?", (successor,))
            db.executemany(
                "UPDATE marks SET same_as = ? WHERE entry_id = ?",
                [(successor, other) for other in others],
            )
        db.execute(
            f"UPDATE marks SET same_as = NULL WHERE entry_id IN ({placeholders(len(some))})", some
        )
