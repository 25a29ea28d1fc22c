"""What of an article's structure survives cleaning, on pages made here.

usage: python -m benchmarks.structure [--show]

One article with every structure that articles have is written in four page templates; what a
cleaner gives is compared with what was put in: headings with their levels, list items with their
depth, links, pictures, captions, code with its language, tables, quotations, and what must be gone.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import html as lxml_html
from lxml.html import HtmlElement

from feedd.article import PageInput
from feedd.article.cleaning import clean_page

URL: Final = "https://example.org/2024/05/sourdough-engines"
TITLE: Final = "How we rebuilt the sourdough engine"

_PROSE: Final = (
    "The old engine had been running for nine years before anybody asked what it cost, and by then "
    "nobody who had written it was left to answer.",
    "We measured for two weeks, from the first batch at four in the morning to the last one, and "
    "wrote every number down twice.",
    "What came out surprised us: the oven was idle for a third of the day, while the dough waited "
    "for a scheduler that had been told, long ago, to be careful.",
    "A colleague had left a note about this in the margin of the manual, which all of us had read "
    "and none of us had understood.",
    "So the first change was small, a single line, and it saved more than all the others that we "
    "made in the following months.",
    "Since then the kitchen has been quieter, the bread is better, and the people who work there"
    " go "
    "home before the shops close.",
)

ARTICLE: Final = f"""
<p>{_PROSE[0]} See <a href="/2019/engine">the first report</a> for the whole story.</p>
<figure><img src="/img/placeholder.gif" data-src="/img/oven.jpg" alt="The oven"><figcaption>The oven
in its corner, before the work began.</figcaption></figure>
<p>{_PROSE[1]}</p>
<h2>What we measured</h2>
<p>{_PROSE[2]} The formula <math alttext="E = mc^2"><mi>E</mi></math> had nothing to do
with it.<sup><a href="#fn1" id="ref1">1</a></sup></p>
<ul><li>Flour, in kilograms, before and after sifting.
<ul><li>Rye from the north field, ground coarse.</li>
<li>Wheat from the south field, ground fine.</li></ul></li>
<li>Water, at three temperatures.</li></ul>
<h3>The numbers</h3>
<table><caption>Batches by month</caption>
<thead><tr><th>Month</th><th>Batches</th><th>Lost</th></tr>
</thead>
<tbody><tr><td>March</td><td>310</td><td>12</td></tr>
<tr><td>April</td><td>322</td><td>3</td></tr></tbody></table>
<p>{_PROSE[3]}</p>
<blockquote><p>Never start the mixer before the scheduler has said that it may,
even when it looks ready.</p></blockquote>
<aside class="pullquote">wrote every number down twice</aside>
<h2>What we changed</h2>
<p>{_PROSE[4]}</p>
<pre><code class="language-python">def ready(dough):
    if dough.age &lt; 4:
        return False
    return dough.warm</code></pre>
<ol><li>Stop the old scheduler, and wait until it has written its file.</li>
<li>Start the new one with the
same file, and look at the first batch.</li></ol>
<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="The engine at work"></iframe>
<dl><dt>Proofing</dt><dd>The time that the dough rests before it is baked.</dd></dl>
<details><summary>For the curious</summary>
<p>The scheduler was written in a language that has no name, by people who liked it that way.</p></details>
<noscript><img src="/img/loaf.jpg" alt="A loaf"></noscript>
<p>{_PROSE[5]}</p>
<ol class="footnotes"><li id="fn1">It was on the wall of the kitchen, and stayed there.
<a href="#ref1">↩</a></li></ol>
"""

FURNITURE: Final = (
    "Subscribe to our newsletter",
    "Share on Facebook",
    "Most popular stories",
    "We use cookies",
    "comments on this article",
    "All rights reserved",
)

_NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>'
_SHARE = '<div class="share-bar"><a href="https://facebook.com/sharer">Share on Facebook</a></div>'
_NEWSLETTER = (
    '<div class="newsletter-signup"><h3>Subscribe to our newsletter</h3><form><input name="e">'
    "<button>Go</button></form></div>"
)
_POPULAR = (
    '<div class="sidebar"><h3>Most popular stories</h3><ul><li><a href="/a">Ten ovens that changed '
    'the world</a></li><li><a href="/b">Why rye is back</a></li></ul></div>'
)
_COMMENTS = (
    '<div id="comments"><h3>12 comments on this article</h3><div class="comment"><p>Great read, '
    "thank you!</p></div></div>"
)
_FOOT = (
    '<footer><p>© 2024 The Bakery. All rights reserved.</p></footer><div class="cookie-banner"><p>'
    'We use cookies to improve your visit.</p></div><img src="/count.gif" width="1" height="1">'
)


def _page(body: str) -> str:
    return (
        f"<!doctype html><html lang=en><head><title>{TITLE} | The Bakery</title>"
        f'<meta property="og:title" content="{TITLE}"></head><body>{body}</body></html>'
    )


def semantic() -> str:
    """A page as the standard wishes it."""
    return _page(
        f"{_NAV}<main><article><header><h1>{TITLE}</h1>{_SHARE}</header>{ARTICLE}</article></main>"
        f"<aside>{_NEWSLETTER}{_POPULAR}</aside>{_COMMENTS}{_FOOT}"
    )


def divs() -> str:
    """A page of divs, with class names of a common blog engine."""
    return _page(
        f'<div class="site-header">{_NAV}</div><div id="content"><div class="post-42 post hentry">'
        f'<h1 class="entry-title">{TITLE}</h1><div class="entry-content">{ARTICLE}{_SHARE}'
        f"{_NEWSLETTER}</div>"
        f"</div>{_COMMENTS}</div>{_POPULAR}{_FOOT}"
    )


def nameless() -> str:
    """Divs again, without a single name to go by."""
    return _page(
        f"<div>{_NAV}</div><div><div><div><h1>{TITLE}</h1><div>{ARTICLE}</div></div></div></div>"
        f"{_POPULAR}{_COMMENTS}{_FOOT}"
    )


def tables() -> str:
    """A page laid out by tables."""
    return _page(
        f'<table width="100%"><tr><td colspan=2>{_NAV}</td></tr><tr><td width=160>{_POPULAR}</td>'
        f"<td><h1>{TITLE}</h1>{ARTICLE}{_SHARE}</td></tr><tr><td"
        f" colspan=2>{_COMMENTS}{_FOOT}</td></tr></table>"
    )


TEMPLATES: Final[dict[str, Callable[[], str]]] = {
    "semantic": semantic,
    "divs": divs,
    "nameless": nameless,
    "tables": tables,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of what was put in came out."""

    name: str
    kept: int
    of: int


