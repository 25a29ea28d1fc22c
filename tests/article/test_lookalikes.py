"""What goes from amid a text, and beside it what looks like that and is text."""

from __future__ import annotations

from typing import Final

import pytest

from tests.article.test_difficulties import PROSE, TITLE, ps, read, story

STEPS: Final = ("Light the furnace", "Melt the tin", "Pour", "Wait for a week")


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            "<p>Follow <a href=/g>The Valley Courier on Google News</a></p>",
            "<p>Follow the river on <a href=/map>the map</a> and you come to the foundry.</p>",
        ),
        (
            "<p>Download our app for <a href=/i>iPhone</a> and never miss a bell.</p>",
            "<p>Download the plan of the furnace from <a href=/p>the archive</a> to see why.</p>",
        ),
        (
            "<p><b>Related stories</b></p><ul><li><a href=/1>Tin rises</a>"
            "<li><a href=/2>A tower leans</a></ul>",
            "<p><b>Read in this order</b></p><ul><li><a href=/1>On tin</a> by Ode"
            "<li><a href=/2>On towers</a> by Lund</ul>",
        ),
        (
            "<section class=gate><h3>Create an account to continue reading</h3><ul><li>Three more"
            " articles each month<li>Puzzles</ul></section>",
            "<section class=how><h3>How to continue an account of bells</h3><ul><li>Write the year"
            " first<li>Then the weight</ul></section>",
        ),
        (
            "<p>Nach der Anzeige geht es weiter</p>",
            "<p>Nach der Anzeige des Nachbarn schwieg die Glocke, und er schlief wieder.</p>",
        ),
        (
            "<div style='position:absolute;left:-9999px'><p>Cheap watches for those who know what"
            " they want of the night.</p></div>",
            "<div style='position:relative;left:-9px'><p>The beam leans nine centimetres to the"
            " left, as it did in 1811.</p></div>",
        ),
        (
            "<div class='modal fade' style='display:none'><h4>Report a mistake</h4><p>Tell us what"
            " is wrong and we shall look at it.</p></div>",
            "<div class='fade-in' style='visibility:hidden'><h4>A mistake in bronze</h4><p>One bell"
            " bears the year 1818 twice, once upside down.</p></div>",
        ),
        (
            "<div hidden><p>A note of the desk that nobody outside of it was to see.</p></div>",
            "<div class=accordion><h3>Who tunes them?</h3><div class=accordion-panel hidden><p>The"
            " man who cast them, with a file.</p></div></div>",
        ),
        (
            "<div class=box><h3>Support us</h3><p>We have no owner and no wall. Give what a coffee"
            " costs.</p><a href=/d>Support the Courier</a></div>",
            "<div class=box><h3>Support of the roof</h3><p>Nine beams carry it, each as long as the"
            " nave, and none is straight.</p></div>",
        ),
        (
            "<div class=plus><p><b>Courier+</b></p><ul><li>All articles<li>Quiet</ul><p>From 2.99"
            " a month. Cancel any time.</p><a href=/plus>Try now</a></div>",
            "<div class=rule><p>A ringer may cancel a wedding at most once a year, and only for"
            " frost.</p></div>",
        ),
        (
            "<p><a href=/c>Join the discussion</a></p><ul><li>Comments: 4</ul>",
            "<p>Comments on the plan came from nine parishes, of which four were in favour.</p>",
        ),
        (
            "<div class=video><p>Wir benötigen Ihre Zustimmung, um das Video anzuzeigen.</p><p>Es"
            " kommt von anderen.</p></div>",
            "<div class=video><p>Die Zustimmung der Gemeinde kam im Mai, als alle auf dem Feld"
            " waren und keiner im Saal.</p></div>",
        ),
        (
            "<h3>You might also like</h3><ul><li><a href=/1>Tin rises</a><li><a href=/2>A tower"
            " leans</a></ul>",
            "<h3>Further reading</h3><ul><li><a href=/1>On tin, with tables</a><li><a href=/2>On"
            " towers, with ladders</a></ul>",
        ),
        (
            "<p>责任编辑：王平</p>",
            "<p>版权声明在最后一页，字很小，谁也没有读过，钟楼的人也一样。</p>",
        ),
        (
            "<ul class=share><li><a href=/f>Facebook</a><li><a href=/w>Send</a><li>Print</ul>",
            "<ul class=shares><li>Marta: a third<li>The parish: a half<li>Ode: the rest</ul>",
        ),
        (
            "<div class=wall><h3>Continua a leggere con un abbonamento</h3><p>Un mese, un euro.</p>"
            "</div>",
            "<div class=text><h3>Continua a leggere il vento</h3><p>Il campanaro lo legge da mesi"
            " a un altro, e sbaglia di rado.</p></div>",
        ),
        (
            "<a class=promo-box href=/app><img src=/phone.png><b>Bells in your pocket</b></a>",
            "<p><a class=source href=/1818>Bells in the pocket of a thief, a report of 1818</a>",
        ),
        (
            "<p>扫描二维码关注钟楼公众号</p>",
            "<p>他扫描了钟楼的每一张图纸，关注的却只是一枚螺丝和它的来历。</p>",
        ),
        (
            "<section class=box><h4>Każdego ranka to, co najważniejsze</h4><form><input"
            " type=email><button>Zapisz</button></form></section>",
            "<section class=box><h4>Każdego ranka to samo</h4><p>Piec trzeba było karmić przed"
            " świtem, bo inaczej stygł do południa.</p></section>",
        ),
        (
            "<p><a href=#yorumlar>Bu habere üç yorum yapıldı, siz de katılın</a></p>",
            "<p><a href=#n3>Bu habere üç satır eklendi, sebebi aşağıdaki notta</a></p>",
        ),
        (
            "<p>Ακολουθήστε μας στο <a href=/g>Google News</a> και μάθετε τα νέα πρώτοι</p>",
            "<p>Ακολουθήστε το ποτάμι στον <a href=/g>χάρτη</a> και θα βρείτε το χυτήριο.</p>"
            "<p>Εκεί έμεινε μόνο ο φούρνος, και δεν καίει πια κανείς.</p>",
        ),
        (
            "<p>Jaga: <a href=/f>Facebook</a> | <a href=/x>X</a> | <a href=/m>E-mail</a></p>",
            "<p>What the ringers wrote on <a href=/f>Facebook</a> and on <a href=/x>X</a> was read"
            " aloud in church.</p>",
        ),
        (
            "<div class=gate><h3>You have 2 free articles left this month</h3><p>Create an account"
            " to keep reading.</p></div>",
            "<div class=note><h3>To read a bell</h3><p>Articles of faith were cast into two of them"
            " and left there.</p></div>",
        ),
        (
            "<div class=box><h3>The Courier needs you</h3><p>We have no owner.</p>"
            "<a href=/d>Donate now</a></div>",
            "<div class=box><h3>The foundry needed tin</h3><p>Nobody had any, save the organist,"
            " who kept his spoons.</p></div>",
        ),
        (
            "<div class=offer><p>Bli prenumerant</p><ul><li>Korsord varje dag<li>Ingen bindningstid"
            "</ul></div>",
            "<div class=work><p>Klockan</p><ul><li>Ett hjul av ek, som knarrar varje dag<li>Ingen"
            " klang utan rep</ul></div>",
        ),
        (
            "<figure><div class=block><p>Deze video kan niet worden getoond omdat je geen"
            " marketingcookies hebt geaccepteerd.</p></div></figure>",
            "<figure class=quote><blockquote><p>Cookies bakken we hier niet, zei de gieter, en gaf"
            " mij er een.</p></blockquote></figure>",
        ),
        (
            "<p>Článek pokračuje pod reklamou</p>",
            "<p>Práce pokračuje pod střechou, a kdo chce zvonit, musí nejdřív nosit dřevo.</p>",
        ),
        (
            "<p><a href=/t>Támogatom a Völgyi Futárt</a></p>",
            "<p><a href=/t>Támogatóink nevét</a> a legnagyobb harang belseje őrzi, kívülről"
            " olvashatatlanul.</p>",
        ),
        (
            "<p>อ่านเพิ่มเติม: <a href=/1>สะพานไม้ที่เดินได้</a></p>",
            "<p>อ่านเพิ่มเติมได้จากผนังโบสถ์ ที่ซึ่งช่างหล่อระฆังเขียนชื่อของทุกคนไว้ด้วยถ่าน</p>",
        ),
    ],
    ids=[
        *("call", "app", "links", "wall", "advert", "outside", "modal", "hidden"),
        *("support", "offer", "comments", "consent", "headed links", "editor"),
        *("sharing", "wall in Italian", "promotion", "code to scan", "field for an address"),
        *("link to comments", "follow in Greek", "networks", "free articles", "donate"),
        *("binding", "cookies", "ad below", "support in Hungarian", "pointer in Thai"),
    ],
)
def test_furniture_goes_and_text_that_resembles_it_stays(goes: str, stays: str) -> None:
    frame, text = story(goes).text, story(stays).text
    plain = story("").text
    assert frame == plain, frame
    assert len(text) > len(plain) + 20, text


