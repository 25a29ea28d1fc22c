"""Changes the code a little, here and there, and asks the tests whether they notice.

    python -m tests.mutation [--minutes 15] [--seed 1] [--room ROOM]... [--file FILE]... [--whole]

Everything happens in copies in a temporary folder: the checkout is never touched. First each test
is run once, and it is recorded which blocks of the code it runs, in whichever process; that is
remembered (`memory`). Then changes are drawn, the same for one seed and one state of the code, each
as likely as any other, and for each the tests that run the changed block are run until one fails:
first those that run little else and the quickest, then others, the slow ones last: as many as take
two minutes, or all of them (`--whole`), so that what is left unnoticed is no matter of how busy the
machine was. What no test notices is listed: either a test is missing, or the change changes nothing
that matters, which only a person can say; what was said so before is in `equivalents`, with the
reason, and is not drawn.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.mutation import changes, equivalents, plugin
from tests.mutation.blocks import innermost
from tests.mutation.memory import (
    Measured,
    Survey,
    environment,
    memory_path,
    pytest_command,
    surveyed,
)

ROOT = Path(__file__).parent.parent.parent
COPIED = ("feedd", "tests", "benchmarks", "docs", "systemd", ".ci", ".github")
FIRST_MAX = 60
FIRST_MAX_S = 20.0
"""Which tests are asked first: half of them run little else, half are the quickest."""
OTHERS_MAX_S = 120.0
"""For how long others are asked, by the time that they took."""
FEW_TESTS = 8

Came = Literal["noticed", "unnoticed", "untested"]


@dataclass(frozen=True)
class Trial:
    """One change and what came of it; `left_out` counts tests for which there was no time."""

    file: str
    change: changes.Change
    came: Came
    by: str = ""
    left_out: int = 0

    @property
    def room(self) -> str:
        return room_of(self.file)

    def __str__(self) -> str:
        left = f" ({self.left_out} tests were left out)" if self.left_out else ""
        function = f"{self.change.function}: " if self.change.function else ""
        return f"{self.file}:{self.change.line} {function}{self.change.words}{left}"


def room_of(file: str) -> str:
    """feedd/store/feeds.py is in `store`, feedd/text.py in `text`."""
    return Path(file).parts[1].removesuffix(".py")


def main(arguments: Sequence[str] | None = None) -> None:
    """Survey, try, report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", action="append", default=[], help="this one only (repeatable)")
    parser.add_argument("--file", action="append", default=[], help="this one only (repeatable)")
    parser.add_argument("--tests", action="append", default=[], help="these only (repeatable)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--whole", action="store_true", help="ask all tests that run a change")
    parser.add_argument("--anew", action="store_true", help="forget what was measured")
    options = parser.parse_args(arguments)
    ends = time.monotonic() + 60 * options.minutes
    kept = memory_path(ROOT)
    if options.anew:
        kept.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="feedd-mutation-") as folder:
        copied(ROOT, original(Path(folder)))  # whatever is edited meanwhile
        copies = [original(Path(folder))]
        copies += [
            copied(copies[0], Path(folder) / f"survey-{number}") for number in range(options.jobs)
        ]
        survey = surveyed(copies, kept, options.tests)
        if not survey.tests:
            raise SystemExit("mutation: no test passes as it is: see to `make test` first")
        print(f"{len(survey.tests)} tests", flush=True)
        drawn = draw(copies[0], survey, options.room, options.file, random.Random(options.seed))
        others_s = math.inf if options.whole else OTHERS_MAX_S
        trials = tried(Path(folder), survey, drawn, options.jobs, ends, others_s)
    print(report(trials))


def original(folder: Path) -> Path:
    """Where the code lies as it was at the start."""
    return folder / "original"


def draw(
    root: Path, survey: Survey, rooms: Sequence[str], files: Sequence[str], rng: random.Random
) -> list[tuple[str, int]]:
    """Files and their changes' numbers, at random, each as likely as any other."""
    found: list[tuple[str, int]] = []
    for file in survey.files:
        room = room_of(file)
        if room in ("__init__", "__main__", "demo"):
            continue
        if (rooms and room not in rooms) or (files and file not in files):
            continue
        source = (root / file).read_text(encoding="utf-8")
        found += [
            (file, change.number)
            for change in changes.changes(source)
            if not equivalents.reason(file, change)
        ]
    if not found:
        raise SystemExit(f"mutation: nothing to change in {', '.join((*rooms, *files))}")
    rng.shuffle(found)
    return found


