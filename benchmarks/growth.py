"""`make bench-growth`: does feedd take longer for a feed, or more memory, the more feeds there are?

    python -m benchmarks.growth [--feeds N…] [--parts polls daemon] [--small]

polls     `feedd poll --all`, cold and with every feed answering 304: time a feed, and memory of the
          whole process tree at its highest
daemon    `feedd run`: it polls every feed cold, rests, rereads its configuration, and polls every
          feed again, all of them due at once; its memory at rest, and how long its loop is held up

Memory is the sum of proportional set sizes (PSS) over the process tree. With `--small` each feed
has four entries: of the usual ones a hundred thousand are 6 GB, and take twenty minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks import server
from benchmarks.corpus import write_corpus
from benchmarks.memory import tree_bytes, watched_peak_bytes
from benchmarks.peers import Feedd

BUILD = Path(__file__).parent.parent / "build" / "bench"
SIZES = (1_000, 5_000, 10_000)
FEEDS_A_COPY = SIZES[0]
RUNS_304 = 3
REST_S = 90
"""The reading processes are gone after 60 s without work."""
PATIENCE_S = 1_800
SAMPLE_PAUSE_S = 0.2
RATIO_BAR, LOOP_BAR_MS = 1.2, 50
COLD_BARS_MB = {10_000: 250, 100_000: 300}
IDLE_BARS_MB = {10_000: 90, 100_000: 200}
"""Up to so many feeds."""

SMALL_ENTRIES = 4
SMALL_FEEDS = 40
"""So many small feeds have words of their own; the others have theirs, and sites of their own."""


def bar_mb(bars: Mapping[int, int], count: int) -> int:
    """The bar for so many feeds; beyond the last, that."""
    return next((bar for most, bar in bars.items() if count <= most), max(bars.values()))


class Took(NamedTuple):
    """What one command took: time on the wall and of the processors, memory at its highest."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def write_feeds(count: int) -> Path:
    """A folder of at least so many feeds. Every thousand has the words of the first thousand, and
    sites of its own.
    """
    first = write_corpus(BUILD, feeds=FEEDS_A_COPY) / "base"

    def write(building: Path, copy: int) -> None:
        for path in first.iterdir():
            text = path.read_bytes().replace(b".example", f"-{copy}.example".encode())
            (building / path.name).write_bytes(text)

    return _written(BUILD / "growth-feeds", count, write)


def write_small_feeds(count: int) -> Path:
    """A folder of at least so many feeds of `SMALL_ENTRIES` entries."""
    first = write_corpus(BUILD, feeds=SMALL_FEEDS, entries=SMALL_ENTRIES) / "base"
    texts = [(path.suffix, path.read_bytes()) for path in sorted(first.iterdir())]

    def write(building: Path, copy: int) -> None:
        for number in range(FEEDS_A_COPY):
            suffix, text = texts[number % len(texts)]
            site = f"-{copy}-{number}.example".encode()
            (building / f"{number:03}{suffix}").write_bytes(text.replace(b".example", site))

    return _written(BUILD / "growth-small", count, write)


