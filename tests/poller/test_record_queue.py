"""What waits to be stored: bounded, in order, and none of it forgotten."""

from __future__ import annotations

import asyncio

import pytest

from feedd.poller.queues import FEEDS_WORTH_IT, GATHER_S, LAST_BYTES, ROOM, RecordQueue
from tests import own_clock


def test_nobody_asks_for_more_while_too_much_waits_to_be_stored() -> None:
    async def run() -> None:
        queue: RecordQueue[int] = RecordQueue()
        queue.put(1, ROOM - 1)
        await asyncio.wait_for(queue.has_room(), 1)
        queue.put(2, 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(queue.has_room(), 0.01)
        assert await queue.take(lambda: 2) == [1, 2]
        await asyncio.wait_for(queue.has_room(), 1)

    asyncio.run(run())


def test_a_transaction_takes_no_more_than_its_share_and_nothing_is_left_behind() -> None:
    async def run() -> list[list[int]]:
        queue: RecordQueue[int] = RecordQueue()
        for number in range(5):
            queue.put(number, ROOM // 2)
        return [await queue.take(lambda: 5) for _ in range(3)]

    assert asyncio.run(run()) == [[0, 1], [2, 3], [4]]


def test_one_answer_larger_than_all_room_is_stored_by_itself() -> None:
    async def run() -> list[list[int]]:
        queue: RecordQueue[int] = RecordQueue()
        queue.put(1, 3 * ROOM)
        queue.put(2, 1)
        return [await queue.take(lambda: 2) for _ in range(2)]

    assert asyncio.run(run()) == [[1], [2]]


def test_what_is_all_that_is_under_way_is_stored_at_once() -> None:
    async def scenario() -> float:
        queue: RecordQueue[int] = RecordQueue()
        queue.put(1, 1)
        queue.put(2, 1)
        began = own_clock.now()
        assert await queue.take(lambda: 2) == [1, 2]
        return own_clock.now() - began

    assert own_clock.run(scenario()) == 0


def test_what_comes_while_the_recorder_waits_is_stored_once_all_that_is_under_way_has_come() -> (
    None
):
    async def scenario() -> tuple[list[int], float]:
        queue: RecordQueue[int] = RecordQueue()
        under_way = 3
        taking = asyncio.create_task(queue.take(lambda: under_way))
        began = own_clock.now()
        for number in range(2):
            await asyncio.sleep(0.01)
            queue.put(number, 1)
        await asyncio.sleep(0.01)
        assert not taking.done()
        under_way = 2  # the third is not to be asked now
        queue.look()
        return await taking, own_clock.now() - began

    taken, waited_s = own_clock.run(scenario())
    assert taken == [0, 1]
    assert waited_s == pytest.approx(0.03)


def test_what_has_come_waits_for_others_no_longer_than_a_moment() -> None:
    async def scenario() -> float:
        queue: RecordQueue[int] = RecordQueue()
        queue.look()
        taking = asyncio.create_task(queue.take(lambda: 5))
        await asyncio.sleep(10)
        queue.look()  # nothing is there yet
        began = own_clock.now()
        queue.put(1, 1)
        assert await taking == [1]
        return own_clock.now() - began

    assert own_clock.run(scenario()) == pytest.approx(GATHER_S)


def test_as_much_as_a_transaction_takes_waits_for_nothing_else() -> None:
    async def scenario() -> float:
        queue: RecordQueue[int] = RecordQueue()
        taking = asyncio.create_task(queue.take(lambda: 500))
        await asyncio.sleep(0)
        began = own_clock.now()
        queue.put(1, ROOM)
        assert await taking == [1]
        for number in range(FEEDS_WORTH_IT):
            queue.put(number, 1)
        assert len(await queue.take(lambda: 5_000)) == FEEDS_WORTH_IT
        return own_clock.now() - began

    assert own_clock.run(scenario()) == 0


@pytest.mark.parametrize(("size", "waits_s"), [(LAST_BYTES // 40, GATHER_S), (LAST_BYTES // 4, 0)])
def test_a_first_poll_does_not_end_with_one_long_transaction(size: int, waits_s: float) -> None:
    async def scenario() -> float:
        queue: RecordQueue[int] = RecordQueue()
        for number in range(4):
            queue.put(number, size)
        began = own_clock.now()
        assert len(await queue.take(lambda: 8)) == 4
        return own_clock.now() - began

    assert own_clock.run(scenario()) == pytest.approx(waits_s)


def test_where_nothing_waits_to_be_stored_the_recorder_sleeps() -> None:
    async def scenario() -> None:
        queue: RecordQueue[int] = RecordQueue()
        queue.put(1, 1)
        await queue.take(lambda: 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(queue.take(lambda: 1), 100)

    own_clock.run(scenario())


def test_nobody_asks_for_more_while_what_is_left_of_much_is_still_too_much() -> None:
    async def scenario() -> None:
        queue: RecordQueue[int] = RecordQueue()
        queue.put(1, ROOM)
        queue.put(2, ROOM)
        assert await queue.take(lambda: 2) == [1]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(queue.has_room(), 100)
        assert await queue.take(lambda: 1) == [2]
        await asyncio.wait_for(queue.has_room(), 100)

    own_clock.run(scenario())
