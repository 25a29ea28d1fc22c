"""Functions run in processes of their own: what crashes, hangs or eats memory there harms no other.

Only `child` and what it needs is loaded in a worker: everything here is imported when asked for.
"""

from __future__ import annotations

from typing import Final

COLLECTOR_THRESHOLDS: Final = (10_000, 20, 50)
"""So many more containers than freed ones until Python's collector of cycles looks at the youngest;
every so many looks it goes on to the older, and the oldest.

Entries by the thousand are freed without it, and make it look at everything in vain: as it comes,
it takes 2 % of a poll of new feeds, and with ten thousand feeds one look holds the event loop up
for 60 ms."""
