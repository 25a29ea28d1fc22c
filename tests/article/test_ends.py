"""What goes from above and below a text, and what looks like that and is text."""

from __future__ import annotations

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from tests.article.test_difficulties import PROSE, TITLE, ps, read, story

DECK = f"<p class=deck>{PROSE[5]}</p>"


def above(lines: str) -> str:
    return read(f"<article><h1>{TITLE}</h1>{lines}{ps(0, 5)}</article>").text


def below(lines: str) -> str:
    text = read(f"<article><h1>{TITLE}</h1><div class=text>{ps()}</div>{lines}</article>").text
    assert PROSE[5] in text
    return text


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            "<p>All rights reserved. No bell, nor a picture of one, may be printed, rung or sent"
            " to others without the written permission of the Courier and its owner.</p>",
            "<p>All rights to the sound were reserved by the parish, which rented it to nobody"
            " and gave it away at weddings.</p>",
        ),
        (
            "<p><font size=1>Site optimisé pour Internet Explorer en 800 x 600 - mise à jour le"
            " 14/06/2004</font></p>",
            "<p>On optimisa la cloche pour trois voix, et la tour fut montée à 800 x 600 pouces,"
            " comme le voulait l’évêque.</p>",
        ),
        (
            "<div id=reply><h3>댓글삭제</h3><p>삭제한 댓글은 다시 복구할 수 없습니다."
            " 그래도 삭제하시겠습니까?</p></div>",
            "<div id=part><h3>종소리</h3><p>녹인 종은 다시 복구할 수 없습니다. 그래서"
            " 마을은 팔지 않았습니다.</p></div>",
        ),
        (
            "<p>（本文来源：山城日报，转载请注明出处）</p>",
            "<p>老人说，钟声从来不用转载，请它的人都住在山下。</p>",
        ),
        (
            "<p>特别声明：以上内容为用户上传并发布，本平台仅提供信息存储服务。</p>",
            "<p>村里发表声明：以后每年铸一口钟，谁也不再等城里的消息。</p>",
        ),
        (
            "<p>The bell waits for you! Follow our WhatsApp channel for its hours.</p>",
            "<p>The bell waits for you. Follow the river, and the channel is on the left.</p>",
        ),
        (
            "<div class=support><p>We have no owner. Readers like you paid for this story about"
            " the last bell.</p><p>Our mission is to tell what the hill hears.</p></div>",
            "<div class=support><p>We had no owner for it. Readers of the psalm paid for the"
            " bell, each with a spoon.</p><p>Our mission was over.</p></div>",
        ),
        (
            "<div class=post-footer><p>Our foundry network protects bells in nine countries and"
            " <a href=/all>helps parishes</a> to hang them.</p></div>",
            "<div class=footnotes><p>Our foundry was the ninth on this hill, and no other had"
            " a second furnace.</p></div>",
        ),
        (
            "<h2>More on this story</h2><p><a href=/1>Tin rises again after a dry year</a></p>",
            "<h2>More on this bell</h2><p>It was cast <a href=/1>in a dry year</a>, when tin was"
            " cheap and water was not.</p>",
        ),
        (
            "<h2>Related posts</h2><article><p>April 24, 2024</p><h2><a href=/1>Tin rises again"
            " after a dry year</a></h2><p>We tell how it came about.</p></article><article><p>May"
            " 2, 2024</p><h2><a href=/2>A tower that leans to the east</a></h2><p>We tell who"
            " leans back.</p></article>",
            "<h2>Posts and beams</h2><article><h2>Of oak</h2><p>The oldest was felled in 1411 and"
            " still smells of resin when it rains.</p></article>",
        ),
        (
            "<div class=author-card><h4>Nina Holt</h4><p>Staff writer</p><p>Holt has written on"
            " bells since 2011 and keeps two of them.</p></div>",
            "<div class=author-quoted><h4>What is heard</h4><p>By night</p><p>Holt has heard it"
            " from the far bank, and so have her dogs.</p></div>",
        ),
        (
            "<section class=kommentare><h3>2 Kommentare</h3><div class=k><p>glockenfreund</p><p>Ich"
            " habe dort 1971 läuten gelernt, und mein Bruder auch, der heute noch taub ist.</p>"
            "</div><div class=k><p>R. Ott</p><p>Und wer bezahlt das alles? Darüber steht im Artikel"
            " wie immer kein Wort.</p></div></section>",
            "<section class=kommentare><h3>Zwei Stimmen</h3><div class=k><p>Ich habe dort 1971"
            " läuten gelernt, und mein Bruder auch, der heute noch taub ist.</p></div></section>",
        ),
        (
            "<div><p>To send flowers or plant a tree in memory of the founder, please visit our"
            " <a href=/s>store of sympathy</a>.</p></div>",
            "<div><p>To send flowers to the founder the village went to the mill, where there was"
            " <a href=/m>a garden</a> behind the wheel.</p></div>",
        ),
        (
            "<section><h2>Guest book</h2><div><p>He cast the bell that rang at my mother's wedding"
            " and at mine, and took no money for the second one, as he said.</p></div></section>",
            "<section><h2>Guests and books</h2><div><p>Each guest wrote a line in the book below"
            " the bell.</p></div></section>",
        ),
        (
            "<p>This article is for information only and is not investment advice.</p>",
            "<p>This article of faith was no advice on money, said the founder.</p>",
        ),
        (
            "<h2>Order a bell</h2><p>* indicates a required field</p>",
            "<h2>Order of the bells</h2><p>A field was required, and a dry one.</p>",
        ),
        (
            "<div class=auteur><h4>À propos de l’autrice</h4><p>Nina Holt écrit sur les cloches"
            " depuis 2011 et en garde deux.</p></div>",
            "<div class=cloche><h4>À propos de l’alliage</h4><p>On l’a pesé deux fois, et chaque"
            " fois il manquait une cuillère.</p></div>",
        ),
        (
            "<div id=foot><p>This page is also available in the following languages:</p><p>Back to"
            " the <a href=/>Courier homepage</a>.</p><p>To report a problem with the web site, send"
            " a letter, please. See the <a href=/c>contact page</a>.</p></div>",
            "<div id=feet><p>This bell is also to be heard in the following towns.</p><p>To report"
            " a fire it was rung backwards, with the large bell last.</p></div>",
        ),
    ],
)
def test_what_ends_a_page_goes_from_below_and_the_last_words_stay(goes: str, stays: str) -> None:
    assert below(goes) == below("")
    assert below(stays) != below("")


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            f"{DECK}<p>Nina Holt, May 3rd, 2026, 6 AM ET</p>",
            f"{DECK}<p>On May 3rd, 2026 the last of them was rung.</p>",
        ),
        (f"{DECK}<p>May 3rd, 2026</p>", f"{DECK}<h2>May 3rd, 2026</h2>"),
        (
            "<p>By Nina Holt, a senior reporter who covers bells, towers and what hangs in"
            " them. She was a ringer.</p>",
            "<p>By nine o’clock the yard was full, and a reporter stood on the cart to see the"
            " last of them go.</p>",
        ),
        ("<p>South East correspondent</p>", "<p>South East wind</p>"),
        (
            "<ul><li><a href=/a>Article</a><li><a href=/t>Talk</a><li><a href=/h>History</a></ul>",
            "<ul><li>Two men are left.<li>One furnace is cold.</ul>",
        ),
        (
            "<ul><li>印刷する<li>メールでシェアする</ul>",
            "<h2>Needed</h2><ul><li>Tin<li>Copper<li>Time</ul>",
        ),
        (
            "<p>This post is also available in <a href=/de>Deutsch</a> and <a href=/ja>日本語</a>.",
            "<p>This bell is also available in <a href=/t>tin</a>, which nobody has ordered yet.",
        ),
    ],
)
def test_what_stands_above_a_text_goes_and_its_beginning_stays(goes: str, stays: str) -> None:
    deck = DECK if DECK in goes else ""
    assert above(goes) == above(deck)
    assert above(stays) != above(deck)


