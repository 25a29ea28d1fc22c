"""The sample documents, each beside what is to be read in it (`NAME` and `NAME.expected.json`).

python -m tests.parsing.samples NAME…     writes the expected values anew, to be looked over
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from feedd.model import ParsedFeed
from feedd.parsing import Document
from feedd.parsing.reading import parse

FOLDER = Path(__file__).parent / "documents"
NAMES = sorted(path.name for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))
NOT_WELL_FORMED = frozenset({"broken.rss", "sloppy.rss"})


def document(name: str, **more: Any) -> Document:
    host = name.partition(".")[0]
    return Document((FOLDER / name).read_bytes(), f"https://{host}.example/feeds/{name}", **more)


def plain(value: Any) -> Any:
    """A value as JSON has it: what a field holds by default is left out, items are hashes."""
    if isinstance(value, Struct):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if field.name != "items" and getattr(value, field.name) != field.default
        }
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value


def expected(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))


def write_expected(name: str, feed: ParsedFeed) -> None:
    text = json.dumps(plain(feed), indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or NAMES:
        write_expected(chosen, parse(document(chosen)))
