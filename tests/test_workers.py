"""Work done in other processes: whatever happens there stays there."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedd.errors import FeeddError, NotAFeedError, ParseError
from feedd.workers import Workers, pool
from feedd.workers.child import NICENESS
from feedd.workers.frames import Splitter, framed, pickled


@dataclass(frozen=True, slots=True)
class Pair:
    """A value as ours are: frozen, with slots."""

    left: Any
    right: tuple[Any, ...] = ()


kept: list[bytes] = []
"""What a worker has grown by."""


def grow_until_stopped() -> int:
    """The most that was resident."""
    ballast = []
    try:
        while True:
            ballast.append(b"\1" * 1_000_000)
    except MemoryError:
        ballast.clear()
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if "VmHWM" in line)


def obey(order: tuple[str, Any]) -> Any:
    """What the worker under test does, as ordered."""
    what, value = order
    if what == "echo":
        return value
    if what == "pid":
        return os.getpid()
    if what == "rank":
        return os.nice(0), os.getsid(0), os.getpgrp()
    if what == "environment":
        return dict(os.environ)
    if what == "print":
        print("stray output")
        return value
    if what == "nap":
        time.sleep(value)
        return value
    if what == "hang":
        while True:
            pass
    if what == "fill":
        return grow_until_stopped()
    if what == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "leave":
        os._exit(3)
    if what == "eat":
        return len(bytearray(value))
    if what == "keep":
        kept.append(bytes(value).replace(b"\0", b"\1"))
        return None
    if what == "recurse":
        return obey(order)
    if what == "refuse":
        raise NotAFeedError("no feed", ["https://example.org/feed"])
    raise ValueError(f"a bug: {value}")


MEMORY_BYTES = 300_000_000


def orders(
    *given: tuple[str, Any], timeout_s: float = 5.0, cpu_s: float = 0.0, count: int = 1
) -> list[Any]:
    """The results of all orders, exceptions included."""

    async def run() -> list[Any]:
        async with Workers(
            f"{__name__}:obey",
            count=count,
            timeout_s=timeout_s,
            cpu_s=cpu_s,
            memory_bytes=MEMORY_BYTES,
        ) as workers:
            return await asyncio.gather(*map(workers.run, given), return_exceptions=True)

    return asyncio.run(run())


def wait_for_end_of(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_back_to_who_asked(count: int) -> None:
    assert orders(*(("echo", n) for n in range(200)), count=count) == list(range(200))


def test_little_work_starts_one_process_and_much_work_as_many_as_are_allowed() -> None:
    assert len(set(orders(*[("pid", None)] * 2, count=2))) == 1
    assert len(set(orders(*[("pid", None)] * 200, count=2))) == 2


def test_a_worker_steps_back_behind_its_parent_and_hears_no_ctrl_c() -> None:
    (rank,) = orders(("rank", None))
    niceness, session, group = rank
    assert niceness == os.nice(0) + NICENESS
    assert session == os.getsid(0), "Linux weighs niceness within a session only"
    assert group != os.getpgrp()


def test_where_much_is_to_come_all_start_before_it_does() -> None:
    async def run() -> tuple[set[int], set[int]]:
        async with Workers(f"{__name__}:obey", count=2, early=True) as workers:
            there = children()
            jobs = (workers.run(("pid", None)) for _ in range(200))
            return there, set(await asyncio.gather(*jobs))

    there, worked = asyncio.run(run())
    assert len(worked) == 2
    assert worked <= there


def children() -> set[int]:
    """The processes that this one has started and that are not gone."""
    tasks = Path("/proc/self/task").iterdir()
    return {int(pid) for task in tasks for pid in (task / "children").read_text().split()}


def test_large_values_pass_both_ways() -> None:
    body = os.urandom(3_000_000)
    assert orders(*[("echo", body)] * 4) == [body] * 4


def test_values_of_ours_arrive_as_they_were() -> None:
    value = Pair(Pair(None, (1, "x")), (b"y", Pair(2)))
    assert orders(("echo", value)) == [value]


def test_errors_of_our_own_come_back_as_they_were() -> None:
    (error,) = orders(("refuse", None))
    assert isinstance(error, NotAFeedError)
    assert error.advertised == ("https://example.org/feed",)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("hang", None), "longer than 1 s"),
        (("die", None), "crashed the process that read it, perhaps for want of memory (SIGSEGV)"),
        (("leave", None), "exit status 3"),
        (("eat", 400_000_000), "memory"),
        (("recurse", None), "nested"),
        (("bug", "odd"), "ValueError: a bug: odd"),
    ],
    ids=["hang", "crash", "exit", "memory", "recursion", "bug"],
)
def test_a_job_that_fails_takes_no_other_along(order: tuple[str, Any], words: str) -> None:
    before = [("echo", n) for n in range(10)]
    results = orders(*before, order, *before, timeout_s=1.0)
    failure = results.pop(10)
    assert results == [*range(10), *range(10)]
    assert isinstance(failure, ParseError)
    assert words in str(failure)


def test_several_failures_are_each_told_to_their_own() -> None:
    results = orders(
        ("die", None), ("echo", 1), ("hang", None), ("echo", 2), ("leave", None), timeout_s=0.5
    )
    assert [r for r in results if not isinstance(r, Exception)] == [1, 2]
    assert [str(results[n]).split()[-1] for n in (0, 2)] == ["(SIGSEGV)", "stopped"]


def test_the_time_limit_is_for_each_job_not_for_its_company() -> None:
    assert orders(*[("nap", 0.2)] * 6, timeout_s=0.8) == [0.2] * 6


def test_what_computes_too_long_is_ended_by_itself_and_told_why() -> None:
    results = orders(("echo", 1), ("hang", None), ("echo", 2), timeout_s=60.0, cpu_s=0.3)
    assert (results[0], results[2]) == (1, 2)
    assert str(results[1]) == "took more than 0.3 s of CPU time and was stopped"


def test_a_job_that_waits_for_the_machine_uses_up_no_cpu_time() -> None:
    assert orders(*[("nap", 0.2)] * 4, cpu_s=0.1) == [0.2] * 4


def test_no_process_grows_beyond_its_memory() -> None:
    (peak_bytes,) = orders(("fill", None))
    assert MEMORY_BYTES * 0.8 < peak_bytes <= MEMORY_BYTES


def test_the_event_loop_goes_on_while_workers_work() -> None:
    async def run() -> float:
        async with Workers(f"{__name__}:obey", count=1) as workers:
            await workers.run(("echo", 0))
            jobs = asyncio.gather(*(workers.run(("echo", bytes(500_000))) for _ in range(20)))
            longest = 0.0
            while not jobs.done():
                began = time.perf_counter()
                await asyncio.sleep(0)
                longest = max(longest, time.perf_counter() - began)
            return longest

    assert asyncio.run(run()) < 0.2


def test_a_worker_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/secret")
    (environment,) = orders(("environment", None))
    assert "CREDENTIALS_DIRECTORY" not in environment


def test_stray_output_harms_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert orders(("print", 1), ("print", 2)) == [1, 2]
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_for_the_daemon_do_not_end_its_workers(number: signal.Signals) -> None:
    async def run() -> tuple[int, int]:
        async with Workers(f"{__name__}:obey") as workers:
            pid = await workers.run(("pid", None))
            os.kill(pid, number)
            return pid, await workers.run(("pid", None))

    before, after = asyncio.run(run())
    assert before == after


def test_workers_end_when_they_are_no_longer_wanted() -> None:
    (pid,) = orders(("pid", None))
    assert wait_for_end_of(pid)


def test_the_size_of_the_parent_is_not_held_against_its_workers() -> None:
    ballast = bytes(pool.REPLACE_AFTER_BYTES).replace(b"\0", b"\1")
    before, *_, after = orders(*[("pid", None)] * 40)
    assert ballast
    assert before == after


def test_idle_workers_end_and_others_start_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "IDLE_S", 0.0)

    async def run() -> tuple[int, int]:
        async with Workers(f"{__name__}:obey") as workers:
            before = await workers.run(("pid", None))
            await asyncio.sleep(0.05)
            assert wait_for_end_of(before)
            return before, await workers.run(("pid", None))

    before, after = asyncio.run(run())
    assert before != after


def test_a_worker_that_has_grown_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "REPLACE_AFTER_BYTES", 150_000_000)

    async def run() -> tuple[int, int]:
        async with Workers(f"{__name__}:obey") as workers:
            before = await workers.run(("pid", None))
            await workers.run(("keep", 150_000_000))
            return before, await workers.run(("pid", None))

    before, after = asyncio.run(run())
    assert before != after
    assert wait_for_end_of(before)


def test_a_given_up_job_leaves_room_for_the_next() -> None:
    async def run() -> Any:
        async with Workers(f"{__name__}:obey") as workers:
            impatient = asyncio.create_task(workers.run(("nap", 0.2)))
            await asyncio.sleep(0.1)
            impatient.cancel()
            return await workers.run(("echo", 5))

    assert asyncio.run(run()) == 5


def test_a_function_that_cannot_be_imported_is_said_not_waited_for() -> None:
    async def run() -> list[Any]:
        async with Workers("feedd.nowhere:nothing") as workers:
            jobs = [workers.run(n) for n in range(3)]
            return await asyncio.gather(*jobs, return_exceptions=True)

    for error in asyncio.run(run()):
        assert isinstance(error, FeeddError)
        assert "feedd.nowhere:nothing does not work" in str(error)


PARENT = """
import asyncio, os, sys
sys.path.insert(0, {root!r})
from feedd.workers import Workers
async def main():
    async with Workers("tests.test_workers:obey", timeout_s=60) as workers:
        print(await workers.run(("pid", None)), flush=True)
        await workers.run(("hang", None))
asyncio.run(main())
"""


def test_workers_end_with_a_parent_that_is_killed_even_in_the_middle_of_work() -> None:
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(root=root)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.1)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_for_end_of(pid)


def test_a_worker_loads_no_more_than_it_needs() -> None:
    code = "import sys, feedd.workers.child; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"asyncio", "subprocess", "feedd.workers.pool"} & set(loaded.stdout.split())


def test_frames_are_found_however_they_arrive() -> None:
    messages = [[(n, pickled(Pair(n)))] for n in range(5)]
    stream = b"".join(map(framed, messages))
    for step in (1, 7, 1000):
        splitter = Splitter()
        pieces = (stream[at : at + step] for at in range(0, len(stream), step))
        assert [message for piece in pieces for message in splitter.feed(piece)] == messages