def tried(
    folder: Path,
    survey: Survey,
    drawn: Sequence[tuple[str, int]],
    jobs: int,
    ends: float,
    others_s: float = OTHERS_MAX_S,
) -> list[Trial]:
    """What comes of the changes, as many as there is time for; `others_s` is of `rounds`."""
    copies = [copied(original(folder), folder / f"copy-{number}") for number in range(jobs)]
    waiting = iter(drawn)
    taking = threading.Lock()
    trials: list[Trial] = []

    def work(copy: Path) -> None:
        with closing(Asked(copy, survey, others_s)) as asked:
            while time.monotonic() < ends:
                with taking:
                    one = next(waiting, None)
                if one is None:
                    return
                trial = asked.attempt(*one)
                trials.append(trial)
                print(f"{trial.came:<10} {trial}", flush=True)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, copies))
    return trials


class Asked:
    """One copy, in which one change after the other is made, and the tests that are asked there.

    A process in which all tests are collected stays, and asks them in a child each time. What it
    has imported before the change is not run again there: where that matters, the tests are asked
    once more, in a process that begins anew.
    """

    def __init__(self, copy: Path, survey: Survey, others_s: float) -> None:
        self._copy = copy
        self._others_s = others_s
        self._survey = survey
        self._tests = {test.name: test for test in survey.tests}
        self._sound: dict[str, bool] = {}
        self._asks = copy / "asks.json"
        self._names = copy / "failed"
        orders, sending = os.pipe()
        answers, given = os.pipe()
        self._orders, self._answers = os.fdopen(sending, "w"), os.fdopen(answers)
        self._standing = subprocess.Popen(
            pytest_command(
                "--basetemp",
                str(copy / "tmp"),
                *sorted({test.module for test in survey.tests}),
            ),
            cwd=copy,
            env=environment(copy) | {plugin.TALKS: f"{orders},{given}"},
            pass_fds=[orders, given],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(orders)
        os.close(given)
        self._answers.readline()  # what it imports is as it was

    def close(self) -> None:
        """Ends the process that stayed."""
        self._orders.close()
        self._answers.close()
        self._standing.wait()

    def attempt(self, file: str, number: int) -> Trial:
        """One change, made and undone again."""
        path = self._copy / file
        source = path.read_text(encoding="utf-8")
        change = changes.changes(source)[number]
        block = innermost(self._survey.files[file], change.line)
        able = self._survey.running(block)
        as_it_is, changed = changes.changed(source, -1), changes.changed(source, number)
        order = {"path": file, "before": as_it_is, "after": changed}
        asked = list(rounds(able, self._survey.of_file(file), self._others_s))
        is_imported = block is None or block.name in self._survey.imported
        for anew in (False, True) if is_imported or not able else (False,):
            for round_ in asked:
                if (by := self._noticing(round_.tests, order, anew)) is not None:
                    return Trial(file, change, "noticed", by)
        left_out = asked[-1].left_out if asked else 0
        return Trial(file, change, "unnoticed" if able else "untested", "", left_out)

    def _noticing(
        self, among: Sequence[Measured], order: Mapping[str, str], anew: bool
    ) -> str | None:
        """The test that notices the change, "" where none of them is even begun."""
        while tests := [test for test in among if self._sound.get(test.name, True)]:
            with _written(self._copy / order["path"], order["after"]):
                failed = self._failed_anew(tests) if anew else self._failed(tests, order)
            if failed is None or not failed or self._is_sound(failed):
                return failed
        return None

    def _is_sound(self, name: str) -> bool:
        """Whether a test passes in that process where nothing is changed."""
        if name not in self._sound:
            self._sound[name] = self._failed([self._tests[name]], None) is None
        return self._sound[name]

    def _failed(self, tests: Sequence[Measured], order: Mapping[str, str] | None) -> str | None:
        """The first that fails or takes far too long; "" when that can't be said."""
        self._names.unlink(missing_ok=True)
        shutil.rmtree(self._copy / ".hypothesis", ignore_errors=True)
        said = {
            "changed": order,
            "tests": {test.name: test.seconds for test in tests},
            "failed": str(self._names),
        }
        self._orders.write(json.dumps(said) + "\n")
        self._orders.flush()
        answer = self._answers.readline().strip()
        if answer == str(plugin.NOTHING_CHANGED) or not answer:
            return self._failed_anew(tests)
        if answer == "0":
            return None
        return self._names.read_text() if self._names.exists() else ""

    def _failed_anew(self, tests: Sequence[Measured]) -> str | None:
        """The same in a process that begins anew."""
        self._asks.write_text(json.dumps({test.name: test.seconds for test in tests}))
        self._names.unlink(missing_ok=True)
        run = subprocess.Popen(
            pytest_command("-x", *dict.fromkeys(test.module for test in tests)),
            cwd=self._copy,
            env=environment(self._copy)
            | {plugin.ASKS: str(self._asks), plugin.FAILED: str(self._names)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            run.wait(timeout=120 + 10 * sum(test.seconds for test in tests))
        except subprocess.TimeoutExpired:
            pass
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)  # the session that it began, and nobody else's
            run.wait()
        if run.returncode in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            return None
        return self._names.read_text() if self._names.exists() else ""


@dataclass(frozen=True)
class Round:
    """Tests that are asked together; of those that might be, so many are left out."""

    tests: list[Measured]
    left_out: int = 0


def rounds(
    able: Sequence[Measured], of_file: Sequence[Measured], others_s: float = OTHERS_MAX_S
) -> Iterator[Round]:
    """Those that run the block: the likely ones and the quick ones first, then others that took no
    more than `others_s` together.

    Where they are few, tests that run other blocks of the file are asked too: what is run once and
    remembered is run by whichever test comes first, and what is run on import by none.
    """
    first = _closest_and_quickest(able)
    if first:
        yield Round(sorted(first.values(), key=lambda one: one.seconds))
    others = [test for test in able if test.name not in first]
    others.sort(key=lambda one: (one.seconds > FIRST_MAX_S, len(one.blocks), one.seconds))
    if len(able) < FEW_TESTS:
        names = {test.name for test in able}
        others += sorted(
            _closest_and_quickest([test for test in of_file if test.name not in names]).values(),
            key=lambda one: one.seconds,
        )
    taken_s = 0.0
    tests = []
    for test in others:
        if taken_s + test.seconds <= others_s:
            tests.append(test)
            taken_s += test.seconds
    if tests:
        yield Round(tests, len(others) - len(tests))


def _closest_and_quickest(tests: Sequence[Measured]) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    for order in (
        sorted(tests, key=lambda one: (len(one.blocks), one.seconds)),
        sorted(tests, key=lambda one: one.seconds),
    ):
        taken_s = 0.0
        for test in order[: FIRST_MAX // 2]:
            if taken_s and taken_s + test.seconds > FIRST_MAX_S / 2:
                break
            found[test.name] = test
            taken_s += test.seconds
    return found


@contextmanager
def _written(path: Path, text: str) -> Iterator[None]:
    """A file with another text for a while, compiled anew each time."""
    before = path.read_text(encoding="utf-8")
    compiled = Path(importlib.util.cache_from_source(str(path)))
    try:
        path.write_text(text, encoding="utf-8")
        compiled.unlink(missing_ok=True)
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        compiled.unlink(missing_ok=True)


def copied(root: Path, to: Path) -> Path:
    """A copy of what tests need of the checkout."""
    to.mkdir()
    ignore = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in COPIED:
        if (root / name).exists():
            shutil.copytree(root / name, to / name, ignore=ignore)
    for path in root.iterdir():
        if path.is_file() and path.name != ".git":
            shutil.copy(path, to)
    return to


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
            yield f"{trial.came}: {trial}"
    yield ""
    yield f"{'room':<14}{'tried':>6}{'noticed':>9}"
    for room, found in [*sorted(by_room.items()), ("all", list(trials))]:
        noticed = sum(trial.came == "noticed" for trial in found)
        share = f"{noticed / len(found):.0%}" if found else "-"
        yield f"{room:<14}{len(found):>6}{noticed:>6} {share:>5}"


if __name__ == "__main__":
    main()
