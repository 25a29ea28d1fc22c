"""Pages put together by chance from what pages are made of: every element, name and phrase that a
rule of the room asks for, in sizes around the limits of the rules. The same for the same number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from feedd.article import PageInput
from tests.chance import Chance

_WORDS: Final = str.split(
    "the of and to in a is that it was for on with as his they be at one have this from or had by"
    " bridge river council engineer money spring pillar ferry harbour mayor lock vessel concrete"
    " timber survey budget commission contract committee opposition petition crossing traffic"
    " weight repair inspection drawing foundation caisson cable tower deck approach toll archive"
)
_NAMES: Final = (
    "Ann Lee",
    "Bo Li",
    "Clara van Dyk",
    "D. E. Franck",
    "admin",
    "Staff",
    "The Gazette",
)
_SITES: Final = ("The Gazette", "gazette.example", "Harbour Blog", "News", "Harbour", "Gazette")
_HOSTS: Final = (
    *("www.gazette.example", "www.gazette.example", "news.harbour.co.example", "gazette.example"),
    *("forum.gazette.example", "docs.gazette.example", "consent.gazette.example"),
)
_DAYS: Final = (
    "2024-05-01", "May 1, 2024", "1 May 2024", "01/05/2024", "2024-05-01T10:30:00+02:00",
    "Updated: May 2, 2024", "Published 30 April 2024", "3 hours ago", "1. Mai 2024", "12:30",
)  # fmt: skip
_PHRASES: Final = (
    "Advertisement", "Read more", "Related: the old bridge", "Share this article", "Tweet",
    "Subscribe to our newsletter", "Sign up for free", "Leave a comment", "3 Comments",
    "Comments", "Filed under: Bridges", "Tags: river, council", "Photo: Ann Lee",
    "Image credit: AFP",
    "© 2024 The Gazette. All rights reserved.", "Back to top", "Next", "« Previous", "Click here",
    "By Ann Lee", "By Ann Lee, May 1, 2024", "Written by Bo Li", "Posted on May 1, 2024",
    "Ann Lee is a reporter for the Gazette.", "Follow her on Twitter",
    "Contact us: a@gazette.example",
    "Story continues below", "Sponsored", "Loading comments…", "[Update]", "5 min read",
    "To continue reading, subscribe.", "Enable JavaScript and cookies to continue",
    "Accept cookies",
    "Joined: May 2019", "Posts: 1,204", "Senior Member", "#12", "Reputation: 7", "Answer",
    "3 replies",
    "Don't miss: ferries", "You may also like", "Most popular", "Join the conversation",
    "Tell us more",
    "This post contains affiliate links.", "¶", "edit", "Contents", "Footnotes", "—", "* * *",
)  # fmt: skip
_CLASSES: Final = (
    "content", "article-body", "post", "entry-content", "story", "main", "sidebar", "share-buttons",
    "comments", "comment", "comment-body", "related", "newsletter", "subscribe", "ad-slot", "promo",
    "caption", "wp-caption", "credit", "byline", "author", "author-bio", "date",
    "post-meta", "meta",
    "nav", "menu", "footer", "breadcrumb", "toc", "tags", "social", "widget", "pull-quote", "box",
    "accordion", "hidden", "message", "reply", "username", "infobox", "code", "highlight", "line",
    "gallery", "teaser", "card", "x1a2", "lead", "summary", "h-entry", "hentry", "blogpost", "",
)  # fmt: skip
_LONG: Final = (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 15, 16, 20, 29, 30, 31, 49, 51, 80)


class PageMaker(Chance):
    """Makes one page."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self._notes = 0
        self.title = self._words(3 + self.below(6)).capitalize()

    def page(self) -> PageInput:
        """The page, and what is known of it beforehand."""
        parts = [self._head(), "<body", self._attributes(), ">"]
        if self.holds(0.5):
            parts.append(f"<nav><ul>{self._menu()}</ul></nav>")
        parts.append(self._article())
        if self.holds(0.6):
            parts.append(self._container(2))
        if self.holds(0.5):
            parts.append(f"<footer>{self._block()}{self._block()}</footer>")
        path = self.one(("/2024/05/01/bridge", "/bridge", "/forum/topic-7", "/docs/a", "/a/page/2"))
        html = "".join(parts) + self.one(("</body></html>", "", "</div></body>"))
        return PageInput(
            html.encode(),
            f"https://{self.one(_HOSTS)}{path}",
            self.one(("text/html; charset=utf-8", "text/html")),
            title=self.one((self.title, "", "Another title")),
            summary_text=self.one(("", self._words(12))),
            feed_text=self.one(("", "", "Short.")),
        )

    # ------------------------------------------------------------ what is said of the page

    def _head(self) -> str:
        site = self.one(_SITES)
        name = self.one((self.title, f"{self.title} | {site}", f"{site}: {self.title}", site,
                          f"{self.title} - {site}"))  # fmt: skip
        told: dict[str, Callable[[], str]] = {
            "og:title": lambda: self.title,
            "og:site_name": lambda: site,
            "og:description": lambda: self._words(15),
            "description": lambda: self._words(9),
            "author": lambda: self.one(_NAMES),
            "article:author": lambda: self.one((*_NAMES, "https://facebook.com/ann")),
            "article:published_time": lambda: self.one(_DAYS),
            "date": lambda: self.one(_DAYS),
            "og:image": lambda: self.one(("/i/lead.jpg", "https://cdn.example/l.png", "/null")),
            "og:type": lambda: self.one(("article", "website")),
            "og:locale": lambda: self.one(("en_GB", "de", "x")),
            "robots": lambda: self.one(("index", "noindex", "googlebot: none")),
            "generator": lambda: self.one(("WordPress 6", "Discourse 3", "Sphinx")),
            "twitter:label1": lambda: "Written by",
            "twitter:data1": lambda: self.one(_NAMES),
            "article:content_tier": lambda: self.one(("free", "locked")),
        }
        metas = "".join(
            f'<meta {"property" if ":" in key else "name"}="{key}" content="{value()}">'
            for key, value in told.items()
            if self.holds(0.25)
        )
        links = "".join(
            self.one(
                (
                    '<link rel="amphtml" href="/amp">',
                    '<link rel="next" href="/bridge/page/2">',
                    '<link rel="image_src" href="/i/src.jpg">',
                    '<base href="https://base.example/x/">',
                    '<link rel="alternate" media="print" href="/print">',
                )
            )
            for _ in range(self.below(3))
        )
        structured = ""
        if self.holds(0.4):
            structured = f'<script type="application/ld+json">{self._structured()}</script>'
        language = self.one((' lang="en"', ' lang="de-AT"', "", ' xml:lang="fr"'))
        return f"<html{language}><head><title>{name}</title>{metas}{links}{structured}</head>"

    def _structured(self) -> str:
        author: object = self.one(
            (
                "Ann Lee",
                {"@type": "Person", "name": "Ann Lee"},
                [{"@type": "Person", "name": "Bo Li"}, {"name": "Ann Lee"}],
                {"@id": "#ann"},
                {"@type": "Organization", "name": "The Gazette"},
            )
        )
        article: dict[str, object] = {
            "@type": self.one(("NewsArticle", "BlogPosting", "WebPage", "DiscussionForumPosting")),
            "headline": self.one((self.title, "Another title", "")),
            "author": author,
            "datePublished": self.one(_DAYS),
            "publisher": {"name": "The Gazette"},
            "inLanguage": "en",
            "image": self.one(("/i/ld.jpg", ["/i/1.jpg"], {"url": "/i/2.jpg"})),
        }
        if self.holds(0.3):
            article["articleBody"] = self._words(60)
        if self.holds(0.2):
            article["isAccessibleForFree"] = self.one((False, "False", True))
        others: list[object] = [{"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]
        if self.holds(0.5):
            others.append({"@type": "WebSite", "name": "The Gazette"})
        return json.dumps(self.one((article, [article, *others], {"@graph": [*others, article]})))

    # ------------------------------------------------------------ the body

    def _article(self) -> str:
        headline = f"<h1{self._attributes()}>{self.title}</h1>"
        above = "".join(self._block() for _ in range(self.below(3)))
        below = "".join(self._block() for _ in range(3 + self.below(9)))
        boxes = "".join(self._container(1) for _ in range(self.below(3)))
        tag = self.one(("article", "div", "main", "section", "td"))
        inner = self.one(
            (
                f"{headline}{above}{below}{boxes}",
                f"{above}{headline}<div{self._attributes()}>{below}</div>{boxes}",
                f"{headline}{below}{boxes}{self._block()}{self._block()}",
                f"{above}{below}{boxes}",
            )
        )
        if tag == "td":
            menu = self._block()
            return f"<table><tr><td width=150>{menu}</td><td>{inner}</td></tr></table>"
        return f"<{tag}{self._attributes()}>{inner}</{tag}>"

    def _container(self, depth: int) -> str:
        tag = self.one(("div", "section", "aside", "div", "ul", "blockquote", "form", "header"))
        inner = "".join(
            self._container(depth - 1) if depth and self.holds(0.3) else self._block()
            for _ in range(1 + self.below(5))
        )
        return f"<{tag}{self._attributes()}>{inner}</{tag}>"

    def _block(self) -> str:
        kinds: Sequence[Callable[[], str]] = (
            self._paragraph, self._paragraph, self._paragraph, self._paragraph, self._phrase,
            self._phrase, self._heading, self._list, self._table, self._code, self._picture,
            self._quote, self._player, self._lines, self._note, self._post, self._terms,
            self._formula, self._folded, self._day, self._day, self._nested, self._commented,
        )  # fmt: skip
        return self.one(kinds)()

    def _paragraph(self) -> str:
        tag = self.one(("p", "p", "p", "div", "span"))
        return f"<{tag}{self._attributes(0.25)}>{self._text(self.one(_LONG))}</{tag}>"

    def _text(self, words: int) -> str:
        text = self._words(words)
        ending = self.one((".", ".", ".", "", "!", "?", ":", "…", ".”"))
        inner = self.one(
            (
                "{}", "{}", "{}", "{}", '<a href="/x">{}</a>', "<b>{}</b>", "<em>{}</em>",
                '<font size="1">{}</font>', "“{}”", "<strong>{}</strong>", "<code>{}</code>",
                '<a href="#top">{}</a>', '<span class="author">{}</span>',
            )
        )  # fmt: skip
        if self.holds(0.3):
            half = words // 2
            text = f"{self._words(half)} {inner.format(self._words(words - half))}"
        elif self.holds(0.2):
            text = inner.format(text)
        return f"{text[:1].upper()}{text[1:]}{ending}"

    def _phrase(self) -> str:
        tag = self.one(("p", "div", "li", "span", "h3", "a", "b"))
        inner = self.one(("{}", '<a href="/y">{}</a>')).format(self.one(_PHRASES))
        return f"<{tag}{self._attributes(0.4)}>{inner}</{tag}>"

    def _heading(self) -> str:
        tag = self.one(("h1", "h2", "h2", "h3", "h4", "p"))
        text = self.one((self.title, self._words(2), self._words(5), self.one(_PHRASES)))
        link = self.one(("", '<a href="#x">¶</a>', '<a href="/z">more</a>'))
        inner = f"<b>{text}</b>" if tag == "p" else f"{text}{link}"
        return f"<{tag}{self._attributes(0.2)}>{inner}</{tag}>"

    def _list(self) -> str:
        tag = self.one(("ul", "ol"))
        items = "".join(
            f"<li{self._attributes(0.1)}>{self._text(self.one(_LONG))}</li>"
            for _ in range(1 + self.below(5))
        )
        return f"<{tag}{self._attributes(0.3)}>{items}</{tag}>"

    def _menu(self) -> str:
        return "".join(f'<li><a href="/{n}">{self._words(1)}</a></li>' for n in range(5))

    def _table(self) -> str:
        columns, rows = 1 + self.below(3), 1 + self.below(4)
        cell = self.one(("td", "td", "th"))
        role = self.one(("", "", ' role="presentation"'))
        body = "".join(
            "<tr>"
            + "".join(
                f"<{cell if not row else 'td'}>{self._words(1 + self.below(4))}</td>"
                for _ in range(columns)
            )
            + "</tr>"
            for row in range(rows)
        )
        caption = self.one(("", "<caption>Figures</caption>"))
        return f"<table{role}{self._attributes(0.2)}>{caption}{body}</table>"

    def _code(self) -> str:
        lines = [f"x{n} = {n}" for n in range(1 + self.below(4))]
        numbered = "".join(
            f'<span class="lineno">{n}</span>{line}\n' for n, line in enumerate(lines, 1)
        )
        table = "".join(f"<tr><td>{n}</td><td>{line}</td></tr>" for n, line in enumerate(lines, 1))
        return self.one(
            (
                "<pre><code>{}</code></pre>".format("\n".join(lines)),
                f"<pre>{numbered}</pre>",
                f'<table class="highlight">{table}</table><pre>x</pre>',
                "<pre>{}</pre>".format("".join(f"<div class=line>{line}</div>" for line in lines)),
            )
        )

    def _picture(self) -> str:
        size = self.one(("", ' width="1"', ' width="600" height="400"'))
        source = self.one(
            (
                'src="/i/a.jpg"',
                'src="data:x" data-src="/i/lazy.jpg"',
                'src="/i/spacer.gif" class="lazy" data-original="/i/b.jpg"',
                'srcset="/i/s.jpg 300w, /i/l.jpg 1200w"',
                'src="/i/placeholder.png"',
                'data-srcset="/i/d.jpg 2x"',
            )
        )
        alt = self.one(("", ' alt="A bridge"', ' alt=""'))
        image = f"<img {source}{alt}{size}>"
        line = self._text(self.one((3, 9, 29, 31)))
        return self.one(
            (
                image,
                f"<figure>{image}<figcaption>{line}</figcaption></figure>",
                f"<p>{image}</p><p{self._attributes(0.6)}>{line}</p>",
                f"<p>{image}</p><p><em>{line}</em></p>",
                f"<p>{image}</p><p>A bridge</p>",
                f'<div class="wp-caption">{image}<p>{line}</p></div>',
                f"<p>{image}<br><em>{line}</em></p>",
                f"<noscript>{image}</noscript>",
                f"<picture><source srcset='/i/p.webp 2x'>{image}</picture>",
                f"<div><div>{image}</div><span>{line}</span></div>",
            )
        )

    def _quote(self) -> str:
        text = self._text(self.one(_LONG))
        return self.one(
            (
                f"<blockquote><p>{text}</p></blockquote>",
                f"<blockquote>{text}</blockquote>",
                f'<aside class="pull-quote">{text}</aside>',
                f'<blockquote class="twitter-tweet"><p>{text}</p>— Ann (@ann)</blockquote>',
                f"<q>{text}</q>",
            )
        )

    def _player(self) -> str:
        address = self.one(
            (
                "https://www.youtube.com/embed/abc?x=1",
                "//player.vimeo.com/video/7",
                "https://ads.example/frame",
                "https://www.facebook.com/plugins/like.php",
                "https://www.dailymotion.com/embed/video/x7",
                "https://w.soundcloud.com/player/?url=https://soundcloud.com/a",
            )
        )
        title = self.one(("", ' title="A film"'))
        return self.one(
            (
                f'<iframe src="{address}"{title}></iframe>',
                '<lite-youtube videoid="abc"></lite-youtube>',
                f'<iframe data-src="{address}"></iframe>',
                '<video src="/v.mp4"></video>',
                '<audio src="/a.mp3"></audio>',
            )
        )

    def _lines(self) -> str:
        lines = [self._text(self.one(_LONG)) for _ in range(2 + self.below(3))]
        return self.one(("<br>", "<br><br>", "<br> <br>")).join(lines)

    def _note(self) -> str:
        self._notes += 1
        name = f"fn{self._notes}"
        marked = f'<p>{self._text(20)}<sup><a href="#{name}">{self._notes}</a></sup></p>'
        return marked + self.one(
            (
                f'<p id="{name}">{self._words(5)}</p>',
                f'<ol><li id="{name}">{self._words(8)}</li></ol>',
                "",
            )
        )

    def _post(self) -> str:
        kind = self.one(("post", "comment", "message"))
        led = self.one(
            (
                '<span class="username">{}</span>',
                '<p class="head"><a class="author" href="/u">{}</a> · 3 hours ago · 12 points</p>',
                '<div>by <b class="author">{}</b> on May 1, 2024</div>',
                '<h4 class="poster">{}</h4><p>Joined: May 2019</p>',
                "<p>{}</p>",
            )
        )
        return "".join(
            f'<div class="{kind}">{led.format(self.one(_NAMES))}'
            f"<p>{self._text(self.one(_LONG))}</p>"
            f"{self.one(('', '<p>Posts: 12</p>', '<p>#3</p>'))}</div>"
            for _ in range(1 + self.below(3))
        )

    def _terms(self) -> str:
        return f"<dl><dt>{self._words(2)}</dt><dd>{self._text(self.one(_LONG))}</dd></dl>"

    def _formula(self) -> str:
        return self.one(
            (
                '<p>So <math alttext="a^2"><mi>a</mi></math> holds.</p>',
                '<math display="block"><mi>b</mi></math>',
                '<p><math><annotation encoding="application/x-tex">c</annotation></math></p>',
            )
        )

    def _folded(self) -> str:
        text = self._text(self.one(_LONG))
        return self.one(
            (
                f"<details><summary>{self._words(3)}</summary><p>{text}</p></details>",
                f'<div style="display:none"><p>{text}</p></div>',
                f"<p hidden>{text}</p>",
                f'<div class="accordion" style="display: none"><p>{text}</p></div>',
                f"<noscript><p>{text}</p></noscript>",
                f"<template>{text}</template>",
                f"<button>{self._words(2)}</button>",
            )
        )

    def _nested(self) -> str:
        """Blocks where none belong."""
        return self.one(
            (
                f"<span>{self._code()}</span>",
                f"<b>{self._table()}{self._text(9)}</b>",
                f'<a href="/big"><div>{self._text(9)}</div><p>{self._text(4)}</p></a>',
                f"<h2><div>{self._words(3)}</div><p>{self._words(2)}</p></h2>",
                f"<p>{self._text(9)}<div>{self._text(9)}</div>{self._text(4)}</p>",
                f"<font>{self._lines()}<ul><li>{self._words(4)}</li>{self._words(2)}</ul></font>",
                f"<table><tr><td>{self._list()}</td><td>{self._paragraph()}</td></tr></table>",
                f'<div role="table"><div role="row"><span role="cell">{self._words(2)}</span>'
                f'<span role="columnheader">{self._words(1)}</span></div></div>',
            )
        )

    def _commented(self) -> str:
        """A text, the heading of its comments, and what stands below."""
        words = self.one((48, 49, 50, 51, 100))
        heading = self.one(("Comments", "3 comments", "Leave a Reply", "Discussion"))
        below = self._post() if self.holds(0.6) else self._paragraph()
        return f"<p>{self._text(words)}</p><h3>{heading}</h3>{below}"

    def _day(self) -> str:
        day = self.one(_DAYS)
        return self.one(
            (
                f"<time datetime='{day}'>{day}</time>",
                f"<p class=date>{day}</p>",
                f"<span itemprop=datePublished content='{day}'>{self._words(2)}</span>",
                f"<span itemprop=dateModified datetime='{day}'>{day}</span>",
                f"<div class=updated>Last updated: {day}</div>",
                f"<div class=dateline>{day} — {self.one(_NAMES)}, Reporter</div>",
                f"<span class=byline>By {self.one(_NAMES)} on {day}</span>",
                f"<span itemprop=author>{self.one(_NAMES)}</span>",
                f"<a rel=author href=/a>{self.one(_NAMES)}</a>",
                f"<p>{day}</p>",
            )
        )

    def _attributes(self, share: float = 0.5) -> str:
        if not self.holds(share):
            return ""
        named = self.one(("class", "class", "class", "id"))
        return f' {named}="{self.one(_CLASSES)}"'

    def _words(self, count: int) -> str:
        return " ".join(self.one(_WORDS) for _ in range(count))
