"""One story in several feeds: its entries form a group, of which one, the leader, stands in lists.

Entries with the same link join as they are stored, those with nearly the same text some time later
(`similarity`). A follower's mark names its leader in `same_as`. Leader and followers always bear
the same marks. A group has one entry of a feed, and none that the user split off.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from feedd.store.sqlite import in_parts, placeholders

LARGEST_GROUP = 200
"""A link found more often is no article's."""


class Joining(NamedTuple):
    """The group that an entry joins, by its leader, and the marks it has there."""

    leader: int
    read_at: int | None
    starred_at: int | None


def joining(
    db: sqlite3.Connection,
    candidates: Iterable[tuple[int, int]],
    read: Mapping[int, int | None],
) -> dict[int, Joining]:
    """Which of the entries (id and hash of the link, by id), not marked yet, join which groups.

    `read` are the read times they would have on their own, by id. An entry joins when its link
    stands for one entry in its own feed and in another.
    """
    joined: dict[int, Joining] = {}
    for entry_id, link_hash in candidates:
        leader = leader_for(db, entry_id, link_hash, joined)
        if leader is None:
            continue
        marks = db.execute(
            "SELECT read_at, starred_at FROM marks WHERE entry_id = ?", (leader,)
        ).fetchone()
        read_at, starred_at = marks or (read.get(leader), None)
        joined[entry_id] = Joining(leader, read_at, starred_at)
    return joined


def group_again(db: sqlite3.Connection) -> None:
    """Put entries of one article together, with the marks of the one that came first, within the
    caller's transaction.
    """
    from feedd.store.entry_rows import with_shared_links

    joined = joining(db, with_shared_links(db, after=0), {})
    db.executemany(
        "UPDATE marks SET same_as = ?, read_at = ?, starred_at = ? WHERE entry_id = ?",
        [
            (group.leader, group.read_at, group.starred_at, entry_id)
            for entry_id, group in joined.items()
        ],
    )


def leader_for(
    db: sqlite3.Connection, entry_id: int, link_hash: int, joined: Mapping[int, Joining]
) -> int | None:
    """The leader of the group that an entry belongs to by its link; None: it stands alone, or came
    first.

    `joined` are memberships that are not in the database yet.
    """
    # Only writers need these: lists start without.
    from feedd.identity import canonical_link
    from feedd.identity.story import STORY_S

    same_link = db.execute(
        "SELECT e.id, e.feed_id, e.link, m.same_as, coalesce(e.published, e.first_seen),"
        " f.one_story FROM entries e INDEXED BY entries_link"
        " LEFT JOIN marks m ON m.entry_id = e.id JOIN feeds f ON f.id = e.feed_id"
        " WHERE e.link_hash = ? ORDER BY e.id LIMIT ?",
        (link_hash, LARGEST_GROUP + 1),
    ).fetchall()
    if len(same_link) > LARGEST_GROUP:
        return None
    of_feed = Counter(feed_id for _, feed_id, *_ in same_link)
    own = next((row for row in same_link if row[0] == entry_id), None)
    if own is None or of_feed[own[1]] > 1 or not own[5]:
        return None
    for other_id, feed_id, link, same_as, at, one_story in same_link:
        if other_id >= entry_id:
            break
        if (
            one_story
            and of_feed[feed_id] == 1
            and abs(at - own[4]) <= STORY_S
            and canonical_link(link) == canonical_link(own[2])
        ):
            leader = other_id if same_as is None else int(same_as)
            leader = joined[other_id].leader if other_id in joined else leader
            if leader == entry_id:
                return None
            group = group_of(db, leader)
            if (entry_id, own[1]) in group or _may_join(db, [(entry_id, own[1])], group):
                return leader
    return None


def join(db: sqlite3.Connection, one: int, other: int, *, similarity: float) -> bool:
    """Make the groups of two entries one, as their texts are nearly the same, within the caller's
    transaction. Returns False where they are one already or may not be.

    What the user has read or starred in either is read or starred then.
    """
    first, second = (group_of(db, leader_of(db, entry_id)) for entry_id in (one, other))
    if not first or not second or first[0] == second[0] or not _may_join(db, first, second):
        return False
    ids = [entry_id for entry_id, _ in (*first, *second)]
    db.execute(
        "INSERT OR REPLACE INTO story_joins(entry_id, other_id, similarity) VALUES (?, ?, ?)",
        (one, other, similarity),
    )
    _share_marks(db, ids)
    _lead(db, ids)
    return True


def lead_anew(db: sqlite3.Connection, entry_id: int) -> None:
    """Choose the leader of an entry's group again: its text, or its article, is another one now."""
    group = group_of(db, leader_of(db, entry_id))
    if len(group) > 1:
        _lead(db, [member for member, _ in group])


def join_again(db: sqlite3.Connection, entry_id: int, others: Sequence[int]) -> bool:
    """Undo a split, within the caller's transaction. False where that can't be: it is in another
    group by now, or the others are gone.
    """
    pairs = [pair for other in others for pair in ((entry_id, other), (other, entry_id))]
    db.executemany("DELETE FROM story_splits WHERE entry_id = ? AND other_id = ?", pairs)
    alone = group_of(db, leader_of(db, entry_id))
    for other in others:
        group = group_of(db, leader_of(db, other))
        if len(alone) == 1 and group and _may_join(db, alone, group):
            ids = [entry_id, *(member for member, _ in group)]
            _share_marks(db, ids)
            _lead(db, ids)
            return True
    return False


