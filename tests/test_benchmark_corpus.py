"""The benchmark's feeds are what docs/performance.md says, or its figures would mean nothing."""

from __future__ import annotations

import random
import statistics
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.corpus import EDITIONS, FEEDS, LATER, NEWEST, entry_counts, write_corpus

SMALL = 20


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), feeds=SMALL)


def entries(path: Path) -> list[str]:
    """The text of each entry, newest first."""
    root = ElementTree.fromstring(path.read_bytes())
    found = [node for node in root.iter() if node.tag.rpartition("}")[2] in ("item", "entry")]
    return ["".join(node.itertext()) for node in found]


def test_there_are_as_many_entries_as_announced() -> None:
    counts = entry_counts(FEEDS, random.Random(1))
    assert sum(counts) == 30_680
    assert statistics.median(counts) == 20
    assert max(counts) == 500


def test_formats_are_mixed_as_announced(corpus: Path) -> None:
    formats = [path.suffix for path in (corpus / "base").iterdir()]
    assert {kind: formats.count(kind) / SMALL for kind in set(formats)} == {
        ".rss": 0.6,
        ".atom": 0.35,
        ".rdf": 0.05,
    }


def test_every_edition_is_well_formed_and_has_the_same_feeds(corpus: Path) -> None:
    names = {path.name for path in (corpus / "base").iterdir()}
    for edition in EDITIONS:
        assert {path.name for path in (corpus / edition).iterdir()} == names
        assert all(entries(path) for path in (corpus / edition).iterdir())


def test_head_differs_in_one_line_only(corpus: Path) -> None:
    for path in (corpus / "base").iterdir():
        before = path.read_text().splitlines()
        after = (corpus / "head" / path.name).read_text().splitlines()
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_changed_has_one_to_three_new_entries_in_one_feed_of_ten(corpus: Path) -> None:
    new = {}
    for path in (corpus / "base").iterdir():
        changed = corpus / "changed" / path.name
        fresh = set(entries(changed)) - set(entries(path))
        modified = int(changed.stat().st_mtime)
        assert modified == (LATER if fresh else NEWEST)
        new[path.name] = len(fresh)
    touched = [count for count in new.values() if count]
    assert len(touched) == SMALL / 10
    assert set(touched) <= {1, 2, 3}


def test_the_same_seed_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    again = write_corpus(tmp_path, feeds=SMALL)
    for path in (corpus / "changed").iterdir():
        assert (again / "changed" / path.name).read_bytes() == path.read_bytes()