def test_a_heading_that_is_there_twice_for_two_screens_is_read_once() -> None:
    twice = "<h2 class=small>The roof</h2><h2 class=large>The roof</h2>"
    assert story(twice).text.count("The roof") == 1


def test_the_last_of_many_headings_of_one_make_is_kept_though_it_is_short_and_a_link() -> None:
    links = "".join(
        f"<p><strong><a href=https://other.example/{n}>{name}</a></strong></p><p>{text}</p>"
        for n, (name, text) in enumerate(zip(STEPS, PROSE, strict=False))
    )
    article = read(f"<article><h1>Links for May</h1><p>{PROSE[5]}</p>{links}</article>")
    assert [name in article.text for name in STEPS] == [True] * len(STEPS)


@pytest.mark.parametrize(
    "below", ["", "<p><img src=/i/{n}.jpg width=800 height=500></p>", "<blockquote></blockquote>"]
)
def test_headings_that_stand_above_nothing_are_the_text_where_they_are_many(below: str) -> None:
    headings = "".join(
        f"<h3>{n}. The bell of {year} is cracked.</h3>{below.format(n=n)}"
        for n, year in enumerate((1790, 1811, 1818, 1902), 1)
    )
    html = read(f"<article><h1>Four cracked bells</h1>{ps(0, 2)}{headings}</article>").html
    assert html.count("<h3>") == 4
    assert html.count("<img") == (4 if "img" in below else 0)


