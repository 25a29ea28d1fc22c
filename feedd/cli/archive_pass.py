"""`feedd poll --history`: through one feed's whole archive, as far as it goes at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedd.cli.context import Context, Progress
from feedd.model import ArchiveRead, Config, FeedState
from feedd.terminal import gate
from feedd.units import format_duration, format_size, number_of

if TYPE_CHECKING:
    from feedd.poller.engine import Engine
    from feedd.poller.recorder import PollReport
    from feedd.poller.relocate.archive_reader import ArchiveReport


async def read_history(ctx: Context, config: Config, name: str, *, as_json: bool) -> int:
    """Fetch the archive of one feed, say what came of it; returns the exit code."""
    from feedd.poller.engine import open_engine
    from feedd.store import feeds as feed_store
    from feedd.store import recovery

    reports: list[ArchiveReport] = []
    with Progress(quiet=ctx.quiet) as progress:

        def came(report: ArchiveReport) -> None:
            reports.append(report)
            progress.update(f"{len(reports)} documents of the archive read")

        async with open_engine(config) as engine:
            (state,) = await engine.store.call(feed_store.feed_states, [name])
            error = await _begun(engine, state)
            if error is None:
                await engine.archives.read_history(name, came)
                error = next((each.error for each in reports if each.error), None)
            left = await engine.store.call(recovery.history_read, name)
    new = sum(report.new for report in reports)
    size = sum(report.bytes for report in reports)
    if as_json:
        ctx.emit_json(
            {
                "feed": name,
                "documents": len(reports),
                "new": new,
                "bytes": size,
                "complete": left is None and error is None,
                "error": error,
            }
        )
    if error is not None:
        ctx.complain(f"{gate(name)}: {gate(error)}")
    more = "; the same command goes on from here" if left is not None else ""
    if reports:
        documents = number_of(len(reports), "document")
        ctx.say(
            f"{gate(name)}: {documents} of its archive read ({format_size(size)}),"
            f" {new} new, stored as read{more}"
        )
    return 1 if error is not None else 0


async def _begun(engine: Engine, state: FeedState) -> str | None:
    """Begin or resume the reading; returns why that can't be."""
    from feedd.poller.relocate.archive_reader import HISTORY_DOCUMENTS, first_page
    from feedd.store import recovery

    now = int(engine.clock())
    started = await engine.store.call(recovery.history_read, state.name)
    wait_until = max(state.not_before or 0, started.due if started else 0)
    if wait_until > now:
        return f"asked to wait {format_duration(wait_until - now)} more"
    if started is None:
        report = await _polled(engine, state)
        if report is None or report.error is not None:
            return report.error if report else "it is not polled at the moment"
        url = report.archive_url
        place = url or first_page(state.active_url)
        started = ArchiveRead(state.id, state.name, place, "history", 0, now, paged=url is None)
    await engine.store.call(recovery.begin_archive, replace(started, left=HISTORY_DOCUMENTS))
    return None


async def _polled(engine: Engine, state: FeedState) -> PollReport | None:
    """Poll once, for the whole document: it says where the archive is."""
    whole = replace(state, last_full=None, body_hash=None, items=b"")
    batch = await engine.poller.submit([whole], blame_network=False).finished()
    return batch.reports[0] if batch.reports else None
