"""A standing crew of tasks: at work as long as its context is open."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from types import TracebackType
from typing import Self


class Crew:
    """An asynchronous context manager; whoever inherits it says in `_work` what its tasks do."""

    _crew: tuple[asyncio.Task[None], ...] = ()

    def _work(self) -> Iterable[Coroutine[None, None, None]]:
        """What each member of the crew does, without an end."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._crew = tuple(asyncio.create_task(work) for work in self._work())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._crew:
            task.cancel()
        await asyncio.gather(*self._crew, return_exceptions=True)