def test_a_single_heading_at_the_end_announces_what_was_dropped() -> None:
    related = (
        "<h2>More bells</h2><ul class=related><li><a href=/1>Tin</a><li><a href=/2>Ore</a></ul>"
    )
    assert "More bells" not in read(f"<article><h1>{TITLE}</h1>{ps()}{related}</article>").text


def test_a_note_on_the_author_goes_with_its_heading_and_a_chapter_on_authors_stays() -> None:
    note = "<h2>Written by Nina Holt</h2><p>412 followers</p><p>Nina writes about metal.</p>"
    assert "followers" not in read(f"<article><h1>{TITLE}</h1>{ps()}{note}</article>").text
    chapter = f"<h2>About the author</h2>{ps(3)}"
    assert PROSE[5] in read(f"<article><h1>{TITLE}</h1>{ps(0, 3)}{chapter}</article>").text


def test_the_captions_of_a_gallery_within_one_figure_stay_with_their_pictures() -> None:
    inner = "".join(
        f"<figure><img src=/g/{n}.jpg width=800 height=600><figcaption>{text}</figcaption></figure>"
        for n, text in enumerate(PROSE[:4])
    )
    page = f"<article><h1>{TITLE}</h1><p>{PROSE[5]}</p><figure class=gallery>{inner}"
    html = read(f"{page}<figcaption>Bells of the valley</figcaption></figure></article>").html
    places = [html.index(part) for n in range(4) for part in (f"/g/{n}.jpg", PROSE[n])]
    assert places == sorted(places)
    assert "Bells of the valley" in html


