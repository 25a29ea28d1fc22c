"""What the reading commands ask: lists, one item, feeds with their counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from feedd.errors import NotFoundError
from feedd.model import ArticleDetail, Item, ItemDetail, ItemFilter, ItemPage
from feedd.store import groups
from feedd.store.lists import listed, listed_between
from feedd.store.sqlite import all_rows, in_parts, placeholders, snapshot, sqlite_errors

if TYPE_CHECKING:
    from feedd.model import Enclosure, FeedSummary

SUMMARY_CHARS = 500
"""A summary that the feed did not give is the beginning of its text, up to so much."""

_ITEM = (
    "SELECT e.id, f.name, e.title, e.link, {author}, e.published, e.updated, e.first_seen,"
    " m.sort_at, m.read_at, m.starred_at, m.same_as, e.changes, e.enclosures, m.hidden_at{more}"
    " FROM entries e JOIN marks m ON m.entry_id = e.id JOIN feeds f ON f.id = e.feed_id{tables}"
    " WHERE e.id IN ({ids})"
)

_LINE = _ITEM.format(author="e.author", more="", tables="", ids="{ids}")

_DETAILED = _ITEM.format(
    author="coalesce(e.author, a.byline)",
    more=", c.body, e.comments, e.categories, e.image, e.season, e.episode, e.origin,"
    " coalesce(e.language, f.language, a.language), e.words, iif(e.words IS NULL, a.html, NULL)",
    tables=" LEFT JOIN contents c ON c.entry_id = e.id LEFT JOIN articles a ON a.entry_id = e.id",
    ids="{ids}",
)


def list_items(db: sqlite3.Connection, wanted: ItemFilter, *, details: bool = False) -> ItemPage:
    """Items by time. One article in several feeds is one item, unless feeds are asked for: then
    their own entries count. `details` reads summaries, enclosures and the like, too.
    """
    with snapshot(db):
        found = listed(db, wanted)
        return ItemPage(tuple(items_of(db, found.ids, details=details)), found.more, found.capped)


def item(db: sqlite3.Connection, entry_id: int) -> ItemDetail:
    """One item with all its content. Raises NotFoundError."""
    from feedd.store.stored_values import unpack, unpack_content
    from feedd.text import to_text

    with snapshot(db):
        found = items_of(db, [entry_id], details=True)
        row = db.execute(
            "SELECT c.body, a.html, a.error, a.url, a.title, a.byline,"
            " a.published, a.lead_image, a.language, a.confidence, a.note FROM entries e"
            " LEFT JOIN contents c ON c.entry_id = e.id LEFT JOIN articles a ON a.entry_id = e.id"
            " WHERE e.id = ?",
            (entry_id,),
        ).fetchone()
    if not found or row is None:
        raise NotFoundError.of_items(entry_id)
    feed_blob, article_blob, article_error, *known = row
    feed_html, _ = unpack_content(feed_blob)
    article_html = unpack(article_blob)
    content_html = article_html or feed_html
    return ItemDetail(
        item=found[0],
        content_html=content_html,
        content_text=to_text(content_html),
        content_source="article" if article_html else "feed",
        article_error=article_error,
        feed_html=feed_html,
        article=ArticleDetail(*known) if article_html else None,
    )


def feed_summaries(db: sqlite3.Connection) -> list[FeedSummary]:
    """Every feed with its counts, by name, and as much of its state as is shown. An article of
    several feeds counts in each.
    """
    from feedd.model import FeedSummary
    from feedd.store.feeds import SHOWN_COLUMNS, shown_state_of

    with snapshot(db):
        updated = dict(
            db.execute(
                "SELECT feed_id, count(*) FROM entries INDEXED BY entries_updated"
                " WHERE changes > 0 GROUP BY feed_id"
            ).fetchall()
        )
        rows = all_rows(
            db,
            f"SELECT coalesce(entries, 0), coalesce(unread, 0), {SHOWN_COLUMNS} FROM feeds"
            " LEFT JOIN counts ON counts.feed_id = feeds.id ORDER BY name",
        )
        return [
            FeedSummary(shown_state_of(values), items, unread, updated.get(values[0], 0))
            for items, unread, *values in rows
        ]


def unread_by_feed(db: sqlite3.Connection) -> dict[str, int]:
    """Every feed with how many of its own items are unread, by name."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT name, coalesce(unread, 0) FROM feeds"
            " LEFT JOIN counts ON counts.feed_id = feeds.id ORDER BY name"
        ).fetchall()
    return dict(rows)


def unread_count(db: sqlite3.Connection) -> int:
    """How many items of all feeds are unread; an article of several feeds counts once."""
    with sqlite_errors(db):
        row = db.execute(
            "SELECT count(*) FROM marks INDEXED BY marks_unread"
            " WHERE read_at IS NULL AND hidden_at IS NULL AND same_as IS NULL"
        ).fetchone()
    return int(row[0])