def inspect(markup: str) -> list[Kept]:
    """Count what of the article's structure is in a cleaner's HTML."""
    root: HtmlElement = lxml_html.fragment_fromstring(markup or "<p></p>", create_parent="div")
    text = " ".join(root.text_content().split())

    def has(path: str) -> int:
        return int(bool(root.xpath(path)))

    def words(tag: str, *starts: str) -> int:
        found = [" ".join(e.text_content().split()) for e in root.iter(tag)]
        return sum(any(each.startswith(start) for each in found) for start in starts)

    levels = words("h2", "What we measured", "What we changed") + words("h3", "The numbers")
    pre = next(root.iter("pre"), None)
    code = "" if pre is None else pre.text_content()
    footnote = re.search(r'href="#([^"]+)"', markup or "")
    return [
        Kept("prose", sum(p in text for p in _PROSE), len(_PROSE)),
        Kept("headings", levels, 3),
        Kept("list items", words("li", "Flour,", "Rye", "Wheat", "Water,", "Stop", "Start"), 6),
        Kept("nested list", has(".//ul//ul[count(li)=2]"), 1),
        Kept("numbered list", has(".//ol/li[starts-with(normalize-space(.), 'Stop')]"), 1),
        Kept("links", has(".//a[@href='https://example.org/2019/engine']"), 1),
        Kept("lazy picture", has(".//img[@src='https://example.org/img/oven.jpg']"), 1),
        Kept("noscript picture", has(".//img[@src='https://example.org/img/loaf.jpg']"), 1),
        Kept("caption", has(".//figure[img]/figcaption"), 1),
        Kept("code", int("    if dough.age < 4:\n        return False" in code), 1),
        Kept("code language", int("language-python" in (markup or "")), 1),
        Kept("data table", has(".//table[count(.//tr)=3]//th[.='Month']"), 1),
        Kept("quotation", has(".//blockquote[contains(., 'Never start the mixer')]"), 1),
        Kept("pull quote once", int(text.count("wrote every number down twice") == 1), 1),
        Kept("video as link", has(".//a[contains(@href, 'watch?v=dQw4w9WgXcQ')]"), 1),
        Kept("definition", has(".//dl[dt='Proofing']/dd"), 1),
        Kept("details", has(".//details[summary]"), 1),
        Kept("formula", int("E = mc^2" in text), 1),
        Kept("footnote", int(footnote is not None and f'id="{footnote[1]}"' in (markup or "")), 1),
        Kept("headline gone", int(text.count(TITLE) == 0), 1),
        Kept("furniture gone", sum(f not in text for f in FURNITURE), len(FURNITURE)),
    ]


def measure(template: Callable[[], str]) -> tuple[list[Kept], str]:
    """Clean one page; the counts, and the HTML they were taken from."""
    page = PageInput(template().encode(), URL, "text/html; charset=utf-8", title=TITLE)
    article = clean_page(page)
    return inspect(article.html), article.html


def by_trafilatura(page: str) -> str:
    import trafilatura

    html = trafilatura.extract(
        page,
        url=URL,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
    )
    return html or ""


def by_readability(page: str) -> str:
    from readability import Document

    return str(Document(page).summary())


RIVALS: Final[dict[str, Callable[[str], str]]] = {
    "trafilatura": by_trafilatura,
    "readability": by_readability,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print the cleaned pages too")
    show = parser.parse_args().show
    results = {name: measure(template) for name, template in TEMPLATES.items()}
    print(f"{'':18}" + "".join(f"{name:>12}" for name in results))
    for row in zip(*(kept for kept, _ in results.values()), strict=True):
        print(f"{row[0].name:18}" + "".join(f"{k.kept:>9}/{k.of:<2}" for k in row))
    shares = {"feedd": [kept for kept, _ in results.values()]} | {
        name: [inspect(tool(template())) for template in TEMPLATES.values()]
        for name, tool in RIVALS.items()
    }
    for name, pages in shares.items():
        kinds = [
            sum(k.kept for k in row) / sum(k.of for k in row) for row in zip(*pages, strict=True)
        ]
        print(f"{name:18}mean over {len(kinds)} kinds {sum(kinds) / len(kinds):.3f}")
    for name, (_, markup) in results.items() if show else ():
        print(f"\n--- {name}\n{markup}")


if __name__ == "__main__":
    main()
