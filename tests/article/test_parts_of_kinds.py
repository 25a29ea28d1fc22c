"""What belongs to a kind of page and stands apart from its paragraphs: decks, parts of a recipe,
captions of a gallery, answers by members; and what looks like it.
"""

from __future__ import annotations

import json

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article
from tests.article.test_difficulties import PROSE, TITLE


def ps(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, head: str = "", url: str = "https://bells.example/a/12") -> Article:
    page = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return clean_page(PageInput(page.encode(), url, "text/html", title=TITLE))


def lines(body: str, head: str = "", url: str = "https://bells.example/a/12") -> list[str]:
    return [line.removeprefix("• ") for line in read(body, head, url).text.splitlines() if line]


DECK = "Four bells, one file and a janitor who hears badly"


@pytest.mark.parametrize(
    "deck",
    [
        f"<p class=article-excerpt>{DECK}</p>",
        f"<div class='field documentDescription'>{DECK}</div>",
        f"<div class=post-excerpt><p>{DECK}</p></div>",
        f"<h4 class=subheading>{DECK}</h4>",
    ],
)
def test_a_line_below_the_headline_that_calls_itself_a_deck_is_text(deck: str) -> None:
    byline = "<div class=byline>By Ann Lee, May 1, 2024</div>"
    body = f"<article><header><h1>{TITLE}</h1>{deck}{byline}</header>{ps(*PROSE)}</article>"
    assert lines(body) == [DECK, *PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "<p class=subtitle>Last updated May 1, 2024, 10:30</p>",
        "<p class=summary><a href=/s>Four bells, one file, and a janitor who hears</a></p>",
        "<p class=intro>Bells</p>",
    ],
    ids=["days", "links", "rubrics"],
)
def test_what_else_stands_in_the_place_of_a_deck_is_none(line: str) -> None:
    body = f"<article><header><h1>{TITLE}</h1>{line}</header>{ps(*PROSE)}</article>"
    assert lines(body) == [*PROSE]


NEEDS = "<table><tr><td>1 kg</td><td>bronze</td></tr><tr><td>2</td><td>files</td></tr></table>"


def test_a_table_below_a_heading_like_that_of_the_text_is_a_part_of_it() -> None:
    body = (
        f"<main><article class='box head'><h1>{TITLE}</h1></article>"
        f"<article class='box needs'><h2 class=h>You need</h2><form><label>For</label>"
        f"<input value=4></form>{NEEDS}</article><small>Worth of it</small>"
        f"<article class=box><h2 class=h>What to do</h2>{ps(*PROSE)}</article></main>"
    )
    said = lines(body)
    assert said[0] == "You need"
    assert "bronze" in said[1]
    assert said[-len(PROSE) :] == [*PROSE]


def test_boxes_of_links_below_headings_like_those_of_the_text_are_no_part_of_it() -> None:
    body = (
        f"<main><article class=box><h2 class=h>What to do</h2>{ps(*PROSE)}</article>"
        f"<article class='box more'><h2 class=h>More bells</h2><h3><a href=/b>A bell of"
        " glass</a></h3><p>It rang once, for a duke, and was swept up by his cook.</p>"
        "</article></main>"
    )
    assert lines(body)[-1] == PROSE[-1]


SHOWN = ["The bell before the frost.", "The file, and the janitor.", "What the frost left of it."]


def pictures(make: str) -> str:
    return "".join(make.format(n=n, said=said) for n, said in enumerate(SHOWN))


def test_sentences_below_the_pictures_of_a_gallery_are_its_text() -> None:
    make = (
        "<div class=item><div class=photo><img src=/b{n}.jpg width=900 height=600></div>"
        "<div class=line>{said}</div><div class=by>Member {n}</div></div>"
    )
    body = f"<article><h1>{TITLE}</h1><p>{PROSE[0]}</p>{pictures(make)}</article>"
    said = lines(body)
    assert [line for line in said if line in SHOWN] == SHOWN
    assert "b2.jpg" in read(body).html


