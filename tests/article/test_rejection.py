"""Pages that answer, but not with the article."""

from __future__ import annotations

from typing import Any

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from tests.article import pages

URL = "https://example.org/a"
PROSE = (
    "<p>"
    + "The council met for the third time this year, and again no vote was taken. " * 3
    + "</p>"
)


def error(body: str, **fields: Any) -> str | None:
    given = {
        "body": f"<html><body>{body}</body></html>".encode(),
        "url": URL,
        "content_type": "text/html",
    }
    return clean_page(PageInput(**(given | fields))).error


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{PROSE}<p>To read the full story, subscribe now.</p></article>",
        f'<script type="application/ld+json">{{"@type":"NewsArticle","isAccessibleForFree":false}}'
        f"</script><article>{PROSE}</article>",
        f'<meta property="article:content_tier" content="locked"><article>{PROSE}</article>',
        f"<article>{PROSE}<p>Already a subscriber? Sign in.</p></article>",
    ],
)
def test_a_paywalled_stub_is_said_to_be_one(body: str) -> None:
    assert error(body) == "paywall"


def told_paid(selector: str) -> str:
    part = f'{{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":"{selector}"}}'
    return (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","isAccessibleForFree":"False"'
        f',"hasPart":{part}}}</script>'
    )


PAID = "".join(
    f"<p>{line}</p>"
    for line in (
        "The mayor had the clerk read out the three letters, and nobody in the hall said a word.",
        "After the second reading the lights went out, which was the fuse, says the caretaker.",
    )
)


@pytest.mark.parametrize(
    ("selector", "box"),
    [(".rest", "class='text rest blurred'"), ("#rest", "id=rest"), ("div.rest", "class=rest")],
)
def test_a_short_text_that_is_there_behind_its_wall_is_an_article(selector: str, box: str) -> None:
    wall = "<div class=paywall><h2>Read on for less than a coffee</h2></div>"
    assert error(f"{told_paid(selector)}<article>{PROSE}{wall}<div {box}>{PAID}</div>") is None


@pytest.mark.parametrize(
    ("selector", "rest"),
    [
        (".rest", ""),
        (".rest", "<div class=rest></div>"),
        (".rest", "<div class=rest><p>The mayor had the clerk read out the letters.</p></div>"),
        (".rest", f"<div class=rest>{PAID}<p>To read the full story, subscribe now.</p></div>"),
        (".other", f"<div class=rest>{PAID}</div>"),
        (".rest", f"<div class=rest><div class=rest>{PAID.partition('</p>')[0]}</p></div></div>"),
        (".rest > p", f"<div class=rest>{PAID}</div>"),
    ],
)
def test_of_a_text_whose_paid_part_is_not_there_what_is_left_is_no_article(
    selector: str, rest: str
) -> None:
    assert error(f"{told_paid(selector)}<article>{PROSE}{rest}</article>") == "paywall"


def test_a_long_article_that_mentions_subscribers_is_no_stub() -> None:
    assert error(f"<article>{PROSE * 12}<p>Subscribe to continue reading us.</p></article>") is None


@pytest.mark.parametrize(
    "asks",
    [
        "Vérification que vous êtes un humain. Cela peut prendre quelques secondes.",
        "Wir überprüfen, ob Sie ein Mensch sind, bevor es weitergeht auf unseren Seiten.",
        "로봇이 아닙니다 버튼을 눌러 주세요. 그러면 다음 페이지로 이동합니다. 감사합니다.",
    ],
)
def test_a_check_for_robots_is_no_article_in_any_language(asks: str) -> None:
    assert error(f"<main><p>{asks}</p></main>") == "bot-wall"


def test_a_consent_page_is_no_article() -> None:
    body = (
        "<main><p>We and our partners use cookies. By clicking accept you consent to cookies for "
        "ads "
        "and analytics, and to our partners storing cookies.</p><p>Manage cookies and consent at "
        "any "
        "time in the privacy settings.</p></main>"
    )
    assert error(body) == "consent-page"
    assert error(PROSE, url="https://consent.example.org/collect") == "consent-page"


def test_a_meta_refresh_is_recognised() -> None:
    body = '<meta http-equiv="refresh" content="0; url=/moved"><p>One moment.</p>'
    assert error(body) == "moved to https://example.org/moved"


def test_a_robot_check_is_no_article() -> None:
    assert error("<p>Just a moment... Enable JavaScript and cookies to continue</p>") == "bot-wall"


@pytest.mark.parametrize("body", ["", "<script>render()</script>", "<p> </p>"])
def test_an_empty_page_says_so(body: str) -> None:
    assert error(body) == "no-text"


def test_a_text_shorter_than_the_feeds_never_replaces_it() -> None:
    assert "shorter" in str(error(PROSE, feed_text="word " * 400))


def test_a_page_about_something_else_is_not_the_entrys_article() -> None:
    reason = error(
        PROSE * 10,
        title="Volcano erupts beneath Icelandic glacier",
        summary_text="Scientists evacuated three villages yesterday after ash reached Reykjavik.",
    )
    assert reason is not None
    assert "not the entry's article" in reason


def test_a_summary_in_another_script_says_nothing_against_a_page_that_is_an_article() -> None:
    page = f"<html><head><meta property=og:type content=article></head><body>{PROSE * 5}"
    summary = "三位老师傅在老邮局里修理停走的钟，居民只需写一页家里的故事。"
    assert error(page, title="老邮局里的钟表医生", summary_text=summary) is None
    assert error(PROSE * 5, title="老邮局里的钟表医生", summary_text=summary) is not None


