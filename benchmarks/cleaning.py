"""How many article pages are cleaned a second, by one cleaning process and by two.

    python -m benchmarks.cleaning [--pages N] [--runs N]

Generated pages, given to the pool of processes that the daemon uses (`feedd.workers`), as fast as
it takes them. Each round measures one process and then two, so that whatever else the machine does
falls on both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.prose import Writer, vocabulary
from benchmarks.structure import TEMPLATES, URL
from feedd.article import CLEAN_TIMEOUT_S, PageInput
from feedd.model import Article
from feedd.workers.dispatcher import Workers

PAGES = 200
WARM_UP = 8
"""Pages for each process, before the clock starts."""
RUNS = 5
CHARACTERS = (2_000, 40_000)
"""A page's article beside the one of its template."""
BAR = 1.8


def pages(count: int, seed: int = 1) -> list[PageInput]:
    """Articles of different lengths in the templates of benchmarks/structure.py."""
    rng = random.Random(seed)
    writer = Writer(vocabulary(rng), rng)
    made = []
    for number in range(count):
        template = [*TEMPLATES.values()][number % len(TEMPLATES)]
        prose = writer.html(rng.randint(*CHARACTERS), "https://example.org")
        page = template().replace("<h2>What we changed</h2>", prose + "<h2>What we changed</h2>")
        made.append(PageInput(page.encode(), f"{URL}-{number}", "text/html; charset=utf-8"))
    return made


class Took(NamedTuple):
    """Seconds for all pages: on the wall, of processors in the cleaning processes (their start
    included) and in this one, which hands out the work.
    """

    wall_s: float
    workers_cpu_s: float
    parent_cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s (CPU {self.workers_cpu_s:.1f}, parent {self.parent_cpu_s:.2f})"


async def clean(jobs: Sequence[PageInput], processes: int) -> Took:
    """Clean all of them; the clock starts when the processes are at work."""
    before_s = _children_cpu_s()
    async with Workers(
        "feedd.article.cleaning:work",
        {PageInput: Article},
        count=processes,
        timeout_s=CLEAN_TIMEOUT_S,
    ) as workers:
        await asyncio.gather(*(workers.run(job) for job in jobs[: WARM_UP * processes]))
        started, own_s = time.perf_counter(), time.process_time()
        articles = await asyncio.gather(*(workers.run(job) for job in jobs))
        wall_s, own_s = time.perf_counter() - started, time.process_time() - own_s
    if any(article.error is not None for article in articles):
        raise SystemExit("benchmarks: a page was not cleaned")
    return Took(wall_s, _children_cpu_s() - before_s, own_s)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    jobs = pages(options.pages)
    size = sum(len(job.body) for job in jobs)
    print(f"{len(jobs)} pages, {size / 1e6:.1f} MB; {os.cpu_count()} cores")
    ratios = []
    for _ in range(options.runs):
        one = asyncio.run(clean(jobs, 1))
        two = asyncio.run(clean(jobs, 2))
        ratios.append(one.wall_s / two.wall_s)
        print(f"one process {one}, two {two}: {ratios[-1]:.2f} times", flush=True)
    print(f"median {statistics.median(ratios):.2f} times (bar {BAR})")


if __name__ == "__main__":
    main()
