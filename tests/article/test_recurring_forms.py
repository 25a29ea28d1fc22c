"""Lines that recur on a site and are content by their form: greetings, sections, listings."""

from __future__ import annotations

import pytest

from feedd.article.sitememory.block_marks import marks
from tests.article.test_appeals import block
from tests.article.test_sitememory import THINGS, after_seven_pages

LAST = THINGS[-1]


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("<p>Good night and dry boots,</p><p>Orla</p>", "dry boots,\n\nOrla"),
        ("<p>Holz ist Trost – euer Benno</p>", "Holz ist Trost – euer Benno"),
        ("<p>-- Vic of the lower lock, with a lamp</p>", "-- Vic of the lower lock"),
        ("<p>Und nun gute Nacht</p>", "Und nun gute Nacht"),
        (
            "<h2>The {0} by night</h2><p>Nobody has lit a lamp in the {0} since the fire.</p>"
            "<h2>In the archive</h2><p>Deed of {1} May 2024, shelf {1}</p>",
            "Deed of 7 May 2024, shelf 7",
        ),
        ("<pre>lamp --restart</pre>", "lamp --restart"),
    ],
    ids=["farewell", "signed", "signature", "good night", "a value in a section", "listing"],
)
def test_what_ends_a_text_on_each_page_stays(part: str, kept: str) -> None:
    """A letter without its farewell ends in mid-air."""
    assert kept in after_seven_pages(part, at_end=True)


@pytest.mark.parametrize(
    "part",
    [
        "<p><a href=/lamps>Good night and dry boots,</a></p>",
        "<p>Photo: Orla</p>",
        "<p>Orla Quill</p>",
        "<p>Subscribe to the letter, Orla</p>",
        "<div class=box>Good night and dry boots</div>",
        "<h2>The {0} by night</h2><p>Nobody has lit a lamp in the {0} since the fire.</p>"
        "<h2>Of the page</h2><p>Written by Orla on {1} May 2024</p>",
        "<pre>To unsubscribe, write to lamps@valley.example</pre>",
    ],
    ids=[
        "link",
        "credit",
        "name",
        "call",
        "another make",
        "byline under a heading",
        "a call in letters",
    ],
)
def test_what_only_looks_like_a_farewell_or_section_goes(part: str) -> None:
    text = after_seven_pages(part, at_end=True)
    for line in ("dry boots", "Orla", "unsubscribe"):
        assert line not in text


def test_a_letters_greeting_stays() -> None:
    assert "Dear neighbours," in after_seven_pages("<p>Dear neighbours,</p>")


def test_the_name_of_a_note_stays_though_it_has_a_number() -> None:
    note = "<div class=note><p>Since 2.0</p><p>Lamps are lit at dusk, not at six.</p></div>"
    assert "Since 2.0" in after_seven_pages(note)
    empty = "<div class=note><p>Since 2.0</p><p>Share this with all your friends.</p></div>"
    assert "Since 2.0" not in after_seven_pages(empty)


def test_see_also_stays_over_links_where_it_is_a_heading_of_the_text() -> None:
    sections = "<h2>The {0} by night</h2><p>Nobody has lit a lamp in the {0} since the fire.</p>"
    links = "<p><a href=/1>The {0} by day</a> and <a href=/2>the {0} at noon</a></p>"
    assert "See also" in after_seven_pages(f"{sections}<h2>See also</h2>{links}", at_end=True)


def test_a_link_below_a_line_that_recurs_and_says_read_also_goes_with_it() -> None:
    line = "<p><a href=/{1}>How the {0} was burnt and built</a></p>"
    assert "burnt" not in after_seven_pages(f"<p>Read also</p>{line}")
    assert "burnt" in after_seven_pages(f"<p>Of its fire there is an account</p>{line}")


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("<p><small>All lamps were lent to us by the lamp house of the town.</small></p>", True),
        (
            "<p><span style='font-size: 80%'>All lamps were lent to us by the lamp house of the"
            " town.</span></p>",
            True,
        ),
        ("<p><em>All lamps on this page were lent by the lamp house.</em></p>", True),
        ("<p><em>All lamps were lent by the lamp house of the town.</em></p>", False),
        ("<p>All lamps on this page were lent by the lamp house.</p>", False),
    ],
    ids=["small", "small letters", "of the page, slanted", "slanted", "plain"],
)
def test_small_print_amid_each_text_goes(line: str, goes: bool) -> None:
    """In words that nobody wrote down: its letters show it."""
    assert ("lamp house" not in after_seven_pages(line)) is goes


def test_a_table_amid_furniture_alone_goes_with_it() -> None:
    record = (
        "<p>Do you want to know first? Subscribe to the letters of the town hall.</p>"
        "<div class=meta><h3>Record</h3><table class=meta><tr><td>Made by<td>Orla</tr><tr><td>"
        "Changed<td>{1} May, 1{1}:2{1}</tr></table></div><p>Share this with all your friends.</p>"
    )
    assert "Changed" not in after_seven_pages(record, at_end=True)


