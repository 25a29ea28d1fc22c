"""What feedd makes of the sample pages, as it was looked at and found good.

    python -m tests.article.approved     writes it anew; then look at the difference

A file a page: what the page says of itself; each block, kept (+) or not (-) and why, with a mark of
all that is known about it; and the article. Texts are cut and stand with a mark of the whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import structure, validation
from feedd.article import PageInput
from feedd.article.cleaning import analyse, clean_page, explain_page

FOLDER: Final = Path(__file__).with_name("approved")
SHOWN_CHARS: Final = 60
_LONG = re.compile(rf"(>[^<]{{{SHOWN_CHARS}}})[^<]+")


def pages() -> dict[str, PageInput]:
    """By name: each layout once, the next story each time."""
    found: dict[str, PageInput] = {}
    for page in (*validation.first_set(), *validation.second_set()):
        if page.layout not in found:
            found[page.layout] = PageInput(page.body, page.url, "text/html; charset=utf-8")
    for name, template in structure.TEMPLATES.items():
        found[f"structure-{name}"] = PageInput(template().encode(), structure.URL, "text/html")
    return found


def told(page: PageInput) -> str:
    """What is made of a page."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: PageInput) -> Iterator[str]:
    article = clean_page(page)
    for name in ("title", "byline", "published", "lead_image", "language", "next_url", "error"):
        yield f"{name}: {getattr(article, name)}"
    yield ""
    rows = analyse(page).page.rows
    for block, row in zip(explain_page(page), rows, strict=True):
        known = _mark(repr([round(value, 6) for value in row]))
        text = " ".join(block.text.split())[:SHOWN_CHARS]
        yield f"{'+' if block.kept else '-'} {known} <{block.tag}> {text} | {block.why}"
    yield ""
    yield f"text {_mark(article.text)}, html {_mark(article.html)}"
    yield _LONG.sub(r"\1…", article.html).replace("><", ">\n<")


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for name, page in pages().items():
        (FOLDER / f"{name}.txt").write_text(told(page), encoding="utf-8")


if __name__ == "__main__":
    main()
