"""A recipe says for how many it is, how long it takes and how hard it is, in short lines that read
like what a page says of itself; and what looks like these lines.
"""

from __future__ import annotations

import pytest

from tests.article.test_difficulties import PROSE, TITLE
from tests.article.test_parts_of_kinds import lines, ps

NEEDS = "<ul><li>2 quinces</li><li>300 g flour</li><li>1 egg</li></ul>"
STEPS = "<ol><li>Grate the quinces and squeeze them out.</li><li>Fold in the rest.</li></ol>"


def recipe(facts: str, *, head: str = "Ingredients", below: str = "") -> list[str]:
    body = f"{ps(*PROSE[:2])}{facts}<h3>{head}</h3>{NEEDS}<h3>Method</h3>{STEPS}"
    return lines(f"<article><h1>{TITLE}</h1><div class=content>{body}</div></article>{below}")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            "<div class=times><div class=x><span>Prep Time</span> <b>20</b> mins</div>"
            "<div class=x><span>Cook Time</span> <b>1</b> hr</div></div>",
            "Prep Time 20 mins|Cook Time 1 hr",
        ),
        (
            "<div class=y>Serves 4</div><div class=y>Difficulty: easy</div>",
            "Serves 4|Difficulty: easy",
        ),
        ("<div class=y>Makes about 24 small buns</div>", "Makes about 24 small buns"),
        (
            "<div class=q><div>Servings</div><div>6</div></div>"
            "<div class=q><div>Level</div><div>Medium</div></div>",
            "Servings|6|Level|Medium",
        ),
        ("<div class=y>45 min</div><div class=y>Easy</div>", "45 min|Easy"),
    ],
    ids=["spans", "lines", "a yield in words", "labels above values", "values alone"],
)
def test_for_how_many_and_how_long_a_recipe_is_stays(facts: str, said: str) -> None:
    kept = recipe(facts)
    assert [line for line in said.split("|") if line not in kept] == []


@pytest.mark.parametrize(
    ("head", "fact"),
    [
        ("Zutaten für 4 Personen", "Zubereitungszeit: ca. 30 Minuten"),
        ("Ingrédients", "Pour 6 personnes"),
        ("Ingredientes", "Tiempo de preparación: 1 hora y 20 minutos"),
        ("Ingredienti", "Difficoltà: facile"),
        ("Ingredienser", "4 portioner"),
        ("Składniki", "Czas przygotowania: 45 minut"),
        ("Hozzávalók", "Elkészítési idő: 50 perc"),
        ("Malzemeler", "6 kişilik"),
        ("Υλικά", "Μερίδες: 4"),
        ("Ингредиенты", "Порций: 4"),
        ("材料", "調理時間約30分"),
        ("재료", "2인분 15분 이내 초급"),
        ("用料", "难度：简单"),
    ],
)
def test_a_recipes_facts_are_told_in_other_languages(head: str, fact: str) -> None:
    assert fact in recipe(f"<div class=y>{fact}</div>", head=head)


@pytest.mark.parametrize(
    "line",
    [
        "Jump to recipe",
        "4.9 from 23 votes",
        "Rate this recipe",
        "Print",
        "Pin 14",
        "12 comments",
        "Reading time 3 min",
        "3 days ago",
    ],
)
def test_what_a_page_says_of_itself_beside_a_recipe_goes(line: str) -> None:
    assert line not in recipe(f"<div class=y>{line}</div>")


def test_how_long_another_recipe_takes_is_none_of_this_one() -> None:
    card = "<div class=more-recipes><a href=/r>Apple soup</a><div>Total time: 25 min</div></div>"
    assert "Total time: 25 min" not in recipe("", below=card)


def test_where_nothing_is_cooked_lines_with_minutes_are_as_before() -> None:
    body = f"<article><h1>{TITLE}</h1><div class=y>45 min</div>{ps(*PROSE)}</article>"
    assert "45 min" not in lines(body)


NOTES = "<div class=n><h4>{}</h4><div>{}</div></div>"


@pytest.mark.parametrize(
    ("head", "note", "stays"),
    [
        ("Notizen", "Hält sich im Keller bis zum Frost.", True),
        ("Conservation", "Se garde trois jours sous un linge.", True),
        ("Tried it?", "We would love a picture of yours.", False),
        ("More", "Follow us on Instagram for more soups.", False),
    ],
)
def test_what_to_mind_of_a_recipe_stays_and_what_asks_the_cook_goes(
    head: str, note: str, stays: bool
) -> None:
    box = f"<h3>Zutaten</h3>{NEEDS}<h3>Anleitung</h3>{STEPS}{NOTES.format(head, note)}"
    kept = lines(f"<article><h1>{TITLE}</h1>{ps(PROSE[0])}<div class=recipe>{box}</div></article>")
    assert (note in kept) is stays
