"""Lines that recur on a site in the dress of its text: which are the text's, and which are not."""

from __future__ import annotations

import lxml.html
import pytest

from feedd.article import PageInput, sitememory
from feedd.article.cleaning import clean_page
from feedd.article.sitememory.appeals import Appeal, ways_of
from feedd.article.sitememory.block_marks import capitals
from feedd.article.tree.blocks import cut
from tests.article.test_sitememory import STORY, after_seven_pages


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("<p>Dear neighbours,</p><p>the {0} is to be moved in autumn, they say.</p>", "Dear neigh"),
        ("<p>Szanowni Państwo,</p><p>the {0} is to be moved in autumn.</p>", "Szanowni Państwo,"),
        (
            "<p>Weigh it first, and write the weight down.</p><ul><li>a {0} and {1} boards"
            "<li>nails for {1} days at a {0}</ul>",
            "Weigh it first",
        ),
    ],
    ids=["a greeting", "a greeting that says you", "an instruction above a list"],
)
def test_what_leads_on_to_the_text_stays(part: str, kept: str) -> None:
    assert kept in after_seven_pages(part)


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("<p>Ever yours,<br>Odile of the Valley</p>", "Odile of the Valley"),
        (
            "<h2>The measures</h2><p>One {0} is {1} ells long and half as wide.</p>"
            "<p>The measures are those of our oldest map.</p>",
            "our oldest map",
        ),
        ("<p>Nothing here should be taken for a promise to anybody.</p>", "taken for a promise"),
    ],
    ids=["a signature", "a note on what the heading names", "what stands right at the text"],
)
def test_what_ends_a_text_of_its_kind_stays(part: str, kept: str) -> None:
    assert kept in after_seven_pages(part, at_end=True)


def test_what_a_speaker_says_each_time_stays_in_a_conversation() -> None:
    said = (
        "<p>HOST: Tell me of the {0}, and then of yourself, if you like.</p><p>GUEST: The {0} is"
        " older than both of us and in better health.</p><p>HOST: Mind your step going out.</p>"
    )
    assert "Mind your step" in after_seven_pages(said, at_end=True)


@pytest.mark.parametrize(
    "part",
    [
        "<p>Words: Ann Brook<br>Pictures: Odile Brand</p>",
        "<p>The column is set by hand in a cellar that nobody has ever found.</p>",
        "<p>Odile Brand has written about the valley for twenty years.</p>",
    ],
    ids=["credits on two lines", "what the publisher says of itself", "an author"],
)
def test_what_only_looks_like_an_ending_goes(part: str) -> None:
    text = after_seven_pages("<h2>The measures</h2><p>One {0} is {1} ells.</p>" + part, at_end=True)
    assert part[-16:-4] not in text


@pytest.mark.parametrize(
    "line",
    [
        "The series is supported by the Calder Trust and prints what it likes.",
        "Die Reihe wird von der Stiftung Offenes Tal gefördert, wie auch der Weg dorthin.",
        "Cette rubrique doit son papier à la maison Morel, et rien de plus.",
    ],
)
def test_who_pays_for_a_series_goes_amid_the_text(line: str) -> None:
    assert line not in after_seven_pages(f"<p>{line}</p>")


@pytest.mark.parametrize(
    "line",
    [
        "Look for the spirit of the Miller before going on, and greet him.",
        "The roof was supported by beams of oak, which is why it still stands.",
        "Alle Angaben zu den Maßen stammen aus dem Archiv und wurden nicht geprüft.",
    ],
    ids=["a name alone", "support without a name", "German nouns are no names"],
)
def test_a_sentence_amid_the_text_that_has_but_one_mark_of_a_sponsors_stays(line: str) -> None:
    assert line in after_seven_pages(f"<p>{line}</p>")


@pytest.mark.parametrize(
    "part",
    [
        "<p>Read the one before: <a href=/{1}>why the {0} has no door</a></p>",
        "<p>It was in the printed edition of {1} March under the title “A {0} too many”.</p>",
        "<p>Odile Brandt, columnist, {1} March 2026</p>",
    ],
    ids=["a linked title", "a quoted title", "a day whose month is a name"],
)
def test_furniture_is_known_again_though_a_title_or_a_name_in_it_changes(part: str) -> None:
    text = after_seven_pages(part, at_end=True)
    assert not any(mark in text for mark in ("Read the one", "printed", "columnist"))


