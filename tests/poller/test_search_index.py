"""An index that an earlier version filled is built anew while feeds are polled."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from feedd.poller import engine
from feedd.store.database import open_writer
from feedd.store.search.index import INDEX_VERSION
from feedd.store.stored_values import get_meta, set_meta
from tests.poller.conftest import House, rss


def of_an_earlier_version(house: House) -> None:
    house.loopback.on("/f", rss("a", "b"))
    house.feed("f")
    house.poll("f")
    with closing(open_writer(house.settings.database)) as db:
        db.execute("DELETE FROM meta WHERE key = 'index_version'")


def version(house: House) -> str | None:
    with closing(open_writer(house.settings.database)) as db:
        return get_meta(db, "index_version")


async def rebuilt(house: House) -> None:
    async with engine.open_engine(house.config) as opened:
        await opened.rebuild_index()


def test_it_is_built_anew_beside_polling(house: House) -> None:
    of_an_earlier_version(house)
    asyncio.run(rebuilt(house))
    assert version(house) == INDEX_VERSION


def test_a_long_rebuild_goes_on_the_next_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_an_earlier_version(house)
    monkeypatch.setattr("feedd.store.search.index.DOCUMENTS_A_STEP", 1)
    monkeypatch.setattr(engine, "REBUILD_INDEX_S", 0)
    for left in ("1", "2"):
        asyncio.run(rebuilt(house))
        with closing(open_writer(house.settings.database)) as db:
            assert get_meta(db, "index_progress") == f"{INDEX_VERSION} {left}"
    asyncio.run(rebuilt(house))
    assert version(house) == INDEX_VERSION


def test_it_is_left_alone_where_it_is_of_this_version(house: House) -> None:
    of_an_earlier_version(house)
    with closing(open_writer(house.settings.database)) as db:
        set_meta(db, "index_version", INDEX_VERSION)
        before = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'search_data'")
        root = before.fetchone()
    asyncio.run(rebuilt(house))
    with closing(open_writer(house.settings.database)) as db:
        after = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'search_data'")
        assert after.fetchone() == root
