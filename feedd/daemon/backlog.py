"""After a pause, everything is overdue at once: it is not asked at once (rule 12)."""

from __future__ import annotations

import logging
import random

from feedd.poller.engine import Engine
from feedd.poller.overdue import spread_overdue

log = logging.getLogger("feedd")


async def spread_backlog(engine: Engine, rng: random.Random, *, since: str) -> None:
    """Overdue feeds get start times spread over some minutes. Raises StoreError."""
    overdue = await engine.store.call(spread_overdue, int(engine.clock()), rng)
    if overdue > 1:
        log.info("%d feeds fell due before %s; spread over minutes", overdue, since)
