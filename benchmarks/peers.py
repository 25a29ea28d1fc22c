"""The programs that are compared, each set up as its own documentation advises for speed.

What was found to matter for a fair comparison:
    newsboat  keeps validators only from its second poll, so the warm state has two polls; it does
              not sync to disk; its SQLite plans degrade until somebody runs ANALYZE.
    sfeed     needs a fetch function of the user's to send validators; this is its README's. Its
              curl drops a 200 whose Last-Modified is before the last poll, so that poll is dated
              back to when the corpus's feeds were new.
    reader    polls nothing unless told `scheduled=False`.
    curl      fetches and throws away: the floor, for every program.
"""

from __future__ import annotations

import compileall
import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from pathlib import Path

from benchmarks.corpus import NEWEST

PARALLEL = 32
READER_REQUIREMENTS = ("reader>=3.20", "sgmllib3k")  # its own feedparser needs the latter
ROOT = Path(__file__).parent.parent
READER_VENV = ROOT / "build" / "bench" / "reader-venv"
READER_ADD = """
import sys, reader
library = reader.make_reader(sys.argv[1])
for url in sys.stdin.read().split():
    library.add_feed(url)
"""
READER_POLL = """
import sys, reader
reader.make_reader(sys.argv[1]).update_feeds(workers=8, scheduled=False)
"""


class Peer(ABC):
    """One program with its files below `room/state`, which `benchmarks.poll` saves and restores."""

    name: str

    def __init__(self, room: Path, urls: Sequence[str]) -> None:
        self.room = room / self.name
        self.state = self.room / "state"
        self.urls = urls

    @abstractmethod
    def missing(self) -> str | None:
        """Why the program cannot take part here, or None."""

    @abstractmethod
    def prepare(self) -> None:
        """Makes `state` as it is before a first poll."""

    @abstractmethod
    def command(self, column: str) -> list[str]:
        """One poll of every feed."""

    def warmed(self) -> None:  # noqa: B027  (most have nothing to do)
        """Called after the polls that make the warm state."""

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "HOME": str(self.state), "LC_ALL": "C.UTF-8"}

    def entries(self) -> int | None:
        """How many entries are stored, to see that the work was done; None where none are."""
        return None


class Feedd(Peer):
    name = "feedd"

    def missing(self) -> str | None:
        return None

    def prepare(self) -> None:
        compileall.compile_dir(ROOT / "feedd", quiet=1)  # as installing it does
        self.state.mkdir(parents=True)
        lines = [
            "[feedd]",
            f'database = "{self.state}/feedd.db"',
            "allow_private_hosts = true",
            'articles = "never"',
            f"concurrency = {PARALLEL}",
            f"per_host = {PARALLEL}",
            "[feeds]",
            *(f'f{number} = "{url}"' for number, url in enumerate(self.urls)),
        ]
        (self.state / "config.toml").write_text("\n".join(lines))

    def command(self, column: str) -> list[str]:
        config = str(self.state / "config.toml")
        return [sys.executable, "-m", "feedd", "--config", config, "--quiet", "poll", "--all"]

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "PYTHONPATH": str(ROOT)}

    def entries(self) -> int | None:
        return _count(self.state / "feedd.db", "entries")


class Newsboat(Peer):
    name = "newsboat"

    def missing(self) -> str | None:
        return None if shutil.which("newsboat") else "newsboat is not installed"

    def prepare(self) -> None:
        self.state.mkdir(parents=True)
        (self.state / "urls").write_text("\n".join(self.urls) + "\n")
        (self.state / "config").write_text("reload-threads 8\n")

    def command(self, column: str) -> list[str]:
        state = self.state
        files = ["-u", f"{state}/urls", "-C", f"{state}/config", "-c", f"{state}/cache.db"]
        return ["newsboat", *files, "-x", "reload"]

    def entries(self) -> int | None:
        return _count(self.state / "cache.db", "rss_item")


