"""One day of requests: ten feeds of different kinds, the real engine, a clock turned by hand.

    python -m benchmarks.day [--weeks N]

The engine polls feeds on loopback for some weeks of simulated time, so that it knows them, and the
requests of the last day (a Wednesday, UTC) are run_limited as its server saw them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from feedd.model import Config, FeedConfig, Settings
from feedd.poller.engine import open_engine
from feedd.store import feeds as feed_store
from feedd.store import polls

HOUR_S, DAY_S = 3600, 86_400
LAST_DAY = int(datetime(2026, 9, 23, tzinfo=UTC).timestamp())
ENTRIES_SHOWN = 15
HOST = "127.0.0.1"

Answer = tuple[int, Mapping[str, str]]


@dataclass
class Publisher:
    """A feed: when it publishes, and what its server says besides."""

    name: str
    times: list[int]
    headers: Mapping[str, str] = field(default_factory=dict)
    head: str = ""
    refuses: Callable[[int], Answer | None] = lambda now: None

    def document(self, now: int) -> bytes:
        """The RSS document as it is at that time."""
        items = "".join(
            f"<item><guid>{self.name}-{at}</guid><title>Entry of {at}</title><pubDate>"
            f"{format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)}</pubDate></item>"
            for at in [at for at in self.times if at <= now][-ENTRIES_SHOWN:]
        )
        return (
            f"<rss version='2.0'><channel><title>{self.name}</title>{self.head}{items}"
            "</channel></rss>"
        ).encode()

    def answer(self, now: int, tag: str | None) -> tuple[int, Mapping[str, str], bytes]:
        """What the server answers to a request with that If-None-Match."""
        refused = self.refuses(now)
        if refused is not None:
            return (*refused, b"")
        published = [at for at in self.times if at <= now]
        headers = {**self.headers, "ETag": f'"{len(published)}"'}
        if tag == headers["ETag"]:
            return 304, headers, b""
        return 200, headers, self.document(now)


def publishers(start: int, rng: random.Random) -> list[Publisher]:
    """The ten."""
    days = range(start - 60 * DAY_S, LAST_DAY + DAY_S, DAY_S)
    weekdays = [day for day in days if datetime.fromtimestamp(day, UTC).weekday() < 5]

    def at_hours(dates: list[int], *hours: float) -> list[int]:
        return sorted(int(d + h * HOUR_S + rng.gauss(0, 400)) for d in dates for h in hours)

    noon = LAST_DAY + 12 * HOUR_S
    busy: Answer = (429, {"Retry-After": str(3 * HOUR_S)})
    broken: Answer = (503, {})
    ended: Answer = (410, {})
    every = list(days)
    return [
        Publisher("news", at_hours(every, *(h / 2 for h in range(12, 46)))),
        Publisher("office-blog", at_hours(weekdays, 9.5, 11, 14, 16)),
        Publisher("wednesday-column", at_hours(every[every.index(LAST_DAY) % 7 :: 7], 7)),
        Publisher("monthly", at_hours(every[::30], 10)),
        Publisher("silent", at_hours(every[:5], 10)),
        Publisher("slow-cache", at_hours(every, 8, 13, 18), {"Cache-Control": "max-age=14400"}),
        Publisher("ttl-of-six-hours", at_hours(every, 6, 20), head="<ttl>360</ttl>"),
        Publisher("throttled", at_hours(every, *range(24)), refuses=_from(noon, busy, 600)),
        Publisher("out-of-order", at_hours(every, 9, 15), refuses=_from(noon, broken, 4 * HOUR_S)),
        Publisher("ends-today", at_hours(every, 8, 12), refuses=_from(noon, ended, DAY_S)),
    ]


def _from(start: int, answer: Answer, lasting_s: int) -> Callable[[int], Answer | None]:
    return lambda now: answer if start <= now < start + lasting_s else None


class Day:
    """The clock, the server and what it saw."""

    def __init__(self, feeds: list[Publisher]) -> None:
        self.now = 0
        self.feeds = {feed.name: feed for feed in feeds}
        self.log: list[tuple[int, str, str | None, int]] = []
        day = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                name, tag = self.path.strip("/"), self.headers.get("If-None-Match")
                status, headers, body = day.feeds[name].answer(day.now, tag)
                day.log.append((day.now, name, tag, status))
                self.send_response(status)
                for key, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer((HOST, 0), Handler)

    def config(self, folder: Path) -> Config:
        """Every feed at its address on loopback."""
        settings = Settings(folder / "feedd.db", allow_private_hosts=True, articles="never")
        place = f"http://{HOST}:{self.server.server_port}"
        feeds = {name: FeedConfig(name, url=f"{place}/{name}") for name in self.feeds}
        return Config(folder / "config.toml", settings, feeds)

    async def pass_until(self, end: int, config: Config) -> None:
        """Turn the clock to each next poll until `end`."""
        async with open_engine(config, clock=lambda: self.now) as engine:
            while True:
                states = await engine.store.call(feed_store.feed_states)
                times = [state.next_poll for state in states if state.next_poll is not None]
                self.now = max(self.now, min(times, default=end))
                if self.now >= end:
                    return
                due = await engine.store.call(polls.due, self.now)
                await engine.poller.submit(due, blame_network=False).finished()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=3, help="of polling before the day shown")
    weeks = parser.parse_args().weeks
    start = LAST_DAY - weeks * 7 * DAY_S
    day = Day(publishers(start, random.Random(1)))
    day.now = start
    threading.Thread(target=day.server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(day.pass_until(LAST_DAY + DAY_S, day.config(Path(folder))))
    day.server.shutdown()
    shown = [entry for entry in day.log if entry[0] >= LAST_DAY]
    for at, name, tag, status in shown:
        time = datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")
        print(f"{time}  {status}  {name:18}{'' if tag is None else f'If-None-Match: {tag}'}")
    for name in day.feeds:
        statuses = [status for _, asked, _, status in shown if asked == name]
        print(f"{name:18}{len(statuses):4} requests, {statuses.count(304)} not modified")


if __name__ == "__main__":
    main()
