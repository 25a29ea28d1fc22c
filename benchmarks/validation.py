"""Pages that no weight was learned from: 50 layouts of publishers, stories whose text is known.

usage: python -m benchmarks.validation [--worst N] [--show LAYOUT]

The pages are made by `benchmarks.validation_pages`, from layouts and stories that were written and
frozen before feedd was run on them. In the first set English layouts carry three of the stories
each, those in other languages one; what feedd did on them has led to rules since. The second set
was written after those, with stories that look like furniture; all its layouts carry all of them.
Scored like `benchmarks.extraction`, feedd and two extractors in the same run.
Then eight pages of each English site are read in turn, as the daemon does, with what is known of
the site by then: figures of the first page, and of the fifth to the eighth.
"""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean
from typing import Final

from benchmarks.extraction import LOST_BELOW, TOOLS, Score, run, score_page
from benchmarks.validation_pages import (
    Layout,
    Story,
    abroad,
    address,
    blogs,
    handmade,
    later,
    news,
    page,
    platforms,
    reference,
    stories_english,
    stories_tricky,
    story,
)
from feedd.article import PageInput, sitememory
from feedd.article.cleaning import clean_page

ENGLISH: Final = tuple(map(story, stories_english.STORIES))
TRICKY: Final = tuple(map(story, stories_tricky.STORIES))
LAYOUTS: Final = (
    *blogs.LAYOUTS,
    *platforms.LAYOUTS,
    *news.LAYOUTS,
    *reference.LAYOUTS,
    *handmade.LAYOUTS,
)
STORIES_A_LAYOUT: Final = 3
SITE_PAGES: Final = 8
KNOWN_BY_PAGE: Final = 5

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the text that is its article."""

    layout: str
    url: str
    body: bytes
    truth: str
    title: str


def first_set() -> Iterator[Page]:
    """The same every time."""
    for number, layout in enumerate(LAYOUTS):
        for turn in range(STORIES_A_LAYOUT):
            yield _page(layout, (number + turn * STORIES_A_LAYOUT) % len(ENGLISH))
    for layout, written in abroad.PAGES:
        yield _poured(layout, story(written), ())


def second_set() -> Iterator[Page]:
    """The same every time."""
    others = [told.title for told in ENGLISH]
    for layout in later.LAYOUTS:
        for told in TRICKY:
            yield _poured(layout, told, others)


def _page(layout: Layout, chosen: int) -> Page:
    others = [ENGLISH[(chosen + step) % len(ENGLISH)].title for step in range(1, 7)]
    return _poured(layout, ENGLISH[chosen], others)


def _poured(layout: Layout, told: Story, others: Sequence[str]) -> Page:
    body = page(layout, told, others).encode()
    return Page(layout.name, address(layout, told), body, told.truth(), told.title)


def mean(scores: Sequence[Score]) -> Score:
    """Of pages; all of them have texts."""
    return Score(
        fmean(score.precision for score in scores),
        fmean(score.recall for score in scores),
        fmean(score.exact for score in scores),
    )


def measure(given: Sequence[Page]) -> Mapping[str, tuple[list[Score], float]]:
    """By tool: every page's score, and CPU milliseconds a page."""
    made = run({str(number): (each.body, each.url) for number, each in enumerate(given)})
    return {
        name: (
            [score_page(e.truth, own.texts[str(number)]) for number, e in enumerate(given)],
            own.ms,
        )
        for name, own in made.items()
    }


def read_site(layout: Layout) -> list[str]:
    """The texts of a site's pages, read in turn."""
    memory = sitememory.SiteMemory()
    texts = []
    for number in range(SITE_PAGES):
        given = _page(layout, number)
        known = sitememory.recurring(memory)
        job = PageInput(given.body, given.url, "text/html", title=given.title, recurring=known)
        article = clean_page(job)
        memory = sitememory.learn(memory, article.url, article.blocks)
        texts.append(article.text)
    return texts


def report_pages(name: str, given: Sequence[Page], worst: int) -> None:
    results = measure(given)
    layouts = len({each.layout for each in given})
    print(f"{name}: {len(given)} pages of {layouts} layouts")
    print(f"{'':24}{'F1':>8}{'prec.':>8}{'recall':>8}{'exact':>8}{'lost':>6}{'ms':>8}")
    for tool, (scores, ms) in results.items():
        score = mean(scores)
        lost = sum(each.f1 < LOST_BELOW for each in scores)
        print(
            f"{tool:24}{score.f1:8.4f}{score.precision:8.4f}{score.recall:8.4f}{score.exact:8.3f}"
            f"{lost:6}{ms:8.1f}"
        )
    ours, theirs = results["feedd"][0], results["trafilatura"][0]
    better = sum(our.f1 < their.f1 - 0.005 for our, their in zip(ours, theirs, strict=True))
    print(f"trafilatura is better on {better} pages by more than 0.005")
    ranked = sorted(zip(given, ours, theirs, strict=True), key=lambda row: row[1].f1)
    for each, our, their in ranked[:worst]:
        print(f"{each.layout:20} {our}  (trafilatura {their.f1:.4f})  {each.title}")


def report_sites(worst: int) -> None:
    first, later = [], []
    for layout in LAYOUTS:
        scores = [
            score_page(ENGLISH[number].truth(), text)
            for number, text in enumerate(read_site(layout))
        ]
        first.append(scores[0])
        known = mean(scores[KNOWN_BY_PAGE - 1 :])
        later.append(known)
        if worst and known.exact < 1:
            print(f"{layout.name:20} {known}")
    print(f"{len(LAYOUTS)} sites read page by page")
    print(f"first page           {mean(first)}")
    print(f"fifth to eighth page {mean(later)}")


def show(given: Sequence[Page], layout: str) -> None:
    """Which words are missing (-) or too many (+) on each page of a layout."""
    for each in given:
        if each.layout == layout:
            print(f"--- {each.title}")
            text = TOOLS["feedd"](each.body, each.url)
            print(*differences(each.truth, text), sep="\n")


def differences(true: str, predicted: str) -> Iterator[str]:
    """Runs of words that are in one text alone, in order."""
    wanted, given = _WORD.findall(true), _WORD.findall(predicted)
    matcher = SequenceMatcher(None, wanted, given, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind in ("delete", "replace"):
            yield f"  - {' '.join(wanted[start:end])}"
        if kind in ("insert", "replace"):
            yield f"  + {' '.join(given[other_start:other_end])}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show N pages")
    parser.add_argument("--show", metavar="LAYOUT", help="show what a layout's pages lose and keep")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    first, second = list(first_set()), list(second_set())
    if args.show:
        show(first + second, args.show)
        return
    report_pages("first set", first, args.worst)
    report_pages("second set", second, args.worst)
    report_sites(args.worst)


if __name__ == "__main__":
    main()
