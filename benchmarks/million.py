"""A store of a million entries, and how long the reading commands' queries take on it.

    python -m benchmarks.million [--entries N] [--read SHARE] [DATABASE]

The store is written by the daemon's own code, in large batches; it is kept and used again. Beside
the queries' own times stands that of whole `feedd` processes.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from hashlib import blake2b
from pathlib import Path

from msgspec.structs import replace

from benchmarks.prose import Writer, vocabulary
from feedd.model import Entry, FeedConfig, ItemFilter, KeyedEntry, NewEntry, PollOutcome, PollRecord
from feedd.query import parse
from feedd.store import feeds, items
from feedd.store.database import open_reader, open_writer
from feedd.store.entries import record
from feedd.store.search import results
from feedd.store.stored_values import get_meta, set_meta
from feedd.store.upkeep import compaction

ENTRIES = 1_000_000
SEED = 7
ENTRIES_PER_FEED = 500
ENTRIES_PER_BATCH = 20_000
SENTENCES = 20_000
SENTENCES_PER_ENTRY = 4
ALSO_IN_SHARE = 0.02
RARE_EVERY = 100_000
RARE_WORD = "quokkaberry"
NEWEST = 1_767_225_600
SPREAD_S = 300
"""One entry appears every so many seconds."""

DEFAULT_DATABASE = Path(__file__).parent.parent / "build" / "bench" / "million" / "feedd.db"
RUNS = 7
BARS_MS = {
    "list": 150,
    "search a rare word": 200,
    "search a common word": 500,
    "search two letters": 500,
    "feeds": 300,
}
"""Whole processes, wall clock."""


def write_store(path: Path, *, entries: int, read_share: float) -> None:
    """Writes the store through `writing.record`; does nothing when it is complete already."""
    db = open_writer(path)
    if get_meta(db, "million") == f"{entries}":
        db.close()
        return
    rng = random.Random(SEED)
    writer = Writer(vocabulary(rng), rng)
    sentences = [writer.sentence() for _ in range(SENTENCES)]
    titles = [writer.title() for _ in range(SENTENCES)]
    count = max(1, entries // ENTRIES_PER_FEED)
    configs = [FeedConfig(f"feed{n:05}", f"https://site{n}.example/feed/") for n in range(count)]
    feeds.sync_feeds(db, configs, NEWEST)
    states = feeds.feed_states(db)
    started = time.monotonic()
    for first in range(0, entries, ENTRIES_PER_BATCH):
        numbers = range(first, min(entries, first + ENTRIES_PER_BATCH))
        by_feed: dict[int, list[NewEntry]] = {}
        for number in numbers:
            feed = rng.randrange(count)
            read = rng.random() < read_share
            keyed = _entry(number, feed, entries, sentences, titles, rng)
            by_feed.setdefault(feed, []).append(NewEntry(keyed, read=read))
        outcomes = [
            PollOutcome(
                replace(states[feed], state="ok", last_poll=NEWEST, next_poll=NEWEST + 3600),
                PollRecord(NEWEST, states[feed].url, 200, 20_000, 30, new=len(new)),
                tuple(new),
            )
            for feed, new in by_feed.items()
        ]
        record(db, outcomes, NEWEST)
        speed = numbers.stop / (time.monotonic() - started)
        print(f"\r{numbers.stop:,} entries, {speed:,.0f} a second", end="", file=sys.stderr)
    print(file=sys.stderr)
    compaction.optimise(db)
    set_meta(db, "million", f"{entries}")
    db.close()


def _entry(
    number: int,
    feed: int,
    entries: int,
    sentences: list[str],
    titles: list[str],
    rng: random.Random,
) -> KeyedEntry:
    chosen = [sentences[rng.randrange(SENTENCES)] for _ in range(SENTENCES_PER_ENTRY)]
    if number % RARE_EVERY == 0:
        chosen.append(f"Here is a {RARE_WORD}.")
    text = " ".join(chosen)
    shared = rng.random() < ALSO_IN_SHARE
    place = f"shared.example/{number // 3}" if shared else f"site{feed}.example/{number}"
    title = titles[rng.randrange(SENTENCES)]
    entry = Entry(
        guid=f"tag:{number}",
        link=f"https://{place}/",
        title=title,
        author="Some Body",
        published=NEWEST - (entries - number) * SPREAD_S,
        html="<p>" + "</p>\n<p>".join(chosen) + "</p>",
        text=text,
        full=True,
    )
    digest = blake2b(text.encode(), digest_size=8).digest()
    return KeyedEntry(entry, f"tag:{number}", f"https://{place}", title.casefold(), digest)


def queries(db: sqlite3.Connection) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is measured, each with a name."""
    common = _common_words(1)
    some = tuple(f"feed{n:05}" for n in range(0, 2_000, 40))
    everything = ItemFilter(which="all")
    yield "list", lambda: items.list_items(db, ItemFilter())
    yield "list, with details", lambda: items.list_items(db, ItemFilter(), details=True)
    yield "list --all", lambda: items.list_items(db, everything)
    yield "list --read", lambda: items.list_items(db, ItemFilter(which="read"))
    yield "list --starred", lambda: items.list_items(db, ItemFilter(which="starred"))
    yield "list --oldest", lambda: items.list_items(db, ItemFilter(oldest=True))
    yield "list of one feed", lambda: items.list_items(db, ItemFilter(feeds=some[:1]))
    yield f"list of {len(some)} feeds", lambda: items.list_items(db, ItemFilter(feeds=some))
    yield "search a rare word", lambda: results.search_items(db, parse(RARE_WORD), everything)
    yield "search a common word", lambda: results.search_items(db, parse(common), everything)
    yield (
        "search three common words",
        lambda: results.search_items(db, parse(_common_words(3)), everything),
    )
    yield "search a phrase", lambda: results.search_items(db, parse(_phrase(db)), everything)
    yield "search a prefix", lambda: results.search_items(db, parse(f"{common[:2]}*"), everything)
    yield (
        "search a common word, starred",
        lambda: results.search_items(db, parse(f"{common} is:starred"), everything),
    )
    yield (
        "search a common word in one feed",
        lambda: results.search_items(db, parse(f"{common} feed:{some[0]}"), everything),
    )
    yield "feeds", lambda: items.feed_summaries(db)
    yield "items after", lambda: items.items_after(db, items.latest_id(db) - 100, ItemFilter(), 200)


