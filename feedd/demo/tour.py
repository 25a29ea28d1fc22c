"""The tour: the real commands, each in a process of its own, against the town's site.

A temporary folder holds the configuration and the database; it is gone afterwards. The commands
see it through $FEEDD_CONFIG and nothing of the user's.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import feedd
from feedd.demo.site import Site
from feedd.demo.stories import BELLS, CHANNELS, GAZETTE, OBSERVATORY, STRUCK

MAX_TOUR_S = 27.0
"""On a machine too slow for all of it, the tour ends early and says so."""

MAX_COMMAND_S = 12.0
DAEMON_S = 8.0
"""How long the daemon may take to find the new item."""

STOP_S = 5.0
STRIKE_AFTER_S = 1.0

# What would make a command behave as a service, or leave the loopback.
_NOT_PASSED_ON = (
    "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM", "STATE_DIRECTORY",
    "CREDENTIALS_DIRECTORY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip


def run(*, columns: int, bold: Callable[[str], str]) -> int:
    """Take the tour, on standard output of that width, where `bold` makes text stand out.

    Returns the exit code: 0, or 1 when a command ended in an unexpected way.
    """
    # A terminated tour cleans up as well.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with Site() as site, tempfile.TemporaryDirectory(prefix="feedd-demo-") as folder:
        config = Path(folder) / "config.toml"
        config.write_text(_config(site), encoding="utf-8")
        guide = _Guide(config, columns, bold)
        try:
            _stations(guide, site, config)
        except _OutOfTimeError:
            guide.say("This machine is busy: the tour stops here, before its end.")
    guide.say("The site is switched off and the folder removed; nothing of yours was touched.")
    return 1 if guide.surprises else 0


def _config(site: Site) -> str:
    """A file as a user would write it. The gazette is left out: the tour finds it."""
    urls = site.feed_urls()
    plain = [name for name in urls if name not in (GAZETTE.name, BELLS.name)]
    lines = "".join(f'{name} = "{urls[name]}"\n' for name in plain)
    return f"""\
# The town of Saltmere, for the length of a tour.
[feedd]
database = "feedd.db"
allow_private_hosts = true   # the town is on loopback
article_pause = "0s"         # and does not mind
min_interval = "1s"