def test_a_label_is_no_name_though_one_follows() -> None:
    """Else "Words: Ann Brook" would be another line than "Words: Piet de Wit"."""
    said, named = capitals("Words: Ann Brook. Pictures: Odile Brand.")
    assert [word for word, is_name in zip(said, named, strict=True) if not is_name] == [
        "Words",
        "Pictures",
    ]


SAID = (
    "Odile Brand",
    "Ann Brook",
    "Piet de Wit",
    "Jo Lee",
    "Ida Sachs",
    "Tom Orr",
    "Al Pye",
    "Em Roe",
)
WHAT = ("wet", "late", "loud", "gone", "sold", "lost", "found", "dry")


@pytest.mark.parametrize(
    "said", ["“It was {0} by noon,” said {1} of the mill.", "{1} of the mill said: “{0}”"]
)
def test_what_people_say_is_no_title_though_all_of_them_are_of_one_place(said: str) -> None:
    """The words around are the same each time, what they said is the news."""
    memory = sitememory.SiteMemory()
    for number, name in enumerate(SAID):
        line = said.format(WHAT[number], name)
        told = "".join(f"<p>{each.format(WHAT[number])}</p>" for each in (*STORY, line))
        job = PageInput(
            f"<article>{told}</article>".encode(),
            f"https://mill.example/{number}",
            "text/html",
            recurring=sitememory.recurring(memory),
        )
        article = clean_page(job)
        assert line in article.text
        memory = sitememory.learn(memory, job.url, article.blocks)


@pytest.mark.parametrize(
    "line",
    [
        "Reading time: {1} minutes, a little more on stairs.",
        "Czas czytania: {1} minut, na schodach trochę dłużej.",
        "{1} gardeners found this useful, and some of them said so.",
        "Kept without advertisements by {1} sponsors, all of them named on a board.",
        "Photographs by Odile Brand, printed in the cellar of the mill.",
        "The firm is authorised and regulated by a board of three.",
        "Komentarz nie stanowi zachęty do kupna młyna ani mostu.",
    ],
)
def test_what_is_counted_credited_or_disclaimed_goes_amid_the_text_too(line: str) -> None:
    assert line.format("", 7) not in after_seven_pages(f"<p>{line}</p>")


@pytest.mark.parametrize(
    "line",
    [
        "The time that reading takes is not to be had back, said the miller.",
        "What was found there was put into a box, and the box into the river.",
        "Thanks to the rain, the wheel has turned on every day of the year.",
    ],
)
def test_what_only_shares_a_word_with_such_lines_stays(line: str) -> None:
    assert line in after_seven_pages(f"<p>{line}</p>")


def test_a_heading_stays_over_its_section_though_furniture_stands_right_below_it() -> None:
    call = "<p>Subscribe to our newsletter and read the valley by mail.</p>"
    section = f"<h2>The question</h2>{call}<p>Who painted the {{0}}? The miller's aunt did.</p>"
    text = after_seven_pages(section)
    assert "The question" in text
    assert "Subscribe" not in text


def test_a_heading_goes_with_the_furniture_that_is_all_its_section() -> None:
    call = "<p>Subscribe to our newsletter and read the valley by mail.</p>"
    text = after_seven_pages(f"<h2>The letter</h2>{call}<h2>The {{0}}</h2>")
    assert "The letter" not in text


@pytest.mark.parametrize(
    "line",
    [
        "Mrs. Brand has been settling quarrels for readers since 1994.",
        "The mill cannot be used with screen readers (#1184).",
        "Edition read: Reed & Sons, 412 pages",
    ],
    ids=["since a year", "the number of a fault", "the pages of a book"],
)
def test_a_year_or_the_number_of_a_thing_counts_no_readers(line: str) -> None:
    (block,) = cut(lxml.html.document_fromstring(f"<html><body><p>{line}</p></body></html>"))
    assert not ways_of(block).counts


