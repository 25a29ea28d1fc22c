"""The town's documents: a feed in each of the formats that feeds have had, and web pages.

Pure: text out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from msgspec import Struct

from feedd.demo.stories import Channel, Format, Story


class Edition(Struct, frozen=True):
    """A channel as it is at one moment: where it is served, its stories with their links and times
    (epoch seconds), newest first.
    """

    channel: Channel
    base: str
    stories: Sequence[tuple[Story, str, int]]

    @property
    def home(self) -> str:
        return f"{self.base}/{self.channel.name}/"


def document(edition: Edition) -> tuple[str, str]:
    """The feed document and its media type."""
    media_type, write = _FORMATS[edition.channel.format]
    return write(edition), media_type


def content(edition: Edition, story: Story) -> str:
    """What the feed carries of a story, as HTML."""
    return story.body.strip() if edition.channel.full else f"<p>{story.summary}</p>"


def _rfc822(at: int) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rss_091(edition: Edition) -> str:
    channel = edition.channel
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{link}</link>"
        f"<description>{escape(story.summary)}</description></item>\n"
        for story, link, _ in edition.stories
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<rss version="0.91"><channel>\n'
        f"<title>{escape(channel.title)}</title><link>{edition.home}</link>"
        f"<description>{escape(channel.about)}</description><language>en</language>\n"
        f"{items}</channel></rss>\n"
    )


def _rss_10(edition: Edition) -> str:
    channel = edition.channel
    order = "".join(f'<rdf:li rdf:resource="{link}"/>' for _, link, _ in edition.stories)
    items = "".join(
        f'<item rdf:about="{link}"><title>{escape(story.title)}</title><link>{link}</link>'
        f"<description>{escape(story.summary)}</description>"
        f"<dc:creator>{escape(story.author)}</dc:creator><dc:date>{_iso(at)}</dc:date></item>\n"
        for story, link, at in edition.stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<channel rdf:about="{edition.home}"><title>{escape(channel.title)}</title>'
        f"<link>{edition.home}</link><description>{escape(channel.about)}</description>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _rss_20(edition: Edition) -> str:
    channel = edition.channel
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{channel.name}-{story.slug}</guid>'
        f"<dc:creator>{escape(story.author)}</dc:creator><pubDate>{_rfc822(at)}</pubDate>"
        f"<description>{escape(story.summary)}</description>"
        + (
            f"<content:encoded><![CDATA[{content(edition, story)}]]></content:encoded>"
            if channel.full
            else ""
        )
        + "</item>\n"
        for story, link, at in edition.stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{escape(channel.title)}</title><link>{edition.home}</link>"
        f"<description>{escape(channel.about)}</description><language>en</language>\n"
        f"{items}</channel></rss>\n"
    )


def _atom_03(edition: Edition) -> str:
    channel = edition.channel
    entries = "".join(
        f"<entry><title>{escape(story.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{link}"/>'
        f"<id>tag:saltmere,2026:{channel.name}/{story.slug}</id>"
        f"<author><name>{escape(story.author)}</name></author>"
        f"<issued>{_iso(at)}</issued><modified>{_iso(at)}</modified>"
        f'<content type="text/html" mode="escaped">{escape(content(edition, story))}</content>'
        "</entry>\n"
        for story, link, at in edition.stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en">\n'
        f"<title>{escape(channel.title)}</title><tagline>{escape(channel.about)}</tagline>"
        f'<link rel="alternate" type="text/html" href="{edition.home}"/>\n{entries}</feed>\n'
    )


def _atom_10(edition: Edition) -> str:
    channel = edition.channel
    newest = max(at for _, _, at in edition.stories)
    # Relative links are for the reader to resolve, against xml:base.
    entries = "".join(
        f'<entry xml:base="{edition.home}"><title>{escape(story.title)}</title>'
        f'<link href="{link.removeprefix(edition.home)}"/>'
        f"<id>tag:saltmere,2026:{channel.name}/{story.slug}</id>"
        f"<author><name>{escape(story.author)}</name></author>"
        f"<published>{_iso(at)}</published><updated>{_iso(at)}</updated>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"{content(edition, story)}</div></content></entry>\n"
        for story, link, at in edition.stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<title>{escape(channel.title)}</title><subtitle>{escape(channel.about)}</subtitle>"
        f'<link href="{edition.home}"/><id>tag:saltmere,2026:{channel.name}</id>'
        f"<updated>{_iso(newest)}</updated>\n{entries}</feed>\n"
    )


def _json_feed(edition: Edition) -> str:
    channel = edition.channel
    items = [
        {
            "id": f"{channel.name}-{story.slug}",
            "url": link,
            "title": story.title,
            "content_html": content(edition, story),
            "date_published": _iso(at),
            "authors": [{"name": story.author}],
        }
        for story, link, at in edition.stories
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.about,
        "home_page_url": edition.home,
        "items": items,
    }
    return json.dumps(feed, indent=1)


_FORMATS: dict[Format, tuple[str, Callable[[Edition], str]]] = {
    "rss 0.91": ("text/xml", _rss_091),
    "rss 1.0": ("application/rdf+xml", _rss_10),
    "rss 2.0": ("application/rss+xml; charset=utf-8", _rss_20),
    "atom 0.3": ("application/xml", _atom_03),
    "atom 1.0": ("application/atom+xml", _atom_10),
    "json feed": ("application/feed+json", _json_feed),
}


# ---------------------------------------------------------------- web pages


def story_page(channel: Channel, story: Story) -> str:
    """A story's own page, with navigation, banner, share buttons, related links and a footer."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<title>{escape(story.title)} | {escape(channel.title)}</title>
<meta name="author" content="{escape(story.author)}">
<script>window.counter = (window.counter || 0) + 1</script></head>
<body>
<div class="cookie-banner"><p>We value your biscuits. <button>Accept all</button>
<button>Only shortbread</button></p></div>
<header><a href="/">Saltmere</a>
<nav><ul><li><a href="/gazette/">News</a></li><li><a href="/ferry/">Ferry</a></li>
<li><a href="/bakery/">Bread</a></li><li><a href="/login">Log in</a></li></ul></nav></header>
<main><article class="story"><h1>{escape(story.title)}</h1>
<p class="byline">By {escape(story.author)}</p>
<div class="share"><a href="#">Share</a> <a href="#">Print</a> <a href="#">Send by gull</a></div>
{story.body.strip()}
<div class="newsletter"><h3>Our newsletter</h3><p>Sign up for the tide in your inbox!</p>
<form><input type="email"><button>Subscribe</button></form></div>
</article>
<aside class="related"><h3>You may also like</h3><ul><li><a href="/bakery/buns">Ten buns that will
surprise you</a></li><li><a href="/harbour/seal">What this seal did next</a></li></ul></aside>
</main>
<footer><p>© Saltmere. All rights reserved, some wrongs forgiven.</p></footer>
</body></html>
"""


def home_page(edition: Edition, feed_path: str) -> str:
    """A channel's front page, which names its feed for programs to find."""
    title = escape(edition.channel.title)
    stories = "".join(
        f'<li><a href="{link}">{escape(story.title)}</a></li>\n'
        for story, link, _ in edition.stories
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="alternate" type="application/rss+xml" title="{title}" href="{feed_path}"></head>
<body><h1>{title}</h1><p>{escape(edition.channel.about)}</p><ul>
{stories}</ul></body></html>
"""
