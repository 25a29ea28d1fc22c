"""What the store finds, keeps, drops and mends, on contents put together by chance: what comes of
each case stands in a table, as it was approved.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from feedd.errors import FeeddError
from feedd.model import Article, Enclosure, ItemFilter, MarkAction, Retention
from feedd.query import QueryNames, parse
from feedd.store import events, measurements
from feedd.store.acts import acts, undo
from feedd.store.articles import page_job_of, store_article
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.items import feed_summaries, item, items_of, list_items, shared_unread
from feedd.store.marks import mark, own_tags, tag
from feedd.store.search import index
from feedd.store.search.query_lists import counted, matching
from feedd.store.search.results import search_items
from feedd.store.similarity import find_stories, split, story
from feedd.store.upkeep import retention
from feedd.store.upkeep.damaged_rows import ReadRow, with_numbers_of_their_own
from feedd.store.upkeep.integrity import check
from feedd.store.upkeep.salvage import _Column, _fitting, mend, salvage
from tests.approval import approved
from tests.approval import mark as digest
from tests.chance import Chance
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, state_of

FOLDER = Path(__file__).with_name("tables")
FEEDS = ("a", "b", "c")
STORY = (
    "The council decided on Monday to build the bridge over the river after all, nine votes to two."
    " Work begins in spring; the first cars will cross in three years, if the money lasts. The old"
    " bridge was closed in August, when an engineer found cracks in two of its pillars."
)
WORDS = ("bridge", "river", "council", "spring", "money", "toll", "日本", "café", "C++", "WAL")
TAGS = {"a": ["news"], "b": ["news", "tech"], "c": []}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with something of everything."""
    path = tmp_path_factory.mktemp("sound") / "feedd.db"
    chance = Chance(1)
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs(*FEEDS), NOW - 90 * DAY_S)
        for feed in FEEDS:
            arrive(db, feed, *(
                entry(f"{feed}-{n}", title=f"{chance.one(WORDS)} of {feed} {n}", published=NOW - n * 3 * DAY_S - len(feed),
                      html=f"<p>{' '.join(chance.some(WORDS, 9))}</p>", text=" ".join(chance.some(WORDS, 9)), author=chance.one((None, "Ann Lee", "Bo")),
                      categories=tuple(chance.some(("x", "y"), 2)), language=chance.one((None, "en", "de-AT")),
                      enclosures=(Enclosure("https://e.org/a.mp3", "audio/mpeg", 5),) if chance.holds(0.2) else ())
                for n in range(12)), at=NOW - 80 * DAY_S)  # fmt: skip
            arrive(
                db,
                feed,
                entry(
                    "same",
                    link=f"https://{feed}.example/1",
                    title="The bridge is decided",
                    html=f"<p>{STORY}</p>",
                    text=STORY,
                ),
            )
        while find_stories(db, NOW):
            pass
        mark(db, "star", ids=[3, 5, 20], now=NOW)
        mark(db, "read", ids=[1, 2, 3, 4, 15, 16, 30], now=NOW)
        mark(db, "later", ids=[7, 31], now=NOW)
        tag(db, add=["fun", "Two"], remove=(), ids=[2, 9, 33], feed_tags=TAGS, now=NOW)
        arrive(db, "a", entry("page", title="With a page"), fetch_page=True)
        job = page_job_of(db, db.execute("SELECT max(id) FROM entries").fetchone()[0])
        assert job is not None
        store_article(db, job, Article(job.url, html=f"<p>{STORY}</p>", text=STORY), NOW)
        arrive(db, "c", entry("waiting", title="Waiting"), fetch_page=True)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.fixture
def fresh(content: bytes, path: Path) -> Callable[[], Path]:
    """The same database anew, as often as it is asked for."""

    def made() -> Path:
        for file in path.parent.glob("*feedd.db*"):
            file.unlink()
        path.write_bytes(content)
        return path

    return made