def _common_words(count: int) -> str:
    """The words that most entries have."""
    return " ".join(vocabulary(random.Random(SEED))[:count])


def _phrase(db: sqlite3.Connection) -> str:
    text = items.item(db, items.latest_id(db)).content_text
    return '"' + " ".join(text.split()[:3]).strip(".?!,;") + '"'


def processes(database: Path, common: str) -> Iterator[tuple[str, list[str]]]:
    """Whole commands, as they are typed."""
    config = database.with_name("config.toml")
    config.write_text(f'[feedd]\ndatabase = "{database}"\n', encoding="utf-8")
    feedd = [sys.executable, "-m", "feedd", "--config", str(config)]
    yield "list", [*feedd, "list"]
    yield "search a rare word", [*feedd, "search", RARE_WORD]
    yield "search a common word", [*feedd, "search", common]
    yield "search two letters", [*feedd, "search", f"{common[:2]}*"]
    yield "feeds", [*feedd, "feeds"]


def _milliseconds(work: Callable[[], object]) -> str:
    """Medians, on the wall and of the processors, over this process and those it waits for."""
    times = []
    for _ in range(RUNS):
        started, used_s = time.perf_counter(), sum(os.times()[:4])
        work()
        took_s = time.perf_counter() - started, sum(os.times()[:4]) - used_s
        times.append([1000 * seconds for seconds in took_s])
    wall_ms, cpu_ms = map(statistics.median, zip(*times, strict=True))
    return f"{wall_ms:8.1f} ms, CPU {cpu_ms:6.1f}"


def main() -> None:
    """Write the store where it is missing, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("database", type=Path, nargs="?", default=DEFAULT_DATABASE)
    arguments.add_argument("--entries", type=int, default=ENTRIES)
    arguments.add_argument("--read", type=float, default=0.0, help="share already read")
    options = arguments.parse_args()
    database = options.database.absolute()
    write_store(database, entries=options.entries, read_share=options.read)
    print(f"{options.entries:,} entries, {database.stat().st_size / 1e6:,.0f} MB\n")
    with closing(open_reader(database)) as db:
        print("queries, in the process")
        for name, query in queries(db):
            print(f"  {name:36} {_milliseconds(query)}")
    print("\nwhole processes")
    for name, command in processes(database, _common_words(1)):
        took = _milliseconds(partial(subprocess.run, command, check=True, capture_output=True))
        print(f"  {name:36} {took}   (bar: {BARS_MS[name]} ms)")


if __name__ == "__main__":
    main()