def test_a_box_with_a_hint_right_below_the_last_words_is_kept_with_its_heading() -> None:
    hint = "Wer im Rollstuhl kommt, nimmt den Eingang am Hof, von dem aus eine Rampe hinabführt."
    box = f"<div class='frame info-box'><h4>Tipp</h4><p>{hint}</p></div>"
    body = f"<div class=text>{ps()}{box}</div><div class=back><a href=/>Zurück</a></div>"
    text = read(f"<article><h1>{TITLE}</h1>{body}</article>").text
    assert f"Tipp\n\n{hint}" in text
    assert "Zurück" not in text


def test_the_last_of_several_boxes_of_one_make_is_kept_as_the_others_are() -> None:
    years = ("1811: the furnace is lit", "1903: a bell for the sea", "2026: the last bell is cast")
    boxes = "".join(
        f"<div class=year><span class=when>{year[:4]}</span><p>{year[6:].capitalize()}.</p></div>"
        for year in years
    )
    body = f"<div class=text>{ps()}<div class=years><h3>Years</h3>{boxes}</div></div>"
    text = read(f"<article><h1>{TITLE}</h1>{body}<h3>Tags</h3><a href=/t>Tin</a></article>").text
    assert "The last bell is cast." in text
    assert "Tags" not in text


def test_a_foot_that_was_never_closed_above_the_text_takes_no_paragraph_with_it() -> None:
    text = read(f"<article><h1>{TITLE}</h1><footer>By Nina Holt{ps()}</article>").text
    assert all(paragraph in text for paragraph in PROSE)


