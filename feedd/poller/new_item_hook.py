"""`on_new`: a command of the user's is run for every new item, with the item as JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import shlex
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from feedd.errors import FetchError, MachineError
from feedd.model import Config, Item
from feedd.poller.programs import run_limited
from feedd.poller.recorder import PollReport
from feedd.poller.store_thread import StoreThread
from feedd.poller.tasks import Supervisor, WorkerTasks
from feedd.records import item_record
from feedd.store.items import items_of
from feedd.store.sqlite import sqlite_errors

log = logging.getLogger("feedd.on_new")

COMMANDS_AT_ONCE = 4
COMMAND_TIMEOUT_S = 30.0
ITEMS_WAITING = 1000
"""So many items wait for their commands; what comes beyond is stored, but not run."""

TRIES = 10
"""So often a command is tried that the machine has no room for."""

OUTPUT_BYTES = 1_000_000
"""What a command prints is thrown away; one that prints more is stopped."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A command to be run for an item: `on_new`, or what a rule says."""

    command: str
    entry_id: int
    tries: int = 1
    by_rule: bool = False


class NewItemHook(WorkerTasks):
    """Runs the commands. `tell` it of every poll; `finished` waits until all have run."""

    def __init__(self, config: Config, *, store: StoreThread, supervisor: Supervisor) -> None:
        super().__init__(supervisor)
        self.config = config
        self._store = store
        self._waiting: asyncio.Queue[_Call] = asyncio.Queue(ITEMS_WAITING)
        self._failing: set[str] = set()

    def tell(self, report: PollReport) -> None:
        """Put the new items of a poll in line; those of a feed's first poll are no news."""
        if report.first:
            return
        command = self._command(report.feed)
        wanted = [_Call(one, entry_id, by_rule=True) for one, entry_id in report.notify]
        if command is not None:
            wanted += (_Call(command, entry_id) for entry_id, _ in report.items)
        if not wanted:
            return
        self._start_workers("on_new", self._run_next, min(len(wanted), COMMANDS_AT_ONCE))
        for number, call in enumerate(wanted):
            try:
                self._waiting.put_nowait(call)
            except asyncio.QueueFull:
                log.warning(
                    "%s: commands are not run for %d items: %d are waiting already",
                    report.feed,
                    len(wanted) - number,
                    ITEMS_WAITING,
                )
                return

    async def finished(self) -> None:
        """Wait until the line is empty and every command is done."""
        await self._waiting.join()

    def _command(self, feed: str) -> str | None:
        own = self.config.feeds.get(feed)
        if own is None:
            return None
        return own.on_new if own.on_new is not None else self.config.settings.on_new

    def _folder(self) -> Path:
        return Path(self.config.path).absolute().parent

    async def _run_next(self) -> None:
        call = await self._waiting.get()
        try:
            await self._run(call)
        except MachineError:  # a shortage of the machine's: the item waits again
            if call.tries < TRIES:
                with suppress(asyncio.QueueFull):
                    self._waiting.put_nowait(replace(call, tries=call.tries + 1))
            raise
        finally:
            self._waiting.task_done()

    async def _run(self, call: _Call) -> None:
        command, key = call.command, "notify" if call.by_rule else "on_new"
        for item in await self._store.call(_items, [call.entry_id]):
            if (item.read or item.hidden) and not call.by_rule:  # muted, say
                continue
            try:
                await run_limited(
                    shlex.split(command),
                    folder=self._folder(),
                    timeout_s=COMMAND_TIMEOUT_S,
                    max_bytes=OUTPUT_BYTES,
                    key=key,
                    given=json.dumps(item_record(item, self.config)).encode() + b"\n",
                )
                self._failing.discard(command)
            except FetchError as error:
                level = logging.DEBUG if command in self._failing else logging.WARNING
                log.log(level, "%s, item %d: %s", key, call.entry_id, error)
                self._failing.add(command)


def _items(db: sqlite3.Connection, ids: Sequence[int]) -> list[Item]:
    with sqlite_errors(db):
        return items_of(db, ids, details=True)
