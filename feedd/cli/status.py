"""What `feedd status` shows: the daemon, counts, sizes, the last errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from feedd.terminal import gate
from feedd.units import age, format_size, rfc3339

if TYPE_CHECKING:
    from feedd.model import Config, FeedState
    from feedd.store.upkeep import Stats

ERRORS_SHOWN = 5


def status_record(
    config: Config, pid: int | None, stats: Stats, feeds: Sequence[FeedState]
) -> Mapping[str, Any]:
    """The JSON object."""
    polled = [feed for feed in feeds if feed.state != "removed"]
    return {
        "daemon_pid": pid,
        "config": str(config.path),
        "database": str(config.settings.database),
        "database_bytes": stats.database_bytes,
        "feeds": stats.feeds,
        "failing": sum(feed.state == "failing" for feed in polled),
        "items": stats.items,
        "unread": stats.unread,
        "starred": stats.starred,
        "articles": stats.articles,
        "pages_waiting": stats.pages_waiting,
        "last_poll": rfc3339(_latest(feed.last_poll for feed in polled)),
        "next_poll": rfc3339(_next(polled)),
        "errors": [
            {"feed": feed.name, "at": rfc3339(feed.last_poll), "error": feed.last_error}
            for feed in _failed(polled)
        ],
    }


def report_lines(
    config: Config, pid: int | None, stats: Stats, feeds: Sequence[FeedState], now: int
) -> Iterator[str]:
    """The same for a person."""
    polled = [feed for feed in feeds if feed.state != "removed"]
    yield f"daemon: {f'running (process {pid})' if pid else 'not running; feedd run starts it'}"
    yield f"config: {gate(str(config.path))}"
    size = format_size(stats.database_bytes)
    yield f"database: {gate(str(config.settings.database))} ({size})"
    yield f"feeds: {stats.feeds:,}{_states(polled)}"
    yield (
        f"items: {stats.items:,}, {stats.unread:,} unread, {stats.starred:,} starred,"
        f" {stats.articles:,} with their article"
    )
    if stats.pages_waiting:
        yield f"articles to fetch: {stats.pages_waiting:,}"
    last = _latest(feed.last_poll for feed in polled)
    if last is not None:
        yield f"last poll: {age(max(0, now - last))} ago"
    following = _next(polled)
    if following is not None:
        yield f"next poll: {f'in {age(following - now)}' if following > now else 'due now'}"
    failed = _failed(polled)
    if failed:
        yield "last errors:"
    for feed in failed[:ERRORS_SHOWN]:
        when = age(max(0, now - (feed.last_poll or now)))
        yield f"  {gate(feed.name)}, {when} ago: {gate(feed.last_error or '')}"
    if len(failed) > ERRORS_SHOWN:
        yield f"  and {len(failed) - ERRORS_SHOWN} more; feedd feeds --unhealthy shows them"


def _states(feeds: Sequence[FeedState]) -> str:
    counts = {
        state: sum(feed.state == state for feed in feeds)
        for state in ("failing", "gone", "new", "disabled")
    }
    said = [f"{count} {state}" for state, count in counts.items() if count]
    return f" ({', '.join(said)})" if said else ""


def _failed(feeds: Sequence[FeedState]) -> list[FeedState]:
    failed = [feed for feed in feeds if feed.last_error]
    return sorted(failed, key=lambda feed: feed.last_poll or 0, reverse=True)


def _latest(times: Iterator[int | None]) -> int | None:
    return max((time for time in times if time is not None), default=None)


def _next(feeds: Sequence[FeedState]) -> int | None:
    return min((f.next_poll for f in feeds if f.next_poll is not None), default=None)
