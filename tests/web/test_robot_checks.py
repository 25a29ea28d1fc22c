"""Rule 50: a page that only wants to know who asks is told as that, and no other page is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.web.robot_checks import COOKIES, REFUSING, UNNAMED, robot_check

CHECKS = {
    "Cloudflare": "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
    "DataDome": "<script src='https://ct.captcha-delivery.com/c.js'></script>",
    "Incapsula": "<iframe>Request unsuccessful. Incapsula incident ID: 1-2</iframe>",
    "Anubis": "<title>Making sure you&#39;re not a bot!</title>"
    "<link rel=stylesheet href='/.within.website/x/xess/xess.css'>",
    "Akamai": "<div id='sec-if-cpt-container'></div>",
    "AWS WAF": "<script>window.gokuProps = {}</script>",
}


@pytest.mark.parametrize("status", [200, 202, 403, 404, 429, 503])
@pytest.mark.parametrize("maker", CHECKS)
def test_rule_50_the_well_known_checks_are_named(status: int, maker: str) -> None:
    page = f"<!DOCTYPE html><html><body>{CHECKS[maker]}{'x ' * 2_000}</body></html>".encode()
    assert robot_check(status, {}, page) == maker


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Checking your browser before you go on", UNNAMED),
        ("Verify you are human", UNNAMED),
        ("Your network sends unusual traffic", UNNAMED),
        ("Cookies are disabled. Please enable cookies.", COOKIES),
        ("This site requires cookies", COOKIES),
        ("Bitte Cookies aktivieren", COOKIES),
        ("Log in to the network", None),
        ("The bakery sells cookies", None),
    ],
)
def test_rule_50_what_a_short_page_says_is_enough(words: str, what: str | None) -> None:
    page = f"<html><script>{'var captcha;' * 500}</script><p>{words}</p></html>".encode()
    assert robot_check(200, {}, page) == what
    assert robot_check(403, {}, page) == what


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize(
    "document",
    [
        "<rss><title>captcha</title><p>enable cookies</p></rss>",
        "<html><h1>On captchas</h1>" + "<p>Enable cookies, are you a robot?</p>" * 100,
        '{"title": "Just a moment"}',
        "",
    ],
)
def test_rule_50_a_document_that_speaks_of_checks_is_none(status: int, document: str) -> None:
    assert robot_check(status, {}, document.encode()) is None


def test_rule_50_what_a_site_lets_through_is_no_check() -> None:
    page = b"<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>Hello"
    assert robot_check(200, {"x-datadome": "protected", "server": "cloudflare"}, page) is None
    assert robot_check(304, {"cf-mitigated": "challenge"}, b"") is None


@given(st.binary(max_size=300), st.sampled_from([200, 304, 404, *sorted(REFUSING)]))
def test_rule_50_any_bytes_are_a_check_or_none(body: bytes, status: int) -> None:
    assert robot_check(status, {}, body) is None or body


def test_rule_50_a_page_made_to_be_slow_is_looked_at_in_no_time() -> None:
    for piece in (b"<script", b"<!--", b"cookies are ", b"enable the use of your "):
        robot_check(403, {}, b"<html>" + piece * 20_000)
