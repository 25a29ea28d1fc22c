"""Python's collector of reference cycles, in a process that takes in entries by the thousand.

They are freed without it, and make it look at everything in vain: as it comes, it takes 2 % of a
poll of new feeds, and with ten thousand feeds one look holds the event loop up for 60 ms.
"""

from __future__ import annotations

import gc

THRESHOLDS = (10_000, 20, 50)
"""So many more containers than freed ones until it looks at the youngest; every so many looks it
goes on to the older, and the oldest."""


def calm_collector() -> None:
    """What is there now is there to stay and not looked at any more; the rest less often."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
