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


def test_a_table_in_a_box_of_its_own_at_the_end_of_the_text_stays() -> None:
    rows = "<tr><th>Month</th><th>Work</th></tr><tr><td>May</td><td>Survey</td></tr>"
    end = f"<ul><li>{PROSE[1]}</li></ul><div class=scroll><table>{rows}</table></div>"
    assert "<td>Survey</td>" in read(f"<main><h1>{TITLE}</h1><p>{PROSE[0]}</p>{end}</main>").html


@pytest.mark.parametrize(
    ("mark", "is_kept"),
    [
        ("<span class=t><img src=/icons/full.svg alt=''></span>", False),
        ("<span class=t><img src=/plan.svg alt='Plan of the foundry'></span>", True),
    ],
    ids=["a button", "a plan"],
)
def test_a_drawing_beside_a_picture_is_a_buttons_where_it_has_no_name(
    mark: str, is_kept: bool
) -> None:
    shown = f"<div class=f><img src=/bell.jpg width=960 height=640 alt=''>{mark}</div>"
    figure = f"<figure>{shown}<figcaption>The bell in the yard.</figcaption></figure>"
    html = read(f"<article><h1>{TITLE}</h1>{ps(*PROSE[:2])}{figure}{ps(*PROSE[2:])}</article>").html
    assert "/bell.jpg" in html
    assert (".svg" in html) == is_kept


def test_what_is_said_beside_the_headline_and_a_field_for_an_address_stays() -> None:
    form = "<form><label>Updates by email</label><input type=email><button>Send</button></form>"
    said = f"<p>{PROSE[0]}</p>"
    entries = "".join(
        f"<section><h2>1.{n}</h2><p>{p}</p></section>" for n, p in enumerate(PROSE[1:])
    )
    page = f"<main class=log><div class=hero><h1>{TITLE}</h1>{said}{form}</div>{entries}</main>"
    assert lines(page)[0] == PROSE[0]


def facts(*pairs: tuple[str, str]) -> list[str]:
    cells = "".join(
        f"<div class=v><h2>{name}</h2><div>{value}</div></div>" for name, value in pairs
    )
    text = f"<h2>Description</h2><div class=text>{ps(*PROSE)}</div>"
    return lines(
        f"<main><h1>{TITLE}</h1><div class=b><div class=r>{cells}</div></div>{text}</main>"
    )


def test_values_below_headings_side_by_side_above_the_text_stay() -> None:
    said = facts(("Affected versions", "before 2.7.4"), ("Patched versions", "2.7.4"))
    assert said[:4] == ["Affected versions", "before 2.7.4", "Patched versions", "2.7.4"]


def test_prices_below_the_names_of_what_is_sold_are_no_such_values() -> None:
    said = facts(("One bell", "€ 40"), ("Two bells", "€ 70"))
    assert "€ 40" not in said


def below_headline(line: str) -> list[str]:
    return lines(f"<main><h1>{TITLE}</h1>{line}<div class=said>{ps(*PROSE[:3])}</div></main>")


@pytest.mark.parametrize(
    "line",
    [
        "<div class=event-schedule><div><span>8 Agosto 2026 @ 21:00</span> - 23:30</div></div>",
        "<div class='events-single'><p class=event-date>Saturday, May 3, 2026, 20:00</p></div>",
    ],
)
def test_when_an_event_is_stays_below_its_name(line: str) -> None:
    assert "2026" in below_headline(line)[0]


@pytest.mark.parametrize(
    "line",
    [
        "<div class=post-meta><div>8 Agosto 2026 @ 21:00</div></div>",
        "<div class=pointer-events-none><div>8 Agosto 2026 @ 21:00</div></div>",
        "<div class=prevented><div>8 Agosto 2026 @ 21:00</div></div>",
        "<div class='event related'><div>8 Agosto 2026 @ 21:00</div></div>",
        "<div class=event-meta><div>By Ann Lee, May 3, 2026</div></div>",
    ],
    ids=["of a post", "how it is clicked", "another word", "of another event", "who wrote of it"],
)
def test_when_a_text_was_written_goes_from_below_its_name(line: str) -> None:
    assert "2026" not in below_headline(line)[0]
