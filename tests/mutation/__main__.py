"""Changes the code a little, here and there, and asks the tests whether they notice.

    python -m tests.mutation [--minutes 15] [--seed 1] [--room ROOM]... [--tests PATH]...

Everything happens in copies in a temporary folder: the checkout is never touched. First the tests
are run once (the slow ones left out), and it is recorded which of them run which block of code; for
an unchanged tree that is remembered in build/mutation. Then changes are drawn, the same for one
seed, from each room in turn, and for each the tests that run the changed line are run until one
fails. What no test notices is listed: either a test is missing, or the change changes nothing that
matters, which only a person can say.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from tests.mutation import blocks, changes

ROOT = Path(__file__).parent.parent.parent
REMEMBERED = ROOT / "build" / "mutation"
COPIED = ("feedd", "tests", "benchmarks", "docs", "systemd", ".ci")
TESTS_MAX = 60
TESTS_MAX_S = 20.0
"""What is run for one change, at most: tests that run little else, then the quickest."""
FEW_TESTS = 8
PATIENCE = 10
"""A run that takes so many times as long as it did has met an endless loop, which is noticed."""

Came = Literal["noticed", "unnoticed", "untested"]


class Measured(NamedTuple):
    """One test, as it was when nothing was changed."""

    name: str
    seconds: float
    blocks: frozenset[int]


class Survey(NamedTuple):
    """The tests, and the blocks of each file."""

    tests: list[Measured]
    files: dict[str, list[blocks.Block]]


@dataclass(frozen=True)
class Trial:
    """One change and what came of it."""

    file: str
    change: changes.Change
    came: Came
    tests: int

    @property
    def room(self) -> str:
        return room_of(self.file)


def room_of(file: str) -> str:
    """feedd/store/feeds.py is in `store`, feedd/text.py in `text`."""
    return Path(file).parts[1].removesuffix(".py")


def main(arguments: Sequence[str] | None = None) -> None:
    """Survey, try, report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", action="append", default=[], help="this one only (repeatable)")
    parser.add_argument("--tests", action="append", default=[], help="these only (repeatable)")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    ends = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory(prefix="feedd-mutation-") as folder:
        copied(ROOT, original(Path(folder)))  # whatever is edited meanwhile
        survey = surveyed(Path(folder), options.tests, options.jobs)
        drawn = draw(Path(folder), survey, options.room, random.Random(options.seed))
        trials = tried(Path(folder), survey, drawn, options.jobs, ends)
    print(report(trials))


def original(folder: Path) -> Path:
    """Where the code lies as it was at the start."""
    return folder / "original"


def surveyed(folder: Path, paths: Sequence[str], jobs: int) -> Survey:
    """Which tests run which blocks; from memory where nothing has changed since."""
    remembered = REMEMBERED / f"{fingerprint(original(folder), paths)}.jsonl"
    copy = copied(original(folder), folder / "survey")
    numbers = itertools.count()
    files = {}
    for path in sorted((copy / "feedd").rglob("*.py")):
        text, found = blocks.telling(path.read_text(encoding="utf-8"), numbers)
        path.write_text(text, encoding="utf-8")
        files[str(path.relative_to(copy))] = found
    if not remembered.exists():
        (copy / f"{blocks.RECORDER}.py").write_text(blocks.RECORDER_SOURCE)
        out = folder / "out"
        out.mkdir()
        print("recording which tests run which code …", flush=True)
        subprocess.run(
            pytest_command(
                "-p", "tests.mutation.blocks", "-n", str(jobs), "-m", "not slow", *paths
            ),
            cwd=copy,
            env=environment(copy) | {blocks.OUT: str(out)},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        lines = [line for part in out.iterdir() for line in part.read_text().splitlines()]
        if not lines:
            raise SystemExit("mutation: no test could be run: see to `make test` first")
        REMEMBERED.mkdir(parents=True, exist_ok=True)
        remembered.write_text("\n".join(lines))
    found_tests = [json.loads(line) for line in remembered.read_text().splitlines()]
    tests = [
        Measured(one["test"], one["seconds"], frozenset(one["blocks"]))
        for one in found_tests
        if not one["failed"]
    ]
    if not tests:
        raise SystemExit("mutation: no test passes as it is: see to `make test` first")
    print(f"{len(tests)} tests ({len(found_tests) - len(tests)} that failed are left out)")
    return Survey(tests, files)


def draw(
    folder: Path, survey: Survey, rooms: Sequence[str], rng: random.Random
) -> list[tuple[str, int]]:
    """Files and their changes' numbers, at random, the rooms in turn."""
    by_room: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for file in survey.files:
        room = room_of(file)
        if room in ("__init__", "__main__", "demo") or (rooms and room not in rooms):
            continue
        source = (original(folder) / file).read_text(encoding="utf-8")
        by_room[room] += [(file, change.number) for change in changes.changes(source)]
    if not by_room:
        raise SystemExit(f"mutation: no such room: {', '.join(rooms)}")
    for found in by_room.values():
        rng.shuffle(found)
    turns = itertools.zip_longest(*(by_room[room] for room in sorted(by_room)))
    return [one for turn in turns for one in turn if one is not None]


def tried(
    folder: Path, survey: Survey, drawn: Sequence[tuple[str, int]], jobs: int, ends: float
) -> list[Trial]:
    """What comes of the changes, as many as there is time for."""
    copies = [copied(original(folder), folder / f"copy-{number}") for number in range(jobs)]
    waiting = iter(drawn)
    taking = threading.Lock()
    trials: list[Trial] = []

    def work(copy: Path) -> None:
        while time.monotonic() < ends:
            with taking:
                one = next(waiting, None)
            if one is None:
                return
            trial = attempt(copy, survey, *one)
            trials.append(trial)
            print(
                f"{trial.came:<10} {trial.file}:{trial.change.line} {trial.change.words}",
                flush=True,
            )

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, copies))
    return trials


