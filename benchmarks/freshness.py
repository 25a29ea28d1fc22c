"""How soon new entries are found, by the number of requests: feedd's schedule and others.

    python -m benchmarks.freshness [--policy MODULE:RULE] [--plot FILE.svg] [--days N] [TRACES…]

replays polls over publishing traces, every rule tuned to the same number of requests over all
feeds, and prints delays in minutes. TRACES are JSON traces (see benchmarks/traces.py), feed
documents, OPML files that name local ones, or folders of these; without any, the real traces of
benchmarks/traces.json are taken, each of their years on its own and from a cold start.
docs/freshness.md explains all of it, and how to try a rule of your own.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

from benchmarks.curve import Curve, draw
from benchmarks.rules import FIXED, RULES, Rule
from benchmarks.traces import DAY_S, HOUR_S, MINUTE_S, REAL, Trace, generated, latest, read, years

BUDGETS = (24.0, 8.0)
"""Requests a feed and day."""

CURVE_BUDGETS = (4.0, 8.0, 16.0, 24.0, 40.0)
CLOSE = 0.006
"""A rule is tuned when it spends the budget up to this share."""

TRIES = 9
ENOUGH_ENTRIES = 50
"""A class with fewer entries is not held to being better than fixed."""


@dataclass
class Outcome:
    """What polling one feed came to: requests, days, and each entry's delay in seconds."""

    requests: int = 0
    days: float = 0.0
    delays: list[float] = field(default_factory=list)


@dataclass
class Result:
    """All feeds under one rule."""

    rule: Rule
    knob: float
    traces: Sequence[Trace]
    outcomes: Sequence[Outcome]

    @property
    def requests(self) -> float:
        """A feed and day: the mean over feeds of each one's own."""
        return mean([o.requests / o.days for o in self.outcomes])

    @property
    def delays_min(self) -> list[float]:
        return sorted(delay / MINUTE_S for o in self.outcomes for delay in o.delays)

    @property
    def over_entries_min(self) -> float:
        return mean(self.delays_min)

    @property
    def over_feeds_min(self) -> float:
        return mean([mean(o.delays) / MINUTE_S for o in self.outcomes if o.delays])

    def of(self, kind: str) -> Result:
        """The same of one class."""
        chosen = [n for n, trace in enumerate(self.traces) if trace.kind == kind]
        return Result(
            self.rule,
            self.knob,
            [self.traces[n] for n in chosen],
            [self.outcomes[n] for n in chosen],
        )


def mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else math.nan


def replay(rule: Rule, knob: float, trace: Trace) -> Outcome:
    """Poll one feed from its first entry on, as the rule says, until its trace ends."""
    wait = rule.make(trace, knob)
    begin = trace.times[0] if trace.start is None else trace.start
    start = begin + random.Random(trace.name).randrange(HOUR_S)
    outcome = Outcome(days=max(1e-9, (trace.end - start) / DAY_S))
    now, known, total = start, 0, len(trace.times)
    found, carried = list(trace.before), len(trace.before)
    while now < trace.end or known < total:
        before = known
        while known < total and trace.times[known] <= now:
            found.append(trace.times[known])
            known += 1
        if now > start:
            outcome.delays.extend(now - at for at in found[before:])
        outcome.requests += now < trace.end
        now += max(1, round(wait(now, carried + known - before, found)))
        carried = 0
    return outcome


class Bench:
    """Replays over one set of traces, several at a time."""

    def __init__(self, traces: Sequence[Trace], pool: ProcessPoolExecutor) -> None:
        self.traces = sorted(traces, key=lambda trace: trace.times[0] - trace.end)
        self._pool = pool

    def run(self, rule: Rule, knob: float, traces: Sequence[Trace] | None = None) -> Result:
        chosen = self.traces if traces is None else traces
        outcomes = self._pool.map(_replay_one, [(rule, knob, trace) for trace in chosen])
        return Result(rule, knob, chosen, list(outcomes))

    def tuned(self, rule: Rule, budget: float) -> Result:
        """The rule with its knob turned until it spends `budget` requests a feed and day."""
        low, high = (math.log(knob) for knob in rule.knobs)
        knob = _guess(rule, budget)
        last: tuple[float, float] | None = None
        best: Result | None = None
        for _ in range(TRIES):
            result = self.run(rule, math.exp(knob))
            off = math.log(result.requests / budget)
            if best is None or abs(off) < abs(math.log(best.requests / budget)):
                best = result
            if abs(off) < CLOSE:
                break
            if (off > 0) == rule.more_is_less:
                low = max(low, knob)
            else:
                high = min(high, knob)
            slope = (off - last[1]) / (knob - last[0]) if last and knob != last[0] else 0.0
            last = (knob, off)
            knob = knob - off / slope if slope else knob + (off if rule.more_is_less else -off)
            if not low < knob < high:
                knob = (low + high) / 2
        assert best is not None
        return best


def _guess(rule: Rule, budget: float) -> float:
    """The logarithm of the knob for a budget, on the line through the usual ones."""
    at_24, at_8 = (math.log(knob) for knob in rule.usual)
    return at_24 + (at_8 - at_24) * math.log(24 / budget) / math.log(3)


