"""From a fetched page to its article, step by step. Runs in a worker process.

Importing it loads the heavy libraries, so that the first page's time is not spent on them.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape, unescape
from typing import Final

from lxml.html import HtmlElement
from msgspec import Struct
from msgspec.structs import replace

from feedd import sanitise
from feedd.article import (
    EarlierArticle,
    ExplainedBlock,
    PageInput,
    PageRejected,
    StoredArticle,
    assembly,
    classifier,
    overrides,
    page_rules,
    pagehead,
    tree,
)
from feedd.article.classifier import KEEP_FROM
from feedd.article.classifier.features import PageFeatures
from feedd.article.pagehead import PageHead, page_state
from feedd.article.pagehead.metadata import Metadata, byline, pubdate
from feedd.article.pagehead.metadata.datelines import is_of_page_head
from feedd.article.plain_pages import PLAIN_TYPES, plain_page
from feedd.article.running_text import running_text
from feedd.article.selection import (
    NOT_AMID,
    RECURS,
    asking,
    decide,
    layouts,
    repeats,
    threads,
    visibility,
)
from feedd.article.sitememory import recurrence, subjects
from feedd.article.stored_articles import clean_again, fingerprints_of, stored_blocks
from feedd.article.tree import figures, letters, listings, media, normalise
from feedd.article.tree.blocks import BlockDecision, cut, kept_numbers, words_of
from feedd.article.tree.media_types import not_html
from feedd.article.tree.raw_markup import scripts_of
from feedd.model import Article
from feedd.text import one_line, to_text
from feedd.web.discovery import FeedLinksJob, PageLinks, feed_links
from feedd.web.encoding import page_in_utf_8

DECLARED_MIN_CHARS: Final = 500
DECLARED_MIN_SHARE: Final = 0.4
"""Where the text found is a smaller part of the text that the structured data declares, the
declared one is taken."""

ALONE_MIN_CHARS: Final = 100
"""Of a declared text, where the page itself shows none; `DECLARED_MIN_CHARS` elsewhere."""
BEGUN_MIN_SHARE: Final = 0.7
"""Of the words that a page shows so many are in the text that its script holds, if they are the
beginning of that."""

SAYS_NOTHING_BELOW: Final = 0.2
"""Where no kept line scores more, they are no text but the page's foot, say."""

COLLECT_AFTER_OBJECTS: Final = 100_000
"""Garbage is collected after so many new objects: some 10 MB."""
SHOWN_ABOVE: Final = 3
SHOWN_BELOW: Final = 8
"""How many lines above and below the headline may say who wrote it, and when."""
SHOWN_MAX_CHARS: Final = 120
_YEAR = re.compile(r"(?:19|20)\d\d")
_PICTURE_FIRST = re.compile(r'<figure><(?:img src|video [^<>]*\bposter)="([^"]+)"')

classifier.load()
recurrence.load()
subjects.load()
pubdate.load()
sanitise.load()


class PageAnalysis(Struct, frozen=True):
    """A page taken apart, before anything is decided.

    `titles` are the names that the entry and the page give the article, `body` is the whole page in
    UTF-8. `elements` keeps the elements alive: lxml would create anew those that nobody holds.
    """

    head: PageHead
    page: PageFeatures
    titles: list[str]
    body: bytes
    elements: list[HtmlElement]


class _Decided(Struct, frozen=True):
    """A page taken apart, with a decision about each of its blocks."""

    analysis: PageAnalysis
    decisions: list[BlockDecision]


def work(
    job: PageInput | EarlierArticle | StoredArticle | FeedLinksJob,
) -> Article | str | tuple[int, ...] | PageLinks | None:
    """Do one job of a worker: clean a page or a stored article, fingerprint one, find feeds."""
    match job:
        case PageInput():
            return clean_page(job)
        case EarlierArticle():
            return clean_again(job)
        case StoredArticle():
            return fingerprints_of(stored_blocks(job.html))
        case FeedLinksJob():
            return feed_links(job)


def clean_page(job: PageInput) -> Article:
    """The article of a page; with `error` set when there is none, or one not to be used."""
    try:
        with _few_collections():
            return _article(job, _decide(job))
    except PageRejected as refused:
        if refused.media_type in PLAIN_TYPES and (article := plain_page(job)) is not None:
            return article
        return Article(
            job.url,
            error=refused.reason,
            moved_to=refused.moved_to,
            alternate_url=refused.alternate_url,
        )