@pytest.mark.parametrize(
    "line",
    [
        "1,184 readers have shared this.",
        "17 people have cooked this since 2025.",
        "Zuletzt aktualisiert am 3. Mai 2026.",
        "Dernière mise à jour : le 3 mai",
        "Alcohol is for grown people: drink responsibly.",
        "Za mapu neručíme, jdete na vlastní nebezpečí.",
        "Tekne 2.415 kez dinlendi.",
        "Mapa (staženo 39×) je pod čarou.",
    ],
)
def test_a_line_about_its_readers_its_changes_or_what_it_warrants_calls(line: str) -> None:
    (block,) = cut(lxml.html.document_fromstring(f"<html><body><p>{line}</p></body></html>"))
    assert ways_of(block).appeal == Appeal.CALLS


CALLS = (
    "<p><em>Buy it from the label or from your local shop. Links on this page may earn us a few"
    " pence.</em></p><p><em>Got a record for us? Post it to The Loaf, Unit 6, Canal Mews.</em></p>"
)


def test_a_table_of_new_marks_stays_though_nothing_but_calls_stands_below_it() -> None:
    marks = "<tr><th>Playing<th>Sleeve<th>Overall<tr><td>{1}<td>8<td>{1}.5"
    table = f"<h3>The marks</h3><div class=card><table class=marks>{marks}</table></div>"
    text = after_seven_pages(f"{table}{CALLS}", at_end=True)
    assert "The marks" in text
    assert "7 | 8 | 7.5" in text
    assert "Canal Mews" not in text


def test_of_a_list_that_recurs_no_item_is_lost_and_one_of_calls_goes_whole() -> None:
    items = (
        "<li>Read the new words aloud twice.<li>Write to a friend with your answer and ask for"
        " theirs.<li>Ask yourself a question and answer it with “no”.</ol>"
    )
    text = after_seven_pages(f"<h3>Exercises</h3><ol>{items}", at_end=True)
    assert "answer it with “no”" in text
    calls = "<ul><li>Subscribe to our letter.<li>Follow us for more.<li>Share it with friends.</ul>"
    assert "Follow us" not in after_seven_pages(calls, at_end=True)


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (
            "<h3>The bench in brief</h3><ul><li><b>Kept by:</b> the {0}<li><b>Years at it:</b> {1}"
            "<li><b>Bench height:</b> {1} cm</ul>",
            "Bench height: 7 cm",
        ),
        ("<p><b>Best of the day:</b> the {0}</p><p><b>Spectators:</b> {1}</p>", "Spectators: 7"),
    ],
    ids=["a list", "paragraphs"],
)
def test_facts_whose_values_are_new_on_each_page_stay(facts: str, kept: str) -> None:
    call = "<p>Subscribe to The Weekly Loaf today and never miss a story.</p>"
    text = after_seven_pages(f"{facts}{call}", at_end=True)
    assert kept in text
    assert "Subscribe" not in text


@pytest.mark.parametrize(
    "row",
    [
        "<p><b>Visits:</b> {1}</p><p><b>Comments:</b> {1}3</p>",
        "<p><b>Published:</b> {1} March 2026</p><p><b>Read:</b> {1} times</p>",
        "<p><b>Telephone:</b> 0123 456</p><p><b>Account:</b> 77 88 99</p>",
    ],
    ids=["counters", "when it was published", "how to reach whom"],
)
def test_what_a_page_counts_of_itself_in_such_rows_goes(row: str) -> None:
    assert row.split("<b>")[2].partition(":")[0] not in after_seven_pages(row, at_end=True)


def test_a_mark_in_bold_stays_though_only_furniture_is_below_it() -> None:
    part = "<p><strong>Lamps: {1} of 9</strong></p><p>Zuletzt aktualisiert am {1}. Mai 2026.</p>"
    text = after_seven_pages(part, at_end=True)
    assert "Lamps: 7 of 9" in text
    assert "Zuletzt" not in text


@pytest.mark.parametrize(
    "line",
    [
        "The new book on the valley by its editor is in all bookshops for {1}2 euros, or by post.",
        "The editor and {1}4 volunteers make this without pay, and donations meet the costs.",
    ],
)
def test_a_sentence_amid_the_text_with_a_new_number_goes_where_it_is_surely_the_sites(
    line: str,
) -> None:
    assert line.format("", 7) not in after_seven_pages(f"<p>{line}</p>")


def test_a_reports_own_sentence_stays_each_time_its_number_is_new() -> None:
    line = "The wheel stood still on {1} days of that month, and on all others it turned."
    assert line.format("", 7) in after_seven_pages(f"<p>{line}</p>")
