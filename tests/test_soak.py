"""`make soak` tells what grows: a month's run that could not fail would show nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from benchmarks.soak import KEEP_DAYS, KINDS, Day, growing


def day(number: int, path: Path, **rows: int) -> Day:
    """A day at whose end tables have so many rows."""
    db = sqlite3.connect(path)
    for name, count in rows.items():
        db.execute(f"CREATE TABLE IF NOT EXISTS {name} (n)")
        db.execute(f"DELETE FROM {name}")
        db.executemany(f"INSERT INTO {name} VALUES (?)", [(n,) for n in range(count)])
    db.commit()
    return Day(number, 0, db, path)


def test_a_table_that_retention_does_not_bound_is_named(tmp_path: Path) -> None:
    days = [
        day(number, tmp_path / "feedd.db", level=1000, leak=100 * number, pruned=100 * number)
        for number in range(1, 31)
    ]
    assert growing(days) == ["leak from 2,000 to 3,000"]
    assert growing(days[:KEEP_DAYS]) == [], "before retention begins everything grows"


def test_a_day_of_all_behaviours_is_lived_without_losing_an_entry() -> None:
    command = [sys.executable, "-m", "benchmarks.soak", "--feeds", str(KINDS), "--days", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "entries twice or missing: 0" in done.stdout
    assert "pushes taken in: " in done.stdout
