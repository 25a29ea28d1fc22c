"""How many files of feedd are gone through for one feed's first poll, and to show one entry.

    python -m benchmarks.walk [--files]

A real `feedd poll`, its threads and its worker processes included, then `feedd list` and
`feedd show`, each with `sys.setprofile` from its first line. A file is entered when one of its
functions is called; to import it is not enough. A call between files is one whose nearest caller
within feedd is in another file: a library or the event loop in between does not hide it.
"""

from __future__ import annotations

import argparse
import http.server
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
RUN_TIMEOUT_S = 120

# It becomes a `sitecustomize` at the head of PYTHONPATH, which workers inherit; calls are written
# as they are made, since a worker ends by a signal.
RECORDER = '''
import dis, os, sys, threading

HOME, OUT = {home!r}, os.open({out!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
RESUME = dis.opmap["RESUME"]
files = {{}}

def within(name):
    """The file's name within feedd; None for any other file's."""
    if name not in files:
        full = os.path.abspath(name)
        files[name] = full[len(HOME):] if full.startswith(HOME) else None
    return files[name]

def profile(frame, event, argument):
    if event != "call":
        return
    code = frame.f_code
    entered = within(code.co_filename)
    if entered is None or code.co_name == "<module>":
        return
    at = frame.f_lasti
    if at > 0 and code.co_code[at] == RESUME and code.co_code[at + 1] & 3:
        return  # a generator or coroutine goes on
    caller = frame.f_back
    while caller is not None and within(caller.f_code.co_filename) is None:
        caller = caller.f_back
    if caller is not None and caller.f_code.co_name == "<module>" and caller.f_back is not None:
        return  # what an import computes
    before = "" if caller is None else within(caller.f_code.co_filename)
    os.write(OUT, f"{{before}} {{entered}}\\n".encode())

threading.setprofile(profile)
sys.setprofile(profile)
'''

ENTRY = """
<item>
  <title>Entry {number}</title>
  <link>http://127.0.0.1:{port}/{number}</link>
  <guid>entry-{number}</guid>
  <pubDate>Mon, 0{number} Sep 2025 08:00:00 +0000</pubDate>
  <content:encoded><![CDATA[<p>{words} <a href="/more">More of it</a>.</p>]]></content:encoded>
</item>"""
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>One feed</title><link>http://127.0.0.1:{port}/</link>
<description>of a few entries</description>
{entries}
</channel></rss>"""
ENTRIES = 3


class Walk(NamedTuple):
    """Calls between files, by (caller, called); the files entered, each with its calls."""

    between: Counter[tuple[str, str]]
    entered: Counter[str]

    @property
    def calls(self) -> int:
        """Calls between files, all told."""
        return self.between.total()


class _Feed(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        port = self.connection.getsockname()[1]
        words = "So much is said in full here that nobody has to look for the rest. " * 40
        entries = "".join(
            ENTRY.format(number=number, port=port, words=words) for number in range(1, ENTRIES + 1)
        )
        body = FEED.format(port=port, entries=entries).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@contextmanager
def _serving() -> Iterator[int]:
    """A server of one feed on loopback: its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class _Room:
    """A configuration, a database and the recorder, in a folder of their own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._record = folder / "calls"
        (folder / "sitecustomize.py").write_text(
            RECORDER.format(home=f"{ROOT / 'feedd'}/", out=str(self._record))
        )
        (folder / "config.toml").write_text(
            f'[feedd]\ndatabase = "{folder}/feedd.db"\nallow_private_hosts = true\n'
            f'[feeds]\none = "http://127.0.0.1:{port}/feed"\n'
        )

    def walk(self, *command: str) -> tuple[Walk, str]:
        """The files that a command of feedd's goes through, and what it printed."""
        self._record.unlink(missing_ok=True)
        run = subprocess.run(
            [sys.executable, "-m", "feedd", "--config", "config.toml", *command],
            cwd=self._folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}
            | {"PYTHONPATH": f"{self._folder}:{ROOT}"},
            capture_output=True,
            text=True,
            timeout=RUN_TIMEOUT_S,
        )
        if run.returncode:
            raise SystemExit(f"benchmarks: feedd {' '.join(command)} failed: {run.stderr}")
        between: Counter[tuple[str, str]] = Counter()
        entered: Counter[str] = Counter()
        for line in self._record.read_text().splitlines():
            caller, _, called = line.partition(" ")
            entered[called] += 1
            if caller and caller != called:
                between[caller, called] += 1
        return Walk(between, entered), run.stdout


def first_poll() -> Walk:
    """One feed, never polled before: `feedd poll`."""
    with _serving() as port, tempfile.TemporaryDirectory() as folder:
        return _Room(Path(folder), port).walk("poll")[0]


def one_entry() -> tuple[Walk, Walk]:
    """Of a feed polled before: `feedd list` and `feedd show 1`."""
    with _serving() as port, tempfile.TemporaryDirectory() as folder:
        room = _Room(Path(folder), port)
        room.walk("poll")
        listed, lines = room.walk("list")
        if "Entry 1" not in lines:
            raise SystemExit(f"benchmarks: the poll brought no entry: {lines}")
        return listed, room.walk("show", "1")[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """Walk and print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--files", action="store_true", help="name each file with its calls")
    chosen = options.parse_args(arguments)
    listed, shown = one_entry()
    for name, walk in (("first poll", first_poll()), ("list", listed), ("show", shown)):
        print(f"{name}: {len(walk.entered)} files entered, {walk.calls} calls between files")
        if chosen.files:
            for file, calls in sorted(walk.entered.items()):
                others = sum(n for (_, called), n in walk.between.items() if called == file)
                print(f"    {file:36}{calls:6} calls, {others} from other files")


if __name__ == "__main__":
    main()
