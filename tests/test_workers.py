"""Work done in other processes: whatever happens there stays there."""

from __future__ import annotations

import ast
import asyncio
import marshal
import os
import pickle
import re
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.errors import FeeddError, NotAFeedError, ParseError
from feedd.workers import dispatcher, sandbox, worker_process
from feedd.workers.child import NICENESS
from feedd.workers.dispatcher import Workers
from feedd.workers.messages import (
    LENGTH,
    Answers,
    JobAnswer,
    MessageDecoder,
    MessageError,
    Order,
    Splitter,
    encoded,
    framed,
)
from tests.worker_jobs import ATTEMPTS, RESULTS, Pair, Task, Triple

JOBS = "tests.worker_jobs"

MEMORY_BYTES = 300_000_000


def orders(
    *tasks: tuple[str, Any] | Pair, timeout_s: float = 5.0, cpu_s: float = 0.0, count: int = 1
) -> list[Any]:
    """The results of all orders, exceptions included."""

    async def run() -> list[Any]:
        async with Workers(
            f"{JOBS}:obey",
            RESULTS,
            count=count,
            timeout_s=timeout_s,
            cpu_s=cpu_s,
            memory_bytes=MEMORY_BYTES,
        ) as workers:
            jobs = (job if isinstance(job, Pair) else Task(*job) for job in tasks)
            return await asyncio.gather(*map(workers.run, jobs), return_exceptions=True)

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
        async with Workers(f"{JOBS}:obey", RESULTS, count=2, early=True) as workers:
            there = children()
            jobs = (workers.run(Task("pid", None)) for _ in range(200))
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
    value = Pair(Pair(None, (b"x", Triple(2, (3, "z")))), (b"y", Triple(4)), "\u00fc")
    assert orders(value) == [value]


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


def test_what_a_large_document_took_does_not_stay_taken() -> None:
    (left_bytes,) = orders(("let go", None))
    assert left_bytes < 1_000_000


def test_the_event_loop_goes_on_while_workers_work() -> None:
    async def run() -> float:
        async with Workers(f"{JOBS}:obey", RESULTS, count=1) as workers:
            await workers.run(Task("echo", 0))
            jobs = asyncio.gather(*(workers.run(Task("echo", bytes(500_000))) for _ in range(20)))
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
        async with Workers(f"{JOBS}:obey", RESULTS) as workers:
            pid = await workers.run(Task("pid", None))
            os.kill(pid, number)
            return pid, await workers.run(Task("pid", None))

    before, after = asyncio.run(run())
    assert before == after


def test_workers_end_when_they_are_no_longer_wanted() -> None:
    (pid,) = orders(("pid", None))
    assert wait_for_end_of(pid)


def test_the_size_of_the_parent_is_not_held_against_its_workers() -> None:
    ballast = bytes(dispatcher.REPLACE_AFTER_BYTES).replace(b"\0", b"\1")
    before, *_, after = orders(*[("pid", None)] * 40)
    assert ballast
    assert before == after


def test_idle_workers_end_and_others_start_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "IDLE_S", 0.0)

    async def run() -> tuple[int, int]:
        async with Workers(f"{JOBS}:obey", RESULTS) as workers:
            before = await workers.run(Task("pid", None))
            await asyncio.sleep(0.05)
            assert wait_for_end_of(before)
            return before, await workers.run(Task("pid", None))

    before, after = asyncio.run(run())
    assert before != after


def test_a_worker_that_has_grown_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "REPLACE_AFTER_BYTES", 150_000_000)

    async def run() -> tuple[int, int]:
        async with Workers(f"{JOBS}:obey", RESULTS) as workers:
            before = await workers.run(Task("pid", None))
            await workers.run(Task("keep", 150_000_000))
            return before, await workers.run(Task("pid", None))

    before, after = asyncio.run(run())
    assert before != after
    assert wait_for_end_of(before)


def test_a_given_up_job_leaves_room_for_the_next() -> None:
    async def run() -> Any:
        async with Workers(f"{JOBS}:obey", RESULTS) as workers:
            impatient = asyncio.create_task(workers.run(Task("nap", 0.2)))
            await asyncio.sleep(0.1)
            impatient.cancel()
            return await workers.run(Task("echo", 5))

    assert asyncio.run(run()) == 5


def test_a_function_that_cannot_be_imported_is_said_not_waited_for() -> None:
    async def run() -> list[Any]:
        async with Workers("feedd.nowhere:nothing", {Task: int}) as workers:
            jobs = [workers.run(Task(str(n))) for n in range(3)]
            return await asyncio.gather(*jobs, return_exceptions=True)

    for error in asyncio.run(run()):
        assert isinstance(error, FeeddError)
        assert "feedd.nowhere:nothing does not work" in str(error)


