"""Documents under way: however large they are, what they take together is bounded, and none waits
for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.poller import queues
from feedd.poller.queues import (
    FIRST_BYTES,
    LATEST_ANSWERS,
    LEAST_BYTES,
    ROOM_BYTES,
    SILENT_S,
    Backlog,
    Place,
    Room,
)
from tests import own_clock


@asynccontextmanager
async def place_in(backlog: Backlog) -> AsyncIterator[Place]:
    """A document's place while it is asked for and parsed."""
    place = await backlog.enter()
    try:
        yield place
    finally:
        backlog.leave(place)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def answer(backlog: Backlog, size: int) -> None:
    async with place_in(backlog) as place:
        backlog.fill(place, size)


async def let_in(backlog: Backlog, stack: AsyncExitStack, wanted: int) -> int:
    """How many of so many that ask at once are let in; they stay until the stack closes."""
    inside = 0

    async def ask(leave: asyncio.Event) -> None:
        nonlocal inside
        async with place_in(backlog):
            inside += 1
            await leave.wait()

    leave = asyncio.Event()
    asking = [asyncio.create_task(ask(leave)) for _ in range(wanted)]

    async def end() -> None:
        leave.set()
        await asyncio.gather(*asking)

    stack.push_async_callback(end)
    await settle()
    return inside


def test_of_large_documents_no_more_are_asked_for_than_memory_has_room_for() -> None:
    async def run() -> int:
        backlog = Backlog()
        for _ in range(10 * LATEST_ANSWERS):
            await answer(backlog, ROOM_BYTES // 4)
        async with AsyncExitStack() as stack:
            return await let_in(backlog, stack, 32)

    assert asyncio.run(run()) == 4


def test_small_documents_are_asked_for_by_the_hundred() -> None:
    async def run() -> int:
        backlog = Backlog()
        for _ in range(10 * LATEST_ANSWERS):
            await answer(backlog, 10)
        async with AsyncExitStack() as stack:
            return await let_in(backlog, stack, 256)

    assert asyncio.run(run()) == 256


def test_answers_without_a_body_make_room_for_more() -> None:
    async def run() -> int:
        backlog = Backlog()
        for _ in range(10 * LATEST_ANSWERS):
            async with place_in(backlog):
                pass  # a 304, or a host that could not be reached
        async with AsyncExitStack() as stack:
            return await let_in(backlog, stack, 256)

    assert asyncio.run(run()) == 256


def test_one_document_larger_than_all_room_is_read_alone_and_others_after_it() -> None:
    async def run() -> list[str]:
        backlog, came = Backlog(), []

        async def ask(name: str) -> None:
            async with place_in(backlog):
                came.append(name)

        async with place_in(backlog) as place:
            backlog.fill(place, 3 * ROOM_BYTES)
            others = [asyncio.create_task(ask(name)) for name in "ab"]
            await settle()
            assert came == []
        await asyncio.gather(*others)
        return came

    assert asyncio.run(run()) == ["a", "b"]


def test_who_came_later_is_not_let_in_before_who_waits() -> None:
    async def run() -> list[int]:
        backlog = Backlog(room_bytes=FIRST_BYTES)
        came = []

        async def ask(number: int) -> None:
            async with place_in(backlog) as place:
                came.append(number)
                backlog.fill(place, LEAST_BYTES)
                await asyncio.sleep(0)

        await asyncio.gather(*(ask(number) for number in range(20)))
        return came

    assert asyncio.run(run()) == list(range(20))


def test_a_request_that_is_given_up_while_it_waits_holds_up_nobody() -> None:
    async def run() -> None:
        backlog = Backlog(room_bytes=FIRST_BYTES)
        async with place_in(backlog):
            waiting = [asyncio.create_task(answer(backlog, 1)) for _ in range(3)]
            await settle()
            waiting[0].cancel()
            await settle()
        await asyncio.wait_for(asyncio.gather(*waiting[1:]), 1)

    asyncio.run(run())


def test_servers_that_are_silent_for_long_keep_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queues, "SILENT_S", 0.02)

    async def run() -> None:
        backlog = Backlog()
        async with AsyncExitStack() as stack:
            inside = await let_in(backlog, stack, 60)
            assert inside == ROOM_BYTES // FIRST_BYTES
            await asyncio.wait_for(answer(backlog, 1), 10)

    asyncio.run(run())


