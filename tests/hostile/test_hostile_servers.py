"""All hostile servers at once, asked by one real `feedd poll`, among feeds that are well.

Every fault ends in its recorded error, or is read as far as it can be, as a feed and as the page of
an article; every other feed is stored; memory and time stay within bounds. What one fault does in
detail is tested where it is met: in tests/http and tests/parsing.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedd.store.upkeep.integrity import check
from tests.hostile.answers import DOCUMENTS, FAULTS, LIMIT_BYTES, feed_name
from tests.hostile.brusque import Brusque
from tests.http.authority import Authority
from tests.loopback import Loopback, Reply
from tests.poller.conftest import rss
from tests.poller.stories import page
from tests.words import programmers_words

pytestmark = pytest.mark.slow

TIMEOUT_S = 4
OVER_WITHIN_S = 90
"""For the whole pass: hanging servers cost one time-out, hanging parsers ten seconds each."""

MEMORY_BYTES = 600_000_000
"""For feedd and its worker processes together, whatever all these servers do at once."""

GOOD = [f"good-{n}" for n in range(12)]

TLS_FAULTS = {
    "tls-expired": "certificate has expired",
    "tls-of-the-future": "not valid yet",
    "tls-of-another-host": "for another host",
    "tls-self-signed": "self-signed",
    "tls-of-an-old-version": "no version of TLS that is spoken here",
    "tls-where-there-is-none": "is not TLS",
    "tls-reset-in-the-handshake": "within the",
}
CONNECTION_FAULTS = {
    "reset-after-accept": "ended the connection",
    "nobody-listens": "connection refused",
    "no-such-name": "no host named",
}

WITH_PAGES = ', articles = "always"'
PAGES_PER_FEED = 20
"""So many pages a feed has at once on its first poll (rule 17)."""

needs_ipv6 = pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")


@dataclass(frozen=True)
class Pass:
    """What one pass over all feeds left behind."""

    exit_code: int
    stderr: str
    feeds: dict[str, dict[str, Any]]
    database: Path
    most_memory_bytes: int

    def error(self, feed: str) -> str:
        return self.feeds[feed]["last_error"] or ""


class MemoryWatch(threading.Thread):
    """Notes the most memory that a process and its descendants held at one time."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.most_bytes = 0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.05):
            self.most_bytes = max(self.most_bytes, tree_bytes(self._pid))

    def stop(self) -> None:
        self._over.set()
        self.join()


def tree_bytes(pid: int) -> int:
    process = Path(f"/proc/{pid}")
    try:
        pages = int((process / "statm").read_text().split()[1])
        children = "".join(p.read_text() for p in process.glob("task/*/children")).split()
    except (OSError, IndexError):  # it is gone
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(tree_bytes(int(child)) for child in children)


def old_tls(authority: Authority) -> ssl.SSLContext:
    context = authority.server("old")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def page_links(port: int) -> Iterator[list[str]]:
    """Every fault as an article's page, each on a host of its own, and one that is well: feed by
    feed.
    """
    names = ["good", *map(feed_name, FAULTS)]
    links = [f"http://127.1.0.{host}:{port}/{name}" for host, name in enumerate(names, 1)]
    for first in range(0, len(links), PAGES_PER_FEED):
        yield links[first : first + PAGES_PER_FEED]


