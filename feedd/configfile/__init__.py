"""The user's file: found, read, checked, and edited without losing a comment.

Reading is imported at once, because every command does it; the rest when it is used.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from feedd.configfile.loader import parse
from feedd.configfile.places import (
    credentials,
    default_database,
    find,
    new_file,
    read_identified,
    read_text,
    tls_files,
)
from feedd.configfile.values import name_problem, same_feed_key, url_problem
from feedd.model import Config

if TYPE_CHECKING:
    from feedd.configfile.atomic_write import *  # noqa: F403
    from feedd.configfile.editor import *  # noqa: F403
    from feedd.configfile.feed_changes import *  # noqa: F403


_HOMES = {
    "atomic_write": ("create", "update", "write"),
    "editor": ("STARTER", "add_feed", "add_feeds", "remove_feed", "value_text"),
    "feed_changes": ("rename_feed", "set_feed", "set_feed_url", "typed_value"),
}


def load(path: Path, noted: Callable[[Path, str], str | None] | None = None) -> Config:
    """Read the file. Raises ConfigError holding every problem, one line each.

    `noted` is what the database at a path keeps under a key: with it a large file is read by its
    index where there is one (`file_index`).
    """
    text, identity = read_identified(path)
    if identity and noted is not None:
        from feedd.configfile.file_index import load_by_index

        config = load_by_index(path, text, identity, noted)
        if config is not None:
            return config
    return parse(text, path)._replace(identity=identity)


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