def test_values_below_the_text_stay_though_each_has_its_number() -> None:
    """Who does not read when it begins misses it."""
    values = "<p>When: 7 June 20{1}0, 6 p.m.</p><p>Price: {1}0 crowns</p>"
    text = after_seven_pages(values, at_end=True)
    assert "When: 7 June 2070, 6 p.m." in text
    assert "Price: 70 crowns" in text
    alone = after_seven_pages("<p>Checked: 7 June 20{1}0</p>", at_end=True)
    assert "Checked" not in alone


SECTION = "<h2>The {0} by night</h2><p>Nobody has lit a lamp in the {0} since the great fire.</p>"


def test_a_mark_and_its_scale_stay_under_a_heading_of_the_text() -> None:
    rating = (
        f"{SECTION}<h2>Our mark</h2><p>{{1}} of 9</p><p>Scale: 9 is a wonder, 1 is a ruin, and 5"
        " is a house that stands.</p>"
    )
    text = after_seven_pages(rating, at_end=True)
    assert "7 of 9" in text
    assert "Scale: 9 is a wonder" in text


def test_a_section_whose_list_is_the_same_on_each_page_stays_whole() -> None:
    packing = f"{SECTION}<h2>What to pack</h2><ul><li>A scarf<li>Two books</ul>"
    text = after_seven_pages(packing, at_end=True)
    assert "What to pack" in text
    assert "Two books" in text


def test_a_text_split_over_boxes_of_one_make_is_one_text() -> None:
    """Site builders put each piece in a box of its own."""
    one = (
        "<div class=text-block><p>Nobody has lit a lamp in the {0} since the great fire of it.</p>"
    )
    two = "</div><div class=text-block><p>Keep to the left wall,</p><p>Orla</p></div>"
    text = after_seven_pages(one + two, at_end=True)
    assert "Keep to the left wall," in text
    assert "Orla" in text
    box = "</div><div class=card-block><p>Keep to the left wall</p></div>"
    assert "left wall" not in after_seven_pages(one + box, at_end=True)


def test_a_greeting_of_two_words_stays_above_each_text() -> None:
    assert "안녕하세요, 별입니다." in after_seven_pages("<p>안녕하세요, 별입니다.</p>")


def test_a_bold_labels_list_that_is_the_same_on_each_page_stays() -> None:
    lists = (
        "<p><b>Sow:</b></p><ul><li>Beans for the {0}<li>Radishes</ul>"
        "<p><b>Reap:</b></p><ul><li>Leeks<li>Kale</ul>"
    )
    text = after_seven_pages(lists, at_end=True)
    assert "Reap:" in text
    assert "Leeks" in text


def test_what_a_letter_says_above_its_farewell_stays_though_it_turns_to_the_reader() -> None:
    letter = "<p>Until next month, and look where you walk.</p><p>Green greetings,</p><p>Truus</p>"
    text = after_seven_pages(letter + "<p>Subscribe to this letter.</p>", at_end=True)
    assert "look where you walk" in text
    assert "Green greetings," in text
    assert "Truus" in text
    assert "Subscribe" not in text


def test_a_box_that_is_called_a_promotion_goes_where_sections_go_on() -> None:
    box = (
        "<div class='{2}'><h2>Want every sheet?</h2><p>2,3{1}4 teachers have them all. The first"
        " month costs nothing.</p></div>"
    )
    after = "<h2>The {0} by night</h2><p>Nobody has lit a lamp in the {0} since the fire.</p>"
    promoted = box.replace("{2}", "promo_box") + after
    assert "Want every sheet" not in after_seven_pages(promoted)


def test_of_numbered_steps_none_goes_because_it_says_to_buy() -> None:
    steps = "<ol><li>Buy seven eggs at the {0}.</li><li>Write down the price of each.</li></ol>"
    text = after_seven_pages(f"<h2>Exercises at the {{0}}</h2>{steps}")
    assert "Buy seven eggs" in text


PEOPLE = ("Ann Holt", "Piet Vries", "Maria Lund", "Ida Brandt", "Owen Hale", "Lena Fuchs")


@pytest.mark.parametrize(
    ("line", "recurs"),
    [
        ("The case: {} v Borders Rail (2026)", False),
        ("Zur Person: {}, Turmuhrmacher in Passau", False),
        ("{} out of 9", False),
        ("Text: {}, who keeps the books of the town", True),
        ("On duty: {}, 4 May 2024, 6.11 a.m.", True),
        ("Told to {} by the river of the town", True),
    ],
)
def test_whom_a_label_names_is_what_its_line_says(line: str, recurs: bool) -> None:
    """A label without its value says nothing; who wrote a text, and when, is a form's blank."""
    values = ("4", "5") if line[0] == "{" else PEOPLE[:2]
    one, two = (marks(block(line.format(value)))[0] for value in values)
    assert (one == two) is recurs


def test_a_mark_of_so_many_points_stays_though_three_pages_have_it() -> None:
    section = "<h2>The {0} by night</h2><p>Nobody has lit a lamp in the {0} since the fire.</p>"
    marks = f"{section}<h3>Verdict</h3><p>{{1}} out of 9</p>"
    assert "7 out of 9" in after_seven_pages(marks, at_end=True)
