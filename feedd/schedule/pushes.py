"""How much less often to poll a feed whose entries are pushed."""

from __future__ import annotations

import random
from dataclasses import replace

from feedd.model import Hints
from feedd.schedule.bounds import MAX_JITTER, bounded
from feedd.schedule.pace import Decision, Pace
from feedd.units import format_duration


def while_pushed(
    decision: Decision,
    *,
    pushes: int,
    hub: str,
    last_poll: int,
    pace: Pace,
    hints: Hints,
    rng: random.Random,
) -> Decision:
    """The decision for a feed whose last `pushes` pushes, from the host `hub`, left out nothing.

    Each doubles the wait after `last_poll`, up to `max_interval_s`; it is never shortened. A poll
    then only sees whether pushes still come. Unchanged without pushes, and where the user has set
    the interval. `interval_s` stays what it would be without pushes. Pure but for `rng`.
    """
    if not pushes or not pace.adaptive or decision.next_poll is None:
        return decision
    wait_s = min(decision.interval_s << min(pushes, 20), pace.max_interval_s)
    chosen = bounded(
        last_poll + wait_s,
        give_s=MAX_JITTER * wait_s,
        pace=pace,
        hints=hints,
        not_before=None,
        now=last_poll,
        rng=rng,
    )
    if chosen.at <= decision.next_poll:
        return decision
    reason = f"{hub} pushes its entries (WebSub): asked only after {format_duration(wait_s)}"
    return replace(decision, next_poll=chosen.at, reason=f"{reason}, to see that none was missed")
