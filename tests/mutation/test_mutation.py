"""The tool that asks whether tests notice: what it changes, and what it takes for run."""

from __future__ import annotations

import ast
import importlib
import itertools
import math
import os
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.mutation import equivalents
from tests.mutation.__main__ import (
    OTHERS_MAX_S,
    ROOT,
    copied,
    draw,
    original,
    room_of,
    rounds,
    tried,
)
from tests.mutation.blocks import MAP, Block, innermost, make_telling, telling
from tests.mutation.changes import changed, changes
from tests.mutation.memory import Measured, Survey, closure, surveyed
from tests.mutation.plugin import take_over

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
    assert {change.function for change in changes(SAMPLE)} == {"f"}


def test_what_is_handed_to_a_call_is_changed_too() -> None:
    words = [one.words for one in changes("def f(x):\n    return tuple(y for y in x if y == 2)")]
    assert words == ["Eq is NotEq: y == 2", "2 is 3"]


@pytest.mark.parametrize(
    "line",
    [
        "log.info('%d', 3 - x)",
        "self._log.warning(not x)",
        "dict(zip(x, y, strict=True))",
        "Thread(target=x, daemon=True)",
        "assert x  # nothing else",
    ],
)
def test_what_no_user_meets_is_left_as_it_is(line: str) -> None:
    found = changes(f"def f(self, x, y):\n    z = x\n    {line}")
    assert not [one for one in found if not one.words.startswith("dropped")]


def test_how_often_is_split_is_left_where_the_first_part_is_taken() -> None:
    words = [one.words for one in changes("def f(x):\n    return x.split(',', 1)[0]")]
    assert words == ["0 is 1"]


@pytest.mark.parametrize("line", ["log.info('x')", "sys.stderr.flush()", "gc.collect()"])
def test_what_nobody_sees_is_not_dropped(line: str) -> None:
    assert not changes(f"def f():\n    {line}")


def test_the_moment_of_a_clock_is_no_boundary() -> None:
    assert not changes("def f(ends):\n    return time.monotonic() < ends")
    assert changes("def f(now, ends):\n    return now < ends")


def test_each_change_changes_one_thing_and_leaves_code() -> None:
    found = {changed(SAMPLE, change.number) for change in changes(SAMPLE)}
    assert ast.unparse(ast.parse(SAMPLE)) not in found
    for source in found:
        compile(source, "", "exec")
    assert len(found) >= len(changes(SAMPLE)) - 1


@pytest.mark.parametrize(
    ("x", "line", "not_run"), [(1, 9, 11), (0, 11, 13), (9, 8, 9), (9, 13, 9), (0, 10, 9)]
)
def test_a_block_that_is_run_says_so_and_what_follows_a_return_does_not(
    x: int, line: int, not_run: int
) -> None:
    source, blocks = telling("f.py", SAMPLE, itertools.count())
    run: dict[int, int] = {}
    module = {"_blocks_run": SimpleNamespace(run=run)}
    exec(compile(source.replace("import _blocks_run", ""), "", "exec"), module)
    module["f"](x, also=x != 0)  # type: ignore[operator]
    assert _number(blocks, line) in run
    assert _number(blocks, not_run) not in run
    assert innermost(blocks, 4) is None
    assert len({block.name for block in blocks}) == len(blocks)
    _, moved = telling("f.py", f"\n\n{SAMPLE}", itertools.count(1000))
    assert [block.name for block in moved] == [block.name for block in blocks]


def _number(blocks: list[Block], line: int) -> int:
    block = innermost(blocks, line)
    assert block is not None
    return block.number


def test_every_test_that_runs_the_block_is_asked_the_closest_and_quickest_first() -> None:
    blocks = [f"f.py|f|{n}" for n in range(200)]
    tests = [Measured(f"t{n}", n / 1000, frozenset(blocks[:n]), tree="t") for n in range(200)]
    survey = Survey(tests, {}, "t")
    block = Block(1, 1, 50, "f.py|f", blocks[50])
    first, others = rounds(survey.running(block), survey.of_file("f.py"))
    assert len(first.tests) <= 60
    assert first.tests[0].name == "t51"
    asked = [test.name for one in (first, others) for test in one.tests]
    assert sorted(asked) == sorted(f"t{n}" for n in range(51, 200))


def test_slow_tests_come_last_and_those_left_out_are_counted() -> None:
    block = Block(1, 1, 0, "f.py|f", "f.py|f|1")
    tests = [
        Measured(name, seconds, frozenset({block.name}))
        for name, seconds in [
            ("slow", 50.0),
            ("slower", 80.0),
            *((f"t{n}", 1.0) for n in range(40)),
        ]
    ]
    survey = Survey(tests, {})
    found = list(rounds(survey.running(block), []))
    asked = [test for one in found for test in one.tests]
    assert asked[-1].name == "slow"
    assert sum(one.seconds for one in found[-1].tests) <= OTHERS_MAX_S
    assert found[-1].left_out == 1
    whole = list(rounds(survey.running(block), [], math.inf))
    assert [test.name for test in whole[-1].tests][-2:] == ["slow", "slower"]
    assert not whole[-1].left_out


