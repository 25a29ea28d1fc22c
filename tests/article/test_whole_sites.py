"""Sites built in four ways: furniture goes by the fifth page, what a reader came for stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.structure import TEMPLATES, inspect, measure
from feedd.article import EarlierArticle, PageInput, sitememory
from feedd.article.cleaning import clean_page
from feedd.article.sitememory import SiteMemory, fingerprint
from feedd.article.stored_articles import clean_again
from feedd.article.tree.blocks import WORD
from feedd.model import Article

GIFT = (
    "If this story gave you something to think about, our fund would be glad of a small gift from"
    " you, so that more of them can be told."
)
FURNITURE = (
    "Subscribe to The Weekly Loaf today and never miss a story.",
    "Read more from The Weekly Loaf.",
    "Got a tip? Write to tips@loaf.example, in confidence.",
    "Jane Miller is a writer at The Weekly Loaf and lives by the sea with two dogs.",
    "The views expressed here are those of the author and not those of the paper.",
    "Filed under: Bread",
    "We use cookies to improve your visit to this site.",
    "Back to top",
    GIFT,
)
STANDING = (
    "Every Friday this column looks at one thing that people made with their hands, and asks who"
    " still knows how."
)
HEADINGS = ("Ingredients", "Method")
Part = tuple[str, str]


def prose(page: int, part: int) -> str:
    words = [f"{stem}{'abcdefghij'[page]}{'uvwxyz'[part]}" for stem in ("bak", "mil", "fer", "owl")]
    one, two, three, four = words
    return (
        f"When the {one} came back from the {two}, nobody in the {three} asked where it had been,"
        f" and the {four} went on with its work. It was a long {two}, said the {four}, who had"
        f" seen more than one {three} in its life, and it was not wrong."
    )


def parts(page: int) -> list[Part]:
    """One page's blocks in order: tag and text."""
    subscribe, more, tip, *below, _ = FURNITURE
    return [
        ("p", subscribe),
        ("p", STANDING),
        ("p", prose(page, 0)),
        ("p", more),
        ("p", prose(page, 1)),
        ("h2", HEADINGS[0]),
        ("li", f"Three cups of {prose(page, 5)[9:13]} and water"),
        ("h2", HEADINGS[1]),
        ("p", prose(page, 2)),
        ("p", tip),
        ("p", prose(page, 3)),
        ("p", GIFT),
        ("p", prose(page, 4)),
        *(("p", text) for text in below),
    ]


def semantic(page: int) -> str:
    return f"<main><article><h1>Story {page}</h1>{''.join(tagged(page))}</article></main>"


def classes(page: int) -> str:
    inner = "".join(tagged(page))
    return f'<div class="post hentry"><h1>Story {page}</h1><div class="entry">{inner}</div></div>'


def nameless(page: int) -> str:
    inner = "".join(tagged(page)).replace("<p>", "<div>").replace("</p>", "</div>")
    return f"<div><div><h1>Story {page}</h1>{inner}</div></div>"


def tables(page: int) -> str:
    inner = "".join(
        f"<b>{text}</b><br><br>" if tag == "h2" else f"{text}<br><br>" for tag, text in parts(page)
    )
    return (
        "<table><tr><td width=120><a href=/>Home</a></td><td><font size=4><b>Story"
        f" {page}</b></font><br><br><font size=2>{inner}</font></td></tr></table>"
    )


def tagged(page: int) -> Iterator[str]:
    for tag, text in parts(page):
        yield f"<ul><li>{text}</li></ul>" if tag == "li" else f"<{tag}>{text}</{tag}>"


def run(body: str, page: int, memory: SiteMemory) -> Article:
    markup = f"<html><head><title>Story {page}</title></head><body>{body}</body></html>"
    known = sitememory.recurring(memory)
    url = f"https://loaf.example/{page}"
    return clean_page(PageInput(markup.encode(), url, "text/html", recurring=known))


@pytest.mark.parametrize("template", [semantic, classes, nameless, tables])
def test_by_the_fifth_page_furniture_is_gone_and_nothing_else(template: object) -> None:
    assert callable(template)
    memory = SiteMemory()
    for page in range(8):
        article = run(template(page), page, memory)
        memory = sitememory.learn(memory, article.url, article.blocks)
        assert article.error is None
        assert not [part for part in range(5) if prose(page, part) not in article.text]
        assert STANDING in article.text
        assert not [heading for heading in HEADINGS if heading not in article.text]
        if page >= 4:
            assert not [line for line in FURNITURE if line in article.text]


@pytest.mark.parametrize("name", TEMPLATES)
def test_cleaning_again_keeps_all_structure(name: str) -> None:
    kept, html = measure(TEMPLATES[name])
    known = frozenset({fingerprint(WORD.findall(GIFT.lower()))})
    again = clean_again(EarlierArticle(f"{html}<p>{GIFT}</p>", known))
    assert again is not None
    assert GIFT not in again
    assert inspect(again) == kept
