"""Whole-site runs: what recurs on a site's pages goes, content that recurs stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.article import EarlierArticle, PageInput, sitememory
from feedd.article.cleaning import clean_page
from feedd.article.sitememory import SiteMemory, fingerprint
from feedd.article.stored_articles import clean_again
from feedd.article.tree.blocks import WORD
from feedd.model import Article

SUBJECTS = str.split(
    "barley rivers lanterns copper violins harvest bridges glaciers tailors orchards ferries kilns"
    " markets owls saddles"
)

FURNITURE = (
    "Subscribe to The Weekly Loaf today and never miss a story.",
    "Jane Miller is a writer at The Weekly Loaf and lives by the sea.",
    "Back to top",
    "Read more from The Weekly Loaf.",
    "We use cookies to improve your visit to this site.",
)
STANDING = (
    "Every Friday this column looks at one thing that people made with their hands, and asks who "
    "still knows how."
)
HEADINGS = ("Ingredients", "Method")


def test_lines_of_nothing_but_names_are_not_taken_for_one_line() -> None:
    for words in (("ode", "lund"), ("nina", "holt")):
        assert sitememory.undated(words, {0, 1}) == words


def paragraph(number: int, part: int) -> str:
    one, two, three = SUBJECTS[number], SUBJECTS[part], SUBJECTS[(number + part * 4) % 15]
    return (
        f"In the year {1900 + number * 7 + part} the {one} of the town were counted, "
        f"{number}{part} of "
        f"them beside the {two}, and nobody who saw the {three} ever forgot them, or said so."
    )


def url(number: int) -> str:
    return f"https://loaf.example/{number}"


def page(number: int) -> bytes:
    """A page whose furniture is plain paragraphs among the text's own."""
    subscribe, author, top, more, cookies = (f"<p>{line}</p>" for line in FURNITURE)
    one, two, three, four = (f"<p>{paragraph(number, part)}</p>" for part in (1, 2, 3, 4))
    title, other = SUBJECTS[number], SUBJECTS[number + 1]
    body = (
        f"<h1>Story {title}</h1>{subscribe}<p>{STANDING}</p>{one}{two}{more}<h2>Ingredients</h2>"
        f"<ul><li>{number + 2} spoons of {title} dust</li><li>{number + 3} cups of {other} water"
        f"</li></ul><h2>Method</h2>{three}{four}{author}{cookies}{top}"
    )
    return f"<html><title>Story {title}</title><body><div>{body}</div></body></html>".encode()


def read(number: int, memory: SiteMemory) -> Article:
    known = sitememory.recurring(memory)
    return clean_page(PageInput(page(number), url(number), "text/html", recurring=known))


def site(pages: int) -> tuple[SiteMemory, list[Article]]:
    memory, articles = SiteMemory(), []
    for number in range(pages):
        article = read(number, memory)
        memory = sitememory.learn(memory, url(number), article.blocks)
        articles.append(article)
    return memory, articles


def test_furniture_is_gone_by_the_fifth_page() -> None:
    _, articles = site(5)
    assert not [line for line in FURNITURE if line in articles[4].text]


def test_the_article_itself_is_whole_on_every_page() -> None:
    for number, article in enumerate(site(8)[1]):
        for part in (1, 2, 3, 4):
            assert paragraph(number, part) in article.text


def test_a_standing_introduction_and_recurring_headings_survive() -> None:
    _, articles = site(8)
    for article in articles[5:]:
        assert STANDING in article.text
        assert all(f"<h2>{heading}</h2>" in article.html for heading in HEADINGS)


def test_earlier_articles_are_cleaned_again_with_what_is_known_now() -> None:
    memory, articles = site(6)
    known = sitememory.recurring(memory)
    first = articles[0]
    assert any(line in first.text for line in FURNITURE)
    assert sitememory.is_stale(first.blocks, known)
    again = clean_again(EarlierArticle(first.html, known))
    assert again is not None
    assert not [line for line in FURNITURE if line in again]
    assert STANDING in again
    assert paragraph(0, 1) in again
    assert clean_again(EarlierArticle(again, known)) is None


