"""The user's file: found, read, checked, and edited without losing a comment.

Reading is imported at once, because every command does it; the rest when it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from feedd.configfile.loader import load, parse, read_text
from feedd.configfile.places import credentials, default_database, find, new_file, tls_files
from feedd.configfile.values import name_problem, same_feed_key, url_problem

if TYPE_CHECKING:
    from feedd.configfile.atomic_write import *  # noqa: F403
    from feedd.configfile.editor import *  # noqa: F403
    from feedd.configfile.feed_changes import *  # noqa: F403


_HOMES = {
    "atomic_write": ("create", "update", "write"),
    "editor": ("STARTER", "add_feed", "add_feeds", "remove_feed"),
    "feed_changes": ("rename_feed", "set_feed", "set_feed_url", "typed_value", "value_text"),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
