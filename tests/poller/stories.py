"""Articles with furniture round them, and feeds that link to them."""

from __future__ import annotations

from tests.loopback import Loopback

SENTENCE = "The walrus spoke of many things, of shoes and ships and sealing wax, for a long while. "


def page(name: str, head: str = "") -> bytes:
    """An article page with furniture round it."""
    paragraphs = "".join(f"<p>{SENTENCE * 3}{name} {number}.</p>" for number in range(5))
    return (
        f"<!doctype html><html><head><title>Item {name}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Item {name}</h1>{paragraphs}</article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def feed_of(server: Loopback, *names: str) -> bytes:
    """An RSS feed whose items have only summaries and link to pages on `server`."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{name}</guid><title>Item {name}</title>"
        f"<link>{server.url(f'/page/{name}')}</link><description>A teaser …</description>"
        f"<pubDate>Sun, 20 Sep 2026 10:{number:02}:00 GMT</pubDate></item>"
        for number, name in enumerate(names)
    )
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def own_words(name: str) -> str:
    """A sentence that stands on one page only."""
    return (
        f"In {name} there was once a harbour{name} where boats{name} came to sing{name} at noon. "
    )