def test_a_centred_line_below_a_centred_picture_is_its_caption_unless_all_lines_are() -> None:
    centred = "<p style='text-align:center'>{}</p>"
    picture = centred.format("<img src=/bell.jpg width=900 height=600>")
    line = centred.format("Marta Kovac in front of the furnace")
    assert "in front of the furnace" not in story(picture + line).text
    assert "in front of the furnace" in story(picture + line + centred.format("in May")).text
    assert "<figcaption>" in story(picture + line).html


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        (
            "<div class=wp-block-group><h3>Ready to cast your own bell?</h3><p>Get our free guide"
            " of 30 pages and start today.</p><a class=wp-block-button__link href=/g>Download"
            "</a></div>",
            "<div class=wp-block-group><h3>How to cast a bell</h3><p>Get the tin first, and"
            " <a href=/g>weigh it</a> twice, once wet.</p></div>",
        ),
        (
            "<div class=poll-widget><div>Which bell would you ring?</div><div>The large one"
            " 61%</div><div>The cracked one 39%</div></div>",
            "<div class=pollard><p>Which bell would you ring? The large one, said 61 of a hundred,"
            " and the cracked one the rest.</p></div>",
        ),
        (
            "<div id=post-form><h2>Your Answer</h2><p>Thanks for contributing an answer to Bells."
            "</p><textarea></textarea></div>",
            "<div id=post><h2>Your answer is bronze</h2><p>Thanks are due to whoever contributed"
            " the tin.</p></div>",
        ),
        (
            "<div id=siteSub>From Bellpedia, the free encyclopedia</div><a href=#head>Jump to"
            " navigation</a><a href=#search>Jump to search</a>",
            "<div id=site>From Belfort, the free town, came the copper.</div>",
        ),
        (
            "<div class=viewing>1 Guest is viewing this topic.</div>",
            "<p>One guest was viewing the bell when the rope broke, and 2 members held him.</p>",
        ),
        (
            "<p class=tools><img src=/i/mail.svg alt=Mail><img src=/i/print.svg alt=Print></p>",
            "<p class=plans><img src=/i/mould.svg alt='The mould'><img src=/i/core.svg"
            " alt='The core'></p>",
        ),
        (
            "<p>Story continues</p>",
            "<p>The story continues with the second bell, which nobody had ordered.</p>",
        ),
        (
            "<div class=box><h3>About the author</h3><p>Nina Holt has written on metal since 2011"
            " and lives with two goats.</p></div>",
            "<h3>About the author</h3><p>Whoever scratched these words into the clay had learned to"
            " write from a left-handed clerk.</p>",
        ),
        (
            "<aside class=author-card><h4>Nina Holt</h4><p>Nina Holt has written on metal since"
            " 2011 and lives with two goats.</p></aside>",
            "<div class=profile><h4>Agnes Bell</h4><p>Agnes Bell poured the tin from 1881 to 1912."
            " She wore a man's cap, and was fined for swearing at a bishop.</p></div>",
        ),
    ],
)
def test_what_asks_the_reader_amid_a_text_goes_and_what_tells_them_stays(
    goes: str, stays: str
) -> None:
    assert story(goes).html == story("").html
    assert story(stays).html != story("").html


def test_a_page_that_is_made_of_boxes_with_buttons_keeps_them() -> None:
    box = "<div class=box><h3>Bell {n}</h3><p>Get our {n} bell, cast on the hill and tuned by hand."
    box += "</p><a class=btn href=/{n}>Order</a></div>"
    text = story(box.format(n="large") + box.format(n="small")).text
    assert "large bell, cast" in text
    assert "small bell, cast" in text


