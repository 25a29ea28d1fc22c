"""Feeds as hypothesis makes them up: well formed, of every XML format, with what is met in them."""

from __future__ import annotations

from html import escape

from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "loom", "Käse", "ﬁn", "日本", "AT&T", "a < b", "x > y", "&amp;", "&lt;b&gt;", "<b>bold</b>",
        "<i>", "it's", '"q"', "Ã©", "\x80", "\u2019", "tab\there", "two\n\nparagraphs", "one\nline",
        "&nbsp;", "&copy", "Vec<T>", "]]", "",
    ]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
HTMLS = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from(
            [
                "<p>One</p>",
                "<p>Two <a href='/rel'>link</a></p>",
                '<img src="i.png" alt="x">',
                "<br>",
                "<ul><li>a</li></ul>",
                "<script>x()</script>",
                "<pre>a  b\nc</pre>",
                "<a href='#n'>n</a><p id='n'>note</p>",
            ]
        ),
    ),
    max_size=4,
).map(" ".join)
URLS = st.sampled_from(
    [
        "https://example.org/1", "http://example.org/2?a=1&b=2", "/3", "4", "?p=5",
        "//cdn.example/6", "https://example.org/é", "HTTPS://EXAMPLE.org/7#x",
        "mailto:a@b.example", "javascript:x()",
        " https://example.org/8 ", "http:///example.org/9", "https://example.org/a b",
    ]
)  # fmt: skip
IDS = st.one_of(URLS, st.sampled_from(["12345", "tag:x,2026:1", "urn:uuid:1", "a b", " id "]))
DATES = st.sampled_from(
    [
        "Mon, 02 Jan 2006 15:04:05 GMT", "2 Jan 06 15:04 EST", "2026-01-02T03:04:05Z", "2026-01-02",
        "2026-01-02T03:04:05.678+05:30", "yesterday", "1700000000", "",
        "Thu, 01 Jan 9999 00:00:00 Z",
    ]
)  # fmt: skip
PEOPLE = st.sampled_from(
    ["Ada", "ada@example.org", "ada@example.org (Ada)", "Ada <ada@b.org>", "Ö Ü", "  ", "A & B"]
)


def element(name: str, text: str, attributes: str = "", cdata: bool = False) -> str:
    if cdata and "]]>" not in text:
        return f"<{name}{attributes}><![CDATA[{text}]]></{name}>"
    return f"<{name}{attributes}>{escape(text, quote=False)}</{name}>"


def quoted(text: str) -> str:
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;")


@st.composite
def some(draw: st.DrawFn, name: str, texts: st.SearchStrategy[str], attributes: str = "") -> str:
    return element(name, draw(texts), attributes, draw(st.booleans()))


