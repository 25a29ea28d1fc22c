"""Names of writers without a label or a class: which lines name one, and which are rubrics."""

from __future__ import annotations

import pytest

from tests.article.test_difficulties import PROSE, TITLE
from tests.article.test_parts_of_kinds import ps, read

DAY = "<div>9 April 2026, 14:20</div>"


@pytest.mark.parametrize(
    "lines",
    [
        f"<div class=facts><div>Piroska Bodnar</div>{DAY}</div>",
        "<p><time datetime=2026-04-09T08:00:00Z>9 April</time><span>Piroska Bodnar</span></p>",
        "<div><img class=avatar src=/p.jpg><span>Piroska van den Berg</span></div>",
        "<div><a href=/pb><img src=/p.jpg alt='Piroska Bodnar'></a>"
        "<a href=/pb>Piroska Bodnar</a></div>",
        "<div><div><img src=/p.jpg alt='Piroska Bodnar'></div><div>Piroska Bodnar</div></div>",
    ],
)
def test_a_name_alone_beside_the_day_or_a_portrait_is_the_writers(lines: str) -> None:
    author = read(f"<article><h1>{TITLE}</h1>{lines}{ps(*PROSE)}</article>").byline
    assert author in ("Piroska Bodnar", "Piroska van den Berg")


@pytest.mark.parametrize(
    ("line", "menu"),
    [
        ("<div>Local Matters</div>", "<nav><a href=/local>Local</a></nav>"),
        ("<div>Furnace Winter</div>", ""),
        ("<div><a href=/rubrics/old-crafts>Old Crafts</a></div>", ""),
        ("<div>LAST CHANCE</div>", "<nav><a href=/last>Last chance</a></nav>"),
    ],
)
def test_a_rubric_beside_the_day_is_no_name(line: str, menu: str) -> None:
    page = f"{menu}<article><h1>{TITLE}</h1>{line}{DAY}{ps(*PROSE)}</article>"
    assert read(page).byline is None


def test_a_name_far_from_day_and_portrait_is_not_taken_for_the_writers() -> None:
    page = f"<article><h1>{TITLE}</h1><p>Piroska Bodnar</p><p>Bells</p>{DAY}{ps(*PROSE)}</article>"
    assert read(page).byline is None


@pytest.mark.parametrize(
    ("width", "author"),
    [
        ("40", "Piroska Bodnar"),
        ("²", "Piroska Bodnar"),
        ("800", None),
        ("100%", None),
        ("9" * 5_000, None),
    ],
)
def test_a_picture_that_is_not_small_is_no_portrait_whatever_its_width_says(
    width: str, author: str | None
) -> None:
    picture = f"<img src=/p.jpg alt='Piroska Bodnar' width='{width}'>"
    head = f"<h1>{TITLE}</h1><div>{picture}<span>Piroska Bodnar</span></div>"
    assert read(f"<article>{head}{ps(*PROSE)}</article>").byline == author


def box(name: str) -> str:
    said = f"<h4>{name}</h4><p>She writes of mills.</p>"
    return f"<aside class=author-box><img src=/a.jpg>{said}</aside>"


def test_who_a_box_at_the_end_presents_has_written_it() -> None:
    page = f"<article><h1>{TITLE}</h1>{ps(*PROSE)}{box('Halina Moor')}</article>"
    assert read(page).byline == "Halina Moor"


def test_of_boxes_on_several_authors_none_says_who_wrote_it() -> None:
    page = f"<article><h1>{TITLE}</h1>{ps(*PROSE)}</article>{box('Halina Moor')}{box('Bo Finch')}"
    assert read(page).byline is None


def test_who_sent_a_letter_is_named_beside_an_address_in_its_head() -> None:
    head = (
        "<ul><li><em>Subject</em>: Bells</li><li><em>From</em>: Dirk Jans &lt;dirk@xx&gt;</li></ul>"
    )
    assert read(f"<h1>{TITLE}</h1>{head}<pre>{' '.join(PROSE)}</pre>").byline == "Dirk Jans"
    bare = "<ul><li><em>From</em>: Upper Hill</li><li><em>To</em>: Lower Hill</li></ul>"
    assert read(f"<h1>{TITLE}</h1>{bare}{ps(*PROSE)}").byline is None