def test_structured_data_in_single_quotes_says_who_wrote_it() -> None:
    data = """{'@type': 'NewsArticle', 'headline': 'The bell\\'s "voice"',
        'author': {'@type': 'Person', 'name': 'Nina Holt'},}"""
    script = f"<script type='application/ld+json'>{data}</script>"
    article = read(f"{script}<article><h1>{TITLE}</h1>{ps()}</article>")
    assert article.byline == "Nina Holt"


def test_a_page_whose_title_has_a_tail_is_the_entrys_in_chinese_too() -> None:
    told = "老人每天清晨都会上山，把炉子里的灰扫干净，然后坐在门口等第一班车。" * 6
    page = "<title>最后一口大钟铸成之后--社会·法治--新闻网</title><h1>{}</h1><p>{}</p>"
    body = page.format("最后一口大钟铸成之后", told).encode()
    url = "https://news.example/1"
    article = clean_page(PageInput(body, url, "text/html", title="最后一口大钟，铸成之后"))
    assert (article.error, article.title) == (None, "最后一口大钟铸成之后")
    other = PageInput(body, url, "text/html", title="市政府公布明年春季地铁延长线施工安排与票价")
    assert "not the entry's" in (clean_page(other).error or "")


@pytest.mark.parametrize(
    "heading",
    [
        "Comments (2)",
        "2 Kommentare",
        "2 commentaires",
        "Deja una respuesta",
        "Deixe um comentário",
        "Geef een reactie",
        "Komentarze: 2",
        "Napsat komentář",
        "Vélemény, hozzászólás?",
        "2 комментария",
        "Залишити відповідь",
        "Bir yanıt yazın",
        "اترك تعليقاً",
        "כתיבת תגובה",
        "2件のコメント",
        "댓글 2",
        "2条评论",
        "Tinggalkan Balasan",
    ],
)
def test_comments_are_no_text_below_a_heading_in_any_language(heading: str) -> None:
    said = "<div><p>I heard that bell as a child, every Sunday, and I miss it still.</p></div>"
    assert "as a child" not in below(f"<h3>{heading}</h3>{said * 2}")


def test_a_count_of_comments_among_what_leads_a_text_takes_none_of_it() -> None:
    facts = "".join(f"<li>Bell {n}: 1.2 m, 940 kg, of 1{n}04, rung by hand</li>" for n in range(9))
    lead = f"<ul class=facts>{facts}</ul><p>Comments: 37</p>"
    told = read(f"<h1>{TITLE}</h1><div>{lead}</div><div class=story>{ps()}{ps()}</div>").text
    assert PROSE[0] in told


@pytest.mark.parametrize("said", ["Sources", "Quellen:", "Références", "Kaynaklar", "参考资料"])
@pytest.mark.parametrize("box", ["<div>{}</div>", "<section class=sources>{}</section>"])
def test_the_sources_of_a_text_are_its_own_though_they_lead_elsewhere(said: str, box: str) -> None:
    names = ("Accounts of the parish, 1816", "A book of bells", "Minutes of the town")
    items = "".join(f"<li><a href=https://archive.example/{n[0]}>{n}</a>" for n in names)
    text = below(box.format(f"<h3>{said}</h3><ul>{items}</ul>"))
    assert all(name in text for name in (said, *names))
    own = items.replace("https://archive.example", "https://www.courier.example")
    assert names[0] not in below(box.format(f"<h3>{said}</h3><ul>{own}</ul>"))
    assert names[0] not in below(box.format(f"<h3>Related</h3><ul>{items}</ul>"))


def test_the_tags_below_the_sources_of_a_text_are_none_of_them() -> None:
    source = "<p><a href=https://archive.example/a>Accounts of the parish, 1816</a></p>"
    text = below(f"<p><b>Sources</b></p>{source}<p>Tags: <a href=/t/tin>Tin</a></p>")
    assert "Accounts" in text
    assert "Tin" not in text


def test_a_long_bibliography_is_not_read_for_its_name() -> None:
    items = "".join(f"<li><a href=https://books.example/{n}>Bells, part {n}</a>" for n in range(40))
    assert "part 7" not in below(f"<div><h3>References</h3><ul>{items}</ul></div>")
