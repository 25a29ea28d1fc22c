"""A small, real store with something of everything in it, written by the store's own functions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from feedd import configfile
from feedd.identity import keyed
from feedd.model import Enclosure, Entry, NewEntry, PollOutcome, PollRecord
from feedd.store.database import open_writer
from feedd.store.entries import record
from feedd.store.feeds import feed_states, sync_feeds

CONFIG = """\
[feedd]
database = "feedd.db"

[feeds]
lwn = "https://lwn.example/rss"

[feeds.planet-python]
url = "https://planet.example/rss"
title = "Planet Python"
tags = ["python", "blogs"]

[feeds.nihongo]
url = "https://jp.example/rss"
tags = ["blogs"]
"""
ARTICLE = """<h2>How it works</h2><p>A write-ahead log keeps <b>readers</b> going, see
<a href="https://sqlite.example/wal">the manual</a>.</p>
<blockquote><p>Quoted words.</p></blockquote>
<pre><code class="language-python">with db:
    db.execute("PRAGMA wal_checkpoint")</code></pre><ul><li>One</li><li>Two</li></ul>"""


@dataclass(frozen=True)
class Stocked:
    """Where the files are, and the moment they were made at."""

    folder: Path
    now: int

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "feedd.db"


def entry(
    title: str, at: int | None, *, link: str | None = None, html: str = "", **more: object
) -> Entry:
    """An entry as a parser would give it."""
    slug = "".join(ch if ch.isalnum() else "-" for ch in title.casefold())
    text = html.replace("<p>", "").replace("</p>", "\n")
    url = link or f"https://site.example/{slug}-{at}"
    made = Entry(guid=url, link=url, title=title, published=at, html=html, text=text, full=True)
    return replace(made, **more)


def store(
    database: Path, feed: str, entries: Sequence[Entry], now: int, *, fetch_pages: bool = False
) -> list[int]:
    """Store `entries` as one poll of `feed` would; returns their ids."""
    db = open_writer(database)
    try:
        state = feed_states(db, [feed])[0]
        polled = replace(state, state="ok", last_poll=now, last_success=now, last_status=200)
        new = tuple(
            NewEntry(made, fetch_page=fetch_pages) for made in keyed(entries, keys="guid").entries
        )
        poll = PollRecord(
            at=now, url=state.url, status=200, bytes=1000, duration_ms=12, new=len(new)
        )
        return record(db, [PollOutcome(polled, poll, new)], now)
    finally:
        db.close()


def stock(folder: Path, *, now: int | None = None) -> Stocked:
    """Write a configuration file and a database with ten items in three feeds."""
    now = int(time.time()) if now is None else now
    made = Stocked(folder, now)
    made.config.write_text(CONFIG, encoding="utf-8")
    config = configfile.load(made.config)
    db = open_writer(made.database)
    sync_feeds(db, config.feeds.values(), now)
    db.close()
    hour = 3600
    store(
        made.database,
        "lwn",
        [
            entry("Kernel 7.0 released", now - 2 * hour, author="corbet", html="<p>It is out.</p>"),
            entry("A title so long that it cannot stand on one line of eighty columns, whatever"
                  " the layout of the list may be", now - 5 * hour),
            entry("The write-ahead log of SQLite", now - 30 * hour, html=ARTICLE,
                  enclosures=(Enclosure("https://lwn.example/a.mp3", "audio/mpeg", 12_000_000),)),
            entry("Evil \x1b[31mred\x1b[0m \u202etxt.exe\x07", now - 31 * hour,
                  html="<p>\x1b]0;x\x07y</p>"),
        ],
        now,
    )  # fmt: skip
    store(
        made.database,
        "planet-python",
        [
            entry("Structural pattern matching", now - 3 * hour, author="Ann Author",
                  html="<p>match and case</p>", summary="How match and case work."),
            entry("The write-ahead log of SQLite", now - 29 * hour,
                  link="https://sqlite.example/same-article", html="<p>WAL again</p>"),
            entry("", now - 50 * hour, html="<p>A note without title</p>"),
        ],
        now,
    )  # fmt: skip
    store(
        made.database,
        "nihongo",
        [
            entry("日本語の題名は二倍の幅を取る", now - 4 * hour, html="<p>東京都の天気は晴れ</p>"),
            entry("👩🏽‍🚀 Cafe\u0301 news 🇩🇪", now - 26 * hour, html="<p>Emoji</p>"),
            entry("Undated entry", None, html="<p>No date</p>"),
        ],
        now,
    )
    return made


def stock_many(made: Stocked, count: int, *, feed: str = "lwn", batch: int = 5000) -> None:
    """Store `count` more items of `feed`, a minute apart."""
    for start in range(0, count, batch):
        entries = [
            entry(
                f"Item number {n} of very many, with a title of the usual length", made.now - 60 * n
            )
            for n in range(start, min(start + batch, count))
        ]
        store(made.database, feed, entries, made.now)
