"""What polls and pushes change of feeds, over histories made by chance: as it was approved.

A line says what came and what it changed. A change of a rule shows as the lines that it changes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs
from msgspec.structs import replace

from feedd import identity, outcome
from feedd.identity import content
from feedd.model import (
    Enclosure,
    Entry,
    FeedConfig,
    FeedState,
    Hints,
    KnownEntry,
    ParsedFeed,
    PollOutcome,
    Response,
    Settings,
    Subscription,
)
from feedd.outcome import Failure
from feedd.poller.decide import PollContext, Push, StoredFacts, decide_poll
from feedd.poller.document import ParsedDocument
from feedd.poller.fetch import FetchResult, with_answer
from feedd.poller.push import lease
from tests.approval import approved, short
from tests.chance import Chance

FOLDER = Path(__file__).with_name("tables")
NOW = 1_800_000_000
HOUR_S, DAY_S = 3600, 86_400
URL = "https://blog.example/feed"
MOVED = "https://new.example/feed"

PAGES = (
    b"",
    b" \n",
    b"<?xml version='1.0'?><rss/>",
    b"{}",
    b"<html><title>Just a moment...</title>",
    b"<html><script src=/cdn-cgi/challenge-platform/x></script><p>Checking your browser",
    b"<rss>",
    b"<html><body>Please enable cookies to continue",
    b"<html><p>An ordinary page about feeds.",
    b"<html><body>captcha-delivery.com",
    b"<html><div id=captcha>Verify you are human</div>",
)
STATUSES = (
    200,
    200,
    200,
    200,
    202,
    203,
    204,
    206,
    226,
    301,
    302,
    303,
    304,
    307,
    308,
    400,
    401,
    402,
    403,
    404,
    405,
    406,
    410,
    418,
    429,
    451,
    500,
    502,
    503,
    504,
    520,
    999,
)


def said(before: object, after: object) -> str:
    """The fields that differ, with what they are now."""
    fields = structs.asdict(after)  # type: ignore[arg-type]
    old = structs.asdict(before) if before is not None else {}  # type: ignore[arg-type]
    changed = [
        f"{name}={_short(value)}"
        for name, value in fields.items()
        if name not in ("token", "secret", "rhythm", "body_hash", "items")
        and (before is None or old[name] != value)
    ]
    return " ".join(changed) or "nothing"


def _short(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value > NOW // 2:
        return f"{value - NOW:+}"
    return short(value)


# ---------------------------------------------------------------- answers


def _answers() -> Iterator[str]:
    for number in range(300):
        chance = Chance(number)
        status, body = chance.one(STATUSES), chance.one(PAGES)
        headers = {
            name: value
            for name, value in (
                ("location", "/x"),
                ("set-cookie", "a=1"),
                ("cf-mitigated", "challenge"),
                ("content-type", "text/html"),
                (
                    "content-encoding",
                    chance.one(("gzip", "utf-8", "br, aes128gcm", "", " GZIP ,x")),
                ),
            )
            if chance.holds(0.25)
        }
        response = Response(status, URL, headers, body)
        failure = outcome.answer_failure(response, conditional=chance.holds(0.5))
        told = "ok"
        if failure is not None:
            told = f"{failure.kind} {failure.status} {_short(failure.message)}"
            told += " missing" * failure.says_missing + " holds" * failure.holds_host
        note = outcome.coding_note(response)
        yield f"{status} {' '.join(headers)} {body[:40]!r} => {told}{f'; {note}' if note else ''}"


def test_what_answers_mean_is_what_was_approved() -> None:
    approved(FOLDER / "answers.txt", "\n".join(_answers()) + "\n")


# ---------------------------------------------------------------- polls and pushes


class History:
    """One feed, polled and pushed to for some weeks."""

    def __init__(self, number: int) -> None:
        self.chance = Chance(number)
        chance = self.chance
        local = chance.holds(0.05)
        url = "file:///x.xml" if local else URL
        self.state = FeedState(1, "f", url, url)
        self.config = FeedConfig(
            "f",
            url,
            interval_s=chance.one((None, None, None, HOUR_S, 40 * DAY_S)),
            mute=chance.one(((), ("daily", "/^T.*1$/"))),
            articles=chance.one((None, "always", "never", "auto")),
            updates=chance.one(("keep", "unread")),
            first_unread=chance.one((None, None, 0, 1)),
        )
        self.context = PollContext(
            Settings(
                database=Path("x.db"),
                max_interval_s=chance.one((7 * DAY_S, HOUR_S * 2)),
                adaptive=chance.holds(0.8),
                websub_callback=chance.one((None, "https://me.example/")),
            ),
            chance.one((None, None, 20.0)),
            random.Random(number),
        )
        self.now = NOW
        self.entries: list[Entry] = []
        self.known: list[KnownEntry] = []
        self.subscription: Subscription | None = None

    def steps(self, count: int) -> Iterator[str]:
        for _ in range(count):
            before = self.state
            if self.subscription is not None and self.chance.holds(0.3):
                came, decided = self._pushed(self.subscription)
            else:
                came, decided = self._polled()
            yield f"{came} => {said(before, decided.state)} | {self._rest(decided)}"
            self._store(decided)

    def _polled(self) -> tuple[str, PollOutcome]:
        chance = self.chance
        validators = outcome.request_validators(self.state, self.now)
        result = FetchResult(self.state, self.config, self.now, validators is not None)
        kind = chance.one(
            (
                "new",
                "new",
                "new",
                "same",
                "304",
                "cut",
                "status",
                "status",
                "broken",
                "moved",
                "moved",
            )
        )
        if kind == "broken":
            failure = chance.one(
                (
                    Failure("timeout", "slow"),
                    Failure("dns", "no name"),
                    Failure("parse", "bad", 200),
                    Failure("redirect", "loop"),
                    Failure(
                        "not-a-feed", "a page", 200, ("https://blog.example/real", "https://x/")
                    ),
                )
            )
            result = structs.replace(result, failure=failure)
            return f"{failure.kind}", decide_poll(result, self._facts(), self.context)
        if kind == "status":
            status = chance.one((401, 403, 404, 410, 429, 429, 500, 503, 503, 418))
            failed = outcome.status_failure(status, conditional=True)
            wait_s = chance.one((None, None, 0, 90, 2 * DAY_S))
            result = structs.replace(
                result,
                response=Response(status, self.state.active_url, {}, wire_bytes=3),
                failure=failed,
                retry_after_s=wait_s,
            )
            return f"{status} wait {wait_s}", decide_poll(result, self._facts(), self.context)
        permanent = (
            chance.one((MOVED, MOVED, "https://third.example/")) if kind == "moved" else None
        )
        headers = {
            name: value
            for name, value in (
                ("etag", f'"{chance.below(9)}"'),
                ("last-modified", "Fri, 15 Jan 2027 08:00:00 GMT"),
                ("cache-control", chance.one(("max-age=7200", "no-cache"))),
                ("content-encoding", "utf-8"),
                (
                    "link",
                    chance.one(
                        (
                            "<https://hub.example/>; rel=hub",
                            "<http://hub.example/>; rel=hub",
                            "<x>; rel=self",
                        )
                    ),
                ),
            )
            if chance.holds(0.3)
        }
        response = Response(
            304 if kind == "304" else 200,
            permanent or self.state.active_url,
            headers,
            b"" if kind == "304" else b"x",
            permanent_url=permanent,
            truncated=kind == "cut",
            wire_bytes=10,
            duration_ms=5,
        )
        result = with_answer(result, response)
        if kind not in ("304", "same"):
            result = structs.replace(result, document=self._document())
        return f"{kind} {' '.join(headers)}", decide_poll(result, self._facts(), self.context)

    def _pushed(self, subscription: Subscription) -> tuple[str, PollOutcome]:
        push = Push(self.state, self.config, self.now, subscription.topic, 70, self._document())
        return "push", decide_poll(push, self._facts(), self.context)

    def _document(self) -> ParsedDocument:
        chance = self.chance
        if chance.holds(0.2):
            self.entries = []
        for _ in range(chance.one((0, 0, 1, 1, 2, 3))):
            number = chance.below(10**6)
            self.entries.insert(
                0,
                Entry(
                    guid=chance.one((f"g{number}", f"g{number}", None, "same")),
                    link=chance.one(
                        (f"https://blog.example/{number}", "https://blog.example/live")
                    ),
                    title=chance.one((f"Title {number}", "The daily")),
                    published=chance.one((None, self.now - chance.below(DAY_S), self.now + 99)),
                    html=f"<p>{number} words",
                    text=f"{number} words",
                    enclosures=(Enclosure("https://blog.example/a.mp3"),) * chance.below(2),
                ),
            )
        if self.entries and chance.holds(0.3):
            self.entries[0] = replace(self.entries[0], text="another text", html="<p>another text")
        self.entries = self.entries[:5]
        keyed = identity.keyed(self.entries, keys=self.state.keys)
        feed = ParsedFeed(
            "rss20",
            chance.one(("T", None)),
            chance.one((None, "https://blog.example/")),
            (),
            problems=chance.one(((), ("an odd date",))),
            skipped=chance.one((0, 0, 0, 2)),
            language=chance.one((None, "de")),
            hub=chance.one((None, None, "https://hub.example/")),
            archive_url=chance.one((None, "https://blog.example/old")),
            hints=Hints(
                ttl_s=chance.one((None, 4 * HOUR_S)), skip_hours=chance.one(((), (1, 2, 3)))
            ),
        )
        entries = tuple(replace(one, partial=chance.holds(0.5)) for one in keyed.entries)
        return ParsedDocument(feed, entries, keyed.keys)

    def _facts(self) -> StoredFacts:
        return StoredFacts(self.known, bool(self.known), self.subscription)

    def _store(self, decided: PollOutcome) -> None:
        chance = self.chance
        self.state = decided.state
        for keyed in (*(new.keyed for new in decided.new), *(old.keyed for old in decided.changed)):
            self.known = [one for one in self.known if one.key != keyed.key]
            self.known.append(
                KnownEntry(
                    len(self.known) + 1,
                    keyed.key,
                    keyed.link_key,
                    keyed.title_key,
                    keyed.content_hash,
                    content.article_link(keyed.entry.link),
                    keyed.entry.published,
                    keyed.entry.text,
                    frozenset(),
                )
            )
        if decided.hub is not None:
            self.subscription = decided.hub.subscription
        if self.subscription is not None and chance.holds(0.5):
            self.subscription = lease.verified(
                lease.asked(self.subscription, self.now), None, self.now
            )
        due = self.state.next_poll or self.now + DAY_S
        self.now = max(self.now, due) + chance.one((1, 60, 60, DAY_S, 31 * DAY_S))

    def _rest(self, decided: PollOutcome) -> str:
        new = [
            f"{one.keyed.key}{'r' * one.read}{'p' * one.fetch_page}{one.page_delay_s or ''}"
            for one in decided.new
        ]
        changed = [
            f"{one.keyed.key}{'u' * one.unread}{'p' * one.fetch_page}" for one in decided.changed
        ]
        record = structs.replace(decided.poll, reason="", error=None, next_poll=None)
        offered = decided.hub.subscription if decided.hub else None
        hub = said(None, offered) if offered else "none"
        parts = (
            f"new {' '.join(new)}" if new else "",
            f"changed {' '.join(changed)}" if changed else "",
            f"rekeyed {decided.rekeyed}" if decided.rekeyed else "",
            f"archive {said(None, decided.archive)}" if decided.archive else "",
            f"hub {hub}" if decided.hub else "",
            f"backoff {said(None, decided.backoff)}" if decided.backoff else "",
            f"missing {decided.missing}" if decided.missing is not None else "",
            "pushed" if decided.pushed else "",
            f"poll {said(PLAIN, record)}",
        )
        return "; ".join(filter(None, parts))


PLAIN = decide_poll(
    FetchResult(
        FeedState(1, "f", URL, URL),
        FeedConfig("f", URL),
        NOW,
        conditional=False,
        failure=Failure("dns", "no"),
    ),
    StoredFacts(),
    PollContext(Settings(database=Path("x.db")), None, random.Random(1)),
).poll


def test_what_polls_and_pushes_change_is_what_was_approved() -> None:
    lines = [line for number in range(50) for line in (f"# {number}", *History(number).steps(12))]
    approved(FOLDER / "decisions.txt", "\n".join(lines) + "\n")


# ---------------------------------------------------------------- subscriptions


def _leases() -> Iterator[str]:
    for number in range(60):
        chance = Chance(number)
        one = Subscription(1, "f", "https://hub.example/", URL, "token", "secret")
        now = NOW
        yield f"# {number}"
        for _ in range(9):
            now += chance.one((60, HOUR_S, DAY_S, 8 * DAY_S, 11 * DAY_S))
            query = {
                "hub.mode": chance.one(("subscribe", "subscribe", "unsubscribe", "denied", "x")),
                "hub.topic": chance.one((URL, URL, URL, "https://other/")),
                "hub.challenge": chance.one(("c", "c", "c", "")),
                "hub.lease_seconds": chance.one(("", "60", "864000", "99999999", "x", "-1")),
                "hub.reason": chance.one(("", "no\x1b[1m " + "y" * 300)),
            }
            confirmed = lease.confirmed(one, query, now)
            heard = one if confirmed is None else confirmed.subscription or one
            ways = {
                "asked": lease.asked(one, now),
                "asked again": lease.asked(one, now),
                "leaving": lease.leaving(one, now),
                "refused": lease.refused(one, "busy"),
                "insecure": lease.insecure(one),
                "lapsed": lease.lapsed(one),
                "pushed": lease.pushed(one, now),
                "missed": lease.missed(one),
                "hears": heard,
                "heard": heard,
            }
            name = chance.one(list(ways))
            after = ways[name]
            duties = [
                lease.duty(after, now + later, wanted=w)
                for later in (0, HOUR_S, 9 * DAY_S, 10 * DAY_S)
                for w in (True, False)
            ]
            came = f"{name} {query['hub.mode']}"
            yield f"{came} => {said(one, after)}; {confirmed is not None} {duties}"
            one = after


def test_how_we_stand_with_hubs_is_what_was_approved() -> None:
    approved(FOLDER / "leases.txt", "\n".join(_leases()) + "\n")
