"""What every command is handed: the user's file, the store, and the ways to speak.

All of it is opened on first use, so that a command pays only for what it touches. Standard output
and error may be closed, broken or of another encoding.
"""

from __future__ import annotations

import codecs
import os
import sys
import time
from typing import TYPE_CHECKING

from feedd.errors import StoreError
from feedd.terminal import cut, gate, gate_lines, width

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from feedd.cli.screen import Screen
    from feedd.model import Config


BELOW = 2
"""Lines that a listing needs below it: a message, and the shell's prompt."""


class Context:
    """The global options of one invocation, and what they open."""

    def __init__(
        self, *, config_path: str | None = None, quiet: bool = False, verbose: bool = False
    ) -> None:
        self.config_path = config_path
        self.quiet = quiet
        self.verbose = verbose
        self._config: Config | None = None
        self._connections: dict[str, sqlite3.Connection] = {}
        self._screen: Screen | None = None

    def config(self) -> Config:
        """The user's file, found and checked once; a large one by its index. Raises ConfigError."""
        if self._config is None:
            from feedd import configfile

            self._config = configfile.load(configfile.find(self.config_path), kept_in_database)
        return self._config

    def whole_config(self) -> Config:
        """The same, read whole whatever is known of it: with all warnings. Raises ConfigError."""
        from feedd import configfile

        self._config = configfile.load(configfile.find(self.config_path))
        return self._config

    def reader(self) -> sqlite3.Connection:
        """The database, to read only; closed when the command ends. Raises StoreError."""
        if "reader" not in self._connections:
            from feedd.store.database import open_reader

            database = self.config().settings.database
            if not database.exists():
                raise StoreError(how_to_begin(self.config()))
            self._connections["reader"] = open_reader(database)
        return self._connections["reader"]

    def writer(self) -> sqlite3.Connection:
        """The database, created and migrated where needed. Raises StoreError."""
        if "writer" not in self._connections:
            from feedd.store.database import open_writer

            self._connections["writer"] = open_writer(self.config().settings.database)
        return self._connections["writer"]

    def take_up_file(self) -> None:
        """Make the store's feeds those of the file as it is now, which polls do as well."""
        from feedd.store.feeds import sync_feeds

        sync_feeds(self.writer(), self.whole_config().feeds.values(), self.now())

    @property
    def screen(self) -> Screen:
        """What standard output can show."""
        if self._screen is None:
            from feedd.cli.screen import Screen

            self._screen = Screen.of_stdout()
        return self._screen

    def now(self) -> int:
        return int(time.time())

    def out(self, text: str = "") -> None:
        """One line on standard output, as it is: the caller has gated it."""
        print(text)

    def show(self, lines: Sequence[str], *, pager: bool = True) -> None:
        """Lines on standard output; through the pager where a terminal has too few rows."""
        if pager and not self.screen.fits(len(lines) + BELOW):
            from feedd.cli.screen import page

            page(lines, self.screen)
            return
        for line in lines:
            print(line)

    def fold(self, text: str, *, indent: int = 4) -> list[str]:
        """Gated `text` in lines that the terminal's columns hold, those after the first indented;
        one line where there is no limit.
        """
        columns = self.screen.columns
        if columns is None or width(text) <= columns:
            return [text]
        from feedd.cli.line_breaks import wrap
        from feedd.cli.screen import MIN_COLUMNS

        first = wrap(text, columns)[0]
        rest = wrap(text[len(first) :].lstrip(" "), max(columns - indent, MIN_COLUMNS))
        return [first, *(" " * indent + line for line in rest)]

    def say(self, message: str) -> None:
        """A message for the person, on standard error; --quiet drops it."""
        if not self.quiet:
            self.complain(message)

    def complain(self, message: str) -> None:
        """What went wrong, on standard error; --quiet does not drop it."""
        sys.stdout.flush()  # a shared terminal shows both streams: keep their order
        print(gate_lines(message), file=sys.stderr)

    def detail(self, message: str) -> None:
        """A message that only --verbose asks for."""
        if self.verbose:
            self.say(message)

    def say_if_daemon_runs(self) -> None:
        """A daemon that runs sees the change of the file by itself."""
        from feedd.store.daemon_lock import daemon_pid

        if daemon_pid(self.config().settings.database) is not None:
            self.say("the running daemon takes it up within 10 s")

    def emit_json(self, *records: Mapping[str, Any]) -> None:
        """JSON objects on standard output, each on a line.

        What a terminal would act on travels as `\\uXXXX`: the same value to a program, harmless
        to a person who looks at it.
        """
        from feedd.records import json_line

        for record in records:
            print(json_line(record, encoding=sys.stdout.encoding))

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()


def kept_in_database(database: Path, key: str) -> str | None:
    """What a database keeps under a key, for a file that is read by its index."""
    from feedd.store.sqlite import noted

    return noted(database, key)


def how_to_begin(config: Config) -> str:
    """What to do when nothing has been stored yet."""
    if not config.feeds:
        return (
            "no feeds yet: feedd add https://lwn.net finds the feed there and stores its items"
            f" ({config.path})"
        )
    feeds = "its feed" if len(config.feeds) == 1 else f"its {len(config.feeds):,} feeds"
    what = f"feedd poll asks {feeds} once, feedd run keeps at it"
    from feedd.store.daemon_lock import daemon_pid

    if daemon_pid(config.settings.database) is not None:
        what = f"the running daemon asks {feeds}; feedd status and feedd feeds tell how it goes"
    return f"nothing is stored yet for {config.path}: {what}"


class Progress:
    """One line on standard error that is written over, on a terminal only; a context manager."""

    def __init__(self, *, quiet: bool) -> None:
        self.shown = sys.stderr.isatty() and not quiet and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def update(self, text: str) -> None:
        """Show `text` instead of what was there."""
        if self.shown:
            from feedd.cli.screen import MIN_COLUMNS, columns_of

            line = cut(gate(text), max(columns_of(sys.stderr, os.environ) - 1, MIN_COLUMNS))
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty, for other output."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


# ---------------------------------------------------------------- streams


_PLAIN = {
    **dict.fromkeys("•·★☆▪◦", "*"),
    **dict.fromkeys("‐‑‒–—―─━", "-"),
    **dict.fromkeys("│┃▌▏", "|"),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("→›▸", ">"),
    "…": "~",
}
"""What stands for a character that the terminal lacks; one column each, so that columns stay."""


STRICT_HANDLERS = ("strict", "backslashreplace", "surrogateescape")
"""What streams do by default with characters that they lack; the last one in the C locale."""


def survive_odd_streams() -> None:
    """Closed streams and encodings that lack a character are no reason for a traceback."""
    codecs.register_error("nearest-ascii", _nearest_ascii)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  lives as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.errors in STRICT_HANDLERS:
            reconfigure(errors="nearest-ascii")


def drop_stdout() -> None:
    """Nobody reads any more: let the interpreter's own last flush go nowhere."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
    except (OSError, ValueError):
        pass


def _nearest_ascii(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: the nearest ASCII for each character that can't be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_ascii, error.object[error.start : error.end])), error.end


def _ascii(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""  # an accent without its letter, a joiner
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if c.isascii())
    return plain if plain and plain.isprintable() else "?"