def test_the_last_picture_stays_where_it_stands_as_those_before_it_and_a_writers_goes() -> None:
    body = "".join(
        f"<div class=text><p>{text}</p></div><div class=shot><img src=/i/{n}.jpg width=800></div>"
        for n, text in enumerate(PROSE)
    )
    writer = "<div class=author-bio><img src=/w/nina.jpg width=96><p>Nina Holt was born in a"
    page = f"<article><h1>{TITLE}</h1>{body}{writer} foundry. Follow her on X.</p></div></article>"
    html = read(page).html
    assert f"/i/{len(PROSE) - 1}.jpg" in html
    assert "nina.jpg" not in html


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        ("<p><img src=/img/icon-print.svg alt=Print></p>", "<p><img src=/img/iconic-bell.jpg></p>"),
        (
            "<p><a href=https://apps.apple.com/x><img src=/badge.svg alt='Load it'></a></p>",
            "<p><a href=/full.jpg><img src=/badge.jpg width=800></a></p>",
        ),
        (
            "<div class=post-author-box><img src=/ode.jpg width=80><h4>Ode</h4></div>",
            "<div class=portrait><img src=/ode.jpg width=800></div>",
        ),
    ],
    ids=["icon", "shop", "writer"],
)
def test_pictures_amid_the_text_that_are_tools_go_and_photographs_stay(
    goes: str, stays: str
) -> None:
    assert "<img" not in story(goes).html
    assert "<img" in story(stays).html


def test_a_picture_without_an_address_is_none() -> None:
    assert "<img" not in story("<img src='#'><img src=''><img src=about:blank>").html


OTHER: Final = "Ferry gets a new captain"
OTHERS: Final = (
    "The ferry has a new captain since Monday, who drove a bus in the capital before and says that"
    " water is the easier road, since nobody parks on it.",
    "He has painted the wheel red, so that he finds it in the fog, and asks passengers to stand on"
    " the left until the engine is warm, which takes as long as a cigarette.",
    "The old captain comes along every Sunday, sits on the right, and says nothing at all until the"
    " other shore, where he always finds one thing that went well.",
    "From May on the ferry stops at the mill again, if somebody waves there with something that is"
    " not a handkerchief, for which the glasses on board are too weak.",
)


@pytest.mark.parametrize("title", [TITLE, OTHER])
@pytest.mark.parametrize("around", ["{}{}", "{}<div class=next-story>{}</div>"])
def test_of_two_articles_on_a_page_that_is_read_which_the_entry_names(
    title: str, around: str
) -> None:
    both = [
        f"<article class=story><h2>{name}</h2>{text}</article>"
        for name, text in ((TITLE, ps()), (OTHER, "".join(f"<p>{t}</p>" for t in OTHERS)))
    ]
    text = read(around.format(*both), title).text
    wanted, unwanted = (PROSE, OTHERS) if title == TITLE else (OTHERS, PROSE)
    assert all(paragraph in text for paragraph in wanted)
    assert not any(paragraph in text for paragraph in unwanted)


def test_the_next_article_is_another_where_headlines_stand_above_the_texts() -> None:
    page = (
        "<h1 class=top>{title}</h1><div class=article-body>{own}</div>"
        "<h2 class=top>{next}</h2><div class=article-body>{more}</div>"
    )
    parts = {
        "title": TITLE,
        "own": f"<p>{'</p><p>'.join((*PROSE, *STEPS))}</p>",
        "more": f"<p>{'</p><p>'.join(OTHERS)}</p>",
    }
    text = read(page.format(**parts, next=f"<a href=/2>{OTHER}</a>"), TITLE).text
    assert all(paragraph in text for paragraph in PROSE)
    assert not any(paragraph in text for paragraph in OTHERS)
    text = read(page.format(**parts, next="What the roof says"), TITLE).text
    assert all(paragraph in text for paragraph in (*PROSE, *OTHERS))