def _written(folder: Path, count: int, write: Callable[[Path, int], None]) -> Path:
    """The folder, with the thousands that are missing written into folders of their own."""
    for copy in range(-(-count // FEEDS_A_COPY)):
        target = folder / f"{copy:02}"
        if target.exists():
            continue
        building = target.with_suffix(".part")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        write(building, copy)
        building.rename(target)
    return folder


class Place:
    """One number of feeds: their server, and feedd's files."""

    def __init__(self, count: int, *, small: bool) -> None:
        self.count = count
        folder = write_small_feeds(count) if small else write_feeds(count)
        files = sorted(file.relative_to(folder) for file in folder.glob("??/*"))[:count]
        port = server.free_port()
        room = BUILD / "growth-room"
        shutil.rmtree(room, ignore_errors=True)
        self.feedd = Feedd(room, [f"http://127.0.0.1:{port}/{file}" for file in files])
        self.feedd.prepare()
        self.server = server.Nginx(folder, port=port, room=room / "nginx")

    def poll(self) -> Took:
        """One pass over every feed."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        process = subprocess.Popen(self.feedd.command("cold"), env=self.feedd.environment())
        peak = watched_peak_bytes(process, pause_s=SAMPLE_PAUSE_S)
        wall_s = time.perf_counter() - started
        if process.returncode:
            raise SystemExit("benchmarks: feedd failed: see above")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Took(wall_s, cpu_s, peak)


def polls(sizes: Sequence[int], *, small: bool) -> None:
    """Prints a table: time a feed by column and size."""
    print("| feeds | cold, wall ms a feed | CPU | peak MB | 304, wall ms a feed | CPU | peak MB |")
    print("|---|---|---|---|---|---|---|")
    first: list[float] = []
    for count in sizes:
        place = Place(count, small=small)
        with place.server:
            cold = place.poll()
            again = [place.poll() for _ in range(RUNS_304)]
        answered, stored = place.server.answers(), place.feedd.entries()
        unchanged = Took(*(statistics.median(values) for values in zip(*again, strict=True)))
        figures = [
            1000 * seconds / count
            for took in (cold, unchanged)
            for seconds in (took.wall_s, took.cpu_s)
        ]
        first = first or figures
        cells = [f"{f:.2f} ({f / base:.2f})" for f, base in zip(figures, first, strict=True)]
        cells.insert(2, f"{cold.peak_bytes / 1e6:.0f}")
        cells.append(f"{unchanged.peak_bytes / 1e6:.0f}")
        print(f"| {count:,} | " + " | ".join(cells) + " |")
        print(f"  {answered}; {stored:,} entries", file=sys.stderr, flush=True)
    print(f"bars: ratios {RATIO_BAR}, peak {bar_mb(COLD_BARS_MB, max(sizes))} MB")


class Daemon:
    """`feedd run` with a heart on its loop."""

    def __init__(self, feedd: Feedd) -> None:
        self._database = feedd.state / "feedd.db"
        self._report = feedd.state / "loop.json"
        config = str(feedd.state / "config.toml")
        command = ["-m", "benchmarks.heartbeat", str(self._report), "--config", config, "run"]
        self._process = subprocess.Popen(
            [sys.executable, *command],
            env=feedd.environment(),
            stdout=subprocess.DEVNULL,
            stderr=(feedd.state / "log").open("wb"),
        )

    def wait_for_polls(self, polls: int) -> None:
        """Until so many polls have been stored in all."""
        self._wait(lambda: self._count_polls() >= polls)

    def _count_polls(self) -> int:
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as db:
                return int(
                    db.execute("SELECT coalesce(sum(poll_count), 0) FROM feeds").fetchone()[0]
                )
        except sqlite3.OperationalError:
            return 0  # not made yet

    def make_all_due(self) -> None:
        with closing(sqlite3.connect(self._database, timeout=30)) as db, db:
            db.execute("UPDATE feeds SET next_poll = 1")

    def memory(self) -> str:
        """Now, of the whole tree."""
        return f"{tree_bytes(self._process.pid) / 1e6:.0f} MB"

    def held_up(self) -> str:
        """The longest time the loop was held up since the last call."""
        self._report.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        self._wait(self._report.exists)
        met = json.loads(self._report.read_text())
        late, busy, process = (round(1000 * met[key]) for key in ("late_s", "busy_s", "process_s"))
        return f"{late} ms ({busy} ms of its own work, {process} ms of all threads)"

    def reload(self) -> None:
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _wait(self, done: Callable[[], bool]) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while not done():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self._process.kill()
                raise SystemExit("benchmarks: the daemon ended, or takes too long")
            time.sleep(0.5)


def daemon(count: int, *, small: bool) -> None:
    """Prints what the daemon holds at rest, and how long its loop was held up in each phase."""
    place = Place(count, small=small)
    idle_mb = bar_mb(IDLE_BARS_MB, count)
    with place.server:
        running = Daemon(place.feedd)
        try:
            running.wait_for_polls(count)
            print(f"{count:,} feeds polled cold: the loop held up for {running.held_up()} at most")
            time.sleep(REST_S)
            print(f"at rest {running.memory()} (bar {idle_mb}), the loop {running.held_up()}")
            running.reload()
            time.sleep(REST_S / 9)
            print(f"configuration reread: the loop {running.held_up()}")
            running.make_all_due()
            running.wait_for_polls(2 * count)
            print(f"all due at once, all 304: the loop {running.held_up()}")
            time.sleep(REST_S)
            print(f"at rest {running.memory()} (bar {idle_mb}), loop bar {LOOP_BAR_MS} ms")
        finally:
            running.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, nargs="+", default=SIZES)
    parser.add_argument(
        "--parts", nargs="+", choices=("polls", "daemon"), default=("polls", "daemon")
    )
    parser.add_argument("--small", action="store_true", help="feeds of four entries")
    options = parser.parse_args()
    if not server.available():
        raise SystemExit("benchmarks: nginx serves the feeds: install it first")
    if "polls" in options.parts:
        polls(options.feeds, small=options.small)
    if "daemon" in options.parts:
        daemon(options.feeds[-1], small=options.small)


if __name__ == "__main__":
    main()
