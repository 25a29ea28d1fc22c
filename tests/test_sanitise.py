"""Nothing active gets in, nothing readable gets lost."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from feedd.cli.screen import Screen
from feedd.cli.typeset import typeset
from feedd.sanitise import allowed, clean, link
from feedd.sanitise.attributes import URL_MAX_CHARS
from feedd.sanitise.html import clean_with_text, tag_by_tag
from feedd.text import one_line, plain_line, to_text
from tests.growth import LINEAR, growth

BASE = "https://example.org/blog/post"

# After the OWASP XSS filter evasion cheat sheet and published mutation-XSS findings.
ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://xss.example/xss.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<IMG SRC="javascript:alert(1);">',
    "<IMG SRC=JaVaScRiPt:alert(1)>",
    "<IMG SRC=`javascript:alert(1)`>",
    '<IMG """><SCRIPT>alert("XSS")</SCRIPT>"\\>',
    "<IMG SRC=# onmouseover=\"alert('xxs')\">",
    "<IMG onmouseover=\"alert('xxs')\">",
    '<IMG SRC=/ onerror="alert(1)"></img>',
    "<img/src='x'/onerror=alert(1)>",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<a href=&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112"
    "&#0000116&#0000058alert(1)>x</a>",
    "<a href=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1)>x</a>",
    '<a href="jav\tascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    '<a href=" &#14;  javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<<SCRIPT>alert(1);//\\<</SCRIPT>",
    '<SCRIPT/XSS SRC="http://xss.example/xss.js"></SCRIPT>',
    "<SCRIPT SRC=//xss.example/.j>",
    '<BODY ONLOAD=alert(1) BACKGROUND="javascript:alert(1)">',
    '<INPUT TYPE="IMAGE" SRC="javascript:alert(1);">',
    '<LINK REL="stylesheet" HREF="http://xss.example/xss.css">',
    "<STYLE>@import'http://xss.example/xss.css';</STYLE>",
    '<DIV STYLE="background-image: url(javascript:alert(1))">x</DIV>',
    '<META HTTP-EQUIV="refresh" CONTENT="0;url=javascript:alert(1);">',
    '<IFRAME SRC="javascript:alert(1);"></IFRAME>',
    '<IFRAME SRCDOC="<script>alert(1)</script>" SRC="//x.example/y"></IFRAME>',
    "<iframe src='\"><script>alert(1)</script>'></iframe>",
    "<iframe src='x\" onload=alert(1) y=\"'></iframe>",
    '<FRAMESET><FRAME SRC="javascript:alert(1);"></FRAMESET>',
    '<OBJECT TYPE="text/x-scriptlet" DATA="http://xss.example/x.html"></OBJECT>',
    '<EMBED SRC="data:image/svg+xml;base64,PHN2Zz4=" type="image/svg+xml">',
    '<BASE HREF="javascript:alert(1);//">',
    '<svg><a xlink:href="javascript:alert(1)"><text x="20" y="20">XSS</text></a></svg>',
    "<svg/onload=alert(1)>",
    "<svg><animate xlink:href=#x attributeName=href"
    ' values="javascript:alert(1)"/><a id=x></a></svg>',
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><svg><mtext>"
    '<style><path id="</style><img onerror=alert(1) src>">',
    "<math><annotation-xml encoding='text/html'>"
    "<img src=x onerror=alert(1)></annotation-xml></math>",
    '<blockquote cite="javascript:alert(1)">x</blockquote><q cite="javascript:alert(1)">y</q>',
    '<del cite="javascript:alert(1)">x</del><ins cite="JAVASCRIPT:alert(1)">y</ins>',
    '<video poster="javascript:alert(1)" src="javascript:alert(1)" onplay=alert(1)></video>',
    "<video><source onerror='alert(1)'></video>",
    '<img srcset="javascript:alert(1) 1x, data:text/html,x 2x">',
    '<a href="#x" id="x" onclick=alert(1) name="y">x</a>',
    "<!--[if gte IE 4]><SCRIPT>alert(1);</SCRIPT><![endif]-->",
    "<?xml-stylesheet href='javascript:alert(1)'?>x",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<xmp><p title='</xmp><script>alert(1)</script>'></xmp>",
    "<textarea><img src=x onerror=alert(1)></textarea><title><img src=x onerror=alert(1)></title>",
    "<template><script>alert(1)</script></template>",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    '<img src=x:alert(1)//" onerror=eval(src)>',
    "<p/onclick=alert(1)>x<p\x0conclick=alert(1)>y",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex action=javascript:alert(1) type=image>",
    "<plaintext><script>alert(1)</script>",
    "<img alt='<script>alert(1)</script>' src=data:x>",
    "<img alt='&lt;script&gt;alert(1)&lt;/script&gt;' data-src='javascript:alert(1)'>",
    "<p style='behavior:url(x.htc)'>x</p>",
]


