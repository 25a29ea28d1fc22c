"""The one thread that owns the database connection: the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar

from feedd.errors import DatabaseGoneError
from feedd.store.database import open_writer
from feedd.store.sqlite import WatchedConnection

SWITCH_S = 0.0005
"""While this thread computes, the event loop gets the interpreter back after so long: it has to ask
for it after each system call. (As Python comes, ten times as long: 100 ms for what one look at the
sockets brings.)
"""

P = ParamSpec("P")
R = TypeVar("R")


class StoreThread:
    """Runs functions that take the connection first, one after the other, off the event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._db: WatchedConnection | None = None

    async def __aenter__(self) -> StoreThread:
        sys.setswitchinterval(SWITCH_S)
        try:
            await self._run(self._open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._run(self._close)
        self._thread.shutdown(wait=True)

    async def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """`function(connection, …)` in the store's thread; its result or exception comes back.

        Raises DatabaseGoneError when the file has been taken away or replaced.
        """

        def run() -> R:
            if self._db is None:
                raise DatabaseGoneError(
                    f"the database {self._path} is not open: it could not be reopened"
                )
            self._db.check_file()
            return function(self._db, *args, **kwargs)

        return await self._run(run)

    async def reopen(self) -> None:
        """Close and open again: after the file was replaced, or the disk was full."""

        def anew() -> None:  # in one piece: nobody finds it closed in between
            self._close()
            self._open()

        await self._run(anew)

    async def _run(self, function: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _open(self) -> None:
        self._db = open_writer(self._path)

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()
