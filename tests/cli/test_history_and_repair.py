"""The commands for a feed's archive, and for a feed that went elsewhere."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from feedd.configfile import load
from feedd.model import Proposal
from feedd.store import recovery
from feedd.store.database import open_writer
from feedd.store.feeds import feed_states
from tests.cli.conftest import Call, Said
from tests.loopback import Loopback, Reply
from tests.poller.conftest import rss
from tests.poller.test_gaps import linked


@pytest.fixture
def feed(call: Call, loopback: Loopback) -> str:
    """A feed `f` with the entries a and b, polled once, beside nothing else."""
    url = loopback.url("/f")
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
        f'article_pause = "0s"\n[feeds]\nf = "{url}"  # mine\n'
    )
    loopback.on("/f", rss("a", "b", head=linked("prev-archive", "/1")))
    assert call("poll").code == 0
    return url


def listed(call: Call, *options: str) -> Said:
    return call("list", "--all", "--json", *options)


def test_the_whole_archive_is_fetched_on_request_and_floods_no_list(
    call: Call,
    loopback: Loopback,
    feed: str,
) -> None:
    loopback.on("/1", rss("p", "q", head=linked("prev-archive", "/2")))
    loopback.on("/2", rss("r"))
    said = call("poll", "f", "--history")
    assert said.code == 0
    assert "2 documents of its archive read" in said.err
    assert "3 new, stored as read" in said.err
    assert {record["title"] for record in call("list", "--json").records} == {"Item a", "Item b"}
    assert len(listed(call).records) == 5


def test_a_feed_without_links_is_asked_for_the_pages_of_wordpress(
    call: Call,
    loopback: Loopback,
    feed: str,
) -> None:
    loopback.on("/f", rss("a", "b"))
    loopback.on("/f?paged=2", rss("p"))
    said = call("poll", "f", "--history", "--json")
    assert said.code == 0
    (record,) = said.records
    assert (record["documents"], record["new"], record["complete"]) == (2, 1, True)


def test_an_archive_that_asks_us_to_slow_down_is_gone_on_with_later(
    call: Call,
    loopback: Loopback,
    feed: str,
) -> None:
    loopback.on("/1", Reply(503, {"Retry-After": "3600"}))
    said = call("poll", "f", "--history", "--json")
    assert said.code == 1
    assert said.records[0]["complete"] is False
    assert "503" in said.err
    asked = len(loopback.seen)
    assert "wait" in call("poll", "f", "--history").err
    assert len(loopback.seen) == asked


def test_history_takes_one_name(call: Call, feed: str) -> None:
    assert call("poll", "--history").code == 2
    assert call("poll", "f", "g", "--history").code == 2


def lose(loopback: Loopback, call: Call, *, found: str | None = None) -> None:
    loopback.on("/f", Reply(404))
    call("poll", "f")
    if found is not None:
        db = open_writer(Path("feedd.db"))
        state = feed_states(db, ["f"])[0]
        recovery.update_lost_feeds(db, [(state.id, int(time.time()))], (), after_s=0)
        recovery.propose(db, state.id, Proposal(found, 3, 4))
        db.close()


def test_a_lost_feed_is_shown_with_the_share_that_is_known_and_what_to_do(
    call: Call,
    loopback: Loopback,
    feed: str,
) -> None:
    lose(loopback, call, found="https://new.example/feed")
    for command in (("feeds", "--unhealthy"), ("why", "f")):
        said = call(*command)
        assert "https://new.example/feed" in said.out.replace("\n", "")
        assert "3 of 4" in said.out
        assert "repair-feed f" in said.out
    (record,) = call("feeds", "--json").records
    assert (record["suggested_url"], record["suggested_known"]) == (
        "https://new.example/feed",
        0.75,
    )


def test_repair_feed_writes_the_address_that_was_shown_and_keeps_items_and_comments(
    call: Call,
    loopback: Loopback,
    feed: str,
) -> None:
    loopback.on("/new", rss("a", "b", "c"))
    lose(loopback, call, found=loopback.url("/new"))
    said = call("repair-feed", "f")
    assert said.code == 0
    assert load(Path("config.toml")).feeds["f"].url == loopback.url("/new")
    assert "# mine" in Path("config.toml").read_text()
    assert call("poll").code == 0
    assert len(listed(call).records) == 3
    assert call("feeds", "--unhealthy").out == ""


def test_repair_feed_looks_first_and_shows_before_it_switches(
    call: Call,
    loopback: Loopback,
    feed: str,
) -> None:
    page = b'<!doctype html><link rel=alternate type="application/rss+xml" href="/new">'
    lose(loopback, call)
    loopback.on("/f", Reply(headers={"Content-Type": "text/html"}, body=page))
    call("poll", "f")
    loopback.on("/new", rss("a", "b"))
    said = call("repair-feed", "f")
    assert said.code == 0
    assert "2 of 2 entries there are known (100%)" in said.err
    assert load(Path("config.toml")).feeds["f"].url == feed
    assert call("repair-feed", "f").code == 0
    assert load(Path("config.toml")).feeds["f"].url == loopback.url("/new")


def test_a_healthy_or_unknown_feed_is_not_repaired(call: Call, feed: str) -> None:
    assert "nothing to repair" in call("repair-feed", "f").err
    assert call("repair-feed", "nobody").code == 3