def shared_unread(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Of each unread article that several feeds carry, the names of its feeds."""
    with snapshot(db):
        leaders = db.execute(
            "SELECT DISTINCT same_as FROM marks INDEXED BY marks_same"
            " WHERE same_as IS NOT NULL AND read_at IS NULL AND hidden_at IS NULL"
        ).fetchall()
        families = groups.members(db, [row[0] for row in leaders])
    return [tuple(name for _, name in family) for family in families.values()]


def latest_times(db: sqlite3.Connection) -> dict[str, int]:
    """The sort time of each feed's latest item, by the feed's name."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT name, (SELECT max(sort_at) FROM marks INDEXED BY marks_feed"
            " WHERE feed_id = feeds.id) FROM feeds"
        ).fetchall()
    return {name: latest for name, latest in rows if latest is not None}


def latest_id(db: sqlite3.Connection) -> int:
    """The highest id given to an item so far; 0: none yet."""
    with sqlite_errors(db):
        row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
    return int(row[0]) if row else 0


def items_after(
    db: sqlite3.Connection, entry_id: int, wanted: ItemFilter, limit: int
) -> tuple[list[Item], int]:
    """What a list of `wanted` shows of the `limit` entries stored after this one, in the order they
    came, with details; and the id of the last entry looked at. The filter's own limit and order do
    not count.
    """
    with snapshot(db):
        row = db.execute(
            "SELECT max(entry_id) FROM"
            " (SELECT entry_id FROM marks WHERE entry_id > ? ORDER BY entry_id LIMIT ?)",
            (entry_id, limit),
        ).fetchone()
        last = entry_id if row[0] is None else int(row[0])
        return items_of(db, listed_between(db, wanted, entry_id, last), details=True), last


def items_of(
    db: sqlite3.Connection,
    ids: Sequence[int],
    *,
    details: bool,
    snippets: Mapping[int, str] | None = None,
) -> list[Item]:
    """The items with these ids, in this order; ids that are gone are left out."""
    rows: dict[int, tuple[Any, ...]] = {}
    query = _DETAILED if details else _LINE
    for some in in_parts(ids):
        for row in db.execute(query.format(ids=placeholders(len(some))), some):
            rows[row[0]] = row
    leaders = list(dict.fromkeys(row[11] or row[0] for row in rows.values()))
    families = groups.members(db, leaders)
    tags = _tags_of(db, list(rows))
    snippets = snippets or {}
    return [
        _item(
            rows[entry_id],
            families,
            tags=tags.get(entry_id, ()),
            details=details,
            snippet=snippets.get(entry_id),
        )
        for entry_id in ids
        if entry_id in rows
    ]


def _tags_of(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The tags of entries that have some."""
    tags: dict[int, tuple[str, ...]] = {}
    for some in in_parts(ids):
        for entry_id, tag in db.execute(
            "SELECT entry_id, tag FROM entry_tags INDEXED BY entry_tags_entry"
            f" WHERE entry_id IN ({placeholders(len(some))}) ORDER BY folded",
            some,
        ):
            tags[entry_id] = (*tags.get(entry_id, ()), tag)
    return tags


def _item(
    row: tuple[Any, ...],
    families: Mapping[int, Sequence[tuple[int, str]]],
    *,
    tags: tuple[str, ...],
    details: bool,
    snippet: str | None,
) -> Item:
    entry_id, feed, title, link, author, published, updated, first_seen = row[:8]
    sort_at, read_at, starred_at, same_as, changes, enclosures, hidden_at = row[8:15]
    family = families.get(same_as or entry_id, ())
    others = dict.fromkeys(name for other, name in family if other != entry_id)
    others.pop(feed, None)
    item = Item(
        id=entry_id,
        feed=feed,
        title=title,
        link=link,
        author=author,
        published=published,
        updated=updated,
        first_seen=first_seen,
        sort_at=sort_at,
        read=read_at is not None,
        starred=starred_at is not None,
        also_in=tuple(others),
        story=(same_as or entry_id) if family else None,
        changes=changes,
        item_tags=tags,
        hidden=hidden_at is not None,
        snippet=snippet,
    )
    if not details:
        return item
    from feedd.store.stored_values import categories_of, words_in

    body, comments, categories, image, season, episode, origin, language, words, article = row[15:]
    return item._replace(
        summary=summary_of(body),
        enclosures=_enclosures(enclosures),
        comments=comments,
        categories=categories_of(categories),
        image=image,
        season=season,
        episode=episode,
        origin=origin,
        language=language,
        words=words_in(article, body) if words is None else words,
    )


# A plain list has none of these: what they take is imported where it is used.


def summary_of(blob: bytes | None) -> str:
    """The beginning of a stored text, or what its feed says of it."""
    from feedd.store.stored_values import unpack_content
    from feedd.text import excerpt, to_text

    html, summary = unpack_content(blob)
    return excerpt(to_text(html) if summary is None else summary, SUMMARY_CHARS)


def _enclosures(text: str | None) -> tuple[Enclosure, ...]:
    """The enclosures that a row has."""
    if not text:
        return ()
    import json

    from feedd.model import Enclosure

    try:
        return tuple(
            Enclosure(
                str(file["url"]), file.get("type"), file.get("length"), file.get("duration_s")
            )
            for file in json.loads(text)
        )
    except (ValueError, TypeError, LookupError, AttributeError):  # a damaged text
        return ()
