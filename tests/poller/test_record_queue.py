"""What waits to be stored: bounded, in order, and none of it forgotten."""

from __future__ import annotations

import asyncio

import pytest

from feedd.poller.queues import ROOM, RecordQueue


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
