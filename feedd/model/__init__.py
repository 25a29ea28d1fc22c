"""The values that travel between the modules: frozen, without behaviour.

Times are integer seconds since the epoch, UTC. Strings from feeds are already sanitised (HTML) or
plain (everything else), absolute where they are URLs, but not yet gated for a terminal.

Each part is imported when one of its names is first asked for: a reading command pays for the few
values that it handles, not for all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedd.model.articles import Article, PageJob
    from feedd.model.configured import ArticlesMode, Config, FeedConfig, Settings, UpdatesMode
    from feedd.model.exchanged import Credentials, Hop, Response, TlsFiles, Validators
    from feedd.model.identified import ChangedEntry, KeyedEntry, KnownEntry, NewEntry
    from feedd.model.published import Enclosure, Entry, Hints, ParsedFeed
    from feedd.model.remembered import FeedHealth, FeedState, FeedSummary, PollOutcome, PollRecord
    from feedd.model.shown import Item, ItemDetail, ItemFilter, ItemPage, MarkAction, Which
    from feedd.model.sought import ArchiveKind, ArchiveRead, Proposal
    from feedd.model.subscribed import Subscription

__all__ = [
    "ArchiveKind",
    "ArchiveRead",
    "Article",
    "ArticlesMode",
    "ChangedEntry",
    "Config",
    "Credentials",
    "Enclosure",
    "Entry",
    "FeedConfig",
    "FeedHealth",
    "FeedState",
    "FeedSummary",
    "Hints",
    "Hop",
    "Item",
    "ItemDetail",
    "ItemFilter",
    "ItemPage",
    "KeyedEntry",
    "KnownEntry",
    "MarkAction",
    "NewEntry",
    "PageJob",
    "ParsedFeed",
    "PollOutcome",
    "PollRecord",
    "Proposal",
    "Response",
    "Settings",
    "Subscription",
    "TlsFiles",
    "UpdatesMode",
    "Validators",
    "Which",
]

_HOMES = {
    "sought": (
        "ArchiveKind",
        "ArchiveRead",
        "Proposal",
    ),
    "configured": (
        "ArticlesMode",
        "Config",
        "FeedConfig",
        "Settings",
        "UpdatesMode",
    ),
    "published": (
        "Enclosure",
        "Entry",
        "Hints",
        "ParsedFeed",
    ),
    "exchanged": (
        "Credentials",
        "Hop",
        "Response",
        "TlsFiles",
        "Validators",
    ),
    "identified": (
        "ChangedEntry",
        "KeyedEntry",
        "KnownEntry",
        "NewEntry",
    ),
    "remembered": (
        "FeedHealth",
        "FeedState",
        "FeedSummary",
        "PollOutcome",
        "PollRecord",
    ),
    "articles": (
        "Article",
        "PageJob",
    ),
    "shown": (
        "Item",
        "ItemDetail",
        "ItemFilter",
        "ItemPage",
        "MarkAction",
        "Which",
    ),
    "subscribed": ("Subscription",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