PARENT = """
import asyncio, os, sys
sys.path.insert(0, {root!r})
from feedd.workers.dispatcher import Workers
from tests.worker_jobs import RESULTS, Task
async def main():
    async with Workers("tests.worker_jobs:obey", RESULTS, timeout_s=60) as workers:
        print(await workers.run(Task("pid")), flush=True)
        await workers.run(Task("hang"))
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
    assert not {"asyncio", "subprocess", "feedd.workers.dispatcher"} & set(loaded.stdout.split())


def test_frames_are_found_however_they_arrive() -> None:
    messages = [[Order(n, 0, encoded(Triple(n)))] for n in range(5)]
    stream = b"".join(map(framed, messages))
    for step in (1, 7, 1000):
        splitter = Splitter()
        pieces = (stream[at : at + step] for at in range(0, len(stream), step))
        found = [bytes(body) for piece in pieces for body in splitter.feed(piece)]
        assert found == [encoded(message) for message in messages]


class Trap:
    """Unpickled, or called in any other way, it leaves a file behind."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.mark),))


def body(data: bytes) -> bytes:
    """A message that holds this."""
    return LENGTH.pack(len(data)) + data


def hostile(mark: Path) -> dict[str, bytes | bytearray]:
    """What a worker that was taken over might write to its parent."""
    pickled = pickle.dumps(Trap(mark))
    return {
        "a pickle": body(pickled),
        "a pickle for a result": framed(Answers([JobAnswer(0, True, pickled)], 0)),
        "a pickle for an error": framed(Answers([JobAnswer(0, False, pickled)], 0)),
        "code": body(marshal.dumps(compile("import os", "", "exec"))),
        "nothing": body(b""),
        "no message pack": body(b"\xc1"),
        "half of one": body(encoded(Answers([JobAnswer(0, True, b"")], 0))[:-1]),
        "more than one": body(encoded(Answers([], 0)) * 2),
        "other types": body(encoded({"answers": "all"})),
        "text that is none": framed(Answers([JobAnswer(0, True, b"\xa1\xff")], 0)),
        "an extension type": framed(Answers([JobAnswer(0, True, b"\xd4\x01\x00")], 0)),
        "nesting without end": framed(Answers([JobAnswer(0, True, b"\x91" * 100_000)], 0)),
        "an error of another kind": framed(
            Answers([JobAnswer(0, False, encoded(("SystemExit", "bye")))], 0)
        ),
        "an answer to another's question": framed(Answers([JobAnswer(77, True, encoded("x"))], 0)),
        "an answer twice": framed(Answers([JobAnswer(0, True, encoded("x"))] * 2, 0)),
        "a length beyond all": LENGTH.pack(2**63) + b"x",
        "more than there is": LENGTH.pack(2**28) + b"x",
    }


@pytest.mark.parametrize("kind", hostile(Path()))
def test_what_a_worker_that_was_taken_over_says_is_refused_and_runs_nothing(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "SILENCE_MAX_S", 0.5)
    mark = tmp_path / "mark"

    async def run() -> tuple[Any, Any]:
        async with Workers(f"{JOBS}:obey_in_text", {Task: str}, timeout_s=1.0) as workers:
            order = Task("say", hostile(mark)[kind])
            results = await asyncio.gather(workers.run(order), return_exceptions=True)
            return results[0], await workers.run(Task("echo", "another feed's"))

    result, following = asyncio.run(run())
    assert isinstance(result, ParseError), "that job alone fails"
    assert following == "another feed's"
    assert not mark.exists()


def test_a_result_of_another_type_than_agreed_is_refused() -> None:
    async def run() -> list[Any]:
        async with Workers(f"{JOBS}:obey_in_text", {Task: str}) as workers:
            values = [1, None, [], {"a": 1}, b"bytes", ["x"], 1.5, True]
            jobs = [workers.run(Task("echo", value)) for value in values]
            return await asyncio.gather(*jobs, return_exceptions=True)

    for error in asyncio.run(run()):
        assert isinstance(error, ParseError)
        assert "what no reader says" in str(error)


def test_a_worker_is_believed_no_time_that_it_makes_up() -> None:
    """One that says again and again that it has just begun is stopped all the same."""
    results = orders(("pretend", None), ("echo", 2), timeout_s=0.4)
    assert isinstance(results[0], ParseError)
    assert results[1] == 2


def test_a_job_that_ends_its_process_unseen_is_found_out_and_others_are_answered() -> None:
    """It says that no job was running: those in its company are tried alone."""
    before = [("echo", n) for n in range(10)]
    results = orders(*before, ("quit", None), *before)
    assert isinstance(results.pop(10), ParseError)
    assert results == [*range(10), *range(10)]


def test_half_characters_and_endless_numbers_arrive_as_what_can_be_stored() -> None:
    (text,) = orders(("lie", "a\ud800b"))
    assert text == {"left": None, "right": [b"", [1, [0, ""]]], "text": "a?b"}
    assert orders(("large", None)) == [2**62]


