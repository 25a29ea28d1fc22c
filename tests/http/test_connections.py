"""Connections: kept, shared out fairly, given up cleanly."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from feedd.errors import FetchError, MachineError
from feedd.http import Client, transport
from feedd.http.failures import TransferError
from feedd.http.request import Route
from feedd.http.transport import IDLE_CONNECTIONS, CurlTransport
from feedd.model import Validators
from feedd.own_files import Trust
from tests.http.asking import ask, get_all, open_connections, refused, with_client
from tests.loopback import Loopback, Reply, Seen

# ---------------------------------------------------------------- politeness


def test_rule_15_connections_are_kept_and_places_per_host_are_few(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", delay_s=0.05))

    async def crowd(client: Client) -> None:
        await asyncio.gather(*(client.get(ask(loopback.url("/f"))) for _ in range(8)))

    with_client(crowd)
    assert loopback.most_at_once == 2
    assert loopback.connections == 2


def test_rule_15_two_names_of_one_address_share_its_places(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", delay_s=0.05))
    names = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.1"]

    async def crowd(client: Client) -> None:
        urls = [f"http://{name}:{loopback.port}/f" for name in names for _ in range(2)]
        await asyncio.gather(*(client.get(ask(url)) for url in urls))

    with_client(crowd, per_host=1)
    assert len(loopback.seen) == 10
    assert loopback.most_at_once == 1


def test_rule_15_no_more_are_out_at_once_than_concurrency_allows(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", delay_s=0.05))

    async def crowd(client: Client) -> None:
        await asyncio.gather(*(client.get(ask(loopback.url("/f"))) for _ in range(8)))

    with_client(crowd, concurrency=3, per_host=8)
    assert loopback.most_at_once == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(304),
        Reply(204),
        Reply(404, body=b"x" * 1000),
        Reply(200, chunks=[b"a", b"b"]),
        Reply(301, {"Location": "/g"}, body=b"moved"),
        Reply(503, body=b"later"),
    ],
    ids=lambda reply: str(reply.status),
)
def test_rule_15_a_connection_is_kept_whatever_the_answer(loopback: Loopback, reply: Reply) -> None:
    loopback.on("/f", reply)
    loopback.on("/g", b"x")
    get_all([loopback.url("/f")] * 3)
    assert loopback.connections == 1


def test_rule_16_a_kept_connection_that_died_is_tried_once_more(loopback: Loopback) -> None:
    answers = iter([Reply(body=b"one"), Reply(reset=True), Reply(body=b"two")])
    loopback.on("/f", lambda seen: next(answers))
    assert [r.body for r in get_all([loopback.url("/f")] * 2)] == [b"one", b"two"]
    assert len(loopback.seen) == 3


def test_rule_16_it_is_tried_once_and_not_twice(loopback: Loopback) -> None:
    answers = iter([Reply(body=b"one"), Reply(reset=True), Reply(reset=True)])
    loopback.on("/f", lambda seen: next(answers))
    with pytest.raises(FetchError) as caught:
        get_all([loopback.url("/f")] * 2)
    assert caught.value.kind == "reset"
    assert len(loopback.seen) == 3


def test_rule_16_a_fresh_connection_that_died_is_an_error_after_one_request(
    loopback: Loopback,
) -> None:
    loopback.on("/f", Reply(reset=True))
    assert refused(loopback.url("/f")).kind == "reset"
    assert len(loopback.seen) == 1


@pytest.mark.parametrize(
    "broken",
    [
        Reply(raw=b"H", delay_s=0.05),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        Reply(body=b"x" * 10, reset_after=0),
    ],
    ids=["a byte", "half a head", "no body", "reset before the body"],
)
def test_rule_16_once_a_byte_of_the_answer_came_nothing_is_tried_again(
    loopback: Loopback, broken: Reply
) -> None:
    answers = iter([Reply(body=b"one"), broken, Reply(body=b"never asked for")])
    loopback.on("/f", lambda seen: next(answers))
    with pytest.raises(FetchError) as caught:
        get_all([loopback.url("/f")] * 2)
    assert caught.value.kind == "reset"
    assert len(loopback.seen) == 2


def test_rule_16_what_a_server_says_unasked_is_not_taken_for_an_answer(loopback: Loopback) -> None:
    surplus = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n\r\nforged"
    loopback.on("/f", Reply(raw=surplus, stay=True))
    loopback.on("/g", b"real")
    bodies = [r.body for r in get_all([loopback.url("/f"), loopback.url("/g")])]
    assert bodies == [b"a", b"real"]
    assert loopback.connections == 2


def test_a_connection_that_ends_while_it_is_kept_is_not_used_again(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", close=True))

    async def twice(client: Client) -> int:
        await client.get(ask(loopback.url("/f")))
        await asyncio.sleep(0.05)
        left = open_connections(loopback.port)
        await client.get(ask(loopback.url("/f")))
        return left

    assert with_client(twice) == 0
    assert len(loopback.seen) == 2


def test_who_asked_nobody_for_a_while_is_answered_again(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything was closed meanwhile, a timer that was still to come included."""
    monkeypatch.setattr(transport, "KEEP_ALIVE_S", 0.05)
    loopback.on("/f", Reply(body=b"x"))

    async def seldom(client: Client) -> list[bytes]:
        bodies = []
        for _ in range(3):
            async with asyncio.timeout(10):
                bodies.append((await client.get(ask(loopback.url("/f")))).body)
            await asyncio.sleep(0.4)
        return bodies

    assert with_client(seldom, timeout_s=0.3) == [b"x"] * 3
    assert loopback.connections == 3


