"""Publishing traces to replay polls over: real ones from files, and generated ones.

A trace is when a feed's entries appeared. Those of `traces.json` are real: docs/freshness.md tells
where they are from. Generated traces come in the kinds that feeds come in,
each with its own numbers (hours, weekdays, rates, how punctual), drawn from a seeded generator.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from feedd.parsing import Document
from feedd.parsing.reading import parse

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S

START = 1_704_067_200  # 2024-01-01, a Monday
LENGTH_S = 730 * DAY_S

REAL = Path(__file__).with_name("traces.json")
YEAR_DAYS = 365
SHORTEST_DAYS = 30
"""A year whose first entry comes so late is left out."""


@dataclass(frozen=True)
class Trace:
    """When one feed's entries appeared, ascending; observed until `end`.

    `source` is where it is from: what is fitted to some traces is judged on those of others.
    `before` are entries that the document carries at the first poll, at `start` (None: soon after
    the first entry).
    """

    name: str
    kind: str
    times: tuple[int, ...]
    end: int
    source: str = ""
    before: tuple[int, ...] = ()
    start: int | None = None


def read(path: Path) -> list[Trace]:
    """The traces of a file or a folder of files.

    JSON: a list of objects with `name`, `class`, `times` (epoch seconds) and `end`. OPML: the local
    files that it names. Anything else: a feed document, whose entries' dates make one trace.
    """
    if path.is_dir():
        return [trace for inner in sorted(path.iterdir()) for trace in read(inner)]
    if path.suffix == ".json":
        return [
            Trace(
                item["name"],
                item["class"],
                tuple(item["times"]),
                item["end"],
                item.get("source", item["name"]),
            )
            for item in json.loads(path.read_text())
        ]
    if path.suffix == ".opml":
        places = [outline.get("xmlUrl") for outline in ElementTree.parse(path).iter("outline")]
        named = [path.parent / place.removeprefix("file://") for place in places if place]
        return [trace for inner in named if inner.is_file() for trace in read(inner)]
    document = Document(body=path.read_bytes(), url=path.absolute().as_uri())
    dates = {entry.published for entry in parse(document).entries if entry.published}
    end = int(path.stat().st_mtime)
    times = tuple(sorted(at for at in dates if at <= end))
    return [Trace(path.name, "archive", times, end)] if len(times) > 1 else []


def latest(trace: Trace, days: int) -> Trace:
    """The trace's last days only; from its first entry within them."""
    since = trace.end - days * DAY_S
    return replace(trace, times=tuple(at for at in trace.times if at >= since))


def years(trace: Trace, carried: int = 0) -> list[Trace]:
    """Each of the trace's last three years on its own, as if nothing was known before.

    With `carried`, a year's first document holds so many entries of the time before, and the year
    begins when it begins; without, it begins with its first entry.
    """
    found = []
    for number in range(3):
        end = trace.end - number * YEAR_DAYS * DAY_S
        begin = end - YEAR_DAYS * DAY_S
        times = tuple(at for at in trace.times if begin <= at < end)
        before = tuple(at for at in trace.times if at < begin)[-carried:] if carried else ()
        year = replace(
            trace, name=f"{trace.name} {number}", times=times, end=end, before=before,
            start=begin if carried else None,
        )  # fmt: skip
        known = len(before) > 1 if carried else len(times) > 1
        if known and times and (carried or end - times[0] > SHORTEST_DAYS * DAY_S):
            found.append(year)
    return found


def generated(seed: int = 1, each: int = 2) -> list[Trace]:
    """`each` traces of every kind."""
    traces = []
    for kind, make in KINDS.items():
        for number in range(each):
            rng = random.Random(f"{seed} {kind} {number}")
            times = sorted({round(t) for t in make(rng) if START <= t < START + LENGTH_S})
            if len(times) > 2:
                traces.append(Trace(f"{kind}/{number}", kind, tuple(times), START + LENGTH_S))
    return traces


def _thinned(rng: random.Random, most: float, rate: Callable[[float], float]) -> Iterator[float]:
    """A Poisson process of varying rate (a second), by thinning; `most` bounds the rate."""
    at = float(START)
    while at < START + LENGTH_S:
        at += rng.expovariate(most)
        if rng.random() * most < rate(at):
            yield at


def _hour(at: float) -> float:
    return at % DAY_S / HOUR_S


