"""The tool that asks whether tests notice: what it changes, and what it takes for run."""

from __future__ import annotations

import ast
import itertools
import random
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.mutation.__main__ import (
    ROOT,
    Measured,
    Survey,
    chosen,
    copied,
    draw,
    original,
    room_of,
    tried,
)
from tests.mutation.blocks import Block, innermost, telling
from tests.mutation.changes import changed, changes

SAMPLE = '''
"""A module."""
from __future__ import annotations
LIMIT = 7

def f(x: int = 3, *, also: bool = True) -> int:
    """What it does."""
    if x < 5 and also:
        x += 1
    elif not x:
        print(x)
        return 2
    return x - LIMIT
'''


def test_every_kind_of_change_is_made() -> None:
    words = [change.words for change in changes(SAMPLE)]
    for one in (
        "Lt is LtE: x < 5",
        "and/or: x < 5 and also",
        "left out, also: x < 5 and also",
        "dropped: x += 1",
        "dropped: print(x)",
        "without not: not x",
        "- is +: x - LIMIT",
        "2 is 3",
    ):
        assert one in words
    assert not any("7" in one or "What it does" in one for one in words), "only what is run"


def test_each_change_changes_one_thing_and_leaves_code() -> None:
    found = {changed(SAMPLE, change.number) for change in changes(SAMPLE)}
    assert ast.unparse(ast.parse(SAMPLE)) not in found
    for source in found:
        compile(source, "", "exec")
    assert len(found) >= len(changes(SAMPLE)) - 1


@pytest.mark.parametrize(("x", "line"), [(1, 9), (0, 11), (9, 8)])
def test_a_block_that_is_run_says_so(x: int, line: int) -> None:
    source, blocks = telling(SAMPLE, itertools.count())
    run: set[int] = set()
    module = {"_blocks_run": SimpleNamespace(tell=run.add)}
    exec(compile(source.replace("import _blocks_run", ""), "", "exec"), module)
    module["f"](x, also=x != 0)  # type: ignore[operator]
    assert innermost(blocks, line) in run
    assert innermost(blocks, 4) is None


def test_the_tests_of_a_change_are_those_that_run_it_the_closest_and_the_quickest_first() -> None:
    tests = [Measured(f"t{n}", n / 10, frozenset(range(n))) for n in range(200)]
    names = [test.name for test in chosen(tests, 50, [])]
    assert "t51" in names
    assert not {f"t{n}" for n in range(51)} & set(names)
    assert len(names) <= 60
    assert chosen(tests, None, [0]) == []
    few = [Measured("once", 0.1, frozenset({1})), Measured("later", 0.1, frozenset({2}))]
    assert {test.name for test in chosen(few, 1, [1, 2])} == {"once", "later"}


def test_the_same_seed_draws_the_same_and_every_room_has_its_turn(tmp_path: Path) -> None:
    (tmp_path / "original").symlink_to(ROOT)
    files: dict[str, list[Block]] = {
        file: [] for file in ("feedd/units.py", "feedd/identity/content.py")
    }
    drawn = [draw(tmp_path, Survey([], files), [], random.Random(3)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert {room_of(file) for file, _ in drawn[0][:2]} == {"units", "identity"}


@pytest.mark.slow
def test_the_checkout_is_never_touched_and_a_change_is_noticed(tmp_path: Path) -> None:
    file = "feedd/units.py"
    before = (ROOT / file).read_bytes()
    copied(ROOT, original(tmp_path))
    _, blocks = telling(before.decode(), itertools.count())
    every = frozenset(block.number for block in blocks)
    survey = Survey([Measured("tests/test_units.py", 1.0, every)], {file: blocks})
    (turned, *_) = (c for c in changes(before.decode()) if c.words.startswith("Eq is NotEq"))
    (trial,) = tried(tmp_path, survey, [(file, turned.number)], 1, float("inf"))
    assert trial.came == "noticed"
    assert (ROOT / file).read_bytes() == before
    assert (tmp_path / "copy-0" / file).read_bytes() == before
