"""The sample pages come out as they were looked at: nothing of them is lost or let in unseen."""

from __future__ import annotations

import pytest

from tests.article.approved import FOLDER, pages, told

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_what_is_kept_of_a_page_and_why_is_what_was_approved(name: str) -> None:
    """A difference is a change to look at: `python -m tests.article.approved` takes it over."""
    assert told(PAGES[name]) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_no_approved_page_is_left_behind() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(PAGES)
