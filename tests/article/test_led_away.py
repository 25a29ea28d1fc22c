"""What leads away, sells, or stands in for a film amid a text, in many languages, and text that is
like it; and which of several articles on a page is the one that was asked for.
"""

from __future__ import annotations

import pytest

from tests.article.test_difficulties import PROSE, TITLE, ps, read, story

OTHER = (
    "The ferry below the town is to be painted green again, as it was when the king came by.",
    "Two painters have offered to do it for the price of the paint, and one for half of that.",
    "The council will decide in March, when the ice is gone and the hull can be looked at.",
    "Until then the ferry goes every hour, and the bell at the landing rings it in and out.",
    "Nobody remembers who chose the green, or what the colour was before that summer.",
    "An old photograph at the inn shows a dark hull, but it shows everything dark.",
    "The ferryman would like it white, so that the fog takes longer to hide it from the bank.",
)


@pytest.mark.parametrize(
    ("goes", "stays"),
    [
        pytest.param(
            "<p>→ <a href=/f>The ferry is painted green</a></p>",
            "<p>→ That way, says the sign, to <a href=/f>the ferry</a> and to the mill.</p>",
            id="a link behind an arrow",
        ),
        pytest.param(
            "<p>👉 <a href=/f>The ferry is painted green</a></p>",
            "<ul><li>→ <a href=/f>The ferry is painted green</a></li></ul>",
            id="a link behind a hand, and a list of such",
        ),
        pytest.param(
            "<p><span>شاهد أيضًا:</span> <a href=/f>بالفيديو.. لحظة إنقاذ سلحفاة من الشباك</a></p>",
            "<p>شاهد أيضًا كيف <a href=/f>أنقذ الصياد سلحفاة</a> من الشباك قبل أن يعود.</p>",
            id="a film to see in Arabic",
        ),
        pytest.param(
            "<p>Anzeige – <b>weiterlesen</b></p>",
            "<p>Anzeige – Ferry is painted green</p>",
            id="labels in a row",
        ),
        pytest.param(
            "<p>โฆษณา - อ่านบทความต่อด้านล่าง</p>",
            "<p>โฆษณา - The first word that she could read, on a wall of the foundry.</p>",
            id="that the text goes on behind an advertisement",
        ),
        pytest.param(
            "<p>Sprawdź cenę: <a rel='sponsored nofollow' href=/s/z>Mały dzwon</a></p>",
            "<p>Kup taniej: <a href=https://s.example/z>o małym dzwonie</a></p>",
            id="a link that is paid for",
        ),
        pytest.param(
            "<p>Článek obsahuje affiliate odkazy na zvony.</p>",
            "<p>Článek obsahuje soupis zvonů a odkazy na věže.</p>",
            id="notes on commissions in Czech",
        ),
        pytest.param(
            "<p>Jeśli kupisz dzwon przez link afiliacyjny, otrzymamy prowizję.</p>",
            "<p>Kto kupi dzwon przez kowala, temu kowal odda prowizję.</p>",
            id="notes on commissions in Polish",
        ),
        pytest.param(
            "<p>当サイトの記事はアフィリエイト広告を利用しています。</p>",
            "<p>当サイトの記事は鐘の音をすべて録音しています。</p>",
            id="notes on commissions in Japanese",
        ),
        pytest.param(
            "<div class=box><p>Per vedere il video devi accettare i cookie.</p></div>",
            "<div class=box><p>Per vedere le campane si sale la torre di notte.</p></div>",
            id="what stands in for a film in Italian",
        ),
        pytest.param(
            "<div class=box><p>Du måste godkänna alla kakor för att se filmen.</p></div>",
            "<div class=box><p>Man måste godkänna alla klockor innan de får ringa.</p></div>",
            id="what stands in for a film in Swedish",
        ),
        pytest.param(
            "<div class=k><b>종</b><ul><li>모든 종소리 듣기</li></ul>"
            "<a href=/subscribe>가입</a></div>",
            "<div class=k><b>종</b><ul><li>모든 종소리 듣기</li></ul><a href=/bells>종탑</a></div>",
            id="benefits above a link to where one subscribes",
        ),
        pytest.param(
            "<div class=k><b>鐘の会</b><p>鐘を聞き放題にします</p><a href=/k>会員登録</a></div>",
            "<div class=k><b>鐘の会</b><p>鐘を聞き放題にします</p><a href=/k>鐘の表</a></div>",
            id="benefits above a button to subscribe in Japanese",
        ),
        pytest.param(
            "<p>+++ <a href=/f>The ferry is painted green</a> +++</p>",
            "<p>+ <b>The ferry</b> is painted green, says <a href=/f>the other paper</a>.</p>",
            id="a link between signs",
        ),
        pytest.param(
            "<p><b>ARTICOLUL CONTINUĂ DUPĂ RECLAMĂ</b></p>",
            "<p><b>CLOPOTUL CONTINUĂ DUPĂ MIEZUL NOPȚII</b></p>",
            id="labels in Romanian capitals",
        ),
        pytest.param(
            "<p><small>Juttu jatkuu mainoksen jälkeen</small></p>",
            "<p><small>Juttu jatkuu kellon jälkeen</small></p>",
            id="labels in Finnish",
        ),
        pytest.param(
            "<p><em>Vezi aici: <a href=/f>Bacul e vopsit în verde</a></em></p>",
            "<p><em>Vezi aici, sub clopot, <a href=/f>bacul e vopsit în verde</a> de azi.</em></p>",
            id="pointers that say here",
        ),
        pytest.param(
            "<p>AYRICA BAKINIZ: <a href=/f>İskele yeşile boyandı</a></p>",
            "<p>AYRICA ÇANLAR: <a href=/f>İskele yeşile boyandı</a> derken çalar.</p>",
            id="pointers in Turkish capitals",
        ),
        pytest.param(
            "<p>Artikeln innehåller reklamlänkar till klockor.</p>",
            "<p>Artikeln innehåller länkar mellan klockor och torn.</p>",
            id="notes on commissions in Swedish",
        ),
        pytest.param(
            "<p><em>Juttu sisältää mainoslinkkejä kelloihin.</em></p>",
            "<p><em>Juttu sisältää kaikki linkit kelloihin.</em></p>",
            id="notes on commissions in Finnish",
        ),
        pytest.param(
            "<div class=k><h3>Lonceng</h3><ul><li>Dengar semua lonceng</li></ul><a href=/langganan>"
            "Sekarang</a></div>",
            "<div class=k><h3>Lonceng</h3><ul><li>Dengar semua lonceng</li></ul><a href=/menara>"
            "Menara</a></div>",
            id="benefits in Indonesian",
        ),
        pytest.param(
            "<div class=teaser><h2><a href=/f>Ferry painted</a></h2><p>The ferry is green, and its"
            " captain says it always was.</p></div>",
            "<div class=box><h2>Ferry painted</h2><p>The ferry is green, and its captain says it"
            " always was.</p></div>",
            id="what stands below the link of a teaser",
        ),
        pytest.param(
            "<p>Berita lonceng ada di <a href=https://news.google.com/p/x>Google News</a>, ikuti"
            " kami.</p>",
            "<p>Berita lonceng ada di <a href=https://news.google.com/p/x>Google News</a>, kata"
            " walikota.</p>",
            id="where to follow a channel in Indonesian",
        ),
        pytest.param(
            "<p>Chcesz słyszeć dzwony? <a href=/app>Pobierz naszą aplikację</a> i słuchaj.</p>",
            "<p>Chcesz słyszeć dzwony? <a href=/app>Aplikację odlewni</a> napisał kowal.</p>",
            id="an app behind a question in Polish",
        ),
        pytest.param(
            "<p><em>The Courier is a nonprofit newsroom. Please <a href=/donate>consider a gift</a>"
            " today.</em></p>",
            "<p>The foundry was never nonprofit, and its <a href=/bells>last gift</a> was"
            " a bell.</p>",
            id="a plea with a link to where one gives",
        ),
        pytest.param(
            "<p><b>আরও পড়ুন: <a href=/f>নৌকা সবুজ রঙে রাঙানো হবে</a></b></p>",
            "<p><b>আরও বলেন: <a href=/f>নৌকা সবুজ রঙে রাঙানো হবে</a> বলে শহর ভাবে।</b></p>",
            id="pointers in Bengali",
        ),
        pytest.param(
            "<div class=k><p>Today’s sponsor</p><p>Northrope spins <a href=/n>ropes for bells</a>,"
            " and takes a tenth off for readers.</p></div>",
            "<div class=k><p>Today’s ringer</p><p>Northrope spins <a href=/n>ropes for bells</a>,"
            " and takes a tenth off for ringers.</p></div>",
            id="the box of a sponsor",
        ),
        pytest.param(
            "<p>You get this letter since you rang the bell. <a href=/u>Unsubscribe</a> here.</p>",
            "<p>You get this letter if you ring the bell at <a href=/u>the foundry</a> twice.</p>",
            id="how to get no more letters",
        ),
        pytest.param(
            "<p><a href=/print>Imprimer la recette</a></p>",
            "<p><a href=/print>Imprimer la gazette</a> à la main fut son premier métier.</p>",
            id="a button that prints a recipe",
        ),
        pytest.param(
            "<div class=k><h3>Republish this story</h3><p>You may print it elsewhere, in words"
            " and with a link.</p></div>",
            "<div class=k><h3>Ring this story</h3><p>You may ring it elsewhere, in chimes"
            " and with a rope.</p></div>",
            id="how to print a text elsewhere",
        ),
    ],
)
def test_what_leads_away_goes_and_what_only_looks_so_stays(goes: str, stays: str) -> None:
    words = [part.split("<")[0].strip(" →👉") for part in goes.split(">")]
    said = max(words, key=len)
    assert said not in story(goes).text
    words = [part.split("<")[0].strip(" →👉") for part in stays.split(">")]
    assert max(words, key=len) in story(stays).text


