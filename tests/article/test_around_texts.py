"""What well-known makes of site put around a text, and what is like it and is text."""

from __future__ import annotations

import json
from typing import Final

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from tests.article.test_difficulties import PROSE, TITLE, ps, read

LETTER: Final = (
    "The clapper comes loose whenever the frost goes out of the ground, and the bell is silent.\n\n"
    "Hold it with a pin. One pin is enough.\n\n--- a/belfry/clapper\n+++ b/belfry/clapper\n+pin"
)
FIELDS: Final = (
    "From: Ode Miller &lt;ode@bells.example&gt;\nTo: foundry@lists.example\n"
    "Cc: Ed &lt;e@x.org&gt;,\n"
    "\tIda &lt;ida@x.org&gt;\nSubject: <a href='#r'>[PATCH] Hold the clapper</a>\n"
    "Date: Thu, 12 Nov 2026 10:02:11 +0100\t<a href=t>[thread overview]</a>\n"
)
HOW_TO_REPLY: Final = (
    "Reply instructions:\nYou may reply publicly to this message by plain mail:\n"
    "* Save the following file, import it into your mail client, and reply-to-all from there."
)


def letters(body: str, title: str = "[PATCH] Hold the clapper") -> str:
    page = f"<html><head><title>{title} - Ode Miller</title></head><body>{body}</body></html>"
    job = PageInput(page.encode(), "https://lists.example/12/", "text/html", title=title)
    return clean_page(job).text


def test_of_a_letter_in_an_archive_its_words_are_left() -> None:
    below = (
        f"<hr><pre>{HOW_TO_REPLY}</pre><form><pre>find <input></pre></form>A blank line first.<hr>"
    )
    assert letters(f"<pre id=b>{FIELDS}\n{LETTER}\n</pre>{below}") == LETTER


def test_fields_that_are_named_in_bold_are_a_letters_head_too() -> None:
    fields = (
        "\n<b>List:       </b><a href=l>foundry</a>\n<b>Subject:    </b><a href=s>[PATCH] Hold the"
        " clapper</a>\n<b>From:       </b><a href=f>Ode &lt;ode () bells&gt;</a>\n"
        "<b>Date:       </b>2026-11-12\n[<b>Download RAW</b> <a href=r>message</a>]\n"
    )
    assert letters(f"<pre>{fields}\n{LETTER}</pre><pre>next in list</pre>") == LETTER


def test_a_letter_that_an_article_shows_keeps_its_head_and_what_stands_below_it() -> None:
    shown = letters(f"<p>{PROSE[0]}</p><pre>{FIELDS}\n{LETTER}</pre>{ps(1, 5)}")
    assert "From: Ode Miller" in shown
    assert PROSE[4] in shown
    other = letters(f"<pre>{FIELDS}\n{LETTER}</pre><pre>{HOW_TO_REPLY}</pre>", "How letters look")
    assert "From: Ode Miller" in other


def video(foot: str, told: str) -> str:
    state = {"details": {"videoId": "b3ll", "title": TITLE, "shortDescription": told}}
    page = (
        f"<html><head><title>{TITLE} - Tube</title></head><body><div id=skeleton></div>"
        f"<script>var player = {json.dumps(state)};var meta = 1;</script>{foot}</body></html>"
    )
    return clean_page(PageInput(page.encode(), "https://tube.example/w", "text/html")).text


TOLD: Final = f"{PROSE[0]}\n\n00:00 The furnace\n04:10 The cast"


def test_what_is_told_of_a_film_is_read_though_the_page_has_a_foot() -> None:
    names = ("About", "Press", "Copyright", "Contact us", "Creators", "Advertise", "Terms")
    foot = "".join(f"<a href=/{name}>{name}</a>" for name in names)
    assert "04:10 The cast" in video(f"<div id=foot>{foot}<span>© Tube</span></div>", TOLD)


def test_a_short_text_of_a_page_stays_before_what_its_state_says() -> None:
    assert PROSE[1] in video(f"<article><h1>{TITLE}</h1><p>{PROSE[1]}</p></article>", TOLD)


CARD: Final = "<div class=card-2k><a href=/{n}>The well number {n} is dry</a><p>{said}</p></div>"


