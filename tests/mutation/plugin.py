"""What pytest does while the tests are asked (`-p tests.mutation.plugin`).

With MEASURES it writes down of each test how long it took and which blocks of the code it ran.
With ASKS it runs the named tests only, in that order, ends the run when one of them takes far
longer than it did (an endless loop was met), and writes down which one failed. With TALKS it stays
as it is once all tests are collected, and runs what it is asked for in a child of its own each
time: nothing is imported again; the changed functions get the code that they would have.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import json
import mmap
import os
import re
import signal
import sys
from collections.abc import Generator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from tests.mutation import blocks

MEASURES = "FEEDD_MUTATION_MEASURES"
"""The file that is written, a line of JSON for each test."""

ASKS = "FEEDD_MUTATION_ASKS"
"""A file with the tests to be run and the seconds that each took."""

FAILED = "FEEDD_MUTATION_FAILED"
"""The file that is written when one fails."""

TALKS = "FEEDD_MUTATION_TALKS"
"""Two descriptors: orders are read from one, a line of JSON each, and answered on the other."""

NOTHING_CHANGED = 99
"""How a child ends that found none of the changed functions."""

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


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    if TALKS not in os.environ:
        return None
    orders, answers = map(int, os.environ.pop(TALKS).split(","))
    known = {item.nodeid: item for item in session.items}
    gc.freeze()
    with os.fdopen(orders) as reading, os.fdopen(answers, "w") as writing:
        print("ready", file=writing, flush=True)
        for line in reading:
            order = json.loads(line)
            child = os.fork()
            if not child:
                os.setsid()
                os._exit(_done(known, order))
            _, status = os.waitpid(child, 0)
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # the session that it began, and nobody else's
            print(os.waitstatus_to_exitcode(status), file=writing, flush=True)
    return True


def _done(known: dict[str, pytest.Item], order: dict[str, Any]) -> int:
    """In the child: the exit status of a run of the tests in order."""
    try:
        changed = order["changed"]
        if changed and not take_over(changed["path"], changed["before"], changed["after"]):
            return NOTHING_CHANGED
        items = [known[name] for name in order["tests"] if name in known]
        if not items:
            return 0
        for item, following in zip(items, [*items[1:], None], strict=True):
            item._usual_s = order["tests"][item.nodeid]  # type: ignore[attr-defined]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if getattr(item, "_failed", False):
                Path(order["failed"]).write_text(item.nodeid)
                return 1
    except BaseException:
        return 1
    return 0


def take_over(path: str, before: str, after: str) -> bool:
    """Give the functions of a module that was imported the code of its changed source; False where
    that can't be done.
    """
    old, new = (_functions(compile(source, path, "exec")) for source in (before, after))
    changed = {
        name: codes
        for name, codes in new.items()
        if [_content(code) for code in codes] != [_content(code) for code in old.get(name, ())]
    }
    module = sys.modules.get(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    if module is None or not changed:
        return module is None  # it is still to be imported
    living: dict[str, list[FunctionType]] = {name: [] for name in changed}
    for one in _all_functions(module.__file__ or ""):
        if one.__code__.co_qualname in living:
            living[one.__code__.co_qualname].append(one)
    done = False
    for name, codes in changed.items():
        found = sorted(living[name], key=lambda one: one.__code__.co_firstlineno)
        lines = sorted({one.__code__.co_firstlineno for one in found})
        for one in found:
            if len(lines) != len(codes):
                return False
            code = codes[lines.index(one.__code__.co_firstlineno)]
            if code.co_freevars != one.__code__.co_freevars:
                return False
            one.__code__ = code
            done = True
    return done


def _all_functions(file: str) -> list[FunctionType]:
    gc.unfreeze()
    return [
        one
        for one in gc.get_objects()
        if type(one) is FunctionType and one.__code__.co_filename == file
    ]


def _functions(code: CodeType) -> dict[str, list[CodeType]]:
    """The functions of a module that are in no other, by name."""
    found: dict[str, list[CodeType]] = {}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & inspect.CO_NEWLOCALS and one.co_flags & inspect.CO_OPTIMIZED:
                found.setdefault(one.co_qualname, []).append(one)
            else:
                for name, codes in _functions(one).items():
                    found.setdefault(name, []).extend(codes)
    return found


def _content(code: CodeType) -> object:
    return (
        code.co_code,
        code.co_names,
        [_content(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts],
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    usual_s = getattr(item, "_usual_s", _asked().get(item.nodeid))
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


@pytest.hookimpl
def pytest_collection_finish() -> None:
    if MEASURES in os.environ:
        with Path(os.environ[MEASURES]).open("a") as out:
            out.write(json.dumps({"imported": _blocks_run()}) + "\n")


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
