"""The figures as Prometheus reads them, read back by its own parser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from feedd.metrics.exposition import exposition
from feedd.metrics.tally import BOUNDS_S, Tally
from feedd.model import Article
from feedd.poller.recorder import PollReport
from feedd.store.measurements import FeedFigures, Figures, Sizes

NOW = 1_800_000_000
NOTHING = Figures((), 0, 0, 0, 0, Sizes(0, 0, 0))


def read(tally: Tally, figures: Figures = NOTHING) -> list[Sample]:
    text = exposition(tally, figures, NOW, network_up=True)
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def value(samples: list[Sample], name: str, **labels: str) -> float:
    (found,) = [each.value for each in samples if each.name == name and each.labels == labels]
    return float(found)


@pytest.mark.parametrize(
    ("report", "result"),
    [
        (PollReport("a", 200, new=1), "new"),
        (PollReport("a", 200, changed=1), "new"),
        (PollReport("a", 200), "same"),
        (PollReport("a", 304), "not-modified"),
        (PollReport("a", 500, error="the server failed"), "failed"),
        (PollReport("a", None, error="no such name"), "failed"),
    ],
)
def test_each_poll_counts_once_by_what_it_came_to(report: PollReport, result: str) -> None:
    tally = Tally(since=NOW)
    tally.polled(replace(report, duration_ms=300, bytes=1000))
    samples = read(tally)
    for each in ("new", "same", "not-modified", "failed"):
        assert value(samples, "feedd_polls_total", result=each) == (each == result)
    assert value(samples, "feedd_items_found_total", kind="new") == report.new
    assert value(samples, "feedd_items_found_total", kind="changed") == report.changed
    assert value(samples, "feedd_received_bytes_total") == 1000
    assert value(samples, "feedd_poll_duration_seconds_sum") == 0.3
    assert value(samples, "feedd_poll_duration_seconds_bucket", le="0.25") == 0
    assert value(samples, "feedd_poll_duration_seconds_bucket", le="0.5") == 1


def test_a_push_brings_items_and_is_no_poll() -> None:
    tally = Tally(since=NOW)
    tally.polled(PollReport("a", 200, new=2, pushed=True))
    samples = read(tally)
    assert value(samples, "feedd_pushes_total") == 1
    assert value(samples, "feedd_items_found_total", kind="new") == 2
    assert value(samples, "feedd_poll_duration_seconds_count") == 0


@given(st.lists(st.integers(0, 10**6), max_size=50))
def test_every_duration_is_in_one_class_and_the_last_class_holds_them_all(ms: list[int]) -> None:
    tally = Tally(since=NOW)
    for duration_ms in ms:
        tally.polled(PollReport("a", 304, duration_ms=duration_ms))
    samples = read(tally)
    buckets = [each for each in samples if each.name == "feedd_poll_duration_seconds_bucket"]
    for bucket in buckets:
        assert bucket.value == sum(each / 1000 <= float(bucket.labels["le"]) for each in ms)
    assert [float(bucket.labels["le"]) for bucket in buckets] == [*BOUNDS_S, float("inf")]
    assert value(samples, "feedd_poll_duration_seconds_count") == len(ms)


def test_articles_count_by_what_became_of_them() -> None:
    tally = Tally(since=NOW)
    for error in (None, "http 404", None):
        tally.cleaned(Article("https://example.org/1", error=error))
    samples = read(tally)
    assert value(samples, "feedd_articles_total", result="stored") == 2
    assert value(samples, "feedd_articles_total", result="failed") == 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), unique=True))
def test_a_feeds_name_is_nothing_but_a_label_whatever_is_in_it(names: list[str]) -> None:
    feeds = tuple(FeedFigures(name, "ok", 0, NOW - 60, NOW) for name in names)
    samples = read(Tally(since=NOW), replace(NOTHING, feeds=feeds))
    shown = [each for each in samples if each.name == "feedd_feed_seconds_since_success"]
    assert [each.labels for each in shown] == [{"feed": name} for name in names]
    assert all(each.value == 60 for each in shown)
    assert value(samples, "feedd_feeds", state="ok") == len(names)


def test_a_feed_tells_how_it_does_and_a_disabled_one_nothing() -> None:
    feeds = (
        FeedFigures("fine", "ok", 0, NOW - 5, NOW + 60),
        FeedFigures("ahead", "ok", 0, NOW + 90, NOW + 60),
        FeedFigures("broken", "failing", 3, None, NOW + 60),
        FeedFigures("off", "disabled", 7, NOW - 5, None),
    )
    samples = read(Tally(since=NOW), replace(NOTHING, feeds=feeds))
    since = {
        each.labels["feed"]: each.value
        for each in samples
        if each.name == "feedd_feed_seconds_since_success"
    }
    assert since == {"fine": 5, "ahead": 0}
    failures = {
        each.labels["feed"]: each.value for each in samples if each.name == "feedd_feed_failures"
    }
    assert failures == {"fine": 0, "ahead": 0, "broken": 3}
    states = {each.labels["state"]: each.value for each in samples if each.name == "feedd_feeds"}
    assert states == {"ok": 2, "new": 0, "failing": 1, "gone": 0, "disabled": 1}


def test_every_metric_is_described_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
    described = {
        name
        for row in re.findall(r"^\| (`.+?`) \|", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)", row)
    }
    text = exposition(Tally(since=NOW), NOTHING, NOW, network_up=True)
    assert described == set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
