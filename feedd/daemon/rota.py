"""What is done again and again, in a way that no change of the machine's clock can stop.

APScheduler reckons by the wall clock. Set back by a day, it would leave every job waiting until the
old time has come again; set ahead by years, at the first contact with a time server say, its
intervals would be counted through one by one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from feedd.poller.tasks import Step, Supervisor

LOOK_S = 5
SET_BACK_S = 60
"""A clock that loses so much between two looks was set back."""

RETRY = timedelta(minutes=1)
"""A job that failed is tried again after so long, if its interval is longer."""


class _After(BaseTrigger):  # type: ignore[misc]
    """Fires a fixed time after each run."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self._interval


class Rota:
    """Jobs on the running event loop, one run of each at a time, under a supervisor."""

    def __init__(self, supervisor: Supervisor) -> None:
        # The scheduler's own lines (a run was late, or left out) mean nothing to who reads the log.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL + 1)
        # The default would skip a job that is a second late: here a late run is run.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "max_instances": 1}
        )
        self._supervisor = supervisor
        self._jobs: dict[str, Job] = {}
        self._closed = False

    def every(
        self,
        interval: timedelta,
        name: str,
        step: Step,
        *,
        first_after: timedelta = timedelta(0),
        essential: bool = False,
    ) -> None:
        """Take this step at this interval; sooner again where it failed."""

        async def run() -> None:
            try:
                well = await self._supervisor.attempt(name, step, essential=essential)
            except asyncio.CancelledError:
                if not self._closed:
                    raise
                return
            if not well and interval > RETRY and not self._closed:
                self._jobs[name].modify(next_run_time=datetime.now(UTC) + RETRY)

        first = datetime.now(UTC) + first_after
        self._jobs[name] = self._scheduler.add_job(run, _After(interval), next_run_time=first)

    def start(self) -> None:
        self._scheduler.start()

    def pause(self) -> None:
        """Begin no further run."""
        self._scheduler.pause()

    def close(self) -> None:
        """For good; what is under way is cut off."""
        self._closed = True
        self._scheduler.shutdown(wait=False)

    def hurry(self, name: str) -> None:
        """Do it as soon as possible."""
        if name in self._jobs:
            self._jobs[name].modify(next_run_time=datetime.now(UTC))

    def advance(self, name: str, within_s: float) -> None:
        """Do it after so long, unless it is due before."""
        job, at = self._jobs[name], datetime.now(UTC) + timedelta(seconds=within_s)
        if not self._closed and at < job.next_run_time:
            job.modify(next_run_time=at)

    def follow_clock(self, back_s: float) -> None:
        """The clock went back: each job is due as long from now as it was from then."""
        for job in self._jobs.values():
            job.modify(next_run_time=job.next_run_time - timedelta(seconds=back_s))


async def clock_set_back(clock: Callable[[], float]) -> float:
    """Wait until the clock is set back; returns by how many seconds."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time() - clock()
        await asyncio.sleep(LOOK_S)
        back_s = loop.time() - clock() - before
        if back_s >= SET_BACK_S:
            return back_s