def test_cards_with_pictures_below_a_long_text_are_none_of_it() -> None:
    make = (
        "<div class=card><img src=/b{n}.jpg width=300 height=200><div class=line>{said}</div></div>"
    )
    body = f"<article><h1>{TITLE}</h1>{ps(*PROSE)}</article><div>{pictures(make)}</div>"
    assert lines(body) == [*PROSE]


ASKED = "The bell of our school rings flat since the frost, and the janitor has bought a file."


def thread(asker: str, folder: str) -> str:
    answers = "".join(
        f"<li><article class=comment-node><div><a href={folder}/m{n}>m{n}</a> <span>2 days"
        f" ago</span></div><div class=md><p>{text}</p></div></article></li>"
        for n, text in enumerate(PROSE)
    )
    began = f"<div class=meta>by <a href={asker}>janitor</a> to Bells</div>"
    return (
        f"<main><h1>{TITLE}</h1>{began}<div class=md><p>{ASKED}</p><p>{ASKED[::-1]}</p></div>"
        f"<ul>{answers}</ul></main>"
    )


def test_answers_by_members_to_what_a_member_asked_are_a_thread() -> None:
    said = lines(thread("/u/janitor", "/u"))
    assert said[:2] == ["janitor", ASKED]
    assert [line for line in said if line in PROSE] == [*PROSE]
    assert "m3" in said
    assert read(thread("/u/janitor", "/u")).byline == "janitor"


def test_a_board_that_tells_of_its_posters_below_bold_names_leads_posts_by_these() -> None:
    posts = "".join(
        f"<tr><td class=row><span class=name><a name={n}></a><b>ringer {n}</b></span><br>"
        f"<span class=d>Deckhand<br><br>Joined: 14 Aug 2004<br>Posts: {n}2<br>Location: Ghent"
        f"</span></td><td class=row><table><tr><td><span class=d>Posted: Sun Mar 12, 2006</span>"
        f"</td></tr><tr><td><hr></td></tr><tr><td><span class=postbody>{text}</span></td></tr>"
        "</table></td></tr>"
        for n, text in enumerate(PROSE)
    )
    body = f"<table><tr><th>Author</th><th>Message</th></tr>{posts}</table>"
    said = lines(f"<h1>{TITLE}</h1>{body}", url="https://bells.example/viewtopic.php?t=8")
    assert [line for line in said if "ringer" in line] == [f"ringer {n}" for n in range(len(PROSE))]


def test_a_question_that_a_reader_asks_above_buttons_is_no_call() -> None:
    page = thread("/u/janitor", "/u").replace(PROSE[1], "So warm it first, and file it then?")
    page = page.replace("</article>", "<button>Reply</button><button>More</button></article>")
    assert "So warm it first, and file it then?" in lines(page)


def test_what_unfolds_beside_the_headline_of_a_manual_is_none_of_it() -> None:
    box = (
        "<details class=state><summary>Newly available</summary><p>Since May all bells of the"
        " valley ring so, but for those that were cast before the war.</p></details>"
    )
    told = (
        "<details><summary>How?</summary><p>With a file, in the cold of the morning.</p></details>"
    )
    url = "https://docs.bells.example/reference/bell"
    said = lines(
        f"<article><header><h1>{TITLE}</h1>{box}</header>{ps(*PROSE)}{told}</article>", url=url
    )
    assert "Newly available" not in said
    assert said[:1] == [PROSE[0]]
    assert said[-1] == "With a file, in the cold of the morning."


def test_notes_that_a_wiki_sets_above_a_text_are_none_of_it() -> None:
    note = "<table class=ambox><tr><td><div>This page needs more sources.</div></td></tr></table>"
    hat = "<div role=note class=hatnote>For bells of glass see Glass.</div>"
    head = "<meta name=generator content='MediaWiki 1.42'>"
    said = lines(f"<main><h1>{TITLE}</h1><div>{note}{hat}{ps(*PROSE)}</div></main>", head)
    assert said == [*PROSE]