def test_only_so_many_connections_are_kept() -> None:
    with Loopback() as one, Loopback() as two, Loopback() as three:
        servers = [one, two, three]
        for server in servers:
            server.on("/f", Reply(304, delay_s=0.3))

        async def everywhere(client: Client) -> int:
            await asyncio.gather(*(client.get(ask(server.url("/f"))) for server in servers * 30))
            assert sum(server.connections for server in servers) == 90
            return open_connections(*(server.port for server in servers))

        assert with_client(everywhere, concurrency=90, per_host=90) == IDLE_CONNECTIONS


# ---------------------------------------------------------------- trouble stays where it is


def test_rule_26_a_hanging_host_holds_only_its_own_places(loopback: Loopback) -> None:
    loopback.on("/hang", Reply(stay=True, raw=b"HTTP/1.1 200 OK\r\n"))
    with Loopback("127.0.0.2") as other:
        other.on("/f", b"x")

        async def both(client: Client) -> float:
            hanging = [asyncio.create_task(client.get(ask(loopback.url("/hang")))) for _ in "12345"]
            await asyncio.sleep(0.05)
            began = time.monotonic()
            await asyncio.gather(*(client.get(ask(other.url("/f"))) for _ in range(20)))
            took = time.monotonic() - began
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)
            return took

        assert with_client(both, concurrency=4) < 2
    assert loopback.most_at_once == 2


def test_rule_26_time_spent_waiting_for_a_place_is_not_counted(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", delay_s=0.3))

    async def crowd(client: Client) -> list[int]:
        requests = (client.get(ask(loopback.url("/f"))) for _ in range(4))
        return [response.duration_ms for response in await asyncio.gather(*requests)]

    for duration_ms in with_client(crowd, per_host=1, timeout_s=0.6):
        assert 250 < duration_ms < 600


@pytest.mark.parametrize(
    "reply",
    [
        Reply(chunks=[b"."] * 100, drip_s=0.1),
        Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200, drip_s=0.05),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", stay=True),
        Reply(delay_s=30),
        Reply(raw=b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10, stay=True),
    ],
    ids=["dripping body", "dripping head", "half a body", "silence", "hints only"],
)
def test_rule_26_there_is_one_deadline_for_the_whole_exchange(
    loopback: Loopback, reply: Reply
) -> None:
    loopback.on("/f", reply)
    began = time.monotonic()
    error = refused(loopback.url("/f"), options={"timeout_s": 0.5})
    assert time.monotonic() - began < 2
    assert error.kind == "timeout"
    assert "0.5 s" in str(error)


