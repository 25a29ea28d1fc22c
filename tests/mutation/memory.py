"""Which tests run which blocks of the code, measured once and remembered.

What is remembered lies outside the checkout. It is measured anew for test modules that changed
(they, or what of `tests` they import). When only the code changed, what is remembered still tells
which tests to ask: for a block that is new, those of its function, or of its file.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.mutation import plugin
from tests.mutation.blocks import Block, make_telling

UNCOUNTED = ("tests/mutation", "tests/torture", "tests/fuzz")
"""This tool's tests; and what is run for hours and finds what no single run has to."""


class Measured(NamedTuple):
    """One test, as it was when nothing was changed."""

    name: str
    seconds: float
    blocks: frozenset[str]
    passed: bool = True
    tree: str = ""
    """Of the code that was measured."""

    @property
    def module(self) -> str:
        return self.name.partition("::")[0]


class Survey:
    """The tests that pass, and the blocks of each file."""

    def __init__(
        self,
        tests: Iterable[Measured],
        files: Mapping[str, list[Block]],
        tree: str = "",
        imported: Iterable[str] = (),
    ) -> None:
        self.tests = [test for test in tests if test.passed]
        self.files = files
        self.tree = tree
        self.imported = frozenset(imported)
        """The blocks that are run when modules are imported."""
        self._of: dict[str, list[Measured]] = defaultdict(list)
        for test in self.tests:
            for name in _with_places(test.blocks):
                self._of[name].append(test)

    def running(self, block: Block | None) -> list[Measured]:
        """The tests that run a block. Where they were measured with other code, in which the block
        may have said something else, those that ran its function.
        """
        if block is None:
            return []
        known = self._of.get(block.name, [])
        of_function = self._of.get(block.function, [])
        older = [test for test in of_function if not test.tree or test.tree != self.tree]
        return list({test.name: test for test in (*known, *older)}.values()) or of_function

    def of_file(self, file: str) -> list[Measured]:
        """The tests that run anything of a file."""
        return self._of.get(file, [])


def _with_places(blocks: Iterable[str]) -> set[str]:
    found = set(blocks)
    for name in blocks:
        file, function, _ = name.split("|", 2)
        found |= {file, f"{file}|{function}"}
    return found


def surveyed(copies: Sequence[Path], kept: Path, paths: Sequence[str] = ()) -> Survey:
    """The survey of a tree of which each copy is one: so many processes measure what has to be.

    Only the first copy's code stays as it is.
    """
    root = copies[0]
    tree = fingerprint(sorted((root / "feedd").rglob("*.py")), root)
    modules = {
        str(path.relative_to(root)): fingerprint(closure(path, root), root)
        for path in sorted((root / "tests").rglob("test_*.py"))
        if not str(path.relative_to(root)).startswith(UNCOUNTED)
        and (not paths or any(path.is_relative_to(root / one) for one in paths))
    }
    remembered, imported = _read(kept, modules)
    known = {test.module for test in remembered}
    missing = [module for module in modules if module not in known]
    numbered: dict[str, list[Block]] = {}
    for copy in copies[1:]:
        numbered = make_telling(copy)
    if missing:
        print(f"measuring {len(missing)} modules of tests …", flush=True)
        names = {one.number: one.name for found in numbered.values() for one in found}
        measured = list(_measured(copies[1:], missing, names, tree))
        imported |= frozenset[str]().union(*(one.blocks for one in measured if not one.name))
        _write(kept, modules, [*remembered, *(one for one in measured if one.name)], imported)
        remembered, _ = _read(kept, modules)
    return Survey(remembered, numbered, tree, imported)


def _measured(
    copies: Sequence[Path], modules: Sequence[str], names: Mapping[int, str], tree: str
) -> Iterator[Measured]:
    """Each copy in a process of its own, with its share of the modules. A test without a name is
    what was run before the first.
    """
    shares: list[list[str]] = [[] for _ in copies]
    sizes = [0] * len(copies)
    for module in sorted(modules, key=lambda one: -(copies[0] / one).stat().st_size):
        least = sizes.index(min(sizes))
        shares[least].append(module)
        sizes[least] += (copies[0] / module).stat().st_size
    with ExitStack() as running:
        for copy, share in zip(copies, shares, strict=True):
            if share:
                running.enter_context(
                    subprocess.Popen(
                        pytest_command(*share),
                        cwd=copy,
                        env=environment(copy) | {plugin.MEASURES: str(copy / "measures.jsonl")},
                        stdout=subprocess.DEVNULL,
                    )
                )
    for copy in copies:
        path = copy / "measures.jsonl"
        for line in path.read_text().splitlines() if path.exists() else ():
            one = json.loads(line)
            if "imported" in one:
                yield Measured("", 0.0, frozenset(names[number] for number in one["imported"]))
                continue
            blocks = frozenset(names[number] for number in one["blocks"])
            yield Measured(one["test"], one["seconds"], blocks, not one["failed"], tree)


def _read(kept: Path, modules: Mapping[str, str]) -> tuple[list[Measured], frozenset[str]]:
    """What is remembered of modules that are as they were, and which blocks importing runs."""
    if not kept.exists():
        return [], frozenset()
    memory = json.loads(kept.read_text())
    names = memory["blocks"]
    tests = [
        Measured(name, seconds, frozenset(names[number] for number in blocks), passed, tree)
        for module, (mark, tests) in memory["modules"].items()
        if modules.get(module) == mark
        for name, seconds, blocks, passed, tree in tests
    ]
    return tests, frozenset(memory.get("imported", ()))


def _write(
    kept: Path, modules: Mapping[str, str], tests: Iterable[Measured], imported: Iterable[str]
) -> None:
    numbers: dict[str, int] = {}
    found: dict[str, tuple[str, list[Any]]] = {}
    for test in tests:
        blocks = [numbers.setdefault(name, len(numbers)) for name in sorted(test.blocks)]
        line = (test.name, test.seconds, blocks, test.passed, test.tree)
        found.setdefault(test.module, (modules[test.module], []))[1].append(line)
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(".new")
    new.write_text(
        json.dumps({"blocks": list(numbers), "modules": found, "imported": sorted(imported)})
    )
    new.replace(kept)


def fingerprint(paths: Iterable[Path], root: Path) -> str:
    """The same for the same texts under the same names."""
    seen = hashlib.sha256()
    for path in paths:
        seen.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]


@cache
def closure(path: Path, root: Path) -> tuple[Path, ...]:
    """A module of tests, and what of `tests` it needs: its imports, and conftest.py above it."""
    found: set[Path] = set()
    pending = [path, *(folder / "conftest.py" for folder in path.parents if folder > root)]
    while pending:
        one = pending.pop()
        if one not in found and one.exists():
            found.add(one)
            pending += _imported(one, root)
    return tuple(sorted(found))


def _imported(path: Path, root: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
            module = root.joinpath(*(node.module or "").split("."))
            yield module.with_suffix(".py")
            yield from (module / f"{alias.name}.py" for alias in node.names)


def memory_path(root: Path) -> Path:
    """Where what was measured of a checkout is kept."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    mark = hashlib.sha256(str(root).encode()).hexdigest()[:8]
    return Path(caches, "feedd-mutation", f"{mark}.json")


def pytest_command(*more: str) -> list[str]:
    """Tests, the same each time, with the plugin."""
    return [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no"),
        *("-p", "tests.mutation.plugin", "--hypothesis-seed=0", *more),
    ]


def environment(copy: Path) -> dict[str, str]:
    """Of this process, with the copy's modules before all others."""
    return {**os.environ, "PYTHONPATH": str(copy)}
