"""A damaged byte costs what it lies in: never a listing, never what SQLite can still read."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedd.errors import StoreError
from feedd.model import Enclosure, ItemFilter
from feedd.query import parse
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.items import feed_summaries, item, list_items
from feedd.store.marks import mark
from feedd.store.search.results import search_items
from feedd.store.upkeep.integrity import check
from feedd.store.upkeep.salvage import mend
from tests.store.conftest import NOW, arrive, configs, entry

EVERYTHING = ItemFilter(which="all", limit=None)
COPIES = 100
FEEDS = ("a", "b", "c")
ENTRIES_A_FEED = 60
AT_THE_START = 32_768
"""Where most of what describes the rest lies."""

Change = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sound database."""
    path = tmp_path_factory.mktemp("sound") / "feedd.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs(*FEEDS), NOW)
        for feed in FEEDS:
            arrive(db, feed, *(
                entry(f"{feed}-{n}", html=f"<p>{feed} {n} {'words ' * 80}</p>", text="words",
                      enclosures=(Enclosure("https://e.org/a.mp3", "audio/mpeg", 5),))
                for n in range(ENTRIES_A_FEED)))  # fmt: skip
        mark(db, "star", ids=[3, 5], now=NOW)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.fixture
def sound(content: bytes, path: Path) -> Path:
    path.write_bytes(content)
    return path


def test_a_damaged_text_of_a_feed_leaves_every_feed_with_its_counts(
    sound: Path,
) -> None:
    changed(sound, "UPDATE feeds SET title = CAST(x'6974656db3' AS TEXT) WHERE name = 'b'")
    with closing(open_reader(sound)) as db:
        found = {one.feed.name: (one.feed.title, one.items) for one in feed_summaries(db)}
        assert found["b"] == ("item\ufffd", ENTRIES_A_FEED)
        assert list(found) == list(FEEDS)
        assert [one.name for one in feed_states(db)] == list(FEEDS)


def titles(path: Path) -> set[str]:
    with closing(open_reader(path)) as db:
        return {one.title for one in list_items(db, EVERYTHING, details=True).items}


def readable_titles(path: Path) -> set[str] | None:
    """What SQLite reads of the entries without any index; None: it does not read all tables."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            tables = db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE"
                " 'CREATE VIRTUAL%' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"
            ).fetchall()
            for (table,) in tables:
                db.execute(f'SELECT * FROM "{table}" NOT INDEXED').fetchall()
            return {str(row[0]) for row in db.execute("SELECT title FROM entries NOT INDEXED")}
        except (sqlite3.Error, UnicodeDecodeError):
            return None


def changed(path: Path, *statements: str) -> None:
    """Change what no program of ours would, without a look at what hangs on it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, COPIES, 10))
def test_all_that_sqlite_reads_of_a_damaged_file_is_listed_after_repair(
    content: bytes, path: Path, first: int
) -> None:
    for seed in range(first, first + 10):
        for file in path.parent.glob("*feedd.db*"):
            file.unlink()
        path.write_bytes(_flipped(content, seed))
        there = readable_titles(path)
        if there is None:
            continue
        said = mend(path)
        assert check(path) == [], f"seed {seed}: {said}"
        assert there <= titles(path), f"seed {seed}: {said}"


