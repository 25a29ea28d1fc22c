"""The trees and the features that they were learned with: a renamed feature would count as 0."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from benchmarks import validation
from feedd.article import PageInput, classifier, cleaning

PROSE = (
    "<p>The committee met on Monday and, after a long discussion, decided to build the bridge.</p>"
)
DEEP = "<div>" * 6 + PROSE * 3 + "</div>" * 6
RARE = f"""<html><head><meta name=description content="The committee met on Monday to decide">
</head><body><main><div class=recipe>{DEEP}<p class=recipe>Two eggs, says the committee.</p>
<div class=recipe>{PROSE}</div>
<div class=recipe><section><div><div>{PROSE}</div></div></section></div></div>
<div class="ads headline"><section><div><div>{PROSE}</div></div></section></div>
<div hidden>{PROSE}</div><div role=dialog>{PROSE}</div><div itemprop=comment
itemtype="https://schema.org/Comment">{PROSE}</div></main></body></html>"""


def test_every_feature_that_the_trees_ask_for_is_one_that_blocks_have() -> None:
    known: set[str] = set()
    pages = [*validation.first_set(), *validation.second_set()][::3]
    bodies = [(page.body, page.url) for page in pages] + [(RARE.encode(), "https://e.org/a")]
    for body, url in bodies:
        for row in cleaning.analyse(PageInput(body, url, "text/html")).page.rows:
            known.update(row)
    table = json.loads(files("feedd.article").joinpath("trees.json").read_text("utf-8"))
    assert set(table["names"]) <= known


def test_blocks_are_scored_by_the_leaves_they_reach() -> None:
    tree = [0, 0.5, -1.0, [1, 10.0, 1.0, 3.0]]
    table = {"names": ["a", "b"], "bias": 0.0, "trees": [tree, tree]}
    rows = [{}, {"a": 0.5, "b": 99.0}, {"a": 1.0, "b": 10.0}, {"a": 1.0, "b": 10.5}]
    with classifier.using(table):
        scores = classifier.score(rows)
    assert scores == pytest.approx([0.1192, 0.1192, 0.8808, 0.9975], abs=1e-4)
