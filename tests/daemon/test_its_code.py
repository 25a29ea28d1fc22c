"""What a daemon needs of feedd's code it has read when it is ready."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = "import sys, feedd.daemon; print(*sys.modules, sep='\\n')"

NOT_THE_DAEMONS = {
    "feedd.parsing.reading": "parse workers have the parsers",
    **dict.fromkeys(("bs4", "bs4.exceptions", "bs4.dammit", "bs4.filter"), "workers have it"),
    "soupsieve": "workers have it",
    "feedd.metrics.exposition": "only one with metrics has that library",
    "feedd.store.schema": "the database was made or migrated before it is ready",
    "feedd.article.overrides": "asked where a file names selectors: a fault is a warning missing",
}


def imported_within_functions(path: Path) -> Iterator[str]:
    """The modules that a file imports when one of its functions is called."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for one in ast.walk(function):
                if isinstance(one, ast.Import):
                    yield from (alias.name for alias in one.names)
                elif isinstance(one, ast.ImportFrom) and one.module:
                    for alias in one.names:
                        inner = f"{one.module}.{alias.name}"
                        part = ROOT / inner.replace(".", "/")
                        is_module = part.is_dir() or part.with_suffix(".py").exists()
                        yield inner if is_module else one.module


def file_of(name: str) -> Path:
    place = ROOT / name.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def test_an_upgrade_beneath_a_daemon_leaves_it_no_code_of_another_version_to_read() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.split())
    own = [name for name in loaded if name.partition(".")[0] == "feedd"]
    assert len(own) > 80
    later = {module for name in own for module in imported_within_functions(file_of(name))}
    assert later - loaded - NOT_THE_DAEMONS.keys() - set(sys.builtin_module_names) == set()
