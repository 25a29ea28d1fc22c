"""What newsletters, builders of sites, shops for jobs and galleries put around and amid a text, and
what looks like it.
"""

from __future__ import annotations

import pytest

from tests.article.test_difficulties import PROSE, TITLE
from tests.article.test_parts_of_kinds import lines, ps, read


def test_a_subtitle_written_as_a_heading_above_names_and_buttons_is_a_deck() -> None:
    deck = "<h3 class='subtitle sub-x1'>On bells that nobody hears any more</h3>"
    tools = "<div class=who><a href=/@ann>Ann Lee</a></div><div class=n>214</div>"
    body = f"<article><div class=head><h1>{TITLE}</h1>{deck}{tools}</div>{ps(*PROSE)}</article>"
    assert lines(body)[0] == "On bells that nobody hears any more"


def test_what_stands_below_a_notice_of_rights_in_its_own_box_goes_with_it() -> None:
    foot = (
        "<td class=f><em>Copyright © 2026 The Foundry</em><br><br>Our address:<br>1 Hill Road</td>"
    )
    letter = f"<table><tr><td class=t>{ps(*PROSE)}</td></tr><tr>{foot}</tr></table>"
    assert lines(f"<h1>{TITLE}</h1>{letter}")[-1] == PROSE[-1]


def test_a_paragraph_below_a_notice_amid_the_text_stays() -> None:
    body = f"{ps(PROSE[0])}<p>© 2026 The Foundry</p>{ps(PROSE[1])}"
    assert lines(f"<article><h1>{TITLE}</h1>{body}</article>")[-1] == PROSE[1]


def gallery(counts: list[str]) -> str:
    shown = (
        f"<div class=shot><span class=c>{count}</span><a href=/{n}.jpg><img src=/{n}.jpg width=800"
        f" height=600></a><div class=l><h2>Bell {name}</h2><p>{text}</p></div></div>"
        for n, (count, name, text) in enumerate(zip(counts, "abc", PROSE, strict=False))
    )
    return f"<article><h1>{TITLE}</h1>{''.join(shown)}</article>"


def test_the_number_of_a_picture_among_all_goes_and_the_picture_stays() -> None:
    article = read(gallery(["1 / 3", "2 / 3", "3 / 3"]))
    assert "/ 3" not in article.text
    assert article.html.count("<img") == 3


def test_marks_out_of_five_are_no_numbers_of_pictures() -> None:
    assert "4 / 5" in read(gallery(["2 / 5", "4 / 5", "5 / 5"])).text


FIELDS = "<label>First name *<input type=text></label><label>Letter <input type=file></label>"


@pytest.mark.parametrize(
    ("form", "is_kept"),
    [
        (f"<form><h3>Apply here</h3>{FIELDS}<p>I agree to all of it.</p></form>", False),
        (f"<form id=page>{ps(*PROSE)}<p>I agree to all of it.</p>{FIELDS}</form>", True),
    ],
    ids=["to apply", "around the page"],
)
def test_a_form_to_fill_in_goes_and_one_around_the_text_does_not(form: str, is_kept: bool) -> None:
    said = lines(f"<main><h1>{TITLE}</h1><div class=job>{ps(*PROSE)}</div>{form}</main>")
    assert ("I agree to all of it." in said) == is_kept


def test_a_heading_within_a_link_to_itself_is_one() -> None:
    entries = "".join(
        f"<section class=e><div class=s><a href='#v{n}'><h2>2.{n}.0</h2></a></div>"
        f"<div class=b><p>{text}</p></div></section>"
        for n, text in enumerate(PROSE[:3])
    )
    html = read(f"<main><h1>{TITLE}</h1>{entries}</main>").html
    assert [f"<h2>2.{n}.0</h2>" in html for n in range(3)] == [True] * 3


def notes(*addresses: str, head: str = "Bells of this episode") -> list[str]:
    items = "".join(
        f"<li><a href='{to}'>The bell of place {n}</a></li>" for n, to in enumerate(addresses)
    )
    above = f"<div class=notes><p>{PROSE[0]}</p><h2>{head}</h2><ul>{items}</ul></div>"
    return lines(f"<article><h1>{TITLE}</h1>{above}<h2>Transcript</h2>{ps(*PROSE[1:])}</article>")


def test_links_to_other_sites_below_a_heading_of_the_text_stay() -> None:
    assert "The bell of place 1" in notes("https://a.example/x", "https://b.example/y")


def test_links_to_other_episodes_below_a_heading_that_says_so_go() -> None:
    said = notes("/x", "/y", head="More episodes")
    assert "The bell of place 1" not in said