class Audit(HTMLParser):
    """An independent reader of the result, that complains of all that is not allowed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.complaints: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in allowed.TAGS:
            self.complaints.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        listed = allowed.ATTRIBUTES["*"] | allowed.ATTRIBUTES.get(tag, frozenset()) | {"id"}
        if name not in listed:
            self.complaints.append(f"<{tag} {name}>")
        if name in {"cite", "href", "poster", "src"} and not value.startswith(
            ("http://", "https://")
        ):
            in_page = tag == "a" and value.startswith("#" + allowed.ID_PREFIX)
            if not in_page and not (name == "href" and value.startswith("mailto:")):
                self.complaints.append(f"<{tag} {name}={value}>")
        if name == "srcset":
            for candidate in value.split(", "):
                if not candidate.startswith(("http://", "https://")):
                    self.complaints.append(f"srcset {candidate}")
        if name == "id" and not value.startswith(allowed.ID_PREFIX):
            self.complaints.append(f"id {value}")
        if name == "class" and not value.startswith("language-"):
            self.complaints.append(f"class {value}")

    def handle_comment(self, data: str) -> None:
        self.complaints.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.complaints.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.complaints.append(f"<![{data}]>")


def assert_harmless(html: str) -> None:
    assert Audit(html).complaints == []
    # libxml2 reads tag soup differently: what it makes of the result must be as harmless.
    if html.strip():
        again = lxml_html.tostring(lxml_html.fragment_fromstring(html, "div"), encoding="unicode")
        found = [c for c in Audit(again).complaints if not c.startswith("<!")]
        assert found == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_active_passes(attack: str) -> None:
    for html in (attack, f"<p>before</p>{attack}<p>after</p>", f"<table>{attack}</table>"):
        result = clean(html, BASE)
        assert_harmless(result)
        assert clean(result, BASE) == result


fragments = st.sampled_from(
    [
        *ATTACKS,
        *(f"<{tag}>" for tag in (*sorted(allowed.TAGS), "svg", "math", "style", "noscript")),
        *(f"</{tag}>" for tag in ("p", "b", "table", "svg", "math", "style", "a", "pre", "br")),
        '<a href="',
        '" onclick="',
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;img src=x onerror=alert(1)&gt;",
        "&",
        "&#0;",
        "<img src=' x' alt=\"",
        "\x00",
        "\ud800",
        "text",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(fragments, st.text(max_size=12)), max_size=12))
def test_no_mixture_of_attacks_passes(pieces: list[str]) -> None:
    result = clean("".join(pieces), BASE)
    assert_harmless(result)
    assert_harmless(clean(result, BASE))
    to_text(result)
    result.encode()


words = st.text("ab1 .-_~é'&;\n\"=<>/\t\xa0\x85\ufeff\r#", max_size=8)
pieces_of_articles = st.one_of(
    words,
    st.sampled_from(
        [
            *("<br>", "<br />", "<hr>", "<img>", "<p>", "<!--more-->", "<!-->", "<!--->", "<wbr>"),
            *(
                "&amp;",
                "&nbsp;",
                "&#8217;",
                "&copy",
                "&rarr;",
                "&#160;",
                "&#10;",
                "&#x1;",
                "&#128;",
            ),
            *("&#128;", "&unknown;", "&quot;", "&lt;b&gt;", "AT & T", "a&b"),
        ]
    ),
)
attributes = st.sampled_from(
    [
        *(' class="alignnone size-large"', ' style="color:red"', ' dir="rtl"', ' id="x"'),
        *(' class="language-python x"', ' title="it\'s &quot;so&quot; &amp; so"', ' onclick="x()"'),
        *(' href="https://example.org/a?b=1&amp;c=2#d"', ' href="/rel?a=1"', ' href="x y"'),
        *(' href="javascript:alert(1)"', ' href="//evil.example/"', ' href="http://1.2.3.4.5/"'),
        *(' href="#x"', ' href="mailto:a@b.example"', ' href="&#106;avascript:alert(1)"'),
        *(' src="https://example.org/a.jpg"', ' src="/pixel.gif"', ' src="data:image/gif,x"'),
        *(' alt="A <boat> & more"', ' alt="a boat"', ' width="1"', ' height="450"', " hidden"),
        *(' style="display:none"', ' data-src="https://example.org/l.jpg"', ' loading="lazy"'),
        *(' cite="https://example.org/q"', ' datetime="2026-01-01"', ' lang="a&amp;b"'),
        ' title="&lt;a href=&quot;https://x.example/&quot;&gt;Anna&lt;/a&gt;"',
        *(' alt="&lt;img onerror=x&gt;"', ' href="/&quot;&gt;&lt;b&gt;"', ' title="&#62;&#34;"'),
        *(' srcset="/a.jpg 2x"', ' HREF="/x"', " title=x", ' rel="nofollow" target="_blank"'),
    ]
)
several = st.lists(attributes, max_size=3).map("".join)


def nested(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Elements around what `inside` makes, most of them where they may stand."""
    tags = st.sampled_from(
        str.split(
            "p b em code ul ol li blockquote h2 sub div span table pre figure figcaption a q del"
            " small font section abbr"
        )
    )
    elements = st.builds("<{0}{1}>{2}</{0}>".format, tags, several, inside)
    pictures = st.builds("<img{0}{1}>".format, several, st.sampled_from(["", " /", "/"]))
    linked = st.builds(
        '<a href="https://example.org/{0}"{1}>{2}</a>'.format, words, several, inside
    )
    return st.lists(st.one_of(elements, pictures, linked, inside), max_size=4).map("".join)


