"""Fit what is usual of feeds' hours and days, the tables of feedd/schedule/rhythm.py.

    python -m benchmarks.train_rhythm [--folds N] [TRACES…]

prints the tables, fitted to all traces (without any: those of benchmarks/traces.json). With
`--folds`, repositories are dealt into so many parts; each part's feeds are polled with tables
fitted to the others, which shows what to expect of feeds that nobody has seen.

A feed's day is one of two shapes, shifted by a number of hours, or even. Shapes, shifts and their
chances are fitted by expectation and maximisation, from people at work (a broad hill) and a fixed
hour (a narrow one).
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import freshness
from benchmarks.rules import FEEDD, RULES, Rule
from benchmarks.traces import DAY_S, HOUR_S, REAL, Trace, read, years
from feedd.schedule import rhythm

HOURS, DAYS, FIRST_DAY = 24, 7, 3
STEPS = 60
ENTRIES_AT_MOST = 40.0
"""A feed counts as so many entries at most: a busy one does not make what is usual."""

LEAST_COUNT = 0.5
"""Of each hour and shift, so that nothing is impossible."""

NEIGHBOURS = (0.25, 0.5, 0.25)
"""How far an hour's value is shared with the hours beside it."""


@dataclass(frozen=True, slots=True)
class Tables:
    """As in feedd/schedule/rhythm.py."""

    shapes: list[list[float]]
    chances: list[list[float]]
    even_chance: float
    days: list[float]


def fitted(traces: Sequence[Trace]) -> Tables:
    """The tables that make these traces likeliest; a repository's feeds weigh less, the more it
    has."""
    of_source = Counter(trace.source for trace in traces)
    weights = [1 / math.sqrt(of_source[trace.source]) for trace in traces]
    counts = [_counted(trace, HOURS, HOUR_S, 0) for trace in traces]
    shapes = [
        _scaled([math.exp(1.1 * math.cos((hour - 13) / 24 * 2 * math.pi)) for hour in range(24)]),
        _scaled([math.exp(-0.5 * (hour - 12) ** 2) + 0.02 for hour in range(24)]),
    ]
    chances = [[1 / 72] * HOURS, [1 / 72] * HOURS]
    even_chance = 1 / 3
    for _ in range(STEPS):
        seen = [[LEAST_COUNT] * HOURS for _ in shapes]
        shifts = [[LEAST_COUNT / HOURS] * HOURS for _ in shapes]
        even = LEAST_COUNT
        for count, weight in zip(counts, weights, strict=True):
            shares, even_share = _shares(count, shapes, chances, even_chance)
            even += weight * even_share
            for number, row in enumerate(shares):
                for shift, share in enumerate(row):
                    shifts[number][shift] += weight * share
                    for hour, entries in enumerate(count):
                        seen[number][(hour + shift) % HOURS] += weight * share * entries
        shapes = [_scaled(_blurred(seen[0])), _scaled(seen[1])]
        total = even + sum(map(sum, shifts))
        chances = [[value / total for value in _blurred(row)] for row in shifts]
        even_chance = even / total
    days = [0.0] * DAYS
    for trace, weight in zip(traces, weights, strict=True):
        for day, entries in enumerate(_counted(trace, DAYS, DAY_S, FIRST_DAY)):
            days[day] += weight * entries
    return Tables(shapes, chances, even_chance, _scaled(days))