@contextmanager
def _few_collections() -> Iterator[None]:
    """Collect garbage seldom while a page is cleaned: its thousands of objects stay until it is
    done, and to look through them again and again takes a tenth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def explain_page(job: PageInput) -> list[ExplainedBlock]:
    """What was kept of a page, what was dropped, and why. Raises no error: a page that is
    rejected as a whole is explained by one line.
    """
    try:
        decided = _decide(job)
    except PageRejected as refused:
        return [ExplainedBlock(False, refused.reason, 0.0, "", "")]
    return [
        ExplainedBlock(
            decision.kept, decision.why, round(decision.score, 3), block.element.tag, block.text
        )
        for block, decision in zip(decided.analysis.page.blocks, decided.decisions, strict=True)
    ]


def analyse(job: PageInput) -> PageAnalysis:
    """Take a page apart. Raises PageRejected where it has no text or forbids its use."""
    media_type = not_html(job.body, job.content_type)
    if media_type is not None:
        raise PageRejected(f"not-html: {media_type}", media_type=media_type)
    body = page_in_utf_8(job.body, job.content_type)
    if job.selector or job.remove:
        body = overrides.apply_selectors(body, selector=job.selector, remove=job.remove)
    root = tree.parse(body)
    elements = list(root.iter())
    head = pagehead.read(root, job.url)
    if head.forbidden:  # polling rule 17
        raise PageRejected("robots")
    named = (job.title, *head.about.headlines, *head.names)
    titles = [title for title in dict.fromkeys(named) if title]
    letters.settle(root, titles)
    media.settle(root)
    listings.settle(root)
    figures.end_figures(root)
    visibility.drop_fallbacks(root)
    visibility.drop_hidden_in_lines(root)
    asking.mark(root)
    leading = normalise.normalise(root)
    figures.mark_captioned(root)
    blocks = repeats.without_retellings(cut(root, leading))
    if not blocks and not head.refresh:
        head = replace(head, body_text=head.body_text or _told_in_state(body, titles))
        blocks = stored_blocks(_declared_html(head.body_text, ALONE_MIN_CHARS))
    if not blocks:
        raise PageRejected(
            page_rules.of_nothing(head), moved_to=head.refresh, alternate_url=head.alternate
        )
    page = PageFeatures(blocks, head=head, titles=titles, url=job.url)
    return PageAnalysis(head, page, titles, body, elements)


def _decide(job: PageInput) -> _Decided:
    analysis = analyse(job)
    blocks = analysis.page.blocks
    if job.selector:
        decisions = [BlockDecision(True, "selected by article_selector", 1.0) for _ in blocks]
    else:
        site = analysis.head.about.site
        decisions = decide(analysis.page, titles=analysis.titles, known=job.recurring, site=site)
    return _Decided(analysis, decisions)


def _article(job: PageInput, decided: _Decided) -> Article:
    head, decisions = decided.analysis.head, decided.decisions
    blocks, headline = decided.analysis.page.blocks, decided.analysis.page.headline
    html, text = _html_and_text(decided)
    about = _with_shown(head.about, decided, job)
    both = zip(blocks, decisions, strict=True)
    judged = ((d.score, block.size, d.kept) for block, d in both if not d.caption)
    article = Article(
        url=job.url,
        html=html,
        text=text,
        title=one_line(about.title or job.title) or None,
        byline=about.author,
        published=about.published,
        lead_image=about.lead_image or _picture_above(html),
        language=about.language or job.language,
        confidence=page_rules.confidence(text, classifier.expected_f1(judged), job),
        next_url=head.next_page,
        alternate_url=head.alternate,
        moved_to=head.refresh if page_rules.is_short(text) else None,
        blocks=fingerprints_of(
            block
            for number, block in enumerate(blocks)
            if decisions[number].kept
            or decisions[number].score >= KEEP_FROM
            or decisions[number].why in (RECURS, NOT_AMID)
            or number == headline
        ),
    )
    return replace(article, error=page_rules.objection(article, head, job))


def _html_and_text(decided: _Decided) -> tuple[str, str]:
    """The article's sanitised HTML and its text: of the blocks that are kept, or, where those are
    too little, as the page declares it.
    """
    head, page, decisions = decided.analysis.head, decided.analysis.page, decided.decisions
    kept = kept_numbers(decisions)
    captions = [number for number, decision in enumerate(decisions) if decision.caption]
    writers = head.about.author.split(", ") if head.about.author else ()
    found = assembly.assemble(page.blocks, kept, captions, headline=page.headline, writers=writers)
    html = sanitise.clean(found, head.base)
    text = running_text(html)
    is_empty = all(decisions[number].score < SAYS_NOTHING_BELOW for number in kept)
    told = _told_elsewhere(decided.analysis, text, is_empty=is_empty)
    declared = sanitise.clean(told, head.base)
    if (is_empty and declared) or len(text) < DECLARED_MIN_SHARE * len(to_text(declared)):
        return declared, to_text(declared)
    return html, text


def _told_elsewhere(analysis: PageAnalysis, text: str, *, is_empty: bool) -> str:
    """The article's HTML as the page's structured data declares it, or as the state (JSON) from
    which scripts draw the page holds it; "" where that is too short to be an article.

    The state is asked where the page shows little `text`. It is taken where the page shows none
    (or, `is_empty`, none that convinces), or only the beginning of it.
    """
    is_alone = is_empty or len(text) < page_rules.TEXT_MIN_CHARS
    told = analysis.head.body_text
    if not told and page_rules.has_fewer(text, DECLARED_MIN_CHARS):
        told = _told_in_state(analysis.body, analysis.titles)
        said = set(words_of(text))
        begun = len(said.intersection(words_of(told))) >= BEGUN_MIN_SHARE * len(said)
        told = told if is_alone or begun else ""
    return _declared_html(told, ALONE_MIN_CHARS if is_alone else DECLARED_MIN_CHARS)


def _with_shown(about: Metadata, decided: _Decided, job: PageInput) -> Metadata:
    """Metadata with what the page shows of title, author and day.

    A headline that the entry bears is the title: what is declared may be written for search
    engines. Author and day come from lines around the headline where they are not declared.
    """
    page, at = decided.analysis.page, decided.analysis.page.headline
    if at is not None and page.blocks[at].words == words_of(job.title):
        about = replace(about, title=page.blocks[at].text)
    else:
        kept, names = kept_numbers(decided.decisions), decided.analysis.head.names
        named = layouts.name_shown(page.blocks, kept, names)
        about = about if named is None else replace(about, title=named)
    if about.author and about.published is not None:
        return about
    day_first = pubdate.day_first(about.language, job.url)
    at = at or 0
    for number in range(max(0, at - SHOWN_ABOVE), min(len(page.blocks), at + SHOWN_BELOW)):
        text = page.blocks[number].text
        if len(text) > SHOWN_MAX_CHARS or decided.decisions[number].kept:
            continue
        if not about.author and page.says[number] & {"byline", "dated"}:
            about = replace(about, author=byline.named_in(text, about.site))
        is_day = about.published is None and _YEAR.search(text) is not None
        if is_day and not is_of_page_head(page.blocks[number].element, {}):
            about = replace(about, published=pubdate.instant(text, day_first=day_first))
    if about.published is None:
        about = replace(about, published=page_state.day_told(decided.analysis.body))
    if not about.author:
        began = threads.who_began(page, decided.decisions)
        about = replace(about, author=began or byline.signed(page.blocks, about.site))
    return about


def _declared_html(text: str, least: int) -> str:
    """A declared text as HTML; "" where it is shorter than `least` characters."""
    if page_rules.has_fewer(text, least):
        return ""
    if "</p>" in text or "<br" in text:
        return text
    paragraphs = [line.strip() for line in unescape(text).split("\n")]
    return "".join(f"<p>{escape(line)}</p>" for line in paragraphs if line)


def _told_in_state(body: bytes, titles: Sequence[str]) -> str:
    return page_state.told_in_state(scripts_of(body), titles)


def _picture_above(html: str) -> str | None:
    """The picture that stands above all text."""
    match = _PICTURE_FIRST.match(html)
    return unescape(match[1]) if match else None