NEEDS_A_PARSER = "<form></form>"
"""Leaves nothing, but takes all that it stands behind through the sanitiser."""


def by_tags(html: str, base: str | None) -> str | None:
    apart = tag_by_tag(html, base)
    return None if apart is None else "".join(apart[0])


def test_each_of_many_tags_takes_no_longer_than_one_of_few() -> None:
    tag = '<p class="x">y</p>'
    assert growth(lambda html: tag_by_tag(html, None), lambda size: tag * size, 20_000) < LINEAR


@settings(max_examples=1000, deadline=None)
@given(st.recursive(pieces_of_articles, nested, max_leaves=12), st.sampled_from([None, BASE]))
def test_what_skips_the_sanitiser_is_what_it_would_give(html: str, base: str | None) -> None:
    given = by_tags(html, base)
    if given is not None:
        assert clean(html, base) == given
        assert clean(html + NEEDS_A_PARSER, base) == given
        assert_harmless(given)


@settings(max_examples=1000, deadline=None)
@given(st.recursive(pieces_of_articles, nested, max_leaves=12), st.sampled_from([None, BASE]))
def test_the_text_found_on_the_way_is_the_text_of_what_is_stored(
    html: str, base: str | None
) -> None:
    cleaned = clean(html, base)
    assert clean_with_text(html, base) == (cleaned, to_text(cleaned))


@pytest.mark.parametrize(
    "html",
    [
        "<p>One</p>\n<ul><li>two</li>\n<li><b>three</b> four<ol><li>five</li></ol></li></ul>six",
        "<p>a<span>b</span>c<!--d-->e</p>&nbsp;f&#173;g &lt;h&gt; &amp;amp;",
        '<p>x<img alt="a\nlt">y<img src="/a.png">z<br>w</p>',
        "<pre>  one\n\ttwo</pre><p>  three  </p>",
        "<span> one  <span>two\n</span></span>",
        "<div>1<blockquote>2<h2>3</h2>4</blockquote>5<hr>6</div>",
        '<figure><a href="https://example.org/a">l</a><figcaption>c</figcaption></figure>',
        "<p>\u2028one\u3000two\x85</p>",
        "",
    ],
)
def test_no_word_is_lost_or_joined_where_text_is_found_on_the_way(html: str) -> None:
    cleaned = clean(html, BASE)
    assert clean_with_text(html, BASE) == (cleaned, to_text(cleaned))


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>One &amp; two.</p>\n<p>Three<br>four</p>", None),
        ('See <a href="https://example.org/a?b=1&amp;c=2">this <em>and</em> that</a>', None),
        ("<ul><li>one</li><li><p>two</p><ol><li>three</li></ol></li></ul><hr>", None),
        (
            '<figure class="wide"><img src="/a.jpg" alt="it&#8217;s" loading="lazy" />'
            "<figcaption>It&#8217;s&nbsp;a&#160;boat</figcaption></figure><!--more-->",
            '<figure><img src="https://site.example/a.jpg" alt="it’s">'
            "<figcaption>It’s&nbsp;a&nbsp;boat</figcaption></figure>",
        ),
        (
            '<div class="x"><span style="a">One</span> <a href="/b" target="_blank">two</a></div>',
            '<div>One <a href="https://site.example/b">two</a></div>',
        ),
        ('<pre class="x language-sh"><code>a &lt; b</code></pre>',
         '<pre class="language-sh"><code>a &lt; b</code></pre>'),
    ],
)  # fmt: skip
def test_a_plain_article_skips_the_sanitiser(html: str, cleaned: str | None) -> None:
    assert by_tags(html, "https://site.example/feed") == (html if cleaned is None else cleaned)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=60)))