def test_chapters_of_one_article_are_no_other_articles() -> None:
    chapters = "".join(
        f"<section class=story-part><h2>{name}</h2><p>{text}</p></section>"
        for name, text in zip(STEPS, OTHERS, strict=True)
    )
    text = read(f"<article><h1>{TITLE}</h1>{ps()}{chapters}</article>").text
    assert all(paragraph in text for paragraph in (*PROSE, *OTHERS))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "<p>The tin<span class=tooltip style='display:none'>a soft metal</span> is from Wales.",
            "The tin is from Wales.",
        ),
        (
            "<h2>Roof and beams<a href=#r><span class=sr-only>Copy link to section</span></a></h2>",
            "Roof and beams",
        ),
        (
            f"<p>{''.join(f'<span style=visibility:hidden>{w} </span>' for w in STEPS)}</p>",
            " ".join(STEPS),
        ),
    ],
    ids=["note", "tool", "word by word"],
)
def test_what_is_hidden_within_a_line_goes_unless_it_is_the_line(line: str, shown: str) -> None:
    lines = story(line).text.splitlines()
    assert shown in [" ".join(each.split()) for each in lines]


def test_a_caption_that_was_never_closed_is_a_caption_and_the_text_after_it_is_text() -> None:
    figure = "<figure><img src=/f.jpg width=900><figcaption>The furnace"
    article = read(f"<article><h1>{TITLE}</h1>{ps(0, 1)}{figure}{ps(1)}</article>")
    assert all(paragraph in article.text for paragraph in PROSE)
    assert "<figcaption>The furnace</figcaption>" in article.html


def test_a_heading_beside_which_a_tool_stands_in_its_box_is_kept() -> None:
    box = "<div class=head><h2>What the roof says</h2><a class=edit href=/edit?2>Edit</a></div>"
    text = story(box).text
    assert "What the roof says" in text
    assert "Edit" not in text


@pytest.mark.parametrize("time", ["<div class=post-time>{h}:15 GMT</div>", "<p>{h}:15</p>"])
def test_times_at_the_same_place_in_every_entry_called_a_post_are_kept(time: str) -> None:
    entries = "".join(
        f"<article class=live-post>{time.format(h=18 - n)}<div class=post-body><p>{text}</p></div>"
        "</article>"
        for n, text in enumerate(PROSE)
    )
    text = read(f"<main><h1>{TITLE}</h1>{entries}</main>").text
    assert [f"{18 - n}:15" in text for n in range(len(PROSE))] == [True] * len(PROSE)


def test_readers_are_asked_to_comment_and_a_council_is_asked_by_the_text() -> None:
    asked = story("<p><em>What do you think? Let us know in the comments below.</em></p>").text
    assert "comments" not in asked
    told = story("<p>“Tell us what the bells weigh,” the council said in the comments on the roof.")
    assert "Tell us what the bells weigh" in told.text


def test_a_page_of_cards_each_above_a_call_to_read_more_keeps_its_cards() -> None:
    cards = "".join(
        f"<div class=card><a href=/{n}><h3>{name}</h3><div>{text}</div></a></div>"
        "<div class=more>Read more</div>"
        for n, (name, text) in enumerate(zip(STEPS, PROSE, strict=False))
    )
    text = read(f"<h1>What we do</h1><p>{PROSE[5]}</p><div>{cards}</div>", "What we do").text
    assert all(paragraph in text for paragraph in PROSE[: len(STEPS)])


def test_a_heading_over_comments_that_says_the_title_alone_is_not_the_headline() -> None:
    head = f'<head><meta property="og:title" content="{TITLE}"></head>'
    comments = f"<section><h2>{TITLE}</h2><p>I have heard it coming since the spring.</p></section>"
    page = f"{head}<h1>{TITLE} (bells.example) 87</h1><div class=body>{ps()}</div>{comments}"
    text = read(page, "").text
    assert all(paragraph in text for paragraph in PROSE)


def test_a_beginning_that_the_whole_text_repeats_is_read_once() -> None:
    cut = PROSE[1][:60] + "…"
    teaser = f"<div class=teaser><p>{PROSE[0]}</p><p>{cut}</p><button>Read on</button></div>"
    text = read(f"<article><h1>{TITLE}</h1>{teaser}<div class=full>{ps()}</div></article>").text
    assert text.count(PROSE[0]) == 1
    assert cut not in text
    open_end = f"<div><p>{PROSE[0]}</p><p>And then the furnace …</p></div><div>{ps(1)}</div>"
    assert "And then the furnace" in read(f"<article><h1>{TITLE}</h1>{open_end}</article>").text


