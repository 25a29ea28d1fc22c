"""What robots are told: "none" counts when it is said to all, or to us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.web.robots import forbids
from tests.article import pages


@pytest.mark.parametrize(
    ("directives", "forbidden"),
    [
        ("none", True),
        ("NoArchive, None", True),
        ("feedd: none", True),
        ("googlebot: noindex, feedd: none", True),
        ("unavailable_after: 25 Jun 2010 15:00:00 PST, none", True),
        ("max-image-preview: none", False),
        ("googlebot: none", False),
        ("googlebot: nofollow, none", False),
        ("noindex, nofollow", False),
        ("nonesuch", False),
        ("googlebot: nofollow\nnone", True),
        ("googlebot: none\nnofollow", False),
        ("nofollow\ngooglebot: none", False),
        ("otherbot: noindex\nfeedd: nofollow, none\nnoarchive", True),
        ("*: none", True),
        ("unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, none", True),
        ("googlebot: unavailable_after: 25 Jun 2010 15:00:00 PST, none", False),
        ("", False),
    ],
)
def test_none_counts_when_said_to_all_or_to_us(directives: str, forbidden: bool) -> None:
    assert forbids(directives) is forbidden


@pytest.mark.parametrize(
    ("name", "error"), [("robots", "robots"), ("feedd", "robots"), ("googlebot", None)]
)
def test_a_pages_own_word_counts_likewise(name: str, error: str | None) -> None:
    meta = f'<meta name="{name}" content="none">'.encode()
    body = pages.blockquotes().replace(b"<head>", b"<head>" + meta)
    assert clean_page(PageInput(body, "https://e.org/story", "text/html")).error == error


def test_of_several_elements_each_is_heard() -> None:
    metas = b'<meta name="robots" content="noarchive"><meta name="robots" content="none">'
    body = pages.blockquotes().replace(b"<head>", b"<head>" + metas)
    assert clean_page(PageInput(body, "https://e.org/story", "text/html")).error == "robots"


@given(
    st.text() | st.lists(st.sampled_from(["none", ":", ",", "feedd", " ", "*", "a"])).map("".join)
)
def test_what_is_said_to_others_on_a_line_of_its_own_changes_nothing(directives: str) -> None:
    said = forbids(directives)
    assert forbids(f"{directives}\notherbot: none") == said
    assert forbids(f"{directives}\nnone")
