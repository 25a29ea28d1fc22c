"""What a line that recurs speaks of, and how it is known again by that."""

from __future__ import annotations

import lxml.html
import pytest

from feedd.article.lexicon import lines_of
from feedd.article.sitememory.block_marks import marks
from feedd.article.sitememory.subjects import SUBJECTS, subjects_of
from feedd.article.tree.blocks import Block, cut
from tests.article.test_sitememory import after_seven_pages


def block(inner: str) -> Block:
    (found,) = cut(lxml.html.document_fromstring(f"<html><body><p>{inner}</p></body></html>"))
    return found


def subjects(text: str) -> set[str]:
    found = subjects_of(block(text))
    return {name for bit, name in enumerate(SUBJECTS) if found >> bit & 1}


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Die Lampe hat unsere Fotografin gesehen.", "makers"),
        ("Lampen erreichen uns per Telefon.", "contact"),
        ("La lampe est en vente à la boutique.", "trade"),
        ("Lampy opisuje biuletyn.", "media"),
        ("Лампу купил фонд.", "backing"),
        ("Lampen får kopieras med tillstånd.", "rights"),
        ("Lámpara: última versión, 3 de mayo", "record"),
        ("Museon lamput ovat avoinna.", "house"),
        ("ランプの写真", "makers"),
        ("الفانوس والصور من البحر", "makers"),
    ],
)
def test_a_lines_subject_is_known_in_its_language(text: str, subject: str) -> None:
    assert subject in subjects(text)


@pytest.mark.parametrize(
    "text",
    ["Fotosynthese braucht keine Lampe.", "Lamps burn.", "La lampe brûle.", "ランプは青い。"],
)
def test_a_line_about_lamps_speaks_of_no_publisher(text: str) -> None:
    assert not subjects(text)


def test_each_line_of_the_table_is_of_a_subject_that_is_known() -> None:
    named = {line.partition(":")[0] for line in lines_of("subjects.txt")}
    assert named == set(SUBJECTS)


@pytest.mark.parametrize(
    "line",
    [
        "Previous chapter: {}",
        "Vorige Lampe: {}",
        "前の話：{}",
        "지난 이야기: {}",
        "Keywords: {}",
        "Next week: {}.",
        "Good, too: <a href='/lamp'>{}</a>",
    ],
)
def test_a_label_before_what_changes_from_page_to_page_is_known_again(line: str) -> None:
    """Else such a line is new on each page, and stays."""
    one, two = (marks(block(line.format(title))) for title in ("a lamp goes out", "who lit it"))
    assert one[0] == two[0]
    assert one[-1] != two[-1]


@pytest.mark.parametrize("line", ["Lamp: {}", "Lampenfarbe: {}", "Keywords of the lamp {}"])
def test_a_label_of_what_is_told_is_not_known_again_by_itself(line: str) -> None:
    one, two = (marks(block(line.format(title))) for title in ("goes out", "burns on"))
    assert one[0] != two[0]


def test_lines_of_one_form_of_which_each_page_has_several_stay() -> None:
    """Their numbers are what the page tells: furniture stands there once."""
    part = "".join(f"<p>Lamp counted: {lamp}{{1}}</p>" for lamp in (3, 5, 8))
    text = after_seven_pages(part)
    assert all(f"Lamp counted: {lamp}7" in text for lamp in (3, 5, 8))
