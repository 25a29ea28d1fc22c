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


def test_where_an_event_is_and_what_it_costs_stays_with_when() -> None:
    facts = "<p class=event-date>20 June, 20:00</p><p>Bell Yard 4</p><p>Free</p>"
    place = "<dl class=event-venue><dd class=venue>The Old Furnace</dd></dl>"
    body = f"<article><h1>{TITLE}</h1><div class=event-facts>{facts}</div>{ps(*PROSE)}</article>"
    said = lines(body + place)
    assert said[:3] == ["20 June, 20:00", "Bell Yard 4", "Free"]
    assert said[-1] == "The Old Furnace"
    other = body.replace("event-date", "x").replace("event-facts", "y")
    assert lines(other + place)[-1] == PROSE[-1]  # no event, no place


def entries(*texts: str) -> str:
    times = ("11:15", "09:50", "08:05", "07:30")
    return "".join(
        f"<div class=row><div class=clock>{at}</div><div class=says>{text}</div>"
        "<a href=#>Share</a></div>"
        for at, text in zip(times, texts, strict=False)
    )


def test_the_last_entry_of_a_live_blog_stays_as_those_above_it() -> None:
    last = "<h3>Rolls on the stairs</h3><p>The baker gave away the last ones.</p>"
    texts = [f"<h3>Part {n}</h3><p>{text}</p>" for n, text in enumerate(PROSE[:3])]
    said = lines(f"<main><h1>{TITLE}</h1><div class=live>{entries(*texts, last)}</div></main>")
    assert said[-2:] == ["Rolls on the stairs", "The baker gave away the last ones."]


FOOT = (
    "<p>The Bell Club</p><p>4 Hill Road</p><p>This email was sent to reader@mail.example.</p>"
    "<p><a href=/u>Unsubscribe</a></p>"
)


def test_the_foot_of_a_letter_goes_as_a_whole() -> None:
    letter = f"<table><tr><td>{ps(*PROSE)}</td></tr><tr><td><div>{FOOT}</div></td></tr></table>"
    assert lines(letter)[-1] == PROSE[-1]


def test_a_letter_that_tells_of_a_letter_stays_whole() -> None:
    told = "This email was sent to all bell founders of the valley, and two of them answered it."
    assert told in lines(f"<article><h1>{TITLE}</h1>{ps(*PROSE, told)}</article>")


@pytest.mark.parametrize(
    "line",
    [
        "Message broken? <a href=/w>View it in your browser</a>",
        "Wird sie falsch gezeigt? <a href=/w>Im Browser ansehen</a>",
        "Sorted by: [ <a href=/d>date</a> ] [ <a href=/t>thread</a> ]",
        "You are here: <a href=/>Court</a> &gt;&gt; <a href=/c>Cases</a> &gt;&gt; The bell",
    ],
)
def test_ways_around_a_text_are_none_of_it(line: str) -> None:
    said = lines(f"<div><p>{line}</p>{ps(*PROSE)}</div>")
    assert said == [*PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "Notes on the furnace: [<a href=#n1>1</a>] [<a href=#n2>2</a>] say more.",
        "You are here to learn, <a href=/m>the master said</a>, and not to be warm at our fire.",
        "The old <a href=/b>browser of the archive</a> shows each bell with its year.",
    ],
)
def test_sentences_that_look_like_ways_stay(line: str) -> None:
    said = " ".join(lines(f"<article><h1>{TITLE}</h1>{ps(PROSE[0], line, *PROSE[1:])}</article>"))
    assert said.count(line.partition("<")[0]) == 1


@pytest.mark.parametrize(
    ("box", "is_kept"),
    [
        (
            "<p>You read an open article.</p><p>The review lives on 4 € a month."
            " <a href=/abonnement>Je m'abonne</a></p>",
            False,
        ),
        (
            "<p>You see an open furnace.</p><p>The furnace eats 4 € a month."
            " <a href=/furnaces>Their history</a></p>",
            True,
        ),
    ],
)
def test_a_small_box_that_ends_where_one_subscribes_goes(box: str, is_kept: bool) -> None:
    body = f"<div class=body>{ps(*PROSE[:3])}<div class=b>{box}</div>{ps(*PROSE[3:])}</div>"
    said = " ".join(lines(f"<article><h1>{TITLE}</h1>{body}</article>"))
    assert ("a month" in said) is is_kept
    assert PROSE[3] in said


def test_facts_of_a_recipe_in_one_box_are_parted_by_blanks() -> None:
    facts = "<div><span>Difficulty: <b>easy</b></span><span>Serves: <b>4 people</b></span></div>"
    takes = "<h2>Ingredients</h2><ul><li>300 g flour</li><li>80 g butter</li></ul>"
    body = f"<main><h1>{TITLE}</h1>{facts}{ps(PROSE[0])}{takes}{ps(*PROSE[1:])}</main>"
    assert "Difficulty: easy Serves: 4 people" in lines(body)


def test_topics_beside_the_day_go_and_items_of_the_text_stay() -> None:
    head = "<ul><li><time>11 April 2026</time></li><li><a href=/tags/wood/>wood</a></li></ul>"
    items = "<ul><li>Larch</li><li><a href=/oak>Oak</a></li></ul>"
    said = lines(f"<main><h1>{TITLE}</h1>{head}{ps(*PROSE[:3])}{items}{ps(*PROSE[3:])}</main>")
    assert "wood" not in said
    assert {"Larch", "Oak"} <= {*said}


def test_a_fact_box_for_phones_is_said_once() -> None:
    def facts(screen: str) -> str:
        return (
            f"<div class='facts {screen}'><h3>The hill furnace</h3>"
            "<ul><li>First lit in October 1815</li><li>Burned for two hundred years</li></ul></div>"
        )

    body = f"{ps(*PROSE[:2])}{facts('kun-desktop')}{ps(*PROSE[2:])}{facts('kun-mobil')}"
    said = lines(f"<article><h1>{TITLE}</h1>{body}</article>")
    assert said.count("First lit in October 1815") == 1
