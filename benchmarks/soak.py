"""`make soak`: does anything grow in a long life? A simulated month of polling, in some minutes.

    python -m benchmarks.soak [--feeds 300] [--days 30]

The clock is injected: it goes from one due time to the next, and nobody sleeps. A server in a
process of its own answers by that clock, with feeds of eleven behaviours: lively and quiet, with
validators and without, failing by days, moved, ended, broken, large, with pages for articles, and
with a hub that grants leases and pushes. Each day old items are read and pruned as in a life, and
the log file is rotated. What is measured each day: memory of the main process, its descriptors, the
database's size, the rows of each table. At the end the exit code says whether memory and
descriptors stayed level, no table grows without a bound, and every served entry is stored once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import hashlib
import hmac
import http.server
import logging
import logging.handlers
import mmap
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from feedd import configfile
from feedd.daemon.housekeeping import give_back_memory, refresh_poll_cost, tell_troubles, tidy
from feedd.model import ItemFilter
from feedd.poller.engine import Engine, open_engine
from feedd.poller.recorder import PollReport
from feedd.store import polls
from feedd.store.marks import mark

log = logging.getLogger("feedd")

START = 1_790_000_000
HOUR_S, DAY_S = 3_600, 86_400
STEP_S = 600
"""Feeds that fall due within ten minutes are asked together."""
MEMORY_BAR = 1.05
ROWS_BAR = 1.1
"""What the last third of the month may add to a table, once retention has begun."""
KEEP_DAYS = 10
GROWS = {"pruned", "events"}
"""Their bounds are not reached in a month: ten years (store/upkeep/retention.py), 30 days and
100,000 rows (store/events.py)."""

LOG_BYTES, LOGS_KEPT = 1_000_000, 3
LEASE_S = 2 * DAY_S
PUSH_LOOK_S = 0.2
KINDS = 11
BACKLOG = 20
"""So many entries a feed has at the start, and carries."""


class Day:
    """What was measured at the end of a simulated day."""

    def __init__(self, number: int, polled: int, db: sqlite3.Connection, path: Path) -> None:
        self.number = number
        self.polled = polled
        self.memory = _resident_bytes()
        self.descriptors = len(os.listdir("/proc/self/fd"))
        self.file_bytes = path.stat().st_size
        self.rows = _rows(db)

    def line(self) -> str:
        most = sorted(self.rows.items(), key=lambda each: -each[1])[:6]
        return (
            f"{self.number:>4} {self.polled:>9,} {self.memory / 1e6:>8.1f} {self.descriptors:>6}"
            f" {self.file_bytes / 1e6:>8.1f}  " + ", ".join(f"{n} {c:,}" for n, c in most)
        )


HEADER = f"{'day':>4} {'polls':>9} {'MB':>8} {'files':>6} {'db MB':>8}  rows of the largest tables"


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _rows(db: sqlite3.Connection) -> dict[str, int]:
    names = [
        row[0]
        for row in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_data'"
        )
    ]
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


# ------------------------------------------------------------------------------------ the server


def serve(clock: str) -> None:
    """Answer by the clock in the file `clock` until standard input ends; print the port first."""
    with open(clock, "r+b") as file:
        seconds = mmap.mmap(file.fileno(), 8)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            now = int.from_bytes(seconds[:8], "little")
            status, headers, body = _answer(self.path, now, self.headers.get("If-None-Match"))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            hub.ask({name: values[0] for name, values in asked.items()})
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    hub = Hub(lambda: int.from_bytes(seconds[:8], "little"))
    threading.Thread(target=hub.push_for_ever, daemon=True).start()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


class Hub:
    """Grants every lease, and pushes what is new to whom it was granted."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._secrets: dict[str, tuple[str, int]] = {}
        """By callback: the secret, and the feed's number."""
        self._pushed: dict[str, int] = {}

    def ask(self, form: Mapping[str, str]) -> None:
        """A request for a subscription, or for the end of one."""
        threading.Thread(target=self._confirm, args=(form,), daemon=True).start()

    def _confirm(self, form: Mapping[str, str]) -> None:
        callback = form["hub.callback"]
        said = {name: form[name] for name in ("hub.mode", "hub.topic")}
        said |= {"hub.challenge": "yes", "hub.lease_seconds": str(LEASE_S)}
        with suppress(OSError), urllib.request.urlopen(f"{callback}?{urlencode(said)}", timeout=60):
            if form["hub.mode"] == "subscribe":
                number = int(urlsplit(form["hub.topic"]).path.split("-")[-1])
                self._secrets[callback] = (form["hub.secret"], number)

    def push_for_ever(self) -> None:
        """Look for new entries again and again."""
        while True:
            time.sleep(PUSH_LOOK_S)
            for callback, (secret, number) in list(self._secrets.items()):
                last = latest(number, self._clock())
                if self._pushed.setdefault(callback, last) < last:
                    self._pushed[callback] = last
                    with suppress(OSError):
                        self._push(callback, secret, _document(number, last))

    def _push(self, callback: str, secret: str, body: bytes) -> None:
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={signature}", "Content-Type": "application/rss+xml"}
        request = urllib.request.Request(callback, body, headers)
        with urllib.request.urlopen(request, timeout=60):
            pass