def leader_of(db: sqlite3.Connection, entry_id: int) -> int:
    """The entry that stands for this one in lists: itself, where it is alone or leads."""
    row = db.execute("SELECT same_as FROM marks WHERE entry_id = ?", (entry_id,)).fetchone()
    return entry_id if row is None or row[0] is None else int(row[0])


def group_of(db: sqlite3.Connection, leader: int) -> list[tuple[int, int]]:
    """(entry, feed) of a leader and its followers, by id; none for an id that does not exist."""
    return db.execute(
        "SELECT entry_id, feed_id FROM marks WHERE entry_id = ?"
        " UNION SELECT entry_id, feed_id FROM marks INDEXED BY marks_same WHERE same_as = ?"
        " ORDER BY entry_id",
        (leader, leader),
    ).fetchall()


def _may_join(
    db: sqlite3.Connection, first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]
) -> bool:
    """A story has one entry of a feed, and none that was split off from another of it."""
    if {feed_id for _, feed_id in first} & {feed_id for _, feed_id in second}:
        return False
    there = {entry_id for entry_id, _ in second}
    return not any(
        other in there
        for entry_id, _ in first
        for (other,) in db.execute(
            "SELECT other_id FROM story_splits WHERE entry_id = ?", (entry_id,)
        )
    )


def _share_marks(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Give all the marks of the one that the user did something with.

    One that arrived read, as it was muted say, makes none of the others read; nor does one that is
    hidden hide the others.
    """
    some = placeholders(len(ids))
    db.execute(
        f"UPDATE marks SET starred_at = (SELECT min(starred_at) FROM marks"
        f" WHERE entry_id IN ({some})) WHERE entry_id IN ({some})",
        (*ids, *ids),
    )
    read = db.execute(
        "SELECT min(m.read_at), min(m.read_at) FILTER (WHERE m.read_at > e.first_seen),"
        " count(*) FILTER (WHERE m.read_at IS NULL)"
        f" FROM marks m JOIN entries e ON e.id = m.entry_id WHERE m.entry_id IN ({some})",
        ids,
    ).fetchone()
    earliest, by_user, unread = read
    db.execute(
        f"UPDATE marks SET read_at = ?, hidden_at = (SELECT iif(count(*) = count(hidden_at),"
        f" min(hidden_at), NULL) FROM marks WHERE entry_id IN ({some}))"
        f" WHERE entry_id IN ({some})",
        (by_user if unread else earliest, *ids, *ids),
    )
    share_tags(db, ids)


def share_tags(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Give all of these the tags that any of them has, within the caller's transaction."""
    some = placeholders(len(ids))
    db.execute(
        "INSERT OR IGNORE INTO entry_tags(folded, entry_id, tag)"
        " SELECT t.folded, m.entry_id, t.tag FROM entry_tags t INDEXED BY entry_tags_entry"
        f" JOIN marks m ON m.entry_id IN ({some}) WHERE t.entry_id IN ({some})",
        (*ids, *ids),
    )


def _lead(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Have the best source of these stand for all: full text before a summary, a link on the feed's
    own site before one elsewhere, the oldest.
    """
    from feedd.identity import host_of

    some = placeholders(len(ids))
    rows = db.execute(
        "SELECT e.id, coalesce(c.full, 0) OR a.html IS NOT NULL, e.link, f.site,"
        " coalesce(e.published, e.first_seen) FROM entries e JOIN feeds f ON f.id = e.feed_id"
        " LEFT JOIN contents c ON c.entry_id = e.id LEFT JOIN articles a ON a.entry_id = e.id"
        f" WHERE e.id IN ({some})",
        ids,
    ).fetchall()
    leader = min(
        rows,
        key=lambda row: (
            not row[1],
            not row[2] or not row[3] or host_of(row[2]) != host_of(row[3]),
            row[4],
            row[0],
        ),
    )[0]
    db.execute("UPDATE marks SET same_as = NULL WHERE entry_id = ?", (leader,))
    db.execute(
        f"UPDATE marks SET same_as = ? WHERE entry_id IN ({some}) AND entry_id <> ?",
        (leader, *ids, leader),
    )


def members(db: sqlite3.Connection, leaders: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """The groups with these leaders, as (entry id, feed name), the leader first.

    Entries that stand alone are not in it.
    """
    groups: dict[int, list[tuple[int, str]]] = {}
    for some in in_parts(leaders):
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


def leave_stories(db: sqlite3.Connection, feed_id: int) -> None:
    """Take all entries of a feed out of their groups, within the caller's transaction."""
    ids = [
        row[0]
        for row in db.execute(
            "SELECT entry_id FROM marks WHERE feed_id = ? AND (same_as IS NOT NULL OR EXISTS"
            " (SELECT 1 FROM marks f INDEXED BY marks_same WHERE f.same_as = marks.entry_id))",
            (feed_id,),
        )
    ]
    disband(db, ids)


def disband(db: sqlite3.Connection, entry_ids: Sequence[int]) -> None:
    """These entries leave their groups; where the leader leaves, the next oldest takes over."""
    leaving = set(entry_ids)
    for some in in_parts(entry_ids):
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
