"""From the page a person pastes to the feed they meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.web.discovery import MAX_LINKS, PageLinks, known_forms, page_links, usual_paths

PAGE = "https://example.org/blog/post"


def head(*links: str) -> bytes:
    return f"<!doctype html><html><head>{''.join(links)}</head><body></body></html>".encode()


def test_the_page_says_where_its_feed_is() -> None:
    html = head(
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">',
        '<link rel="stylesheet" href="/style.css">',
        '<link rel="alternate" type="application/atom+xml" title="Posts" href="../feed.atom">',
        '<LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" HREF="//cdn.example/rss">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="application/feed+json" href="/feed.json">',
    )
    assert page_links(html, PAGE).advertised == (
        "https://example.org/feed.atom",
        "https://cdn.example/rss",
        "https://example.org/feed.json",
        "https://example.org/comments/feed/",
    )


@pytest.mark.parametrize(
    ("anchor", "target"),
    [
        ('<a href="/rss.xml">RSS</a>', "https://example.org/rss.xml"),
        ('<a href="feed/"><img src="rss.png" alt=""> Subscribe</a>', "https://example.org/blog/feed/"),
        ('<a href="/?feed=rss2">posts</a>', "https://example.org/?feed=rss2"),
        ('<a href="https://feeds.example.net/x" title="RSS feed">x</a>', "https://feeds.example.net/x"),
        ('<a href="/news.xml">News</a>', "https://example.org/news.xml"),
        ('<a href="feed:https://example.org/a">subscribe</a><a href="/atom">x</a>', "https://example.org/atom"),
    ],
)  # fmt: skip
def test_links_that_look_like_feeds_are_found(anchor: str, target: str) -> None:
    assert page_links(f"<body>{anchor}</body>".encode(), PAGE).lookalikes == (target,)


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/about-feeding-cats">Feeding</a>',
        '<a href="/sitemap.xml">Sitemap</a>',
        '<a href="mailto:feed@example.org">RSS</a>',
        '<a href="javascript:rss()">RSS</a>',
        "<a>RSS</a>",
    ],
)
def test_links_that_do_not_are_left_alone(anchor: str) -> None:
    assert page_links(f"<body>{anchor}</body>".encode(), PAGE) == PageLinks()


def test_own_feeds_come_before_those_of_other_sites_and_comments_last() -> None:
    html = (
        b'<a href="https://other.example/feed">RSS</a><a href="/comments/feed">Comments RSS</a>'
        b'<a href="/feed">RSS</a>'
    )
    assert page_links(html, PAGE).lookalikes == (
        "https://example.org/feed",
        "https://other.example/feed",
        "https://example.org/comments/feed",
    )


def test_the_base_element_counts_the_first_time() -> None:
    html = head(
        '<base href="https://cdn.example/x/">',
        '<base href="https://wrong.example/">',
        '<link rel="alternate" type="application/rss+xml" href="feed.xml">',
    )
    assert page_links(html, PAGE).advertised == ("https://cdn.example/x/feed.xml",)


def test_the_encoding_of_the_response_is_used() -> None:
    html = head('<link rel="alternate" type="application/rss+xml" href="/ünïcode">')
    for encoding in ("utf-8", "iso-8859-1"):
        links = page_links(html.decode().encode(encoding), PAGE, f"text/html; charset={encoding}")
        assert links.advertised == ("https://example.org/ünïcode",)
    assert page_links(html, PAGE, "text/html; charset=no-such-thing").advertised


def test_the_usual_paths_are_tried_beside_the_page_and_at_the_root() -> None:
    paths = usual_paths("https://example.org/blog/?page=2#top")
    assert paths[0] == "https://example.org/blog/feed"
    assert "https://example.org/feed" in paths
    assert usual_paths("https://example.org:8080")[:2] == [
        "https://example.org:8080/feed",
        "https://example.org:8080/feed.xml",
    ]
    assert len(usual_paths("https://example.org/a/b/c/d")) < 10
    assert usual_paths("mailto:x") == []


def test_a_page_of_links_does_not_become_a_flood_of_requests() -> None:
    html = b"".join(b'<a href="/%d/feed">RSS</a>' % number for number in range(100))
    assert len(page_links(html, PAGE).lookalikes) == MAX_LINKS


@given(
    st.binary(max_size=200)
    | st.builds(
        lambda tag, rel, kind, href: f'<{tag} rel="{rel}" type="{kind}" href="{href}">RSS'.encode(),
        st.sampled_from(["link", "a", "base"]),
        st.sampled_from(["alternate", "feed", ""]),
        st.sampled_from(["application/rss+xml", ""]),
        st.text(alphabet="ab:/[]@%?#\\ \x00é<>\u202e", max_size=20) | st.just("http://[::1"),
    ),
    st.sampled_from([None, "text/html; charset=utf-16", "charset=base64", "charset='"]),
)
@settings(max_examples=300, deadline=None)
def test_no_page_raises_and_every_link_can_be_asked_for(
    html: bytes, content_type: str | None
) -> None:
    found = page_links(html, PAGE, content_type)
    assert isinstance(found, PageLinks)
    for url in (*found.advertised, *found.lookalikes):
        assert url.startswith(("http://", "https://"))
        assert url.isprintable()
        assert " " not in url


def test_what_a_page_has_commented_out_it_does_not_name() -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="{}">'
    html = head(f"<!-- {feed.format('/old')} -->", feed.format("/new"))
    assert page_links(html, PAGE).advertised == ("https://example.org/new",)
    assert page_links(html.decode(), PAGE).advertised == ("https://example.org/new",)


@pytest.mark.parametrize(
    "said",
    ['rel="feed"', "rel=feed type=text/html", *(
        f'rel="alternate" type="{kind}"'
        for kind in ("application/x-rss+xml", "text/rss+xml", "application/atom+xml", "text/xml")
    )],
)  # fmt: skip
def test_a_feed_is_named_however_its_type_is_spelt(said: str) -> None:
    assert page_links(head(f"<link {said} href=/f>"), PAGE).advertised == ("https://example.org/f",)


def test_the_answers_link_header_names_feeds_too() -> None:
    header = (
        '</wp-json/>; rel="https://api.w.org/", <feed.xml>; rel="alternate"; '
        'type="application/rss+xml"; title="Posts; all, of them", </de>; rel=alternate; hreflang=de'
    )
    found = page_links(b"<p>Hello</p>", PAGE, link_header=header)
    assert found.advertised == ("https://example.org/blog/feed.xml",)


CHANNEL = "UC0123456789abcdefghij-_"


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"),
        ("https://www.reddit.com/r/python/top/", "https://www.reddit.com/r/python/.rss"),
        ("https://github.com/psf/black", "https://github.com/psf/black/releases.atom"),
        ("https://github.com/psf", "https://github.com/psf.atom"),
        ("https://medium.com/@ann/a-story", "https://medium.com/feed/@ann"),
        ("https://ann.medium.com/", "https://ann.medium.com/feed"),
        ("https://social.example/@ann", "https://social.example/@ann.rss"),
        ("https://example.org/blog", None),
        ("https://github.com/features/x", None),
        ("https://www.youtube.com/channel/UCshort", None),
    ],
)  # fmt: skip
def test_some_sites_feeds_follow_from_their_pages_addresses(url: str, feed: str | None) -> None:
    assert next(known_forms(url), None) == feed


def test_a_channels_page_says_which_it_is() -> None:
    page = head(
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
    )
    found = page_links(page, "https://www.youtube.com/@ann").known_forms
    assert found == (f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",)


def test_a_page_made_to_be_slow_is_looked_through_all_the_same() -> None:
    for piece in ("/feed", "/feed/feed.", "rss", "<a>"):
        html = f'<a href="/{piece * 20_000}">RSS</a><a href="/feed/{piece * 300}.x">x</a>' * 5
        assert len(page_links(html.encode(), PAGE).lookalikes) <= MAX_LINKS
