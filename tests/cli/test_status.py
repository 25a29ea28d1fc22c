"""`feedd status`: what a person and a script are told of the whole."""

from __future__ import annotations

from pathlib import Path

from feedd.cli.status import report_lines, status_record
from feedd.configfile import parse
from feedd.model import FeedState
from feedd.store.measurements import FeedTotals, Sizes, Stats
from feedd.units import DAY_S, HOUR_S
from tests.cli.conftest import Call

NOW = 1_800_000_000
CONFIG = parse('[feedd]\ndatabase = "own.db"\nmetrics = "[::1]:9500"\n', Path("/there/config.toml"))
STATS = Stats(
    feeds=4,
    items=1200,
    unread=30,
    starred=2,
    articles=500,
    pages_waiting=3,
    documents=1700,
    superseded=0,
    sizes=Sizes(database_bytes=2_000_000, log_bytes=500_000, free_bytes=0),
)


def feed(name: str, **more: object) -> FeedState:
    values = {"state": "ok", "last_poll": NOW - HOUR_S, "next_poll": NOW + HOUR_S, **more}
    url = f"https://{name}.example/"
    return FeedState(1, name, url, url, **values)  # type: ignore[arg-type]


SICK = feed("sick", state="failing", last_error="http \x1b[31m500", last_success=NOW - 3 * DAY_S)
LOST = feed("lost", state="gone", next_poll=None, last_error="410 Gone")
FEEDS = FeedTotals(
    states={"ok": 2, "failing": 1, "gone": 1},
    due=1,
    last_poll=NOW - HOUR_S,
    next_poll=NOW - 60,
    failed=(SICK, LOST),
)


def test_a_person_is_told_of_sizes_queues_states_and_the_last_errors() -> None:
    lines = list(report_lines(CONFIG, 42, STATS, FEEDS, NOW))
    for told in (
        "daemon: running (process 42)",
        "database: /there/own.db (2.5 MB)",
        "feeds: 4 (1 failing, 1 gone)",
        "articles to fetch: 3",
        "next poll: due now (1 feed)",
        "metrics: http://[::1]:9500/metrics",
        "  sick, 1h ago: http 500 (last read 3d ago)",
        "  lost, 1h ago: 410 Gone (never read)",
    ):
        assert told in lines


def test_where_the_kernel_lets_workers_do_more_than_they_should_it_is_said() -> None:
    lacking = ["landlock", "seccomp"]
    said = list(report_lines(CONFIG, 42, STATS, FEEDS, NOW, unconfined=lacking))
    assert "workers: less confined, this machine has no landlock and no seccomp" in said
    assert (
        status_record(CONFIG, 42, STATS, FEEDS, unconfined=lacking)["workers_unconfined"] == lacking
    )
    without = report_lines(CONFIG, 1, STATS, FeedTotals({}), NOW)
    assert not any(line.startswith("workers") for line in without)


def test_a_script_is_told_the_same() -> None:
    record = status_record(CONFIG, None, STATS, FEEDS)
    assert {name: record[name] for name in ("failing", "gone", "new", "disabled", "due")} == {
        "failing": 1,
        "gone": 1,
        "new": 0,
        "disabled": 0,
        "due": 1,
    }
    assert (record["database_bytes"], record["log_bytes"]) == (2_000_000, 500_000)
    assert record["metrics"] == "http://[::1]:9500/metrics"
    assert record["errors"][0]["last_success"] == "2027-01-12T08:00:00Z"


def test_without_errors_due_feeds_or_metrics_nothing_is_said_of_them(call: Call) -> None:
    Path("config.toml").write_text('[feedd]\ndatabase = "own.db"\n')
    call("poll")
    said = call("status")
    assert said.code == 0
    assert "not running" in said.lines[0]
    assert not any(line.startswith(("metrics", "last errors", "next poll")) for line in said.lines)
