"""Feeds to poll: 980 of them as one person might follow, in four editions.

60 % RSS 2.0, 35 % Atom, the rest RDF (RSS 1.0); a median of 20 entries, one feed in fifty has 500;
30,680 entries and some 55 million characters in all. The same seed gives the same bytes.

Editions are folders of the same file names:
    base     what a first poll finds
    head     the same entries, another date in the head of each document
    changed  one feed in ten has one to three new entries; the other files are those of `base`
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

from benchmarks.prose import Writer, vocabulary

FEEDS = 980
ENTRIES_PER_FEED = 30_680 / 980
LONG_FEED_ENTRIES = 500
LONG_FEEDS_IN_1000 = 20
MEAN_CONTENT_CHARACTERS = 985
CHANGED_SHARE = 0.1
EDITIONS = ("base", "head", "changed")

NEWEST = 1_767_225_600
"""2026-01-01: when the newest entry of `base` appeared; the files' modification time."""
LATER = NEWEST + 3600

FORMATS = ("rss", "atom", "rdf")
RSS_SHAPES = ("cdata", "escaped", "summary-and-content")


@dataclass(frozen=True)
class Article:
    """One entry, before a format is chosen."""

    number: int
    title: str
    author: str
    summary: str
    html: str
    categories: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class Source:
    """One feed: what never changes about it."""

    number: int
    format: str
    shape: str
    title: str
    site: str

    @property
    def file_name(self) -> str:
        return f"{self.number:05}.{self.format}"


def entry_counts(feeds: int, rng: random.Random) -> list[int]:
    """How many entries each feed has; they add up to the mean exactly."""
    long = feeds * LONG_FEEDS_IN_1000 // 1000
    counts = [LONG_FEED_ENTRIES] * long
    counts += rng.choices([5, 10, 15, 20, 25, 30, 50], [4, 20, 15, 30, 12, 12, 7], k=feeds - long)
    rest = round(feeds * ENTRIES_PER_FEED) - sum(counts)
    while rest:
        at = rng.randrange(long, feeds)
        step = 1 if rest > 0 else -1
        if counts[at] + step > 0 and counts[at] != 20:
            counts[at] += step
            rest -= step
    rng.shuffle(counts)
    return counts


def write_corpus(
    folder: Path, *, feeds: int = FEEDS, seed: int = 1, entries: int | None = None
) -> Path:
    """Writes the editions below `folder` and returns the corpus's own folder; does nothing when
    it is there already. `entries`: each feed has so many (None: as people's feeds do).
    """
    target = folder / f"corpus-{feeds}-{seed}{'' if entries is None else f'-{entries}'}"
    if target.exists():
        return target
    building = target.with_suffix(".part")
    shutil.rmtree(building, ignore_errors=True)
    for edition in EDITIONS:
        (building / edition).mkdir(parents=True)

    rng = random.Random(seed)
    words = vocabulary(rng)
    changed = set(rng.sample(range(feeds), round(feeds * CHANGED_SHARE)))
    counts = entry_counts(feeds, rng) if entries is None else [entries] * feeds
    for number, count in enumerate(counts):
        writer = Writer(words, random.Random(f"{seed}/{number}"))
        source = _source(number, writer)
        articles = [_article(source, index, count, writer) for index in range(count)]
        base = _write(building / "base", source, articles, NEWEST)
        _write(building / "head", source, articles, LATER)
        if number in changed:
            fresh = [
                _article(source, count + index, count, writer)
                for index in range(writer.rng.randint(1, 3))
            ]
            _write(building / "changed", source, [*articles[len(fresh) :], *fresh], LATER)
        else:
            os.link(base, building / "changed" / source.file_name)
    building.rename(target)
    return target


def _source(number: int, writer: Writer) -> Source:
    share = number % 20
    kind = "rss" if share < 12 else "atom" if share < 19 else "rdf"
    return Source(
        number=number,
        format=kind,
        shape=writer.rng.choice(RSS_SHAPES),
        title=writer.title(),
        site=f"http://site{number}.example",
    )


