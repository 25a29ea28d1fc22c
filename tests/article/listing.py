"""What feedd makes of a page, as text that can be compared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from feedd.article import PageInput, PageRejected
from feedd.article.cleaning import analyse, clean_page, explain_page
from feedd.model import Article

SHOWN_CHARS: Final = 60
CLAIMS: Final = (
    *("title", "byline", "published", "lead_image", "language"),
    *("next_url", "moved_to", "alternate_url", "error"),
)
_LONG = re.compile(rf"(>[^<]{{{SHOWN_CHARS}}})[^<]+")


def told(page: PageInput) -> str:
    """What the page says of itself; each block, kept (+) or not (-) and why, with a mark of all
    that is known about it; and the article. Texts are cut and stand with a mark of the whole.
    """
    return "\n".join(_lines(page)) + "\n"


def _lines(page: PageInput) -> Iterator[str]:
    article = clean_page(page)
    for name in CLAIMS:
        if getattr(article, name) is not None:
            yield f"{name}: {getattr(article, name)}"
    yield ""
    for block, row in zip(explain_page(page), analyse(page).page.rows, strict=True):
        text = " ".join(block.text.split())[:SHOWN_CHARS]
        yield f"{'+' if block.kept else '-'} {_of_row(row)} <{block.tag}> {text} | {block.why}"
    yield ""
    yield f"text {mark(article.text)}, html {mark(article.html)}"
    yield _LONG.sub(r"\1…", article.html).replace("><", ">\n<")


def told_in_short(page: PageInput) -> str:
    """The same in a line: marks of what is known of the blocks, of what was decided about them and
    why, of the article, of what the page says of itself.
    """
    article = clean_page(page)
    try:
        known = analyse(page).page
    except PageRejected:
        return f"no blocks; says {_claims(article)}"
    blocks = explain_page(page)
    features = mark(" ".join(map(_of_row, known.rows)), known.says, known.stops, known.near)
    decided = mark([(block.kept, block.why) for block in blocks])
    kept = sum(block.kept for block in blocks)
    return (
        f"{kept}/{len(blocks)} blocks; known {features}, decided {decided},"
        f" html {mark(article.html)}, text {mark(article.text)},"
        f" marks {mark(article.blocks)}, says {_claims(article)}"
    )


def _claims(article: Article) -> str:
    return mark([getattr(article, name) for name in CLAIMS]) + f" {article.error or ''}".rstrip()


def _of_row(row: Sequence[float]) -> str:
    return mark([round(value, 6) for value in row])


def mark(*values: object) -> str:
    """The same for the same values, whatever order sets have."""
    said = repr([sorted(value) if isinstance(value, frozenset) else value for value in values])
    said = re.sub(r"frozenset\((?:\{([^}]*)\})?\)", _in_order, said)
    return hashlib.sha256(said.encode()).hexdigest()[:6]


def _in_order(found: re.Match[str]) -> str:
    return ",".join(sorted((found[1] or "").split(", ")))
