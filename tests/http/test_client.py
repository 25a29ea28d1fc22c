"""The HTTP client against a real server: what goes over the wire, and what comes of the answers."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from feedd.errors import FetchError
from feedd.http import Client, Request, user_agent
from feedd.model import Credentials, Response, Validators
from tests.loopback import Loopback, Reply

MAX_BYTES = 100_000


def get(url: str, *, client: dict[str, Any] | None = None, **request: Any) -> Response:
    """One request by a client of its own."""
    return get_all([url], client=client, **request)[0]


def get_all(
    urls: list[str], *, client: dict[str, Any] | None = None, **request: Any
) -> list[Response]:
    """Requests one after the other by one client."""

    async def ask() -> list[Response]:
        options: dict[str, Any] = {
            "concurrency": 8,
            "per_host": 2,
            "timeout_s": 5.0,
            "allow_private_hosts": True,
            "user_agent": user_agent("test"),
        }
        asked = Request("", "feed", MAX_BYTES, **request)
        async with Client(**{**options, **(client or {})}) as opened:
            return [await opened.get(replace(asked, url=url)) for url in urls]

    return asyncio.run(ask())


def refused(call: Callable[[], object]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        call()
    return caught.value


# ---------------------------------------------------------------- what is sent


@pytest.mark.parametrize(
    "etag", ['"a"', 'W/"a"', "no-quotes", '"a\'b,c"', '"caf\xe9"', 'W/"a", W/"b"']
)
def test_rule_01_validators_go_back_byte_for_byte(loopback: Loopback, etag: str) -> None:
    odd_date = "Thu, 1 Jan 1970 0:0:0 +0000"
    loopback.on("/f", Reply(304))
    url = loopback.url("/f")
    response = get(url, validators=Validators(url, etag, odd_date))
    assert response.status == 304
    seen = loopback.seen[0]
    assert seen.header("If-None-Match") == etag
    assert seen.header("If-Modified-Since") == odd_date


def test_rule_02_only_what_was_given_is_sent(loopback: Loopback) -> None:
    loopback.on("/f", b"body")
    url = loopback.url("/f")
    get(url, validators=Validators(url, etag='"a"'))
    get(url)
    assert loopback.seen[0].header("If-Modified-Since") is None
    assert loopback.seen[1].header("If-None-Match") is None


def test_rule_03_validators_go_to_the_url_that_gave_them_and_no_other(loopback: Loopback) -> None:
    loopback.on("/old", Reply(301, {"Location": "/new"}))
    loopback.on("/new", b"body")
    new = Validators(loopback.url("/new"), '"n"')
    get(loopback.url("/old"), validators=new)
    get(loopback.url("/new"), validators=Validators(loopback.url("/old"), '"o"'))
    sent = [(seen.path, seen.header("If-None-Match")) for seen in loopback.seen]
    assert sent == [("/old", None), ("/new", '"n"'), ("/new", None)]


def test_rule_14_the_server_learns_who_asks_and_nothing_more(loopback: Loopback) -> None:
    loopback.on("/f?q=1", Reply(body=b"x", headers={"Set-Cookie": "spy=1; Path=/"}))
    get_all([loopback.url("/f?q=1"), loopback.url("/f?q=1#part")])
    for seen in loopback.seen:
        assert seen.method == "GET"
        assert (seen.header("User-Agent") or "").startswith("feedd/")
        assert "+http" in (seen.header("User-Agent") or "")
        assert (seen.header("Accept") or "").startswith("application/atom+xml")
        for unwanted in ("Cookie", "Referer", "DNT", "From", "Accept-Language"):
            assert seen.header(unwanted) is None
        assert seen.path == "/f?q=1"
    assert {"gzip", "deflate"} <= set(
        (loopback.seen[0].header("Accept-Encoding") or "").split(", ")
    )


def test_rule_15_connections_are_kept_and_places_per_host_are_few(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", delay_s=0.05))

    async def crowd() -> None:
        async with Client(
            concurrency=8,
            per_host=2,
            timeout_s=5,
            allow_private_hosts=True,
            user_agent="t",
        ) as client:
            request = Request(loopback.url("/f"), "feed", MAX_BYTES)
            await asyncio.gather(*(client.get(request) for _ in range(8)))

    asyncio.run(crowd())
    assert loopback.most_at_once == 2
    assert len({seen.client_port for seen in loopback.seen}) == 2


def test_rule_16_a_kept_connection_that_died_is_tried_once_more(loopback: Loopback) -> None:
    answers = iter([Reply(body=b"one"), Reply(reset=True), Reply(body=b"two")])
    loopback.on("/f", lambda seen: next(answers))
    bodies = [r.body for r in get_all([loopback.url("/f"), loopback.url("/f")])]
    assert bodies == [b"one", b"two"]


def test_rule_16_a_fresh_connection_that_died_is_an_error_after_one_request(
    loopback: Loopback,
) -> None:
    loopback.on("/f", Reply(reset=True))
    assert refused(lambda: get(loopback.url("/f"))).kind == "reset"
    assert len(loopback.seen) == 1


def test_credentials_go_home_and_nowhere_else(loopback: Loopback) -> None:
    secret = Credentials("me", "hunter2", {"X-Token": "t0ken"})
    with Loopback() as other:
        loopback.on("/f", Reply(302, {"Location": "/g"}))
        loopback.on("/g", Reply(302, {"Location": other.url("/h")}))
        other.on("/h", b"stolen?")
        get(loopback.url("/f"), credentials=secret)
        for seen in loopback.seen:
            assert seen.header("Authorization") == "Basic bWU6aHVudGVyMg=="
            assert seen.header("X-Token") == "t0ken"
        assert other.seen[0].header("Authorization") is None
        assert other.seen[0].header("X-Token") is None


# ---------------------------------------------------------------- redirects


def test_rule_19_a_chain_is_permanent_only_as_far_as_every_hop_is(loopback: Loopback) -> None:
    loopback.on("/a", Reply(301, {"Location": "/b"}))
    loopback.on("/b", Reply(302, {"Location": "/c"}))
    loopback.on("/c", Reply(308, {"Location": "/d"}))
    loopback.on("/d", b"here")
    response = get(loopback.url("/a"))
    assert response.url == loopback.url("/d")
    assert response.permanent_url == loopback.url("/b")
    assert get(loopback.url("/b")).permanent_url is None
    assert get(loopback.url("/c")).permanent_url == loopback.url("/d")


def test_rule_20_ten_redirects_are_followed_and_no_more(loopback: Loopback) -> None:
    for number in range(12):
        loopback.on(f"/{number}", Reply(302, {"Location": f"/{number + 1}"}))
    loopback.on("/12", b"end")
    assert get(loopback.url("/2")).body == b"end"
    error = refused(lambda: get(loopback.url("/1")))
    assert error.kind == "redirect"
    assert len(loopback.seen_for("/12")) == 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/a", "loop"),
        ("ftp://example.org/feed", "ftp://"),
        ("file:///etc/passwd", "file://"),
        ("javascript:alert(1)", "javascript:"),
        ("http://", "http://"),
        ("http://[broken", "can't be asked"),
    ],
)
def test_rule_20_redirects_to_nowhere_good_name_the_hop(
    loopback: Loopback, location: str, words: str
) -> None:
    loopback.on("/a", Reply(301, {"Location": location}))
    error = refused(lambda: get(loopback.url("/a")))
    assert error.kind == "redirect"
    assert words in str(error)
    assert "redirect 1" in str(error)


def test_rule_20_a_redirect_to_a_forbidden_address_is_not_followed(loopback: Loopback) -> None:
    error = refused(lambda: get(loopback.url("/f"), client={"allow_private_hosts": False}))
    assert error.kind == "forbidden-address"
    assert not loopback.seen


# ---------------------------------------------------------------- bodies


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw-deflate", "br", "zstd", "gzip, br"])
def test_bodies_are_decoded_whatever_their_compression(loopback: Loopback, coding: str) -> None:
    import brotli
    import zstandard

    body = b"<rss>" + bytes(range(256)) * 20
    coded = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw-deflate": zlib.compress(body)[2:-4],
        "br": brotli.compress(body),
        "zstd": zstandard.compress(body),
        "gzip, br": brotli.compress(gzip.compress(body)),
    }[coding]
    loopback.on("/f", Reply(body=coded, headers={"Content-Encoding": coding.removeprefix("raw-")}))
    response = get(loopback.url("/f"))
    assert response.body == body
    assert response.wire_bytes == len(coded)
    assert not response.truncated


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "identity"])
def test_rule_27_a_bomb_is_cut_off_at_the_limit(loopback: Loopback, coding: str) -> None:
    import brotli
    import zstandard

    bomb = bytes(20_000_000)
    coded = {
        "gzip": gzip.compress(bomb),
        "br": brotli.compress(bomb, quality=1),
        "zstd": zstandard.compress(bomb),
        "identity": bomb[: MAX_BYTES + 1],
    }[coding]
    loopback.on("/f", Reply(chunks=[coded], headers={"Content-Encoding": coding}))
    assert refused(lambda: get(loopback.url("/f"))).kind == "too-large"


def test_rule_27_an_announced_length_over_the_limit_is_not_even_read(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"x", length=10_000_000_000))
    assert refused(lambda: get(loopback.url("/f"))).kind == "too-large"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<rss>half", length=1000),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<rss>half\r\n"),
        Reply(
            body=gzip.compress(b"<rss>half" + bytes(1000))[:-12],
            headers={"Content-Encoding": "gzip"},
        ),
    ],
    ids=["length", "chunks", "gzip"],
)
def test_rule_29_a_body_cut_short_is_told_apart_from_a_whole_one(
    loopback: Loopback, reply: Reply
) -> None:
    loopback.on("/f", reply)
    response = get(loopback.url("/f"))
    assert response.truncated
    assert response.body.startswith(b"<rss>half")


def test_a_slow_drip_ends_at_the_deadline_for_the_whole_exchange(loopback: Loopback) -> None:
    loopback.on("/f", Reply(chunks=[b"."] * 100, drip_s=0.1))
    error = refused(lambda: get(loopback.url("/f"), client={"timeout_s": 0.5}))
    assert error.kind == "timeout"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"h" * 1_000_000 + b"\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: magic\r\n\r\nbody", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol"),
        (b"", "reset"),
    ],
    ids=["other protocol", "huge header", "unknown coding", "broken gzip", "bad chunk", "nothing"],
)
def test_answers_that_are_not_http_are_errors_in_words(
    loopback: Loopback, raw: bytes, kind: str
) -> None:
    loopback.on("/f", Reply(raw=raw))
    assert refused(lambda: get(loopback.url("/f"))).kind == kind


def test_rule_22_failures_to_connect_are_told_apart() -> None:
    with Loopback() as server:
        gone = server.url("/f")
    assert refused(lambda: get(gone)).kind == "connect"
    assert "refused" in str(refused(lambda: get(gone)))
    assert refused(lambda: get("http://no-such-host.invalid/")).kind == "dns"
    assert refused(lambda: get("http://exa mple.org/")).kind == "bad-url"
    assert refused(lambda: get("gopher://example.org/")).kind == "bad-url"


def test_a_password_in_a_url_is_used_and_never_shown(loopback: Loopback) -> None:
    loopback.on("/f", b"x")
    get(loopback.url("/f").replace("http://", "http://me:hunter2@"))
    assert loopback.seen[0].header("Authorization") == "Basic bWU6aHVudGVyMg=="
    error = refused(lambda: get("ftp://me:hunter2@example.org/"))
    assert "hunter2" not in str(error)


def test_odd_locations_are_asked_for_the_way_browsers_do(loopback: Loopback) -> None:
    loopback.on("/a", Reply(302, {"Location": " /caf\xc3\xa9 au lait?x=1#frag "}))
    loopback.on("/caf%C3%83%C2%A9%20au%20lait?x=1", b"latin")
    loopback.on("/caf%C3%A9%20au%20lait?x=1", b"here")
    assert get(loopback.url("/a")).body == b"here"


def test_repeated_headers_are_joined(loopback: Loopback) -> None:
    loopback.on("/f", Reply(raw=b"HTTP/1.1 200 OK\r\nLink: <a>\r\nLink: <b>\r\n\r\n"))
    assert get(loopback.url("/f")).headers["link"] == "<a>, <b>"
