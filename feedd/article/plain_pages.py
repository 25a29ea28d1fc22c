"""Pages that are plain text: a manual page, a letter, notes. What the author wrote is the article.

Text whose lines the author broke (manual pages, mail, RFCs) keeps its lines and its blanks. Other
text is running words: a line is a paragraph, or one of its lines.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from msgspec.structs import replace

from feedd import sanitise
from feedd.article import PageInput, page_rules, pagehead, tree
from feedd.model import Article
from feedd.text import to_text
from feedd.web.encoding import decode_page

PLAIN_TYPES: Final = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/x-rst"})

SET_MAX_COLUMNS: Final = 100
"""Where one line in twenty is longer, the author did not break lines."""

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OVERSTRUCK = re.compile(r".\x08|\x1b\[[0-9;]*m")
"""Bold and underlined as typewriters and terminals have it."""

_PAGE_BREAK = re.compile(r"\f\n?")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def plain_page(job: PageInput) -> Article | None:
    """The article that a page of plain text is; None for what is no text, whatever it is called."""
    text = _OVERSTRUCK.sub("", decode_page(job.body, job.content_type).replace("\r\n", "\n"))
    text = _PAGE_BREAK.sub("\n", text).lstrip("\ufeff")
    if "\ufffd" in text or _BINARY.search(text):
        return None
    html = sanitise.clean(_as_html(text), job.url)
    article = Article(job.url, html, to_text(html), language=job.language, confidence=1.0)
    head = pagehead.read(tree.parse(b"<html><body></body></html>"), job.url)
    return replace(article, error=page_rules.objection(article, head, job))


def _as_html(text: str) -> str:
    lines = [len(line) for line in text.splitlines() if line.strip()]
    if 20 * sum(length > SET_MAX_COLUMNS for length in lines) <= len(lines):
        return f"<pre>{escape(text.expandtabs().strip(chr(10)), quote=False)}</pre>"
    return "".join(
        f"<p>{'<br>'.join(escape(paragraph.strip(), quote=False).splitlines())}</p>"
        for paragraph in _PARAGRAPHS.split(text)
        if paragraph.strip()
    )