@pytest.mark.parametrize("file", ["bell.jpeg", "BELL.JPG", "bell.png?v=2"])
def test_what_a_box_for_pictures_says_of_a_file_is_no_text(file: str) -> None:
    box = (
        f"<div class=box><a href=/up/{file}><img src=/up/bell_690.jpeg width=690 height=388>"
        "<div class=meta><span>bell</span> <span>1600×900 212 KB</span></div></a></div>"
    )
    named = (
        "<figure><a href=/up/b2.jpeg><img src=/up/b2.jpeg width=690 height=388><figcaption>The bell"
        " of 1600.</figcaption></a></figure>"
    )
    article = read(f"<article><h1>{TITLE}</h1>{ps(*PROSE[:2])}{box}{named}{ps(PROSE[2])}</article>")
    assert "212 KB" not in article.html
    assert "bell_690.jpeg" in article.html
    assert "The bell of 1600." in article.html


def test_lines_of_one_make_below_a_notice_of_rights_go_with_it() -> None:
    rights = "<p class=fine>Copyright © 2025 Bell Radio. All rights reserved.</p>"
    below = "<p class=fine>Accuracy of what is written down from the air may vary.</p>"
    said = lines(f"<article><h1>{TITLE}</h1>{ps(*PROSE)}{rights}{below}</article>")
    assert said == [*PROSE]
    other = "<p>The bell of 2025 was cast from the coins of a whole valley.</p>"
    said = lines(f"<article><h1>{TITLE}</h1>{ps(*PROSE)}{rights}{other}</article>")
    assert said[-1].startswith("The bell of 2025")


def test_the_last_words_of_a_text_on_rights_stay_though_all_its_lines_are_of_one_make() -> None:
    last = ["Copyright covers the tune of a bell, the court held.", "It ends with the next flood."]
    text = "".join(f"<p class=line>{line}</p>" for line in (*PROSE, *last))
    assert lines(f"<article><h1>{TITLE}</h1>{text}</article>") == [*PROSE, *last]


def test_a_line_of_three_sentences_is_no_byline_though_it_tells_a_time() -> None:
    first = "Present: 64 people. Chair: Hanna Levchuk. Beginning at 18:00."
    said = lines(f"<article><h1>{TITLE}</h1>{ps(first, *PROSE)}</article>")
    assert said == [first, *PROSE]
    said = lines(f"<article><h1>{TITLE}</h1>{ps('By Ann Lee, 18:00', *PROSE)}</article>")
    assert said == [*PROSE]


def ld(thing: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def test_the_day_of_a_live_blog_is_not_that_of_an_entry() -> None:
    entries = [
        {"@type": "BlogPosting", "datePublished": f"2024-05-02T1{n}:00:00Z", "articleBody": text}
        for n, text in enumerate(PROSE)
    ]
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "Bells, as they ring",
        "datePublished": "2024-05-02T08:00:00Z",
        "liveBlogUpdate": entries,
    }
    article = read(f"<article>{ps(*PROSE)}</article>", ld(blog))
    assert article.published == 1714636800


@pytest.mark.parametrize("kind", ["QAPage", ["WebPage", "QAPage"]])
def test_who_asked_and_when_is_told_of_the_question(kind: str | list[str]) -> None:
    asked = {
        "@type": "Question",
        "name": TITLE,
        "dateCreated": "2024-05-02T08:00:00Z",
        "author": {"@type": "Person", "name": "ringer71"},
        "acceptedAnswer": {"@type": "Answer", "author": {"@type": "Person", "name": "Bo Li"}},
    }
    article = read(f"<main>{ps(*PROSE)}</main>", ld({"@type": kind, "mainEntity": asked}))
    assert article.published == 1714636800
    assert article.byline == "ringer71"


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        (
            "<p class=author><a href=#p1><span class=sr-only>Post</span></a> by <strong><a"
            " class=username href=/m?u=2>ringer71</a></strong> » 2 May 2024</p>",
            "ringer71",
        ),
        (
            "<div class=author><a href=/u/5><span>Ode Ringer</span></a><a>フォローする</a></div>",
            "Ode Ringer",
        ),
        ("<div>Enviado por <span>Ode Ringer</span> el Mié, 17/07/2024 - 09:41</div>", "Ode Ringer"),
        ("<p class=author>user10482</p>", None),
    ],
    ids=["a link to the post", "a button to follow", "as Drupal says it", "a number"],
)
def test_a_writer_is_named_without_what_stands_beside_the_name(
    byline: str, author: str | None
) -> None:
    assert read(f"<article><h1>{TITLE}</h1>{byline}{ps(*PROSE)}</article>").byline == author