class NewsboatAnalyzed(Newsboat):
    """With the statistics that make its queries use their indices: newsboat at its best."""

    name = "newsboat*"

    def prepare(self) -> None:
        """An empty cache that knows what a full one looks like."""
        super().prepare()
        for _ in range(2):
            subprocess.run(
                self.command("cold"), env=self.environment(), check=True, capture_output=True
            )
        self.warmed()
        with sqlite3.connect(self.state / "cache.db") as cache:
            cache.execute("DELETE FROM rss_item")
            cache.execute("DELETE FROM rss_feed")
        cache.execute("VACUUM")
        cache.close()

    def warmed(self) -> None:
        with sqlite3.connect(self.state / "cache.db") as cache:
            cache.execute("ANALYZE")
        cache.close()


class Sfeed(Peer):
    name = "sfeed"

    def missing(self) -> str | None:
        return None if shutil.which("sfeed_update") else "sfeed is not installed"

    def prepare(self) -> None:
        (self.state / "etags").mkdir(parents=True)
        (self.state / "feeds").mkdir()
        feeds = "".join(f'\tfeed "f{number}" "{url}"\n' for number, url in enumerate(self.urls))
        (self.state / "sfeedrc").write_text(
            f"""sfeedpath="{self.state}/feeds"
maxjobs={PARALLEL}
fetch() {{
	etag="{self.state}/etags/$(basename "$3")"
	curl -L --max-redirs 0 -H "User-Agent:" -f -s -m 15 --compressed \\
		--etag-save "${{etag}}" --etag-compare "${{etag}}" -z "${{etag}}" "$2" 2>/dev/null
}}
feeds() {{
{feeds}}}
"""
        )

    def command(self, column: str) -> list[str]:
        return ["sfeed_update", str(self.state / "sfeedrc")]

    def warmed(self) -> None:
        for etag in (self.state / "etags").iterdir():
            os.utime(etag, (NEWEST, NEWEST))

    def entries(self) -> int | None:
        feeds = self.state.glob("feeds/*")
        return sum(feed.read_bytes().count(b"\n") for feed in feeds)


class Reader(Peer):
    """The Python library of that name, in an environment of its own."""

    name = "reader"
    python = READER_VENV / "bin" / "python"

    def missing(self) -> str | None:
        if self.python.with_name("ready").exists():
            return None
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(READER_VENV)],
            [str(self.python), "-m", "pip", "install", "--quiet", *READER_REQUIREMENTS],
        ):
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return "it could not be installed"
        self.python.with_name("ready").touch()
        return None

    def prepare(self) -> None:
        self.state.mkdir(parents=True)
        subprocess.run(self._script(READER_ADD), input="\n".join(self.urls).encode(), check=True)

    def command(self, column: str) -> list[str]:
        return self._script(READER_POLL)

    def entries(self) -> int | None:
        return _count(self.state / "reader.db", "entries")

    def _script(self, script: str) -> list[str]:
        return [str(self.python), "-c", script, str(self.state / "reader.db")]


class Curl(Peer):
    name = "curl"

    def missing(self) -> str | None:
        return None if shutil.which("curl") else "curl is not installed"

    def prepare(self) -> None:
        self.state.mkdir(parents=True)
        urls = "".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in self.urls)
        (self.state / "urls").write_text(urls)

    def command(self, column: str) -> list[str]:
        command = ["curl", "--silent", "--parallel", "--parallel-max", str(PARALLEL)]
        if column in ("304", "changed"):
            command += ["--header", f"If-Modified-Since: {formatdate(NEWEST, usegmt=True)}"]
        return [*command, "--config", str(self.state / "urls")]


ALL: tuple[type[Peer], ...] = (Feedd, NewsboatAnalyzed, Newsboat, Sfeed, Reader, Curl)


def _count(database: Path, table: str) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    db.close()
    return int(count)
