"""The daemon fills gaps, looks for lost feeds and rebuilds the search index beside its polls."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from feedd.configfile import load
from feedd.model import ArchiveRead
from feedd.store import recovery
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.search.index import INDEX_VERSION
from feedd.store.stored_values import get_meta
from tests.daemon.conftest import Place, eventually
from tests.loopback import Reply
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow


def test_what_is_to_be_read_and_looked_for_outlives_a_restart(place: Place) -> None:
    place.feed("f", Reply(delay_s=20.0))  # its poll is under way all the while
    place.loopback.on("/older", rss("p"))
    config, now = load(place.config), int(time.time())
    with closing(open_writer(config.settings.database)) as db:
        sync_feeds(db, config.feeds.values(), now)
        url = place.loopback.url("/older")
        recovery.begin_archive(db, ArchiveRead(1, "f", url, "gap", 10, now))
        recovery.update_lost_feeds(db, [(1, now)], (), after_s=-1)
    place.start()
    eventually(lambda: place.loopback.seen_for("/older"), "the archive")
    eventually(lambda: place.loopback.seen_for("/"), "the site of the lost feed")


def index_version(place: Place) -> str | None:
    with closing(open_reader(place.database)) as db:
        return get_meta(db, "index_version")


def forget_index_version(place: Place) -> None:
    """As if an earlier version had filled the search index."""
    with closing(open_writer(place.database)) as db:
        db.execute("DELETE FROM meta WHERE key = 'index_version'")


def test_a_search_index_of_an_earlier_version_is_rebuilt_by_poll_and_by_the_daemon(
    place: Place,
) -> None:
    place.feed("f", rss("p"))
    place.command("poll")
    forget_index_version(place)
    assert "no feed is due" in place.command("poll").stderr
    assert index_version(place) == INDEX_VERSION
    forget_index_version(place)
    place.start()
    eventually(lambda: index_version(place) == INDEX_VERSION, "the index")
    assert "Item p" in place.command("search", "about").stdout
