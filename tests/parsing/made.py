"""Documents put together by chance: every element that a reader knows, and all that publishers do
to it: other families' elements, several of a kind, markup within, broken ends. The same for the
same number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from feedd.parsing import Document
from tests.chance import Chance

URL: Final = "https://feeds.example/dir/feed.xml"

_WORDS: Final = (
    "loom", "Käse", "日本", "AT&T", "a < b", "x > y", "&amp;", "<b>bold</b>", "<i>", "it's", '"q"',
    "Ã©", "\x80", "two\n\nparagraphs", "one\nline", "&nbsp;", "&copy", "Vec<T>", "[x]", "",
    "<p>One</p>", "<a href='/rel'>link</a>", '<img src="i.png" alt="x">', "<script>x()</script>",
    "<pre>a  b\nc</pre>", "&#146;", "<br>",
)  # fmt: skip
_URLS: Final = (
    "https://example.org/1", "http://example.org/2?a=1&b=2", "/3", "4", "?p=5", "www.e.example/6",
    "//cdn.example/7", "https://example.org/é", "mailto:a@b.example", "javascript:x()", "",
    " https://example.org/8 ", "http:///example.org/9", "https://example.org/a b", "none", "#",
)  # fmt: skip
_IDS: Final = (*_URLS, "12345", "tag:x,2026:1", "urn:uuid:1", "a b", " id ")
_DATES: Final = (
    "Mon, 02 Jan 2006 15:04:05 GMT", "2 Jan 06 15:04 EST", "2026-01-02T03:04:05Z", "2026-01-02",
    "2026-01-02T03:04:05.678+05:30", "yesterday", "1700000000", "", "13/02/2026 10:00",
    "Tue, 03 Feb 2026 09:00:00 -0500", "02/13/2026", "03/04/2026 10:00",
)  # fmt: skip
_PEOPLE: Final = (
    "Ada", "ada@example.org", "ada@example.org (Ada)", "Ada <ada@b.org>", "Ö Ü", "  ", "A & B", "",
)  # fmt: skip
_LANGUAGES: Final = ("en", "de_AT", "no language", "", "en-US")
_MODULES: Final = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:other="urn:other"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
_ATOM: Final = ' xmlns:atom="http://www.w3.org/2005/Atom"'
_XHTML: Final = (
    '<div xmlns="http://www.w3.org/1999/xhtml"><p>One<br/>two <a href="r">r</a></p></div>',
    '<div xmlns="http://www.w3.org/1999/xhtml">A &amp; B</div>',
    '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:b>x</h:b> &lt;y&gt;</h:div>',
    '<p xmlns="http://www.w3.org/1999/xhtml">1</p><p xmlns="http://www.w3.org/1999/xhtml">2</p>',
    "<div><p>no namespace</p></div>",
    'plain <b xmlns="http://www.w3.org/1999/xhtml">b</b>',
)
_TYPES: Final = (
    "", ' type="text"', ' type="html"', ' type="text/html"', ' type="application/octet-stream"',
    ' type="xhtml"', ' type="text/plain"', ' mode="escaped"', ' mode="base64"', ' type="TEXT"',
)  # fmt: skip
_SCOPES: Final = (
    "",
    "",
    "",
    ' xml:base="sub/"',
    ' xml:lang="gd"',
    ' xml:base="https://b.example/"',
)

_TEXTS: Final = (
    "title", "description", "content:encoded", "dc:title", "dc:description", "itunes:summary",
    "itunes:subtitle", "itunes:title", "media:title", "media:description", "summary", "content",
    "atom:summary", "atom:content", "other:thing", "body", "abstract",
)  # fmt: skip
_DATED: Final = (
    "pubDate", "dc:date", "published", "updated", "atom:updated", "created", "dcterms:created",
    "issued", "modified", "lastBuildDate", "dcterms:issued",
)  # fmt: skip


class FeedMaker(Chance):
    """Makes one document."""

    def document(self) -> Document:
        """The document, whole or cut short, as it may have come."""
        kind = self.one(("rss", "rss", "rss", "atom", "atom", "rdf", "json", "odd"))
        if kind == "json":
            text = self._json()
        elif kind == "odd":
            text = self._odd()
        else:
            text = self._xml(kind)
            if self.holds(0.4):
                text = self._spoilt(text)
        complete = self.holds(0.85)
        if not complete:
            text = text[: int(len(text) * (0.3 + 0.07 * self.below(10)))]
        return Document(
            text.encode("utf-8", "replace"),
            URL,
            self.one((None, "application/xml; charset=utf-8", "text/html", "text/xml")),
            complete=complete,
        )

    # ------------------------------------------------------------ XML

    def _xml(self, kind: str) -> str:
        before = self.one(("", '<?xml version="1.0" encoding="utf-8"?>\n', "<?xml version='1.0'?>"))
        scope = self.one(_SCOPES)
        head = "".join(self._head_part(kind) for _ in range(self.below(5)))
        count = self.below(4)
        name = "entry" if kind == "atom" else "item"
        items = [self._item(kind, name, number) for number in range(count)]
        if kind == "rdf":
            return (
                f'{before}<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
                f' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"{_MODULES}{_ATOM}{scope}>'
                f'<channel rdf:about="c">{head}</channel>{"".join(items)}</rdf:RDF>'
            )
        parts = "".join([head, *items] if self.holds(0.7) else [*items, head])
        if kind == "atom":
            space = self.one(('xmlns="http://www.w3.org/2005/Atom"',) * 4
                             + ('version="0.3" xmlns="http://purl.org/atom/ns#"',))  # fmt: skip
            return f"{before}<feed {space}{_MODULES}{_ATOM}{scope}>{parts}</feed>"
        version = self.one(("2.0", "0.91", "0.92", "2.0.1", "1.0"))
        return (
            f'{before}<rss version="{version}"{_MODULES}{_ATOM}><channel{scope}>{parts}</channel>'
            f"{self.one(('', '', self._item(kind, 'item', 9)))}</rss>"
        )

    def _item(self, kind: str, name: str, number: int) -> str:
        about = f' rdf:about="https://example.org/{number}"' if kind == "rdf" else self.one(_SCOPES)
        parts = "".join(self._part(kind) for _ in range(self.below(11)))
        for usual in (self._identifier, self._link, self._title):
            if self.holds(0.6):
                parts = usual(kind) + parts
        return f"<{name}{about}>{parts}</{name}>"

    def _part(self, kind: str) -> str:
        draws: Sequence[Callable[[str], str]] = (
            self._text, self._text, self._link, self._identifier, self._date, self._person,
            self._category, self._file, self._other,
        )  # fmt: skip
        return self.one(draws)(kind)

    def _text(self, kind: str) -> str:
        name, attributes = self.one(_TEXTS), self.one(_TYPES) if self.holds(0.4) else ""
        scope = self.one(_SCOPES) if self.holds(0.3) else ""
        if "xhtml" in attributes or self.holds(0.05):
            return f"<{name}{attributes}{scope}>{self.one(_XHTML)}</{name}>"
        return self._element(name, self._words(), attributes + scope)

    def _title(self, kind: str) -> str:
        return self._element("title", self._words(), self.one(_TYPES) if self.holds(0.3) else "")

    def _link(self, kind: str) -> str:
        url = self.one(_URLS)
        if kind != "atom" and self.holds(0.7):
            return self._element(self.one(("link", "guid", "comments")), url)
        rel = self.one(("", ' rel="alternate"', ' rel="enclosure" length="9"', ' rel="replies"',
                        ' rel="self"', ' rel="http://www.iana.org/assignments/relation/related"',
                        ' rel="Alternate" type="text/html"',
                        ' rel="replies" type="text/html"'))  # fmt: skip
        media_type = self.one(("", ' type="text/html"', ' type="audio/mpeg"', ' type="HTML"'))
        media_type = "" if "type=" in rel else media_type
        name = "link" if kind == "atom" else "atom:link"
        return f'<{name}{rel}{media_type} href="{escape(url)}"/>'

    def _identifier(self, kind: str) -> str:
        if kind == "atom":
            return self._element("id", self.one(_IDS))
        said = self.one(("", ' isPermaLink="false"', ' isPermaLink="true"', ' ispermalink="TRUE"'))
        return self._element("guid", self.one(_IDS), said)

    def _date(self, kind: str) -> str:
        return self._element(self.one(_DATED), self.one(_DATES))

    def _person(self, kind: str) -> str:
        name = self.one(("author", "dc:creator", "itunes:author", "managingEditor", "contributor"))
        if kind == "atom" or self.holds(0.2):
            inner = [self._element("name", self.one(_PEOPLE))] if self.holds(0.8) else []
            if self.holds(0.4):
                inner.append("<email>e@x.org</email><uri>https://x.org/</uri>")
            return f"<{name}>{''.join(inner)}</{name}>"
        return self._element(name, self.one(_PEOPLE))

    def _category(self, kind: str) -> str:
        word = escape(self._words())
        return self.one(
            (
                self._element("category", self._words()),
                self._element("category", self._words(), ' domain="d"'),
                f'<category term="t" label="{word}"/>',
                f'<category term="{word}"/>',
                f'<category scheme="s">{word}</category>',
                self._element("dc:subject", self._words()),
                self._element("itunes:keywords", self.one(("a, b", "c", " , "))),
                self._element("media:keywords", "d,e"),
                f'<media:category label="m">{word}</media:category>',
            )
        )

    def _file(self, kind: str) -> str:
        url = escape(self.one(_URLS))
        return self.one(
            (
                f'<enclosure url="{url}" type="Audio/MPEG" length="123"/>',
                f'<enclosure uri="{url}" type="application/x-shockwave-flash"/>',
                f'<media:content url="{url}" medium="image" fileSize="x"/>',
                f'<media:content url="{url}" duration="75.4" type="text/html"/>',
                f'<media:content><media:thumbnail url="{url}"/></media:content>',
                f'<media:thumbnail url="{url}"/>',
                f'<itunes:image href="{url}"/>',
                f'<media:group><media:content url="{url}" type="video/mp4"/>'
                "<media:title>in group</media:title><media:thumbnail url='t.jpg'/></media:group>",
                self._element("itunes:duration", self.one(("61", "1:02:03", "x", "", "-1"))),
                self._element("itunes:season", self.one(("2", "", "two"))),
                self._element("itunes:episode", self.one(("5", "0", "5.5", "1234567"))),
            )
        )

    def _other(self, kind: str) -> str:
        return self.one(
            (
                '<source url="https://s.example/">A source</source>',
                "<source><title>S</title><id>i</id><author><name>N</name></author></source>",
                "<other:box><title>not mine</title><guid>wrong</guid></other:box>",
                "<!-- a comment -->",
                self._element("dc:language", self.one(_LANGUAGES)),
                self._element("language", self.one(_LANGUAGES)),
                self._element("feedburner:origLink", self.one(_URLS)),
                self._element("comments", self.one(_URLS)),
                "<image><url>u</url><title>I</title></image>",
                f'<content src="{escape(self.one(_URLS))}"/>',
            )
        )

    def _head_part(self, kind: str) -> str:
        return self.one(
            (
                self._element("title", self._words()),
                self._element("title", self._words(), self.one(_TYPES)),
                self._element("link", self.one(_URLS)) if kind != "atom" else self._link(kind),
                self._element("description", self._words()),
                self._element("language", self.one(_LANGUAGES)),
                self._element("ttl", self.one(("60", "x", "", "0"))),
                self._person(kind),
                self._element("sy:updatePeriod", self.one(("daily", "never", "hourly"))),
                self._element("sy:updateFrequency", self.one(("2", "0", "x"))),
                "<image><title>I</title><url>u</url><link>l</link></image>",
                "<skipHours><hour>3</hour><hour>24</hour><hour>x</hour></skipHours>",
                "<skipDays><day>Sunday</day><day>Caturday</day></skipDays>",
                '<atom:link rel="self" href="https://example.org/self"/>',
                '<atom:link rel="hub" href="https://hub.example/"/>',
                '<link rel="next" href="?page=2"/>',
                '<atom:link rel="prev-archive" href="/archive/1"/>',
                "<itunes:owner><itunes:name>O</itunes:name></itunes:owner>",
                self._element("itunes:author", self.one(_PEOPLE)),
            )
        )

    def _element(self, name: str, text: str, attributes: str = "") -> str:
        if self.holds(0.3) and "]]>" not in text:
            return f"<{name}{attributes}><![CDATA[{text}]]></{name}>"
        return f"<{name}{attributes}>{escape(text, quote=False)}</{name}>"

    def _words(self) -> str:
        return " ".join(self.some(_WORDS, 4))

    def _spoilt(self, text: str) -> str:
        """As publishers' programs do it."""
        at = self.below(len(text))
        ways: Sequence[Callable[[], str]] = (
            lambda: text.replace("&amp;", "&", 1),
            lambda: text.replace("&amp;", "&eacute;", 1),
            lambda: f"{text[:at]}\x0b{text[at:]}",
            lambda: f"{text[:at]}&#11;{text[at:]}",
            lambda: text.replace("</item>", "", 1).replace("</entry>", "", 1),
            lambda: text.replace("</title>", "", 1),
            lambda: f"Warning: line 3\n<br />{text}",
            lambda: f"<!DOCTYPE rss [<!ENTITY x '<y>'>]>{text}",
            lambda: f"<!-- made <by> hand -->{text}",
            lambda: f"{text}<!-- end --> trailing <p>words",
            lambda: text.replace("<item", "<ITEM").replace("</item", "</ITEM"),
            lambda: text.replace(_MODULES, ""),
            lambda: text[: -self.below(40) - 1],
            lambda: text.replace("><", "> <"),
            lambda: text.replace("<channel", "<channel></channel><channel", 1),
            lambda: text.replace("<item>", "<item lastmod='x'>", 1),
        )
        return self.one(ways)()

    # ------------------------------------------------------------ other documents

    def _json(self) -> str:
        feed: dict[str, object] = {
            "version": self.one(("https://jsonfeed.org/version/1.1", "https://jsonfeed.org/version/1",
                                 "2")),
            "title": self._words(),
            "items": [self._json_item(number) for number in range(self.below(4))],
        }  # fmt: skip
        more: dict[str, Sequence[object]] = {
            "home_page_url": _URLS, "feed_url": _URLS, "next_url": _URLS, "language": _LANGUAGES,
            "authors": ([{"name": "Ada"}], [{}], "x"), "author": ({"name": "Bo"}, 7),
            "hubs": ([{"type": "WebSub", "url": "https://hub.example/"}], {}),
        }  # fmt: skip
        feed |= {key: self.one(values) for key, values in more.items() if self.holds(0.3)}
        if self.holds(0.1):
            feed.pop("items")
        text = json.dumps(feed)
        return text[: self.below(len(text))] if self.holds(0.15) else text

    def _json_item(self, number: int) -> object:
        if self.holds(0.05):
            return "no object"
        more: dict[str, Sequence[object]] = {
            "url": _URLS, "external_url": _URLS, "title": _WORDS, "summary": _WORDS,
            "content_html": _WORDS, "content_text": _WORDS, "date_published": _DATES,
            "date_modified": _DATES, "language": _LANGUAGES, "image": _URLS, "banner_image": _URLS,
            "tags": (["a", "b", 3], "a"), "authors": ([{"name": "C"}, {"name": "D"}], []),
            "author": ({"name": "E"},),
            "attachments": ([{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9,
                              "duration_in_seconds": 61}, {"url": ""}, 3],),
        }  # fmt: skip
        odd: Sequence[object] = (*_IDS, 7, 1.5, True, None)
        item = {key: self.one(values) for key, values in more.items() if self.holds(0.35)}
        item["id"] = self.one(odd)
        return item

    def _odd(self) -> str:
        return self.one(
            (
                "<html><head><link rel=alternate type='application/rss+xml' href=/f></head></html>",
                "<!DOCTYPE html><p>No feed</p>",
                "<opml version='2.0'><body/></opml>",
                "<urlset><url/></urlset>",
                "%PDF-1.7",
                "\x1f\x8bxx",
                "<svg/>",
                "plain words",
                "[1, 2]",
                '{"a": 1}',
                "   ",
                "<thing/>",
                "<div><rss version='2.0'><channel><title>In a box</title></channel></rss></div>",
                "<html><body><rss version='2.0'><channel/></rss></body></html>",
                "<rss version='2.0'><channel><title>Alone</title></channel></rss>",
                "<feed xmlns='http://www.w3.org/2005/Atom'/>",
                "<rss>" + "<a>" * 300 + "</a>" * 300 + "</rss>",
                f"{'x' * 70_000}<rss version='2.0'/>",
            )
        )
