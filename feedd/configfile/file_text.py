"""The text of the file, every byte of it, and what tells it from any other."""

from __future__ import annotations

import os
from pathlib import Path

from feedd import __version__
from feedd.errors import ConfigError

MAX_FILE_BYTES = 20_000_000

LARGE_FILE_BYTES = 30_000
"""A smaller file is read whole as quickly as by an index: some 500 feeds."""


def read_text(path: Path) -> str:
    """The file's text. Raises ConfigError when it can't be read."""
    return read_identified(path)[0]


def read_identified(path: Path) -> tuple[str, str]:
    """The same; and for a large file what tells its text from any other, for this program."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
            changed_ns = os.fstat(file.fileno()).st_mtime_ns
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; `feedd init` writes one"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: can't be read: {error.strerror}"]) from None
    if len(data) > MAX_FILE_BYTES:
        raise ConfigError([f"{path}: is larger than 20 MB; that is no configuration file"])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: is not UTF-8 text; save the file as UTF-8"]) from None
    return text, _identity(data, changed_ns) if len(data) >= LARGE_FILE_BYTES else ""


def _identity(data: bytes, changed_ns: int) -> str:
    import sys
    import zlib

    return f"{__version__} {sys.hexversion:x} {len(data)} {changed_ns} {zlib.crc32(data):08x}"
