"""Pages of real manuals, whose text is known by the element that holds it: read and scored.

usage: python -m benchmarks.manuals FOLDER [--rivals]

FOLDER holds documentation packages of Debian, each unpacked in a folder of its name:
`apt-get download git-doc && dpkg-deb -x git-doc_*.deb FOLDER/git-doc`. Forty-three packages are
known, written with asciidoc, DocBook, Doxygen, gtk-doc, javadoc, LaTeX2HTML, LDoc, makeinfo,
MkDocs, rustdoc, Scribble, Sphinx and others; those that are there are read. For each the element
that holds a page's text was looked up by hand; marks beside headings and navigation within it are
no text.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import lxml.html
from lxml.html import HtmlElement

from benchmarks import pages

PAGES_A_PACKAGE: Final = 14
MIN_BYTES: Final = 2500
WORDS: Final = range(80, 20_000)
"""Of a page that is looked at: less is a list of others, more is a book."""

_MAIN: Final = "//main | //div[@role='main']"
_CHAPTER: Final = "//div[@class='chapter' or @class='appendix' or @class='preface']"
_SECTION: Final = (
    "//div[@class='chapter' or @class='sect1' or @class='section' or @class='appendix']"
)
_BODY: Final = "//body"
TEXT: Final = {
    "ant-doc": "//main | //body[not(.//main)]",
    "apache2-doc": "//*[@id='page-content']",
    "awesome-doc": "//*[@id='content']",
    "cmake-doc": _MAIN,
    "crystal-doc": "//*[@class='main-content']",
    "debian-faq": _CHAPTER,
    "debian-policy": f"{_SECTION} | {_MAIN}",
    "debian-reference-en": _CHAPTER,
    "doxygen-doc": "//div[@class='contents']",
    "erlang-doc": "//*[@id='content']",
    "exim4-doc-html": "//*[@id='chapter']",
    "ghostscript-doc": "//*[@role='main']",
    "git-doc": "//*[@id='content']",
    "gnuplot-doc": _BODY,
    "gradle-doc": _MAIN,
    "graphviz-doc": _BODY,
    "javahelp2-doc": _MAIN,
    "libglib2.0-doc": "//div[@class='refentry' or @class='chapter' or @class='part']",
    "libsdl2-doc": "//div[@class='contents']",
    "libsoup-3.0-doc": "//section[@id='main']",
    "libxml2-doc": _BODY,
    "maint-guide": _CHAPTER,
    "maxima-doc": _BODY,
    "mkdocs-doc": "//*[@role='main']",
    "nodejs-doc": "//*[@id='apicontent']",
    "ntpsec-doc": "//*[@id='content']",
    "octave-doc": _BODY,
    "openjdk-17-doc": _MAIN,
    "pike8.0-doc": "//div[@class='content']",
    "postgresql-doc-15": "//body/div[@class='sect1' or @class='sect2' or @class='refentry'"
    " or @class='chapter' or @class='appendix']",
    "python-django-doc": f"//*[@id='yui-main']//div[@class='yui-g'] | {_MAIN}",
    "python-requests-doc": _MAIN,
    "python3.11-doc": _MAIN,
    "r-doc-html": _BODY,
    "racket-doc": "//div[@class='main']",
    "rust-doc": _MAIN,
    "scons-doc": _SECTION,
    "sphinx-doc": _MAIN,
    "sqlite3-doc": _BODY,
    "varnish-doc": "//div[@class='body' or @role='main']",
    "wx3.2-doc": "//div[@class='contents']",
    "xapian-doc": "//div[@class='contents']",
    "zsh-doc": _BODY,
}
"""The element, or elements, with the text of a package's pages."""
_NO_TEXT: Final = (
    ".//script | .//style | .//select | .//button | .//address"
    " | .//a[contains(@class, 'headerlink') or contains(@class, 'copiable')]"
    " | .//a[@class='permalink' or @class='mark' or @class='anchor']"
    " | .//*[contains(@class, 'viewcode-link') or contains(@class, 'menu')]"
    " | .//*[@class='navheader' or @class='navfooter' or @class='navigation' or @class='header']"
    " | .//*[@class='nav-panel' or @class='nosearch' or @class='toplang' or @class='bottomlang']"
    " | .//*[@class='navbox' or starts-with(@class, 'navset') or contains(@class, 'dyncontent')]"
    " | .//*[@id='quickview' or @id='toc_sub'] | .//div[@class='top' and not(.//p)]"
)
_LINES: Final = (
    *("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "td", "th", "dt", "dd", "tr"),
    *("br", "table", "section"),
)
_LISTS = re.compile(
    r"genindex|search|index-|modindex|package-|/src/|module-tree|constant-values|serialized"
    r"|allclasses|overview-|-members|_source\.html|class-use|theindex|functions_"
)
"""Paths of pages that only list others."""
_DECLARATION = re.compile(rb"^<\?xml[^>]*>")


@dataclass(frozen=True, slots=True)
class Manual:
    """A page of a package, and its text."""

    package: str
    path: Path
    text: str

    @property
    def url(self) -> str:
        """Where a site might have it; each package is a site of its own."""
        return f"https://{self.package}.example/{self.path.parent.name}/{self.path.name}"


def read_manuals(folder: Path) -> Iterator[Manual]:
    """Of each package that is there, so many pages, chosen by the hash of their paths."""
    for package, holds_text in TEXT.items():
        inside = folder / package
        paths = (path for path in inside.rglob("*.html") if _is_read(path))
        found = 0
        for path in sorted(paths, key=lambda path: _hash(path.relative_to(folder))):
            text = _text(path, holds_text)
            if len(text.split()) in WORDS:
                yield Manual(package, path, text)
                found += 1
            if found == PAGES_A_PACKAGE:
                break


def _is_read(path: Path) -> bool:
    is_page = path.is_file() and not path.is_symlink() and path.stat().st_size >= MIN_BYTES
    return is_page and not _LISTS.search(str(path))


def _hash(path: Path) -> bytes:
    return hashlib.sha256(str(path).encode()).digest()


def _text(path: Path, holds_text: str) -> str:
    root = lxml.html.document_fromstring(_DECLARATION.sub(b"", path.read_bytes()))
    found = cast(list[HtmlElement], root.xpath(holds_text))
    outer = [each for each in found if not any(around in found for around in each.iterancestors())]
    for element in outer:
        for other in cast(list[HtmlElement], element.xpath(_NO_TEXT)):
            if other.getparent() is not None:
                other.drop_tree()
        for line in element.iter(*_LINES):
            line.tail = "\n" + (line.tail or "")
    return "\n".join(element.text_content() for element in outer)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rivals", action="store_true")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    manuals = list(read_manuals(args.folder))
    for name, tool in (pages.TOOLS if args.rivals else {"feedd": pages.by_feedd}).items():
        reached: defaultdict[str, list[float]] = defaultdict(list)
        for manual in manuals:
            made = tool(manual.path.read_bytes(), manual.url)
            true = {"main_content": manual.text, "title": made.title}
            reached[manual.package].append(pages.f1(true, made.text)[0])
        print(f"{name}, {len(manuals)} pages")
        reached["all"] = [one for each in reached.values() for one in each]
        for package, each in reached.items():
            lost = sum(one < pages.LOST_BELOW for one in each)
            print(f"  {package:22}{len(each):4}{sum(each) / len(each):8.4f}{lost:4}")


if __name__ == "__main__":
    main()
