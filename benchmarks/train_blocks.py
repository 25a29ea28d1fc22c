"""Learn the weights of feedd/article/weights.json from pages whose article text is known.

usage: python -m benchmarks.train_blocks FOLDER [--cross-validate] [--write]

FOLDER holds truth.json and pages/ID.html.gz, as `benchmarks.extraction` reads them. A logistic
regression with a squared penalty, fitted by Newton's method: pure Python, no chance in it, some ten
seconds. `--cross-validate` fits eight times, each time without the pages of an eighth of the sites,
and scores the pages left out: what to expect of pages that nobody has seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.extraction import Corpus, read_corpus, score_pages
from feedd.article import PageInput, classifier, clean_page, cleaning
from feedd.article.blocks import WORD, Block

PENALTY: Final = 5.0
"""Of the sum of squared weights, against examples that weigh 1 in the mean."""
NEWTON_STEPS: Final = 8
FOLDS: Final = 8
RUN_MIN_WORDS: Final = 4
"""A shorter run of words that a block shares with the truth is chance, unless it is all of it."""
WEIGHTS: Final = Path(classifier.__file__).with_name("weights.json")

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A block: its features, whether it is article text, and how much it counts."""

    row: Row
    is_text: bool
    weight: float


def examples(corpus: Corpus, key: str) -> list[Example]:
    """The blocks of one page that are in question. A page counts about as much as any other."""
    job = PageInput(corpus.body(key), corpus.truth[key]["url"], "text/html")
    page = cleaning.analyse(job).page
    labels = label(page.blocks, corpus.truth[key]["articleBody"])
    total = max(
        50, sum(len(b.words) for b, is_text in zip(page.blocks, labels, strict=True) if is_text)
    )
    return [
        Example(row, is_text, (len(block.words) + 3) / total + 0.002)
        for block, is_text, row in zip(page.blocks, labels, page.features(), strict=True)
        if row is not None
    ]


def label(blocks: Sequence[Block], truth: str) -> list[bool]:
    """Which blocks are in the true text: the two are aligned word by word."""
    words = [word for block in blocks for word in block.words]
    owner = [number for number, block in enumerate(blocks) for _ in block.words]
    hits = [0] * len(blocks)
    matcher = SequenceMatcher(None, words, WORD.findall(truth.lower()), autojunk=False)
    for start, _, length in matcher.get_matching_blocks():
        for number in owner[start : start + length]:
            if length >= min(RUN_MIN_WORDS, len(blocks[number].words)):
                hits[number] += 1
    return [
        bool(block.words) and hit > len(block.words) / 2
        for block, hit in zip(blocks, hits, strict=True)
    ]


def fit(given: Sequence[Example]) -> dict[str, float]:
    """Weights by feature name."""
    names = sorted({name for example in given for name in example.row} | {"bias"})
    column = {name: number for number, name in enumerate(names)}
    mean = sum(example.weight for example in given) / len(given)
    rows = [
        ([(column[n], v) for n, v in e.row.items() if v], float(e.is_text), e.weight / mean)
        for e in given
    ]
    size = len(names)
    beta = [0.0] * size
    for _ in range(NEWTON_STEPS):
        gradient = [2 * PENALTY * b for b in beta]
        hessian = [[0.0] * size for _ in range(size)]
        gradient[column["bias"]] = 0.0
        for number in range(size):
            hessian[number][number] = 1e-6 if number == column["bias"] else 2 * PENALTY
        for row, truth, weight in rows:
            chance = _logistic(sum(beta[i] * v for i, v in row))
            error = weight * (chance - truth)
            bend = weight * chance * (1 - chance)
            for i, v in row:
                gradient[i] += error * v
                line = hessian[i]
                step = bend * v
                for j, w in row:
                    line[j] += step * w
        change = _solve(hessian, gradient)
        beta = [b - c for b, c in zip(beta, change, strict=True)]
    return {name: round(value, 3) for name, value in zip(names, beta, strict=True)}


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination; the matrix is symmetric and positive."""
    rows = [[*line, value] for line, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    for pivot in range(size):
        head = rows[pivot]
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / head[pivot]
            if factor:
                line = rows[below]
                for at in range(pivot, size + 1):
                    line[at] -= factor * head[at]
    answer = [0.0] * size
    for number in range(size - 1, -1, -1):
        line = rows[number]
        rest = sum(line[other] * answer[other] for other in range(number + 1, size))
        answer[number] = (line[size] - rest) / line[number]
    return answer


def fold(url: str) -> int:
    """Pages of one site are in one fold."""
    site = ".".join((urlsplit(url).hostname or "").split(".")[-2:])
    return hashlib.sha256(site.encode()).digest()[0] % FOLDS


def cross_validate(corpus: Corpus, known: Mapping[str, Sequence[Example]]) -> dict[str, str]:
    """The text of each page, by weights that were learned without its site."""
    texts: dict[str, str] = {}
    for number in range(FOLDS):
        held_out = [key for key in known if fold(corpus.truth[key]["url"]) == number]
        rest = [e for key in known if key not in held_out for e in known[key]]
        table = fit(rest)
        with classifier.using(table):
            for key in held_out:
                job = PageInput(corpus.body(key), corpus.truth[key]["url"], "text/html")
                texts[key] = clean_page(job).text
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    args = parser.parse_args()
    corpus = read_corpus(args.folder)
    known = {key: examples(corpus, key) for key in corpus.truth}
    if args.cross_validate:
        print(
            "pages of sites not learned from:", score_pages(corpus, cross_validate(corpus, known))
        )
    if args.write:
        table = fit([example for page in known.values() for example in page])
        WEIGHTS.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{len(table)} weights written to {WEIGHTS.name}")


if __name__ == "__main__":
    main()
