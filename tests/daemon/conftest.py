"""The real daemon as a process, and what a test needs to watch it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loopback import Loopback

PATIENCE_S = 40.0


def eventually(found: Callable[[], object], what: str, *, patience_s: float = PATIENCE_S) -> None:
    """Wait until `found()` is true; fails, naming `what`, when it never is."""
    deadline = time.monotonic() + patience_s
    while not found():
        assert time.monotonic() < deadline, f"waited {patience_s:g} s in vain: {what}"
        time.sleep(0.02)


class Place:
    """A folder with a configuration and a database, and daemons that run on it."""

    def __init__(self, folder: Path, loopback: Loopback) -> None:
        self.folder = folder
        self.loopback = loopback
        self.config = folder / "config.toml"
        self.database = folder / "feedd.db"
        self.log = folder / "daemon.log"
        self.settings = 'articles = "never"\n'
        self.feeds: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self.wrapper: tuple[str, ...] = ()
        """A command that runs feedd, where it is not run itself."""

        self._running: list[subprocess.Popen[bytes]] = []

    def feed(self, name: str, body: object = None) -> None:
        """Configure a feed on the loopback server, which answers with `body` where given."""
        self.feeds[name] = self.loopback.url(f"/{name}")
        if body is not None:
            self.loopback.on(f"/{name}", body)  # type: ignore[arg-type]
        self.write()

    def write(self) -> None:
        """Write the configuration file."""
        feeds = "".join(f'{name} = "{url}"\n' for name, url in self.feeds.items())
        self.config.write_text(
            f'[feedd]\ndatabase = "{self.database}"\n'
            'allow_private_hosts = true\narticle_pause = "0s"\n'
            f"{self.settings}[feeds]\n{feeds}"
        )

    def start(self) -> subprocess.Popen[bytes]:
        """A daemon, ready or already ended."""
        before = self.lines("ready:")
        with self.log.open("ab") as log:
            daemon = subprocess.Popen(
                [*self.wrapper, *FEEDD, "--verbose", "--config", str(self.config), "run"],
                stdout=log,
                stderr=log,
                env=self._environment(),
            )
        self._running.append(daemon)
        eventually(
            lambda: self.lines("ready:") > before or daemon.poll() is not None,
            "the daemon is ready",
        )
        return daemon

    def watch(self, daemon: subprocess.Popen[bytes]) -> None:
        """End a daemon, started elsewhere, with the test."""
        self._running.append(daemon)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A feedd command, finished."""
        return subprocess.run(
            [*self.wrapper, *FEEDD, "--config", str(self.config), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=self._environment(),
        )

    def stop(self, daemon: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> int:
        """End a daemon by a signal; its exit code."""
        daemon.send_signal(number)
        return daemon.wait(PATIENCE_S)

    def lines(self, text: str) -> int:
        """How many lines of the log hold `text`."""
        if not self.log.exists():
            return 0
        return sum(text in line for line in self.log.read_text().splitlines())

    def titles(self) -> list[str]:
        """The titles of all stored entries, sorted; none while there is no database."""
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(self.database, timeout=10)) as db:
            try:
                return sorted(row[0] for row in db.execute("SELECT title FROM entries"))
            except sqlite3.OperationalError:
                return []

    def make_due(self) -> None:
        """All feeds are due now: the hour between two polls has passed."""
        with closing(sqlite3.connect(self.database, timeout=10)) as db, db:
            db.execute("UPDATE feeds SET next_poll = 1, last_poll = NULL")

    def close(self) -> None:
        for daemon in self._running:
            if daemon.poll() is None:
                daemon.kill()
            daemon.wait()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "TERM": "dumb", **self.environment}


def compiled(source: str, target: Path, *options: str | Path) -> Path:
    """A C program or library of this folder, compiled; skips the test where nothing compiles."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    written = Path(__file__).with_name(source)
    subprocess.run([compiler, *options, "-o", target, written], check=True)
    return target


FEEDD = (sys.executable, "-m", "feedd")


@pytest.fixture
def place(tmp_path: Path, loopback: Loopback) -> Iterator[Place]:
    made = Place(tmp_path, loopback)
    yield made
    made.close()


class Manager:
    """A service manager's notification socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.messages: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    def said(self, text: str) -> int:
        """How many messages so far hold `text`."""
        while True:
            try:
                self.messages.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return sum(text in message for message in self.messages)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(tmp_path / "notify")
    yield made
    made.close()
