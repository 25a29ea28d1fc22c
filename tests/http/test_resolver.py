"""Names to addresses: asked once, checked each time, and no hang-up for others."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.errors import FetchError, MachineError
from feedd.http import resolver as resolver_module
from feedd.http.resolver import MAX_ADDRESSES, OTHERS_AT_ONCE, Resolver, interleaved
from feedd.own_files import MAX_HANGING

T = TypeVar("T")


def with_resolver(
    work: Callable[[Resolver], Awaitable[T]], *, allow_private_hosts: bool = False
) -> T:
    async def run() -> T:
        return await work(Resolver(allow_private_hosts=allow_private_hosts))

    return asyncio.run(run())


def system_says(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], list[str]]) -> None:
    """Stand in for the system's resolver."""

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 0)) for address in answer(host)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_many_who_ask_for_one_name_ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(host: str) -> list[str]:
        asked.append(host)
        time.sleep(0.05)
        return ["1.1.1.1"]

    system_says(monkeypatch, answer)

    async def crowd(resolver: Resolver) -> None:
        await asyncio.gather(*(resolver.addresses("a.example") for _ in range(20)))
        assert resolver.remembered("a.example") == ("1.1.1.1",)
        await resolver.addresses("a.example")

    with_resolver(crowd)
    assert asked == ["a.example"]


def test_who_stops_waiting_does_not_spoil_it_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def answer(host: str) -> list[str]:
        release.wait(5)
        return ["1.1.1.1"]

    system_says(monkeypatch, answer)

    async def two(resolver: Resolver) -> tuple[str, ...]:
        first = asyncio.create_task(resolver.addresses("a.example"))
        second = asyncio.create_task(resolver.addresses("a.example"))
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.sleep(0.01)
        release.set()
        return await second

    assert with_resolver(two) == ("1.1.1.1",)


def test_rule_26_a_name_server_that_hangs_holds_up_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()

    def answer(host: str) -> list[str]:
        if host.startswith("slow"):
            release.wait(10)
        return ["1.1.1.1"]

    system_says(monkeypatch, answer)

    async def ask(resolver: Resolver) -> None:
        slow = [asyncio.create_task(resolver.addresses(f"slow{n}.example")) for n in range(16)]
        await asyncio.sleep(0.01)
        await asyncio.wait_for(resolver.addresses("quick.example"), 2)
        for task in slow:
            task.cancel()

    began = time.monotonic()
    with_resolver(ask)
    assert time.monotonic() - began < 5  # closing waits for no thread either
    release.set()


def test_rule_52_a_look_up_that_hangs_is_given_up_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolver_module, "LOOKUP_S", 0.1)
    release = threading.Event()
    system_says(monkeypatch, lambda host: [str(release.wait(10))])
    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        with_resolver(lambda r: r.addresses("hangs.example"))
    release.set()
    assert time.monotonic() - began < 5
    assert caught.value.kind == "dns"
    assert "no name server answered within 0.1 s" in str(caught.value)


