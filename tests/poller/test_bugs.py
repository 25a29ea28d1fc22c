"""A bug of ours costs one feed one poll, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from feedd.poller import feed_poller
from feedd.poller.engine import open_engine
from feedd.poller.recorder import PollReport
from feedd.store import feeds as feed_store
from tests.poller.conftest import House, rss


def test_a_bug_met_on_one_feed_is_its_failure_and_the_batch_is_stored(house: House) -> None:
    house.feed("bug", mute=("/(/",))  # the file's reader would refuse it: it can't be compiled
    house.feed("calm")
    house.loopback.on("/bug", rss("one"))
    house.loopback.on("/calm", rss("two"))
    reports = house.poll("bug", "calm")
    assert "a bug, please report it" in (reports["bug"].error or "")
    assert [item.title for item in house.items()] == ["Item two"]
    state = house.state("bug")
    assert state.failures == 1
    assert state.next_poll is not None
    assert state.next_poll > house.now
    assert state.validators is None


def test_a_bug_between_fetching_and_storing_ends_the_pass_and_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`feedd poll` must not wait for ever for what a task has dropped."""
    for name in ("a", "b"):
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))

    def breaks(result: object) -> int:
        raise ValueError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr(feed_poller, "size_of", breaks)
        with pytest.raises(ValueError, match="a bug"):
            house.poll("a", "b")
    assert [house.state(name).failures for name in ("a", "b")] == [0, 0]
    assert {report.new for report in house.poll("a", "b").values()} == {1}


def test_what_listens_to_reports_stops_no_feed(house: House) -> None:
    """A closed terminal under `feedd run`, say."""

    def breaks(report: PollReport) -> None:
        raise BrokenPipeError

    async def twice() -> None:
        async with open_engine(house.config, polled=breaks, clock=lambda: house.now) as engine:
            for name in ("a", "b"):
                batch = engine.poller.submit(
                    await engine.store.call(feed_store.feed_states, [name]), blame_network=False
                )
                with pytest.raises(BrokenPipeError):
                    await batch.finished()

    for name in ("a", "b"):
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))
    asyncio.run(twice())
    assert sorted(item.title for item in house.items()) == ["Item a", "Item b"]
