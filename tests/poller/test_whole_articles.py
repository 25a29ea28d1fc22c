"""Articles whose page is not the end of it: further pages, moves, other views, longer feeds."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from feedd import http
from feedd.article import EarlierArticle, PageInput
from feedd.model import Article, ItemDetail
from feedd.poller import engine as engines
from feedd.poller.pages.page_queue import PageQueue
from feedd.store import feeds as feed_store
from feedd.store import items
from tests.loopback import Reply
from tests.poller.conftest import House, rss
from tests.poller.stories import feed_of, own_words

HOUR_S = 3600


def part(name: str, number: int, *, after: int | None = None, head: str = "") -> bytes:
    """One page of a story, with a link to page `after`."""
    text = "".join(f"<p>{own_words(f'{name}x{number}y{n}') * 3}</p>" for n in range(4))
    following = f'<a href="/page/{name}?page={after}">Next page »</a>' if after else ""
    return (
        f"<!doctype html><html><head><title>Item {name}</title>{head}</head><body><article>"
        f"<h1>Item {name}</h1>{text}</article>{following}</body></html>"
    ).encode()


def said_on(name: str, number: int) -> str:
    return f"harbour{name}x{number}y0"


@pytest.fixture
def story(house: House) -> House:
    """A house whose feed "f" has one item, a."""
    house.set(articles="auto")
    house.feed("f")
    house.loopback.on("/f", feed_of(house.loopback, "a"))
    return house


def detail(house: House) -> ItemDetail:
    with house.reader() as db:
        return items.item(db, house.items()[0].id)


def read(house: House) -> ItemDetail:
    house.poll("f", pages=True)
    return detail(house)


def asked(house: House) -> list[str]:
    return [seen.path for seen in house.loopback.seen if not seen.path.startswith("/f")]


def test_the_pages_of_an_article_are_joined_in_order(story: House) -> None:
    story.loopback.on("/page/a", part("a", 1, after=2))
    story.loopback.on("/page/a?page=2", part("a", 2, after=3))
    story.loopback.on("/page/a?page=3", part("a", 3))
    text = read(story).content_text
    places = [text.index(said_on("a", number)) for number in (1, 2, 3)]
    assert places == sorted(places)
    assert "Item a" not in text
    assert detail(story).article_error is None


def test_an_article_is_joined_of_ten_pages_at_most_each_after_a_pause(story: House) -> None:
    story.set(article_pause_s=0.15)
    story.loopback.on("/page/a", part("a", 1, after=2))
    for number in range(2, 15):
        story.loopback.on(f"/page/a?page={number}", part("a", number, after=number + 1))
    text = read(story).content_text
    assert said_on("a", 10) in text
    assert len(asked(story)) == 10
    times = [seen.at for seen in story.loopback.seen if seen.path.startswith("/page")]
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(times))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(404), "page 2 is missing: http 404"),
        (
            Reply(403, {"cf-mitigated": "challenge"}, b"<title>Just a moment...</title>"),
            "page 2 is missing: http 403: a robot check (Cloudflare) instead of the article;"
            " open it in a browser",
        ),
        (Reply(200, {"X-Robots-Tag": "none"}, part("a", 2)), "page 2 is missing: robots"),
    ],
)
def test_a_missing_later_page_keeps_what_is_there_and_says_so(
    story: House, answer: Reply, reason: str
) -> None:
    story.loopback.on("/page/a", part("a", 1, after=2))
    story.loopback.on("/page/a?page=2", answer)
    item = read(story)
    assert said_on("a", 1) in item.content_text
    assert item.article is not None
    assert (item.content_source, item.article.note) == ("article", reason)
    assert item.article_error is None
    story.now += 5 * HOUR_S
    story.poll("f", pages=True)
    assert asked(story).count("/page/a") == 1


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes_and_says_so(story: House) -> None:
    body = part("a", 1)
    story.loopback.on("/page/a", Reply(200, {}, body[: len(body) * 2 // 3], length=len(body)))
    item = read(story)
    assert said_on("a", 1)[:20] in item.content_text
    assert item.article is not None
    assert item.article.note == "the page broke off before its end"


def test_a_later_page_that_is_refused_for_now_is_tried_again_when_allowed(story: House) -> None:
    story.loopback.on("/page/a", part("a", 1, after=2))
    story.loopback.on("/page/a?page=2", Reply(503, {"Retry-After": str(6 * HOUR_S)}))
    item = read(story)
    assert said_on("a", 1) in item.content_text
    assert item.article is not None
    assert item.article.note == "page 2 is missing: http 503"
    story.loopback.on("/page/a?page=2", part("a", 2))
    story.now += 5 * HOUR_S
    assert said_on("a", 2) not in read(story).content_text
    story.now += 2 * HOUR_S
    item = read(story)
    assert said_on("a", 2) in item.content_text
    assert item.article is not None
    assert item.article.note is None
    assert item.article_error is None


def test_a_server_that_gives_one_page_for_every_number_is_not_asked_on(story: House) -> None:
    story.loopback.on("/page/a", part("a", 1, after=2))
    story.loopback.on("/page/a?page=2", part("a", 1, after=3))
    item = read(story)
    assert item.content_text.count(said_on("a", 1)) == 3, "as often as on the page"
    assert item.article_error is None
    assert len(asked(story)) == 2


def refresh(to: str) -> bytes:
    return f"<html><head><meta http-equiv=refresh content='0; url={to}'></head></html>".encode()


def test_a_page_that_sends_its_reader_on_is_followed_once(story: House) -> None:
    story.loopback.on("/page/a", refresh("/there"))
    story.loopback.on("/there", part("a", 1))
    assert said_on("a", 1) in read(story).content_text
    assert asked(story) == ["/page/a", "/there"]


def test_a_page_that_sends_on_to_one_that_does_the_same_is_given_up(story: House) -> None:
    story.loopback.on("/page/a", refresh("/there"))
    story.loopback.on("/there", refresh("/page/a"))
    assert read(story).article_error == f"moved to {story.loopback.url('/page/a')}"
    assert len(asked(story)) == 2


def test_a_page_may_not_send_its_reader_to_an_address_that_no_redirect_may(story: House) -> None:
    story.loopback.on("/page/a", refresh("http://127.0.0.1:0/x"))
    item = read(story)
    assert item.content_source == "feed"
    assert asked(story) == ["/page/a"]


def test_a_page_that_reloads_itself_is_an_article(story: House) -> None:
    short = f"<p>{own_words('only')}</p>".encode()
    again = refresh(story.loopback.url("/page/a")).replace(b"</head>", b"</head><body>" + short)
    story.loopback.on("/page/a", again)
    item = read(story)
    assert "harbouronly" in item.content_text
    assert asked(story) == ["/page/a"]


@pytest.mark.parametrize(
    "link", ["<link rel=amphtml href=/amp/a>", "<link rel=alternate media=print href=/amp/a>"]
)
def test_another_view_is_used_where_the_page_gives_too_little(story: House, link: str) -> None:
    bare = f"<html><head>{link}</head><body><div id=app></div></body></html>"
    story.loopback.on("/page/a", bare.encode())
    story.loopback.on("/amp/a", part("a", 1))
    assert said_on("a", 1) in read(story).content_text
    assert asked(story) == ["/page/a", "/amp/a"]


def test_another_view_is_not_asked_for_where_the_page_is_enough(story: House) -> None:
    story.loopback.on("/page/a", part("a", 1, head="<link rel=amphtml href=/amp/a>"))
    read(story)
    assert asked(story) == ["/page/a"]


def test_a_wall_is_not_walked_around(story: House) -> None:
    wall = (
        "<html><head><link rel=amphtml href=/amp/a></head><body><article><p>The beginning of a"
        " story.</p><p>Subscribe to continue reading this article.</p></article></body></html>"
    )
    story.loopback.on("/page/a", wall.encode())
    story.loopback.on("/amp/a", part("a", 1))
    assert read(story).article_error == "paywall"
    assert asked(story) == ["/page/a"]


def test_a_page_shorter_than_the_feeds_own_content_never_replaces_it(house: House) -> None:
    whole = "".join(f"<p>{own_words(f'fx{n}') * 3}</p>" for n in range(5))
    house.set(articles="always")
    house.feed("f")
    described = f"A summary.]]></description><content:encoded><![CDATA[{whole}]]>"
    document = rss(("a", f"<![CDATA[{described}</content:encoded><description>"), head="").replace(
        b"<rss ", b"<rss xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    )
    document = document.replace(b"https://example.org/a", house.loopback.url("/page/a").encode())
    house.loopback.on("/f", document)
    teaser = "".join(f"<p>{own_words(f'fx{n}') * 3}</p>" for n in range(4))
    body = f"<html><body><article>{teaser}</article></body></html>"
    house.loopback.on("/page/a", body.encode())
    item = read(house)
    assert item.article_error == "shorter than the feed's own content"
    assert item.content_source == "feed"
    assert "harbourfx4" in item.content_text


def test_a_bug_met_on_one_page_costs_that_page_alone(story: House) -> None:
    story.loopback.on("/f", feed_of(story.loopback, "a", "b"))
    for name in "ab":
        story.loopback.on(f"/page/{name}", part(name, 1))

    async def clean(page: PageInput) -> Article:
        if page.url.endswith("/b"):
            raise ZeroDivisionError("strange page")
        return Article(page.url, html="<p>Fine.</p>", text="Fine.")

    async def clean_nothing_again(earlier: EarlierArticle) -> None:
        return None

    async def run() -> None:
        async with (
            engines.open_engine(story.config, clock=lambda: story.now) as engine,
            http.open_client(story.settings) as client,
        ):
            states = await engine.store.call(feed_store.feed_states, ["f"])
            await engine.poller.submit(states).finished()
            pages = PageQueue(
                story.config,
                client=client,
                clean=clean,
                clean_again=clean_nothing_again,
                store=engine.store,
                supervisor=engine.supervisor,
                clock=lambda: story.now,
            )
            async with pages:
                assert await pages.fetch_due() == 2
                assert await pages.fetch_due() == 0

    asyncio.run(run())
    with story.reader() as db:
        errors = [items.item(db, item.id).article_error for item in story.items()]
    assert sorted(error or "" for error in errors)[0] == ""
    assert any("ZeroDivisionError: strange page" in (error or "") for error in errors)


def test_nothing_that_an_article_shows_is_asked_for(story: House) -> None:
    """No image, frame, script, style or icon: neither of the feed's entry nor of the page."""
    shown = (
        '<img src="/x.png" srcset="/x2.png 2x"><picture><source srcset="/x.webp"></picture>'
        '<iframe src="/x.html"></iframe><video poster="/x.jpg" src="/x.mp4"></video>'
        '<script src="/x.js"></script><object data="/x.swf"></object><audio src="/x.mp3"></audio>'
    )
    head = '<link rel="icon" href="/x.ico"><link rel="stylesheet" href="/x.css">'
    head += '<meta property="og:image" content="/x-og.png"><link rel="preload" href="/x.woff">'
    words = part("a", 1, head=head).replace(b"<h1>", f"{shown}<h1>".encode())
    story.loopback.on("/page/a", words)
    document = feed_of(story.loopback, "a").decode()
    enclosure = f'<enclosure url="{story.loopback.url("/x.mp3")}" length="1" type="audio/mpeg"/>'
    story.loopback.on("/f", document.replace("</item>", f"{enclosure}</item>").encode())
    assert said_on("a", 1) in (read(story).content_html or "")
    assert [seen.path for seen in story.loopback.seen] == ["/f", "/page/a"]