PEOPLE = ("Ann Holt", "Piet Vries", "Maria Lund", "Ida Brandt", "Owen Hale", "Lena Fuchs")


def signed(number: int) -> str:
    return f"Posted by {PEOPLE[number]} on May {number + 3}, 2025, for {30_000 + number} readers"


def measured(number: int) -> str:
    return f"The river stood at {40 + number} centimetres when {PEOPLE[number]} looked at it."


def test_a_byline_whose_name_day_and_count_change_goes_a_reports_sentence_stays() -> None:
    memory = SiteMemory()
    for number in range(6):
        one, two, three, four = (f"<p>{paragraph(number, part)}</p>" for part in (1, 2, 3, 4))
        body = f"<p>{signed(number)}</p>{one}{two}<p>{measured(number)}</p>{three}{four}"
        html = f"<html><title>{SUBJECTS[number]}</title><body><div>{body}</div></body></html>"
        known = sitememory.recurring(memory)
        article = clean_page(PageInput(html.encode(), url(number), "text/html", recurring=known))
        memory = sitememory.learn(memory, url(number), article.blocks)
    assert signed(5) not in article.text
    assert measured(5) in article.text


def test_a_page_fetched_again_teaches_nothing() -> None:
    memory, _ = site(2)
    article = read(1, memory)
    for _ in range(5):
        memory = sitememory.learn(memory, url(1), article.blocks)
    assert not sitememory.recurring(memory)


def test_one_article_at_many_addresses_does_not_become_furniture() -> None:
    memory = SiteMemory()
    for number in range(6):
        article = clean_page(PageInput(page(3), url(number), "text/html"))
        memory = sitememory.learn(memory, url(number), article.blocks)
    assert not sitememory.recurring(memory)


def test_a_redesign_is_forgotten() -> None:
    memory = SiteMemory()
    for number in range(50):
        memory = sitememory.learn(memory, url(number), [1, 1000 + number, 2000 + number])
    assert 1 in sitememory.recurring(memory)
    for number in range(50, 600):
        memory = sitememory.learn(memory, url(number), [2, 1000 + number, 2000 + number])
    assert 1 not in sitememory.recurring(memory)
    assert 2 in sitememory.recurring(memory)


def test_the_memory_of_a_host_is_bounded() -> None:
    memory = SiteMemory()
    for number in range(150):
        blocks = range(1000 + number * 500, 1500 + number * 500)
        memory = sitememory.learn(memory, url(number), [7, *blocks])
    assert len(memory.seen) <= sitememory.ENTRIES_MAX
    assert len(memory.urls) == sitememory.URLS_MAX, "a site's pages without end"
    assert len(sitememory.dump(memory)) < 40_000
    assert 7 in sitememory.recurring(memory)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 2**63 - 1), max_size=8), max_size=12),
)
def test_what_is_stored_is_read_back(pages: list[list[int]]) -> None:
    memory = SiteMemory()
    for number, blocks in enumerate(pages):
        memory = sitememory.learn(memory, url(number), blocks)
    assert sitememory.load(sitememory.dump(memory)) == memory


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=80))
def test_a_damaged_memory_is_an_empty_one(blob: bytes) -> None:
    assert sitememory.load(blob) == SiteMemory()


def test_numbers_do_not_hide_what_recurs() -> None:
    assert fingerprint(["12", "comments"]) == fingerprint(["9", "comments"])
    assert fingerprint(["12"]) != fingerprint(["9"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتب سامر في 15 سبتمبر 2024", "كتب سامر في 3 يناير 2023"),
        ("written on the 3rd of Messidor 2024", "written on the 21st of Brumaire 2025"),
        ("aufgeschrieben am 3. Heumond 2024", "aufgeschrieben am 12. Hartung 2024"),
        ("kuvattu toukokuussa", "kuvattu kesäkuussa"),
        ("2024年3月5日更新", "2023年11月20日更新"),
    ],
)
def test_days_do_not_hide_what_recurs_whatever_their_months_are_called(
    one: str, other: str
) -> None:
    assert fingerprint(WORD.findall(one)) == fingerprint(WORD.findall(other))


