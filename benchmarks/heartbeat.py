"""feedd in this process, with a heart on its event loop: how long is the loop held up?

    python -m benchmarks.heartbeat FILE FEEDD-ARGUMENTS…

The heart is to beat every `BEAT_S`. What lies between two beats beyond that is the loop's own work,
or waiting for a processor. SIGUSR1 writes what was met since the last time to FILE, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

BEAT_S = 0.005


class WatchedLoop(asyncio.SelectorEventLoop):
    """`late_s`: by how much beats came late, on the wall; `busy_s`: what the loop's thread used of
    a processor between two beats, `process_s` what all threads did, which on a busy machine bounds
    how long another thread kept the interpreter. The longest of each.
    """

    def __init__(self, report: Path) -> None:
        super().__init__()
        self._report = report
        self._forget()

    def run_forever(self) -> None:
        self.add_signal_handler(signal.SIGUSR1, self._tell)
        self.call_soon(self._beat)
        super().run_forever()

    def _forget(self) -> None:
        self._late_s = self._busy_s = self._process_s = 0.0
        self._due = self._used_s = self._all_used_s = float("inf")

    def _beat(self) -> None:
        now, used_s, all_used_s = self.time(), time.thread_time(), time.process_time()
        self._late_s = max(self._late_s, now - self._due)
        self._busy_s = max(self._busy_s, used_s - self._used_s)
        self._process_s = max(self._process_s, all_used_s - self._all_used_s)
        self._due, self._used_s, self._all_used_s = now + BEAT_S, used_s, all_used_s
        self.call_at(self._due, self._beat)

    def _tell(self) -> None:
        part = self._report.with_suffix(".part")
        met = {"late_s": self._late_s, "busy_s": self._busy_s, "process_s": self._process_s}
        part.write_text(json.dumps(met))
        part.rename(self._report)
        self._forget()


class WatchedPolicy(asyncio.DefaultEventLoopPolicy):
    """Makes watched loops."""

    def __init__(self, report: Path) -> None:
        super().__init__()
        self._report = report

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return WatchedLoop(self._report)


def main() -> None:
    _, report, *arguments = sys.argv
    sys.argv = ["feedd", *arguments]
    asyncio.set_event_loop_policy(WatchedPolicy(Path(report)))
    from feedd.__main__ import main as feedd

    feedd()


if __name__ == "__main__":
    main()