def test_a_page_of_links_behind_arrows_keeps_them() -> None:
    lines = "".join(f"<p>→ <a href=/{n}>{text}</a></p>" for n, text in enumerate(OTHER))
    article = read(f"<article class=story><h1>{TITLE}</h1>{ps(0, 3)}{lines}</article>")
    assert all(text in article.text for text in OTHER)


def test_of_two_stories_under_one_headline_the_entrys_stays() -> None:
    def part(name: str, text: str) -> str:
        return f"<article class=story><h2>{name}</h2><div class=story-text>{text}</div></article>"

    other = part("Ferry to be painted green", "".join(f"<p>{text}</p>" for text in OTHER))
    own = part(TITLE, ps())
    for both in (other + own, own + other):
        article = read(f"<h1>Two stories for a long weekend</h1>{both}")
        assert all(text in article.text for text in PROSE)
        assert not any(text in article.text for text in OTHER)


def test_a_chapter_that_is_called_what_the_entry_is_called_is_not_all_of_the_page() -> None:
    chapters = f"<h2>{TITLE}</h2>{ps()}<h2>The ferry</h2>" + "".join(f"<p>{t}</p>" for t in OTHER)
    article = read(f"<article class=story><h1>What this week brought</h1>{chapters}</article>")
    assert all(text in article.text for text in (*PROSE, *OTHER))


def test_the_next_article_goes_though_its_box_alone_is_like_the_first_ones() -> None:
    first = (
        f"<article class=article><h1>{TITLE}</h1><div class=article__body>{ps()}</div></article>"
    )
    text = "".join(f"<p>{text}</p>" for text in OTHER)
    below = (
        "<div class=endless><div class=article><h1>Ferry to be painted green</h1>"
        f"<div class=article__body>{text}</div></div></div>"
    )
    article = read(first + below)
    assert all(text in article.text for text in PROSE)
    assert not any(text in article.text for text in OTHER)
