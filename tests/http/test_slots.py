"""Places: never more than there are, never lost, never held while waiting."""

from __future__ import annotations

import asyncio
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.http.client import Slots

KEYS = "abcd"


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(KEYS), max_size=3), st.integers(0, 3), st.booleans()),
        max_size=25,
    ),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_rule_15_no_key_has_more_out_than_its_places(
    visits: list[tuple[set[str], int, bool]], concurrency: int, per_host: int
) -> None:
    """Each visit: the keys it needs, how long it takes, and whether it gives up while waiting."""

    async def run() -> None:
        slots = Slots(concurrency=concurrency, per_host=per_host)
        out: Counter[str] = Counter()
        served = 0

        async def visit(keys: set[str], steps: int) -> None:
            nonlocal served
            async with slots.hold(keys):
                out.update([*keys, "all"])
                try:
                    assert out["all"] <= concurrency
                    assert all(out[key] <= per_host for key in keys)
                    for _ in range(steps):
                        await asyncio.sleep(0)
                finally:
                    out.subtract([*keys, "all"])
            served += 1

        tasks = [asyncio.create_task(visit(keys, steps)) for keys, steps, _ in visits]
        await asyncio.sleep(0)
        for task, (_, _, gives_up) in zip(tasks, visits, strict=True):
            if gives_up:
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [r for r in results if isinstance(r, Exception)]
        assert served >= sum(not gives_up for *_, gives_up in visits)
        # All places are back: as many as ever can be taken at once.
        async with asyncio.timeout(1):
            for key in KEYS:
                holders = [slots.hold([key]) for _ in range(min(per_host, concurrency))]
                for holder in holders:
                    await holder.__aenter__()
                for holder in holders:
                    await holder.__aexit__(None, None, None)

    asyncio.run(run())


def test_rule_26_who_waits_for_a_full_host_keeps_no_other_place() -> None:
    async def run() -> None:
        slots = Slots(concurrency=2, per_host=1)
        async with slots.hold(["hangs"]):
            waiting = [asyncio.create_task(_visit(slots, {"hangs", "other"})) for _ in range(5)]
            await asyncio.sleep(0)
            async with asyncio.timeout(1):
                await _visit(slots, {"other"})
            assert not any(task.done() for task in waiting)
        async with asyncio.timeout(1):
            await asyncio.gather(*waiting)

    asyncio.run(run())


async def _visit(slots: Slots, keys: set[str]) -> None:
    async with slots.hold(keys):
        await asyncio.sleep(0)


def test_first_come_first_served() -> None:
    async def run() -> list[int]:
        slots = Slots(concurrency=1, per_host=1)
        order: list[int] = []

        async def visit(number: int) -> None:
            async with slots.hold(["a"]):
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(visit(number) for number in range(10)))
        return order

    assert asyncio.run(run()) == list(range(10))
