"""Stories by their texts: nearly the same in several feeds, found some time after they were stored.

And what is known of a story, and taking an entry out of it.

Each text that counts is looked at once, in the order of `documents`: its sketch is compared with
those of entries stored within `KEPT_S`, and those that share enough of it are compared whole. What
an entry costs does not depend on how many are stored: hashes are looked up by day.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from feedd.identity.story import (
    SHARED_HASHES,
    STORY_S,
    StoryText,
    is_version,
    recurring,
    similarity,
    sketch,
    story_text,
    story_words,
)
from feedd.store import groups
from feedd.store.search.index import searchable
from feedd.store.sqlite import placeholders, sqlite_errors, transaction
from feedd.store.stored_values import get_meta, set_meta, text_shown
from feedd.units import DAY_S

TEXTS_A_STEP: Final = 20
"""Looked at in one transaction: between two of these others get to write."""

KEPT_S: Final = 14 * DAY_S
"""How long after it was stored an entry is found by its text."""

COMPARED: Final = 8
"""How many candidates are compared whole with one entry, those that share most first."""

COMMON_HASH: Final = 60
"""Entries of these days with one hash, over which it tells nothing: a footer's."""

HOUSE_TEXTS: Final = 6
"""Other texts of a feed that show what recurs in it."""

CURSOR: Final = "story_cursor"
"""Key in the table meta: the last document looked at."""


def find_stories(db: sqlite3.Connection, now: int) -> bool:
    """Look at the next texts; returns whether there are more. Raises StoreError."""
    with sqlite_errors(db):
        cursor = _cursor(db)
        if not db.execute("SELECT 1 FROM documents WHERE id > ? LIMIT 1", (cursor,)).fetchone():
            return False
    with transaction(db):
        rows = db.execute(
            "SELECT id, entry_id FROM documents WHERE id > ? ORDER BY id LIMIT ?",
            (_cursor(db), TEXTS_A_STEP),
        ).fetchall()
        search = _Search(db, now)
        for entry_id in dict.fromkeys(entry_id for _, entry_id in rows):
            search.look_at(entry_id)
        if rows:
            set_meta(db, CURSOR, str(rows[-1][0]))
        _forget_old(db, now)
    return len(rows) == TEXTS_A_STEP