[feeds]
{lines}
# The clock strikes while you watch: ask often.
[feeds.{BELLS.name}]
url = "{urls[BELLS.name]}"
interval = "2s"
tags = ["town"]
"""


def _stations(guide: _Guide, site: Site, config: Path) -> None:
    guide.say(
        f"A small site of its own now serves {len(CHANNELS) + 1} feeds on {site.base}: RSS 0.91, "
        "1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed. One has moved, one has ended, one is slow, one "
        "is broken XML. Every command below is the real one."
    )
    guide.heading("Feeds live in one file")
    guide.show("cat config.toml", config.read_text(encoding="utf-8"))
    guide.say("Give a page instead of a feed, and the feed is found:")
    page = f"{site.base}/{GAZETTE.name}/"
    guide.command("add", page, "--name", GAZETTE.name, "--tag", "town", expected=(0,))
    guide.command("check", expected=(0, 1))

    guide.heading("One pass over all feeds, and the pages of those that carry only summaries")
    guide.command("poll", expected=(1,))
    guide.say("(Exit code 1: the ended feed failed, the rest was done.)")

    guide.heading("What is new")
    guide.command("list", "--limit", "14", expected=(0,))
    guide.say("A +1 marks a story that a second feed carried as well: one line, not two.")

    guide.heading("Read one here: the page, without what was around it")
    item = guide.newest(GAZETTE.name)
    guide.command("show", str(item), expected=(0,))
    guide.command("search", "lamp OR lantern", expected=(0,))
    guide.command("mark", "star", str(item), expected=(0,))

    guide.heading("A second pass: who has nothing new is asked politely, and says so")
    before = len(site.served)
    guide.command("poll", "--all", expected=(0, 1))
    guide.say(f"The site saw: {_answers(site, before)}.")
    guide.command("feeds", expected=(0,))

    guide.heading("Why is a feed asked when it is asked?")
    guide.command("why", OBSERVATORY.name, expected=(0,))
    guide.say("It has moved for good. The file is yours, and changes only when you say so:")
    guide.command("feeds", "--update-moved", expected=(0,))
    guide.command("poll", expected=(0,))

    guide.heading("The daemon, and a clock that strikes while you watch")
    guide.daemon(site)
    guide.command("list", BELLS.name, expected=(0,))
    guide.command("status", expected=(0, 1))


def _answers(site: Site, start: int) -> str:
    words = {200: "in full", 301: "moved", 304: "not modified", 410: "gone"}
    counts = Counter(served.status for served in site.served[start:])
    return ", ".join(
        f"{count} × {status} {words.get(status, '')}".strip()
        for status, count in sorted(counts.items())
    )


class _OutOfTimeError(Exception):
    """The tour has taken as long as it may."""


class _Guide:
    """Prints what happens and runs the commands, none of them for longer than the tour may take."""

    def __init__(self, config: Path, columns: int, bold: Callable[[str], str]) -> None:
        self._columns = columns
        self._bold = bold
        self._environ = _environ(config)
        self._ends = time.monotonic() + MAX_TOUR_S
        self.surprises = 0

    def say(self, text: str) -> None:
        self._print("\n" + textwrap.fill(text, self._columns, break_long_words=False))

    def heading(self, text: str) -> None:
        line = f"── {text} " + "─" * max(0, self._columns - len(text) - 4)
        self._print("\n" + self._bold(line))

    def show(self, line: str, output: str) -> None:
        self._print(f"\n{self._typed(line)}\n{output.rstrip()}")

    def command(self, *arguments: str, expected: Collection[int]) -> None:
        """Run one command; what it prints goes where the tour's own words go."""
        self._print("\n" + self._typed(f"feedd {shlex.join(arguments)}"))
        process = self._start(arguments, output=None)
        try:
            code = process.wait(timeout=self._time_left())
        except subprocess.TimeoutExpired:
            self._out_of_time()
            code = -1
        finally:
            _end(process)
        if code not in expected:
            self.surprises += 1
            self._print(f"(unexpected: exit code {code})")

    def newest(self, feed: str) -> int:
        """The id of a feed's newest item."""
        process = self._start(("list", feed, "--json", "--limit", "1"), output=subprocess.PIPE)
        try:
            line, _ = process.communicate(timeout=self._time_left())
            return int(json.loads(line)["id"])
        except subprocess.TimeoutExpired:
            self._out_of_time()
        except (ValueError, KeyError):
            pass
        finally:
            _end(process)
        self.surprises += 1
        return 1

    def daemon(self, site: Site) -> None:
        """Run the daemon until it has told of the new item, then stop it as a service manager
        would.
        """
        self._print("\n" + self._typed("feedd run"))
        limit = min(DAEMON_S, self._time_left())
        process = self._start(("run",), output=subprocess.PIPE)
        strike = threading.Timer(STRIKE_AFTER_S, site.strike)
        give_up = threading.Timer(limit, process.send_signal, (signal.SIGTERM,))
        strike.start()
        give_up.start()
        found = False
        try:
            assert process.stdout is not None
            for line in process.stdout:
                self._print(line.rstrip())
                if STRUCK.title in line and not found:
                    found = True
                    process.send_signal(signal.SIGTERM)
            process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self._print("(it does not stop; killed)")
            found = False
        finally:
            strike.cancel()
            give_up.cancel()
            _end(process)
        if not found:
            self._out_of_time()
        if not found or process.returncode != 0:
            self.surprises += 1
            self._print(f"(unexpected: exit code {process.returncode})")

    def _typed(self, line: str) -> str:
        return "$ " + self._bold(line)

    def _time_left(self) -> float:
        """How long a command may take. Raises _OutOfTimeError."""
        self._out_of_time()
        return min(MAX_COMMAND_S, self._ends - time.monotonic())

    def _out_of_time(self) -> None:
        if time.monotonic() >= self._ends:
            raise _OutOfTimeError

    def _start(self, arguments: Sequence[str], *, output: int | None) -> subprocess.Popen[str]:
        """A command, all it says going to the tour's own output (None) or to a pipe."""
        sys.stdout.flush()
        return subprocess.Popen(
            [sys.executable, "-m", "feedd", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=self._environ,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def _print(self, text: str) -> None:
        print(text, flush=True)


def _environ(config: Path) -> Mapping[str, str]:
    package = str(Path(feedd.__file__).parents[1])
    passed_on = {
        key: value for key, value in os.environ.items() if key.upper() not in _NOT_PASSED_ON
    }
    search = os.pathsep.join(filter(None, (package, passed_on.get("PYTHONPATH"))))
    return {**passed_on, "FEEDD_CONFIG": str(config), "PYTHONPATH": search, "PAGER": "cat"}


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
