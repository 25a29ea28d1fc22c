"""The town's web pages: a story each, in the middle of everything that pages have around one."""

from __future__ import annotations

from html import escape

from feedd.demo.formats import Edition
from feedd.demo.stories import Channel, Story


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