def test_what_teasers_say_below_a_text_goes_with_their_links() -> None:
    said = "The parish asks who dug it, and nobody answers but the frogs."
    cards = "".join(CARD.format(n=n, said=said) for n in range(1, 4))
    text = read(f"<article><h1>{TITLE}</h1>{ps()}</article><h2>In the valley</h2>{cards}").text
    assert PROSE[5] in text
    assert "frogs" not in text


def test_boxes_with_links_amid_a_text_keep_what_they_say() -> None:
    said = "It was dug in the dry year, by hand, and the water stands at eleven metres."
    boxes = "".join(CARD.format(n=n, said=said.replace("eleven", str(n))) for n in range(1, 5))
    text = read(f"<article><h1>{TITLE}</h1>{ps(0, 3)}{boxes}{ps(3)}</article>").text
    assert all(f"stands at {n} metres" in text for n in range(1, 5))


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            "<p>Got a Tip? Are you a founder who wants to talk? Using a phone that is not the"
            " foundry's, call the writer securely on Signal at ode.11, at any hour of the day.</p>",
            "<p>Got a tip for the night, the ringers spent it securely on beer and on candles.</p>",
        ),
        (
            "<p>Produced by The Voices and Read Aloud using AI narration. Hear more.</p>",
            "<p>Produced by hand, the bell needed nobody's voice to be heard in the valley.</p>",
        ),
        (
            "<p>Please enable JavaScript to view the comments.</p>",
            "<p>Please enable the second clapper, said the sexton, and went to bed.</p>",
        ),
        (
            "<p>The audio version of this article is generated by AI-based technology. Mistakes can"
            " occur, and we are working with our partners to review what it says of bells.</p>",
            "<p>The audio was lost when the tower burned, and nobody sang it again.</p>",
        ),
        (
            "<p>Diese Zusammenfassung wurde mit KI erstellt und von der Redaktion geprüft.</p>",
            "<p>Diese Zusammenfassung der Chronik hing seit 1911 neben der Glocke.</p>",
        ),
    ],
    ids=["tips", "voices", "scripts", "machines", "machines in German"],
)
def test_what_turns_to_the_reader_goes_and_what_begins_like_it_stays(goes: str, stays: str) -> None:
    text = read(f"<article><h1>{TITLE}</h1>{ps(0, 3)}{goes}{stays}{ps(3)}</article>").text
    assert goes[3:40] not in text
    assert stays[3:-4] in text


def test_what_parts_with_the_reader_goes_though_headings_of_teasers_stand_below() -> None:
    offer = (
        "<p>While you are here: every Tuesday we tell of bells. You can <a href=/n>sign up here"
        " for the weekly newsletter</a>.</p>"
    )
    print_note = "<p>A version of this article appears in print on Nov. 25, Section B.</p>"
    for note in (offer, print_note):
        link = "<div><a href=/1>Tin is dear again</a></div>"
        more = f"<section><h2>Explore the hill</h2>{link}</section>"
        text = read(f"<article><h1>{TITLE}</h1>{ps()}{note}</article>{more}").text
        assert PROSE[5] in text
        assert note[3:24] not in text


def test_where_a_text_was_published_goes_as_a_box_and_stays_as_a_sentence() -> None:
    box = (
        "<div><h2>Published in The Bell Blog</h2><span>177K followers</span><p>Learn about the"
        " founders' culture and more.</p></div>"
    )
    own = "<p>Published in 1911, the ringers' book is out of print since the war.</p>"
    text = read(f"<article><h1>{TITLE}</h1>{ps()}{own}</article>{box}").text
    assert "out of print" in text
    assert "founders' culture" not in text


def test_the_contents_of_a_page_go_and_chapters_of_links_elsewhere_stay() -> None:
    toc = (
        "<div id=toc class=toc><div class=toctitle><h2>Contents</h2></div><ul><li><a href='#Cast'>"
        "1 The cast of it</a></li><li><a href='#Tone'>2 The tone of it</a></li></ul></div>"
    )
    body = f"<p>{PROSE[0]}</p>{toc}<h2 id=Cast>Cast</h2>{ps(1, 3)}<h2 id=Tone>Tone</h2>{ps(3)}"
    page = f"<html><body class=mediawiki><h1>{TITLE}</h1><main>{body}</main></body></html>"
    text = clean_page(PageInput(page.encode(), "https://wiki.example/wiki/Bell", "text/html")).text
    assert "The cast of it" not in text
    assert all(said in text for said in (*PROSE, "Cast", "Tone"))


