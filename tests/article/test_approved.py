"""Pages come out as they were looked at: nothing of them is lost or let in unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks import structure, validation
from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from tests.approval import approved
from tests.article.listing import told, told_in_short
from tests.article.made import PageMaker

FOLDER = Path(__file__).with_name("approved")
MADE = 600
A_FILE = 25


def layouts() -> dict[str, PageInput]:
    """By name: each layout once, the next story each time."""
    found: dict[str, PageInput] = {}
    for page in (*validation.first_set(), *validation.second_set()):
        if page.layout not in found:
            found[page.layout] = PageInput(page.body, page.url, "text/html; charset=utf-8")
    for name, template in structure.TEMPLATES.items():
        found[f"structure-{name}"] = PageInput(template().encode(), structure.URL, "text/html")
    return found


LAYOUTS = layouts()


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_kept_of_a_layout_and_why_is_what_was_approved(name: str) -> None:
    approved(FOLDER / f"{name}.txt", told(LAYOUTS[name]))


def test_no_approved_page_is_left_behind() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(LAYOUTS)


def made(number: int) -> PageInput:
    """A page put together by chance; of some, a part recurs on the site or the user chose one."""
    page = PageMaker(number).page()
    if number % 4 == 1:
        return replace(page, recurring=frozenset(clean_page(page).blocks[::3]))
    if number % 16 == 2:
        return replace(page, selector="article", remove=".share-buttons, form")
    return page


@pytest.mark.parametrize("first", range(0, MADE, A_FILE))
def test_work_on_speed_and_shape_changes_no_page_unseen(first: int) -> None:
    """A line a page of what comes out: `git diff` shows how many a change means."""
    lines = [f"{n}: {told_in_short(made(n))}" for n in range(first, first + A_FILE)]
    approved(FOLDER / "made" / f"{first}.txt", "\n".join(lines) + "\n")