def test_everything_has_an_answer(text: str, base: str | None) -> None:
    clean(text, base).encode()
    to_text(text)
    title = one_line(text)
    title.encode()
    assert title == one_line(title) or "<" in text or "&" in text
    assert "\n" not in title
    assert plain_line(plain_line(text)) == plain_line(text)
    found = link(text, base)
    if found is not None:
        assert found.startswith(("http://", "https://"))
        assert link(found, None) == found


def test_the_text_of_unknown_tags_stays() -> None:
    assert clean("<font color=red>a <blink>b</blink></font> <x-y>c</x-y>", None) == "a b c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T &lt;3", "AT&amp;T &lt;3"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("plain > text", "plain &gt; text"),
        ("", ""),
    ],
)
def test_text_without_markup_passes(text: str, expected: str) -> None:
    assert clean(text, None) == expected


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("https://example.org/a?b=c", None, "https://example.org/a?b=c"),
        ("/x", BASE, "https://example.org/x"),
        ("/x/../y", BASE, "https://example.org/y"),
        ("x", BASE, "https://example.org/blog/x"),
        ("../../x", BASE, "https://example.org/x"),
        ("?q=1", BASE, "https://example.org/blog/post?q=1"),
        ("//cdn.example/x", BASE, "https://cdn.example/x"),
        ("//cdn.example/x", None, None),
        ("HTTP://Example.org/x", None, "http://Example.org/x"),
        ("http:\\\\example.org\\x?a\\b", None, "http://example.org/x?a%5Cb"),
        ("http:////example.org/x", None, "http://example.org/x"),
        (" https://example.org/a b\n ", None, "https://example.org/a%20b"),
        ("https://example.org/long\n/li\tne\r\n/x", None, "https://example.org/long/line/x"),
        ("/long\n/line", BASE, "https://example.org/long/line"),
        ("https://example.org/é\"'<>", None, "https://example.org/é%22'%3C%3E"),
        ("https://example.org/x#", None, "https://example.org/x"),
        ("https://example.org/x#frag", None, "https://example.org/x#frag"),
        ("http://[::1]/x", None, "http://[::1]/x"),
        ("http://[bad/", None, None),
        ("http:///", None, None),
        ("javascript:alert(1)", BASE, None),
        ("java\nscript:alert(1)", BASE, None),
        ("mailto:a@example.org", BASE, None),
        ("x" * URL_MAX_CHARS + "x", BASE, None),
        ("", BASE, None),
        (None, BASE, None),
        ("x", "not a url", None),
    ],
)
def test_links_are_absolute_or_refused(
    url: str | None, base: str | None, expected: str | None
) -> None:
    assert link(url, base) == expected


def test_every_url_in_html_becomes_absolute() -> None:
    html = (
        '<a href="/a">1</a><img src="b.png" srcset="c.png 1x, /d,e.png 2x">'
        '<blockquote cite="?f">2</blockquote><video poster="g.jpg">'
        '<source src="//h.example/i"></video><a href="mailto:a@example.org">3</a>'
    )
    assert clean(html, BASE) == (
        '<a href="https://example.org/a">1</a><img src="https://example.org/blog/b.png"'
        ' srcset="https://example.org/blog/c.png 1x, https://example.org/d,e.png 2x">'
        '<blockquote cite="https://example.org/blog/post?f">2</blockquote>'
        '<video poster="https://example.org/blog/g.jpg"><source src="https://h.example/i"></video>'
        '<a href="mailto:a@example.org">3</a>'
    )


