"""The list of files in docs/architecture.md, from the first sentence of each module's docstring.

`make listing` puts it there; a test holds it against the tree.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "feedd"
PAGE = Path(__file__).with_name("architecture.md")
BEGIN, END = "<!-- the listing: make listing -->\n", "<!-- end of the listing -->\n"
NAME_COLUMNS = 26


def render() -> str:
    """The listing: rooms with their files, each with what it is for."""
    return "```\n" + "\n".join(_lines(PACKAGE, "")) + "\n```\n"


def with_listing(page: str) -> str:
    """The page with the listing as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{render()}{END}{after}"


def _lines(folder: Path, indent: str) -> Iterator[str]:
    rooms = sorted(path.parent for path in folder.glob("*/__init__.py"))
    for room in rooms:
        yield _line(f"{indent}{room.name}/", room / "__init__.py")
        yield from _lines(room, indent + "  ")
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield _line(f"{indent}{path.name}", path)


def _line(name: str, path: Path) -> str:
    return f"{name:<{NAME_COLUMNS}} {first_sentence(path)}".rstrip()


def first_sentence(path: Path) -> str:
    """What the module says it is, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"(?<=[.:])\s+(?=[A-Z`])", paragraph)[0].rstrip(".:")


if __name__ == "__main__":
    PAGE.write_text(with_listing(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