def contents(path: Path) -> str:
    """A mark of each table; of what is packed, and of a feed's fingerprints, only the number."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = lambda text: text.decode("utf-8", "replace")
        names = [
            row[0]
            for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
            if not row[0].startswith(("sqlite", "search", "_sqlite", "meta"))
        ]
        found = {
            name: db.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in names
        }
    marked = {name: digest(rows)[:4] for name, rows in found.items()}
    marked |= {"contents": "", "articles": "", "feeds": digest([row[:4] for row in found["feeds"]])}
    return " ".join(f"{name}:{len(rows)}:{marked[name]}" for name, rows in found.items() if rows)


def approve(name: str, lines: Iterator[str]) -> None:
    approved(FOLDER / f"{name}.txt", "\n".join(lines) + "\n")


DAMAGES = (
    "UPDATE entries SET title = CAST(x'ff41' AS TEXT) WHERE id = {n}", "UPDATE entries SET key = CAST(x'41ff' AS TEXT) WHERE id IN ({n}, {m})", "UPDATE entries SET feed_id = 99 WHERE id = {n}", "DELETE FROM marks WHERE entry_id = {n}",
    "DELETE FROM contents WHERE entry_id = {n}", "DELETE FROM entries WHERE id = {n}", "DELETE FROM feeds WHERE id = {f}", "UPDATE marks SET feed_id = {f} WHERE entry_id = {n}", "UPDATE counts SET entries = entries + 1", "DELETE FROM counts",
    "UPDATE marks SET same_as = {n} WHERE entry_id = {m}", "UPDATE marks SET read_at = {n}, starred_at = NULL WHERE entry_id = {m}", "UPDATE marks SET hidden_at = 5 WHERE entry_id = {n}", "UPDATE entries SET published = 9000000000000 WHERE id = {n}",
    "UPDATE entries SET published = -9000000000000 WHERE id = {n}", "UPDATE entries SET updated = 'text' WHERE id = {n}", "UPDATE marks SET sort_at = 'x' WHERE entry_id = {n}", "UPDATE feeds SET state = 'odd' WHERE id = {f}", "UPDATE feeds SET keys = 'x' WHERE id = {f}",
    "UPDATE feeds SET hints = '[' WHERE id = {f}", "UPDATE feeds SET hints = '[1]' WHERE id = {f}", "UPDATE feeds SET name = CAST(x'62ff' AS TEXT) WHERE id = {f}", "UPDATE entries SET enclosures = 'x', categories = '{{}}' WHERE id = {n}", "UPDATE documents SET source = 'odd' WHERE entry_id = {n}",
    "DELETE FROM documents WHERE entry_id IN ({n}, {m})", "UPDATE article_queue SET entry_id = 77", "DELETE FROM articles", "UPDATE entry_tags SET entry_id = 98 WHERE entry_id = {n}", "UPDATE entry_tags SET tag = CAST(x'ff' AS TEXT)", "UPDATE polls SET at = -9000000000000", "UPDATE polls SET feed_id = 55 WHERE feed_id = {f}",
    "INSERT INTO archive_reads(feed_id, url, kind) VALUES ({f}, 'https://e.org/', 'odd')", "UPDATE entries SET title = x'4142' WHERE id = {n}", "UPDATE entries SET content_hash = 'text' WHERE id = {n}",
)  # fmt: skip


@pytest.mark.usefixtures("utc")
def test_what_is_mended_and_how_is_what_was_approved(fresh: Callable[[], Path]) -> None:
    def told() -> Iterator[str]:
        for number in range(90):
            chance = Chance(number)
            path = fresh()
            done = []
            with closing(sqlite3.connect(path, isolation_level=None)) as db:
                for _ in range(1 + chance.below(3)):
                    statement = chance.one(DAMAGES).format(
                        n=1 + chance.below(40), m=1 + chance.below(40), f=1 + chance.below(3)
                    )
                    try:
                        db.execute(statement)
                        done.append(statement)
                    except sqlite3.Error as error:
                        done.append(type(error).__name__)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            yield f"{number}: {'; '.join(done)}"
            try:
                yield f"  {check(path)!a:.300}"
                said = salvage(path) if chance.holds(0.3) else mend(path)
                yield f"  {[line for line in said if 'kept as' not in line]!a:.500}"
                yield f"  {check(path)!a:.100} {contents(path)}"
            except FeeddError as error:
                yield f"  {str(error).replace(str(path.parent), 'FOLDER')}"

    approve("mended", told())


def test_rows_of_one_number_each_get_their_own() -> None:
    def told() -> Iterator[str]:
        for number in range(400):
            chance = Chance(number)
            numbers = [1 + chance.below(9) for _ in range(chance.below(8))]
            owners = set(chance.some(range(1, 12), 9)) if chance.holds(0.4) else None
            rows = [ReadRow(n, ("x", n, place)) for place, n in enumerate(numbers)]
            mended = with_numbers_of_their_own(rows, 1, owners)
            yield f"{numbers} {sorted(owners) if owners is not None else ''} => {[(row.number, row.values[2]) for row in mended]}"

    approve("numbers", told())


def test_what_a_column_holds_of_a_value_of_another_kind() -> None:
    values = (None, b"", b"\xff", b"12", 0, 7, 7.5, "x", 2**70)
    columns = [
        _Column("c", kind, required)
        for kind in ("TEXT", "BLOB", "INTEGER", "REAL")
        for required in (False, True)
    ]
    approve(
        "kinds", (f"{column} {[_fitting(value, column) for value in values]}" for column in columns)
    )


@pytest.mark.usefixtures("utc")
def test_what_retention_drops_is_what_was_approved(fresh: Callable[[], Path]) -> None:
    def told() -> Iterator[str]:
        for number in range(60):
            chance = Chance(number)
            path = fresh()

            def some() -> Retention:
                return Retention(
                    read_s=chance.one((None, 0, 3 * DAY_S, 9 * DAY_S + 1, 30 * DAY_S)),  # noqa: B023
                    unread_s=chance.one((None, 0, 6 * DAY_S, 33 * DAY_S)),  # noqa: B023
                    items=chance.one((None, None, 1, 5, 12, 13, 40)),  # noqa: B023
                )

            usual, own = some(), {name: some() for name in chance.some(FEEDS, 2)}
            with closing(open_writer(path)) as db:
                mark(db, "read", ids=[n for n in range(1, 40) if chance.holds(0.4)] or [1], now=NOW)
                if chance.holds(0.2):
                    sync_feeds(db, configs("a", "b"), NOW)
                removed, dry = chance.holds(0.3), chance.holds(0.3)
                done = retention.prune(db, NOW, usual, own, removed=removed, dry_run=dry)
            yield f"{number}: {usual} {own} {removed} {dry} => {[tuple(one) for one in done]}"
            yield f"  {check(path)} {contents(path)}"

    approve("dropped", told())


QUERIES = (
    "bridge", "title:bridge", "text:river", "author:ann", "feed:a", "tag:news", "tag:tech", "tag:fun", "tag:two", "is:unread", "is:starred", "is:read", "is:later", "is:hidden", "has:enclosure", "has:article", "lang:de", "lang:en", "since:20d", "until:10d", "words:>5",
    "words:<3", "category:x", "riv*", '"the bridge"', "near/3", "日本", "cafe", "C++", "site:site.example", "-", "or", "or", "(", ")", "not", "council",
)  # fmt: skip


@pytest.mark.usefixtures("utc")
def test_what_lists_and_searches_find_is_what_was_approved(fresh: Callable[[], Path]) -> None:
    def told(db: sqlite3.Connection) -> Iterator[str]:
        names = QueryNames(
            views={"v": "is:starred or tag:fun"},
            tags={"news": ["a", "b"], "tech": ["b"]},
            feeds=FEEDS,
        )
        for number in range(500):
            chance = Chance(number)
            written = " ".join(chance.some(QUERIES, 4)) or "bridge"
            wanted = ItemFilter(
                feeds=chance.one((None, None, ("a",), ("b", "c"))), which=chance.one(("unread", "all", "read", "starred")), since=chance.one((None, None, NOW - 20 * DAY_S)),
                until=chance.one((None, None, NOW - 3 * DAY_S)), limit=chance.one((None, 1, 5, 50)), oldest=chance.holds(0.3), every=chance.holds(0.3),
            )  # fmt: skip
            page = list_items(db, wanted, details=chance.holds(0.3))
            yield f"{number}: {wanted.feeds} {wanted.which} {[one.id for one in page.items]} {page.more} {digest(page)}"
            try:
                query = parse(written, names, now=NOW)
                filtered = ItemFilter(
                    feeds=wanted.feeds,
                    which=wanted.which,
                    limit=wanted.limit,
                    oldest=wanted.oldest,
                    every=wanted.every,
                    where=query,
                )
                yield f"  {written} => {[one.id for one in list_items(db, filtered).items]} {counted(db, query)} {len(matching(db, query, wanted))}"
                found = search_items(db, query, wanted)
                yield f"  {[one.id for one in found.items]} {found.more} {found.more_capped} {digest([one.snippet for one in found.items])}"
            except FeeddError as error:
                yield f"  {written} => {error}"

    with closing(open_reader(fresh())) as db:
        approve("found", told(db))


@pytest.mark.usefixtures("utc")
def test_what_marks_and_undoing_change_is_what_was_approved(fresh: Callable[[], Path]) -> None:
    def told() -> Iterator[str]:
        for number in range(25):
            chance = Chance(number)
            path = fresh()
            with closing(open_writer(path)) as db:
                cursor = events.newest_cursor(db, events.identity(db, lambda: db))
                for _ in range(14):
                    ids = [1 + chance.below(42) for _ in range(1 + chance.below(4))]
                    what = chance.below(7)
                    try:
                        if what < 2:
                            action = chance.one(get_args(MarkAction))
                            command = chance.one((None, f"mark {action}"))
                            done: object = mark(
                                db, action, ids=ids, now=NOW + number, command=command
                            )
                        elif what == 2:
                            add, remove = (
                                chance.some(("fun", "FUN", "new", "later", "news"), 2),
                                chance.some(("fun", "two", "tech", "news"), 2),
                            )
                            done = tag(
                                db,
                                add=add,
                                remove=remove,
                                ids=ids,
                                feed_tags=TAGS,
                                now=NOW,
                                command="tag",
                            )
                        elif what == 3:
                            known = acts(db)
                            done = undo(
                                db, chance.one((None, *[act.act for act in known], 99)), NOW
                            )
                        elif what == 4:
                            done = split(db, ids[0])
                        elif what == 5:
                            done = arrive(
                                db,
                                chance.one(FEEDS),
                                entry(
                                    f"n{number}-{ids[0]}",
                                    title=chance.one(WORDS),
                                    html=f"<p>{STORY}</p>",
                                    text=STORY,
                                ),
                                read=chance.holds(0.3),
                            )
                        else:
                            done = [story(db, one) for one in ids], find_stories(db, NOW)
                    except FeeddError as error:
                        done = str(error)
                    yield f"{number}: {what} {ids} => {done!a:.160} {digest(done)}"
                told_since = events.events_after(db, cursor, 100)
                yield f"  {[(one.event, one.feed, one.entry_id, one.detail) for one in told_since]!a:.300}"
                yield f"  {[(one.act, one.command, one.undone) for one in acts(db)]!a:.300} {own_tags(db)} {shared_unread(db)}"
                numbers = [
                    (one.feed.name, one.items, one.unread, one.updated)
                    for one in feed_summaries(db)
                ]
                yield f"  {numbers} {digest(items_of(db, list(range(1, 45)), details=True))} {digest(item(db, 40))}"
            yield f"  {check(path)} {contents(path)}"

    approve("marked", told())


def test_feeds_in_trouble_are_those_that_were_approved(fresh: Callable[[], Path]) -> None:
    def told() -> Iterator[str]:
        for number in range(80):
            chance = Chance(number)
            with closing(open_writer(fresh())) as db:
                now = NOW + chance.one((0, 5, 20, 100)) * DAY_S
                for feed in (1, 2, 3):
                    since = chance.one((None, now - DAY_S, now - DAY_S + 1, now - 30 * DAY_S))
                    state = chance.one(("ok", "ok", "failing", "gone", "new"))
                    db.execute("UPDATE feeds SET state = ?, failing_since = ?, last_error = ?, enabled = ?, last_poll = ?, next_poll = ? WHERE id = ?",
                               (state, since, chance.one((None, "", "timeout")), chance.holds(0.9), chance.one((None, now - 9)), chance.one((None, now - 1, now, now + 1)), feed))  # fmt: skip
                db.execute(
                    "DELETE FROM marks WHERE entry_id > ? AND feed_id = 1",
                    (chance.one((3, 4, 5, 12)),),
                )
                yield f"{number}: {measurements.feed_troubles(db, now)}"
                totals = measurements.feed_totals(db, now)
                yield f"  {sorted(totals.states.items())} {totals.due} {totals.last_poll} {totals.next_poll} {[one.name for one in totals.failed]}"
                figures, stats = measurements.measure(db, now), measurements.stats(db)
                yield f"  {figures.feeds_due} {figures.pages_due} {figures.pages_waiting} {figures.items} {stats.unread} {stats.starred} {stats.articles} {stats.documents} {stats.superseded}"
        for number in range(200):
            chance = Chance(number)
            at, times = NOW - chance.below(60) * DAY_S, []
            for _ in range(chance.below(8)):
                times.append(at)
                at -= chance.one((1, 4, 5, 14, 20)) * DAY_S
            yield f"{times and NOW - times[0]} {len(times)} => {measurements.silent_since(times, NOW)}"

    approve("troubles", told())


def test_what_the_index_makes_of_texts_is_what_was_approved() -> None:
    parts = (
        "日本語",
        "東京",
        "a",
        "C++",
        "co-op",
        "don't",
        "\x00",
        "é",
        "e\u0301",
        "ß",
        "１２",
        "한국어",
        "ไทย",
        "\u200b",
        "word",
        " ",
        "x_y",
        "#tag",
        "@me",
        "1,234.5",
        "\u00ad",
        "-",
    )

    def told() -> Iterator[str]:
        for number in range(300):
            chance = Chance(number)
            text = "".join(chance.some(parts, 7))
            yield f"{text!a} => {index.searchable(text)!a} {index.visible(text)!a} {index.unspaced_run(text)}"

    approve("indexed", told())


@pytest.mark.usefixtures("utc")
def test_the_state_of_a_feed_is_as_it_was_saved(fresh: Callable[[], Path]) -> None:
    with closing(open_reader(fresh())) as db:
        approve("states", (repr(state_of(db, name)) for name in FEEDS))