def test_rule_52_names_found_lately_never_wait_for_those_that_hang(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More of them than there are places: a feed that is read every hour goes on being read."""
    monkeypatch.setattr(resolver_module, "REMEMBER_S", 0.0)
    release = threading.Event()

    def answer(host: str) -> list[str]:
        if host.startswith("slow"):
            release.wait(10)
        return ["1.1.1.1"]

    system_says(monkeypatch, answer)

    async def ask(resolver: Resolver) -> None:
        await resolver.addresses("known.example")
        slow = [
            asyncio.create_task(resolver.addresses(f"slow{n}.example"))
            for n in range(OTHERS_AT_ONCE + 5)
        ]
        await asyncio.sleep(0.05)
        assert await asyncio.wait_for(resolver.addresses("known.example"), 5) == ("1.1.1.1",)
        newcomer = asyncio.create_task(resolver.addresses("new.example"))
        await asyncio.sleep(0.05)
        assert not newcomer.done()
        release.set()
        assert await newcomer == ("1.1.1.1",)  # it has waited, and that is nobody's fault
        await asyncio.gather(*slow)

    with_resolver(ask)


def test_rule_52_one_name_that_hangs_whenever_it_is_asked_for_does_not_take_all_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolver_module, "LOOKUP_S", 0.02)
    monkeypatch.setattr(resolver_module, "OTHERS_AT_ONCE", MAX_HANGING + 1)
    release = threading.Event()

    def answer(host: str) -> list[str]:
        if host == "hangs.example":
            release.wait(10)
        return ["1.1.1.1"]

    system_says(monkeypatch, answer)

    async def ask(resolver: Resolver) -> tuple[str, ...]:
        for _ in range(2 * MAX_HANGING):
            with pytest.raises(FetchError, match="no name server answered"):
                await resolver.addresses("hangs.example")
        monkeypatch.setattr(resolver_module, "LOOKUP_S", 10.0)
        return await asyncio.wait_for(resolver.addresses("good.example"), 5)

    assert with_resolver(ask) == ("1.1.1.1",)
    release.set()


def test_no_thread_to_be_had_is_the_machines_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        with pytest.raises(MachineError) as caught:
            with_resolver(lambda r: r.addresses("a.example"))
    assert "TasksMax" in str(caught.value)


def test_failures_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [socket.gaierror(socket.EAI_AGAIN, "later")]

    def answer(host: str) -> list[str]:
        if failures:
            raise failures.pop()
        return ["1.1.1.1"]

    system_says(monkeypatch, answer)

    async def twice(resolver: Resolver) -> tuple[str, ...]:
        with pytest.raises(FetchError) as caught:
            await resolver.addresses("a.example")
        assert caught.value.kind == "dns"
        assert "network" in str(caught.value)
        return await resolver.addresses("a.example")

    assert with_resolver(twice) == ("1.1.1.1",)


def test_rule_20_allowed_addresses_are_used_and_forbidden_ones_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system_says(monkeypatch, lambda host: ["10.0.0.1", "1.1.1.1", "::1"])
    assert with_resolver(lambda r: r.addresses("a.example")) == ("1.1.1.1",)
    everything = with_resolver(lambda r: r.addresses("a.example"), allow_private_hosts=True)
    assert set(everything) == {"10.0.0.1", "1.1.1.1", "::1"}


def test_rule_20_only_forbidden_addresses_are_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system_says(monkeypatch, lambda host: ["10.0.0.1", "::1"])
    with pytest.raises(FetchError) as caught:
        with_resolver(lambda r: r.addresses("a.example"))
    assert caught.value.kind == "forbidden-address"
    assert "a.example is at 10.0.0.1" in str(caught.value)
    assert "allow_private_hosts" in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "a.localhost.", "0x7f.1", "[::1]"])
def test_rule_20_a_proxy_is_not_sent_to_addresses_of_its_own(host: str) -> None:
    async def check(resolver: Resolver) -> None:
        resolver.check_by_name(host)

    with pytest.raises(FetchError) as caught:
        with_resolver(check)
    assert caught.value.kind == "forbidden-address"
    with_resolver(check, allow_private_hosts=True)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "?"), "dns", "no host named"),
        (socket.gaierror(socket.EAI_FAIL, "broken"), "dns", "broken"),
        (UnicodeError("label too long"), "bad-url", "host's name"),
        (OSError(5, "Input/output error"), "dns", "could not be looked up"),
    ],
    ids=str,
)
def test_rule_22_failed_look_ups_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str, words: str
) -> None:
    def answer(host: str) -> list[str]:
        raise error

    system_says(monkeypatch, answer)
    with pytest.raises(FetchError) as caught:
        with_resolver(lambda r: r.addresses("a.example"))
    assert caught.value.kind == kind
    assert words in str(caught.value)


def test_only_so_many_addresses_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    system_says(monkeypatch, lambda host: [f"1.1.1.{n}" for n in range(100)])
    assert len(with_resolver(lambda r: r.addresses("a.example"))) == MAX_ADDRESSES


@given(st.lists(st.ip_addresses().map(str), min_size=1, max_size=8, unique=True))
def test_both_families_take_turns_and_none_is_lost(addresses: list[str]) -> None:
    turns = interleaved(addresses)
    assert sorted(turns) == sorted(addresses)
    assert turns[0] == addresses[0]
    six = [":" in address for address in turns]
    both = min(six.count(True), six.count(False))
    assert all(six[n] != six[n + 1] for n in range(2 * both - 1))
