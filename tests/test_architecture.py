"""Imports run downwards only, and each library is touched in its own room (docs/architecture.md).

Every import statement counts, also those inside functions and for the type checker alone.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "feedd"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("__main__", "cli", "demo"),
    ("daemon",),
    ("metrics",),
    ("poller",),
    (
        "http",
        "parsing",
        "article",
        "store",
        "configfile",
        "opml",
        "listener",
    ),
    (
        "schedule",
        "identity",
        "sanitise",
        "workers",
        "terminal",
        "text",
        "web",
        "notify",
        "outcome",
        "audit",
        "records",
        "own_files",
    ),
    ("model",),
    ("query",),
    ("units",),
    ("errors",),
    ("__init__",),
)
"""From top to bottom. A room may import from every floor below its own."""

ARTICLE_FLOORS = (
    *(
        "cleaning",
        "plain_pages",
        "stored_articles",
        "running_text",
        "assembly",
        "selection",
        "sitememory",
        "classifier",
    ),
    *("classifier", "page_rules", "pagehead", "lexicon", "tree", "overrides", "__init__"),
)
"""Those of `article`, the room with most in it: each may import from those after it."""

NEIGHBOURS_TALK = frozenset(FLOORS[0] + FLOORS[5])
"""Rooms that may also import from their own floor, as long as no circle arises."""

VALUES = frozenset({"msgspec.Struct", "msgspec.field", "msgspec.structs"})
"""What values are made of, in every room: like dataclasses, and made far sooner."""

LIBRARIES: dict[str, frozenset[str]] = {
    "httpx": frozenset({"http"}),
    "pycurl": frozenset({"http"}),
    "h11": frozenset({"listener"}),
    "prometheus_client": frozenset({"metrics"}),
    "msgspec": frozenset({"workers"}),
    "brotli": frozenset({"web"}),
    "zstandard": frozenset({"web", "store"}),
    "feedparser": frozenset({"parsing"}),
    "dateutil": frozenset({"web"}),
    "apscheduler": frozenset({"daemon"}),
    "sqlite_utils": frozenset({"store"}),
    "bs4": frozenset({"article", "web"}),
    "soupsieve": frozenset({"article", "web"}),
    "htmldate": frozenset({"article"}),
    "nh3": frozenset({"sanitise"}),
    "lxml": frozenset({"article", "opml"}),
    "click": frozenset({"cli"}),
    "pygments": frozenset({"cli"}),
    "rich": frozenset({"cli"}),
    "textual": frozenset({"cli"}),
    "PIL": frozenset({"cli"}),
}


@dataclass(frozen=True)
class Arrow:
    """One import: the module, the line, and what it imports (dotted)."""

    module: str
    line: int
    target: str

    @property
    def room(self) -> str:
        return room(self.module)

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def room(module: str) -> str:
    """`feedd.store.items` lives in `store`; names that the package itself holds in `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else "__init__"


def imports(path: Path) -> Iterator[Arrow]:
    module = module_name(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Arrow(module, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                source = ".".join([*above, *([source] if source else [])])
            for alias in node.names:
                named = f"{source}.{alias.name}"
                is_deeper = source in ("feedd", "msgspec") or named in MODULES
                yield Arrow(module, node.lineno, named if is_deeper else source)


FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = set(map(module_name, FILES))
ROOMS = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
ARROWS = [arrow for path in FILES for arrow in imports(path)]
OWN = [arrow for arrow in ARROWS if arrow.target.split(".")[0] == "feedd"]
FLOOR_OF = {name: number for number, floor in enumerate(FLOORS) for name in floor}


def test_every_room_has_a_floor() -> None:
    assert not ROOMS - FLOOR_OF.keys(), "say in FLOORS where the new room belongs"


def test_every_room_is_described() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [name for name in ROOMS - {"__init__"} if f"`{name}" not in text]
    assert not missing, "docs/architecture.md says what each room is for"


def test_imports_run_downwards_only() -> None:
    def allowed(arrow: Arrow) -> bool:
        here, there = arrow.room, room(arrow.target)
        if here == there or FLOOR_OF[there] > FLOOR_OF[here]:
            return True
        return {here, there} <= NEIGHBOURS_TALK and FLOOR_OF[there] == FLOOR_OF[here]

    upwards = [str(arrow) for arrow in OWN if not allowed(arrow)]
    assert not upwards, "\n".join(upwards)


def test_a_page_goes_through_the_rooms_of_the_article_in_one_direction() -> None:
    def floor(module: str) -> int:
        return ARTICLE_FLOORS.index((*module.split("."), "__init__")[2])

    within = [arrow for arrow in OWN if arrow.room == room(arrow.target) == "article"]
    assert len(within) > len(ARTICLE_FLOORS)
    upwards = [str(arrow) for arrow in within if floor(arrow.module) > floor(arrow.target)]
    assert not upwards, "\n".join(upwards)


def test_neighbours_form_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for arrow in OWN:
        here, there = arrow.room, room(arrow.target)
        if here != there:
            graph.setdefault(here, set()).add(there)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"these rooms import each other in a circle: {error.args[1]}")


def test_no_modules_import_each_other_in_a_circle() -> None:
    """A package that hands on what its parts hold stands above them, whatever they take from it."""
    graph: dict[str, set[str]] = {}
    for arrow in OWN:
        if arrow.module != arrow.target.rpartition(".")[0]:
            graph.setdefault(arrow.module, set()).add(arrow.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"these modules import each other in a circle: {error.args[1]}")


def test_each_library_is_touched_in_its_own_room() -> None:
    strays = []
    for arrow in ARROWS:
        library = arrow.target.split(".")[0]
        if library == "feedd" or library in sys.stdlib_module_names:
            continue
        if arrow.target not in VALUES and arrow.room not in LIBRARIES.get(library, frozenset()):
            strays.append(str(arrow))
    assert not strays, "\n".join(strays)


def test_no_room_has_a_permission_that_it_does_not_use() -> None:
    used = {(arrow.room, arrow.target.split(".")[0]) for arrow in ARROWS}
    unused = [
        f"{name} may import {library}, and does not"
        for library, rooms in LIBRARIES.items()
        for name in rooms
        if (name, library) not in used
    ]
    assert not unused, "\n".join(unused)


def test_the_page_names_each_library_in_the_row_of_its_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = {row[0]: row[-1] for row in table_rows(text)}
    for library, rooms in LIBRARIES.items():
        for name in rooms - {"__main__"}:
            named = next(last for first, last in rows.items() if f"`{name}" in first)
            assert library in re.split(r"[, ]+", named), f"{name} uses {library}: say so"
    allowed = LIBRARIES.keys() | {""}
    assert {word for last in rows.values() for word in re.split(r"[, ]+", last)} <= allowed


def table_rows(text: str) -> list[list[str]]:
    """The table of rooms: the cells from the second on."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[2:-1]] for line in lines[2:]]


def test_a_name_means_one_thing() -> None:
    """No two modules have one name, no folder has a module's, and no two classes have one."""
    modules = Counter(
        path.parent.name if path.name == "__init__.py" else path.stem
        for path in FILES
        if path.parent != PACKAGE or path.name != "__init__.py"
    )
    classes = Counter(
        node.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, times in (modules + classes).items() if times > 1] == []


def test_rooms_are_found_at_all() -> None:
    """The other tests would pass on an empty list."""
    assert len(OWN) > 10
    assert {"model", "errors", "notify"} <= ROOMS
