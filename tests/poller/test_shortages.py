"""What this machine lacks for a while blames no feed, loses no page, and spoils no article."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import sys
from collections.abc import Awaitable, Callable

import pytest

from feedd import http
from feedd.article import EarlierArticle, PageInput
from feedd.errors import MachineError
from feedd.model import Article, PageJob
from feedd.poller.document import PackedDocument, ParseJob, packed_document
from feedd.poller.engine import Engine, open_engine
from feedd.poller.feed_poller import Poller
from feedd.poller.pages import page_queue
from feedd.poller.pages.page_queue import FORGET_ABOVE, PageQueue
from feedd.store import feeds as feed_store
from feedd.store import items
from tests.poller.conftest import House, rss

SHORT = (
    MachineError("no worker process could be started"),
    OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
    OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    MemoryError(),
)


class Parsing:
    """Parses in this process, unless it lacks something."""

    def __init__(self, lacking: BaseException | None) -> None:
        self.lacking = lacking

    async def __call__(self, job: ParseJob) -> PackedDocument:
        if self.lacking is not None:
            raise self.lacking
        return packed_document(job)


def with_engine(house: House, story: Callable[[Engine, http.Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with (
            open_engine(house.config, clock=lambda: house.now) as engine,
            http.open_client(house.settings) as client,
        ):
            await story(engine, client)

    asyncio.run(run())


@pytest.mark.parametrize("lacking", SHORT, ids=["worker", "descriptors", "memory", "our memory"])
def test_a_feed_that_could_not_be_parsed_for_want_of_something_is_not_blamed(
    house: House, lacking: BaseException
) -> None:
    names = [f"f{number}" for number in range(6)]
    house.set(per_host=1)
    for name in names:
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))

    async def story(engine: Engine, client: http.Client) -> None:
        parsing = Parsing(lacking)
        poller = Poller(
            house.config,
            client=client,
            parse=parsing,
            store=engine.store,
            supervisor=engine.supervisor,
            clock=lambda: house.now,
            rng=random.Random(1),
        )
        before = await engine.store.call(feed_store.feed_states, names)
        async with poller:
            with pytest.raises(MachineError):
                await poller.submit(before).finished()
            assert poller.shortage is not None
            assert len(house.loopback.seen) == 1, "the others are not asked in vain"
            assert await engine.store.call(feed_store.feed_states, names) == before
            parsing.lacking = None
            await poller.submit(before).finished()
            assert poller.shortage is None

    with_engine(house, story)
    assert len(house.items()) == len(names)
    assert engine_errors(house) == [0] * len(names)


def engine_errors(house: House) -> list[int]:
    return [house.state(name).failures for name in house.feeds]


async def pages_of(
    house: House,
    engine: Engine,
    client: http.Client,
    clean: Callable[[PageInput], Awaitable[Article]],
    report: Callable[[PageJob, Article], None] = lambda job, article: None,
) -> PageQueue:
    async def clean_nothing_again(earlier: EarlierArticle) -> None:
        return None

    await engine.poller.submit(
        await engine.store.call(feed_store.feed_states, ["f"]), blame_network=False
    ).finished()
    return PageQueue(
        house.config,
        client=client,
        clean=clean,
        clean_again=clean_nothing_again,
        store=engine.store,
        supervisor=engine.supervisor,
        clock=lambda: house.now,
        report=report,
    )


async def fine(page: PageInput) -> Article:
    return Article(page.url, html="<p>Fine.</p>", text="Fine.")


def test_a_page_that_could_not_be_cleaned_for_want_of_something_waits_and_counts_no_try(
    reading_house: House,
) -> None:
    house = reading_house

    async def story(engine: Engine, client: http.Client) -> None:
        lacking = True

        async def clean(page: PageInput) -> Article:
            if lacking:
                raise MachineError("no worker process could be started")
            return await fine(page)

        async with await pages_of(house, engine, client, clean) as pages:
            for _ in range(5):  # more often than a page is tried
                with pytest.raises(MachineError):
                    await pages.fetch_due()
            lacking = False
            assert await pages.fetch_due() == 2

    with_engine(house, story)
    with house.reader() as db:
        assert [items.item(db, item.id).content_text for item in house.items()] == ["Fine."] * 2


@pytest.mark.parametrize("error", [ValueError("a bug"), OSError(5, "bad luck")], ids=["bug", "os"])
def test_an_error_after_an_article_was_stored_never_touches_it(
    reading_house: House, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is learnt from it, earlier articles cleaned again, who is told of it: all come after."""
    house = reading_house

    async def learns_nothing(*args: object) -> None:
        raise error

    monkeypatch.setattr(page_queue, "learn", learns_nothing)

    async def story(engine: Engine, client: http.Client) -> None:
        async with await pages_of(house, engine, client, fine) as pages:
            assert await pages.fetch_due() == 2
        assert engine.supervisor.errors["cleaning articles again"] == 2

    with_engine(house, story)
    with house.reader() as db:
        found = [items.item(db, item.id) for item in house.items()]
    assert [item.content_text for item in found] == ["Fine."] * 2
    assert [item.article_error for item in found] == [None] * 2


def test_hosts_asked_for_a_page_long_ago_are_forgotten(reading_house: House) -> None:
    house = reading_house

    async def story(engine: Engine, client: http.Client) -> None:
        pages = await pages_of(house, engine, client, fine)
        for number in range(4 * FORGET_ABOVE):
            await pages._pause(f"{number}.example")
        assert len(pages._free_at) <= FORGET_ABOVE

    with_engine(house, story)


def test_without_a_worker_process_no_feed_fails_and_the_next_pass_reads_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interpreter can't be started: that is nobody's fault but the machine's."""
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", str(house.folder / "no-python-here"))
        with pytest.raises(MachineError, match="could not be started"):
            house.poll("f")
    state = house.state("f")
    assert (state.last_error, state.failures, state.next_poll) == (None, 0, house.now)
    assert house.poll("f")["f"].new == 1
