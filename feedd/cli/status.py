"""What `feedd status` shows: the daemon, counts, sizes, the last errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from feedd.cli.context import Context
from feedd.cli.options import json_option
from feedd.terminal import gate
from feedd.units import age, format_size, number_of, rfc3339

if TYPE_CHECKING:
    from feedd.model import Config, FeedHealth, FeedState, TaskTrouble
    from feedd.store.measurements import FeedTotals, Stats

ERRORS_SHOWN = 5
SHOWN_STATES: tuple[FeedHealth, ...] = ("failing", "gone", "new", "disabled")


def status_record(
    config: Config,
    pid: int | None,
    stats: Stats,
    feeds: FeedTotals,
    *,
    troubles: Sequence[TaskTrouble] = (),
    unconfined: Sequence[str] = (),
) -> Mapping[str, Any]:
    """The JSON object. `troubles` are those of the daemon's background tasks; `unconfined` is what
    this machine lacks of `feedd.workers.sandbox`.
    """
    return {
        "daemon_pid": pid,
        "config": str(config.path),
        "database": str(config.settings.database),
        "database_bytes": stats.sizes.database_bytes,
        "log_bytes": stats.sizes.log_bytes,
        "metrics": _metrics(config),
        "workers_unconfined": list(unconfined),
        "feeds": stats.feeds,
        **{state: feeds.states.get(state, 0) for state in SHOWN_STATES},
        "due": feeds.due,
        "items": stats.items,
        "unread": stats.unread,
        "starred": stats.starred,
        "articles": stats.articles,
        "pages_waiting": stats.pages_waiting,
        "last_poll": rfc3339(feeds.last_poll),
        "next_poll": rfc3339(feeds.next_poll),
        "errors": [
            {
                "feed": feed.name,
                "at": rfc3339(feed.last_poll),
                "error": feed.last_error,
                "last_success": rfc3339(feed.last_success),
            }
            for feed in feeds.failed
        ],
        "tasks": [{**asdict(one), "since": rfc3339(one.since)} for one in troubles],
    }


def report_lines(
    config: Config,
    pid: int | None,
    stats: Stats,
    feeds: FeedTotals,
    now: int,
    *,
    troubles: Sequence[TaskTrouble] = (),
    unconfined: Sequence[str] = (),
) -> Iterator[str]:
    """The same for a person."""
    yield f"daemon: {f'running (process {pid})' if pid else 'not running; feedd run starts it'}"
    for t in troubles:
        times = "" if t.count == 1 else f", {t.count:,} times"
        since = age(max(0, now - t.since))
        yield f"  failing for {since}{times}: {gate(t.task)}: {gate(t.error)}"
    yield f"config: {gate(str(config.path))}"
    size = format_size(stats.sizes.database_bytes + stats.sizes.log_bytes)
    yield f"database: {gate(str(config.settings.database))} ({size})"
    yield f"feeds: {stats.feeds:,}{_states(feeds.states)}"
    yield (
        f"items: {stats.items:,}, {stats.unread:,} unread, {stats.starred:,} starred,"
        f" {stats.articles:,} with their article"
    )
    if stats.pages_waiting:
        yield f"articles to fetch: {stats.pages_waiting:,}"
    if feeds.last_poll is not None:
        yield f"last poll: {age(max(0, now - feeds.last_poll))} ago"
    if feeds.next_poll is not None:
        waiting = f"due now ({number_of(feeds.due, 'feed')})"
        yield f"next poll: {waiting if feeds.due else f'in {age(feeds.next_poll - now)}'}"
    if metrics := _metrics(config):
        yield f"metrics: {gate(metrics)}"
    if unconfined:
        yield f"workers: less confined, this machine has no {' and no '.join(unconfined)}"
    failed = feeds.failed
    if failed:
        yield "last errors:"
    for feed in failed[:ERRORS_SHOWN]:
        when = age(max(0, now - (feed.last_poll or now)))
        yield f"  {gate(feed.name)}, {when} ago: {gate(feed.last_error or '')}{_since(feed, now)}"
    if len(failed) > ERRORS_SHOWN:
        yield f"  and {len(failed) - ERRORS_SHOWN} more; feedd feeds --unhealthy shows them"


def _states(counts: Mapping[FeedHealth, int]) -> str:
    said = [f"{count} {state}" for state in SHOWN_STATES if (count := counts.get(state))]
    return f" ({', '.join(said)})" if said else ""


def _since(feed: FeedState, now: int) -> str:
    if feed.last_success is None:
        return " (never read)"
    return f" (last read {age(max(0, now - feed.last_success))} ago)"


def _metrics(config: Config) -> str | None:
    target = config.settings.metrics
    if isinstance(target, tuple):
        host, port = target
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/metrics"
    return None if target is None else str(target)


@click.command("status")
@json_option
@click.pass_obj
def status_command(context: Context, as_json: bool) -> None:
    """Is the daemon alive; how much is stored; what went wrong last."""
    from feedd.store.daemon_lock import daemon_pid
    from feedd.store.measurements import feed_totals, stats, task_troubles
    from feedd.workers.sandbox import missing

    config = context.config()
    pid = daemon_pid(config.settings.database)
    db = context.reader()
    now = context.now()
    facts = (config, pid, stats(db), feed_totals(db, now))
    troubles = task_troubles(db) if pid else []
    unconfined = missing()
    if as_json:
        context.emit_json(status_record(*facts, troubles=troubles, unconfined=unconfined))
        return
    for line in report_lines(*facts, now, troubles=troubles, unconfined=unconfined):
        indent = len(line) - len(line.lstrip(" ")) + 2
        for part in context.fold(line, indent=indent):
            context.out(part)
