"""`R`: the feeds of a shelf are asked now; by the daemon where one runs, else by a process of
`feedd poll`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct, field

from feedd.cli.tui.unwritten_marks import is_busy
from feedd.errors import FeeddError, StoreError
from feedd.store.daemon_lock import daemon_pid
from feedd.store.sqlite import BUSY_TIMEOUT_S
from feedd.units import format_duration, number_of

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from feedd.cli.tui.window import Window
    from feedd.model import FeedState

LOOK_S = 0.5
DAEMON_PATIENCE_S = 120.0
"""How long the daemon's progress is followed; it goes on after that."""
NAMED_FAILURES = 3
MAX_LINE_BYTES = 1_000_000
REASON = "asked for in feedd read"


class _Counts(Struct):
    """What came of the feeds so far."""

    expected: int
    asked: int = 0
    new: int = 0
    goes_on: bool = False
    failed: list[str] = field(default_factory=list)

    def add(self, feed: str, new: int, error: str | None) -> None:
        self.asked += 1
        self.new += new
        if error is not None:
            self.failed.append(f"{feed} ({error})")

    @property
    def summary(self) -> str:
        said = f"Refreshed {number_of(self.asked, 'feed')}: {number_of(self.new, 'new item')}"
        if self.failed:
            named = "; ".join(self.failed[:NAMED_FAILURES])
            more = ", …" if len(self.failed) > NAMED_FAILURES else ""
            said += f", {len(self.failed):,} failed: {named}{more}"
        if self.asked < self.expected and not self.goes_on:
            said += f"; {self.expected - self.asked:,} not asked (feedd why NAME says why)"
        return said


class Refresher:
    """One refresh at a time."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._process: Process | None = None
        self._busy = False

    def begin(self) -> None:
        """Ask the feeds of the shelf in view."""
        shelf = self._window.shelves.shelf
        if self._busy or shelf is None:
            self._window.status.note("A refresh is under way.")
            return
        config = self._window.library.config
        enabled = [name for name, feed in config.feeds.items() if feed.enabled]
        names = [name for name in enabled if shelf.feeds is None or name in set(shelf.feeds)]
        if not names:
            self._window.status.note("No feed here is asked: see the configuration file.")
            return
        self._busy = True
        self._window.status.show_progress("refreshing …")
        self._window.run_worker(self._refresh(names, every=names == enabled))

    def stop(self) -> None:
        """End the process that asks, where one does: what it has stored stays."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    async def _refresh(self, names: Sequence[str], *, every: bool) -> None:
        status = self._window.status
        try:
            if daemon_pid(self._window.library.config.settings.database) is not None:
                said = await self._through_the_daemon(names)
            else:
                said = await self._by_a_process(names, every=every)
        except (FeeddError, OSError) as error:
            said = f"The refresh failed: {error}"
        finally:
            self._busy = False
            status.show_progress("")
        status.note(said, stays=True)

    def _show(self, counts: _Counts, after: str = "") -> None:
        self._window.status.show_progress(
            f"refreshing: {counts.asked:,} of {counts.expected:,} feeds{after}"
        )

    # -------------------------------------------------------------- by the daemon

    async def _through_the_daemon(self, names: Sequence[str]) -> str:
        from feedd.store.feeds import feed_states
        from feedd.store.polls import latest_polls

        library = self._window.library
        now = library.now
        states = feed_states(library.reader, list(names))
        waiting = [state for state in states if state.not_before and state.not_before > now]
        held = {state.name for state in waiting}
        asked = {state.name: state.id for state in states if state.name not in held}
        if not asked:
            return _told_to_wait(waiting, now)
        before = latest_polls(library.reader)
        await self._make_due(list(asked.values()), now)
        counts = _Counts(len(asked), goes_on=True)
        loop = asyncio.get_running_loop()
        until = loop.time() + DAEMON_PATIENCE_S
        self._show(counts)
        while asked and loop.time() < until:
            await asyncio.sleep(LOOK_S)
            for name, poll in latest_polls(library.reader).items():
                if name in asked and poll.number != before[name].number:
                    del asked[name]
                    counts.add(name, poll.new, poll.error)
            self._show(counts)
        more = [f"the daemon goes on with {len(asked):,} more"] if asked else []
        more += [_told_to_wait(waiting, now)] if waiting else []
        return "; ".join([counts.summary, *more])

    async def _make_due(self, feed_ids: Sequence[int], now: int) -> None:
        """Let these feeds be due; the screen goes on while the daemon writes. Raises StoreError."""
        from feedd.store.polls import postpone

        loop = asyncio.get_running_loop()
        until = loop.time() + BUSY_TIMEOUT_S
        while True:
            try:
                postpone(self._window.library.writer(), dict.fromkeys(feed_ids, now), REASON)
                return
            except StoreError as error:
                if not is_busy(error) or loop.time() >= until:
                    raise
            await asyncio.sleep(LOOK_S)

    # -------------------------------------------------------------- by a process

    async def _by_a_process(self, names: Sequence[str], *, every: bool) -> str:
        from asyncio.subprocess import DEVNULL, PIPE

        counts = _Counts(len(names))
        what = ["--all"] if every else ["--", *names]
        config = str(self._window.library.config.path.absolute())
        # -P: no module is taken from the folder that the reader was started in.
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "feedd", "--config", config, "poll", "--json"),
            *what,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            limit=MAX_LINE_BYTES,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        complaints = asyncio.create_task(process.stderr.read())
        self._show(counts)
        try:
            async for line in process.stdout:
                told = json.loads(line)
                counts.add(told["feed"], told["new"], told["error"])
                articles = "; now the articles" if counts.asked == counts.expected else ""
                self._show(counts, articles)
            code = await process.wait()
        finally:
            self.stop()
        words = (await complaints).decode("utf-8", "replace").strip().splitlines()
        if not counts.asked:
            said = words[-1].removeprefix("feedd: ") if words else "no feed was asked"
            return f"Nothing was refreshed: {said}"
        return counts.summary if code in (0, 1) else f"{counts.summary}, then it was interrupted"


def _told_to_wait(waiting: Sequence[FeedState], now: int) -> str:
    longest = max((state.not_before or now) - now for state in waiting)
    who = waiting[0].name if len(waiting) == 1 else f"{len(waiting):,} feeds"
    return f"{who} asked to wait, {format_duration(longest)} at most"
