"""Learn the trees of feedd/article/classifier/trees.json from pages whose article text is known.

usage: python -m benchmarks.train_blocks [--part N] [--write] [--cache FILE] [--pages FOLDER]
       [--extraction FOLDER]

Needs LightGBM (`pip install lightgbm`), which feedd itself does not. The pages are those of
WCXB, the Web Content eXtraction Benchmark, by Murrough Foley (2026), CC BY 4.0, as
`benchmarks.pages` reads them, less the fifth that is kept back, and those of the Scrapinghub
article extraction benchmark. `--part N` learns without the Nth fifth of the sites and scores that:
what to expect of pages that nobody has seen. `--write` learns from all and writes the trees into
the package.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from benchmarks import extraction, pages
from feedd.article import PageInput, PageRejected, classifier, cleaning
from feedd.article.classifier.features import MENU_MIN_LINKS, NAMES
from feedd.article.cleaning import clean_page
from feedd.article.tree.blocks import WORD, Block

RUN_MIN_WORDS: Final = 4
"""A shorter run of words that a block shares with the truth is chance, unless it is all of it."""
BLOCKS_A_PAGE_MAX: Final = 150
"""So many blocks of a page that are text, and as many that are none, are learned from."""
KIND_COUNTS: Final = {
    "news": 1.5, "article": 1.0, "documentation": 1.6, "forum": 1.6, "service": 0.6,
    "product": 0.4, "listing": 0.35, "collection": 0.4,
}  # fmt: skip
"""How much a page counts: what feeds lead to comes first."""
UNNAMED: Final = "class_"
UNNAMED_COUNTS: Final = 0.2
"""Every page is learned from once more, counting so much, without what its classes say: those of
other sites may say nothing.
"""
TREES: Final = 180
LEAVES: Final = 16
BINS: Final = 63
TABLE: Final = Path(classifier.__file__).with_name("trees.json")


@dataclass(frozen=True, slots=True)
class Example:
    """A block: its features, whether it is text, and how much it counts."""

    row: Sequence[float]
    is_text: bool
    counts: float


@dataclass(frozen=True, slots=True)
class Source:
    """A page to learn from, by its key in one of the two sets."""

    key: str
    kind: str
    url: str
    truth: str
    body: bytes


def sources(set_of_pages: pages.Pages | None, corpus: extraction.Corpus | None) -> Iterator[Source]:
    """All pages that may be learned from."""
    if set_of_pages is not None:
        learned = set_of_pages.to_learn_from()
        for key, page in sorted(learned.truth.items()):
            if (page.get("main_content") or "").strip():
                body = learned.body(key)
                yield Source(key, page["page_type"], page["url"], page["main_content"], body)
    if corpus is not None:
        for key, page in sorted(corpus.truth.items()):
            yield Source(key, "news", page["url"], page["articleBody"], corpus.body(key))


def examples(source: Source) -> list[Example]:
    """The blocks of one page, or an even choice of them. A page counts about as much as another."""
    try:
        page = cleaning.analyse(PageInput(source.body, source.url, "text/html")).page
    except PageRejected:
        return []
    is_text = label(page.blocks, source.truth)
    menu = [page.is_menu(number) or _is_aside(row) for number, row in enumerate(page.rows)]
    total = max(80, sum(b.size + 3 for b, yes in zip(page.blocks, is_text, strict=True) if yes))
    found = []
    for wanted in (True, False):
        numbers = [n for n, yes in enumerate(is_text) if yes is wanted and not menu[n]]
        step = max(1.0, len(numbers) / BLOCKS_A_PAGE_MAX)
        chosen = [numbers[int(at * step)] for at in range(int(len(numbers) / step))]
        for number in chosen:
            share = (page.blocks[number].size + 3) / total + 0.002
            counts = min(share, 1.0 if wanted else 0.5) * step * KIND_COUNTS[source.kind]
            found.append(Example(page.rows[number], wanted, counts))
    return found


def _is_aside(row: Sequence[float]) -> bool:
    """Links aside and in dialogs: of 3,300 none was text, and they teach nothing new."""
    is_apart = row[NAMES.index("in_aside")] or row[NAMES.index("in_dialog")]
    return bool(is_apart) and row[NAMES.index("links")] > MENU_MIN_LINKS


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


def fit(given: Sequence[Example]) -> dict[str, Any]:
    """An ensemble, as `classifier` applies it."""
    np, lightgbm = import_module("numpy"), import_module("lightgbm")
    table = np.array([example.row for example in given], np.float32)
    counts = np.array([example.counts for example in given])
    is_text = np.array([example.is_text for example in given])
    said = np.array([not name.startswith(UNNAMED) for name in NAMES], np.float32)
    table = np.concatenate((table, table * said))
    counts = np.concatenate((counts, counts * UNNAMED_COUNTS))
    is_text = np.concatenate((is_text, is_text))
    learned = lightgbm.train(
        {
            "objective": "binary",
            "num_leaves": LEAVES,
            "learning_rate": 0.08,
            "min_data_in_leaf": 100,
            "lambda_l2": 5,
            "feature_fraction": 0.5,  # trees that differ from each other err less together
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "max_bin": BINS,
            "num_threads": 1,  # several wait for each other most of the time
            "deterministic": True,
            "seed": 0,
            "verbose": -1,
        },
        lightgbm.Dataset(table, is_text, weight=counts / counts.mean(), params={"max_bin": BINS}),
        TREES,
    )
    trees = [tree_of(one["tree_structure"]) for one in learned.dump_model()["tree_info"]]
    used = sorted({number for tree in trees for number in _features(tree)})
    place = {number: at for at, number in enumerate(used)}
    return {
        "names": [NAMES[number] for number in used],
        "bias": 0.0,
        "trees": [_renumbered(tree, place) for tree in trees],
    }


def tree_of(node: Mapping[str, Any]) -> Any:
    """A tree as `classifier` applies it, from LightGBM's own."""
    if "leaf_value" in node:
        return round(float(node["leaf_value"]), 4)
    threshold = float(f"{float(node['threshold']):.5g}")
    below, above = tree_of(node["left_child"]), tree_of(node["right_child"])
    return [int(node["split_feature"]), threshold, below, above]