@given(st.binary(max_size=300) | st.binary(max_size=60).map(body))
def test_no_bytes_are_taken_for_answers_but_answers(data: bytes) -> None:
    decode = MessageDecoder(Answers)
    try:
        for found in Splitter().feed(data):
            answers = decode(found)
            assert all(
                type(one) is JobAnswer and type(one.value) is bytes for one in answers.answers
            )
    except MessageError:
        pass


def test_nothing_of_feedd_can_be_made_to_run_code_by_data() -> None:
    """No module that builds objects of any class from bytes is imported anywhere."""
    forbidden = {"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "multiprocessing"}
    sources = Path(Workers.__module__.partition(".")[0]).resolve().rglob("*.py")
    found = []
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                found += [(source.name, one.name) for one in node.names if one.name in forbidden]
            elif isinstance(node, ast.ImportFrom) and node.module in forbidden:
                found.append((source.name, node.module))
    assert not found


@pytest.mark.skipif(bool(sandbox.missing()), reason="this kernel lacks a part of it")
def test_a_worker_that_was_taken_over_reaches_nothing() -> None:
    async def run() -> dict[str, str]:
        async with Workers(f"{JOBS}:attempt", {Task: str}) as workers:
            return {what: await workers.run(Task(what)) for what in ATTEMPTS}

    came = asyncio.run(run())
    assert {what: how for what, how in came.items() if how not in ("EPERM", "EACCES")} == {}
    assert len(came) > 15


def test_the_numbers_of_system_calls_are_those_of_the_kernel() -> None:
    """Those of x86_64, and of aarch64, which has the general ones."""
    headers = {
        "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        "aarch64": Path("/usr/include/asm-generic/unistd.h"),
    }
    for processor, header in headers.items():
        if not header.exists():
            pytest.skip("the kernel's headers are not installed")
        pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
        known = {name: int(number) for name, number in re.findall(pattern, header.read_text())}
        for table in (sandbox.REFUSED, sandbox.LOOKED_INTO):
            for name, number in sandbox.numbers(table, processor).items():
                assert known.get(name) == number, (processor, name)
            rows = {row.split()[0] for row in table.replace("\n", " ").split(",")}
            absent = rows - sandbox.numbers(table, processor).keys()
            assert not absent & known.keys(), processor


def test_the_filter_is_well_formed_for_both_processors() -> None:
    """Every jump lands within it; the kernel checks those of this processor only."""
    for processor in ("x86_64", "aarch64"):
        steps = [struct.unpack("=HBBI", step) for step in sandbox.program(processor, 1)]
        assert 100 < len(steps) < 4096
        assert steps[-1][0] == 0x06
        for at, (_, then, otherwise, _) in enumerate(steps):
            assert at + 1 + max(then, otherwise) < len(steps) or at == len(steps) - 1
    assert sandbox.program("riscv64", 1) == []


def test_memory_of_the_parent_is_hidden_once_a_worker_is_started() -> None:
    code = CONFINED.format(body="await workers.run(Task('pid')); print(prctl(3, 0, 0, 0, 0))")
    assert outcome(code) == "0"


CONFINED = """
import asyncio, ctypes, os, resource
from feedd.errors import FeeddError, MachineError
from feedd.workers.dispatcher import Workers
from tests.worker_jobs import Task
prctl = ctypes.CDLL(None).prctl
def opened():
    return len(os.listdir("/proc/self/fd"))
async def main():
    async with Workers("tests.worker_jobs:obey", {{Task: object}}, timeout_s=20) as workers:
        {body}
asyncio.run(main())
"""


def outcome(code: str) -> str:
    """What a process that runs this prints."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize("spare", range(6))
def test_a_worker_that_cannot_be_started_blames_no_job_and_leaves_nothing_open(spare: int) -> None:
    """Fifty starts without descriptors for all that one needs; then there are enough again."""
    code = CONFINED.format(
        body=f"""
        try:
            await workers.run(Task("pid"))  # so that all is imported
            for process in list(workers._batches):
                workers._retire(process)
            while workers._retiring:
                await asyncio.sleep(0.01)
            before = opened()
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (before - 1 + {spare}, hard))
            failed = 0
            for _ in range(50):
                try:
                    await workers.run(Task("pid"))
                except MachineError as error:
                    failed += "could not be started" in str(error)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            print(failed, opened() - before, await workers.run(Task("echo", "well")))
        except FeeddError as error:
            print(repr(error))"""
    )
    assert outcome(code) == "50 0 well"


def test_where_no_further_worker_can_be_started_those_there_do_all_the_work() -> None:
    code = CONFINED.replace("timeout_s=20", "timeout_s=20, count=2").format(
        body="""
        await workers.run(Task("pid"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (opened(), resource.getrlimit(7)[1]))
        jobs = [workers.run(Task("echo", n)) for n in range(200)]
        print(sum(await asyncio.gather(*jobs)))"""
    )
    assert outcome(code) == str(sum(range(200)))
