"""Work done in other processes: whatever happens there stays there."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Any

import pytest

from feedd.errors import NotAFeedError, ParseError
from feedd.workers import Workers


def obey(order: tuple[str, Any]) -> Any:
    """What the worker under test does, as ordered."""
    what, value = order
    if what == "echo":
        return value
    if what == "pid":
        return os.getpid()
    if what == "hang":
        while True:
            pass
    if what == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "eat":
        return len(bytearray(value))
    if what == "recurse":
        return obey(order)
    if what == "refuse":
        raise NotAFeedError("no feed", ["https://example.org/feed"])
    raise ValueError(f"a bug: {value}")


def orders(*given: tuple[str, Any], timeout_s: float = 5.0, count: int = 1) -> list[Any]:
    """The results of all orders, exceptions included."""

    async def run() -> list[Any]:
        async with Workers(
            f"{__name__}:obey", count=count, timeout_s=timeout_s, memory_bytes=300_000_000
        ) as workers:
            return await asyncio.gather(*map(workers.run, given), return_exceptions=True)

    return asyncio.run(run())


def test_results_come_back_to_who_asked() -> None:
    assert orders(*(("echo", n) for n in range(50)), count=2) == list(range(50))


def test_large_values_pass_both_ways() -> None:
    body = os.urandom(3_000_000)
    assert orders(("echo", body)) == [body]


def test_errors_of_our_own_come_back_as_they_were() -> None:
    (error,) = orders(("refuse", None))
    assert isinstance(error, NotAFeedError)
    assert error.advertised == ("https://example.org/feed",)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("hang", None), "longer than 1 s"),
        (("die", None), "SIGSEGV"),
        (("eat", 400_000_000), "memory"),
        (("recurse", None), "nested"),
        (("bug", "odd"), "ValueError: a bug: odd"),
    ],
    ids=["hang", "crash", "memory", "recursion", "bug"],
)
def test_a_job_that_fails_takes_no_other_along(order: tuple[str, Any], words: str) -> None:
    before, failure, after = orders(("echo", 1), order, ("echo", 2), timeout_s=1.0)
    assert (before, after) == (1, 2)
    assert isinstance(failure, ParseError)
    assert words in str(failure)


def test_workers_end_with_whoever_started_them() -> None:
    (pid,) = orders(("pid", None))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and os.path.exists(f"/proc/{pid}"):
        time.sleep(0.01)
    assert not os.path.exists(f"/proc/{pid}")
