"""`on_broken`: a command of the user's is run when a feed is in trouble for long, and when it is
well again.
"""

from __future__ import annotations

import json
import logging
import shlex
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from feedd.errors import FetchError
from feedd.model import Config, FeedTrouble
from feedd.poller.programs import run_limited
from feedd.poller.store_thread import StoreThread
from feedd.store.feeds import get_meta, set_meta
from feedd.store.measurements import feed_troubles
from feedd.store.sqlite import transaction
from feedd.units import rfc3339

log = logging.getLogger("feedd.on_broken")

COMMAND_TIMEOUT_S = 30.0
OUTPUT_BYTES = 1_000_000
_TOLD = "feed_troubles_told"


async def tell_troubles(store: StoreThread, config: Config, now: int) -> None:
    """Run the commands for what has changed since the last time: each trouble is told once, and
    once that it is over. Raises StoreError and MachineError.
    """
    commands = {name: _command(config, name) for name in config.feeds}
    if not any(commands.values()):
        return
    changes = await store.call(_changes, now)
    for event, trouble in changes:
        command = commands.get(trouble.feed)
        if not command:
            continue
        try:
            await run_limited(
                shlex.split(command),
                folder=_folder(config),
                timeout_s=COMMAND_TIMEOUT_S,
                max_bytes=OUTPUT_BYTES,
                key="on_broken",
                given=json.dumps(_record(event, trouble, config)).encode() + b"\n",
            )
        except FetchError as error:
            log.warning("on_broken, %s: %s", trouble.feed, error)
    if changes:
        await store.call(_remember, now)


def _folder(config: Config) -> Path:
    return Path(config.path).absolute().parent


def _command(config: Config, feed: str) -> str | None:
    own = config.feeds[feed].on_broken
    return own if own is not None else config.settings.on_broken


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