def _weekday(at: float) -> int:
    return int((at - START) // DAY_S) % 7


def _day_curve(at: float, peak: float, depth: float) -> float:
    """1 at the peak hour, `1 - depth` twelve hours away."""
    return 1 - depth * (1 - math.cos((_hour(at) - peak) / 24 * 2 * math.pi)) / 2


def _news(rng: random.Random) -> Iterator[float]:
    """Around the clock, fewer at night and at the weekend."""
    peak, depth = rng.uniform(0, 24), rng.uniform(0.5, 0.95)
    weekend = rng.uniform(0.4, 0.9)
    daily = rng.uniform(8, 40)
    most = 2 * daily / DAY_S

    def rate(at: float) -> float:
        return most * _day_curve(at, peak, depth) * (weekend if _weekday(at) >= 5 else 1)

    return _thinned(rng, most, rate)


def _nine_to_five(rng: random.Random) -> Iterator[float]:
    """Weekdays, working hours of some time zone, now and then at the weekend."""
    opens = rng.uniform(0, 24)
    daily = rng.uniform(0.3, 5)
    stray = rng.uniform(0, 0.05)
    most = daily / (9 * HOUR_S)
    on_the_hour = rng.random() < 0.4

    def rate(at: float) -> float:
        local = at - opens * HOUR_S
        return most if _weekday(local) < 5 and _hour(local) < 9 else most * stray

    for at in _thinned(rng, most, rate):
        yield at // HOUR_S * HOUR_S + rng.uniform(0, 90) if on_the_hour else at


def _column(rng: random.Random) -> Iterator[float]:
    """Once a week on its day, some more punctual than others; weeks off."""
    moment = rng.uniform(0, WEEK_S)
    spread_s = rng.choice([60, 900, 2 * HOUR_S, 8 * HOUR_S])
    misses = rng.uniform(0, 0.25)
    for week in range(LENGTH_S // WEEK_S):
        if rng.random() >= misses:
            yield START + week * WEEK_S + moment + rng.gauss(0, spread_s)


def _monthly(rng: random.Random) -> Iterator[float]:
    """Once a month or so, in the daytime, on no fixed day."""
    gap_days, hour = rng.uniform(15, 45), rng.uniform(0, 24)
    at = START + rng.uniform(0, 30) * DAY_S
    while at < START + LENGTH_S:
        yield at // DAY_S * DAY_S + hour * HOUR_S + rng.gauss(0, 3 * HOUR_S)
        at += gap_days * DAY_S * rng.gammavariate(4, 0.25)


def _bursts(rng: random.Random) -> Iterator[float]:
    """Silence, then several within hours: conferences, series, merges."""
    gap_days = rng.uniform(2, 15)
    size = rng.uniform(3, 15)
    pause_s = rng.uniform(10, 120) * MINUTE_S
    at = float(START)
    while at < START + LENGTH_S:
        at += rng.expovariate(1 / (gap_days * DAY_S))
        moment = at
        while rng.random() > 1 / size:
            yield moment
            moment += rng.expovariate(1 / pause_s)


def _releases(rng: random.Random) -> Iterator[float]:
    """Working hours, and fixes soon after a release."""
    gap_days, opens = rng.uniform(3, 30), rng.uniform(0, 24)
    follow_ups = rng.uniform(0.1, 0.5)
    at = float(START)
    while at < START + LENGTH_S:
        at += rng.expovariate(1 / (gap_days * DAY_S))
        day = at // DAY_S * DAY_S
        if _weekday(day) >= 5 and rng.random() < 0.8:
            continue
        moment = day + (opens + rng.uniform(0, 9)) * HOUR_S
        yield moment
        while rng.random() < follow_ups:
            moment += rng.expovariate(1 / (rng.choice([2, 20]) * HOUR_S))
            yield moment


def _blog(rng: random.Random) -> Iterator[float]:
    """A person who writes when the mood takes them."""
    gap_days, peak = rng.uniform(2, 12), rng.uniform(0, 24)
    most = 1.6 / (gap_days * DAY_S)
    return _thinned(rng, most, lambda at: most * _day_curve(at, peak, 0.9))


def _dead(rng: random.Random) -> Iterator[float]:
    """Ends in the first half and never comes back."""
    last = START + rng.uniform(0.1, 0.5) * LENGTH_S
    return (at for at in rng.choice([_blog, _column])(rng) if at < last)


def _dying(rng: random.Random) -> Iterator[float]:
    """Fewer and fewer."""
    half_life_s = rng.uniform(60, 240) * DAY_S
    for at in rng.choice([_blog, _nine_to_five])(rng):
        if rng.random() < 0.5 ** ((at - START) / half_life_s):
            yield at


def _reborn(rng: random.Random) -> Iterator[float]:
    """Silent for some months in the middle."""
    stops = START + rng.uniform(0.2, 0.4) * LENGTH_S
    returns = stops + rng.uniform(0.15, 0.4) * LENGTH_S
    return (at for at in rng.choice([_blog, _column])(rng) if not stops < at < returns)


KINDS: dict[str, Callable[[random.Random], Iterator[float]]] = {
    "news": _news,
    "weekday": _nine_to_five,
    "weekly": _column,
    "monthly": _monthly,
    "bursts": _bursts,
    "releases": _releases,
    "blog": _blog,
    "dead": _dead,
    "dying": _dying,
    "reborn": _reborn,
}
