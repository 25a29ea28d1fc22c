"""What the service manager hears, on a real datagram socket."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedd.notify import Manager, message, watchdog_interval_s


class Ear:
    """The manager's end of the socket."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.settimeout(5)

    def hear(self) -> dict[str, str]:
        lines = self._socket.recv(4096).decode().split("\n")
        return dict(line.split("=", 1) for line in lines)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    ear = Ear(str(tmp_path / "notify"))
    yield ear
    ear.close()


@pytest.fixture
def manager(ear: Ear, tmp_path: Path) -> Iterator[Manager]:
    manager = Manager({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    yield manager
    manager.close()


def test_the_manager_hears_each_state(ear: Ear, manager: Manager) -> None:
    manager.ready("12 feeds")
    assert ear.hear() == {"READY": "1", "STATUS": "12 feeds"}
    manager.status("polling 3 feeds")
    assert ear.hear() == {"STATUS": "polling 3 feeds"}
    manager.alive()
    assert ear.hear() == {"WATCHDOG": "1"}
    manager.stopping("until 3 polls are stored")
    assert ear.hear() == {"STOPPING": "1", "STATUS": "until 3 polls are stored"}


def test_a_reload_carries_the_monotonic_time_that_the_manager_compares(
    ear: Ear, manager: Manager
) -> None:
    before_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    manager.reloading()
    heard = ear.hear()
    after_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert heard["RELOADING"] == "1"
    assert before_us <= int(heard["MONOTONIC_USEC"]) <= after_us


def test_an_abstract_socket_is_found() -> None:
    name = f"feedd-test-{os.getpid()}-{time.monotonic_ns()}"
    ear = Ear("\0" + name)
    manager = Manager({"NOTIFY_SOCKET": "@" + name})
    manager.ready("here")
    assert ear.hear()["READY"] == "1"
    manager.close()
    ear.close()


@pytest.mark.parametrize("address", [None, "", "vsock:2:1234", "relative", "/nowhere/at/all"])
def test_without_a_manager_nothing_happens(address: str | None) -> None:
    manager = Manager({} if address is None else {"NOTIFY_SOCKET": address})
    manager.ready("unheard")
    manager.alive()
    manager.close()
    manager.status("unheard after closing")


def test_a_status_cannot_smuggle_in_a_second_field() -> None:
    assert message(STATUS="a feed called\nSTOPPING=1") == b"STATUS=a feed called STOPPING=1"


def test_the_watchdog_is_told_twice_within_its_limit() -> None:
    assert watchdog_interval_s({"WATCHDOG_USEC": "60000000"}, pid=7) == 30.0
    assert watchdog_interval_s({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}, pid=7) == 30.0
    assert watchdog_interval_s({"WATCHDOG_USEC": "1"}, pid=7) == 5e-7


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_PID": "7"},
        {"WATCHDOG_USEC": "-5"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"},
        {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "me"},
    ],
)
def test_no_watchdog_runs_unless_it_watches_this_process(environ: dict[str, str]) -> None:
    assert watchdog_interval_s(environ, pid=7) is None