def _answer(path: str, now: int, tag: str | None) -> tuple[int, dict[str, str], bytes]:
    if path.startswith("/page/"):
        words = "A sentence of the article that says something of length. " * 40
        return 200, {"Content-Type": "text/html"}, f"<p>{path} {words}</p>".encode()
    if "-" not in path:  # who looks for a lost feed asks the site itself
        return 404, {}, b""
    number = int(path.strip("/").split("-")[-1])
    kind = number % KINDS
    day = (now - START) // DAY_S
    if kind == 5 and day % 2:
        return 500, {}, b""
    if kind == 6 and day > 3:
        return 410, {}, b""
    if kind == 7 and path.startswith("/feed-"):
        return 301, {"Location": f"/moved-{number}"}, b""
    if kind == 8:
        return 200, {"Content-Type": "text/html"}, b"<html>no feed"
    last = latest(number, now)
    etag = f'"{last}"'
    headers = {"Content-Type": "application/rss+xml"}
    if kind == 10:
        headers["Link"] = '</hub>; rel="hub"'
    if kind != 3:
        headers["ETag"] = etag
        if tag == etag:
            return 304, headers, b""
    return 200, headers, _document(number, last)


def latest(number: int, now: int) -> int:
    """The number of a feed's latest entry at this time."""
    pause_s = {0: HOUR_S, 1: 3 * HOUR_S, 4: 10_000 * DAY_S}.get(number % KINDS, 12 * HOUR_S)
    return BACKLOG + (now - START) // pause_s


def _document(number: int, last: int) -> bytes:
    large = 20_000 if number % KINDS == 2 else 300
    link = "/page/" if number % KINDS == 9 else "/item/"
    items = "".join(
        f"<item><guid>{number}-{n}</guid><title>Feed {number} entry {n}</title>"
        f"<link>{link}{number}-{n}</link><description>{f'text {n} ' * (large // 8)}</description>"
        "</item>"
        for n in range(last, max(0, last - BACKLOG), -1)
    )
    return f"<rss version='2.0'><channel><title>f</title>{items}</channel></rss>".encode()


# ------------------------------------------------------------------------------------ the month


async def live(folder: Path, feeds: int, days: int, port: int, clock: mmap.mmap) -> list[Day]:
    """Poll for so many days of the clock; what was measured each day."""
    path = folder / "config.toml"
    lines = "".join(
        f'f{n} = {{ url = "http://127.0.0.1:{port}/feed-{n}", articles = "{_articles(n)}" }}\n'
        for n in range(feeds)
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        callback = free.getsockname()[1]
    path.write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\ninterval = "50m"\n'
        f'max_interval = "100m"\nkeep = "{KEEP_DAYS}d"\narticle_pause = "0s"\nper_host = 16\n'
        f'websub_callback = "http://127.0.0.1:{callback}"\nwebsub_listen = "127.0.0.1:{callback}"\n'
        f"[feeds]\n{lines}"
    )
    now = START
    polled = pushed = 0

    def count(report: PollReport) -> None:
        nonlocal polled, pushed
        polled += not report.pushed
        pushed += report.pushed
        log.debug("%s: %s, %d new, %s", report.feed, report.status, report.new, report.error)

    def tell(seconds: int) -> None:
        clock[:8] = seconds.to_bytes(8, "little")

    tell(now)
    config = configfile.load(path)
    measured: list[Day] = []
    print(HEADER, flush=True)
    async with open_engine(config, polled=count, clock=lambda: now) as engine:
        listening = asyncio.create_task(engine.subscriber.serve())
        for day in range(1, days + 1):
            while now < START + day * DAY_S:
                due = await engine.store.call(polls.due, now, 1_000)
                if due:
                    await engine.poller.submit(due, blame_network=False).finished()
                    await engine.pages.fetch_due()
                    await engine.subscriber.attend()
                now = max(now + STEP_S, await engine.store.call(_next_due, now))
                tell(now)
            measured.append(await _evening(engine, day, polled, now))
            print(measured[-1].line(), flush=True)
        listening.cancel()
    print(f"pushes taken in: {pushed:,}")
    return measured