def test_a_recipes_bold_labels_that_recur_stay_over_what_is_new() -> None:
    """Its reader would not know what the lists are of."""
    label = "<p><b>You will need</b></p>"

    def recipe(number: int) -> PageInput:
        parts = "".join(f"<p>{paragraph(number, part)}</p>" for part in (1, 2))
        rest = "".join(f"<p>{paragraph(number, part)}</p>" for part in (3, 4))
        body = f"<html><body><article>{parts}{label}{rest}</article></body></html>"
        known = sitememory.recurring(memory)
        return PageInput(body.encode(), url(number), "text/html", recurring=known)

    memory = SiteMemory()
    for number in range(6):
        article = clean_page(recipe(number))
        assert "You will need" in article.text
        memory = sitememory.learn(memory, url(number), article.blocks)


def test_ingredients_that_are_in_every_recipe_stay_in_each() -> None:
    """A cook without them would bake without eggs."""
    items = "<ul><li>2 eggs</li><li>A pinch of salt</li><li>200 g of flour</li></ul>"
    memory = SiteMemory()
    for number in range(6):
        parts = [f"<p>{paragraph(number, part)}</p>" for part in (1, 2, 3, 4)]
        text = f"{parts[0]}{parts[1]}<h2>Ingredients</h2>{items}<h2>Method</h2>{''.join(parts[2:])}"
        body = f"<html><body><article>{text}</article></body></html>".encode()
        known = sitememory.recurring(memory)
        article = clean_page(PageInput(body, url(number), "text/html", recurring=known))
        assert "2 eggs" in article.text
        assert "A pinch of salt" in article.text
        memory = sitememory.learn(memory, url(number), article.blocks)
    assert fingerprint(["2", "eggs"]) in known


STORY = (
    "The {0} of the valley has been painted anew, and nobody knows who paid for the paint of it.",
    "Whoever saw the {0} in the rain will not forget how the colour ran down into the river.",
    "The mayor says that a {0} is a {0}, and that the next one will be left as it was built.",
)
THINGS = ("mill", "bridge", "ferry", "tower", "school", "market", "church", "harbour")


def after_seven_pages(part: str, *, at_end: bool = False) -> str:
    """The text of the eighth page of a site, each of whose pages has this part amid its text, or at
    its end. `{0}` is what the page is about, `{1}` its number.
    """
    memory = SiteMemory()
    text = ""
    for number, thing in enumerate(THINGS):
        paragraphs = [f"<p>{each.format(thing)}</p>" for each in STORY]
        paragraphs.insert(3 if at_end else 2, part.format(thing, number))
        page = f"<article><h1>The {thing}</h1>{''.join(paragraphs)}</article>"
        url = f"https://valley.example/{thing}"
        job = PageInput(page.encode(), url, "text/html", recurring=sitememory.recurring(memory))
        article = clean_page(job)
        memory, text = sitememory.learn(memory, url, article.blocks), article.text
    assert all(each.format(THINGS[-1]) in text for each in STORY)
    return text