def test_without_a_base_relative_urls_go_and_their_text_stays() -> None:
    assert clean('<a href="/a">text</a>', None) == "<a>text</a>"


@pytest.mark.parametrize(
    "pixel",
    [
        '<img src="https://t.example/p" width="1" height="1">',
        '<img src="https://t.example/p" width=0 height=0 alt="x">',
        '<img src="https://t.example/p" height="1px">',
        '<img src="https://t.example/p" style="display:none">',
        '<img src="https://t.example/p" style="width: 1px; height: 1px;">',
        '<img src="https://pixel.wp.com/b.gif?host=x&blog=1">',
        '<img src="http://feeds.feedburner.com/~r/x/~4/y" alt="">',
        '<img src="https://stats.example.org/matomo.php?idsite=1&rec=1">',
        '<img src="https://medium.com/_/stat?event=post.clientViewed">',
    ],
)
def test_images_that_only_count_readers_are_taken_out(pixel: str) -> None:
    assert clean(f"<p>text{pixel}</p>", BASE) == "<p>text</p>"


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://example.org/pixel-art.png" alt="x">',
        '<img src="https://example.org/a.png" width="1" height="600">',
        '<img src="https://example.org/1x1.png/real.png" width="640">',
        '<img src="https://track.example.org/cover.jpg">',
    ],
)
def test_pictures_that_only_look_like_trackers_stay(image: str) -> None:
    assert clean(image, BASE) == image


def test_a_lazily_loaded_image_gets_its_address() -> None:
    html = '<img src="data:image/gif;base64,R0" data-src="/real.png" alt="x">'
    assert clean(html, BASE) == '<img src="https://example.org/real.png" alt="x">'


def test_an_image_without_address_leaves_its_words() -> None:
    assert clean('<p><img alt="a &lt; b" src="data:,x"></p>', BASE) == "<p>a &lt; b</p>"


def test_footnotes_keep_working_under_names_of_our_own() -> None:
    html = (
        '<p>x<a href="#fn:1" id="ref:1">1</a></p><h2 id="unused">y</h2>'
        f'<ol><li id="fn:1">note <a href="{BASE}#ref:1">back</a></li></ol><a name="old">o</a>'
        '<a href="#old">p</a><a href="#elsewhere">q</a>'
    )
    assert clean(html, BASE) == (
        '<p>x<a href="#in-page-fn:1" id="in-page-ref:1">1</a></p><h2>y</h2>'
        '<ol><li id="in-page-fn:1">note <a href="#in-page-ref:1">back</a></li></ol>'
        '<a id="in-page-old">o</a><a href="#in-page-old">p</a>'
        f'<a href="{BASE}#elsewhere">q</a>'
    )


def test_code_keeps_its_language_and_no_other_class() -> None:
    html = '<pre class="hl lang-c"><code class="x language-python">x</code></pre><p class="y">z</p>'
    assert clean(html, None) == (
        '<pre class="language-c"><code class="language-python">x</code></pre><p>z</p>'
    )


def test_an_embedded_player_leaves_a_link() -> None:
    html = '<p>See</p><iframe width="9" src="https://www.youtube.com/embed/xyz?rel=0">no</iframe>'
    assert clean(html, BASE) == (
        '<p>See</p><p><a href="https://www.youtube.com/embed/xyz?rel=0">youtube.com/embed/xyz</a>'
        "</p>"
    )


@pytest.mark.parametrize(
    "tag", ["<div>", "<ul><li>", "<b>", "<table><tr><td>", "<a href=x>", "<i><p>"]
)
def test_deep_nesting_is_flattened_in_time(tag: str) -> None:
    began = time.process_time()
    result = clean(tag * 100_000 + "text", BASE)
    assert "text" in to_text(result)
    assert time.process_time() - began < 5


def test_text_keeps_its_shape() -> None:
    html = (
        "<h1>Title</h1><p>A <b>b</b>old\n  word &amp; more<br>next line</p>"
        "<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>"
        "<ol><li>x</li><li><p>y</p></li></ol><pre>def f():\n    return 1\n\n# end</pre>"
        "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>"
        "<blockquote><p>quoted</p></blockquote><hr>a&nbsp;b"
    )
    assert to_text(html) == (
        "Title\n\nA bold word & more\nnext line\n\n• one\n  • inner\n• two\n\n1. x\n2. y\n\n"
        "def f():\n    return 1\n\n# end\n\nA | B\n1 | 2\n\nquoted\n\na b"
    )