def _articles(number: int) -> str:
    return "auto" if number % KINDS == 9 else "never"


def _next_due(db: sqlite3.Connection, now: int) -> int:
    row = db.execute(
        "SELECT min(next_poll) FROM feeds WHERE enabled = 1 AND removed_at IS NULL"
    ).fetchone()
    return int(row[0]) if row[0] is not None else now + HOUR_S


async def _evening(engine: Engine, day: int, polled: int, now: int) -> Day:
    """What a person and the daemon do once a day."""
    old = ItemFilter(which="unread", limit=None)
    await engine.store.call(mark, "read", filter=old, before=now - DAY_S, now=now)
    await engine.archives.fill_gaps()
    await engine.relocator.search_due()
    await engine.find_stories(within_s=60)
    await engine.recleaner.go_on()
    await tidy(engine)
    await engine.rebuild_index()
    await tell_troubles(engine)
    await refresh_poll_cost(engine)
    await give_back_memory(engine)
    gc.collect()
    for handler in log.handlers:
        if isinstance(handler, logging.handlers.RotatingFileHandler):
            handler.doRollover()
    database = engine.poller.config.settings.database
    return await engine.store.call(lambda db: Day(day, polled, db, database))


def growing(days: list[Day]) -> list[str]:
    """Tables that retention does not bound: they grew in the last third, when it was at work."""
    then, now = days[len(days) * 2 // 3 - 1], days[-1]
    if then.number <= KEEP_DAYS:
        return []
    return [
        f"{name} from {then.rows.get(name, 0):,} to {rows:,}"
        for name, rows in now.rows.items()
        if name not in GROWS and rows > 500 and rows > ROWS_BAR * then.rows.get(name, 0)
    ]


def _parts(database: Path) -> str:
    """What the file's bytes are."""
    db = sqlite3.connect(database)
    free, page = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size")
    )
    parts = {"free": free * page}
    with suppress(sqlite3.OperationalError):  # not every SQLite is built with it
        parts |= dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    most = sorted(parts.items(), key=lambda part: -part[1])[:8]
    return f"{sum(parts.values()) / 1e6:.1f} MB: " + ", ".join(
        f"{n} {b / 1e6:.1f}" for n, b in most
    )


def _twice_or_missing(database: Path) -> int:
    """How many entries are stored twice, or missing between two that are stored."""
    wrong = 0
    numbers: dict[int, list[int]] = {}
    for title in sqlite3.connect(database).execute("SELECT title FROM entries"):
        _, feed, _, number = title[0].split()
        numbers.setdefault(int(feed), []).append(int(number))
    for feed, stored in numbers.items():
        wrong += len(stored) - len(set(stored))
        if feed % KINDS not in (5, 6):  # what slips by while they fail is not there to be had
            wrong += max(stored) - min(stored) + 1 - len(set(stored))
    return wrong


def main() -> int:
    """Run it; 0 when everything stayed level."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log.setLevel(logging.DEBUG)
        log.addHandler(
            logging.handlers.RotatingFileHandler(
                folder / "feedd.log", maxBytes=LOG_BYTES, backupCount=LOGS_KEPT
            )
        )
        (folder / "clock").write_bytes(bytes(8))
        with open(folder / "clock", "r+b") as file:
            clock = mmap.mmap(file.fileno(), 8)
        command = [sys.executable, "-m", "benchmarks.soak", "--serve", str(folder / "clock")]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            days = asyncio.run(live(folder, asked.feeds, asked.days, port, clock))
        finally:
            server.terminate()
            server.wait()
        wrong = _twice_or_missing(folder / "feedd.db")
        print(f"the file: {_parts(folder / 'feedd.db')}")
        logs = [path.stat().st_size for path in folder.glob("feedd.log*")]
        print(f"logs: {len(logs)} files, {sum(logs) / 1e6:.1f} MB")
    first, last = days[0], days[-1]
    grown = last.memory / first.memory
    print(f"memory at the end: {grown:.3f} times that after the first day (at most {MEMORY_BAR})")
    print(f"descriptors: {first.descriptors} after the first day, {last.descriptors} at the end")
    print(f"entries twice or missing: {wrong}; {time.monotonic() - began:.0f} s in all")
    unbounded = growing(days)
    print(f"tables without a bound: {'; '.join(unbounded) or 'none'}")
    level = grown <= MEMORY_BAR and last.descriptors <= first.descriptors + 2
    return int(not level or wrong > 0 or bool(unbounded))


if __name__ == "__main__":
    sys.exit(main())
