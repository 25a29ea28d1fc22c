"""A page that takes too much is stopped, and costs nobody else anything."""

from __future__ import annotations

import pytest

from feedd import article
from feedd.model import ItemDetail
from feedd.store import items
from tests.poller.conftest import House
from tests.poller.stories import feed_of, page

LINKS = b"<html><body>" + b"<a href=/x>link text here</a> " * 250_000
"""Seconds of work and 180 MB: within what a page may have, beyond what these tests allow."""


@pytest.fixture
def house_with_links(house: House) -> House:
    house.set(articles="auto")
    house.feed("f")
    house.loopback.on("/f", feed_of(house.loopback, "a", "b", "c"))
    house.loopback.on("/page/a", page("a"))
    house.loopback.on("/page/b", LINKS)
    house.loopback.on("/page/c", page("c"))
    return house


def articles(house: House) -> dict[str, ItemDetail]:
    house.poll("f", pages=True)
    with house.reader() as db:
        return {item.title: items.item(db, item.id) for item in house.items()}


def test_a_page_that_computes_too_long_is_stopped_and_the_others_are_cleaned(
    house_with_links: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article, "CLEAN_CPU_S", 0.5)
    found = articles(house_with_links)
    heavy = found["Item b"]
    assert heavy.article_error == "took more than 0.5 s of CPU time and was stopped"
    assert (heavy.content_source, heavy.content_text) == ("feed", "A teaser …")
    assert "walrus" in found["Item a"].content_text
    assert "walrus" in found["Item c"].content_text


def test_a_page_that_needs_too_much_memory_is_refused_and_the_others_are_cleaned(
    house_with_links: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article, "CLEAN_MEMORY_BYTES", 120_000_000)
    found = articles(house_with_links)
    heavy = found["Item b"]
    assert "memory" in (heavy.article_error or "")
    assert heavy.content_source == "feed"
    assert "walrus" in found["Item a"].content_text
    assert "walrus" in found["Item c"].content_text