def _attribute_element(template: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return values.map(lambda value: template.format(quoted(value)))


RSS_PARTS = st.one_of(
    some("title", TEXTS),
    some("link", URLS),
    some("guid", IDS),
    some("guid", IDS, ' isPermaLink="false"'),
    some("description", HTMLS),
    some("content:encoded", HTMLS),
    some("author", PEOPLE),
    some("dc:creator", PEOPLE),
    some("itunes:author", PEOPLE),
    some("itunes:summary", TEXTS),
    some("itunes:subtitle", TEXTS),
    some("itunes:keywords", st.sampled_from(["a, b", "c", " , "])),
    some("pubDate", DATES),
    some("dc:date", DATES),
    some("atom:updated", DATES),
    some("category", TEXTS),
    some("category", TEXTS, ' domain="d"'),
    some("dc:subject", TEXTS),
    some("comments", URLS),
    some("dc:language", st.sampled_from(["en", "de_AT", "no language"])),
    some("source", TEXTS, ' url="https://s.example/"'),
    some("media:title", TEXTS),
    some("media:description", TEXTS),
    some("slash:comments", st.just("3")),
    some("other:thing", TEXTS),
    _attribute_element('<enclosure url="{}" type="Audio/MPEG" length="123"/>', URLS),
    _attribute_element('<media:content url="{}" medium="image" fileSize="x"/>', URLS),
    _attribute_element('<media:content url="{}" duration="75.4"/>', URLS),
    _attribute_element('<media:thumbnail url="{}"/>', URLS),
    _attribute_element('<itunes:image href="{}"/>', URLS),
    some("itunes:duration", st.sampled_from(["61", "1:02:03", "10:05", "x", "", "1e3", "-1"])),
    some("itunes:season", st.sampled_from(["2", "", "two"])),
    some("itunes:episode", st.sampled_from(["5", "0", "5.5"])),
    _attribute_element(
        '<media:group><media:content url="{}" type="video/mp4"/>'
        "<media:title>in group</media:title><media:thumbnail url='t.jpg'/></media:group>",
        URLS,
    ),
    _attribute_element('<atom:link rel="replies" type="text/html" href="{}"/>', URLS),
    st.just("<!-- a comment -->"),
)
RDF_PARTS = st.one_of(
    some("title", TEXTS),
    some("link", URLS),
    some("description", HTMLS),
    some("content:encoded", HTMLS),
    some("dc:creator", PEOPLE),
    some("dc:date", DATES),
    some("dc:subject", TEXTS),
)
XHTML = st.sampled_from(
    [
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>One<br/>two <a href="r">r</a></p></div>',
        '<div xmlns="http://www.w3.org/1999/xhtml">A &amp; B</div>',
        '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:b>x</h:b> &lt;y&gt;</h:div>',
        '<p xmlns="http://www.w3.org/1999/xhtml">1</p>'
        '<p xmlns="http://www.w3.org/1999/xhtml">2</p>',
        ' <div xmlns="http://www.w3.org/1999/xhtml"><pre>a  b\nc</pre><img src="i" /></div> ',
    ]
)


@st.composite
def atom_texts(draw: st.DrawFn, name: str) -> str:
    kind = draw(st.sampled_from(["", ' type="text"', ' type="html"', ' type="xhtml"']))
    base = draw(st.sampled_from(["", "", ' xml:base="sub/"', ' xml:lang="gd"']))
    if "xhtml" in kind:
        return f"<{name}{kind}{base}>{draw(XHTML)}</{name}>"
    return element(name, draw(HTMLS if "html" in kind else TEXTS), kind + base, draw(st.booleans()))


@st.composite
def atom_people(draw: st.DrawFn) -> str:
    parts = [element("name", draw(PEOPLE.filter(str.strip)))]
    if draw(st.booleans()):
        parts.append("<email>e@x.org</email><uri>https://x.org/</uri>")
    return f"<author>{''.join(draw(st.permutations(parts)))}</author>"


ATOM_PARTS = st.one_of(
    atom_texts("title"),
    atom_texts("summary"),
    atom_texts("content"),
    atom_people(),
    some("id", st.sampled_from(["tag:x,2026:1", "urn:uuid:1", "https://example.org/1", " id "])),
    some("published", DATES),
    some("updated", DATES),
    _attribute_element('<link href="{}"/>', URLS),
    _attribute_element('<link rel="alternate" type="text/html" href="{}"/>', URLS),
    _attribute_element('<link rel="enclosure" length="9" type="audio/ogg" href="{}"/>', URLS),
    _attribute_element('<link rel="replies" href="{}"/>', URLS),
    _attribute_element('<category term="t" label="{}"/>', TEXTS),
    _attribute_element('<category term="{}"/>', TEXTS),
    some("rights", TEXTS),
    st.just("<contributor><name>C</name></contributor>"),
    atom_people().map(lambda a: f"<source><title>S</title><id>i</id>{a}</source>"),
    some("media:description", TEXTS),
)
HEAD_PARTS = st.one_of(
    some("title", TEXTS),
    some("link", URLS),
    some("description", TEXTS),
    some("language", st.sampled_from(["en-us", "de_AT", "x y"])),
    some("ttl", st.sampled_from(["60", "x", ""])),
    some("itunes:summary", TEXTS),
    some("managingEditor", PEOPLE),
    some("sy:updatePeriod", st.sampled_from(["daily", "never"])),
    some("sy:updateFrequency", st.sampled_from(["2", "0"])),
    st.just("<image><title>I</title><url>u</url><link>l</link></image>"),
    st.just("<skipHours><hour>3</hour><hour>4</hour></skipHours>"),
    st.just('<atom:link rel="self" href="https://example.org/self"/>'),
    st.just('<itunes:image href="x"/><itunes:owner><itunes:name>O</itunes:name></itunes:owner>'),
)
_MODULES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:other="urn:other"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
_ATOM = ' xmlns:atom="http://www.w3.org/2005/Atom"'


@st.composite
def rss(draw: st.DrawFn) -> str:
    items = draw(st.lists(st.lists(RSS_PARTS, max_size=8).map("".join), max_size=3))
    head = "".join(draw(st.lists(HEAD_PARTS, max_size=4)))
    parts = draw(st.permutations([head, *(f"<item>{item}</item>" for item in items)]))
    more = draw(st.sampled_from(["", ' xml:lang="en"', ' xml:base="https://base.example/x/"']))
    version = draw(st.sampled_from(["2.0", "0.91", "0.92", "2.0.1"]))
    return (
        f'<rss version="{version}"{_MODULES}{_ATOM}><channel{more}>{"".join(parts)}</channel></rss>'
    )


@st.composite
def rdf(draw: st.DrawFn) -> str:
    items = draw(st.lists(st.lists(RDF_PARTS, max_size=7).map("".join), max_size=3))
    body = "".join(
        f'<item rdf:about="https://example.org/{n}">{i}</item>' for n, i in enumerate(items)
    )
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"{_MODULES}>'
        f'<channel rdf:about="c">{draw(some("title", TEXTS))}<link>https://example.org/</link>'
        f"</channel>{body}</rdf:RDF>"
    )


@st.composite
def atom(draw: st.DrawFn) -> str:
    entries = draw(st.lists(st.lists(ATOM_PARTS, max_size=8).map("".join), max_size=3))
    people = "".join(draw(st.lists(atom_people(), max_size=2)))
    head = f'{draw(atom_texts("title"))}<link href="https://example.org/"/>{people}'
    parts = draw(st.permutations([head, *(f"<entry>{entry}</entry>" for entry in entries)]))
    more = draw(st.sampled_from(["", ' xml:lang="en"', ' xml:base="https://base.example/x/"']))
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{_MODULES}{more}>{"".join(parts)}</feed>'


FEEDS = st.one_of(rss(), atom(), rdf())
