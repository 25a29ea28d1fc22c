"""The steps from a page to its article, one by one, on pieces that pages are made of, put together
by chance: what comes of each stands in a table, as it was approved. None of this asks what was
learned: decisions about blocks are drawn as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import lxml.html
import pytest
from msgspec.structs import replace

from feedd.article import (
    EarlierArticle,
    PageInput,
    PageRejected,
    assembly,
    classifier,
    page_rules,
    pagehead,
    sitememory,
    tree,
)
from feedd.article.cleaning import PageAnalysis, analyse, clean_page
from feedd.article.pagehead import metadata, next_page
from feedd.article.pagehead.metadata import byline, pubdate, titles
from feedd.article.running_text import running_text
from feedd.article.selection import (
    asides,
    bare_headings,
    comments,
    credits,
    edges,
    facts,
    footnotes,
    item_lists,
    offers,
    other_articles,
    partings,
    parts,
    products,
    profiles,
    removal,
    repeats,
    series,
    threads,
    visibility,
)
from feedd.article.sitememory import SiteMemory, recurrence
from feedd.article.sitememory.block_marks import marks
from feedd.article.stored_articles import clean_again
from feedd.article.tree import figures, listings, markup, media, normalise
from feedd.article.tree.blocks import BlockDecision, cut
from feedd.model import Article
from feedd.web import robots
from tests.approval import approved, marked
from tests.article.listing import mark, told_in_short
from tests.article.made import PageMaker
from tests.chance import Chance

FOLDER = Path(__file__).with_name("approved") / "stages"
URL = "https://www.gazette.example/2024/05/01/bridge"

MEDIA = (
    "<img src=/a.jpg>", "<img src=data:x alt=b>", "<img data-src=/b.jpg src=/blank.gif>", "<img class=Lazy src=/s.jpg data-src=/l.jpg>",
    "<img srcset='/s.jpg 1x, /l.jpg 2.5x, /m.jpg 2x'>", "<img data-srcset='/d.jpg 300w,https://e.org/e.jpg 301w' src=#>",
    "<img src=/x/null>", "<img src=/loading.gif?x>", "<img src=/unloading-dock.jpg>", "<img data-original=word src=about:blank>",
    "<img data-lazy-srcset='/z.jpg' srcset='/y.jpg .x, data:q 9x'>", "<img src=/grey-heron.jpg>", "<img srcset='. 1.2.3x, /f.jpg .'>",
    "<noscript><img src=/n.jpg alt=N title=T srcset=q></noscript>", "<noscript><img src=/n.jpg width=1></noscript>", "<noscript><p>words</p></noscript>",
    "<p></p>", "<p>words</p>", "<div>", "</div>", "<span class=x>", "</span>", "<amp-img src=/amp.jpg></amp-img>",
    "<picture><source srcset='/p.webp 2x'><source data-srcset=/q.webp><img src=data:x></picture>", "<picture><source data-srcset='/r.webp 1x'></picture>",
    "<picture><picture><img src=/in.jpg></picture></picture>", "<div class=wp-Caption><img src=/c.jpg>line</div>", "<span class=caption>no picture</span>",
    "<div class=caption><img src=/1.jpg><img src=/2.jpg></div>", "<iframe src=//www.youtube.com/embed/abc?rel=0 title=' A  film '>inner<b>x</b></iframe>tail",
    "<iframe src=https://www.youtube-nocookie.com/embed/videoseries?list=1></iframe>", "<iframe data-src=https://player.vimeo.com/video/76?h=1#t></iframe>",
    "<iframe data-lazy-src=https://geo.dailymotion.com/embed/video/x7></iframe>", "<embed src=https://notyoutube.com/embed/a>", "<iframe src='https://[::1'></iframe>",
    "<iframe src='https://www.facebook.com/plugins/video.php?href=https://fb.example/v'></iframe>", "<iframe src=https://www.facebook.com/plugins/like.php></iframe>",
    "<iframe src='https://w.soundcloud.com/player/?url=http://plain.example/'></iframe>", "<amp-youtube data-videoid=xyz></amp-youtube>", "<lite-youtube></lite-youtube>",
    "<lite-youtube videoid=v1>child</lite-youtube>after", "<iframe src=https://media.ccc.de/v/1></iframe>", "<iframe src=https://youtube.com/watch?v=1></iframe>",
    "<math alttext='a^2'><mi>a</mi></math>", "<math display=block><mi>b</mi> <mn>2</mn></math>t", "<span><math><mi>c</mi></math><img alt=c src=/c.png></span>",
    "<span><span><math><mi>d</mi></math></span><img src=/d.png alt=d></span>", "<math><annotation encoding=application/x-TeX>e</annotation></math>",
    "<math><annotation encoding=text/plain>f</annotation><mi>g</mi></math>",
)  # fmt: skip
SHAPES = (
    "<p>", "</p>", "<div>", "</div>", "words of a line ", "more. ", "<br>", "<br> <br>", "<br>x<br>", "<b>", "</b>", "<a href=/t>", "</a>", "<span>", "</span>",
    "<h2>A heading</h2>", "<h2>Head <a href=#x>¶</a></h2>", "<h3><span>[edit]</span>Own<div>boxed</div></h3>", "<h2><a href=/page#sec>Linked</a></h2>",
    "<h2><button>Unfold</button></h2>", "<div role=heading aria-level=4>Said a heading</div>", "<p role=heading>Plain</p>", "<span class=mw-editsection>edit</span>",
    "<ul>", "</ul>", "<li>item</li>", "loose", "<ol><li>a<li>b</ol>", "<dl>in<dt>t<dd>d</dl>", "<menu>run<li>m</menu>", "<pre>x <br>y<b>z</b>\n</pre>",
    "<table><tr><td>1<td>2<tr><td>3<td>4</table>", "<table><tr><th>1<td>2<tr><td>3<td>4</table>", "<table role=none><tr><th>1<td>2<tr><td>3<td>4</table>",
    "<table><colgroup><col></colgroup><caption>C<div>D</div></caption><tr><td><p>1</p><p>2</p><td>2<tr><td>3<td>4</table>",
    "<table><tr><td>one cell</table>", "<table><tr><td><table><tr><td>1<td>2<tr><td>3<td>4</table><td>x</table>", "<td>stray</td>",
    "<table><tr><td><div><p>1</p><p>2</p></div><td>2<tr><td>3<br>a<br>b<td>4</table>", "<table><tr><td><div><p>1</p></div><td><img><tr><td>3<br>a<td> </table>",
    f"<table><tr><th>{'w ' * 130}<td>2<tr><td>{'v ' * 130}<td>4</table>", "<div role=table><span role=row><b role=cell>1</b><i role=columnheader>2</i></span><div role=row><b role=gridcell>3</b><b role=cell>4</b></div></div>",
    "<ul role=grid><li role=row><span role=cell>1</span><span role=cell>2</span></ul>", "<section role=treegrid>none</section>",
    "<noscript><p>inside</p></noscript>", "<noscript>bare</noscript>", "<button><p>most of the page is here and nowhere else at all</p></button>", "<select><option>o</select>",
    "<object><p>obj</p></object>", "<svg><text>s</text></svg>", "<textarea>t</textarea>", "<script>s()</script>", "<dialog>d</dialog>", "<th><button>Sort</button></th>",
    "<a href=/big><p>1</p><p>2</p><p>3</p></a>", "<a href=/many><p>1</p><p>2</p><p>3</p><p>4</p></a>", "<a><div>no address</div></a>", "<font><div>f</div>run</font>", "<img src=/i.jpg>",
    "<video></video>", "<hr>", "<blockquote>q<p>r</p></blockquote>", "<details><summary>s</summary>t</details>", f"<h1>{'long ' * 70}<div>x</div></h1>", f"<h1>{'long ' * 9}<p>x</p><p>y</p></h1>",
)  # fmt: skip
LISTED = (
    "<p><img src=/a.jpg alt='A bridge'></p>", "<div><img src=/b.jpg></div>", "<figure><img src=/c.jpg></figure>", "<p>A bridge</p>", "<p><em>in italics</em></p>", "<p><small>small.</small></p>",
    "<p class=caption>named</p>", "<p class=photo-credit>A sentence by name.</p>", "<p style='font-size: 12px'>set small</p>", "<p style='font-size:14px'>set large</p>", "<p><font size=1>font</font></p>", "<p><font size=3>font</font></p>",
    "<p><i>half</i> of it</p>", "<p><a href=/x>a link</a></p>", "<p><a href=/x>link</a> and more words than that</p>", "<h2>Heading</h2>", "<div><div><img src=/d.jpg></div><p>boxed line</p></div>",
    "<div><img src=/e.jpg><img src=/f.jpg><p>two pictures</p></div>", "<li><img src=/g.jpg><em>item</em></li>", "<p><img src=/h.jpg><br><em>below a break</em></p>", "<p>before <img src=/i.jpg><em>beside</em></p>", "<p><img src=/j.jpg><em>part</em>, not all</p>",
    f"<p>{'Text that goes on. ' * 12}</p>", f"<p><em>{'w ' * 29}w</em></p>", f"<p><em>{'w ' * 30}w</em></p>", f"<p><em>{'longer ' * 44}</em></p>", "<video src=/v.mp4></video>", "tail", "<section>", "</section>", "<div>", "</div>",
    "<pre><span class=lineno>1</span>a\n<span class=lineno>2</span>b\n</pre>", "<pre><b>1</b> x <b>2</b> y <b>3</b> z</pre>", "<pre><b>1</b> x <b>3</b> y</pre>", "<pre><i>7</i> <i>8</i></pre>", "<pre><div>one</div><div>two\n</div>three</pre>", "<pre><ol><li>a<li><b>b</b></ol></pre>",
    "<table class=highlight><tr><td>1 2 3<td><pre class=c>x\ny\nz</pre></table>", "<table class=highlight><tr><td>1 2<td>x</table>", "<table><tr><td>1<td>code<tr><td>2<td>more<tr><td>3<td>end</table>", "<table class=code><tr><td>1<td>a<tr><td>2<td>b\n<tr><td>3<td>c</table>",
    "<table><tr><td data-line-number=1><td class=blob-code>a<tr><td data-line-number=2><td>b<tr><td data-line-number=3><td>c</table>", "<table class=code><tr><td>1<td>a<td>x</table>", "<table><tr><td><pre>one</pre></table>", "<pre>p<table class=code><tr><td>1<br>2<br>3<td>q</table></pre>tail",
    "<ol class=linenums><li>a</ol>", "<p><img src=/k.jpg alt=k>k</p>", "<p><img src=/l.jpg><span class=legend>said here: </span></p>", "<blockquote><img src=/m.jpg><em>within</em></blockquote>",
)  # fmt: skip


def body_of(chance: Chance, parts: Sequence[str], most: int) -> lxml.html.HtmlElement:
    inner = "".join(parts[chance.below(len(parts))] for _ in range(1 + chance.below(most)))
    return lxml.html.document_fromstring(f"<html><body>{inner}</body></html>")


def shown(root: lxml.html.HtmlElement) -> str:
    text = lxml.html.tostring(root.find("body"), encoding="unicode")
    return text if len(text) < 80 else f"{text[6:66]}… {mark(text)}"


def of_media(chance: Chance) -> Iterator[object]:
    root = body_of(chance, MEDIA, 3)
    media.settle(root)
    yield shown(root)


def of_shapes(chance: Chance) -> Iterator[object]:
    root = body_of(chance, SHAPES, 7)
    leading = normalise.normalise(root)
    yield shown(root)
    blocks = cut(root, leading)
    yield [
        (b.element.tag, b.size, b.link_chars, len(b.path), b.media_before, b.is_caption)
        for b in blocks
    ][:4]


def of_figures(chance: Chance) -> Iterator[object]:
    root = body_of(chance, LISTED, 6)
    listings.settle(root)
    normalise.normalise(root)
    figures.mark_captioned(root)
    yield shown(root)


def of_heads(chance: Chance) -> Iterator[object]:
    page = PageMaker(chance.below(100_000)).page()
    names = ("/p", "/bridge/page/2", "/2024/05/01/bridge?page=2", "x", "", "https://e.org/amp")
    more = (
        '<meta http-equiv=refresh content="{};url={}">', '<link rel=alternate media=Print href={1}>', '<link rel=AMPHTML href={1}>', "<a href={1}>2</a>", "<a href={1}>Next »</a>", "<a rel='next nofollow' href={1}>x</a>",
        "<a rel=author href=/ann>Ann Other</a>", "<div itemprop=author><span itemprop=name>Ida Prop</span></div>", "<p class=byline>By <a href=/b>Bea Line</a> and <a href=/c>Cy Line</a></p>", "<p class=author-bio>Bo Bio</p>", "<a href=/authors/dee-dee>Dee Dee</a>", "<span class=author>staff</span>",
        "<time datetime=2024-0{0}-02 class=updated>x</time>", "<time pubdate>May {0}, 2023</time>", "<span itemprop=datePublished content=2022-03-0{0}></span>", "<p class=dateline>Updated {0} May 2024</p>", "<p class=post-meta>First published 3 April 202{0}, updated 2 May 2024</p>", "<p id=date>2024</p>",
        "<div class=comments><time>2020-01-01</time><p class=byline>By Com Menter</p></div>", "<meta name=robots content='NONE'>", "<meta name=feedd content=none>", "<meta name=otherbot content=none>", "<meta property=og:image content=/placeholder.png>",
        "<meta itemprop=datePublished content=2021-07-0{0}>", "<meta property=article:section content=Bridge>", "<meta name=twitter:site content=@gazette>", "<meta name=language content=pt_BR>", "<meta name=twitter:title content=Bridge>", "<h1>Bridge | The Gazette</h1>",
    )  # fmt: skip
    extra = "".join(one.format(chance.below(12), chance.one(names)) for one in chance.some(more, 5))
    url = chance.one(
        (
            page.url,
            URL,
            "https://forum.e.org/t/1",
            "https://e.co.uk/a/2023-11-05/x",
            "https://e.org/2024/may/07/y",
        )
    )
    root = tree.parse(page.body.replace(b"</head>", f"</head>{extra}".encode(), 1))
    head = pagehead.read(root, url)
    about = head.about
    yield about.title, about.author, about.published, about.lead_image, about.language
    yield (
        head.next_page,
        head.refresh,
        head.alternate,
        head.paid,
        head.forbidden,
        mark(url, head.base, head.description, head.names, about.headlines, head.kinds, about.site),
    )


LINES = (
    "By Ann Lee", "by", "Ann Lee and Bo Li", "Ann Lee, Jr", ", ", "; ", " | ", " - ", "May 1, 2024", "2024", "3 hours ago", "admin", "Staff", "Reporter", "senior staff writer", "Von Ida Prop", "作者：李", "a@b.example",
    "https://e.org/", "www.e.org", "Updated", "published", "on", "in", "Photo by", "Written by", "The Gazette", "gazette", "Monday", "More from Ann", "view all posts by", "Ann Holt", "X", "Ph. D.", "& ", "und", "12:30", "·", "Redaktion", "(Ann)", "text",
)  # fmt: skip


def of_bylines(chance: Chance) -> Iterator[object]:
    line = chance.one((" ", " ", "")).join(chance.some(LINES, 5))
    site = frozenset({"thegazette", ".annholt", ".gazette"})
    yield (
        line,
        byline._people(line, site),
        byline.named_in(line, site),
        pubdate.instant(line, day_first=chance.holds(0.5)),
    )


TITLES = (
    "The bridge",
    "The Gazette",
    "gazette.example",
    " | ",
    " - ",
    ": ",
    " » ",
    " · ",
    "News",
    "A long story of the river",
    " – ",
    "|",
    " :: ",
    "bridge",
    "",
)
ADDRESSES = (
    "https://e.org/a", "https://e.org/a/", "https://e.org/a/2", "https://e.org/a/2/", "https://e.org/a/3", "https://e.org/a?page=2", "https://e.org/a?page=3&x=1", "https://e.org/a?x=1&p=2", "https://e.org/a.html", "https://e.org/a-2.html", "https://e.org/a_3.html", "https://e.org/a/page/2",
    "https://e.org/a/seite-3", "https://e.org/b/2", "https://e.org/a/2#x", "https://e.org/a,p2.html", "https://e.org/a/100", "https://e.org/a/1", "https://e.org/a?page=1", "https://e.org/a-page-2.php",
)  # fmt: skip
ROBOTS = (
    "none",
    "noindex",
    "feedd: none",
    "googlebot: none",
    "*: none",
    "unavailable_after: 25 Jun 2024",
    "max-snippet:none",
    ", ",
    ",",
    "\n",
    " ",
    "FEEDD:NONE",
    "all",
    "bot : none",
)
WALLS = (
    "Subscribe to continue reading.", "Already a subscriber?", "Nur für Abonnenten", "cookies", "consent", "GDPR", "Enable JavaScript and cookies to go on", "Just a moment", "The bridge is open.", "council voted river money", "premium content", "words " * 40, "story " * 300, "captcha",
)  # fmt: skip


def of_rules(chance: Chance) -> Iterator[object]:
    title = "".join(chance.some(TITLES, 5))
    headings = {markup.squash(one): one for one in chance.some(("The bridge", "bridge News"), 2)}
    yield (
        title,
        titles.without_site(title, frozenset({"thegazette", "gazetteexample"}), headings),
        pagehead._names_in(title),
    )
    one, two = chance.one(ADDRESSES), chance.one(ADDRESSES)
    yield one, two, next_page.continues(one, two)
    said = "".join(chance.some(ROBOTS, 6))
    yield said, robots.forbids(said)
    text = " ".join(chance.some(WALLS, 5))
    about = metadata.Metadata(
        title=chance.one(("The bridge is open", "Just a moment", None)),
        headlines=tuple(chance.some(("The bridge is open",), 1)),
    )
    head = pagehead.PageHead(
        base=URL,
        about=about,
        paid=chance.holds(0.1),
        refresh=chance.one((None, None, "https://e.org/")),
    )
    job = PageInput(b"", chance.one((URL, "https://consent.e.org/", "https://e.org/privacywall", "https://e.org/consent-x")), None, title=chance.one(("The bridge is open", "Something else")),
                    summary_text=chance.one(("", "Council voted on the river money and the bridge toll today again")), feed_text=chance.one(("", "", text[:60], text + "x")))  # fmt: skip
    article = Article(
        URL,
        html=f"<p>{text}</p>",
        text=text,
        moved_to=chance.one((None, None, None, "https://e.org/")),
    )
    yield (
        text[:30],
        len(text),
        page_rules.objection(article, head, job),
        page_rules.confidence(text, chance.below(101) / 100, job),
    )


JSON_PARTS = (
    '{"@type": "NewsArticle", "headline": "The bridge", "articleBody": "one"}', '{"@type": ["BlogPosting"], "name": "Other", "articleBody": "three words here"}', ",", ";", "[", "]", "/* c */", "<!--", "-->", '{"@graph": [{"@type": "WebSite", "name": "G"}]}',
    '{"a": 1,}', '{"b": "x"', "//]]>", "&quot;", '{&quot;@type&quot;: &quot;Article&quot;}', "\ufeff", "// line\n", '{"c": [1, {"@type": "Report", "headline": {"@value": "The bridge"}}]}',
)  # fmt: skip


def of_things(chance: Chance) -> Iterator[object]:
    script = chance.one(("", "", " ", "\n")).join(chance.some(JSON_PARTS, 4))
    root = lxml.html.document_fromstring("<html><head></head><body>x</body></html>")
    element = lxml.html.Element(
        "script",
        {"type": chance.one(("application/ld+json", "APPLICATION/LD+JSON; x", "text/javascript"))},
    )
    element.text = script
    root.append(element)
    things = markup.things_of(root)
    yield script, json.dumps(things), json.dumps(markup.article_of(things, ["The Bridge!", ""]))


def analysed(chance: Chance) -> PageAnalysis | None:
    try:
        return analyse(PageMaker(chance.below(100_000)).page())
    except PageRejected:
        return None


def drawn(chance: Chance, analysis: PageAnalysis) -> list[BlockDecision]:
    share = chance.one((0.3, 0.7, 0.95))
    return [
        BlockDecision(
            not block.is_caption and chance.holds(share),
            "drawn",
            chance.below(21) / 20,
            block.is_caption,
        )
        for block in analysis.page.blocks
    ]


def what_changed(before: Sequence[BlockDecision], after: Sequence[BlockDecision]) -> str:
    said = " ".join(
        f"{number}{'+' if two.kept else '-'}{two.why}"
        for number, (one, two) in enumerate(zip(before, after, strict=True))
        if one != two
    )
    return said if len(said) < 60 else f"{said[:50]}… {mark(said)}"


def of_decisions(chance: Chance) -> Iterator[object]:
    analysis = analysed(chance)
    if analysis is None:
        return
    page, blocks = analysis.page, analysis.page.blocks
    named = [tuple(title.lower().split()) for title in analysis.titles]

    def take_alike(decisions: list[BlockDecision]) -> None:
        series.take_alike(page, decisions)
        facts.take_values(page, decisions)

    rules: tuple[Callable[[list[BlockDecision]], object], ...] = (
        lambda d: edges.take_edges(page, d),
        lambda d: parts.take(page, d),
        lambda d: item_lists.take(page, d),
        lambda d: series.take_times(page, d),
        lambda d: edges.take_sections(page, d),
        lambda d: footnotes.take_footnotes(blocks, d),
        lambda d: footnotes.take_sources(page, d),
        lambda d: visibility.drop_hidden(page, d),
        lambda d: repeats.drop_headline(blocks, d, named),
        lambda d: removal._drop_above(blocks, d, page.headline or 0),
        lambda d: other_articles.drop(page, d, named),
        lambda d: credits.drop_byline(page, d),
        lambda d: offers.drop_offers(page, d),
        lambda d: products.drop_offered(page, d),
        lambda d: products.drop_panels(page, d),
        lambda d: asides.drop(page, d),
        lambda d: partings.drop(blocks, d),
        lambda d: bare_headings.drop_of_boxes(blocks, d),
        lambda d: bare_headings.drop_at_end(page, d),
        lambda d: repeats.drop_echoes(page, d),
        lambda d: repeats.drop_copies(blocks, d, named),
        lambda d: profiles.drop(page, d),
        lambda d: comments.drop_comments(page, d),
        take_alike,
    )
    for number, rule in enumerate(rules):
        before = drawn(chance, analysis)
        after = list(before)
        rule(after)
        if after != before:
            yield number, what_changed(before, after)
    scores = [chance.below(21) / 20 for _ in blocks]
    sizes = [(score, b.size) for b, score in zip(blocks, scores, strict=True) if not b.is_caption]
    least = classifier.keep_from(sizes)
    both = zip(blocks, drawn(chance, analysis), strict=True)
    expected = classifier.expected_f1((d.score, b.size, d.kept) for b, d in both if not d.caption)
    yield round(least, 6), round(expected, 6)
    yield what_changed(
        [BlockDecision(False, "", 0.0)] * len(blocks),
        classifier.by_best(page, [s * chance.one((0.2, 0.6, 1)) for s in scores], least),
    )
    kept = [number for number in range(len(blocks)) if chance.holds(0.8)]
    known = {m for n in kept if chance.holds(0.35) for m in marks(blocks[n])[: 1 + chance.below(2)]}
    yield (
        recurrence.boilerplate(blocks, kept, known),
        len(repeats.without_retellings([*blocks, *blocks[:3]])),
    )
    before = drawn(chance, analysis)
    after = list(before)
    threads.take_posters(page, after)
    yield what_changed(before, after), mark([b.element.text_content() for b in blocks])


def of_assembly(chance: Chance) -> Iterator[object]:
    analysis = analysed(chance)
    if analysis is None:
        return
    blocks = analysis.page.blocks
    share = chance.one((0.2, 0.6, 0.9))
    kept = [n for n, block in enumerate(blocks) if not block.is_caption and chance.holds(share)]
    captions = [n for n, block in enumerate(blocks) if block.is_caption]
    headline = chance.one((None, *kept[:2])) if kept else None
    html = assembly.assemble(blocks, kept, captions, headline=headline)
    yield len(kept), len(html), mark(html), mark(running_text(html))
    known = frozenset(m for block in blocks if chance.holds(0.3) for m in marks(block))
    again = clean_again(EarlierArticle(html, known))
    yield again and (len(again), mark(again))


ASKED = (
    "size",
    "links",
    "stop",
    "place",
    "page_words",
    "heading",
    "from_headline",
    "sentence",
    "bold",
    "before_heading",
)


def ensemble(chance: Chance) -> classifier.Ensemble:
    """Trees that nobody learned: what rules make of scores does not wait for the real ones."""

    def grown(depth: int) -> object:
        if not depth:
            return chance.below(101) / 100 - 0.4
        limit = chance.one((-0.5, 0.0, 0.3, 0.5, 3.0, 12.0, 40.0))
        return [chance.below(len(ASKED)), limit, grown(depth - 1), grown(depth - 1)]

    trees = [grown(1 + chance.below(2)) for _ in range(chance.one((4, 34)))]
    return classifier.Ensemble(
        {"names": ASKED, "bias": chance.one((-3.2, -0.5, 0.3)), "trees": trees}
    )


def of_wholes(chance: Chance) -> Iterator[object]:
    page = PageMaker(chance.below(100_000)).page()
    if chance.holds(0.2):
        page = replace(page, recurring=frozenset(clean_page(page).blocks[::3]))
    with classifier.using(ensemble(chance)):
        yield told_in_short(page)


CODES = (
    '<pre class="brush: js">a</pre>', '<div class="highlight-source-python"><pre>b</pre></div>', "<pre data-lang=Rust>c</pre>", "<pre><code data-language=Go>d</code></pre>", '<pre><code class="hljs lang-c++">e</code></pre>', '<div class=sourceCode><pre class="sourceCode haskell">f</pre></div>',
    '<figure class="highlight language-bash"><pre>g</pre></figure>', '<div class="lang-css"><div><div><div><pre>too far</pre></div></div></div></div>', '<section class="lang-zig"><div><div><pre>h</pre></div></div></section>', "<ul><li><p>a</p><ul><li>b</li></ul></li><p>no item</p></ul>",
    "<ol start=5 reversed type=a><li value=7>x</ol>", "<dl><dd><p>only</p></dd></dl>", "<blockquote cite=/q><p>q</p></blockquote>", "<details open><summary>s</summary><p>t</p></details>", "<video src=/v.mp4 poster=/p.jpg></video>", "<video><source src=/w.mp4></video>", "<audio></audio>",
    "<img src=/avatar/a.png>", "<img src=/t.png width=40>", "<img src=/t.png width=41>", "<img src=/t.png height=40 alt=x>", "<a href=/big><img src=/linked.png></a>", "<figure><img src=/q.jpg><figcaption>one</figcaption><p>two</p></figure>", "<div class=share><img src=/s.png></div>",
    "<a href=/card><div>t</div><p>u</p></a>", "<hr>", "<h2>Last</h2>", "<p>Text above.</p>", "<noscript><img src=/n.jpg>tail</noscript>", "<lite-youtube videoid=v><b>child</b></lite-youtube>", "<math><annotation encoding=tex></annotation><mi>x</mi></math>", "<p><a href=/only>All of it is a link</a></p>",
    "<ul><li><p>a</p><p>b</p></li><li>t<p>c</p></li></ul>", "<p id=here>named</p>", "<figure><blockquote>said</blockquote><figcaption>by whom</figcaption></figure>", "<aside><p>beside</p></aside>", "<address>here</address>", "<div role=table><div role=row><div role=cell><div>a</div></div><div role=cell>b</div></div></div>",
)  # fmt: skip


def of_dressed(chance: Chance) -> Iterator[object]:
    """All of a page is kept, whatever it is made of: the user chose so."""
    parts = [
        chance.one(chance.one((CODES, CODES, MEDIA, SHAPES, LISTED)))
        for _ in range(1 + chance.below(6))
    ]
    html = f"<html><body><nav>menu</nav><article><p>{'Words. ' * 5}</p>{''.join(parts)}</article></body></html>"
    article = clean_page(PageInput(html.encode(), URL, "text/html", selector="article"))
    yield article.html if len(article.html) < 90 else f"{article.html[:70]}… {mark(article.html)}"
    yield mark(article.text, article.lead_image, article.error, article.blocks)


def of_site_memories(chance: Chance) -> Iterator[object]:
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in (
            ("WINDOW_PAGES", 8),
            ("ENTRIES_MAX", 12),
            ("PAGE_BLOCKS_MAX", 6),
            ("URLS_MAX", 4),
        ):
            patch.setattr(sitememory, name, limit)
        memory = SiteMemory()
        for _ in range(14):
            texts = [chance.below(30) for _ in range(chance.below(9))]
            memory = sitememory.learn(
                memory,
                f"https://e.org/{chance.below(12)}",
                [sitememory.fingerprint([f"w{n}"]) for n in texts],
            )
        yield (
            memory.learned,
            memory.window,
            len(memory.urls),
            sorted((e.pages, e.last) for e in memory.seen.values()),
        )
        yield mark(sitememory.recurring(memory)), sitememory.load(sitememory.dump(memory)) == memory
    words = chance.some(("9", "12", "may", "comments", "montag", "bridge"), 4)
    yield (
        words,
        mark(sitememory.fingerprint(words)),
        mark(sitememory.fingerprint(words, exact=True)),
    )


TABLES: dict[str, tuple[int, Callable[[Chance], Iterator[object]]]] = {
    "media": (900, of_media),
    "shapes": (1200, of_shapes),
    "figures": (1200, of_figures),
    "heads": (400, of_heads),
    "bylines": (400, of_bylines),
    "rules": (600, of_rules),
    "things": (250, of_things),
    "decisions": (250, of_decisions),
    "assembly": (250, of_assembly),
    "wholes": (120, of_wholes),
    "dressed": (200, of_dressed),
    "site_memories": (60, of_site_memories),
}
MORE = {"media": 3000, "shapes": 4000, "figures": 3000, "heads": 800, "bylines": 2000, "rules": 2000,
        "things": 1000, "dressed": 1000}  # fmt: skip
"""Of how many in all; beyond those that are shown, what comes of them is only marked."""


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("name", TABLES)
def test_what_comes_of_a_step_is_what_was_approved(name: str) -> None:
    count, step = TABLES[name]
    lines = [f"{n}: {one!a}" for n in range(count) for one in step(Chance(n))]
    lines += marked(count, MORE.get(name, count), lambda n: list(step(Chance(n))), mark)
    approved(FOLDER / f"{name}.txt", "\n".join(lines) + "\n")


def test_walls_and_stubs_are_told_from_articles_to_the_character() -> None:
    head = pagehead.PageHead(base=URL, about=metadata.Metadata())
    lines = []
    for said in ("captcha ", "cookies consent ", "premium content ", "bridge "):
        for length in (39, 40, 41, 599, 600, 601, 1499, 1500, 1501):
            text = (said * 200)[:length]
            article = Article(URL, html=f"<p>{text}</p>", text=text)
            for feed_text in ("", text, text + "x"):
                job = PageInput(b"", URL, None, feed_text=feed_text)
                lines.append(f"{said}{length} {page_rules.objection(article, head, job)}")
    approved(FOLDER / "walls.txt", "\n".join(lines) + "\n")
