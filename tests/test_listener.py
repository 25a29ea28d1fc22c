"""The small server for hubs and for metrics: what it refuses, and how it answers."""

from __future__ import annotations

import asyncio

import pytest

from feedd.listener import MAX_CONNECTIONS, MAX_HEAD_BYTES, MAX_IN_ALL, Answer, Call, listen

POST = b"POST /t HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"x" * 2 * MAX_HEAD_BYTES, 431),
        (b"nonsense\r\n\r\n", 400),
        (POST + b"Content-Length: 9999999\r\n\r\n" + b"x" * 5000, 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + b"\r\n", 413),
        (POST + b"Content-Length: 2\r\n\r\nhi", 200),
    ],
)
def test_the_listener_refuses_what_is_too_large_or_no_http(sent: bytes, status: int) -> None:
    async def respond(call: Call) -> Answer:
        return Answer(200, str(len(await call.body())))

    async def answered() -> bytes:
        async with listen("127.0.0.1", 0, respond, max_body_bytes=1000) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            try:
                return await reader.readline()
            finally:
                writer.close()

    assert asyncio.run(answered()).startswith(b"HTTP/1.1 %d " % status)


async def _say(call: Call) -> Answer:
    return Answer(200, "well")


async def _called(port: int, address: str, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    try:
        writer.write(sent)
        return await reader.read()
    except OSError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("addresses", "each"),
    [(1, MAX_CONNECTIONS + 10), (MAX_IN_ALL // 8 + 2, 8)],
    ids=["one address", "many addresses"],
)
def test_callers_that_ask_nothing_lock_nobody_else_out(addresses: int, each: int) -> None:
    async def story() -> bytes:
        async with listen("127.0.0.1", 0, _say) as port:
            idle = []
            for number in range(addresses * each):
                caller = (f"127.0.0.{2 + number // each}", 0)
                idle.append(await asyncio.open_connection("127.0.0.1", port, local_addr=caller))
            answer = await _called(port, "127.0.0.1", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            for _, writer in idle:
                writer.close()
            return answer

    assert asyncio.run(story()).startswith(b"HTTP/1.1 200 ")
