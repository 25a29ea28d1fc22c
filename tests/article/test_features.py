"""The trees and the features that they were learned with: a renamed feature would count as 0."""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files

import pytest

from feedd.article import PageInput, classifier, cleaning
from feedd.article.classifier.features import NAMES, PageFeatures
from tests.article.made import PageMaker


def test_every_feature_that_the_trees_ask_for_is_one_that_blocks_have() -> None:
    table = json.loads(files("feedd.article.classifier").joinpath("trees.json").read_text("utf-8"))
    assert set(table["names"]) <= set(NAMES)


def test_blocks_are_scored_by_the_leaves_they_reach() -> None:
    tree = [0, 0.5, -1.0, [1, 10.0, 1.0, 3.0]]
    table = {"names": ["a", "b"], "bias": 0.0, "trees": [tree, tree]}
    rows = [[0.0, 0.0], [0.5, 99.0], [1.0, 10.0], [1.0, 10.5]]
    with classifier.using(classifier.Ensemble(table, ("a", "b"))):
        scores = classifier.score(rows)
    assert scores == pytest.approx([0.1192, 0.1192, 0.8808, 0.9975], abs=1e-4)


def test_a_block_whose_words_are_not_read_has_the_score_that_they_would_give() -> None:
    blocks, read = 0, []

    def wording(page: PageFeatures, number: int) -> list[float]:
        read.append(number)
        return page.wording(number)

    for seed in range(12):
        page = cleaning.analyse(PageMaker(seed).page()).page
        full = [
            row if page.is_menu(number) else [*row, *page.wording(number)]
            for number, row in enumerate(page.standing)
        ]
        blocks += len(full)
        assert classifier.score(page.standing, partial(wording, page)) == classifier.score(full)
    assert 0 < len(read) < blocks


@pytest.mark.parametrize(
    "line",
    [
        "The bridge is open.",
        "The bridge is open (“at last!”)",
        "पुल अब खुला है।",
        "پل اب کھلا ہے۔",
        "هل الجسر مفتوح؟",
        "橋は開通した。」",
        "ድልድዩ ተከፍቷል።",
        "นายกเทศมนตรีกล่าวว่าค่าใช้จ่ายจะมาจากงบประมาณของปีหน้า",
    ],
)
def test_a_sentence_is_known_by_its_end_in_many_scripts(line: str) -> None:
    pages = [f"<p>{text}</p><p>{line}</p>" for text in ("Open", line)]
    for body in pages:
        page = cleaning.analyse(PageInput(body.encode(), "https://a.example/", "text/html")).page
        assert page.stops[-1]
        assert page.stops[0] is (line in body.split("</p>")[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("위원회는 월요일 긴 회의 끝에 강을 가로지르는 다리를 짓기로 결정했다.", 14),
        ("委員会は月曜日、長い会議の末に川に橋を架けることを決めた。", 13),
        ("委员会周一经过长时间会议，决定在河上建一座桥。", 10),
        ("The committee decided on Monday to build a bridge (橋) over the river.", 13),
    ],
)
def test_a_text_counts_for_about_as_many_words_in_dense_scripts(text: str, words: int) -> None:
    body = f"<p>{text}</p>".encode()
    page = cleaning.analyse(PageInput(body, "https://a.example/", "text/html; charset=utf-8")).page
    assert page.blocks[0].size == words


def test_the_main_heading_is_the_headline_although_another_says_the_title_alone() -> None:
    name, url = "Town decides to build the bridge anyway", "https://a.example/"
    body = f"<h1>{name} (valley) 87</h1><p>It met on Monday.</p><h2>{name}</h2><p>Log in.</p>"
    found = cleaning.analyse(PageInput(body.encode(), url, "text/html"))
    page = PageFeatures(found.page.blocks, head=found.head, titles=[name], url=url)
    assert page.headline == 0