@given(st.lists(st.integers(min_value=0, max_value=3 * ROOM_BYTES), max_size=60))
def test_whatever_their_sizes_all_are_read_and_all_room_is_free_again(sizes: list[int]) -> None:
    async def run() -> int:
        backlog = Backlog()

        async def ask(size: int) -> None:
            async with place_in(backlog) as place:
                await asyncio.sleep(0)
                if size:
                    backlog.fill(place, size)
                await asyncio.sleep(0)

        await asyncio.wait_for(asyncio.gather(*map(ask, sizes)), 10)
        for _ in range(10 * LATEST_ANSWERS):
            await answer(backlog, 1)
        async with AsyncExitStack() as stack:
            return await let_in(backlog, stack, ROOM_BYTES // (2 * LEAST_BYTES))

    assert asyncio.run(run()) == ROOM_BYTES // (2 * LEAST_BYTES)


def test_a_place_given_to_who_gives_up_in_the_same_moment_is_free_for_others() -> None:
    async def scenario() -> None:
        backlog = Backlog(room_bytes=FIRST_BYTES)
        first = await backlog.enter()
        waiting = [asyncio.create_task(answer(backlog, 1)) for _ in range(2)]
        await settle()
        backlog.leave(first)  # it is the first one's now
        waiting[0].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert waiting[1].exception() is None
        await answer(backlog, 1)

    own_clock.run(scenario())


def test_of_those_who_wait_no_more_are_let_in_than_a_place_that_is_free_has_room_for() -> None:
    async def scenario() -> list[int]:
        backlog = Backlog()
        first = await backlog.enter()
        asking = [asyncio.create_task(backlog.enter()) for _ in range(20)]
        await settle()
        inside = [sum(one.done() for one in asking)]
        backlog.fill(first, LEAST_BYTES)
        backlog.leave(first)
        await settle()
        inside.append(sum(one.done() for one in asking))
        for one in asking:
            one.cancel()
        return inside

    assert own_clock.run(scenario()) == [7, 8]


def test_after_very_large_documents_the_next_is_still_asked_for() -> None:
    async def scenario() -> None:
        backlog = Backlog()
        for _ in range(4 * LATEST_ANSWERS):
            await answer(backlog, 3 * ROOM_BYTES)

    own_clock.run(scenario())


def test_rule_26_who_waits_is_let_in_beside_servers_that_are_silent_and_only_those() -> None:
    async def scenario() -> tuple[list[bool], float]:
        backlog = Backlog()
        began = own_clock.now()
        silent = [await backlog.enter() for _ in range(ROOM_BYTES // FIRST_BYTES)]
        waiting = [asyncio.create_task(backlog.enter()) for _ in range(20)]
        await asyncio.sleep(SILENT_S / 2)
        for place in silent[5:]:
            backlog.leave(place)
        await settle()
        younger = [one.result() for one in waiting if one.done()]
        assert younger
        await next(one for one in waiting if not one.done())
        waited_s = own_clock.now() - began
        for one in waiting:
            one.cancel()
        return [place.counted == LEAST_BYTES for place in (*silent[:5], *younger)], waited_s

    at_least, waited_s = own_clock.run(scenario())
    assert at_least[:5] == [True] * 5
    assert not any(at_least[5:])
    assert waited_s == SILENT_S


def test_what_silent_servers_took_is_taken_once() -> None:
    async def scenario() -> int:
        backlog = Backlog()
        for _ in range(8):
            await backlog.enter()
        entered = 8
        for _ in range(3):
            while own_clock.now() < 10_000:
                try:
                    async with asyncio.timeout(2 * SILENT_S):
                        await backlog.enter()
                except TimeoutError:
                    break
                entered += 1
                await asyncio.sleep(SILENT_S)
        return entered

    assert own_clock.run(scenario()) == (ROOM_BYTES - FIRST_BYTES) // LEAST_BYTES + 1


def test_a_feed_has_one_place_however_often_it_is_asked_for_and_none_before() -> None:
    async def scenario() -> None:
        backlog = Backlog(room_bytes=FIRST_BYTES)
        never = Room(backlog)
        never.fill(5 * ROOM_BYTES)
        never.leave()
        room = Room(backlog)
        await room.enter()
        await asyncio.wait_for(room.enter(), 1)
        room.fill(10)
        room.leave()
        await asyncio.wait_for(answer(backlog, 1), 1)

    own_clock.run(scenario())