def test_text_of_unsanitised_html_has_no_code() -> None:
    html = "a<script>x<y</script><!-- c --><STYLE>p{}</STYLE><?php d ?>b &copy; &#8212;"
    assert to_text(html) == "ab © —"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("<b>Bold</b> &amp; <i class='x'>fine</i>", "Bold & fine"),
        ("Vec<T> and <b> in Rust", "Vec<T> and <b> in Rust"),
        ("&lt;b&gt; explained", "<b> explained"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
        ("R&D ?a=1&copy=2 &copy; &#8217;&#x2019;", "R&D ?a=1&copy=2 © ’’"),
        ("  two\n\tlines\x00\x1b[31m\u2028 ", "two lines[31m"),
        ("line<br/>break <img src=x>", "line break"),
        ("&nbsp;x&nbsp;", "x"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_titles_are_one_plain_line(title: str, expected: str) -> None:
    assert one_line(title) == expected


@pytest.mark.parametrize(
    "frame", ["<iframe src=''>", '<iframe src="">', "<iframe src>", "<iframe>"]
)
def test_a_frame_without_an_address_costs_no_entry(frame: str) -> None:
    assert "Before" in clean(f"<p>Before</p>{frame}</iframe><p>After</p>", BASE)


def test_an_endless_entry_is_cut_before_it_costs_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowed, "HTML_MAX_CHARS", 40)
    exact = "<p id=a>" + "x" * 27 + "<hr>"
    assert len(exact) == 39
    assert clean(exact + "y", BASE).endswith("y")
    assert "z" not in clean(exact + "yz", BASE)


def test_a_picture_of_an_amp_page_is_a_picture() -> None:
    assert clean('<amp-img src="/a.jpg" width="640"></amp-img>', BASE).startswith("<img src=")


def test_a_picture_that_is_there_already_is_not_exchanged_for_its_lazy_source() -> None:
    shown = '<img src="https://e.org/shown.jpg" data-src="https://e.org/later.jpg">'
    assert clean(shown, None) == '<img src="https://e.org/shown.jpg">'
    waiting = '<img src="https://e.org/blank.svg" data-src="https://e.org/later.jpg">'
    assert clean(waiting, None) == '<img src="https://e.org/later.jpg">'


@pytest.mark.parametrize("named", ['id="n1"', 'ID="n1"', 'name="n1"', 'NAME="n1"'])
def test_a_note_is_reached_however_its_place_is_named(named: str) -> None:
    cleaned = clean(f'<p><a href="#n1">1</a></p><p><a {named}>The note.</a></p>', "https://e.org/a")
    target = re.search(r'(?:id|name)="([^"]+)"', cleaned)
    assert target, cleaned
    assert f'href="#{target[1]}"' in cleaned


def test_a_link_to_a_place_on_another_page_is_not_bent_to_this_one() -> None:
    html = '<p><a href="https://e.org/b#n1">there</a> <a href="#n1">here</a></p><p id="n1">x</p>'
    cleaned = clean(html, "https://e.org/a")
    assert 'href="https://e.org/b#n1"' in cleaned
    assert len(re.findall('href="#', cleaned)) == 1


@pytest.mark.parametrize("sides", ['width="2" height="2"', 'width="1" height="20"', 'width="02"'])
def test_a_small_picture_that_can_be_seen_is_no_counter(sides: str) -> None:
    assert "<img" in clean(f'<p>x <img src="https://e.org/smile.png" {sides}></p>', None)


def test_an_embedded_player_is_named_by_its_address_however_that_is_quoted() -> None:
    for frame in (
        '<iframe src="https://e.org/embed/7?x=1"></iframe>',
        "<iframe src='https://e.org/embed/7?x=1'></iframe>",
        "<iframe src=https://e.org/embed/7?x=1></iframe>",
    ):
        assert clean(frame, None) == (
            '<p><a href="https://e.org/embed/7?x=1">e.org/embed/7</a></p>'
        )


def test_an_address_ends_without_an_empty_query_or_place() -> None:
    assert link("https://e.org/a?", None) == "https://e.org/a"
    assert link("https://e.org/a#", None) == "https://e.org/a"
    assert link("/a?", "https://e.org/") == "https://e.org/a"
    assert link("/a#", "https://e.org/") == "https://e.org/a"


@pytest.mark.parametrize("depth", [1, allowed.DEPTH_MAX_TAGS - 1])
def test_what_is_long_but_not_deep_keeps_its_shape(depth: int) -> None:
    """Tags that are closed again count for nothing, nor do those that are never closed."""
    html = "<ul>" * depth + "<li>x<br>y</li>" * 400 + "</ul>" * depth
    assert clean(html, None).count("<ul>") == depth
    assert clean(html, None).count("<li>") == 400


def test_a_control_character_in_an_attribute_or_text_does_not_arrive() -> None:
    for html in (
        "<p>a\x07b</p>",
        '<p>a<a href="https://e.org/" title="x">b\x1b</a></p>',
        "a &lt; \x00",
    ):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", clean(html, None))
    assert clean("<p>a\nb</p>", None) == "<p>a\nb</p>", "but lines stay"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>code()</script>",
        "<SCRIPT>code()</SCRIPT>",
        "<style>code()</style>",
        "<STYLE>code()</STYLE>",
        "<sCript>code()</sCript>",
        "<sTyle>code()</sTyle>",
        "<!-- code() -->",
        "<?php code() ?>",
    ],
)
def test_each_kind_of_code_alone_is_no_text(hidden: str) -> None:
    assert to_text(f"<p>said</p>{hidden}") == "said"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src='data:image/gif;base64,R0' data-src='/b.jpg'>", ["https://s.example/b.jpg"]),
        ("<img src='/spacer.gif' data-original='/b.jpg'>", ["https://s.example/b.jpg"]),
        ("<img src='/loading.svg' data-lazy-src='/b.jpg'>", ["https://s.example/b.jpg"]),
        ("<img src='/heron.jpg' data-src='/b.jpg'>", ["https://s.example/heron.jpg"]),
        ("<img data-srcset='/s.png 75w, /l.png 1024w' alt='x'>", ["https://s.example/l.png"]),
        ("<noscript><img src='/c.jpg'></noscript>", ["https://s.example/c.jpg"]),
        (
            "<img data-src='/c.jpg'><noscript><img src='/c.jpg'></noscript>",
            ["https://s.example/c.jpg"],
        ),
        ("<noscript><p>Please allow scripts</p></noscript>", []),
    ],
)
def test_pictures_that_a_script_would_load_are_shown_once(html: str, expected: list[str]) -> None:
    cleaned = clean(f"<p>Words.</p>{html}<p>More.</p>", "https://s.example/1")
    assert re.findall(r'<img src="([^"]*)"', cleaned) == expected
    assert "noscript" not in cleaned
    assert "&lt;" not in cleaned
    assert "Please" not in cleaned


