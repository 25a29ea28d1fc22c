"""Robot checks and cookie walls: pages that stand in the place of what was asked for (rule 50)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

HEAD_MAX_BYTES: Final = 100_000
"""How much of a body is looked at."""

WALL_MAX_CHARS: Final = 1_500
"""A page that says more, besides its programs, is no mere check."""

REFUSING: Final = frozenset({202, 401, 403, 405, 406, 429, 503})
"""Statuses that checks come with, beside 200. With these, words alone say enough."""

COOKIES: Final = "a cookie wall"
UNNAMED: Final = "a robot check"

_HEADERS: Final = (
    ("cf-mitigated", "Cloudflare"),
    ("x-amzn-waf-action", "AWS WAF"),
    ("x-vercel-mitigated", "Vercel"),
    ("x-sucuri-block", "Sucuri"),
    ("x-dd-b", "DataDome"),
)
"""Fields that only the check itself carries."""

_MARKS: Final = (
    (b"_cf_chl_opt", "Cloudflare"),
    (b"cf-browser-verification", "Cloudflare"),
    (b"captcha-delivery.com", "DataDome"),
    (b"incapsula incident id", "Incapsula"),
    (b"pardon our interruption", "Incapsula"),
    (b"/.within.website/x/", "Anubis"),
    (b"anubis_challenge", "Anubis"),
    (b"sec-if-cpt-container", "Akamai"),
    (b"bm-verify=", "Akamai"),
    (b"errors.edgesuite.net", "Akamai"),
    (b"gokuprops", "AWS WAF"),
    (b"awswafintegration", "AWS WAF"),
    (b"px-captcha", "HUMAN"),
    (b"sucuri_cloudproxy_js", "Sucuri"),
    (b"/.well-known/sgcaptcha", "SiteGround"),
    (b"vercel security checkpoint", "Vercel"),
    (b"<title>ddos-guard", "DDoS-Guard"),
)
"""What the pages of the well-known checks hold, in lower case, and no page behind them."""

_REFUSING_MARKS: Final = (
    (b"challenge-platform", "Cloudflare"),
    (b"cf-error-details", "Cloudflare"),
    (b"datadome", "DataDome"),
    (b"_incapsula_resource", "Incapsula"),
    (b"anubis", "Anubis"),
)
"""These also stand in pages that were let through: they say something beside a refusal only."""

_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--[^>]{0,500}-->\s*)?"
    rb"<(?:!doctype html|html|head|title|meta|body|script)\b",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]*>")
_ROBOT_WORDS: Final = re.compile(
    r"just a moment|attention required|(?:checking|verifying) your (?:browser|connection)"
    r"|verify(?:ing)? (?:that )?you(?: are|['’]re) (?:a |not a )?(?:human|robot|bot)"
    r"|are you (?:a )?(?:robot|human)|not (?:a|an) (?:ro)?bot\b|captcha|ddos protection"
    r"|unusual (?:traffic|activity)|bot (?:check|detection|protection)|security check(?:point)?"
    r"|enable javascript and cookies|human verification|prove (?:that )?you(?: are|['’]re) human"
)
_COOKIE_WORDS: Final = re.compile(
    r"(?:enable|allow|accept|activate|turn on|requires?|support) (?:the use of )?(?:your )?"
    r"(?:browser['’]?s? )?cookies|cookies (?:are|must be|have to be|need to be|is) "
    r"(?:disabled|enabled|required|blocked|turned off|activated|switched on)"
    r"|no cookies? support|without cookies|cookies (?:aktivieren|zulassen)|activer les cookies"
)


def robot_check(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Whose check or what wall answers: a name such as "Cloudflare", `COOKIES` or `UNNAMED`; None
    where what was asked for, or some other answer, came. `headers` have lower-case names.
    """
    if status == 304:
        return None
    for name, maker in _HEADERS:
        if name in headers:
            return maker
    head = body[:HEAD_MAX_BYTES]
    if _PAGE.match(head) is None:
        return None
    low = head.lower()
    refusing = status in REFUSING
    marks = (*_MARKS, *_REFUSING_MARKS) if refusing else _MARKS
    for mark, maker in marks:
        if mark in low:
            return maker
    if not refusing and status != 200:
        return None
    words = _words(low, whole=len(head) == len(body))
    if words is None:
        return None
    if _ROBOT_WORDS.search(words):
        return UNNAMED
    return COOKIES if _COOKIE_WORDS.search(words) else None


def _words(page: bytes, *, whole: bool) -> str | None:
    """What a page says to people, on one line; None where that is more than a check says."""
    text = page.decode("utf-8", "replace")
    words = " ".join(_TAG.sub(" ", _without_programs(text)).split())
    return words if whole and len(words) <= WALL_MAX_CHARS else None


def _without_programs(text: str) -> str:
    """Cut by hand: a pattern would look for the end from each of a thousand beginnings."""
    for name in ("script", "style"):
        kept: list[str] = []
        at = 0
        while (begin := text.find(f"<{name}", at)) >= 0:
            end = text.find(f"</{name}", begin)
            kept.append(text[at:begin])
            at = len(text) if end < 0 else end
        text = "".join([*kept, text[at:]])
    return text
