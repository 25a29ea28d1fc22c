"""How the work on an input grows with its size: sizes are compared, never a time with a limit."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMES = 8
"""The large input has so many times the size of the small one."""

LINEAR = 3 * TIMES
"""Linear work takes about `TIMES` as long, quadratic work its square (64): this lies between."""

_TRIES = 4
_ENOUGH_S = 0.002
"""Work done so quickly is not measured well; both sizes then grow."""
_LONG_S = 5
"""Where the machine's other work no longer counts: one try is enough."""


def growth(work: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """How many times the processor time `work` takes on an input `TIMES` as large as `make(size)`.

    The smallest factor of a few tries, each of the shortest times met, so that what else the
    machine does counts little.
    """
    small, large = make(size), make(size * TIMES)
    gc.collect()
    least = [float("inf"), float("inf")]
    factor = float("inf")
    for _ in range(_TRIES):
        least = [min(least[0], _spent(work, small)), min(least[1], _spent(work, large))]
        factor = least[1] / max(least[0], _ENOUGH_S)
        if factor < LINEAR / 2 or least[1] > _LONG_S:
            break
    return factor


def _spent(work: Callable[[T], object], subject: T) -> float:
    started = time.process_time()
    work(subject)
    return time.process_time() - started
