"""What cleaning one page may cost. Who runs it in a worker process gives these to the workers."""

from __future__ import annotations

from typing import Final

CLEAN_CPU_S: Final = 5.0
"""Computed for one page. Honest pages take a tenth of a second: also on a machine twenty times as
slow they are cleaned, and however busy it is."""

CLEAN_MEMORY_BYTES: Final = 300_000_000
"""Resident in one process that cleans pages. Honest pages leave it at some 60 MB."""

CLEAN_TIMEOUT_S: Final = 60.0
"""By the clock, for one page: the backstop for what waits instead of computing."""