def _counted(trace: Trace, steps: int, step_s: int, first: int) -> list[float]:
    counts = Counter((at // step_s + first) % steps for at in trace.times)
    scale = min(1.0, ENTRIES_AT_MOST / len(trace.times))
    return [counts[step] * scale for step in range(steps)]


def _shares(
    count: list[float], shapes: list[list[float]], chances: list[list[float]], even_chance: float
) -> tuple[list[list[float]], float]:
    """How likely each shape and shift is for a feed with these counts; and none."""
    logs = [
        [
            math.log(chances[number][shift])
            + sum(
                entries * math.log(shape[(hour + shift) % HOURS])
                for hour, entries in enumerate(count)
                if entries
            )
            for shift in range(HOURS)
        ]
        for number, shape in enumerate(shapes)
    ]
    even = math.log(even_chance)
    best = max(even, *map(max, logs))
    total = math.exp(even - best) + sum(math.exp(log - best) for row in logs for log in row)
    return [[math.exp(log - best) / total for log in row] for row in logs], (
        math.exp(even - best) / total
    )


def _scaled(values: Sequence[float]) -> list[float]:
    """To a mean of 1."""
    return [value * len(values) / sum(values) for value in values]


def _blurred(values: Sequence[float]) -> list[float]:
    before, own, after = NEIGHBOURS
    return [
        before * values[n - 1] + own * values[n] + after * values[(n + 1) % len(values)]
        for n in range(len(values))
    ]


def written(tables: Tables) -> str:
    """As Python."""
    lines = [f"USUAL_DAYS = {_row(tables.days, 2)}", "DAY_SHAPES = ("]
    lines += [f"    {_row(shape, 2)}," for shape in tables.shapes] + [")", "SHIFT_CHANCES = ("]
    lines += [f"    {_row(chances, 4)}," for chances in tables.chances]
    return "\n".join([*lines, ")", f"EVEN_CHANCE = {tables.even_chance:.2f}"])


def _row(values: Sequence[float], digits: int) -> str:
    return f"({', '.join(f'{value:.{digits}f}' for value in values)})"


# ---------------------------------------------------------------- what to expect of others


@contextmanager
def in_use(tables: Tables) -> Iterator[None]:
    """Poll with these tables in this process."""
    kept = rhythm.USUAL_DAYS, rhythm.SHIFTED_SHAPES, rhythm.EVEN_CHANCE
    rhythm.USUAL_DAYS = tuple(tables.days)
    rhythm.SHIFTED_SHAPES = rhythm.shifted(tables.shapes, tables.chances)
    rhythm.EVEN_CHANCE = tables.even_chance
    try:
        yield
    finally:
        rhythm.USUAL_DAYS, rhythm.SHIFTED_SHAPES, rhythm.EVEN_CHANCE = kept


class HeldOut(freshness.Bench):
    """Replays in which each feed is polled with tables that were fitted without its repository."""

    def __init__(
        self, traces: Sequence[Trace], pool: ProcessPoolExecutor, tables: dict[str, Tables]
    ) -> None:
        super().__init__(traces, pool)
        self._tables = tables

    def run(
        self, rule: Rule, knob: float, traces: Sequence[Trace] | None = None
    ) -> freshness.Result:
        if rule is not FEEDD:
            return super().run(rule, knob, traces)
        outcomes = []
        for trace in self.traces:
            with in_use(self._tables[trace.source]):
                outcomes.append(freshness.replay(rule, knob, trace))
        return freshness.Result(rule, knob, self.traces, outcomes)


def dealt(traces: Sequence[Trace], folds: int) -> dict[str, Tables]:
    """For each repository, the tables fitted without its part."""
    sources = sorted({trace.source for trace in traces})
    random.Random(3).shuffle(sources)
    part = {source: number % folds for number, source in enumerate(sources)}
    without = [
        fitted([trace for trace in traces if part[trace.source] != fold]) for fold in range(folds)
    ]
    return {source: without[part[source]] for source in sources}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, metavar="TRACES")
    parser.add_argument("--folds", type=int, help="show what to expect of others")
    parser.add_argument("--carried", type=int, default=0, metavar="N",
                        help="a year's first document holds N entries of before")  # fmt: skip
    options = parser.parse_args()
    traces = [trace for path in options.files or [REAL] for trace in read(path)]
    if not options.folds:
        print(written(fitted(traces)))
        return
    histories = [year for trace in traces for year in years(trace, options.carried)]
    with ProcessPoolExecutor(1) as pool:
        bench = HeldOut(histories, pool, dealt(traces, options.folds))
        for budget in freshness.BUDGETS:
            print(f"== {len(histories)} years, {budget:g} requests a feed and day\n")
            results = [bench.tuned(rule, budget) for rule in RULES]
            freshness.print_table(results)
            ratios = freshness.class_ratios(bench, results[-1])
            freshness.print_classes(ratios)
            freshness.print_bars(results, ratios)


if __name__ == "__main__":
    main()