def test_where_few_tests_run_the_block_those_of_the_file_are_asked_too() -> None:
    tests = [
        Measured("once", 0.1, frozenset({"f.py|f|1"})),
        Measured("later", 0.1, frozenset({"f.py|g|1"})),
        Measured("else", 0.1, frozenset({"g.py|f|1"})),
    ]
    survey = Survey(tests, {})
    for name, expected in [("1", ["once", "later"]), ("new", ["once", "later"])]:
        block = Block(1, 1, 0, "f.py|f", f"f.py|f|{name}")
        found = rounds(survey.running(block), survey.of_file("f.py"))
        assert [test.name for one in found for test in one.tests] == expected
    mixed = Survey(
        [
            Measured("new", 0.1, frozenset({"f.py|f|2"}), tree="now"),
            Measured("old", 0.1, frozenset({"f.py|f|1"}), tree="then"),
        ],
        {},
        "now",
    )
    block = Block(1, 1, 0, "f.py|f", "f.py|f|2")
    assert {test.name for test in mixed.running(block)} == {"new", "old"}
    imported = Block(1, 1, 0, "f.py|h", "f.py|h|1")
    assert len(list(rounds(survey.running(imported), survey.of_file("f.py")))) == 1


def test_the_same_seed_draws_the_same_and_each_change_is_as_likely() -> None:
    files: dict[str, list[Block]] = {
        file: [] for file in ("feedd/units.py", "feedd/identity/content.py")
    }
    survey = Survey([], files)
    drawn = [draw(ROOT, survey, [], [], random.Random(3)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == len(drawn[0])
    assert {room_of(file) for file, _ in drawn[0]} == {"units", "identity"}
    assert {file for file, _ in draw(ROOT, survey, ["units"], [], random.Random(3))} == {
        "feedd/units.py"
    }


def test_a_judgement_ends_with_the_code_that_it_was_about() -> None:
    for path in sorted((ROOT / "feedd").rglob("*.py")):
        file = str(path.relative_to(ROOT))
        assert not equivalents.outlived(file, changes(path.read_text())), f"{file}: delete these"


def test_a_test_module_is_measured_again_when_what_it_imports_changed() -> None:
    found = closure(ROOT / "tests/cli/test_naming.py", ROOT)
    assert ROOT / "tests/cli/conftest.py" in found
    assert ROOT / "tests/cli/stocked.py" in found
    assert ROOT / "tests/poller/conftest.py" not in found


LIVING = """
import functools
class A:
    @property
    def b(self): return 1
    def c(self): return [x for x in (1, 2)]
@functools.cache
def d(): return 3
def e(one):
    def inner(): return one
    return inner
"""


@pytest.mark.parametrize(
    ("old", "new", "called", "gives"),
    [
        ("return 1", "return 7", "A().b", 7),
        ("(1, 2)", "(1, 7)", "A().c()", [1, 7]),
        ("return 3", "return 7", "d()", 7),
        ("return one", "return 7", "e(2)()", 7),
    ],
)
def test_a_module_that_was_imported_takes_over_what_is_changed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: str,
    new: str,
    called: str,
    gives: object,
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"living_{abs(hash((old, str(tmp_path))))}"
    (tmp_path / f"{name}.py").write_text(LIVING)
    module = importlib.import_module(name)
    assert take_over(f"{name}.py", LIVING, LIVING.replace(old, new))
    assert eval(called, vars(module)) == gives


def test_what_can_not_be_taken_over_says_so(tmp_path: Path) -> None:
    assert take_over("not/imported.py", "def f(): return 1", "def f(): return 2")
    twice = "def f(): return 1\nf = f\ndef f(): return {}"
    assert not take_over("tests/mutation/changes.py", twice.format(2), twice.format(3))


@pytest.mark.slow
def test_the_checkout_is_never_touched_and_a_change_is_noticed(tmp_path: Path) -> None:
    file = "feedd/units.py"
    before = (ROOT / file).read_bytes()
    copied(ROOT, original(tmp_path))
    copies = [original(tmp_path), copied(ROOT, tmp_path / "survey")]
    kept = tmp_path / "kept.json"
    survey = surveyed(copies, kept, ["tests/test_units.py"])
    assert len(survey.of_file(file)) > 5
    (turned, *_) = (one for one in changes(before.decode()) if one.function == "format_duration")
    (trial,) = tried(tmp_path, survey, [(file, turned.number)], 1, float("inf"))
    assert trial.came == "noticed"
    assert trial.by.startswith("tests/test_units.py::")
    assert (ROOT / file).read_bytes() == before
    assert (tmp_path / "copy-0" / file).read_bytes() == before


def test_another_process_tells_which_blocks_it_ran(tmp_path: Path) -> None:
    (tmp_path / "feedd").mkdir()
    (tmp_path / "feedd/__init__.py").touch()
    (tmp_path / "feedd/f.py").write_text(SAMPLE)
    blocks = make_telling(tmp_path)["feedd/f.py"]
    subprocess.run(
        [sys.executable, "-c", "from feedd.f import f; f(1)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
    )
    run = (tmp_path / MAP).read_bytes()
    assert run[_number(blocks, 9)]
    assert not run[_number(blocks, 11)]
