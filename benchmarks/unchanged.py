"""Is a poll that finds nothing new slower on a store of a million entries than on an empty one?

    python -m benchmarks.unchanged [--runs N]

Both stores know the same feeds, all of which answer 304; one holds the million entries of
`benchmarks.million` besides. The two are polled in turn.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from benchmarks import million, server
from benchmarks.corpus import write_corpus
from benchmarks.peers import Feedd

BUILD = Path(__file__).parent.parent / "build" / "bench"
RUNS = 9


def main() -> None:
    """Fill both stores, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=RUNS)
    runs = options.parse_args().runs
    corpus = write_corpus(BUILD)
    million.write_store(million.DEFAULT_DATABASE, entries=million.ENTRIES, read_share=0.0)
    port = server.free_port()
    files = sorted(path.name for path in (corpus / "base").iterdir())
    room = BUILD / "unchanged-room"
    shutil.rmtree(room, ignore_errors=True)
    stores = {
        name: Feedd(room / name, [f"http://127.0.0.1:{port}/{file}" for file in files])
        for name in ("empty", "million")
    }
    taken: dict[str, list[float]] = {name: [] for name in stores}
    with server.Nginx(corpus / "base", port=port, room=room / "nginx"):
        for name, feedd in stores.items():
            feedd.prepare()
            if name == "million":
                shutil.copy(million.DEFAULT_DATABASE, feedd.state / "feedd.db")
            _poll(feedd)
            _poll(feedd)
        for _ in range(runs):
            for name, feedd in stores.items():
                taken[name].append(_poll(feedd))
    shutil.rmtree(room)
    empty_s, million_s = (statistics.median(taken[name]) for name in ("empty", "million"))
    print(
        f"{len(files)} feeds, all 304, median of {runs}: {empty_s:.2f} s without the million,"
        f" {million_s:.2f} s with it ({million_s / empty_s:.2f})"
    )


def _poll(feedd: Feedd) -> float:
    started = time.perf_counter()
    subprocess.run(feedd.command("304"), env=feedd.environment(), check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
