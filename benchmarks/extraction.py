"""How well articles are found in pages, next to the extractors that feedd builds on.

usage: python -m benchmarks.extraction [FOLDER] [--worst N]

FOLDER (or $FEEDD_EXTRACTION) holds truth.json (page id: url, articleBody) and pages/ID.html.gz, in
the form of the Scrapinghub article extraction benchmark; without one, a folder `extraction` is
looked for in the folders beside the checkout. Texts are compared as that benchmark does: word
4-grams with their counts; F1 is the harmonic mean of the mean precision and the mean recall.
Milliseconds are CPU time a page, all in one run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedd.article import PageInput
from feedd.article.cleaning import clean_page

SHINGLE_WORDS: Final = 4
LOST_BELOW: Final = 0.5
"""A page whose F1 is less counts as lost."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pages with their true texts."""

    folder: Path
    truth: Mapping[str, Mapping[str, str]]

    def body(self, key: str) -> bytes:
        """A page as it was fetched."""
        return gzip.decompress((self.folder / "pages" / f"{key}.html.gz").read_bytes())


@dataclass(frozen=True, slots=True)
class Score:
    """Means over all pages; `exact` is the share of pages with every word right and no other."""

    precision: float
    recall: float
    exact: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return (
            f"F1 {self.f1:.4f}  precision {self.precision:.4f}  recall {self.recall:.4f}"
            f"  exact {self.exact:.3f}"
        )


def read_corpus(folder: Path) -> Corpus:
    """Raises SystemExit with a line for the user when there is none."""
    try:
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise SystemExit(f"no pages to measure: {error}; name a folder that has them") from error
    return Corpus(folder, truth)


def default_folder() -> Path:
    """Where the pages are when nobody says."""
    named = os.environ.get("FEEDD_EXTRACTION")
    if named:
        return Path(named)
    beside = sorted(Path(__file__).parents[2].glob("*/extraction/truth.json"))
    return beside[0].parent if beside else Path("extraction")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if len(words) < SHINGLE_WORDS:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False))


def score_page(true: str, predicted: str) -> Score:
    """One page's figures."""
    wanted, given = shingles(true), shingles(predicted)
    common = (wanted & given).total()
    return Score(
        common / given.total() if given else float(not wanted),
        common / wanted.total() if wanted else float(not given),
        float(_WORD.findall(true) == _WORD.findall(predicted)),
    )


def score_pages(corpus: Corpus, texts: Mapping[str, str]) -> Score:
    """The set's figures; a page without a prediction says nothing about precision."""
    scores = {
        k: score_page(page["articleBody"], texts.get(k, "")) for k, page in corpus.truth.items()
    }
    said = [score.precision for key, score in scores.items() if shingles(texts.get(key, ""))]
    return Score(
        sum(said) / len(said) if said else 0.0,
        sum(score.recall for score in scores.values()) / len(scores),
        sum(score.exact for score in scores.values()) / len(scores),
    )


def by_feedd(body: bytes, url: str) -> str:
    return clean_page(PageInput(body, url, "text/html")).text


def by_trafilatura(body: bytes, url: str) -> str:
    import trafilatura

    return trafilatura.extract(body, url=url, include_comments=False) or ""


def by_trafilatura_precise(body: bytes, url: str) -> str:
    import trafilatura

    text = trafilatura.extract(body, url=url, include_comments=False, favor_precision=True)
    return text or ""


def by_readability(body: bytes, url: str) -> str:
    from lxml import html
    from readability import Document

    summary = Document(body.decode("utf-8", "replace")).summary()
    return "\n".join(map(str, html.fromstring(summary).itertext()))


Tool = Callable[[bytes, str], str]

TOOLS: Final[Mapping[str, Tool]] = {
    "feedd": by_feedd,
    "trafilatura": by_trafilatura,
    "trafilatura, precision": by_trafilatura_precise,
    "readability": by_readability,
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a tool made of pages: their texts, and CPU milliseconds a page."""

    texts: Mapping[str, str]
    ms: float


def run(pages: Mapping[str, tuple[bytes, str]]) -> dict[str, Run]:
    """All tools on all pages (body and address by key), in turns: what else the machine does hits
    all alike. The first page is done once before, to load the libraries.
    """
    texts: dict[str, dict[str, str]] = {name: {} for name in TOOLS}
    used_s = dict.fromkeys(TOOLS, 0.0)
    first = next(iter(pages.values()))
    for tool in TOOLS.values():
        tool(*first)
    for key, (body, url) in pages.items():
        for name, tool in TOOLS.items():
            before = time.process_time()
            texts[name][key] = tool(body, url)
            used_s[name] += time.process_time() - before
    return {name: Run(texts[name], used_s[name] * 1000 / len(pages)) for name in TOOLS}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show N pages")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    folder = args.folder or default_folder()
    if args.folder is None and not (folder / "truth.json").exists():
        print("the pages of the Scrapinghub benchmark are not there: skipped")
        return
    corpus = read_corpus(folder)
    results = run({key: (corpus.body(key), page["url"]) for key, page in corpus.truth.items()})
    print(f"{len(corpus.truth)} pages")
    print(f"{'':24}{'F1':>8}{'prec.':>8}{'recall':>8}{'exact':>8}{'lost':>6}{'ms':>8}")
    for name, made in results.items():
        texts, ms = made.texts, made.ms
        score = score_pages(corpus, texts)
        lost = sum(
            score_page(page["articleBody"], texts[key]).f1 < LOST_BELOW
            for key, page in corpus.truth.items()
        )
        print(
            f"{name:24}{score.f1:8.4f}{score.precision:8.4f}{score.recall:8.4f}{score.exact:8.3f}"
            f"{lost:6}{ms:8.1f}"
        )
    ours = results["feedd"].texts
    pages = {key: score_page(corpus.truth[key]["articleBody"], ours[key]) for key in corpus.truth}
    for key, page in sorted(pages.items(), key=lambda pair: pair[1].f1)[: args.worst]:
        print(f"{key[:12]}  {page}  {corpus.truth[key]['url']}")


if __name__ == "__main__":
    main()
