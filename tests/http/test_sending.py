"""What goes over the wire, byte for byte."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd import __version__
from feedd.errors import FetchError
from feedd.http import Request, user_agent
from feedd.http.request import NEVER_CUSTOM, request_headers
from feedd.model import Credentials, Validators
from tests.http.asking import get, get_all, or_error, refused
from tests.loopback import Loopback, Reply


@pytest.mark.parametrize(
    "etag",
    [
        '"a"',
        'W/"a"',
        "no-quotes",
        '"a\'b,c"',
        '"caf\xe9"',
        '"\xff\xfe"',
        'W/"a", W/"b"',
        '"a b"',
        '"tab\there"',
        '""',
        '"' + "x" * 4000 + '"',
    ],
)
def test_rule_01_an_etag_goes_back_byte_for_byte(loopback: Loopback, etag: str) -> None:
    loopback.on(
        "/f", lambda seen: Reply(304 if seen.header("If-None-Match") else 200, {"ETag": etag})
    )
    url = loopback.url("/f")
    first = get(url)
    response = get(url, validators=Validators(url, first.headers["etag"]))
    assert response.status == 304
    assert b"\r\nIf-None-Match: " + etag.encode("latin-1") + b"\r\n" in loopback.seen[1].head


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 1 Jan 1970 0:0:0 +0000",
        "1700000000",
        "yesterday",
        "thu,01-jan-70  00:00:00",
    ],
)
def test_rule_01_a_last_modified_goes_back_byte_for_byte(loopback: Loopback, date: str) -> None:
    loopback.on("/f", Reply(200, {"Last-Modified": date}))
    url = loopback.url("/f")
    first = get(url)
    get(url, validators=Validators(url, None, first.headers["last-modified"]))
    assert b"\r\nIf-Modified-Since: " + date.encode() + b"\r\n" in loopback.seen[1].head


def test_rule_02_only_what_was_given_is_sent(loopback: Loopback) -> None:
    loopback.on("/f", b"body")
    url = loopback.url("/f")
    get(url, validators=Validators(url, etag='"a"'))
    get(url, validators=Validators(url, last_modified="then"))
    get(url)
    sent = [(s.header("If-None-Match"), s.header("If-Modified-Since")) for s in loopback.seen]
    assert sent == [('"a"', None), (None, "then"), (None, None)]


def test_rule_03_validators_go_to_the_url_that_gave_them_and_no_other(loopback: Loopback) -> None:
    loopback.on("/old", Reply(301, {"Location": "/new"}))
    loopback.on("/new", b"body")
    new = Validators(loopback.url("/new"), '"n"')
    get(loopback.url("/old"), validators=new)
    get(loopback.url("/new"), validators=Validators(loopback.url("/old"), '"o"'))
    sent = [(seen.path, seen.header("If-None-Match")) for seen in loopback.seen]
    assert sent == [("/old", None), ("/new", '"n"'), ("/new", None)]


def test_rule_04_a_304_hands_on_its_headers_and_has_no_body(loopback: Loopback) -> None:
    loopback.on("/f", Reply(304, {"ETag": '"b"', "Cache-Control": "max-age=60"}))
    url = loopback.url("/f")
    response = get(url, validators=Validators(url, '"a"'))
    assert (response.status, response.body, response.truncated) == (304, b"", False)
    assert response.headers["etag"] == '"b"'
    assert response.headers["cache-control"] == "max-age=60"


def test_rule_14_the_server_learns_who_asks_and_nothing_more(loopback: Loopback) -> None:
    loopback.on("/f?q=1", Reply(body=b"x", headers={"Set-Cookie": "spy=1; Path=/"}))
    get_all([loopback.url("/f?q=1"), loopback.url("/f?q=1#part")])
    for seen in loopback.seen:
        assert (seen.method, seen.path) == ("GET", "/f?q=1")
        assert [name for name, _ in seen.headers] == [
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
        ]
        assert (seen.header("Accept") or "").startswith("application/atom+xml")
        assert seen.header("Accept-Encoding") == "gzip, deflate, br, zstd"
        assert seen.header("Host") == f"127.0.0.1:{loopback.port}"


def test_rule_14_no_cookie_survives_a_redirect(loopback: Loopback) -> None:
    loopback.on("/a", Reply(302, {"Location": "/b", "Set-Cookie": "spy=1; Path=/"}))
    loopback.on("/b", b"x")
    get(loopback.url("/a"))
    assert loopback.seen_for("/b")[0].header("Cookie") is None
    assert loopback.seen_for("/b")[0].header("Referer") is None


def test_rule_14_pages_are_asked_for_as_pages(loopback: Loopback) -> None:
    loopback.on("/p", b"x")
    get(loopback.url("/p"), accept="page")
    assert (loopback.seen[0].header("Accept") or "").startswith("text/html")


@pytest.mark.parametrize(
    ("subscribers", "words"), [(1, "1 subscriber)"), (2, "2 subscribers)"), (0, "0 subscribers)")]
)
def test_rule_14_the_user_agent_says_for_how_many(subscribers: int, words: str) -> None:
    said = user_agent("my house", subscribers, contact="https://example.org/about")
    assert said.startswith("feedd/")
    assert "(+http" in said
    assert words in said
    assert said.endswith(" my house")
    assert user_agent() == user_agent().strip()


def test_rule_14_no_address_is_told_that_nobody_configured() -> None:
    """Publishers would write to strangers."""
    assert user_agent() == f"feedd/{__version__}"
    reached = user_agent("x", contact="mailto:me@example.org")
    assert reached == f"feedd/{__version__} (+mailto:me@example.org; 1 subscriber) x"


def test_a_feed_may_have_a_user_agent_of_its_own(loopback: Loopback) -> None:
    loopback.on("/f", b"x")
    get(loopback.url("/f"), user_agent="Mosaic/0.9")
    assert loopback.seen[0].header("User-Agent") == "Mosaic/0.9"


def test_a_custom_header_takes_the_place_of_ours_and_is_never_sent_twice(
    loopback: Loopback,
) -> None:
    loopback.on("/f", b"x")
    custom = {"accept": "text/plain", "X-Token": "t", "Authorization": "Bearer b"}
    get(loopback.url("/f"), credentials=Credentials("me", "pass", custom))
    seen = loopback.seen[0]
    assert seen.header("Accept") == "text/plain"
    assert seen.header("X-Token") == "t"
    assert seen.header("Authorization") == "Bearer b"


def test_a_custom_header_can_not_change_how_messages_are_framed(loopback: Loopback) -> None:
    loopback.on("/f", b"x")
    custom = {name.title(): "1" for name in NEVER_CUSTOM}
    assert get(loopback.url("/f"), credentials=Credentials(headers=custom)).body == b"x"
    assert loopback.seen[0].header("Content-Length") is None
    assert loopback.seen[0].header("Host") == f"127.0.0.1:{loopback.port}"


@pytest.mark.parametrize(
    "header",
    [
        ("X-A\r\nX-B", "v"),
        ("X-A", "v\r\nX-B: w"),
        ("X-A", "v\nX-B: w"),
        ("X A", "v"),
        ("X-\xc4", "v"),
        ("", "v"),
        ("X-A", "v\x00"),
        ("X-A", "v\x0bw"),
    ],
)
def test_a_header_that_would_smuggle_another_in_is_not_sent(
    loopback: Loopback, header: tuple[str, str]
) -> None:
    loopback.on("/f", b"x")
    secret = Credentials(headers={header[0]: header[1] + "hunter2"})
    error = refused(loopback.url("/f"), credentials=secret)
    assert error.kind == "bad-url"
    assert "hunter2" not in str(error)
    assert not loopback.seen


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=4), st.text())
def test_headers_are_never_more_than_lines_of_their_own(custom: dict[str, str], etag: str) -> None:
    url = "http://example.org/"
    request = Request(url, "feed", 1, Validators(url, etag, etag))
    headers = or_error(
        lambda: request_headers(
            request,
            Credentials("me", etag, custom),
            url=url,
            host=b"example.org",
            user_agent="t",
            accept_encoding="gzip",
        )
    )
    if isinstance(headers, FetchError):
        assert headers.kind == "bad-url"
        return
    h11.Request(method="GET", target="/", headers=headers)  # raises for what can't be sent
    names = [name.lower() for name, _ in headers]
    assert names.count(b"host") == 1
    assert not any(b"\r" in part or b"\n" in part for header in headers for part in header)


# ---------------------------------------------------------------- credentials


SECRET = Credentials("me", "hunter2", {"X-Token": "t0ken"})
BASIC = "Basic bWU6aHVudGVyMg=="


def test_credentials_go_home_and_nowhere_else(loopback: Loopback) -> None:
    with Loopback() as other:
        loopback.on("/f", Reply(302, {"Location": "/g"}))
        loopback.on("/g", Reply(302, {"Location": other.url("/h")}))
        other.on("/h", b"stolen?")
        get(loopback.url("/f"), credentials=SECRET)
        for seen in loopback.seen:
            assert seen.header("Authorization") == BASIC
            assert seen.header("X-Token") == "t0ken"
        assert other.seen[0].header("Authorization") is None
        assert other.seen[0].header("X-Token") is None


def test_credentials_do_not_follow_to_another_name_of_the_same_place(loopback: Loopback) -> None:
    loopback.on("/f", Reply(302, {"Location": f"http://localhost:{loopback.port}/g"}))
    loopback.on("/g", b"x")
    get(loopback.url("/f"), credentials=SECRET)
    assert loopback.seen_for("/g")[0].header("Authorization") is None


def test_credentials_in_a_redirect_are_not_used(loopback: Loopback) -> None:
    evil = loopback.url("/g").replace("http://", "http://you:evil@")
    loopback.on("/f", Reply(302, {"Location": evil}))
    loopback.on("/g", b"x")
    response = get(loopback.url("/f"))
    assert loopback.seen_for("/g")[0].header("Authorization") is None
    assert response.url == loopback.url("/g")


def test_a_password_in_a_url_is_used_and_never_shown(loopback: Loopback) -> None:
    loopback.on("/f", b"x")
    response = get(loopback.url("/f").replace("http://", "http://me:hunter2@"))
    assert loopback.seen[0].header("Authorization") == BASIC
    assert response.url == loopback.url("/f")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://me:hunter2@example.org/",
        "http://me:hunter2@no-such-host.invalid/f",
        "http://me:hunt/hunter2@example.org/",
        "http://me:hunter2@[broken/",
        "http://me:hunter2@exa mple.org/",
        "//me:hunter2@example.org/",
        "http://example.org:0/?key=hunter2",
    ],
)
def test_no_secret_of_a_url_is_shown_in_an_error(url: str) -> None:
    assert "hunter2" not in str(refused(url))