def _features(tree: Any) -> Iterator[int]:
    if isinstance(tree, list):
        yield tree[0]
        yield from _features(tree[2])
        yield from _features(tree[3])


def _renumbered(tree: Any, place: Mapping[int, int]) -> Any:
    if not isinstance(tree, list):
        return tree
    below, above = _renumbered(tree[2], place), _renumbered(tree[3], place)
    return [place[tree[0]], tree[1], below, above]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--extraction", type=Path, default=extraction.default_folder())
    parser.add_argument("--part", type=int, metavar="N")
    parser.add_argument("--cache", type=Path, help="keep the examples here")
    parser.add_argument("--write", action="store_true", help="write the trees into the package")
    args = parser.parse_args()
    set_of_pages = pages.read_pages(args.pages)
    there = (args.extraction / "truth.json").exists()
    corpus = extraction.read_corpus(args.extraction) if there else None
    if args.cache and args.cache.exists():
        known = pickle.loads(args.cache.read_bytes())
    else:
        known = [
            (source.key, source.url, examples(source)) for source in sources(set_of_pages, corpus)
        ]
        if args.cache:
            args.cache.write_bytes(pickle.dumps(known))
    if args.part is not None and set_of_pages is not None:
        rest = [e for _, url, found in known if pages.part(url) != args.part for e in found]
        with classifier.using(classifier.Ensemble(fit(rest))):
            left_out = {
                key: page
                for key, page in set_of_pages.to_learn_from().truth.items()
                if pages.part(page["url"]) == args.part
            }
            chosen = pages.Pages(set_of_pages.folder, left_out)
            made = {
                key: pages.made_of(
                    clean_page(PageInput(chosen.body(key), page["url"], "text/html"))
                )
                for key, page in left_out.items()
            }
            print("\n".join(pages.report(chosen, made)))
    if args.write:
        ensemble = fit([example for _, _, found in known for example in found])
        TABLE.write_text(json.dumps(ensemble, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{len(ensemble['trees'])} trees, {TABLE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