@pytest.mark.parametrize(
    ("panel", "stays"),
    [
        (
            "<div class=panel hidden><p>Bring it to the yard behind the mill at noon.</p></div>",
            True,
        ),
        ("<ul class=panel hidden><li><a href=/a>Bring</a><li><a href=/b>Leave</a></ul>", False),
    ],
    ids=["a paragraph", "ways"],
)
def test_the_name_of_what_unfolds_stays_with_a_paragraph(panel: str, stays: bool) -> None:
    button = f"<div class=part><button aria-expanded=false>Rubble and tiles</button>{panel}</div>"
    said = lines(f"<main><h1>{TITLE}</h1>{ps(*PROSE[:3])}{button}{ps(*PROSE[3:])}</main>")
    assert ("Rubble and tiles" in said) is stays


def test_an_item_of_a_text_stays_though_it_tells_a_time() -> None:
    items = "<ul><li>A beam fell by 40 cm at 06:00</li><li>Buses run again from noon</li></ul>"
    said = lines(f"<article><h1>{TITLE}</h1><h2>Summary</h2>{items}{ps(*PROSE)}</article>")
    assert "A beam fell by 40 cm at 06:00" in said
    head = "<ul><li>By Ann Lee</li><li>May 1, 2024, 10:30</li><li>Bells</li></ul>"
    said = lines(f"<article><h1>{TITLE}</h1>{head}{ps(*PROSE)}</article>")
    assert "May 1, 2024, 10:30" not in said


def test_a_page_that_machines_wrote_down_says_so_outside_of_its_text() -> None:
    note = "This transcript was generated automatically and may contain errors."
    own = "This transcript was found in a drawer, and may contain lies."
    said = lines(f"<article><h1>{TITLE}</h1>{ps(*PROSE, own, note)}</article>")
    assert said == [*PROSE, own]


def test_the_name_of_a_board_beside_a_thread_is_not_its_title() -> None:
    side = "<div class=side><div class=titlebox><h1><a href=/r/bells>Bells</a></h1></div></div>"
    page = (
        f"<html><head><title>{TITLE} : Bells</title></head><body class=comments-page>{side}"
        f"<div><p class=title><a href=/r/bells/1>{TITLE}</a></p><p>submitted <time"
        f" datetime=2024-07-02T09:00:00Z>a year ago</time></p>{ps(*PROSE)}</div></body></html>"
    )
    job = PageInput(page.encode(), "https://bells.example/r/bells/1", "text/html")
    article = clean_page(job)
    assert article.title == TITLE
    assert article.published == 1719910800


def test_the_way_to_a_board_above_its_posts_is_none_of_them() -> None:
    posts = "".join(
        f"<tr><td><span class=name><b>ringer {n}</b></span><br><span class=d>Deckhand<br><br>"
        f"Joined: 14 Aug 2004<br>Posts: {n}2<br>Location: Ghent</span></td>"
        f"<td><span>{text}</span></td></tr>"
        for n, text in enumerate(PROSE)
    )
    way = (
        "<div><a href=/>Bells and other boards</a> -> <a href=/f?f=3>The repair of bells</a></div>"
    )
    page = f"<h1>{TITLE}</h1>{way}<table>{posts}</table>"
    said = lines(page, url="https://bells.example/viewtopic.php?t=8")
    assert not any("repair" in line for line in said)
    assert said[:2] == ["ringer 0", PROSE[0]]


def test_two_questions_with_answers_that_nearly_convince_are_text() -> None:
    asked = "".join(
        f"<div class=item><div class=tab-title role=button><a class=t>{ask}</a></div>"
        f"<div class=tab-content><p>{answer}</p></div></div>"
        for ask, answer in (
            ("Does it need new valves?", "No. Any valve of 24 volts will do, old ones too."),
            ("How much is it?", "Ninety crowns a month for ten acres, without a term."),
        )
    )
    text = f"<section><h1>{TITLE}</h1>{ps(*PROSE[:4])}</section>"
    assert "How much is it?" in lines(f"<main>{text}<section>{asked}</section></main>")
