"""Months of three feeds come out as they were approved: nothing is lost, doubled or late unseen."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from feedd.store.database import open_writer
from tests.approval import approved
from tests.poller.made import Chronicle

FOLDER = Path(__file__).with_name("chronicles")
STEPS = 40


@pytest.mark.parametrize("number", range(30))
def test_what_is_stored_after_months_is_what_was_approved(tmp_path: Path, number: int) -> None:
    """What happened, what is listed and found then, and a mark of each table."""
    path = tmp_path / "feedd.db"
    with closing(open_writer(path)) as db:
        chronicle = Chronicle(number, db, tmp_path)
        chronicle.run(STEPS)
        tables = [
            f"{table}: {len(rows)} rows {hashlib.sha256(repr(rows).encode()).hexdigest()[:8]}"
            for table, rows in chronicle.rows().items()
        ]
        told = [*chronicle.told, "", *chronicle.found(), "", *chronicle.feeds(), "", *tables]
        assert chronicle.problems(path) == []
    approved(FOLDER / f"{number}.txt", "\n".join(told) + "\n")