def plea(words: str) -> str:
    box = (
        f"<div><h3>Your gift helps us to ring</h3><div><p>Our reporters climb every tower.</p>"
        f"<p>{words}</p></div></div>"
    )
    return read(f"<article><h1>{TITLE}</h1>{box}{ps()}{ps()}</article>").text


def test_a_plea_in_a_box_above_the_text_goes_with_its_heading_and_all_it_says() -> None:
    text = plea("Your support makes all the difference.")
    assert PROSE[0] in text
    assert not any(said in text for said in ("helps us to ring", "climb every tower"))


def test_a_box_above_the_text_that_pleads_for_nothing_stays() -> None:
    assert "climb every tower" in plea("Your ears make all the difference.")


def test_a_heading_stays_though_the_container_of_all_text_is_called_a_paywall() -> None:
    body = f"{ps(0, 3)}<h3 class=subheading>A middle way</h3>{ps(3)}"
    text = read(f"<h1>{TITLE}</h1><div class='js-content-for-paywall'>{body}</div>").text
    assert "A middle way" in text


def test_of_which_topic_a_text_is_stands_in_none_of_it_and_a_topic_of_the_text_does() -> None:
    label = "<div><p>Topic:</p><a href=/t/1>Bells and towers</a></div>"
    own = "<p>The topic of the evening was the clapper, as it had been for eleven years.</p>"
    text = read(f"<article>{label}<h1>{TITLE}</h1>{label}{ps(0, 3)}{own}{ps(3)}</article>").text
    assert own[3:-4] in text
    assert "Topic:" not in text


FILES: Final = (
    "<div><p>main</p><p>Go to file</p><p>Last commit message</p><p>Tin, not lead</p></div>"
)


def test_names_of_files_above_the_element_said_to_hold_the_text_go() -> None:
    text = read(f"<h1>{TITLE}</h1>{FILES}<article itemprop=text>{ps()}</article>").text
    assert all(said in text for said in PROSE)
    assert not any(said in text for said in ("Go to file", "Last commit", "Tin, not lead"))


def test_a_sentence_above_the_element_said_to_hold_the_text_stays() -> None:
    lead = f"<div><p>{PROSE[0]}</p></div>"
    text = read(f"<h1>{TITLE}</h1>{lead}<article itemprop=articleBody>{ps(1)}</article>").text
    assert PROSE[0] in text


def test_what_is_not_to_be_printed_goes_from_a_line_and_a_line_of_its_own_make_stays() -> None:
    place = (
        "<ul><li><b>The Old Tower</b>, 2 Hill St. Four floors of ropes, and one of owls."
        " <span class='meta noprint'>(updated May 2026) | <a href=/e>edit</a></span></li>"
        "<li><b>The Furnace</b>, below. <span class=print>Cold since Thursday.</span></li></ul>"
    )
    text = read(f"<article><h1>{TITLE}</h1>{ps(0, 3)}<h2>See</h2>{place}{ps(3)}</article>").text
    assert "one of owls." in text
    assert "Cold since Thursday." in text
    assert "updated May" not in text


def test_a_count_of_comments_between_lists_of_products_and_a_guide_ends_nothing() -> None:
    makers = ("Tin and Sons", "The Old Furnace", "Hill Bells", "Low Bells", "Copper House")
    item = (
        "<li><a href=/{n}>{name}</a><div>Best for towers that lean</div>"
        "<p>From $9{n} a bell</p></li>"
    )
    top = "".join(item.format(n=n, name=name) for n, name in enumerate(makers))
    lists = f"<ul class=top>{top}</ul><ul class=top>{top.replace('lean', 'stand')}</ul>"
    page = f"<h1>{TITLE}</h1>{lists}<p>Comments: 37</p><div class=guide>{ps()}</div>"
    assert all(said in read(page).text for said in PROSE)


def test_of_links_beside_each_other_amid_a_text_all_go_where_most_do() -> None:
    links = (
        "<div><ul><li><a href=/1>Scientists find a new moss under the bridge at Pell</a></li>"
        "<li><a href=/2>Ten benches with a view of the river</a></li></ul></div>"
    )
    text = read(f"<article><h1>{TITLE}</h1>{ps(0, 3)}{links}{ps(3)}</article>").text
    assert all(said in text for said in PROSE)
    assert ("new moss" in text) == ("Ten benches" in text)