def test_rule_26_redirects_share_the_deadline(loopback: Loopback) -> None:
    for number in range(9):
        loopback.on(f"/{number}", Reply(302, {"Location": f"/{number + 1}"}, delay_s=0.2))
    error = refused(loopback.url("/0"), options={"timeout_s": 0.5})
    assert error.kind == "timeout"
    assert len(loopback.seen) <= 4


def test_a_status_counts_although_its_page_never_ends(loopback: Loopback) -> None:
    head = b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 5\r\n\r\n"
    loopback.on("/f", Reply(raw=head, stay=True))
    began = time.monotonic()
    response = with_client(lambda c: c.get(ask(loopback.url("/f"))), timeout_s=30)
    assert time.monotonic() - began < 5
    assert (response.status, response.headers["retry-after"]) == (503, "60")


def test_a_status_counts_although_its_page_breaks_off(loopback: Loopback) -> None:
    loopback.on("/f", Reply(404, body=b"x" * 100, reset_after=10))
    loopback.on("/g", Reply(410, body=b"x" * 10_000_000))
    statuses = [r.status for r in get_all([loopback.url("/f"), loopback.url("/g")])]
    assert statuses == [404, 410]


def test_timeouts_and_cancelled_requests_leave_nothing_behind(loopback: Loopback) -> None:
    loopback.on("/hang", Reply(delay_s=30))
    loopback.on("/drip", Reply(chunks=[b"."] * 300, drip_s=0.1))
    loopback.on("/f", Reply(body=b"x", delay_s=0.05))

    async def trouble(client: Client) -> None:
        urls = [loopback.url(path) for path in ("/hang", "/drip") * 5]
        results = await asyncio.gather(*(client.get(ask(u)) for u in urls), return_exceptions=True)
        assert {getattr(result, "kind", None) for result in results} == {"timeout"}
        for delay_s in (0.0, 0.001, 0.01, 0.1):
            tasks = [asyncio.create_task(client.get(ask(url))) for url in urls]
            await asyncio.sleep(delay_s)
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results)
        assert open_connections(loopback.port) == 0
        answers = await asyncio.gather(*(client.get(ask(loopback.url("/f"))) for _ in "123456"))
        assert all(answer.body == b"x" for answer in answers)
        assert open_connections(loopback.port) == 4

    with_client(trouble, timeout_s=0.3, per_host=4)


# ---------------------------------------------------------------- what is not HTTP


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "protocol"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"h" * 1_000_000 + b"\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: h\r\n" * 200_000 + b"\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "protocol"),
        (b"HTTP/1.1 20000 OK\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 90_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab", "protocol"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n", "protocol"),
        (b"", "reset"),
        (b"HTTP/1.1 200", "reset"),
    ],
    ids=lambda value: value[:60].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_rule_22_answers_that_are_not_http_are_errors_in_words(
    loopback: Loopback, raw: bytes, kind: str
) -> None:
    loopback.on("/f", Reply(raw=raw))
    error = refused(loopback.url("/f"))
    assert error.kind == kind
    assert len(str(error)) < 400
    assert "127.0.0.1" in str(error)


def test_a_head_may_be_long_but_not_endless(loopback: Loopback) -> None:
    loopback.on("/f", Reply(headers={"X-Policy": "p" * (64 * 1024 - 1000)}, body=b"x"))
    assert get_all([loopback.url("/f")])[0].body == b"x"


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.0 200 OK\r\n\r\nbody",
        b"HTTP/1.1 200 OK\nContent-Length: 4\n\nbody",
        b"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nbody",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: <a>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n0\r\nT: t\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nX: \xff\xfe\r\n folded\r\n\r\nbody",
    ],
    ids=["1.0", "bare newlines", "no reason", "hints first", "extensions", "said twice", "folded"],
)
def test_odd_but_readable_http_is_read(loopback: Loopback, raw: bytes) -> None:
    loopback.on("/f", Reply(raw=raw))
    response = get_all([loopback.url("/f")])[0]
    assert (response.status, response.body, response.truncated) == (200, b"body", False)