@pytest.mark.parametrize("space", ["pre-line", "pre-wrap", "break-spaces", "pre"])
def test_lines_that_a_style_keeps_apart_stay_apart(space: str) -> None:
    html = f'<p style="white-space: {space}">Chapters\n0:00 Start\n1:30 The crane</p>'
    assert to_text(clean(html, None)) == "Chapters\n0:00 Start\n1:30 The crane"
    assert to_text(clean("<p style='color:red'>one\ntwo</p>", None)) == "one two"


SCREEN = Screen(terminal=False)
CODE = "if wet:\n    stay()\n\nelse:\n    go()"
STYLED_CODE = [
    f'<pre><code style="white-space:pre">{CODE}</code></pre>',
    f'<pre><code><span style="white-space: pre-wrap">{CODE}</span></code></pre>',
    f"<PRE STYLE='white-space: pre'>\n{CODE}</PRE>",
    f'<div style="white-space: pre-line"><pre>\n{CODE}</pre></div>',
    f'<div style="white-space: pre-line"><pre class="language-python">{CODE}</pre></div>',
]


@pytest.mark.parametrize("html", STYLED_CODE)
def test_code_whose_style_keeps_its_lines_too_has_no_line_twice(html: str) -> None:
    cleaned, text = clean_with_text(html, None)
    assert "<br>" not in cleaned
    assert text == CODE
    shown = typeset(cleaned, columns=60, screen=SCREEN).lines
    assert [line.strip() for line in shown] == [line.strip() for line in CODE.split("\n")]


