"""The figures as Prometheus reads them: its text exposition format, version 0.0.4."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final, get_args

from prometheus_client import generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from feedd import __version__
from feedd.metrics.tally import BOUNDS_S, Tally
from feedd.model import FeedHealth
from feedd.store.measurements import FeedFigures, Figures

STATES: Final = tuple(state for state in get_args(FeedHealth) if state != "removed")


def exposition(tally: Tally, figures: Figures, now: float, *, network_up: bool) -> str:
    """All metrics; `now` in epoch seconds."""

    class Everything(Collector):
        def collect(self) -> Iterable[Metric]:
            yield from _process(tally, network_up=network_up)
            yield from _database(figures)
            yield from _feeds(figures.feeds, now)

    return generate_latest(Everything()).decode()


def _process(tally: Tally, *, network_up: bool) -> Iterator[Metric]:
    yield InfoMetricFamily(
        "feedd_build",
        "What runs.",
        {"version": __version__, "python": platform.python_version()},
    )
    yield GaugeMetricFamily(
        "process_start_time_seconds", "When the daemon started, in epoch seconds.", tally.since
    )
    yield GaugeMetricFamily("feedd_network_up", "0 while no feed can be reached.", int(network_up))
    yield _counter("feedd_polls", "Polls that were stored.", "result", tally.polls.items())
    yield HistogramMetricFamily(
        "feedd_poll_duration_seconds",
        "How long a poll took, from the request to the last byte.",
        buckets=list(
            zip(
                [*map(str, BOUNDS_S), "+Inf"],
                accumulate(map(float, tally.durations.counts)),
                strict=True,
            )
        ),
        sum_value=tally.durations.sum_s,
    )
    yield CounterMetricFamily(
        "feedd_received_bytes", "Bytes of feeds, as transferred.", tally.received_bytes
    )
    yield CounterMetricFamily("feedd_pushes", "What hubs pushed, and was stored.", tally.pushes)
    items = {"new": tally.items_new, "changed": tally.items_changed}
    yield _counter(
        "feedd_items_found", "Items that polls and pushes brought.", "kind", items.items()
    )
    yield _counter(
        "feedd_task_errors",
        "Errors that background tasks met and went on from.",
        "task",
        tally.task_errors.items(),
    )
    articles = {"stored": tally.articles_stored, "failed": tally.articles_failed}
    yield _counter(
        "feedd_articles",
        "Visits to pages of articles; failed ones may be repeated.",
        "result",
        articles.items(),
    )


def _database(figures: Figures) -> Iterator[Metric]:
    for name, what, value in (
        ("feedd_feeds_due", "Feeds whose next poll is due.", figures.feeds_due),
        ("feedd_pages_due", "Article pages in the queue that may be fetched.", figures.pages_due),
        ("feedd_pages_waiting", "Article pages to be tried again later.", figures.pages_waiting),
        ("feedd_items", "Items in the database.", figures.items),
        ("feedd_database_bytes", "Size of the database.", figures.sizes.database_bytes),
        ("feedd_database_log_bytes", "Size of its write-ahead log.", figures.sizes.log_bytes),
        ("feedd_database_free_bytes", "Unused space in it.", figures.sizes.free_bytes),
    ):
        yield GaugeMetricFamily(name, what, value)


def _feeds(feeds: Iterable[FeedFigures], now: float) -> Iterator[Metric]:
    states = Counter(feed.state for feed in feeds)
    by_state = GaugeMetricFamily("feedd_feeds", "Feeds in the file, by health.", labels=["state"])
    for state in STATES:
        by_state.add_metric([state], states[state])
    since = GaugeMetricFamily(
        "feedd_feed_seconds_since_success",
        "Seconds since the feed was last polled with success; missing where it never was.",
        labels=["feed"],
    )
    failures = GaugeMetricFamily(
        "feedd_feed_failures", "Polls that failed since the last success.", labels=["feed"]
    )
    for feed in feeds:
        if feed.state == "disabled":
            continue
        failures.add_metric([feed.name], feed.failures)
        if feed.last_success is not None:
            since.add_metric([feed.name], max(0.0, now - feed.last_success))
    return iter((by_state, since, failures))


def _counter(
    name: str, what: str, label: str, counts: Iterable[tuple[str, int]]
) -> CounterMetricFamily:
    family = CounterMetricFamily(name, what, labels=[label])
    for value, count in counts:
        family.add_metric([value], count)
    return family