@pytest.mark.parametrize(
    "part",
    [
        "<p>The Courier reaches 3{1},037 readers every morning, more than any other here.</p>",
        "<p>Since March {1} friends have joined those who carry this paper, will you be next?</p>",
        "<p>In edition {1} as in all others, the opinions of our authors are their own.</p>",
        "<p>Nina has lived here since 1987 and keeps {1} goats, none of which has a name.</p>",
        "<p>Der Text wurde 4{1} Mal gelesen, von wem, das bleibt unser Geheimnis.</p>",
        "<p>Reitin kuvasi Maija Salo {1}. toukokuussa, aina sateen jälkeen.</p>",
        "<p>Napsal Petr M{0}. Vydáno 1{1}. ledna 2024. Zhlédnuto 3{1}x</p>",
        "<p>Opgetekend door Anneke de W{0} op {1} maart, gezien en goed bevonden.</p>",
    ],
)
def test_furniture_goes_though_its_numbers_change(part: str) -> None:
    text = after_seven_pages(part, at_end=True)
    assert part.partition("{1}")[2][-40:-4] not in text


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        (
            "<table><tr><th>Stop<th>Readers</tr><tr><td>Mill<td>{1}1</tr><tr><td>Quay<td>4{1}</tr>"
            "</table>",
            "71",
        ),
        ("<h3>Will the {0} burn?</h3><p>Nobody knows.</p>", "Nobody knows."),
        (
            "<p>Will the {0} burn in the year {1}?</p><h3>Answers</h3><p>A reader writes: yes.</p>"
            "<p>The archive has no word on any {0} in that year.</p>",
            "A reader writes: yes.",
        ),
        (
            "<h3>Needed</h3><ul><li>2 nails<li>One {0} of tin<li>A spoon</ul><p>And much time.</p>",
            "Needed",
        ),
        (
            "<h3>The {0}, step by step</h3><ol><li><div>Paint the {0} with a brush.</div><li><div>"
            "Heat the oven and wait.</div></ol><p>And much time.</p>",
            "Heat the oven and wait.",
        ),
        (
            "<h3>Danger</h3><p>There is none.</p><h3>What to do</h3><p>Look at the {0} from afar,"
            " and then go home again.</p>",
            "There is none.",
        ),
        (
            "<p>Keep your hat on near a wall, for birds nest in it.</p>",
            "Keep your hat on near a wall",
        ),
        (
            "<table><tr><th>Stop<th>Readers</tr><tr><td>Mill<td>{1}1</tr></table>"
            "<p>Stops without a number are not served in winter.</p>",
            "not served in winter",
        ),
        (
            "<p>Have mercy. And on the mill have mercy. And on us have mercy.</p>",
            "have mercy",
        ),
        (
            "<p>What do you wish for next?</p><p>That the {0} be left alone for a whole year, at"
            " least on Sundays.</p>",
            "What do you wish for next?",
        ),
        ("<p>【注释】</p><p>{0}，就是大家都知道的那一座，站在河边已经三百年了。</p>", "【注释】"),
        (
            "<p>Materials</p><p>Take a {0}, two nails and a rope as long as the river is wide.</p>",
            "Materials",
        ),
        (
            "<ul><li>paint (<a href=/x>litres</a>)<li>a {0}</ul><p>Nothing else is used.</p>",
            "paint (litres)",
        ),
        (
            "<table><tr><td><p>Built of</p><td><p>stone</p></tr><tr><td><p>Kept by</p><td><p>the"
            " {0}er</p></tr></table>",
            "stone",
        ),
        (
            "<div class=note><p>Note</p><p>Of the {0} no picture is known, and the one on the wall"
            " shows another.</p></div>",
            "Note",
        ),
        ("<p>Danger: slight</p>", "Danger: slight"),
        (
            "<h2>See also</h2><ul><li>The {0} in the book of the valley, on page {1}<li>All that is"
            " said of a {0} elsewhere</ul><p>Nothing else was found about the {0} in the"
            " cellar.</p>",
            "See also",
        ),
        (
            "<p>And the bell said dong, and nobody came.</p><p>A verse about a {0} by the river."
            "</p><p>And the bell said dong, and nobody came.</p>",
            "And the bell said dong, and nobody came.",
        ),
    ],
    ids=[
        *("table", "answer", "answers", "list", "items in boxes", "a section that says the same"),
        *("a warning amid the text", "a note on a table", "a litany"),
        *("an interview's question", "a label in brackets", "a label without marks"),
        *("an item that is linked", "cells of paragraphs", "the title of a note", "a value"),
        "a heading over pointers",
        "refrain",
    ],
)
def test_content_that_recurs_stays(part: str, kept: str) -> None:
    assert kept in after_seven_pages(part)


