"""Which tests run which part of the code: every block of it is made to say that it was run.

Copied into the copy that is measured as a pytest plugin (`-p tests.mutation.blocks`).
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

RECORDER = "_blocks_run"
"""The module that each part of feedd tells; it lies beside the package, in the copy only."""
RECORDER_SOURCE = "run: set[int] = set()\ntell = run.add\n"
OUT = "FEEDD_BLOCKS_OUT"


class Block(NamedTuple):
    """A block of a function: its lines, first and last, and its number in the whole package."""

    first: int
    last: int
    number: int


def telling(source: str, numbers: Iterator[int]) -> tuple[str, list[Block]]:
    """The module, saying which of its blocks is run, and these blocks."""
    tree = ast.parse(source)
    blocks = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list) and statements and _is_code(node, tree):
                block = Block(statements[0].lineno, statements[-1].end_lineno or 0, next(numbers))
                blocks.append(block)
                told = ast.parse(f"{RECORDER}.tell({block.number})").body[0]
                statements.insert(1 if _has_docstring(statements) else 0, told)
    position = next((n for n, one in enumerate(tree.body) if not _goes_first(one)), len(tree.body))
    tree.body.insert(position, ast.Import([ast.alias(RECORDER)]))
    return ast.unparse(ast.fix_missing_locations(tree)), blocks


def innermost(blocks: list[Block], line: int) -> int | None:
    """The number of the block that a line belongs to."""
    around = [block for block in blocks if block.first <= line <= block.last]
    return min(around, key=lambda one: one.last - one.first).number if around else None


def _is_code(node: ast.AST, tree: ast.Module) -> bool:
    return not isinstance(node, ast.Lambda | ast.IfExp)


def _has_docstring(statements: list[ast.stmt]) -> bool:
    first = statements[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def _goes_first(statement: ast.stmt) -> bool:
    """A module's docstring and its `from __future__`."""
    return _has_docstring([statement]) or (
        isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    run = _run()
    run.clear()
    result = yield
    failed = getattr(item, "_failed", False)
    line = {"test": item.nodeid, "seconds": item._seconds, "blocks": sorted(run), "failed": failed}  # type: ignore[attr-defined]
    with Path(os.environ[OUT], f"{os.getpid()}.jsonl").open("a") as out:
        out.write(json.dumps(line) + "\n")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item._seconds = getattr(item, "_seconds", 0.0) + call.duration  # type: ignore[attr-defined]
    item._failed = getattr(item, "_failed", False) or not report.passed  # type: ignore[attr-defined]
    return report


def _run() -> set[int]:
    import importlib

    run: set[int] = importlib.import_module(RECORDER).run
    return run