def test_repeated_headers_are_joined_where_that_makes_sense(loopback: Loopback) -> None:
    loopback.on(
        "/f",
        Reply(raw=b"HTTP/1.1 200 OK\r\nLink: <a>\r\nETag: one\r\nLINK: <b>\r\netag: two\r\n\r\nx"),
    )
    headers = get_all([loopback.url("/f")])[0].headers
    assert headers["link"] == "<a>, <b>"
    assert headers["etag"] == "one"


# ---------------------------------------------------------------- connecting


def test_rule_22_a_closed_port_is_told_from_a_name_that_does_not_exist() -> None:
    with Loopback() as server:
        gone = server.url("/f")
    error = refused(gone)
    assert error.kind == "no-server"
    assert "refused" in str(error)
    error = refused("http://no-such-host.invalid/")
    assert error.kind == "dns"
    assert "no-such-host.invalid" in str(error)
    assert refused(f"http://{'a' * 70}.example/").kind in ("bad-url", "dns")


@contextmanager
def names_at(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> Iterator[list[str]]:
    """The system's resolver says these addresses, one answer after the other, for any name."""
    asked: list[str] = []

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(0, 0, 0, "", (address, 0)) for address in addresses]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", getaddrinfo)
        yield asked


def test_the_next_address_is_tried_where_one_refuses(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.on("/f", b"x")
    with names_at(monkeypatch, ["127.0.0.2", "::1", "127.0.0.3", "127.0.0.1"]):
        response = get_all([f"http://feeds.example:{loopback.port}/f"])[0]
    assert response.body == b"x"
    assert loopback.seen[0].header("Host") == f"feeds.example:{loopback.port}"


def test_the_next_address_is_tried_soon_where_one_is_silent(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.on("/f", b"x")
    with silent("127.0.0.2", loopback.port), names_at(monkeypatch, ["127.0.0.2", "127.0.0.1"]):
        began = time.monotonic()
        response = get_all([f"http://feeds.example:{loopback.port}/f"])[0]
    assert response.body == b"x"
    assert time.monotonic() - began < 2


@contextmanager
def silent(address: str, port: int) -> Iterator[None]:
    """A port whose queue of connections is full: it neither accepts nor refuses."""
    fillers = []
    with socket.socket() as listener:
        listener.bind((address, port))
        listener.listen(0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((address, port))
            fillers.append(filler)
        time.sleep(0.05)
        yield
        for filler in fillers:
            filler.close()


@pytest.mark.parametrize("host", ["m\u00fcnchen.example", "\u2603.example", "FEEDS.example."])
def test_names_of_all_alphabets_are_asked_at_the_address_that_was_looked_up(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    loopback.on("/f", b"x")
    with names_at(monkeypatch, ["127.0.0.1"]) as asked:
        assert get_all([f"http://{host}:{loopback.port}/f"])[0].body == b"x"
    assert len(asked) == 1
    assert asked[0].isascii()


def test_all_addresses_failing_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as server:
        port = server.port
    with names_at(monkeypatch, ["127.0.0.2", "127.0.0.1"]):
        error = refused(f"http://feeds.example:{port}/f")
    assert error.kind == "no-server"
    assert "refused" in str(error)


def test_a_host_that_answers_nothing_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as server:
        port = server.port
    with silent("127.0.0.2", port), names_at(monkeypatch, ["127.0.0.2"]):
        error = refused(f"http://feeds.example:{port}/f", options={"timeout_s": 0.3})
    assert error.kind == "timeout"


def test_a_name_that_changes_its_address_gets_nowhere(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a public address for the check, loopback for the connection."""
    loopback.on("/f", b"secret")
    public = "192.31.196.1"  # globally reachable by the rules, and nobody's
    with names_at(monkeypatch, [public], ["127.0.0.1"]) as asked:
        options = {"allow_private_hosts": False, "timeout_s": 0.5}
        error = refused(f"http://rebind.example:{loopback.port}/f", options=options)
    assert error.kind in ("timeout", "connect", "no-server")
    assert asked == ["rebind.example"]
    with names_at(monkeypatch, ["127.0.0.1"]):
        error = refused(f"http://rebind.example:{loopback.port}/f", options=options)
    assert error.kind == "forbidden-address"
    assert not loopback.connections


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.1",
        "0",
        "127.0.0.1.",
        "localhost",
        "localhost.",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
def test_no_spelling_of_loopback_is_reached(loopback: Loopback, host: str) -> None:
    options = {"allow_private_hosts": False}
    error = refused(f"http://{host}:{loopback.port}/f", options=options)
    assert error.kind in ("forbidden-address", "bad-url", "dns")
    assert not loopback.connections


def test_rule_20_the_address_is_judged_once_more_when_its_socket_is_opened(
    loopback: Loopback,
) -> None:
    """Whatever told the transport to go there."""

    async def ask_there() -> BaseException | None:
        transport = CurlTransport(allows=lambda address: address != "127.0.0.1")
        url = f"http://feeds.example:{loopback.port}/f"
        route = Route(url, "feeds.example", ["127.0.0.1"], Trust())
        request = httpx.Request(
            "GET", url, stream=httpx.ByteStream(b""), extensions={"route": route}
        )
        with pytest.raises(TransferError) as caught:
            await transport.handle_async_request(request)
        await transport.aclose()
        return caught.value.failure

    error = asyncio.run(ask_there())
    assert isinstance(error, FetchError)
    assert error.kind == "forbidden-address"
    assert not loopback.connections


@pytest.mark.parametrize(
    ("host", "left"), [("127.0.0.2", 0), ("127.0.0.2", 1), ("no-such-host.invalid", 0)]
)
def test_no_file_left_for_a_connection_or_a_look_up_is_the_machines_trouble(
    loopback: Loopback, host: str, left: int
) -> None:
    loopback.on("/f", b"x")

    async def starve(client: Client) -> None:
        await client.get(ask(loopback.url("/f")))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        free = first_free_file() + left
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            with pytest.raises(MachineError) as caught:
                await client.get(ask(f"http://{host}:{loopback.port}/f"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert "too many open files" in str(caught.value)
        assert (await client.get(ask(loopback.url("/f")))).body == b"x"

    with_client(starve)


def first_free_file() -> int:
    """The number that the next file to be opened would get."""
    number = os.dup(0)
    os.close(number)
    return number


def test_a_redirect_to_a_forbidden_address_names_the_hop(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed on a private network of the user's is no reason to follow it to another place."""
    from feedd.http import resolver

    monkeypatch.setattr(resolver, "is_forbidden", lambda address: address != "127.0.0.1")
    loopback.on("/a", Reply(302, {"Location": "http://169.254.169.254/latest/meta-data"}))
    error = refused(loopback.url("/a"), options={"allow_private_hosts": False})
    assert error.kind == "forbidden-address"
    assert "redirect 1" in str(error)
    assert "169.254.169.254" in str(error)


def test_a_feed_at_an_ipv6_address_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        server = Loopback("::1")
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with server:
        server.on("/f", b"six")
        assert get_all([server.url("/f")])[0].body == b"six"
        assert server.seen[0].header("Host") == f"[::1]:{server.port}"


def test_validators_survive_a_thousand_requests_on_kept_connections(loopback: Loopback) -> None:
    """No answer is given to another's question."""

    def echo(seen: Seen) -> Reply:
        return Reply(304 if seen.header("If-None-Match") == f'"{seen.path}"' else 500)

    async def crowd(client: Client) -> set[int]:
        requests = []
        for number in range(1000):
            url = loopback.url(f"/{number}")
            loopback.on(f"/{number}", echo)
            requests.append(client.get(ask(url, validators=Validators(url, f'"/{number}"'))))
        return {response.status for response in await asyncio.gather(*requests)}

    assert with_client(crowd, per_host=8) == {304}
    assert loopback.connections == 8
