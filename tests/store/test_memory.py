"""What a writer gives back when it has little to do."""

from __future__ import annotations

import ctypes
import os
import sqlite3
from pathlib import Path

import pytest

from feedd.store.upkeep.compaction import give_back_memory

PAGES_BYTES = 12_000_000


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_daemon_at_rest_does_not_sit_on_the_memory_of_its_busiest_hour(
    db: sqlite3.Connection,
) -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("needs glibc")
    give_back_memory(db)
    db.execute("CREATE TABLE filler(body)")
    before = resident_bytes()
    db.execute("INSERT INTO filler VALUES (randomblob(?))", (PAGES_BYTES,))
    busy = resident_bytes()
    assert busy - before > PAGES_BYTES / 2, "it was kept for the next transaction"
    give_back_memory(db)
    assert resident_bytes() - before < (busy - before) / 2