class _Search:
    """One step's look-ups, with what recurs in the feeds met so far."""

    def __init__(self, db: sqlite3.Connection, now: int) -> None:
        self._db = db
        self._now = now
        self._texts: dict[int, StoryText] = {}
        self._of_house: dict[int, list[tuple[int, StoryText]]] = {}

    def look_at(self, entry_id: int) -> None:
        row = self._db.execute(
            "SELECT e.feed_id, coalesce(e.published, e.first_seen), e.first_seen, f.one_story"
            " FROM entries e JOIN feeds f ON f.id = e.feed_id WHERE e.id = ?",
            (entry_id,),
        ).fetchone()
        if row is None or not row[3]:
            return
        feed_id, at, first_seen, _ = row
        groups.lead_anew(self._db, entry_id)  # its text may be the full one by now
        words = self._words(entry_id)
        hashes = sketch(words)
        _forget(self._db, [entry_id])
        if not hashes or first_seen < self._now - KEPT_S:
            return
        self._texts[entry_id] = story_text(words)
        for other, other_feed in self._candidates(feed_id, at, hashes):
            alike = self._similarity((entry_id, feed_id), (other, other_feed))
            if alike is not None and groups.join(self._db, entry_id, other, similarity=alike):
                break
        self._keep(entry_id, at // DAY_S, first_seen, hashes)

    def _candidates(self, feed_id: int, at: int, hashes: frozenset[int]) -> list[tuple[int, int]]:
        """(entry, feed) of those that share enough of the sketch, the most first."""
        shared: Counter[int] = Counter()
        for number in hashes:
            found = self._db.execute(
                "SELECT entry_id FROM story_hashes WHERE hash = ? AND day BETWEEN ? AND ? LIMIT ?",
                (number, (at - STORY_S) // DAY_S, (at + STORY_S) // DAY_S, COMMON_HASH),
            ).fetchall()
            if len(found) < COMMON_HASH:
                shared.update(other for (other,) in found)
        candidates: list[tuple[int, int]] = []
        for other, count in shared.most_common():
            if count < SHARED_HASHES or len(candidates) == COMPARED:
                break
            row = self._db.execute(
                "SELECT feed_id FROM entries WHERE id = ? AND feed_id <> ?"
                " AND abs(coalesce(published, first_seen) - ?) <= ?",
                (other, feed_id, at, STORY_S),
            ).fetchone()
            if row is not None:
                candidates.append((other, row[0]))
        return candidates

    def _similarity(self, one: tuple[int, int], other: tuple[int, int]) -> float | None:
        mine, theirs = self._text(one[0]), self._text(other[0])
        if similarity(mine, theirs) == 1.0 and mine.shingles == theirs.shingles:
            return 1.0
        return similarity(mine, theirs, self._recurring(*one) | self._recurring(*other))

    def _recurring(self, entry_id: int, feed_id: int) -> frozenset[int]:
        """What stands in several of the feed's texts, but for other versions of this very one."""
        if feed_id not in self._of_house:
            self._of_house[feed_id] = [
                (other, self._text(other))
                for (other,) in self._db.execute(
                    "SELECT entry_id FROM marks INDEXED BY marks_feed WHERE feed_id = ?"
                    " ORDER BY sort_at DESC LIMIT ?",
                    (feed_id, HOUSE_TEXTS + 1),
                ).fetchall()
            ]
        mine = self._text(entry_id)
        others = [
            text
            for other, text in self._of_house[feed_id]
            if other != entry_id and not is_version(mine, text)
        ]
        return recurring([mine, *others])

    def _text(self, entry_id: int) -> StoryText:
        if entry_id not in self._texts:
            self._texts[entry_id] = story_text(self._words(entry_id))
        return self._texts[entry_id]

    def _words(self, entry_id: int) -> list[str]:
        row = self._db.execute(
            "SELECT a.html, c.body FROM entries e LEFT JOIN contents c ON c.entry_id = e.id"
            " LEFT JOIN articles a ON a.entry_id = e.id WHERE e.id = ?",
            (entry_id,),
        ).fetchone()
        return [] if row is None else story_words(searchable(text_shown(*row)))

    def _keep(self, entry_id: int, day: int, first_seen: int, hashes: frozenset[int]) -> None:
        self._db.execute(
            "INSERT INTO story_texts(entry_id, day, first_seen, hashes) VALUES (?, ?, ?, ?)",
            (entry_id, day, first_seen, b"".join(h.to_bytes(4, "big") for h in sorted(hashes))),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO story_hashes(hash, day, entry_id) VALUES (?, ?, ?)",
            [(number, day, entry_id) for number in hashes],
        )


def _cursor(db: sqlite3.Connection) -> int:
    return int(get_meta(db, CURSOR) or 0)


def _forget_old(db: sqlite3.Connection, now: int) -> None:
    """Twice as many as come in a step, so that the tables shrink to what is kept."""
    oldest = db.execute(
        "SELECT entry_id, first_seen FROM story_texts ORDER BY entry_id LIMIT ?",
        (2 * TEXTS_A_STEP,),
    ).fetchall()
    _forget(db, [entry_id for entry_id, first_seen in oldest if first_seen < now - KEPT_S])


def _forget(db: sqlite3.Connection, entry_ids: Sequence[int]) -> None:
    for entry_id in entry_ids:
        row = db.execute(
            "SELECT day, hashes FROM story_texts WHERE entry_id = ?", (entry_id,)
        ).fetchone()
        if row is None:
            continue
        day, packed = row
        db.executemany(
            "DELETE FROM story_hashes WHERE hash = ? AND day = ? AND entry_id = ?",
            [
                (int.from_bytes(packed[at : at + 4], "big"), day, entry_id)
                for at in range(0, len(packed), 4)
            ],
        )
        db.execute("DELETE FROM story_texts WHERE entry_id = ?", (entry_id,))


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
    leader = groups.leader_of(db, entry_id)
    ids = [member for member, _ in groups.group_of(db, leader)]
    if not ids:
        return []
    some = placeholders(len(ids))
    rows = db.execute(
        "SELECT e.id, f.name, e.title, e.link FROM entries e JOIN feeds f ON f.id = e.feed_id"
        f" WHERE e.id IN ({some}) ORDER BY e.id <> ?, e.id",
        (*ids, leader),
    ).fetchall()
    alike = {}
    for member, other, share in db.execute(
        "SELECT entry_id, other_id, similarity FROM story_joins"
        f" WHERE entry_id IN ({some}) AND other_id IN ({some})",
        (*ids, *ids),
    ):
        alike[max(member, other)] = share
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
    group = [member for member, _ in groups.group_of(db, groups.leader_of(db, entry_id))]
    others = [member for member in group if member != entry_id]
    if not others:
        return []
    db.executemany(
        "INSERT OR IGNORE INTO story_splits(entry_id, other_id) VALUES (?, ?)",
        [pair for other in others for pair in ((entry_id, other), (other, entry_id))],
    )
    groups.disband(db, [entry_id])
    return others
