"""The daemon fills gaps and looks for lost feeds beside its polls."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from feedd.configfile import load
from feedd.model import ArchiveRead
from feedd.store import archive_reads, relocations
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
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
        archive_reads.begin(db, ArchiveRead(1, "f", url, "gap", 10, now))
        relocations.note_lost(db, [(1, now)], (), after_s=-1)
    place.start()
    eventually(lambda: place.loopback.seen_for("/older"), "the archive")
    eventually(lambda: place.loopback.seen_for("/"), "the site of the lost feed")
