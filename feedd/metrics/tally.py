"""What one process has done since it started. Counts only grow; a restart begins at zero."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct, field

from feedd.model import Article
from feedd.poller.recorder import PollReport

PollResult = Literal["new", "same", "not-modified", "failed"]

BOUNDS_S: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the classes in which durations are counted; one more has no bound."""


class Durations(Struct):
    """How many took how long: `counts` by the classes of `BOUNDS_S`, and all of it in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    sum_s: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.sum_s += seconds


class Tally(Struct):
    """The counts. `since` is when the process started, in epoch seconds; `received_bytes` as
    transferred, in polls.
    """

    since: float
    polls: dict[PollResult, int] = field(
        default_factory=lambda: {"new": 0, "same": 0, "not-modified": 0, "failed": 0}
    )
    durations: Durations = field(default_factory=Durations)
    received_bytes: int = 0
    pushes: int = 0
    items_new: int = 0
    items_changed: int = 0
    articles_stored: int = 0
    articles_failed: int = 0
    task_errors: Mapping[str, int] = field(default_factory=dict)

    def polled(self, report: PollReport) -> None:
        """A feed was polled, or a hub has pushed."""
        self.items_new += report.new
        self.items_changed += report.changed
        if report.pushed:
            self.pushes += 1
            return
        self.polls[result_of(report)] += 1
        self.durations.add(report.duration_ms / 1000)
        self.received_bytes += report.bytes

    def cleaned(self, article: Article) -> None:
        """An article's page was visited; one that failed may be tried again."""
        if article.error is None:
            self.articles_stored += 1
        else:
            self.articles_failed += 1


def result_of(report: PollReport) -> PollResult:
    """What a poll came to: `new` when it brought new or changed items, `same` when the document
    held nothing of the kind.
    """
    if report.error is not None:
        return "failed"
    if report.new or report.changed:
        return "new"
    return "not-modified" if report.status == 304 else "same"