def attempt(copy: Path, survey: Survey, file: str, number: int) -> Trial:
    """One change, made in the copy and undone again."""
    path = copy / file
    source = path.read_text(encoding="utf-8")
    change = changes.changes(source)[number]
    block = blocks.innermost(survey.files[file], change.line)
    tests = chosen(survey.tests, block, [one.number for one in survey.files[file]])
    if not tests:
        return Trial(file, change, "untested", 0)
    compiled = Path(importlib.util.cache_from_source(str(path)))
    try:
        path.write_text(changes.changed(source, number), encoding="utf-8")
        compiled.unlink(missing_ok=True)
        noticed = fails(copy, tests)
    finally:
        path.write_text(source, encoding="utf-8")
        compiled.unlink(missing_ok=True)
    return Trial(file, change, "noticed" if noticed else "unnoticed", len(tests))


def chosen(tests: Sequence[Measured], block: int | None, file: Sequence[int]) -> list[Measured]:
    """Those that run the block: half of what is allowed those that run little else, half the
    quickest.

    Where they are few, tests that run other blocks of the file are added: what is run once and
    remembered is run by whichever test comes first.
    """
    able = [test for test in tests if block in test.blocks]
    found = _closest_and_quickest(able)
    if able and len(able) < FEW_TESTS:
        others = [test for test in tests if not test.blocks.isdisjoint(file)]
        found = {**_closest_and_quickest(others), **found}
    return sorted(found.values(), key=lambda one: one.seconds)


def _closest_and_quickest(tests: Sequence[Measured]) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    for order in (
        sorted(tests, key=lambda one: len(one.blocks)),
        sorted(tests, key=lambda one: one.seconds),
    ):
        taken_s = 0.0
        for test in order[: TESTS_MAX // 2]:
            if taken_s and taken_s + test.seconds > TESTS_MAX_S / 2:
                break
            found[test.name] = test
            taken_s += test.seconds
    return found


def fails(copy: Path, tests: Sequence[Measured]) -> bool:
    """Whether one of the tests fails, or they take far too long."""
    usual_s = sum(test.seconds for test in tests)
    run = subprocess.Popen(
        pytest_command("-x", *(test.name for test in tests)),
        cwd=copy,
        env=environment(copy),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return run.wait(timeout=60 + PATIENCE * usual_s) != 0
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)  # the session that it began, and nobody else's
        run.wait()
        return True


def pytest_command(*more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no"),
        *("--hypothesis-seed=0", *more),
    ]


def environment(copy: Path) -> dict[str, str]:
    """Of this process, with the copy's modules before all others."""
    return {**os.environ, "PYTHONPATH": str(copy)}


def copied(root: Path, to: Path) -> Path:
    """A copy of what tests need of the checkout."""
    to.mkdir()
    ignore = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in COPIED:
        shutil.copytree(root / name, to / name, ignore=ignore)
    for path in root.iterdir():
        if path.is_file() and path.name != ".git":
            shutil.copy(path, to)
    return to


def fingerprint(root: Path, paths: Sequence[str]) -> str:
    """Of all code and tests, and of which tests were asked for."""
    sources = (path for name in ("feedd", "tests") for path in (root / name).rglob("*.py"))
    digest = hashlib.blake2b(repr(paths).encode(), digest_size=8)
    for path in sorted(sources):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()


def report(trials: Sequence[Trial]) -> str:
    """By room: tried, noticed; then what was not, to be looked at."""
    return "\n".join(_report(trials))


def _report(trials: Sequence[Trial]) -> Iterator[str]:
    by_room: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_room[trial.room].append(trial)
    yield ""
    for trial in sorted(trials, key=lambda one: (one.file, one.change.line)):
        if trial.came != "noticed":
            yield f"{trial.came}: {trial.file}:{trial.change.line} {trial.change.words}"
    yield ""
    yield f"{'room':<14}{'tried':>6}{'noticed':>9}"
    for room, found in [*sorted(by_room.items()), ("all", list(trials))]:
        noticed = sum(trial.came == "noticed" for trial in found)
        share = f"{noticed / len(found):.0%}" if found else "-"
        yield f"{room:<14}{len(found):>6}{noticed:>6} {share:>5}"


if __name__ == "__main__":
    main()
