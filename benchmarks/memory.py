"""What a process and everything it started hold in memory, by Linux's /proc."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


def peak_bytes(command: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> int:
    """Runs a command to its end, untimed, and returns the highest `tree_bytes` met meanwhile."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return watched_peak_bytes(process, pause_s=0.02)


def watched_peak_bytes(process: subprocess.Popen[bytes], *, pause_s: float) -> int:
    """Waits for a process to end and returns the highest `tree_bytes` met meanwhile."""
    peak = 0
    waiter = threading.Thread(target=process.wait)
    waiter.start()
    while waiter.is_alive():
        peak = max(peak, tree_bytes(process.pid))
        waiter.join(pause_s)
    return peak


def tree_bytes(leader: int) -> int:
    """The sum of proportional set sizes (PSS: a page that n processes share counts 1/n for each)
    over a process and all that descend from it.
    """
    return sum(_set_size(process) for process in _tree(leader))


def _tree(leader: int) -> Iterator[Path]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    for number in parents:
        above: int | None = number
        while above is not None and above != leader:
            above = parents.get(above)
        if above == leader:
            yield Path("/proc") / str(number)


def _set_size(process: Path) -> int:
    try:
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
