"""What was done comes back exactly, in whatever order acts are taken back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.errors import FeeddError
from feedd.store.acts import acts, undo
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.marks import mark, tag
from feedd.store.upkeep import integrity
from tests.store.conftest import NOW, arrive, configs, entry, rows

ITEMS = 6
DEEDS = st.tuples(
    st.sampled_from(["read", "unread", "star", "unstar", "later", "unlater", "+x", "-x", "+Y"]),
    st.sets(st.integers(1, ITEMS), min_size=1),
    st.booleans(),
)


def state(db: sqlite3.Connection) -> list[object]:
    marks = rows(db, "SELECT entry_id, read_at, starred_at, hidden_at FROM marks ORDER BY 1")
    return [*marks, *rows(db, "SELECT folded, entry_id, tag FROM entry_tags ORDER BY 1, 2")]


def do(db: sqlite3.Connection, deed: tuple[str, set[int], bool], now: int) -> None:
    action, ids, _ = deed
    if action[0] in "+-":
        add, remove = ([action[1:]], []) if action[0] == "+" else ([], [action[1:]])
        tag(db, add=add, remove=remove, ids=sorted(ids), now=now, command="t")
    else:
        mark(db, action, ids=sorted(ids), now=now, command="m")  # type: ignore[arg-type]


def stocked(db: sqlite3.Connection) -> None:
    sync_feeds(db, configs("a", "b"), NOW)
    arrive(db, "a", *(entry(n) for n in range(ITEMS - 1)))
    arrive(db, "b", entry(0, guid="same"))  # two entries of one story


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(DEEDS, max_size=8))
def test_taking_back_everything_leaves_what_was_before(tmp_path: Path, deeds: list) -> None:  # type: ignore[type-arg]
    path = tmp_path / "acts.db"
    path.unlink(missing_ok=True)
    with closing(open_writer(path)) as db:
        stocked(db)
        before = [state(db)]
        done = 0
        for number, deed in enumerate(deeds):
            do(db, deed, NOW + (number if deed[2] else 0))
            if len(acts(db)) > done:
                done += 1
                before.append(state(db))
        for expected in reversed(before[:-1]):
            undo(db, None, NOW)
            assert state(db) == expected
        assert all(one.undone for one in acts(db))
    assert integrity.check(path) == []


def test_nothing_to_take_back_is_said(db: sqlite3.Connection) -> None:
    with pytest.raises(FeeddError, match="nothing to undo") as told:
        undo(db, None, NOW)
    assert told.value.exit_code == 1
