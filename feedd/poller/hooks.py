"""Commands of the user's, with JSON on their standard input: `on_new` for every new item, a rule's
`notify` for those that it meets, `on_broken` when a feed is in trouble for long, or well again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shlex
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from feedd.errors import FetchError, MachineError
from feedd.model import Config, FeedTrouble
from feedd.poller.programs import run_limited
from feedd.poller.recorder import PollReport
from feedd.poller.tasks import StoreThread, Supervisor, WorkerTasks
from feedd.store.measurements import feed_troubles
from feedd.store.sqlite import sqlite_errors, transaction
from feedd.store.stored_values import get_meta, set_meta
from feedd.units import rfc3339

if TYPE_CHECKING:
    from feedd.model import Item

_on_new = logging.getLogger("feedd.on_new")
_on_broken = logging.getLogger("feedd.on_broken")

COMMANDS_AT_ONCE = 4
COMMAND_TIMEOUT_S = 30.0
OUTPUT_BYTES = 1_000_000
"""What a command prints is thrown away; one that prints more is stopped."""

ITEMS_WAITING = 1000
"""How many items wait for their commands; what comes beyond is stored, but not run."""

TRIES = 10
"""So often a command is tried that the machine has no room for."""


async def _run(command: str, config: Config, key: str, record: object) -> None:
    """Raises FetchError and MachineError. `key` is that of the configuration file."""
    await run_limited(
        shlex.split(command),
        folder=config.path.absolute().parent,
        timeout_s=COMMAND_TIMEOUT_S,
        max_bytes=OUTPUT_BYTES,
        key=key,
        given=json.dumps(record).encode() + b"\n",
    )


def _command(config: Config, feed: str, key: Literal["on_new", "on_broken"]) -> str | None:
    """A feed's own command, else that of all feeds; None for a feed that left the file."""
    if feed not in config.feeds:
        return None
    own: str | None = getattr(config.feeds[feed], key)
    return own if own is not None else getattr(config.settings, key)


class _Call(Struct, frozen=True):
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
        """Put the new items of a poll in line."""
        command = _command(self.config, report.feed, "on_new")
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
                _on_new.warning(
                    "%s: commands are not run for %d items: %d are waiting already",
                    report.feed,
                    len(wanted) - number,
                    ITEMS_WAITING,
                )
                return

    async def finished(self) -> None:
        """Wait until the line is empty and every command is done."""
        await self._waiting.join()

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
        from feedd.records import item_record  # only who has the hook pays for it

        command, key = call.command, "notify" if call.by_rule else "on_new"
        for item in await self._store.call(_items, [call.entry_id]):
            if (item.read or item.hidden) and not call.by_rule:  # muted, say
                continue
            try:
                await _run(command, self.config, key, item_record(item, self.config))
                self._failing.discard(command)
            except FetchError as error:
                level = logging.DEBUG if command in self._failing else logging.WARNING
                _on_new.log(level, "%s, item %d: %s", key, call.entry_id, error)
                self._failing.add(command)


def _items(db: sqlite3.Connection, ids: Sequence[int]) -> list[Item]:
    from feedd.store.items import items_of

    with sqlite_errors(db):
        return items_of(db, ids, details=True)


# ---------------------------------------------------------------- feeds in trouble

_TOLD = "feed_troubles_told"
"""Where the store keeps which troubles were told."""


async def tell_troubles(store: StoreThread, config: Config, now: int) -> None:
    """Run the commands for what has changed since the last time: each trouble is told once, and
    once that it is over. Raises StoreError and MachineError.
    """
    if not config.settings.on_broken and not any(feed.on_broken for feed in config.feeds.values()):
        return
    changes = await store.call(_changes, now)
    for event, trouble in changes:
        command = _command(config, trouble.feed, "on_broken")
        if not command:
            continue
        try:
            await _run(command, config, "on_broken", _record(event, trouble, config))
        except FetchError as error:
            _on_broken.warning("on_broken, %s: %s", trouble.feed, error)
    if changes:
        await store.call(_remember, now)


def _changes(db: sqlite3.Connection, now: int) -> list[tuple[str, FeedTrouble]]:
    """What is to be told: (event, trouble)."""
    present = {trouble.feed: trouble for trouble in feed_troubles(db, now)}
    told = _told(db)
    changes = [
        (trouble.kind, trouble)
        for name, trouble in present.items()
        if told.get(name, ("", 0))[0] != trouble.kind
    ]
    over = [
        ("back", FeedTrouble(name, kind, since))
        for name, (kind, since) in told.items()
        if name not in present
    ]
    return changes + over


def _told(db: sqlite3.Connection) -> dict[str, tuple[str, int]]:
    try:
        said = json.loads(get_meta(db, _TOLD) or "{}")
        return {str(name): (str(kind), int(since)) for name, (kind, since) in said.items()}
    except (ValueError, TypeError, AttributeError):  # a damaged text
        return {}


def _remember(db: sqlite3.Connection, now: int) -> None:
    with transaction(db):
        present = {one.feed: (one.kind, one.since) for one in feed_troubles(db, now)}
        set_meta(db, _TOLD, json.dumps(present))


def _record(event: str, trouble: FeedTrouble, config: Config) -> Mapping[str, object]:
    feed = config.feeds[trouble.feed]
    return {
        "event": event,
        "feed": trouble.feed,
        "url": feed.url,
        "title": feed.title,
        "since": rfc3339(trouble.since),
        "error": trouble.error,
    }
