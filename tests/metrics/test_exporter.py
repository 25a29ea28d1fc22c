"""What whoever asks is told, by an exporter beside a real engine and its database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from feedd.listener import Call
from feedd.metrics.exporter import Exporter
from feedd.metrics.tally import Tally
from feedd.poller.engine import open_engine
from tests.poller.conftest import House


async def nothing() -> bytes:
    return b""


ASKED = Call("GET", "/metrics", {}, {}, nothing)


@asynccontextmanager
async def exporting(house: House) -> AsyncIterator[Exporter]:
    async with open_engine(house.config, clock=lambda: house.now) as engine:
        yield Exporter(("127.0.0.1", 0), engine, Tally(since=house.now))


def test_a_database_out_of_reach_is_said_and_the_next_scrape_works(house: House) -> None:
    async def story() -> None:
        async with exporting(house) as exporter:
            away = house.settings.database.rename(house.folder / "away.db")
            answer = await exporter.answer(ASKED)
            assert (answer.status, "database" in answer.body) == (503, True)
            assert str(house.folder) not in answer.body
            away.rename(house.settings.database)
            assert (await exporter.answer(ASKED)).status == 200

    asyncio.run(story())


def test_many_who_ask_at_once_get_one_measurement(house: House) -> None:
    async def story() -> None:
        async with exporting(house) as exporter:
            asking = (exporter.answer(ASKED) for _ in range(20))
            first, *rest = await asyncio.gather(*asking)
            assert first.status == 200
            assert all(each.body is first.body for each in rest)

    asyncio.run(story())