def test_a_beginning_that_is_there_for_phones_too_is_read_once_in_japanese() -> None:
    said = "山あいの小さな駅に、三十年ぶりに駅員が戻ってきた。近くの農家が貸し出したヤギである。"
    both = f"<div class=pc><p>{said}</p></div><div class=sp><p>{said}</p></div>"
    assert read(f"<article><h1>{TITLE}</h1>{both}{ps()}</article>").text.count(said) == 1


def test_headings_whose_ids_are_their_words_are_judged_by_no_id() -> None:
    heading = "<h2 id=subscribe>Subscribe to the theory of gaps</h2>"
    assert "theory of gaps" in story(heading).text


def test_what_stands_before_and_after_a_table_at_the_end_is_kept() -> None:
    table = "<table><tr><th>Year</th><th>Bells</th></tr><tr><td>2022</td><td>48</td></tr></table>"
    note = "<div class=note><p>When it freezes, nobody rings.</p></div>"
    text = read(
        f"<article><h1>{TITLE}</h1>{ps()}{note}{table}<p>No bell was sold.</p></article>"
    ).text
    assert "When it freezes" in text
    assert "No bell was sold" in text


def test_a_sentence_about_cookies_is_kept_in_a_quotation_and_its_page_is_no_wall() -> None:
    quotation = "<blockquote><p>This website uses cookies to make it ring.</p></blockquote>"
    assert "uses cookies" in story(quotation).text
    words = f"<h2>Cookies</h2><p>We use cookies at sea, since bread does not keep.</p>{ps(0, 3)}"
    article = read(f"<article><h1>Words of sailors</h1>{words}</article>", "Words of sailors")
    assert article.error is None


def test_the_last_lines_of_a_text_may_speak_of_subscribers() -> None:
    said = (
        "Abonnez-vous, disait l’affiche, et la cloche vous réveillera : les abonnés se plaignirent."
    )
    assert said in read(f"<article><h1>{TITLE}</h1>{ps()}<p>{said}</p></article>").text
    called = "Abonnez-vous à notre lettre et recevez chaque vendredi les nouvelles de la cloche."
    text = read(f"<article><h1>{TITLE}</h1>{ps()}<p>{called}</p></article>").text
    assert called not in text


def test_a_chapter_that_is_called_like_a_box_is_no_box() -> None:
    chapters = f"<h2>Comments</h2>{ps(2, 4)}<h2>Related</h2>{ps(4)}"
    text = read(f"<article><h1>{TITLE}</h1>{ps(0, 2)}{chapters}</article>").text
    assert "Related" in text
    box = "<h4>Related</h4><ul><li><a href=/1>Tin rises</a><li><a href=/2>A tower leans</a></ul>"
    assert "Related" not in story(box).text


def test_named_values_above_a_text_stay_though_some_are_days() -> None:
    values = "<dl><dt>Date<dd>14 June 2026<dt>Time<dd>10:30 to 16:00<dt>Place<dd>Mill Quay</dl>"
    text = read(f"<article><h1>{TITLE}</h1>{values}{ps()}</article>").text
    assert "14 June 2026" in text
    about = "<dl><dt>Published<dd>14 June 2026<dt>By<dd>By Nina Holt</dl>"
    assert "14 June 2026" not in read(f"<article><h1>{TITLE}</h1>{about}{ps()}</article>").text


def test_a_heading_like_the_title_is_one_of_several_or_the_title_again() -> None:
    parts = f"<h2>2.4.0</h2>{ps(0, 3)}<h2>2.3.1</h2>{ps(3)}"
    text = read(f"<article><h1>Bells 2.4.0</h1>{parts}</article>", "Bells 2.4.0").text
    assert text.startswith("2.4.0")
    again = f"<h2>Bells, 2.4.0</h2>{ps(0, 3)}<h3>Tin</h3>{ps(3)}"
    text = read(f"<article><h1>Bells 2.4.0</h1>{again}</article>", "Bells 2.4.0").text
    assert "2.4.0" not in text


