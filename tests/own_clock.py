"""An event loop whose time passes only when nothing else is left to do, and then at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class OwnClockLoop(asyncio.SelectorEventLoop):
    """Begins at 1,000 s. Whoever waits for a timer waits no real time."""

    def __init__(self) -> None:
        self.now = 1_000.0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self.now


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: OwnClockLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if not events and timeout is None:
            raise RuntimeError("everything waits, for nothing that could still come")
        if not events and timeout:
            self._loop.now += timeout
        return events


def run(scenario: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, in a loop of this kind."""
    with asyncio.Runner(loop_factory=OwnClockLoop) as runner:
        return runner.run(scenario)


def now() -> float:
    """The running loop's time, in seconds."""
    return asyncio.get_running_loop().time()