@pytest.mark.parametrize(
    "part",
    [
        "<p>Liked this? Become a friend of the valley for £2 a month, and keep its lamps lit.</p>",
        "<p>Möchten Sie mehr lesen? Unser Rundbrief kommt jeden Freitag, ganz ohne Kosten.</p>",
        "<p>Ce texte a été lu 3{1} fois, dont une par le maire lui-même.</p>",
        "<p>Segui la valle anche su Telegram, dove se ne parla ogni sera.</p>",
        "<p>Vis mig hvad det blev til med #minmølle, så jeg kan se det.</p>",
        "<p>この記事は3{1}人の方に読まれています。</p>",
    ],
)
def test_what_calls_or_counts_readers_goes_amid_the_text_too(part: str) -> None:
    text = after_seven_pages(part)
    assert part[-20:-4] not in text


def test_a_sentence_amid_each_text_stays_in_a_language_that_nobody_wrote_words_down_for() -> None:
    line = "Sendu belan bildon de la valo kaj gajnu ion malgrandan."
    assert line in after_seven_pages(f"<p>{line}</p>")


def test_below_a_list_a_note_stays_and_what_names_the_site_goes() -> None:
    items = "<ul><li>a {0}<li>a rope</ul>"
    name = "<meta property=og:site_name content='The Valley Post'>"
    note = "<p>Ropes are not sold by the metre.</p>"
    imprint = "<p>The Valley Post is not sold by the metre.</p>"
    assert "not sold" in after_seven_pages(items + name + note, at_end=True)
    assert "not sold" not in after_seven_pages(items + name + imprint, at_end=True)


def test_an_article_is_cleaned_again_when_a_line_proves_to_be_on_all_pages() -> None:
    """Once when it recurs, and once more when it is seen to be on nearly all."""
    line = fingerprint(["set", "by", "hand"])
    some, all_ = frozenset((line,)), frozenset((line, sitememory.everywhere(line)))
    first = sitememory.unproven([line], frozenset())
    assert sitememory.is_stale(first, some)
    second = sitememory.unproven(first, some)
    assert second
    assert not sitememory.is_stale(second, some)
    assert sitememory.is_stale(second, all_)
    assert not sitememory.unproven(second, all_)


def test_a_sentence_that_ends_some_of_a_sites_texts_stays_one_that_ends_all_goes() -> None:
    """The one is a verdict, the other the paper's own."""
    verdicts = ("Leave to go on was refused for the whole of it.", "The keys were given back.")
    imprint = "The paper is set by hand in a cellar, and printed on Fridays."
    memory = SiteMemory()
    for number, thing in enumerate(THINGS):
        told = [*(each.format(thing) for each in STORY), verdicts[number % 3 == 1], imprint]
        page = (
            f"<article><h1>The {thing}</h1>{''.join(f'<p>{line}</p>' for line in told)}</article>"
        )
        url = f"https://valley.example/{thing}"
        job = PageInput(page.encode(), url, "text/html", recurring=sitememory.recurring(memory))
        article = clean_page(job)
        memory = sitememory.learn(memory, url, article.blocks)
        assert verdicts[number % 3 == 1] in article.text
    assert imprint not in article.text


def test_an_article_published_again_below_what_is_new_stays_whole() -> None:
    said = "".join(f"<p>{each.format('Old Mill')}</p>" for each in STORY)
    memory = SiteMemory()
    for number in range(12):
        new = [f"<p>{paragraph(number, part)}</p>" for part in (1, 2, 3)]
        page = f"<article><h1>The mill</h1>{''.join(new)}{said if number % 2 else ''}</article>"
        known = sitememory.recurring(memory)
        job = PageInput(page.encode(), url(number), "text/html", recurring=known)
        article = clean_page(job)
        memory = sitememory.learn(memory, url(number), article.blocks)
        assert not number % 2 or all(each.format("Old Mill") in article.text for each in STORY)
