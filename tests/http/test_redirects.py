"""Where redirects lead, and where they don't."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedd.errors import FetchError
from feedd.http.request import checked_hop, origin, permanent_url, request_url, shown
from feedd.model import Credentials, Hop
from tests.http.asking import get, or_error, refused
from tests.loopback import Loopback, Reply


@pytest.mark.parametrize("status", [301, 308])
def test_rule_18_a_permanent_redirect_is_followed_and_reported(
    loopback: Loopback, status: int
) -> None:
    loopback.on("/old", Reply(status, {"Location": "/new"}, body=b"moved"))
    loopback.on("/new", b"here")
    response = get(loopback.url("/old"))
    assert (response.body, response.url) == (b"here", loopback.url("/new"))
    assert response.permanent_url == loopback.url("/new")
    assert response.hops == (Hop(status, loopback.url("/new")),)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_rule_19_a_temporary_redirect_is_followed_and_no_move(
    loopback: Loopback, status: int
) -> None:
    loopback.on("/a", Reply(status, {"Location": "/b"}))
    loopback.on("/b", b"here")
    response = get(loopback.url("/a"))
    assert response.body == b"here"
    assert response.permanent_url is None


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


@given(st.lists(st.sampled_from([301, 302, 303, 307, 308]), max_size=10))
def test_rule_19_the_permanent_url_is_the_last_before_the_first_temporary_hop(
    statuses: list[int],
) -> None:
    hops = [Hop(status, f"http://x/{n}") for n, status in enumerate(statuses)]
    permanent = [hop.url for hop in hops]
    for number, status in enumerate(statuses):
        if status not in (301, 308):
            permanent = permanent[:number]
            break
    assert permanent_url(hops) == (permanent[-1] if permanent else None)


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_other_answers_with_a_location_are_not_followed(loopback: Loopback, status: int) -> None:
    loopback.on("/a", Reply(status, {"Location": "/b"}))
    assert get(loopback.url("/a")).status == status
    assert not loopback.seen_for("/b")


def test_a_redirect_to_nowhere_is_the_answer(loopback: Loopback) -> None:
    loopback.on("/a", Reply(301))
    assert get(loopback.url("/a")).status == 301


def test_rule_20_ten_redirects_are_followed_and_no_more(loopback: Loopback) -> None:
    for number in range(12):
        loopback.on(f"/{number}", Reply(302, {"Location": f"/{number + 1}"}))
    loopback.on("/12", b"end")
    assert get(loopback.url("/2")).body == b"end"
    error = refused(loopback.url("/1"))
    assert error.kind == "redirect"
    assert "10" in str(error)
    assert "/12" in str(error)
    assert len(loopback.seen_for("/12")) == 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/a", "loop"),
        ("/a#again", "loop"),
        ("", "loop"),
        ("ftp://example.org/feed", "ftp://"),
        ("file:///etc/passwd", "file://"),
        ("exec:./script.sh", "exec:"),
        ("javascript:alert(1)", "javascript:"),
        ("data:text/xml,<rss/>", "data:"),
        ("http://", "http://"),
        ("http://[broken", "can't be asked"),
        ("http://example.org:99999/", "can't be asked"),
        ("http://" + "a" * 70_000, "can't be asked"),
    ],
    ids=lambda value: value[:20] or "empty",
)
def test_rule_20_redirects_to_nowhere_good_name_the_hop(
    loopback: Loopback, location: str, words: str
) -> None:
    loopback.on("/a", Reply(301, {"Location": location}))
    error = refused(loopback.url("/a"))
    assert error.kind in ("redirect", "protocol")  # the longest is no HTTP header any more
    if error.kind == "redirect":
        assert words in str(error)
        assert "redirect 1" in str(error)


def test_rule_20_a_longer_loop_is_found_too(loopback: Loopback) -> None:
    loopback.on("/a", Reply(302, {"Location": "/b"}))
    loopback.on("/b", Reply(302, {"Location": "/c"}))
    loopback.on("/c", Reply(302, {"Location": "/b"}))
    error = refused(loopback.url("/a"))
    assert "redirect 3" in str(error)
    assert "loop" in str(error)
    assert len(loopback.seen) == 3


def test_rule_20_no_request_goes_to_a_forbidden_address(loopback: Loopback) -> None:
    error = refused(loopback.url("/f"), options={"allow_private_hosts": False})
    assert error.kind == "forbidden-address"
    assert "allow_private_hosts" in str(error)
    assert not loopback.connections


def test_rule_20_a_failure_behind_a_redirect_names_the_hop(loopback: Loopback) -> None:
    loopback.on("/a", Reply(302, {"Location": "/b"}))
    loopback.on("/b", Reply(302, {"Location": "http://no-such-host.invalid/feed?key=secret"}))
    error = refused(loopback.url("/a"))
    assert error.kind == "dns"
    assert "redirect 2" in str(error)
    assert "no-such-host.invalid/feed" in str(error)
    assert "secret" not in str(error)


def test_rule_20_https_to_http_is_refused_where_credentials_are_at_stake() -> None:
    here, _ = request_url("https://example.org/feed", None)
    for target in ("http://example.org/feed", "http://other.example/"):
        with pytest.raises(FetchError) as caught:
            checked_hop(here, target, (), start=str(here), secret=True)
        assert caught.value.kind == "redirect"
        assert "https to http" in str(caught.value)
        assert "redirect 1" in str(caught.value)
        assert str(checked_hop(here, target, (), start=str(here), secret=False)) == target


def test_odd_locations_are_asked_for_the_way_browsers_do(loopback: Loopback) -> None:
    loopback.on("/a", Reply(302, {"Location": " /caf\xc3\xa9 au lait?x=1#frag "}))
    loopback.on("/caf%C3%A9%20au%20lait?x=1", b"utf-8")
    assert get(loopback.url("/a")).body == b"utf-8"
    loopback.on("/b", Reply(302, {"Location": "/caf\xe9?x=\xe9"}))
    loopback.on("/caf%C3%A9?x=%C3%A9", b"latin-1")
    assert get(loopback.url("/b")).body == b"latin-1"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("b", "http://example.org/dir/b"),
        ("../b", "http://example.org/b"),
        ("?x=1", "http://example.org/dir/a?x=1"),
        ("//other.example/b", "http://other.example/b"),
        ("HTTP://Other.Example:80/b", "http://other.example/b"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("http://☃.example/ä", "http://xn--n3h.example/%C3%A4"),
        ("/a%2fb?c=%zz", "http://example.org/a%2fb?c=%zz"),
        ("/a b\tc", "http://example.org/a%20bc"),
        ("http://example.org:8080", "http://example.org:8080"),
    ],
)
def test_a_location_is_joined_to_where_it_was_said(location: str, expected: str) -> None:
    here, _ = request_url("http://example.org/dir/a", None)
    assert str(checked_hop(here, location, (), start="", secret=False)) == expected


@given(st.text(max_size=60) | st.text("htps:/.@?#[]%\\ab1\t\n", max_size=30))
@example("http://[::1")
@example("http://a@b@c/")
@example("http://\u0661\u0662/")
def test_rule_20_whatever_a_location_says_it_is_a_good_url_or_an_error(location: str) -> None:
    here, _ = request_url("https://example.org/feed", None)
    url = or_error(lambda: checked_hop(here, location, (), start="", secret=True))
    if isinstance(url, FetchError):
        assert url.kind == "redirect"
        assert "redirect 1" in str(url)
        assert str(url).isprintable()
        return
    assert url.scheme == "https"
    assert url.host
    assert not url.userinfo
    assert not url.fragment
    assert url.raw_host.isascii()
    # What is asked for is what is remembered and compared: writing and reading change nothing.
    assert str(request_url(str(url), None)[0]) == str(url)
    assert origin(httpx.URL(str(url))) == origin(url)


@given(st.text(max_size=40))
def test_any_text_is_a_url_that_can_be_asked_or_a_bad_one(text: str) -> None:
    for candidate in (text, f"http://{text}", f"http://example.org/{text}"):
        asked = or_error(partial(request_url, candidate, None))
        if isinstance(asked, FetchError):
            assert asked.kind == "bad-url"
        else:
            assert asked[0].scheme in ("http", "https")
            assert asked[0].raw_path.isascii()


def test_a_user_part_becomes_credentials_unless_there_are_some() -> None:
    url, found = request_url("http://me%40home:p%3Aw@example.org/", None)
    assert str(url) == "http://example.org/"
    assert found == Credentials("me@home", "p:w")
    headers = {"X": "1"}
    assert request_url("http://a:b@h/", Credentials(headers=headers))[1] == Credentials(
        "a", "b", headers
    )
    given_ = Credentials("own", "own")
    assert request_url("http://a:b@h/", given_)[1] == given_


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://me:pw@example.org/feed?key=1#x", "http://example.org/feed?…"),
        ("http://example.org:80/@user/feed", "http://example.org:80/@user/feed"),
        ("http://me:p/w@example.org/", "http://example.org/"),
        ("mailto:me@example.org", "example.org"),
        ("/a\x1b[31m\nb", "/a [31m b"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, words: str) -> None:
    assert shown(url) == words
    assert len(shown(url * 100)) <= 200


def test_the_same_place_has_one_origin() -> None:
    urls = ["http://Example.org", "http://example.org:80/x", "HTTP://EXAMPLE.ORG/?y"]
    assert len({origin(request_url(url, None)[0]) for url in urls}) == 1
    assert urlsplit(urls[1]).port == 80


@pytest.mark.parametrize(
    ("location", "kind"), [("/a", "robot-check"), ("ftp://example.org/", "redirect")]
)
def test_rule_50_a_circle_that_sets_a_cookie_is_a_cookie_wall_and_nothing_else_is(
    loopback: Loopback, location: str, kind: str
) -> None:
    loopback.on("/a", Reply(302, {"Location": location, "Set-Cookie": "seen=1"}))
    error = refused(loopback.url("/a"))
    assert error.kind == kind
    assert ("cookie" in str(error)) == (kind == "robot-check")
