"""The blocks of a module's functions, and a module that says which of its blocks are run.

A block is run as a whole or not at all: it ends where a branch begins that may leave the function
or the loop.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

RECORDER = "_blocks_run"
"""The module that each part of feedd tells; it lies beside the package, in copies only."""

MAP = f"{RECORDER}.map"
"""A byte for each block of the package, beside the recorder. Every process that a test starts has
it mapped, workers and daemons too; those that may open no file have done it before."""

_RECORDER_SOURCE = f"""
import mmap, pathlib
with pathlib.Path(__file__).with_name("{MAP}").open("r+b") as file:
    run = mmap.mmap(file.fileno(), 0)
"""


class Block(NamedTuple):
    """Statements of a function: their lines, first and last, and the number in the whole package.

    `function` is the file with the function's name, `name` that with what the block says: the same
    as long as the code is.
    """

    first: int
    last: int
    number: int
    function: str
    name: str


def telling(file: str, source: str, numbers: Iterator[int]) -> tuple[str, list[Block]]:
    """The module, saying which of its blocks is run, and these blocks."""
    tree = ast.parse(source)
    found: list[Block] = []
    names: Counter[str] = Counter()
    bodies = []
    for function, statements in _bodies(tree):
        starts = [0, *(n + 1 for n, one in enumerate(statements[:-1]) if _may_leave(one))]
        parts = []
        for start, end in itertools.zip_longest(starts, starts[1:]):
            part = statements[start:end]
            text = hashlib.sha256("\n".join(map(ast.unparse, part)).encode()).hexdigest()[:12]
            name = f"{file}|{function}|{text}"
            names[name] += 1
            lines = part[0].lineno, part[-1].end_lineno or 0
            block = Block(*lines, next(numbers), f"{file}|{function}", f"{name}|{names[name]}")
            parts.append((block, part))
            found.append(block)
        bodies.append((statements, parts))
    for statements, parts in bodies:  # now that all of them are named after what they say
        told = [
            one
            for block, part in parts
            for one in (*ast.parse(f"{RECORDER}.run[{block.number}] = 1").body, *part)
        ]
        if _is_text(statements[0]):  # a docstring stays first
            told[0], told[1] = told[1], told[0]
        statements[:] = told
    position = next((n for n, one in enumerate(tree.body) if not _goes_first(one)), len(tree.body))
    tree.body.insert(position, ast.Import([ast.alias(RECORDER)]))
    return ast.unparse(ast.fix_missing_locations(tree)), found


def make_telling(copy: Path) -> dict[str, list[Block]]:
    """The package in a copy of the checkout, made to tell; the blocks of each of its files."""
    numbers = itertools.count()
    files = {}
    for path in sorted((copy / "feedd").rglob("*.py")):
        file = str(path.relative_to(copy))
        text, files[file] = telling(file, path.read_text(encoding="utf-8"), numbers)
        path.write_text(text, encoding="utf-8")
    (copy / f"{RECORDER}.py").write_text(_RECORDER_SOURCE)
    (copy / MAP).write_bytes(bytes(next(numbers)))
    return files


def innermost(blocks: Sequence[Block], line: int) -> Block | None:
    """The block that a line belongs to."""
    around = [block for block in blocks if block.first <= line <= block.last]
    return min(around, key=lambda one: one.last - one.first) if around else None


def _bodies(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The lists of statements within functions, with the function's name; inner ones first."""
    found: list[tuple[str, list[ast.stmt]]] = []
    pending: list[tuple[ast.AST, str, bool]] = [(tree, "", False)]
    while pending:
        node, name, inside = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{name}.{node.name}" if name else node.name
            inside = not isinstance(node, ast.ClassDef)
        if inside:
            for field in ("body", "orelse", "finalbody"):
                statements = getattr(node, field, None)
                if isinstance(statements, list) and statements:
                    found.append((name, statements))
        pending += [(child, name, inside) for child in ast.iter_child_nodes(node)]
    return reversed(found)


_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom)


def _may_leave(statement: ast.stmt) -> bool:
    return not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and any(
        isinstance(node, _LEAVING) for node in ast.walk(statement)
    )


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _goes_first(statement: ast.stmt) -> bool:
    """A module's docstring and its `from __future__`."""
    return _is_text(statement) or (
        isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    )
