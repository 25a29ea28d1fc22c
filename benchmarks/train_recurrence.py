"""Learn what of that which recurs on a site is content: the trees of `recurrence.json`.

usage: python -m benchmarks.train_recurrence [--write]

Needs LightGBM (`pip install lightgbm`), which feedd itself does not. The sites are our
own, in `sites.tar.xz`: pages N.html of a site with N.json beside, which says of the lines within
their articles what is furniture, what is content that recurs, and what is the page's own, although
all but its numbers recur. They lie in 63 collections, each written before anybody had looked
at what was learned from those before it, but the last two: these were written for what was known
to be learned badly. Printed is what to expect of sites that nobody has seen:
for each collection, by trees learned from the others, which share of its furniture is kept, and
which share of its content is lost. `parts` is learned from only: lines of the tests amid one
story, of which two may differ in a word. Collections called `unseen` and a number are never learned
from, but judged by trees learned from all others. `--write` writes these into the package.
"""

from __future__ import annotations

import argparse
import json
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from benchmarks.train_blocks import tree_of
from feedd import sanitise
from feedd.article import PageInput, PageRejected, sitememory
from feedd.article.assembly import assemble
from feedd.article.classifier import Trees
from feedd.article.cleaning import analyse, clean_page
from feedd.article.selection import take
from feedd.article.sitememory import recurrence
from feedd.article.sitememory.block_marks import marks
from feedd.article.sitememory.recurrence import SETTLED_STAYS_FROM, looks_like_content
from feedd.article.sitememory.recurring_page import NAMES, RecurringPage
from feedd.article.sitememory.settled import settled
from feedd.article.stored_articles import stored_blocks
from feedd.article.tree.markup import squash

