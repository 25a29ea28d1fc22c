"""The entries of one story: why each is there, and taking one out."""

from __future__ import annotations

import sqlite3
from typing import Literal, NamedTuple

from feedd.store.groups import disband, group_of, leader_of
from feedd.store.sqlite import placeholders


class Joined(NamedTuple):
    """An entry of a story: why it is there (`joined_by` None: it was first), and how much of the
    shorter text stands in the longer, 0 to 1, where its text was the reason.
    """

    entry_id: int
    feed: str
    title: str
    link: str | None
    lead: bool
    joined_by: Literal["link", "text"] | None
    similarity: float | None


def story(db: sqlite3.Connection, entry_id: int) -> list[Joined]:
    """The entries of an entry's story, the leader first, then by age; itself where it is alone.

    Empty for an id that does not exist.
    """
    leader = leader_of(db, entry_id)
    ids = [member for member, _ in group_of(db, leader)]
    if not ids:
        return []
    some = placeholders(len(ids))
    rows = db.execute(
        "SELECT e.id, f.name, e.title, e.link FROM entries e JOIN feeds f ON f.id = e.feed_id"
        f" WHERE e.id IN ({some}) ORDER BY e.id <> ?, e.id",
        (*ids, leader),
    ).fetchall()
    alike = {}
    for member, other, similarity in db.execute(
        "SELECT entry_id, other_id, similarity FROM story_joins"
        f" WHERE entry_id IN ({some}) AND other_id IN ({some})",
        (*ids, *ids),
    ):
        alike[max(member, other)] = similarity
    return [
        Joined(
            member,
            feed,
            title,
            link,
            member == leader,
            None if member == min(ids) else "text" if member in alike else "link",
            alike.get(member),
        )
        for member, feed, title, link in rows
    ]


def split(db: sqlite3.Connection, entry_id: int) -> list[int]:
    """Take an entry out of its group for good: it is never joined again with those that it was one
    story with, which are returned. Within the caller's transaction.
    """
    group = [member for member, _ in group_of(db, leader_of(db, entry_id))]
    others = [member for member in group if member != entry_id]
    if not others:
        return []
    db.executemany(
        "INSERT OR IGNORE INTO story_splits(entry_id, other_id) VALUES (?, ?)",
        [pair for other in others for pair in ((entry_id, other), (other, entry_id))],
    )
    disband(db, [entry_id])
    return others
