"""What pytest does while the tests are asked (`-p tests.mutation.plugin`).

With MEASURES it writes down of each test how long it took and which blocks of the code it ran.
With ASKS it runs the named tests only, in that order, ends the run when one of them takes far
longer than it did (an endless loop was met), and writes down which one failed.
"""

from __future__ import annotations

import importlib
import json
import mmap
import os
import re
import signal
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.mutation import blocks

MEASURES = "FEEDD_MUTATION_MEASURES"
"""The file that is written, a line of JSON for each test."""

ASKS = "FEEDD_MUTATION_ASKS"
"""A file with the tests to be run and the seconds that each took."""

FAILED = "FEEDD_MUTATION_FAILED"
"""The file that is written when one fails."""

PATIENCE = 10
SHORTEST_S = 20
"""A test may take so many times as long as it did, and at least so long."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if ASKS in os.environ:
        order = {name: number for number, name in enumerate(_asked())}
        items[:] = sorted(
            (item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid]
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    usual_s = _asked().get(item.nodeid)
    if usual_s is not None:
        signal.alarm(int(SHORTEST_S + PATIENCE * usual_s))  # nobody handles it: the process ends
    if MEASURES in os.environ:
        _forget_blocks()
    result = yield
    signal.alarm(0)
    if MEASURES in os.environ:
        line = {
            "test": item.nodeid,
            "seconds": round(getattr(item, "_seconds", 0.0), 3),
            "failed": getattr(item, "_failed", False),
            "blocks": _blocks_run(),
        }
        with Path(os.environ[MEASURES]).open("a") as out:
            out.write(json.dumps(line) + "\n")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item._seconds = getattr(item, "_seconds", 0.0) + call.duration  # type: ignore[attr-defined]
    item._failed = getattr(item, "_failed", False) or not report.passed  # type: ignore[attr-defined]
    if report.failed and FAILED in os.environ:
        Path(os.environ[FAILED]).write_text(item.nodeid)
    return report


@cache
def _asked() -> dict[str, float]:
    path = os.environ.get(ASKS)
    found: dict[str, float] = json.loads(Path(path).read_text()) if path else {}
    return found


def _forget_blocks() -> None:
    run = _run()
    run[:] = bytes(len(run))


def _blocks_run() -> list[int]:
    return [found.start() for found in re.finditer(b"\x01", _run())]


def _run() -> mmap.mmap:
    run: mmap.mmap = importlib.import_module(blocks.RECORDER).run
    return run
