"""What of the structure of real pages survives cleaning.

usage: python -m benchmarks.survival [--every N]

On each Nth of the articles, manuals, threads and services of WCXB that are learned from (see
`benchmarks.pages`): headings, items, cells, listings, quotations, links and words set apart whose
text is part of the true text, and how many of them a cleaner's HTML has. The truth itself is plain
text: what it leaves out counts neither way.
"""

from __future__ import annotations

import argparse
import logging
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from lxml import html as lxml_html
from lxml.html import HtmlElement

from benchmarks import pages
from benchmarks.structure import RIVALS
from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.web.encoding import decode_page

URL: Final = "https://example.org/2024/05/page"
MARKUP: Final[dict[str, tuple[str, ...]]] = {
    "headings": ("h2", "h3", "h4", "h5", "h6"),
    "list items": ("li",),
    "cells": ("td", "th"),
    "listings": ("pre",),
    "quotations": ("blockquote",),
    "links": ("a",),
    "slanted": ("em", "i"),
    "bold": ("strong", "b"),
    "code": ("code",),
}
_KIND_OF: Final = {tag: kind for kind, tags in MARKUP.items() for tag in tags}
_INLINE: Final = frozenset({"links", "slanted", "bold", "code"})
_APART: Final = "//script|//style|//noscript|//template|//nav|//header|//footer|//form"
AIMED: Final = ("article", "documentation", "forum", "service")
ELEMENT_MIN_CHARS: Final = 4
LINE_MIN_CHARS: Final = 60
"""Around a link, or words in bold, there is so much text: it is no menu, and no label."""


def _marked(markup: str) -> Iterator[tuple[str, str, HtmlElement]]:
    """Elements of structure, as kind and letters of its text."""
    root: HtmlElement = lxml_html.document_fromstring(
        (markup or "<p></p>").encode("utf-8", "replace"),
        parser=lxml_html.HTMLParser(encoding="utf-8"),
    )
    for apart in root.xpath(_APART):
        apart.drop_tree()
    for element in root.xpath("//*"):
        if element.tag in _KIND_OF:
            yield _KIND_OF[element.tag], _letters(element.text_content()), element


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def marked_truth(page: str, true: str) -> set[tuple[str, str]]:
    """The structure that a page gives to its true text. Lists and tables within others, lists of
    links into the page, and what the text says twice prove nothing, and are left out.
    """
    said = _letters(true)
    found = set()
    for kind, letters, element in _marked(page):
        line = element
        while kind in _INLINE and line.tag in ("a", "em", "i", "strong", "b", "code", "span"):
            line = line.getparent()
        around = _letters(line.text_content())
        if len(letters) < ELEMENT_MIN_CHARS or said.count(around) != 1:
            continue
        if kind in _INLINE and (len(around) < LINE_MIN_CHARS or 2 * len(letters) > len(around)):
            continue
        links = [link.get("href") or "#" for link in element.iter("a")]
        nested = any(next(element.iterdescendants(tag), None) is not None for tag in ("li", "td"))
        if not nested and not any(link.startswith(("#", "javascript:")) for link in links):
            found.add((kind, letters))
    return found


def by_feedd(page: str) -> str:
    """feedd's HTML, of an article that is refused, too."""
    return clean_page(
        PageInput(page.encode("utf-8", "replace"), URL, "text/html; charset=utf-8")
    ).html


def measure(set_of_pages: pages.Pages) -> None:
    """Print what share of it survives, as the mean of the pages that have each kind."""
    cleaners = {"feedd": by_feedd} | RIVALS
    shares: dict[str, defaultdict[str, list[float]]]
    shares = {name: defaultdict(list) for name in cleaners}
    for key, page in set_of_pages.truth.items():
        markup = decode_page(set_of_pages.body(key), "text/html")
        wanted = marked_truth(markup, page["main_content"] or "")
        for name, cleaner in cleaners.items() if wanted else ():
            try:
                given = {each[:2] for each in _marked(cleaner(markup))}
            except Exception:  # a rival's failure is a page without text
                given = set()
            for kind in {kind for kind, _ in wanted}:
                of_kind = [each for each in wanted if each[0] == kind]
                shares[name][kind].append(sum(each in given for each in of_kind) / len(of_kind))
    print(f"{'':12}{'pages':>6}" + "".join(f"{name:>13}" for name in cleaners))
    for kind in MARKUP:
        values = [shares[name][kind] for name in cleaners]
        means = "".join(f"{sum(each) / (len(each) or 1):13.3f}" for each in values)
        print(f"{kind:12}{len(values[0]):6}{means}")
    for name, kinds in shares.items():
        mean = sum(sum(each) / len(each) for each in kinds.values()) / (len(kinds) or 1)
        print(f"{name:14}mean over {len(kinds)} kinds {mean:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth page only")
    every = parser.parse_args().every
    logging.disable(logging.CRITICAL)
    everything = pages.read_pages()
    if everything is None:
        print("the pages of WCXB are not there: skipped")
        return
    truth = everything.to_learn_from().truth.items()
    aimed = [(key, page) for key, page in truth if page["page_type"] in AIMED]
    measure(pages.Pages(everything.folder, dict(aimed[::every])))


if __name__ == "__main__":
    main()