def _replay_one(job: tuple[Rule, float, Trace]) -> Outcome:
    return replay(*job)


def class_ratios(bench: Bench, result: Result) -> dict[str, tuple[Result, float]]:
    """Each class's delay divided by that of a fixed interval at the class's own requests."""
    ratios = {}
    for kind in sorted({trace.kind for trace in result.traces}):
        own = result.of(kind)
        fixed = bench.run(FIXED, DAY_S / own.requests, own.traces)
        ratios[kind] = (own, own.over_entries_min / fixed.over_entries_min)
    return ratios


def print_table(results: Iterable[Result]) -> None:
    print(f"{'':28}{'requests':>9}{'entries':>9}{'95 %':>7}{'feeds':>9}")
    for result in results:
        delays = result.delays_min
        print(
            f"{result.rule.name:28}{result.requests:9.2f}{mean(delays):9.1f}"
            f"{delays[len(delays) * 95 // 100]:7.0f}{result.over_feeds_min:9.1f}"
        )


def print_classes(ratios: dict[str, tuple[Result, float]]) -> None:
    print(f"\n{'class':12}{'feeds':>6}{'entries':>9}{'requests':>10}{'delay':>8}{'to fixed':>10}")
    for kind, (own, ratio) in ratios.items():
        print(
            f"{kind:12}{len(own.traces):6}{len(own.delays_min):9}{own.requests:10.1f}"
            f"{own.over_entries_min:8.1f}{ratio:10.2f}"
        )
    logs = [math.log(ratio) for _, ratio in ratios.values()]
    print(f"{'geometric mean':45}{math.exp(mean(logs)):10.3f}")


def print_bars(results: Sequence[Result], ratios: dict[str, tuple[Result, float]]) -> None:
    fixed, feedd = results[0], results[-1]
    honest = [r for r in results[:-1] if "true" not in r.rule.name]
    entries = min(r.over_entries_min for r in honest)
    feeds = min(r.over_feeds_min for r in honest)
    worst = max(r for own, r in ratios.values() if len(own.delays_min) >= ENOUGH_ENTRIES)
    print(
        f"\nover entries: {feedd.over_entries_min / entries:.2f} of the best other rule; "
        f"over feeds: {feedd.over_feeds_min / feeds:.2f} of the best other rule, "
        f"{feedd.over_feeds_min / fixed.over_feeds_min:.2f} of fixed; "
        f"worst class to fixed: {worst:.2f}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, metavar="TRACES")
    parser.add_argument("--policy", action="append", default=[], metavar="MODULE:RULE",
                        help="a rule of your own (docs/freshness.md)")  # fmt: skip
    parser.add_argument("--whole", action="store_true", help="whole traces, not each year alone")
    parser.add_argument("--carried", type=int, default=0, metavar="N",
                        help="N entries of before are in the first document")  # fmt: skip
    parser.add_argument("--each", type=int, default=2, help="generated traces of each kind")
    parser.add_argument("--seed", type=int, default=1, help="of the generated traces")
    parser.add_argument("--generated", action="store_true", help="add generated traces to files'")
    parser.add_argument("--days", type=int, help="replay only so many last days of each trace")
    parser.add_argument("--plot", type=Path, help="draw the trade-off curve to this SVG file")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    traces = [trace for path in options.files or [REAL] for trace in read(path)]
    if options.generated:
        traces += generated(options.seed, options.each)
    if not options.files and not options.whole and not options.days:
        traces = [year for trace in traces for year in years(trace, options.carried)]
    rules = [*RULES[:-1], *map(named_rule, options.policy), RULES[-1]]
    if options.days:
        traces = [part for trace in traces if (part := latest(trace, options.days)).times]
    with ProcessPoolExecutor(options.jobs) as pool:
        bench = Bench(traces, pool)
        tuned = cache(bench.tuned)
        for budget in BUDGETS:
            print(
                f"== {len(traces)} feeds, {budget:g} requests a feed and day; delays in minutes\n"
            )
            results = [tuned(rule, budget) for rule in rules]
            print_table(results)
            ratios = class_ratios(bench, results[-1])
            print_classes(ratios)
            print_bars(results, ratios)
        if options.plot:
            curves = [
                Curve(rule.name, [_point(tuned(rule, budget)) for budget in CURVE_BUDGETS])
                for rule in rules
            ]
            options.plot.write_text(draw(curves), encoding="utf-8")


def named_rule(place: str) -> Rule:
    """The `Rule` at MODULE:NAME. Ends the program with a message where there is none."""
    module, _, name = place.partition(":")
    try:
        rule = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SystemExit(f"--policy {place}: {error}; name it as MODULE:RULE") from error
    if not isinstance(rule, Rule):
        raise SystemExit(f"--policy {place} is no benchmarks.rules.Rule")
    return rule


def _point(result: Result) -> tuple[float, float, float]:
    return result.requests, result.over_entries_min, result.over_feeds_min


if __name__ == "__main__":
    main()