def _flipped(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    damaged = bytearray(content)
    for _ in range((1, 1, 3, 10, 200)[seed % 5]):
        place = chance.randrange(100, len(content) if seed % 3 else AT_THE_START)
        damaged[place] ^= 1 << chance.randrange(8)
    return bytes(damaged)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_what_lies_before_and_behind_a_page_that_is_gone_is_saved(
    content: bytes, path: Path, share: float
) -> None:
    damaged = bytearray(content)
    start = int(len(content) * share) // 8192 * 8192
    damaged[start : start + 8192] = b"\xaa" * 8192
    path.write_bytes(damaged)
    said = mend(path)
    assert check(path) == []
    assert len(titles(path)) >= 100, said
    assert any(line.startswith("the damaged database is kept as ") for line in said)


def test_a_file_of_which_nothing_can_be_read_is_not_taken_for_mended(sound: Path) -> None:
    damaged = bytearray(sound.read_bytes())
    damaged[100] ^= 0x5A  # what kind of page the first one is, which lists the tables
    sound.write_bytes(damaged)
    with pytest.raises(StoreError, match="feedd restore FILE puts a backup in its place"):
        mend(sound)
    assert sound.read_bytes() == damaged
    assert [file.name for file in sound.parent.iterdir() if ".part" in file.name] == []


def test_a_title_that_is_no_text_takes_no_other_item_along(sound: Path) -> None:
    changed(sound, "UPDATE entries SET title = CAST(x'6974656db3' AS TEXT) WHERE id = 7")
    with closing(open_reader(sound)) as db:
        assert len(list_items(db, EVERYTHING).items) == 180
        assert item(db, 7).item.title == "item\ufffd"
        assert len(search_items(db, parse("words"), EVERYTHING).items) == 180
    assert check(sound) == [
        "the title of item 7 is damaged: feedd repair mends the rest of it",
    ]
    said = mend(sound)
    assert "the title of item 7 is damaged: its bytes that are no text became \ufffd" in said
    assert check(sound) == []
    assert len(titles(sound)) == 180
    assert not any("kept as" in line for line in said), "in place: the file itself is sound"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET enclosures = '[{\"4rl\":1}]'",
        "UPDATE entries SET enclosures = '[5'",
        "UPDATE entries SET categories = '{}', published = 1 << 61, updated = -(1 << 61)",
        "UPDATE feeds SET hints = '[', state = 'nk', rhythm = 'x', keys = 'gujd'",
        "UPDATE feeds SET title = CAST(x'ff' AS TEXT), last_error = CAST(x'ff' AS TEXT)",
        "UPDATE marks SET sort_at = 1 << 61",
        "UPDATE polls SET reason = CAST(x'ff' AS TEXT), error = CAST(x'fe' AS TEXT)",
        "UPDATE documents SET source = 'fead'",
        "UPDATE entries SET feed_id = 77 WHERE id < 9",
        "UPDATE marks SET feed_id = 77 WHERE entry_id < 9",
        "DELETE FROM feeds WHERE name = 'a'",
        "DELETE FROM marks WHERE entry_id < 9",
        "DELETE FROM contents WHERE entry_id < 9",
        "DELETE FROM entries WHERE id = 180",
    ],
)
def test_values_that_make_no_sense_are_mended_and_no_item_is_lost(
    sound: Path, statement: str
) -> None:
    whole = titles(sound)
    changed(sound, "PRAGMA foreign_keys = OFF", statement)
    with closing(open_reader(sound)) as db:
        assert len(list_items(db, EVERYTHING, details=True).items) > 100 or "feed" in statement
        feed_states(db)
    mend(sound)
    assert check(sound) == []
    assert len(whole - titles(sound)) <= statement.count("DELETE FROM entries")


def test_items_of_a_lost_feed_come_back_under_its_name(sound: Path) -> None:
    changed(
        sound,
        "INSERT INTO polls(feed_id, number, at, url, bytes, duration_ms, new, changed, reason)"
        " VALUES (1, 99, 0, 'https://a.example/feed', 0, 0, 0, 0, '')",
        "DELETE FROM feeds WHERE name = 'a'",
    )
    mend(sound)
    with closing(open_writer(sound)) as db:
        sync_feeds(db, configs(*FEEDS), NOW)
        listed = list_items(db, ItemFilter(feeds=("a",), which="all", limit=None)).items
    assert len(listed) == ENTRIES_A_FEED


@pytest.mark.parametrize("twin", [36, 38])
def test_two_rows_of_one_number_are_both_kept(sound: Path, twin: int) -> None:
    """A byte of a row's number has flipped: its page holds 36 or 38 twice, and 37 no more."""
    damaged = bytearray(sound.read_bytes())
    with closing(sqlite3.connect(sound)) as db:
        (title,) = db.execute("SELECT title FROM entries WHERE id = 37").fetchone()
    for place in _row_numbers(bytes(damaged), 37, title):
        damaged[place] = twin
    sound.write_bytes(damaged)
    assert check(sound) != []
    mend(sound)
    assert check(sound) == []
    assert len(titles(sound)) == 180
    with closing(open_reader(sound)) as db:
        assert item(db, 37).item.title == title
        assert item(db, twin).item.title != title
        assert "words" in item(db, 37).content_html, "its content has found it again"


def _row_numbers(content: bytes, number: int, title: str) -> Iterator[int]:
    """Where the number of an entry's row stands, before the header of its text: of seventeen bytes
    or some more, and the first says that the number itself is not repeated (SQLite's file format).
    Also in what is left of pages that were written anew.
    """
    for match in re.finditer(re.escape(f"{title}https://".encode()), content):
        for place in range(match.start() - 16, match.start() - 300, -1):
            row, header, first = content[place : place + 3]
            if row == number and header in range(17, 25) and first == 0:
                yield place
                break


def test_two_entries_whose_keys_became_one_are_both_kept(sound: Path) -> None:
    whole = titles(sound)
    changed(
        sound,
        "PRAGMA writable_schema = ON",
        "DELETE FROM sqlite_schema WHERE name = 'entries_key'",
        "PRAGMA writable_schema = RESET",
        "UPDATE entries SET key = (SELECT key FROM entries WHERE id = 4) WHERE id = 5",
    )
    mend(sound)
    assert check(sound) == []
    assert titles(sound) == whole
