"""`make bench`: one poll of every feed, feedd beside other readers, as wall seconds and ratios.

The whole process is measured, start to exit. Each figure is the median of its runs; before each
run the program's files are put back as they were, so that every run does the same work:

    cold       nothing is stored yet
    304        two polls were made before; the server confirms every validator
    same       the same, but the server sends no validators and the same bytes again
    head       each document differs from the stored one by the date in its head
    changed    one feed in ten has one to three new entries, the others answer 304
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import server
from benchmarks.corpus import FEEDS, write_corpus
from benchmarks.memory import peak_bytes
from benchmarks.peers import ALL, Peer

BUILD = Path(__file__).parent.parent / "build" / "bench"
COLUMNS = ("cold", "304", "same", "head", "changed")
EDITION = {"cold": "base", "304": "base", "same": "base", "head": "head", "changed": "changed"}
REFERENCE = "newsboat*"
RUNS = 5
QUICK_FEEDS = 98
RUN_TIMEOUT_S = 600


class Run(NamedTuple):
    """What one run took: time on the wall, and of all processors over all of its processes."""

    wall_s: float
    cpu_s: float


Figures = dict[str, dict[str, list[Run]]]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if not server.available():
        raise SystemExit("benchmarks: nginx serves the feeds: install it first")
    feeds = QUICK_FEEDS if options.quick and options.feeds == FEEDS else options.feeds
    runs = 1 if options.quick else options.runs
    corpus = write_corpus(BUILD, feeds=feeds)
    port = server.free_port()
    files = sorted(path.name for path in (corpus / "base").iterdir())
    urls = [f"http://127.0.0.1:{port}/{name}" for name in files]

    bench = Bench(BUILD / "room", corpus, port)
    peers: list[Peer] = []
    left_out: list[str] = []
    for kind in ALL:
        if options.only and kind.name not in options.only:
            continue
        peer = kind(bench.room, urls)
        reason = peer.missing()
        if reason:
            left_out.append(f"{peer.name}: left out, {reason}")
        else:
            peers.append(peer)
    figures, notes = bench.measure(peers, runs, options.columns)
    print("", table(figures, feeds, runs), "", *notes, *left_out, sep="\n")
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "results.json").write_text(json.dumps(figures, indent=1))


class Bench:
    """The server's and the programs' common ground: files below `room`, one port."""

    def __init__(self, room: Path, corpus: Path, port: int) -> None:
        self.room = room
        self._corpus = corpus
        self._port = port

    def measure(
        self, peers: Sequence[Peer], runs: int, columns: Sequence[str]
    ) -> tuple[Figures, list[str]]:
        """The runs by program and column, and what the programs stored and the server answered, in
        lines.

        The programs take turns, run by run, so that none has the machine in a better hour.
        """
        figures: Figures = {peer.name: {} for peer in peers}
        notes: dict[str, list[str]] = {peer.name: [f"{peer.name}:"] for peer in peers}
        for peer in peers:
            shutil.rmtree(peer.room, ignore_errors=True)
            with self._serving("304"):
                peer.prepare()
            self._save(peer, "empty")
        for column in columns:
            print(f"{column} …", flush=True)
            unwarmed = [p for p in peers if column != "cold" and not (p.room / "warm").exists()]
            for peer in unwarmed:
                notes[peer.name].append(self._warm_up(peer))
            answers = {peer.name: server.NONE for peer in peers}
            for _ in range(runs):
                for peer in peers:
                    with self._serving(column) as serving:
                        taken = self._run_from_saved(peer, column)
                    figures[peer.name].setdefault(column, []).append(taken)
                    answers[peer.name] += serving.answers()
            for peer in peers:
                stored = peer.entries()
                notes[peer.name].append(
                    f"  {column}: {answers[peer.name]} in {runs} run{'s' if runs > 1 else ''}"
                    + (f"; {stored} entries stored" if stored is not None else "")
                )
        for peer in peers:
            shutil.rmtree(peer.room, ignore_errors=True)
        return figures, [line for peer in peers for line in notes[peer.name]]

    def _warm_up(self, peer: Peer) -> str:
        """Polls twice and saves that as the warm state; says what it takes in memory and files."""
        self._restore(peer, "empty")
        with self._serving("304"):
            peak = peak_bytes(
                peer.command("cold"), environment=peer.environment(), folder=peer.room
            )
            self._run(peer, "304")
        peer.warmed()
        self._save(peer, "warm")
        size = sum(file.stat().st_size for file in (peer.room / "warm").rglob("*.db"))
        return f"  peak {peak / 1e6:.0f} MB" + (f", database {size / 1e6:.0f} MB" if size else "")

    def _serving(self, column: str) -> server.Nginx:
        return server.Nginx(
            self._corpus / EDITION[column],
            port=self._port,
            room=self.room / "nginx",
            validators=column != "same",
        )

    def _run_from_saved(self, peer: Peer, column: str) -> Run:
        self._restore(peer, "empty" if column == "cold" else "warm")
        return self._run(peer, column)

    def _run(self, peer: Peer, column: str) -> Run:
        os.sync()
        cpu_before_s = _children_cpu_s()
        started = time.perf_counter()
        done = subprocess.run(
            peer.command(column),
            env=peer.environment(),
            cwd=peer.room,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=RUN_TIMEOUT_S,
            check=False,
        )
        taken = Run(time.perf_counter() - started, _children_cpu_s() - cpu_before_s)
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace")[-2000:]
            raise SystemExit(f"benchmarks: {peer.name} ended with {done.returncode}:\n{said}")
        return taken

    def _save(self, peer: Peer, name: str) -> None:
        shutil.copytree(peer.state, peer.room / name)

    def _restore(self, peer: Peer, name: str) -> None:
        shutil.rmtree(peer.state)
        shutil.copytree(peer.room / name, peer.state)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(figures: Figures, feeds: int, runs: int) -> str:
    """Medians in seconds, on the wall and of the processors, with ratios to the reference's."""
    rows = [
        f"{feeds} feeds, median of {runs} run{'s' if runs > 1 else ''}; {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}",
    ]
    for what, field in (("wall", 0), ("CPU", 1)):
        rows += ["", f"| {what} s (times {REFERENCE}'s) | " + " | ".join(COLUMNS) + " |"]
        rows.append("|---|" + "---|" * len(COLUMNS))
        medians = {
            name: {key: statistics.median(run[field] for run in runs_of[key]) for key in runs_of}
            for name, runs_of in figures.items()
        }
        for name, row in medians.items():
            cells = [_cell(row.get(key), medians.get(REFERENCE, {}).get(key)) for key in COLUMNS]
            rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _cell(seconds: float | None, reference: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.2f}" + (f" ({seconds / reference:.2f})" if reference else "")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = [kind.name for kind in ALL]
    parser = argparse.ArgumentParser(prog="benchmarks.poll", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the feeds, one run")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--only", action="append", choices=names, help="may be repeated")
    parser.add_argument("--columns", nargs="+", choices=COLUMNS, default=COLUMNS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