SITES: Final = Path(__file__).with_name("sites.tar.xz")
TABLE: Final = Path(recurrence.__file__).with_name("recurrence.json")
LEARNED_FROM_PAGE: Final = 4
"""Earlier pages can have nothing that was on three pages before."""
PART_MIN_CHARS: Final = 20
"""So long a line is known again within a longer one: lines of a verse are one block."""
TREES: Final = 300
SHAPE: Final = {
    "objective": "binary", "num_leaves": 16, "max_depth": 6, "learning_rate": 0.12,
    "min_data_in_leaf": 30, "bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.25,
    "extra_trees": True, "num_threads": 1, "deterministic": True, "seed": 0, "verbose": -1,
}  # fmt: skip
"""Splits drawn by chance: of what sites that nobody has seen say, less is lost by them."""
PARTS: Final = "parts"
UNSEEN: Final = "unseen"
PARTS_COUNT: Final = 3.0
"""Each of their lines is there for what it differs in from another."""
KIND_COUNTS: Final = {"furniture": 1.0, "recurring": 1.0, "own": 1.5}
"""What a page says itself is lost nowhere else."""


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    body: bytes
    truth: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that recurs: its features, and what the truth calls it; `is_settled`: a rule keeps
    it, unless the trees are sure that it goes.
    """

    collection: str
    site: str
    text: str
    row: Sequence[float]
    kind: str
    is_settled: bool

    @property
    def is_content(self) -> bool:
        return self.kind != "furniture"


def sites() -> dict[tuple[str, str], list[Page]]:
    """All sites, by collection and name, each with its pages in order."""
    found: defaultdict[tuple[str, str], dict[int, dict[str, bytes]]]
    found = defaultdict(lambda: defaultdict(dict))
    with tarfile.open(SITES) as archive:
        for member in archive:
            held = archive.extractfile(member)
            if held is not None:
                collection, site, name = member.name.split("/")
                number, _, kind = name.partition(".")
                found[collection, site][int(number)][kind] = held.read()
    return {
        key: [Page(n, both["html"], json.loads(both["json"])) for n, both in sorted(pages.items())]
        for key, pages in sorted(found.items())
    }


def lines(collection: str, site: str, pages: Sequence[Page]) -> list[Line]:
    """What recurs on a site's pages: where each page is cleaned, and where it is cleaned again once
    all of them are known.
    """
    memory = sitememory.load(None)
    met = []
    for page in pages:
        job = PageInput(page.body, page.truth["url"], "text/html", title=page.truth["title"])
        try:
            learned_of = clean_page(job).blocks
        except PageRejected:
            continue
        met.append((page, job, sitememory.recurring(memory)))
        memory = sitememory.learn(memory, page.truth["url"], learned_of)
    everything = sitememory.recurring(memory)
    found: list[Line] = []

    def add(page: Page, seen: RecurringPage | None) -> None:
        if seen is None or recurrence.is_published_again(seen):
            return
        stays = settled(seen)
        for number, row in seen.rows().items():
            text = seen.blocks[number].text
            kind = truth_of(text, page.truth)
            if kind is not None:
                found.append(Line(collection, site, text, row, kind, number in stays))

    for page, job, known in met:
        analysis = analyse(job)
        blocks, names = analysis.page.blocks, analysis.head.about.site
        decisions = take(analysis.page)
        kept = [number for number, decision in enumerate(decisions) if decision.kept]
        captions = [number for number, decision in enumerate(decisions) if decision.caption]
        if page.number >= LEARNED_FROM_PAGE:
            for fingerprints in {known, everything}:
                add(page, recurrence.page_of(blocks, kept, fingerprints, names))
        gone = {
            number
            for number in kept
            if marks(blocks[number])[0] in known
            and truth_of(blocks[number].text, page.truth) == "furniture"
        }
        for left in {tuple(kept), tuple(number for number in kept if number not in gone)}:
            stored = stored_blocks(sanitise.clean(assemble(blocks, left, captions), None))
            shown = [number for number, block in enumerate(stored) if not block.is_caption]
            add(page, recurrence.page_of(stored, shown, everything, frozenset()))
    return found


def truth_of(text: str, truth: Mapping[str, Any]) -> str | None:
    """Of which kind a line is; None for one that nothing is said of."""
    said = squash(text)
    told = {kind: {squash(cell) for cell in _cells(truth[kind])} for kind in KIND_COUNTS}
    for kind, lines in told.items():
        if said in lines:
            return kind
    for kind, lines in told.items():
        if any(len(part) > PART_MIN_CHARS and part in said for part in lines):
            return kind
    return None


def _cells(told: Sequence[str]) -> Iterator[str]:
    for line in told:
        yield line
        yield from line.split(" | ")


def learned(lines_found: Sequence[Line]) -> dict[str, Any]:
    """The table of trees."""
    np, lightgbm = import_module("numpy"), import_module("lightgbm")
    times = Counter((line.collection, line.site, line.text) for line in lines_found)
    counts = [
        KIND_COUNTS[line.kind]
        * times[line.collection, line.site, line.text] ** -0.5
        * (PARTS_COUNT if line.collection == PARTS else 1.0)
        for line in lines_found
    ]
    rows = np.array([line.row for line in lines_found])
    is_content = np.array([line.is_content for line in lines_found])
    model = lightgbm.train(SHAPE, lightgbm.Dataset(rows, is_content, weight=counts), TREES)
    trees = [tree_of(each["tree_structure"]) for each in model.dump_model()["tree_info"]]
    return {"names": list(NAMES), "bias": 0.0, "trees": trees}


def report(name: str, judged: Sequence[tuple[bool, bool]]) -> None:
    """One line of the table: how much of what goes is kept, and of what stays lost."""
    shares = []
    for is_content in (False, True):
        wrong = [stays is not truth for truth, stays in judged if truth is is_content]
        shares.append(f"{sum(wrong):4} of {len(wrong):4}  {sum(wrong) / (len(wrong) or 1):.3f}")
    print(f"{name:12}  {shares[0]}   {shares[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="write the trees into the package")
    wanted = parser.parse_args()
    arguments = [(*key, pages) for key, pages in sites().items()]
    with ProcessPoolExecutor() as processes:
        each = list(processes.map(lines, *zip(*arguments, strict=True)))
    examples = [line for found in each for line in found]
    seen = [line for line in examples if not _is_unseen(line.collection)]
    known = learned(seen)
    print("collection    furniture kept      content lost")
    for is_unseen, names in groupby(
        sorted({line.collection for line in examples} - {PARTS}), _is_unseen
    ):
        everything = []
        for name in names:
            others = [line for line in seen if line.collection != name]
            trees = Trees(known if is_unseen else learned(others), NAMES)
            own = [line for line in examples if line.collection == name]
            judged = [(line.is_content, _stays(line, trees)) for line in own]
            report(name, judged)
            everything += judged
        report("all unseen" if is_unseen else "all", everything)
    if wanted.write:
        TABLE.write_text(json.dumps(known, separators=(",", ":")) + "\n")
        print(f"learned from {len(seen)} lines: {TABLE.name}")


def _stays(line: Line, trees: Trees) -> bool:
    score = trees.score(line.row)
    is_settled = line.is_settled and score >= SETTLED_STAYS_FROM
    return is_settled or looks_like_content(line.row, score)


def _is_unseen(collection: str) -> bool:
    return collection.startswith(UNSEEN)


if __name__ == "__main__":
    main()
