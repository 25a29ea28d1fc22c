"""The small server for hubs and for metrics: what it refuses, and how it answers."""

from __future__ import annotations

import asyncio

import pytest

from feedd.listener import (
    MAX_CONNECTIONS,
    MAX_HEAD_BYTES,
    MAX_IN_ALL,
    MAX_QUERY_FIELDS,
    Answer,
    Call,
    listen,
)

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


def test_who_has_asked_is_answered_however_many_come_after() -> None:
    async def story() -> bytes:
        asked, crowded = asyncio.Event(), asyncio.Event()

        async def respond(call: Call) -> Answer:
            asked.set()
            await crowded.wait()
            return Answer(200, "well")

        async with listen("127.0.0.1", 0, respond) as port:
            first = asyncio.create_task(
                _called(port, "127.0.0.1", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            )
            await asked.wait()
            idle = []
            for number in range(MAX_IN_ALL + 8):
                caller = (f"127.0.0.{2 + number // 8}", 0)
                idle.append(await asyncio.open_connection("127.0.0.1", port, local_addr=caller))
            crowded.set()
            answer = await first
            for _, writer in idle:
                writer.close()
            return answer

    assert asyncio.run(story()).startswith(b"HTTP/1.1 200 ")


def test_a_call_says_all_that_was_asked_and_the_answer_ends_with_its_body() -> None:
    calls: list[Call] = []

    async def respond(call: Call) -> Answer:
        calls.append(call)
        return Answer(202, "wéll", "text/x", {"X-More": "1"})

    async def story() -> bytes:
        async with listen("127.0.0.1", 0, respond) as port:
            sent = b"GET /a/b?hub.mode=x&y= HTTP/1.1\r\nHost: a\r\nX-One: Two\r\n\r\n"
            return await _called(port, "127.0.0.1", sent)

    head, _, body = asyncio.run(story()).partition(b"\r\n\r\n")
    (call,) = calls
    assert (call.method, call.path, dict(call.query)) == ("GET", "/a/b", {"hub.mode": "x"})
    assert call.headers["x-one"] == "Two"
    assert body == "wéll".encode()
    lines = head.lower().split(b"\r\n")
    assert lines[0].startswith(b"http/1.1 202")
    for line in (b"content-type: text/x", b"content-length: 5", b"connection: close", b"x-more: 1"):
        assert line in lines


@pytest.mark.parametrize(
    ("fields", "taken"), [(MAX_QUERY_FIELDS, MAX_QUERY_FIELDS), (MAX_QUERY_FIELDS + 1, 0)]
)
def test_a_query_of_too_many_fields_is_none(fields: int, taken: int) -> None:
    async def respond(call: Call) -> Answer:
        return Answer(200, str(len(call.query)))

    async def story() -> bytes:
        async with listen("127.0.0.1", 0, respond) as port:
            query = "&".join(f"a{n}=1" for n in range(fields))
            sent = f"GET /?{query} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
            return await _called(port, "127.0.0.1", sent)

    assert asyncio.run(story()).endswith(b"\r\n\r\n%d" % taken)


@pytest.mark.parametrize(("size", "status"), [(1000, b"200"), (1001, b"413")])
def test_a_body_may_be_as_large_as_said_and_no_larger(size: int, status: bytes) -> None:
    async def respond(call: Call) -> Answer:
        return Answer(200, str(len(await call.body())))

    async def story() -> bytes:
        async with listen("127.0.0.1", 0, respond, max_body_bytes=1000) as port:
            return await _called(
                port, "127.0.0.1", POST + b"Content-Length: %d\r\n\r\n" % size + b"x" * size
            )

    assert asyncio.run(story()).split(b" ")[1] == status


def test_who_waits_for_leave_to_send_a_body_gets_it() -> None:
    async def respond(call: Call) -> Answer:
        return Answer(200, (await call.body()).decode())

    async def story() -> bytes:
        async with listen("127.0.0.1", 0, respond, max_body_bytes=1000) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            leave = await reader.readuntil(b"\r\n\r\n")
            writer.write(b"hi")
            try:
                return leave + await reader.read()
            finally:
                writer.close()

    said = asyncio.run(story())
    assert said.startswith(b"HTTP/1.1 100 ")
    assert said.endswith(b"\r\n\r\nhi")


def test_a_bug_in_what_answers_is_told_as_one_and_the_next_call_is_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def respond(call: Call) -> Answer:
        if call.path == "/bug":
            raise ValueError("a bug")
        return Answer(200)

    async def story() -> list[bytes]:
        async with listen("127.0.0.1", 0, respond) as port:
            return [
                await _called(port, "127.0.0.1", b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % path)
                for path in (b"/bug", b"/")
            ]

    assert [said.split(b" ")[1] for said in asyncio.run(story())] == [b"500", b"200"]
    assert "please report this" in caplog.text


def test_who_is_idle_makes_room_only_when_all_places_are_taken() -> None:
    async def story() -> tuple[bool, bool]:
        async with listen("127.0.0.1", 0, _say) as port:
            idle = []
            for number in range(MAX_IN_ALL - 1):
                caller = (f"127.0.0.{2 + number // 16}", 0)
                idle.append(await asyncio.open_connection("127.0.0.1", port, local_addr=caller))
            first, _ = idle[0]
            sent = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            assert (await _called(port, "127.0.0.1", sent)).startswith(b"HTTP/1.1 200 ")
            had_to_go_at_once = first.at_eof()
            for number in range(2):
                caller = (f"127.0.1.{2 + number}", 0)
                idle.append(await asyncio.open_connection("127.0.0.1", port, local_addr=caller))
            await asyncio.wait_for(first.read(), 10)
            for _, writer in idle:
                writer.close()
            return had_to_go_at_once, first.at_eof()

    assert asyncio.run(story()) == (False, True)


def test_nobody_is_let_in_after_the_end() -> None:
    async def called_late() -> None:
        async with listen("127.0.0.1", 0, _say) as port:
            said = await _called(port, "127.0.0.1", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert said.startswith(b"HTTP/1.1 200 ")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)

    asyncio.run(called_late())
