"""Which libraries feedd takes: pyproject.toml, the locks and the page about them say the same."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PYPROJECT["dependency-groups"]
LOCKS = ("lock.txt", "lock-dev.txt")


def requirements(*lists: Iterable[str]) -> list[Requirement]:
    return [Requirement(line) for lines in lists for line in lines]


RUNTIME = requirements(PYPROJECT["project"]["dependencies"])
BUILD = requirements(GROUPS["build"])
DEV = requirements(GROUPS["dev"])


@dataclass(frozen=True)
class Locked:
    """One entry of a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        (pin,) = self.requirement.specifier
        assert pin.operator == "=="
        return Version(pin.version)


def entries(lock: str) -> Iterator[Locked]:
    text = (ROOT / ".ci" / lock).read_text(encoding="utf-8")
    for entry in re.sub(r"^#.*\n", "", text).replace(" \\\n", " ").splitlines():
        wanted, *hashes = entry.split(" --hash=")
        yield Locked(Requirement(wanted), tuple(each.strip() for each in hashes))


LOCKED = {each.name: each for lock in reversed(LOCKS) for each in entries(lock)}


def lowest(requirement: Requirement) -> str:
    (found,) = [each.version for each in requirement.specifier if each.operator == ">="]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_nothing_but_pinned_versions_with_their_hashes(lock: str) -> None:
    """No address either: whose index is asked is the business of whoever installs."""
    found = list(entries(lock))
    assert len(found) > 10
    for each in found:
        assert each.version
        assert each.requirement.url is None
        assert each.hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in each.hashes), each.name


def test_what_is_in_both_locks_is_the_same_there() -> None:
    first, second = ({each.name: each for each in entries(lock)} for lock in LOCKS)
    shared = first.keys() & second.keys()
    assert {name: first[name].version for name in shared} == {
        name: second[name].version for name in shared
    }


@pytest.mark.parametrize("wanted", [*RUNTIME, *BUILD, *DEV], ids=str)
def test_the_locked_version_is_one_that_pyproject_allows(wanted: Requirement) -> None:
    assert wanted.specifier.contains(LOCKED[canonicalize_name(wanted.name)].version)


def test_what_builds_the_package_is_locked_too() -> None:
    declared = requirements(PYPROJECT["build-system"]["requires"])
    assert {str(each) for each in declared} <= {str(each) for each in BUILD}


def test_the_page_names_the_lowest_and_the_locked_version_of_each() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w-]+) \| ([\d.]+) \| ([\d.]+) \|", page, re.MULTILINE)
    assert rows == [
        (each.name, lowest(each), str(LOCKED[canonicalize_name(each.name)].version))
        for each in RUNTIME
    ]


def test_everything_that_is_imported_is_declared() -> None:
    """Not by way of another library, which may stop to need it."""
    declared = {canonicalize_name(each.name) for each in RUNTIME}
    providers = packages_distributions()
    for path in sorted((ROOT / "feedd").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom) and not node.level and node.module
                else []
            )
            for name in {name.partition(".")[0] for name in names} - {"feedd"}:
                if name not in sys.stdlib_module_names:
                    provided = {canonicalize_name(each) for each in providers.get(name, [name])}
                    assert provided & declared, f"{path.name} imports {name}"


@pytest.mark.skipif("FEEDD_MINIMUM" not in os.environ, reason="make test-minimum runs it")
def test_the_lowest_versions_allowed_are_the_ones_tested() -> None:
    """One that can't be installed, because another library asks for more, would be no minimum."""
    declared = {each.name: release(lowest(each)) for each in RUNTIME}
    assert {name: release(version(name)) for name in declared} == declared


def release(written: str) -> tuple[int, int, int, int]:
    """A version without what comes after a release (2.9.0.post0 is 2.9)."""
    first, second, third, fourth, *_ = (*Version(written).release, 0, 0, 0, 0)
    return first, second, third, fourth