def linking_to(links: Sequence[str]) -> bytes:
    items = "".join(f"<item><title>i</title><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def misbehave(server: Loopback) -> None:
    """Answer with every fault at its path."""
    for fault, made in FAULTS.items():
        server.on(f"/{feed_name(fault)}", made.answer)
    for hop in range(1, 12):
        server.on(f"/hop-{hop}", Reply(302, {"Location": f"/hop-{hop + 1}"}))


def serve(stack: ExitStack, authority: Authority) -> dict[str, str]:
    """Starts all servers; the feeds' URLs by name."""

    def loopback(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Loopback:
        server = stack.enter_context(Loopback(host, tls=tls))
        server.on("/feed", rss("one"))
        return server

    def secure(context: ssl.SSLContext) -> str:
        return f"https://localhost:{loopback(tls=context).port}/feed"

    def brusque(scheme: str, server: Brusque) -> str:
        return f"{scheme}://localhost:{stack.enter_context(server).port}/feed"

    hostile = loopback()
    misbehave(hostile)
    for name in GOOD:
        hostile.on(f"/{name}", rss(name))
    with Loopback() as gone:
        nobody = gone.url("/feed")
    urls = {name: hostile.url(f"/{name}") for name in [*GOOD, *map(feed_name, FAULTS)]}
    urls |= {
        "good-tls": secure(authority.server("good")),
        "tls-expired": secure(authority.server("expired", end="20200102000000Z")),
        "tls-of-the-future": secure(authority.server("future", start="20890101000000Z")),
        "tls-of-another-host": secure(authority.server("other", host="other.example")),
        "tls-self-signed": secure(authority.self_signed()),
        "tls-of-an-old-version": secure(old_tls(authority)),
        "tls-where-there-is-none": brusque(
            "https", Brusque(b"HTTP/1.1 400 Bad\r\n\r\n", listens=True)
        ),
        "tls-reset-in-the-handshake": brusque("https", Brusque(b"\x16\x03\x03\x00", listens=True)),
        "reset-after-accept": brusque("http", Brusque(listens=False)),
        "nobody-listens": nobody,
        "no-such-name": "http://no-such-host.invalid/feed",
    }
    everywhere = stack.enter_context(Loopback("0.0.0.0"))
    for number, links in enumerate(page_links(everywhere.port)):
        everywhere.on(f"/pages-{number}", linking_to(links))
        urls[f"pages-{number}"] = f"http://127.0.0.1:{everywhere.port}/pages-{number}"
    misbehave(everywhere)
    everywhere.on("/good", page("good"))
    if socket.has_ipv6:
        urls["good-ipv6"] = loopback("::1").url("/feed")
    return urls


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Pass:
    """One pass of `feedd poll` over everything."""
    folder = tmp_path_factory.mktemp("hostile")
    config = folder / "config.toml"
    feedd = [sys.executable, "-m", "feedd", "--config", str(config)]
    environment = {**os.environ, "SSL_CERT_FILE": str(authority.folder / "ca.pem")}
    with ExitStack() as stack:
        feeds = "".join(
            f'{name} = {{ url = "{url}"{WITH_PAGES if name.startswith("pages") else ""} }}\n'
            for name, url in serve(stack, authority).items()
        )
        config.write_text(
            '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
            f'timeout = "{TIMEOUT_S}s"\nper_host = 32\nmax_feed_size = "{LIMIT_BYTES}B"\n'
            f'max_article_size = "{LIMIT_BYTES}B"\narticle_pause = "0s"\n[feeds]\n{feeds}'
        )
        polling = subprocess.Popen(
            [*feedd, "poll", "--all"], stderr=subprocess.PIPE, text=True, env=environment
        )
        watch = MemoryWatch(polling.pid)
        watch.start()
        try:
            _, stderr = polling.communicate(timeout=OVER_WITHIN_S)
        finally:
            polling.kill()
            watch.stop()
    listed = subprocess.run([*feedd, "feeds", "--json"], capture_output=True, check=True)
    feeds_by_name = {feed["name"]: feed for feed in map(json.loads, listed.stdout.splitlines())}
    return Pass(polling.returncode, stderr, feeds_by_name, folder / "feedd.db", watch.most_bytes)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_hostile_answer_is_a_recorded_error_or_is_read_as_far_as_it_goes(
    passed: Pass, fault: str
) -> None:
    feed, made = feed_name(fault), FAULTS[fault]
    assert made.error in passed.error(feed)
    assert bool(made.error) == bool(passed.error(feed)), passed.error(feed)
    assert passed.feeds[feed]["items"] == made.items


@pytest.mark.parametrize("feed", [*TLS_FAULTS, *CONNECTION_FAULTS])
def test_a_connection_that_does_not_come_about_says_why(passed: Pass, feed: str) -> None:
    assert (TLS_FAULTS | CONNECTION_FAULTS)[feed] in passed.error(feed)
    assert passed.feeds[feed]["items"] == 0


@pytest.mark.parametrize("feed", [*GOOD, "good-tls", pytest.param("good-ipv6", marks=needs_ipv6)])
def test_feeds_among_hostile_ones_are_read(passed: Pass, feed: str) -> None:
    assert passed.error(feed) == ""
    assert passed.feeds[feed]["items"] == 1


def test_hostile_pages_of_articles_have_their_reasons_and_take_no_other_along(passed: Pass) -> None:
    with closing(sqlite3.connect(passed.database)) as db:
        told = dict(
            db.execute(
                "SELECT e.link, coalesce(a.error, a.note, q.error, 'read') FROM entries e"
                " LEFT JOIN articles a ON a.entry_id = e.id"
                " LEFT JOIN article_queue q ON q.entry_id = e.id WHERE e.link LIKE '%//127.1.%'"
            ).fetchall()
        )
    reasons = {link.rpartition("/")[2]: reason for link, reason in told.items()}
    assert reasons.pop("good") == "read"
    assert reasons.keys() == set(map(feed_name, FAULTS))
    assert not [reason for reason in reasons.values() if "worked off" in reason or "\n" in reason]
    refused = [name for name, made in FAULTS.items() if made.error and name not in DOCUMENTS]
    assert "read" not in [reasons[feed_name(fault)] for fault in refused]


def test_errors_are_short_lines_of_plain_text(passed: Pass) -> None:
    for feed in passed.feeds:
        error = passed.error(feed)
        assert len(error) < 500, feed
        assert not [c for c in error if unicodedata.category(c) in ("Cc", "Cf", "Cs")], feed
    assert "Traceback" not in passed.stderr
    assert "a bug" not in passed.stderr
    assert passed.exit_code == 1


def test_errors_are_in_no_words_of_programmers(passed: Pass) -> None:
    told = [*passed.stderr.splitlines()]
    told += [
        words for feed in passed.feeds.values() for words in (feed["last_error"], feed["notes"])
    ]
    with closing(sqlite3.connect(passed.database)) as db:
        told += [
            words
            for row in db.execute(
                "SELECT error, reason FROM polls UNION ALL SELECT error, note FROM articles"
                " UNION ALL SELECT error, NULL FROM article_queue"
            )
            for words in row
        ]
    assert len(told) > 2 * len(FAULTS)
    assert [words for words in told if words and programmers_words(words)] == []


def test_all_of_them_at_once_stay_within_their_memory(passed: Pass) -> None:
    assert 0 < passed.most_memory_bytes < MEMORY_BYTES


def test_what_they_left_in_the_database_is_sound(passed: Pass) -> None:
    assert check(passed.database) == []
    with closing(sqlite3.connect(passed.database)) as db:
        written = "\n".join(db.iterdump())
        longest = db.execute("SELECT max(length(title)) FROM entries").fetchone()[0]
    assert "root:" not in written
    assert "hahaha" not in written
    assert longest <= 1_000
