"""Articles of several pages."""

from __future__ import annotations

import pytest

from feedd.article import PageInput, page_rules
from feedd.article.cleaning import clean_page
from feedd.article.pagehead import next_page
from feedd.model import Article
from tests.article import pages


@pytest.mark.parametrize(
    ("url", "address", "follows"),
    [
        ("https://e.org/story", "https://e.org/story/2", True),
        ("https://e.org/story/2/", "https://e.org/story/3/", True),
        ("https://e.org/story?id=1", "https://e.org/story?id=1&page=2", True),
        ("https://e.org/story.html", "https://e.org/story-2.html", True),
        ("https://e.org/story", "https://e.org/story/page/2/", True),
        ("https://e.org/story", "https://e.org/story?page=3", False),
        ("https://e.org/post-1", "https://e.org/post-2", False),
        ("https://e.org/older-story", "https://e.org/newer-story", False),
        ("https://e.org/story", "https://other.org/story/2", False),
    ],
)
def test_a_page_is_followed_only_by_its_own_next_page(
    url: str, address: str, follows: bool
) -> None:
    assert next_page.continues(url, address) is follows


def test_the_link_to_the_next_article_of_a_blog_is_not_followed() -> None:
    def next_of(link: str) -> str | None:
        body = pages.blockquotes().replace(b"<body>", b"<body>" + link.encode())
        return clean_page(PageInput(body, "https://e.org/story", "text/html")).next_url

    assert next_of('<link rel="next" href="/another-story">') is None
    assert next_of('<a href="/story/2">2</a>') == "https://e.org/story/2"
    assert next_of('<a href="/story?page=2">Next page »</a>') == "https://e.org/story?page=2"


def test_pages_are_joined_in_order_and_at_most_ten() -> None:
    parts = [Article(f"https://e.org/{n}", html=f"<p>{n}</p>", text=str(n)) for n in range(15)]
    joined = page_rules.join(parts[0], parts[1:])
    assert joined.text.split() == [str(n) for n in range(10)]
    assert joined.url == "https://e.org/0"


def test_a_page_without_text_is_left_out_of_the_whole() -> None:
    first = Article("https://e.org/0", html="<p>0</p>", text="0")
    assert page_rules.join(first, [Article("https://e.org/1", error="no-text")]) == first