def _article(source: Source, index: int, count: int, writer: Writer) -> Article:
    """The `index`-th article; number `count - 1` appeared at `NEWEST`, later ones after it."""
    characters = int(writer.rng.lognormvariate(0, 0.7) * MEAN_CONTENT_CHARACTERS / 1.28)
    return Article(
        number=index,
        title=writer.title(),
        author=writer.name(),
        summary=writer.sentence() + " " + writer.sentence(),
        html=writer.html(characters, source.site),
        categories=tuple(writer.words(writer.rng.randint(0, 3))),
        at=NEWEST - (count - 1 - index) * 7_200 - source.number % 7_200,
    )


def _write(folder: Path, source: Source, articles: Sequence[Article], now: int) -> Path:
    """Newest first, as publishers do."""
    document = {"rss": _rss, "atom": _atom, "rdf": _rdf}[source.format]
    path = folder / source.file_name
    path.write_text(document(source, articles[::-1], now), encoding="utf-8")
    os.utime(path, (now, now))
    return path


def _rfc822(at: int) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC))


def _rfc3339(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rss(source: Source, articles: Sequence[Article], now: int) -> str:
    items = "".join(_rss_item(source, article) for article in articles)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{escape(source.title)}</title>
<atom:link href="{source.site}/feed/" rel="self" type="application/rss+xml" />
<link>{source.site}</link>
<description>{escape(source.title)}</description>
<lastBuildDate>{_rfc822(now)}</lastBuildDate>
<language>en</language>
{items}</channel>
</rss>
"""


def _rss_item(source: Source, article: Article) -> str:
    link = f"{source.site}/{article.number}/"
    categories = "".join(
        f"\t<category><![CDATA[{category}]]></category>\n" for category in article.categories
    )
    body = {
        "cdata": f"\t<description><![CDATA[{article.html}]]></description>\n",
        "escaped": f"\t<description>{escape(article.html)}</description>\n",
        "summary-and-content": f"\t<description><![CDATA[{article.summary}]]></description>\n"
        f"\t<content:encoded><![CDATA[{article.html}]]></content:encoded>\n",
    }[source.shape]
    return f"""<item>
	<title>{escape(article.title)}</title>
	<link>{link}</link>
	<dc:creator><![CDATA[{article.author}]]></dc:creator>
	<pubDate>{_rfc822(article.at)}</pubDate>
{categories}	<guid isPermaLink="false">{source.site}/?p={article.number}</guid>
{body}</item>
"""


def _atom(source: Source, articles: Sequence[Article], now: int) -> str:
    entries = "".join(
        f"""<entry>
  <id>tag:site{source.number}.example,2026:{article.number}</id>
  <title type="html">{escape(escape(article.title))}</title>
  <link rel="alternate" type="text/html" href="{source.site}/{article.number}/"/>
  <author><name>{escape(article.author)}</name></author>
  <published>{_rfc3339(article.at)}</published>
  <updated>{_rfc3339(article.at)}</updated>
  <summary type="html">{escape(article.summary)}</summary>
  <content type="html" xml:base="{source.site}/{article.number}/">{escape(article.html)}</content>
</entry>
"""
        for article in articles
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>{escape(source.title)}</title>
<id>{source.site}/</id>
<link rel="self" href="{source.site}/atom.xml"/>
<link rel="alternate" href="{source.site}/"/>
<updated>{_rfc3339(now)}</updated>
{entries}</feed>
"""


def _rdf(source: Source, articles: Sequence[Article], now: int) -> str:
    links = [f"{source.site}/{article.number}/" for article in articles]
    toc = "".join(f'<rdf:li rdf:resource="{link}"/>' for link in links)
    items = "".join(
        f"""<item rdf:about="{link}">
<title>{escape(article.title)}</title>
<link>{link}</link>
<dc:creator>{escape(article.author)}</dc:creator>
<dc:date>{_rfc3339(article.at)}</dc:date>
<description>{escape(article.summary)}</description>
<content:encoded><![CDATA[{article.html}]]></content:encoded>
</item>
"""
        for link, article in zip(links, articles, strict=True)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns="http://purl.org/rss/1.0/"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="{source.site}/index.rdf">
<title>{escape(source.title)}</title>
<link>{source.site}</link>
<description>{escape(source.title)}</description>
<dc:date>{_rfc3339(now)}</dc:date>
<items><rdf:Seq>{toc}</rdf:Seq></items>
</channel>
{items}</rdf:RDF>
"""
