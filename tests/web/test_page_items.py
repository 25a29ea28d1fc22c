"""A page without a feed: what the user's selectors find on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.errors import ParseError
from feedd.web.page_items import ItemSelectors, PageItem, page_items

URL = "https://town.example/news/"
PAGE = """<!doctype html><html lang="de"><head><title> Town
 news</title></head><body><nav><a href="/">Home</a></nav>
<article><h2><a href="one">First  <i>item</i></a></h2><time datetime="2026-11-20">20 Nov</time>
  <p>All of <b>it</b>.</p><a href="more">More</a></article>
<article><a href="/two"><h3>Second</h3></a><time>19 November 2026</time></article>
<a href="three"><article class="card"><img alt="A picture of three"></article></a>
<article><h2>Leads nowhere</h2></article>
<article><a href="javascript:alert(1)">Evil</a></article>
</body></html>"""


def found(selector: str, **others: str) -> tuple[PageItem, ...]:
    return page_items(PAGE, URL, ItemSelectors(selector, **others)).items


def test_each_match_is_an_item_by_its_link_its_heading_and_its_time() -> None:
    page = page_items(PAGE, URL, ItemSelectors("article"))
    assert (page.title, page.language, page.without_link) == ("Town news", "de", 2)
    assert not page.cut
    assert page.items == (
        PageItem("https://town.example/news/one", "First item", "2026-11-20"),
        PageItem("https://town.example/two", "Second", "19 November 2026"),
        PageItem("https://town.example/news/three", "A picture of three"),
    )


def test_a_match_that_is_a_link_is_the_item() -> None:
    assert found("article h2 a") == (PageItem("https://town.example/news/one", "First item"),)
    assert found("h3") == (PageItem("https://town.example/two", "Second"),), "the link around it"


def test_selectors_say_where_link_title_date_and_text_are() -> None:
    (item,) = found("article:has(p)", link="p ~ a", title="b", date="p", text="p")
    assert item == PageItem(
        "https://town.example/news/more", "it", "All of it.", "<p>All of <b>it</b>.</p>"
    )
    (itself,) = found("nav a", link="a", title="a", date="a", text="a")
    assert itself == PageItem("https://town.example/", "Home", "Home", '<a href="/">Home</a>')
    assert found("article:has(p)", title=".none")[0].title == ""


def test_links_are_joined_to_the_pages_own_base_and_one_link_is_one_item() -> None:
    page = (
        '<base href="https://cdn.example/x/"><div><a href="1"><img></a></div>'
        '<div><a href="1">Words</a></div><div><a href="#part">Part</a></div>'
    )
    assert page_items(page, URL, ItemSelectors("div")).items == (
        PageItem("https://cdn.example/x/1", "Words"),
        PageItem("https://cdn.example/x/#part", "Part"),
    )


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        (ItemSelectors("li"), 'items = "li" matches nothing on the page'),
        (ItemSelectors("h2:not(:has(a))"), "matches 1 time, none of them has a link"),
        (ItemSelectors("article", link="li"), "item_link says where it is"),
        (ItemSelectors("h2["), 'items = "h2\\[" is no CSS selector: Malformed'),
        (ItemSelectors("article", date="::x"), 'item_date = "::x" is no CSS selector'),
        (ItemSelectors("article", title=""), 'item_title = "" is no CSS selector'),
    ],
)
def test_what_finds_nothing_is_a_failure_that_says_why(selectors: ItemSelectors, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        page_items(PAGE, URL, selectors)


def test_of_an_endless_page_a_beginning_is_read_and_that_is_told() -> None:
    page = page_items("<a href=1>One</a>" + " " * 5_000_000, URL, ItemSelectors("a"))
    assert page.cut
    assert page.items[0].title == "One"
    deep = "<div>" * 50_000 + "<a href=2>Two</a>"
    with pytest.raises(ParseError):
        page_items(deep, URL, ItemSelectors("p"))


PIECES = st.sampled_from(
    ["<article>", "</article>", "<a href=", "'x'>", "<a href='//[bad'>", "<h2>", "</a>", "<time>",
     "<time datetime=''>", "<base href='http://['>", "\x00", "&#0;", "text", "<!--", "<title>",
     "<html lang=>", "<![CDATA[", "<svg><a href='y'>", "<a href='mailto:z'>", "<a href>"]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=25), st.sampled_from(["article", "a", "h2 a", "*", "time", ":root"])
)
def test_whatever_a_page_holds_its_items_lead_to_the_web_or_it_fails_in_words(
    pieces: list[str], selector: str
) -> None:
    try:
        page = page_items("".join(pieces), URL, ItemSelectors(selector, text="*"))
    except ParseError:
        return
    assert page.items
    assert all(item.link.startswith(("http://", "https://")) for item in page.items)
    assert len({item.link for item in page.items}) == len(page.items)
