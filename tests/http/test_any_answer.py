"""Whatever bytes a server answers with: a response or an error in words, and never a traceback."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from feedd.errors import FetchError
from feedd.http.transfer import joined
from tests.http.asking import get, or_error
from tests.loopback import Loopback, Reply

LINES = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.0 200",
    b"HTTP/2 200 ",
    b"HTTP/1.1 100 Continue",
    b"HTTP/1.1 20\xff OK",
    b"HTTP/1.1 999 ?",
    b"HTTP/1.1 099 ?",
    b"HTTP/x: y",
    b"Content-Length: 4",
    b"Content-Length: \xb2",
    b"Content-Encoding: gzip",
    b"Content-Encoding: \xff, br",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: \xff",
    b"ETag: \xff\xfe\"'",
    b"Location: \xf0\x9f\x92\xa9 \x80",
    b": no name",
    b"no colon",
    b"\xffname: v",
    b" folded \x80",
    b"X:\x00",
    b"",
    b"4",
    b"body",
    b"0",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(lines=[b"\r", b"HTTP/1.1 200 OK"], ends=b"\r\n", well_begun=True)
@given(
    lines=st.lists(st.sampled_from(LINES) | st.binary(max_size=12), max_size=12),
    ends=st.sampled_from([b"\r\n", b"\n", b"\r"]),
    well_begun=st.booleans(),
)
def test_any_answer_is_a_response_or_an_error_in_words(
    loopback: Loopback,
    capfd: pytest.CaptureFixture[str],
    lines: list[bytes],
    ends: bytes,
    well_begun: bool,
) -> None:
    raw = ends.join([*([b"HTTP/1.1 200 OK"] if well_begun else []), *lines])
    loopback.on("/f", Reply(raw=raw))
    answer = or_error(lambda: get(loopback.url("/f"), options={"timeout_s": 10.0}))
    if isinstance(answer, FetchError):
        event(answer.kind)
        assert str(answer).isprintable()
        assert "report this" not in str(answer)
    else:
        event(f"status {answer.status}")
        assert 200 <= answer.status < 1000
    printed = capfd.readouterr()
    assert "Traceback" not in printed.err + printed.out


@given(st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=5)), max_size=8))
def test_joined_headers_lose_no_byte_of_a_single_one(raw: list[tuple[bytes, bytes]]) -> None:
    headers = joined(raw)
    names = [name.decode("latin-1").lower() for name, _ in raw]
    assert set(headers) == set(names)
    for name, (_, value) in zip(names, raw, strict=True):
        if names.count(name) == 1:
            assert headers[name].encode("latin-1") == value


@pytest.mark.parametrize(
    "name",
    [
        "Age",
        "Content-Length",
        "Content-Type",
        "Date",
        "ETag",
        "Expires",
        "Last-Modified",
        "Location",
        "Retry-After",
    ],
)
def test_of_a_header_that_has_one_value_the_first_counts(name: str) -> None:
    """Joined, two validators would match nothing ever again, and two times say no time."""
    raw = [(name.encode(), b"first"), (b"X-Other", b"x"), (name.lower().encode(), b"second")]
    assert joined(raw)[name.lower()] == "first"


def test_an_entry_is_not_lost_where_a_head_ends_with_one_carriage_return_too_many(
    loopback: Loopback,
) -> None:
    loopback.on("/f", Reply(raw=b"HTTP/1.1 200 OK\r\nETag: one\r\n\r\r\n<rss/>"))
    answer = get(loopback.url("/f"))
    assert (answer.body, answer.headers["etag"], answer.truncated) == (b"<rss/>", "one", False)
