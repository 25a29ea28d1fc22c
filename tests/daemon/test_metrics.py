"""Metrics as a monitoring system meets them: scraped from the real daemon, or in its file."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import stat
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from feedd.listener import MAX_CONNECTIONS
from tests.daemon.conftest import Place, eventually
from tests.loopback import Reply
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def series(text: str) -> Series:
    """Every sample by its name and labels; fails on what Prometheus would not read."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ports(place: Place) -> list[int]:
    """Where the daemon has listened for scrapes, in order."""
    log = place.log.read_text() if place.log.exists() else ""
    return [int(port) for port in re.findall(r"metrics at /metrics on \S+ port (\d+)", log)]


def ask(port: int, path: str = "/metrics", method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    return connection.getresponse()


def scrape(place: Place) -> Series:
    response = ask(ports(place)[-1])
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return series(response.read().decode())


def served(place: Place) -> None:
    """Configure any free port."""
    place.settings += 'metrics = "127.0.0.1:0"\n'
    place.write()


def test_a_scrape_tells_what_was_polled_and_how_each_feed_does(place: Place) -> None:
    place.feed("good", rss("one", "two"))
    place.feed("bad", Reply(500))
    place.feeds['"odd \\"name\\" \\\\ } 0"'] = place.loopback.url("/good")
    served(place)
    daemon = place.start()
    eventually(
        lambda: ports(place) and scrape(place)[("feedd_polls_total", (("result", "new"),))] == 2,
        "the polls are counted",
    )
    eventually(
        lambda: scrape(place)[("feedd_feeds", (("state", "failing"),))] == 1,
        "the failure is counted",
    )
    found = scrape(place)
    assert found[("feedd_polls_total", (("result", "failed"),))] == 1
    assert found[("feedd_items_found_total", (("kind", "new"),))] == 4
    assert found[("feedd_poll_duration_seconds_count", ())] == 3
    assert found[("feedd_items", ())] == 4
    assert found[("feedd_feeds_due", ())] == 0
    assert found[("feedd_database_bytes", ())] > 0
    assert found[("feedd_feed_failures", (("feed", "bad"),))] == 1
    assert 0 <= found[("feedd_feed_seconds_since_success", (("feed", 'odd "name" \\ } 0'),))] < 60
    assert ("feedd_feed_seconds_since_success", (("feed", "bad"),)) not in found
    assert place.stop(daemon) == 0


def test_no_address_and_no_secret_is_told(place: Place) -> None:
    place.loopback.on("/a?token=hush", rss("one"))
    place.feeds["a"] = place.loopback.url("/a?token=hush")
    served(place)
    place.start()
    eventually(lambda: place.titles() and ports(place), "the feed is stored")
    text = ask(ports(place)[-1]).read().decode()
    assert 'feed="a"' in text
    for told in ("hush", "127.0.0.1", str(place.folder)):
        assert told not in text


def test_nothing_but_get_metrics_is_answered(place: Place) -> None:
    place.feed("a", rss("one"))
    served(place)
    place.start()
    eventually(lambda: ports(place), "the daemon listens")
    port = ports(place)[-1]
    assert ask(port, "/").status == 404
    assert ask(port, "/metrics/../config.toml").status == 404
    refused = ask(port, method="POST")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as rude:
        rude.sendall(b"\x16\x03\x01 no http at all\r\n\r\n")
        assert rude.recv(100).startswith(b"HTTP/1.1 400 ")


def test_idle_callers_are_bounded_and_stop_neither_polls_nor_the_end(place: Place) -> None:
    place.feed("a", rss("one"))
    served(place)
    daemon = place.start()
    eventually(lambda: ports(place), "the daemon listens")
    port = ports(place)[-1]
    idle = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(MAX_CONNECTIONS)]
    with socket.create_connection(("127.0.0.1", port), 10) as one_more:
        assert one_more.recv(1) == b""
    eventually(lambda: place.titles() == ["Item one"], "the feed is polled all the same")
    idle.pop().close()
    eventually(lambda: _answered(port), "a place is free again")
    assert place.stop(daemon) == 0
    for connection in idle:
        connection.close()


def _answered(port: int) -> bool:
    try:
        return ask(port).status == 200
    except OSError:
        return False


def test_the_file_is_written_whole_for_others_to_read_and_last_at_the_end(place: Place) -> None:
    path = place.folder / "feedd.prom"
    place.settings += f'metrics = "{path}"\n'
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    eventually(path.exists, "the file is written")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert place.stop(daemon) == 0
    found = series(path.read_text())
    assert found[("feedd_polls_total", (("result", "new"),))] == 1
    assert not list(place.folder.glob(".feedd.prom*"))


def test_a_reload_moves_the_metrics_and_goes_on_counting(place: Place) -> None:
    path = place.folder / "feedd.prom"
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    assert not ports(place)
    settings = place.settings
    served(place)
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: ports(place), "the daemon listens after a reload")
    assert scrape(place)[("feedd_polls_total", (("result", "new"),))] == 1
    place.settings = f'{settings}metrics = "{path}"\n'
    place.write()
    daemon.send_signal(signal.SIGHUP)
    eventually(path.exists, "the file is written after another")
    assert series(path.read_text())[("feedd_polls_total", (("result", "new"),))] == 1
    with pytest.raises(ConnectionRefusedError):
        ask(ports(place)[-1])
    assert len(place.loopback.seen) == 1


def test_a_port_in_use_and_a_missing_folder_are_warnings_and_feeds_are_polled(
    place: Place,
) -> None:
    place.feed("a", rss("one"))
    settings = place.settings
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place.settings = f'{settings}metrics = "127.0.0.1:{port}"\n'
        place.write()
        daemon = place.start()
        eventually(lambda: place.lines(f"no metrics on 127.0.0.1 port {port}"), "it is said")
        eventually(place.titles, "the feed is stored")
    assert "address already in use" in place.log.read_text()
    place.settings = f'{settings}metrics = "{place.folder}/missing/feedd.prom"\n'
    place.write()
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: place.lines("no metrics in "), "it is said again")
    assert place.stop(daemon) == 0
    assert place.lines("Traceback") == 0
    assert place.lines("no metrics in ") == 2, "once, and once more in the debug log at the end"


def test_without_metrics_the_daemon_loads_no_library_for_them() -> None:
    program = "import sys, feedd.daemon; print('prometheus_client' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"