@pytest.mark.parametrize(
    "code",
    [
        "<pre>one\ntwo</pre>",
        '<pre style="white-space:pre">one\ntwo</pre>',
        "<pre>one\n<pre>two</pre></pre>",
        "<div><pre>one\ntwo</div>",  # which ends the pre as well
        "<!-- <pre> --><pre>one\ntwo</pre>",
    ],
)
def test_lines_beside_code_are_not_run_together(code: str) -> None:
    verse = '<p style="white-space:pre">Rain\nall day</p>'
    for html in (f"{code}{verse}", f"{verse}{code}", f"{verse}{code}{verse}"):
        cleaned, text = clean_with_text(html, None)
        assert text.count("Rain\nall day") == html.count(verse)
        assert cleaned.count("<br>") == html.count(verse)
        shown = [line.strip() for line in typeset(cleaned, columns=60, screen=SCREEN).lines]
        assert shown.count("Rain") == shown.count("all day") == html.count(verse)


def test_lines_around_code_in_one_box_stay_apart() -> None:
    html = '<div style="white-space:pre-wrap">a\nb<pre>c\nd</pre>e\nf</div>'
    assert clean(html, None) == "<div>a<br>\nb<pre>c\nd</pre>e<br>\nf</div>"
    assert to_text(clean(html, None)) == "a\nb\n\nc\nd\n\ne\nf"


def test_a_broken_character_runs_no_lines_together() -> None:
    html = '<p style="white-space:pre">Rain\ud800\nall day</p>'
    assert to_text(clean(html, None)) == "Rain\nall day"


def test_a_break_that_code_has_itself_stays() -> None:
    html = '<pre><code style="white-space:pre">one<br>two\nthree</code></pre>'
    assert to_text(clean(html, None)) == "one\ntwo\nthree"


def test_links_and_pictures_written_over_two_lines_survive_a_style_that_keeps_lines() -> None:
    html = (
        '<p style="white-space:pre-wrap">Look\n<a\nhref="https://s.example/1">here</a>'
        '<img\nsrc="https://s.example/b.jpg" alt="A > heron,\nasleep"></p>'
    )
    cleaned = clean(html, None)
    assert '<p>Look<br>\n<a href="https://s.example/1">here</a>' in cleaned
    assert 'src="https://s.example/b.jpg"' in cleaned
    assert ' alt="A &gt; heron,\nasleep"' in cleaned


_PIECES_OF_CODE = st.recursive(
    st.sampled_from(["x", "\n", "  y", "&lt;pre&gt;", "<br>", "<!-- \n -->"]),
    lambda inside: st.builds(
        '<{0} style="STYLE">{1}</{0}>'.format,
        st.sampled_from(["code", "span", "b", "pre", "div"]),
        st.lists(inside, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES_OF_CODE, max_size=4).map("".join))
def test_a_style_that_keeps_lines_changes_nothing_in_code(inside: str) -> None:
    html = f"<div><pre>{inside}</pre></div>"
    kept = clean(html.replace("STYLE", "white-space:pre"), None)
    assert kept == clean(html.replace("STYLE", "color:red"), None)


@pytest.mark.parametrize(
    "piece",
    [
        '<pre><code style="white-space:pre">a\nb</code></pre>',
        '<pre style="white-space:pre">',
        '<p style="white-space:pre">\n<pre',
        '<p style="white-space:pre">\n\n</p>',
    ],
)
def test_ever_more_styled_code_holds_up_nothing(piece: str) -> None:
    assert growth(lambda html: clean(html, None), lambda size: piece * size, 2_000) < LINEAR


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("<math><mi>a</mi><mo>+</mo><mi>b</mi></math>", "a+b"),
        ("<math alttext='a_1'><msub><mi>a</mi><mn>1</mn></msub></math>", "a_1"),
        ('<math alttext=""><mi>a</mi></math>', "a"),
        (
            '<math display="block"><semantics><mrow><mi>x</mi></mrow>'
            '<annotation encoding="application/x-tex">x &lt; 3</annotation></semantics></math>',
            "x < 3",
        ),
    ],
)
def test_a_formula_is_not_lost(formula: str, words: str) -> None:
    assert to_text(clean(f"<p>Let {formula} hold.</p>", None)) == f"Let {words} hold."


def test_an_ampersand_without_markup_around_it_is_escaped() -> None:
    assert clean("R & D &lt;b&gt;", None) == "R &amp; D &lt;b&gt;"