def test_a_page_about_something_else_is_not_the_entrys_in_korean() -> None:
    said = "종탑에서 황새를 세는 할머니가 사십 년 동안 매일 적은 공책을 이제 연구자들이 읽는다."
    told = (
        "<p>사십 년 동안 황새를 적은 공책이 종탑에 있었고, 연구자들은 할머니와 저녁마다 읽었다.</p>"
    )
    other = "<p>갯벌 버스가 다시 달리고 폐교에는 자전거 공방이 들어섰으며 고양이 지도가 나왔다.</p>"
    assert error(told * 4, title="새를 세다", summary_text=said) is None
    assert "not the entry's" in str(error(other * 4, title="새를 세다", summary_text=said))


def test_a_page_that_describes_itself_as_the_feed_does_is_the_entrys() -> None:
    said = "Scientists evacuated three villages yesterday after ash reached the northern harbour."

    def refused(description: str) -> str | None:
        body = f"<meta name=description content='{description}'>{PROSE * 5}"
        return error(body, title="What the glacier hid", summary_text=said)

    assert refused(said) is None
    assert "not the entry's article" in str(refused("All the news of the day."))


def test_missing_summary_words_lower_the_confidence() -> None:
    body = pages.blockquotes()
    near = "Lavrov and Kerry spoke by phone about the Syrian situation and the political process"
    far = "Unrelated gardening advice concerning tulips, compost, watering schedules, spades, Kerry"
    sure = clean_page(PageInput(body, URL, summary_text=near, title=pages.TITLE)).confidence
    unsure = clean_page(PageInput(body, URL, summary_text=far, title=pages.TITLE)).confidence
    assert sure > unsure + 0.2


def test_what_the_page_says_about_itself_is_read() -> None:
    head = (
        '<html lang="de-AT"><head><title>Der Titel | Die Zeitung</title>'
        '<meta property="article:published_time" content="2024-05-01T10:00:00+02:00">'
        '<meta name="author" content="A. Autorin"><meta property="og:image" content="/lead.jpg">'
        "</head><body>"
    )
    article = clean_page(PageInput((head + PROSE * 5).encode(), URL, "text/html"))
    assert article.title == "Der Titel"
    assert article.byline == "A. Autorin"
    assert article.published == 1714550400
    assert article.lead_image == "https://example.org/lead.jpg"
    assert article.language == "de-AT"


def test_a_long_article_about_cookies_and_consent_is_no_consent_page() -> None:
    about = (
        "<p>The court ruled that consent to cookies under the GDPR has to be given freely, and "
        "that a wall of cookies before a page of news is not a free choice.</p>"
    )
    assert error(f"<article>{about * 15}</article>") is None


@pytest.mark.parametrize("path", ["/consent", "/cookie-wall?to=/story", "/privacywall/a"])
def test_a_page_at_the_address_of_a_consent_wall_is_no_article(path: str) -> None:
    assert error(f"<article>{PROSE}</article>", url=f"https://example.org{path}") == "consent-page"


def test_a_story_whose_address_only_begins_like_a_walls_is_read() -> None:
    for path in ("consenting-adults", "consent-of-the-governed", "2026/consent-law/"):
        url = f"https://example.org/{path}"
        assert error(f"<article>{PROSE * 3}</article>", url=url) is None


@pytest.mark.parametrize("name", ["Page not found", "Página no encontrada", "Sign in", "ログイン"])
def test_an_error_or_a_login_is_no_article_unless_the_entry_is_called_so(name: str) -> None:
    page = f"<title>{name} | The Post</title><h1>{name}</h1>{PROSE}"
    assert error(page, title="Bridge is open") == "error-or-login-page"
    assert error(page, title=name) is None
    assert error(page, title="") is None
    assert error(f"<h1>{name}</h1>{PROSE * 5}", title="Bridge is open") is None


@pytest.mark.parametrize(
    ("title", "summary", "is_own"),
    [
        (
            "Volcano wakes in Iceland",
            "There was since smoke above villages, geologists said.",
            False,
        ),
        ("火山が目を覚ます", "氷河の下で火山が噴火し、三つの村が避難した。", False),
        ("渡し船が終わる", "町議会は小さな緑の船をやめると火曜の夜に決めた。", True),
    ],
)
def test_common_words_do_not_make_a_page_the_entrys(title: str, summary: str, is_own: bool) -> None:
    english = "There was since twice the noise than before, and the bells had rung behind it. "
    japanese = (
        "町議会は火曜の夜、四時間の審議の末に、小さな緑の渡し船をやめると決めた。バスは無料。"
    )
    text = (english if title.isascii() else japanese) * 4
    refused = error(f"<h1>Front page</h1><p>{text}</p>", title=title, summary_text=summary)
    assert (refused is None) is is_own, refused


def test_a_text_that_speaks_of_reading_on_amid_its_prose_is_no_stub() -> None:
    climb = "<p>To read the full plan, one has to climb to the attic of the town hall.</p>"
    assert error(f"<article>{PROSE * 2}{climb}{PROSE * 2}</article>") is None
    assert error(f"<article>{PROSE * 4}{climb}</article>") == "paywall"
