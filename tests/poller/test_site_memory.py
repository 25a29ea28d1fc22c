"""Whole-site runs through the daemon's own engine: furniture goes, from earlier articles too."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from feedd.article.blocks import WORD
from feedd.article.sitememory import fingerprint
from feedd.model import ItemDetail, ItemFilter
from feedd.poller import recleaning
from feedd.store import marks, reading
from feedd.store.connection import open_writer
from feedd.store.earlier import blocks_of_host, keep_blocks
from tests.poller.conftest import House
from tests.poller.stories import SENTENCE, feed_of, own_words, page

HOUR_S = 3600
HOST = "127.0.0.1"
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
        return {item.title: reading.item(db, item.id) for item in house.items()}


def found(house: House, words: str) -> int:
    with house.reader() as db:
        return len(reading.search_items(db, words, ItemFilter(which="all")).items)


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
    with closing(open_writer(house.settings.database)) as db:
        for entry_id in blocks_of_host(db, HOST):  # as if each had been cleaned knowing nothing
            keep_blocks(db, entry_id, HOST, [fingerprint(WORD.findall(CALL.lower()))])
    left = []
    for name in ("p0", "p1"):
        stock(house, [name])
        publish(house, [name])
        with house.reader() as db:
            left.append(sum(bool(blocks) for blocks in blocks_of_host(db, HOST).values()))
    assert len(names) > recleaning.AT_ONCE
    assert left[0] - left[1] > 0
    assert left[0] >= len(names) - recleaning.AT_ONCE
