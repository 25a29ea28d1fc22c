"""Whole-site runs through the daemon's own engine: furniture goes, from earlier articles too."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest

from feedd.article.sitememory import SiteMemory, dump, fingerprint
from feedd.article.tree.blocks import WORD
from feedd.identity import site_of
from feedd.model import ItemDetail, ItemFilter
from feedd.poller.engine import open_engine
from feedd.poller.pages import reclean
from feedd.query import parse
from feedd.store import items, marks
from feedd.store.articles import (
    article_html,
    blocks_of_host,
    keep_blocks,
    keep_site_memory,
    replace_article,
)
from feedd.store.database import open_writer
from feedd.store.search import results
from tests.poller.conftest import House
from tests.poller.stories import SENTENCE, feed_of, own_words, page

HOUR_S = 3600
CALL = (
    "If this story gave you something to think about, the walrus fund would be glad of a small gift"
    " from you, so that more of them can be told in the years that come."
)


def stock(house: House, names: Sequence[str]) -> None:
    """Pages of their own words, each with the same call for gifts at its end."""
    house.set(articles="auto")
    house.feed("f")
    for name in names:
        body = page(name).decode().replace("</article>", f"<p>{CALL}</p></article>")
        house.loopback.on(f"/page/{name}", body.replace(SENTENCE, own_words(name)).encode())


def publish(house: House, names: Sequence[str]) -> None:
    """One entry after the other, an hour apart."""
    for count in range(1, len(names) + 1):
        house.now += HOUR_S
        house.loopback.on("/f", feed_of(house.loopback, *names[:count]))
        house.poll("f", pages=True)


def details(house: House) -> dict[str, ItemDetail]:
    with house.reader() as db:
        return {item.title: items.item(db, item.id) for item in house.items()}


def found(house: House, words: str) -> int:
    with house.reader() as db:
        return len(results.search_items(db, parse(words), ItemFilter(which="all")).items)


def test_what_recurs_is_gone_from_a_sites_articles_by_the_fifth(house: House) -> None:
    names = [f"s{number}" for number in range(7)]
    stock(house, names)
    publish(house, names)
    articles = details(house)
    for name in names:
        assert own_words(name).split()[3] in articles[f"Item {name}"].content_text
    for name in names[4:]:
        assert "walrus fund" not in articles[f"Item {name}"].content_text


def test_earlier_articles_lose_what_proved_to_recur_without_being_fetched_again(
    house: House,
) -> None:
    names = [f"s{number}" for number in range(6)]
    stock(house, names)
    publish(house, names[:2])
    first = min(item.id for item in house.items())
    assert "walrus fund" in details(house)["Item s0"].content_text
    assert found(house, "walrus") == 2
    with closing(open_writer(house.settings.database)) as db:
        marks.mark(db, "read", ids=[first], now=house.now)
        marks.mark(db, "star", ids=[first], now=house.now)
    publish(house, names)
    articles = details(house)
    assert not [name for name, each in articles.items() if "walrus fund" in each.content_text]
    assert all(f"harbour{name}" in articles[f"Item {name}"].content_text for name in names)
    assert found(house, "walrus") == 0
    assert found(house, "harbours0") == 1
    item = articles["Item s0"].item
    assert (item.read, item.starred) == (True, True)
    asked = [seen.path for seen in house.loopback.seen if seen.path.startswith("/page/")]
    assert sorted(asked) == sorted(f"/page/{name}" for name in names), "each page once"


def test_only_so_many_earlier_articles_are_cleaned_after_one_page(house: House) -> None:
    names = [f"n{number:02}" for number in range(15)]
    stock(house, names)
    house.loopback.on("/f", feed_of(house.loopback, *names))
    house.poll("f", pages=True)
    site = site_of(house.loopback.url("/"))
    with closing(open_writer(house.settings.database)) as db:
        for entry_id in blocks_of_host(db, site):  # as if each had been cleaned knowing nothing
            keep_blocks(db, entry_id, site, [fingerprint(WORD.findall(CALL.lower()))])
    left = []
    for name in ("p0", "p1"):
        stock(house, [name])
        publish(house, [name])
        with house.reader() as db:
            left.append(sum(bool(blocks) for blocks in blocks_of_host(db, site).values()))
    assert len(names) > reclean.AT_ONCE
    assert left[0] - left[1] > 0
    assert left[0] >= len(names) - reclean.AT_ONCE


def restore_call(db: sqlite3.Connection, articles: int) -> None:
    """As if each had been cleaned knowing nothing."""
    [(site,)] = db.execute("SELECT host FROM sites")
    held = blocks_of_host(db, site)
    assert len(held) == articles
    for entry_id in held:
        html = article_html(db, entry_id)
        whole = html if CALL in html else f"{html}<p>{CALL}</p>"
        replace_article(
            db,
            entry_id,
            before=html,
            html=whole,
            blocks=[fingerprint(WORD.findall(CALL.lower()))],
        )


def look_back(house: House, turns: int = 1) -> None:
    async def run() -> None:
        async with open_engine(house.config, clock=lambda: house.now) as engine:
            for _ in range(turns):
                await engine.recleaner.go_on()

    asyncio.run(run())


def test_a_site_that_publishes_no_more_is_cleaned_all_the_same(house: House) -> None:
    names = [f"q{number}" for number in range(6)]
    stock(house, names)
    house.loopback.on("/f", feed_of(house.loopback, *names))
    house.poll("f", pages=True)
    with closing(open_writer(house.settings.database)) as db:
        restore_call(db, len(names))
    assert all("walrus fund" in each.content_text for each in details(house).values())
    look_back(house)
    articles = details(house)
    assert not [name for name, each in articles.items() if "walrus fund" in each.content_text]
    assert all(f"harbour{name}" in articles[f"Item {name}"].content_text for name in names)


def test_articles_older_than_their_fingerprints_are_cleaned_from_what_is_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reclean, "ARTICLES_A_TURN", 2)
    names = [f"r{number}" for number in range(6)]
    stock(house, names)
    house.loopback.on("/f", feed_of(house.loopback, *names))
    house.poll("f", pages=True)
    with closing(open_writer(house.settings.database)) as db:
        restore_call(db, len(names))
        db.execute("DELETE FROM article_blocks")
    asked = len(house.loopback.seen)
    look_back(house, turns=1)
    left = [each for each in details(house).values() if "walrus fund" in each.content_text]
    assert len(left) == len(names) - reclean.ARTICLES_A_TURN
    look_back(house, turns=len(names) // reclean.ARTICLES_A_TURN)
    articles = details(house)
    assert not [name for name, each in articles.items() if "walrus fund" in each.content_text]
    assert all(f"harbour{name}" in articles[f"Item {name}"].content_text for name in names)
    assert len(house.loopback.seen) == asked, "no page is asked for again"


def test_every_host_has_its_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reclean, "HOSTS_A_TURN", 2)
    names = [f"t{number}" for number in range(6)]
    stock(house, names)
    house.loopback.on("/f", feed_of(house.loopback, *names))
    house.poll("f", pages=True)
    with closing(open_writer(house.settings.database)) as db:
        restore_call(db, len(names))
        for other in ("0.example", "1.example", "1.example.org", "9.example"):
            keep_site_memory(db, other, dump(SiteMemory()), house.now)
    look_back(house, turns=2)
    assert not [each for each in details(house).values() if "walrus fund" in each.content_text]