def test_cards_that_are_the_text_keep_their_names_and_cards_beside_it_go() -> None:
    def cards(texts: tuple[str, ...]) -> str:
        return "".join(
            f"<div class=card><a href=/{n}><h3>The bell of {name}</h3></a><p>{text}</p></div>"
            for n, (name, text) in enumerate(zip(("Lund", "Ghent", "Lyme"), texts, strict=False))
        )

    own = read(
        f"<article><h1>{TITLE}</h1><p>{PROSE[0]}</p><div>{cards(PROSE[1:4])}</div></article>"
    )
    assert "The bell of Ghent" in own.text
    beside = read(f"<article><h1>{TITLE}</h1>{ps()}</article><div>{cards(('See.',) * 3)}</div>")
    assert "The bell of Ghent" not in beside.text


@pytest.mark.parametrize("amounts", ["2 eggs|100 g tin|½ l oil", "Eggs 2 pcs|Tin 100 g|Oil, 1 cup"])
def test_ingredients_are_kept_though_each_is_a_link_and_lists_of_articles_are_not(
    amounts: str,
) -> None:
    items = "".join(f"<li><a href=/{n}>{a}</a></li>" for n, a in enumerate(amounts.split("|")))
    recipe = story(f"<h3>What you need</h3><ul>{items}</ul>").text
    assert all(amount in recipe for amount in amounts.split("|"))
    more = "10 walks that end at a foundry and start at a church|3 bells|The tower leans|The mayor"
    links = "".join(f"<li><a href=/{n}>{name}</a></li>" for n, name in enumerate(more.split("|")))
    assert "walks" not in story(f"<h3>Most read</h3><ul class=related>{links}</ul>").text


def test_the_name_of_its_column_in_each_cell_is_read_once_and_a_word_of_the_cell_stays() -> None:
    head = "<tr><th>Year</th><th>Bells</th></tr>"
    row = "<tr><td><b>Year:</b> {y}</td><td><span>{s}</span>{n}</td></tr>"
    named = "".join(row.format(y=y, n=n, s="Bells") for y, n in ((2021, 40), (2022, 48)))
    html = story(f"<table>{head}{named}</table>").html
    assert html.count("Year") == html.count("Bells") == 1
    own = "".join(row.format(y=y, n=n, s="Bells") for y, n in ((2021, " of tin"), (2022, "")))
    assert story(f"<table>{head}{own}</table>").html.count("Bells") == 3


@pytest.mark.parametrize(
    ("line", "is_text"),
    [
        ("<h2>By name</h2>", True),
        ("<p>By the thumb, from a nail.</p>", True),
        ("<p>By Nina Holt</p>", False),
        ("<p>By our correspondent</p>", False),
        ("<p>By the news desk</p>", False),
    ],
)
def test_a_line_of_who_wrote_it_goes_and_one_of_how_stays(line: str, is_text: bool) -> None:
    said = line[line.index(">") + 1 : line.rindex("<")]
    text = read(f"<article><h1>{TITLE}</h1>{line}{ps()}</article>").text
    assert (said in text) == is_text


def test_a_table_between_two_headings_is_kept_where_all_prose_stands_below_in_one_box() -> None:
    table = "<table><tr><td>1 kg</td><td><a href=/t>Tin</a></td></tr><tr><td>400 g</td><td><a"
    table += " href=/c>Copper</a></td></tr></table>"
    box = f"<h2>Metals</h2>{table}<h2>Casting</h2><div class=box>{ps(0, 2)}</div>"
    assert "<td>1 kg</td>" in read(f"<article><h1>{TITLE}</h1>{box}</article>").html


def test_a_sentence_below_the_last_list_is_kept() -> None:
    names = "".join(f"<li>{name}</li>" for name in ("Agnes Toll", "Ruth Abel", "Odd Fenner"))
    list_ = f"<p>{PROSE[0]}</p><ol>{names}</ol><p>The sixth bell was rung by the wind.</p>"
    text = read(f"<article><h1>Who rang in May</h1>{list_}</article>", "Who rang in May").text
    assert "rung by the wind" in text
