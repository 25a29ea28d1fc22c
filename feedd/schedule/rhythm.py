"""First version: one decaying rate a feed."""

from __future__ import annotations

import math
from collections.abc import Sequence


def learn(rhythm: str, *, since: int | None, now: int, entry_times: Sequence[int]) -> str:
    count, window, last = _read(rhythm)
    if last is not None:
        fade = math.exp(-(now - last) / (30 * 86_400))
        count, window = count * fade, window * fade + (now - last) / 86_400
    elif entry_times:
        window = (now - min(entry_times)) / 86_400
    return f"{count + len(entry_times):.4g} {window:.4g} {now}"


def rate(rhythm: str) -> float:
    """Entries a second."""
    count, window, _ = _read(rhythm)
    return (count + 0.5) / (window + 1.0) / 86_400


def _read(rhythm: str) -> tuple[float, float, int | None]:
    try:
        count, window, last = rhythm.split()
        return float(count), float(window), int(last)
    except ValueError:
        return 0.0, 0.0, None
