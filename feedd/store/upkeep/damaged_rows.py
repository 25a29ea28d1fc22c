"""Rows of a damaged table, as far as they can be read, each with a number of its own.

Damage lies in pages: a page that can't be read takes some rows, rarely a table. Rows are read
forwards up to the damage, backwards down to it, and one by one by their numbers between. Two rows
of one number get a number each.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

MAX_PROBED = 300_000
"""How many row numbers between the readable ends of a table are tried one by one."""


DAMAGE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading damaged pages raises: the words of an error may hold what is damaged, too."""


class ReadRow(NamedTuple):
    number: int
    values: tuple[object, ...]


def rows_of(
    old: sqlite3.Connection, table: str, names: Sequence[str], *, numbered: bool
) -> tuple[list[ReadRow], int]:
    """The rows of a table as far as they can be read, in their order, and how many numbers between
    them could not be.
    """
    columns = ", ".join(f'"{name}"' for name in names)
    number = "rowid" if numbered else "0"
    query = f'SELECT {number}, {columns} FROM "{table}" NOT INDEXED'
    rows, broken = _read(old, query)
    if not broken:
        return rows, 0
    if not numbered:
        rest, _ = _read(old, f'SELECT 0, {columns} FROM "{table}" ORDER BY 2 DESC, 3 DESC')
        seen = {row.values for row in rows}
        return [*rows, *(row for row in reversed(rest) if row.values not in seen)], 1
    back, _ = _read(old, f"{query} ORDER BY rowid DESC")
    seen_numbers = {row.number for row in rows}
    rows += [row for row in reversed(back) if row.number not in seen_numbers]
    seen_numbers |= {row.number for row in back}
    found, lost = _probed(old, table, names, seen_numbers)
    return sorted([*rows, *found], key=lambda row: row.number), lost


def _read(old: sqlite3.Connection, query: str) -> tuple[list[ReadRow], bool]:
    rows: list[ReadRow] = []
    try:
        for number, *values in old.execute(query):
            rows.append(ReadRow(number, tuple(values)))
    except DAMAGE_ERRORS:
        return rows, True
    return rows, False


def _probed(
    old: sqlite3.Connection, table: str, names: Sequence[str], seen: set[int]
) -> tuple[list[ReadRow], int]:
    """Rows asked for by their numbers; of one that can't be read whole, the columns that can."""
    columns = ", ".join(f'"{name}"' for name in names)
    whole = f'SELECT {columns} FROM "{table}" WHERE rowid = ?'
    found: list[ReadRow] = []
    lost = 0
    for number in _numbers_to_try(old, seen):
        try:
            row = old.execute(whole, (number,)).fetchone()
        except DAMAGE_ERRORS:
            row = _by_columns(old, table, names, number)
            lost += row is None
        if row is not None:
            found.append(ReadRow(number, tuple(row)))
    return found, lost


def _numbers_to_try(old: sqlite3.Connection, seen: set[int]) -> Iterator[int]:
    known = [max(seen, default=0)]
    for query in (
        "SELECT max(seq) FROM sqlite_sequence",
        "SELECT max(rowid) FROM marks NOT INDEXED",
        "SELECT max(rowid) FROM entries NOT INDEXED",
        "SELECT max(id) FROM feeds NOT INDEXED",
    ):
        with suppress(*DAMAGE_ERRORS):
            known.append(old.execute(query).fetchone()[0] or 0)
    last = max(number for number in known if isinstance(number, int))
    return (number for number in range(1, min(last, MAX_PROBED) + 1) if number not in seen)


def _by_columns(
    old: sqlite3.Connection, table: str, names: Sequence[str], number: int
) -> tuple[object, ...] | None:
    values: list[object] = []
    readable = 0
    for name in names:
        try:
            row = old.execute(
                f'SELECT "{name}" FROM "{table}" WHERE rowid = ?', (number,)
            ).fetchone()
        except DAMAGE_ERRORS:
            row = (None,)
        else:
            readable += 1
        values.append(row[0] if row else None)
    return tuple(values) if readable > 1 else None


def with_numbers_of_their_own(
    rows: Sequence[ReadRow], key: int, owners: set[int] | None
) -> list[ReadRow]:
    """The rows, each with a number that no other one has. In a table's own order numbers rise; one
    that does not fits in between where a number is free (one that is an entry's, for what belongs
    to entries), else it comes last.
    """
    rows = _twins_parted(rows, key)
    rising = _rising([row.number for row in rows])
    used = {rows[place].number for place in rising}
    kept = set(rising)
    following = max(used, default=0) + 1
    mended: list[ReadRow] = []
    for place, row in enumerate(rows):
        if place in kept:
            mended.append(row)
            continue
        at = bisect_left(rising, place)
        before = rows[rising[at - 1]].number if at else 0
        after = rows[rising[at]].number if at < len(rising) else following
        free = (n for n in range(before + 1, min(after, before + 1_000))
                if n not in used and (owners is None or n in owners))  # fmt: skip
        number = next(free, None)
        if number is None:
            if owners is not None:
                continue  # nobody can tell what it belongs to
            number, following = following, following + 1
        used.add(number)
        mended.append(_renumbered(row, number, key))
    return mended


def _twins_parted(rows: Sequence[ReadRow], key: int) -> list[ReadRow]:
    """Of two neighbours with one number, one gets the free number before or after it."""
    parted = list(rows)
    for place in range(len(parted) - 1):
        number = parted[place].number
        if parted[place + 1].number != number:
            continue
        before = parted[place - 1].number if place else 0
        after = parted[place + 2].number if place + 2 < len(parted) else number + 2
        if before < number - 1:
            parted[place] = _renumbered(parted[place], number - 1, key)
        elif number + 1 < after:
            parted[place + 1] = _renumbered(parted[place + 1], number + 1, key)
    return parted


def _renumbered(row: ReadRow, number: int, key: int) -> ReadRow:
    return ReadRow(number, (*row.values[:key], number, *row.values[key + 1 :]))


def _rising(numbers: Sequence[int]) -> list[int]:
    """The places of the longest run of numbers that rise, others between them left out."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number)
        before.append(places[at - 1] if at else None)
        ends[at : at + 1] = [number]
        places[at : at + 1] = [place]
    run: list[int] = []
    last: int | None = places[-1] if places else None
    while last is not None:
        run.append(last)
        last = before[last]
    return run[::-1]
