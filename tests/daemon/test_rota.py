"""The daemon's own watch over the machine's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from feedd.daemon import rota


@pytest.mark.parametrize(
    ("ahead_s", "found_s"),
    [
        ((0, 0, 0, -61), 61),
        ((0, 500, 500, 439), 61),
        ((0, -59, -59, -118, -118, -3718), 3600),
    ],
    ids=["set back", "set ahead before", "a little back before"],
)
def test_a_clock_set_back_is_seen_and_by_how_much_and_no_other_change_of_it(
    monkeypatch: pytest.MonkeyPatch, ahead_s: tuple[int, ...], found_s: int
) -> None:
    """`ahead_s` is how far the clock is ahead, at the beginning and at the end of each look."""
    monkeypatch.setattr(rota, "LOOK_S", 0)
    said: Iterator[int] = iter(ahead_s)

    async def story() -> float:
        loop = asyncio.get_running_loop()
        return await rota.clock_set_back(lambda: loop.time() + next(said))

    assert asyncio.run(story()) == pytest.approx(found_s, abs=0.5)
    assert list(said) == []
