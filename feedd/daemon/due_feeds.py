"""The feeds that are due: taken up while there is room, and followed until they are stored.

How much the loop does at a time and how much is in memory is bounded, however many are due: the
others stay in the store, where due times live, until some of those before them are done.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from functools import partial
from typing import Final

from feedd.daemon.housekeeping import spread_backlog
from feedd.daemon.rota import Rota
from feedd.errors import MachineError, StoreError
from feedd.model import FeedState
from feedd.poller.engine import Engine
from feedd.poller.feed_poller import Batch
from feedd.poller.network import NETWORK_WORDS, Network, askable_without
from feedd.poller.tasks import Step
from feedd.store import polls

log = logging.getLogger("feedd")

JOB: Final = "schedule"
"""Under this name the rota has what is done here."""

ROUNDING_S: Final = 0.01
"""Due times are whole seconds: looked at a moment later, they have come for certain."""

DUE_AT_ONCE: Final = 1_000
"""How many feeds are put in line together."""

UNDER_WAY_AT_MOST: Final = 3_000
"""Beside so many no more are taken up until some are stored: each waits with its state, 3 kB."""

TURNS_A_PLACE: Final = 50
"""Of one host no more are taken up than so many for each request that may be out to it: where one
has thousands due and is slow, there is room for others beside it (rule 26)."""

SLEPT_S: Final = 120
"""A look so late means the machine slept: the backlog is spread as after a restart."""

OFFLINE_PROBE_S: Final = 60
"""With the network down, one feed is tried this often (rule 41)."""

SHORTAGE_PROBE_S: Final = 15
"""While this machine lacks something, one feed is tried this often."""


class DueFeeds:
    """Until `paused_until` nothing is asked; `network` is what the latest answers said of it.

    `keep` has a step done beside the rest, by its name; `followed` is called when a batch is over.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        rng: random.Random,
        keep: Callable[[str, Step], None],
        followed: Callable[[], None],
    ) -> None:
        self.paused_until = 0.0
        self.network: Network = "up"
        self._clock = clock
        self._rng = rng
        self._keep = keep
        self._followed = followed
        self._last_look = clock()
        self._more = False
        """Are there others that are due, which wait for room?"""

    async def take_up(self, engine: Engine, rota: Rota) -> None:
        """Have the feeds that are due polled, as many as there is room for. Raises StoreError."""
        now = self._clock()
        slept = now - self._last_look > SLEPT_S
        self._last_look = now
        if now < self.paused_until:
            return
        if slept:
            await spread_backlog(engine, self._rng, since="the pause")
        host_room = TURNS_A_PLACE * engine.config.settings.per_host
        while (room := UNDER_WAY_AT_MOST - engine.poller.under_way) > 0:
            most = min(room, DUE_AT_ONCE)
            due, next_due = await engine.store.call(
                polls.due_and_next, int(now), most, engine.poller.busy, host_room
            )
            asked = self._askable(engine, due, now)
            if asked:
                batch = engine.poller.submit(asked)
                self._keep("polls", partial(self._follow, engine, rota, batch))
            self._more = next_due is not None and next_due <= now
            if next_due is not None and not self._more:
                rota.advance(JOB, next_due - self._clock() + ROUNDING_S)
            if len(asked) < most:
                return

    def _askable(self, engine: Engine, due: list[FeedState], now: float) -> list[FeedState]:
        """Which of the feeds that are due are asked, as the network and this machine are."""
        if due and engine.poller.network != "up":
            self.paused_until = now + OFFLINE_PROBE_S
            return askable_without(due, self._rng)
        if due and engine.poller.shortage is not None:
            self.paused_until = now + SHORTAGE_PROBE_S
            return [self._rng.choice(due)]
        return due

    async def _follow(self, engine: Engine, rota: Rota, batch: Batch) -> None:
        try:
            await batch.finished()
        except StoreError:
            raise
        except Exception as error:
            if isinstance(error, MachineError):
                self.paused_until = max(self.paused_until, self._clock() + SHORTAGE_PROBE_S)
            if not batch.noted:
                raise
        network = engine.poller.network
        if network != "up" and self.network == "up":
            self.paused_until = self._clock() + OFFLINE_PROBE_S
            log.warning(
                "%s: waiting for it; no feed is blamed; feedd demo needs none",
                NETWORK_WORDS[network],
            )
        elif network == "up" and self.network != "up":
            self.paused_until = 0.0
            log.info("the network is back")
            await spread_backlog(engine, self._rng, since="the pause")
        self.network = network
        if self._more:
            rota.hurry(JOB)
        self._followed()
