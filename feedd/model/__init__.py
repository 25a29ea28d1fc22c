"""The values that travel between the modules: frozen, without behaviour.

Times are integer seconds since the epoch, UTC. Strings from feeds are already sanitised (HTML) or
plain (everything else), absolute where they are URLs, but not yet gated for a terminal.

Each part is imported when one of its names is first asked for: a reading command pays for the few
values that it handles, not for all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from feedd.model.config import *  # noqa: F403
    from feedd.model.feed import *  # noqa: F403
    from feedd.model.listing import *  # noqa: F403
    from feedd.model.state import *  # noqa: F403

ParserMode = Literal["auto", "feedparser"]
"""Here, since both who reads the file and who parses know it, and neither needs what the other has.
"""

_HOMES = {
    "feed": (
        "Article ChangedEntry Credentials Enclosure Entry Hints Hop KeyedEntry KnownEntry NewEntry "
        "NO_HINTS PageJob ParsedFeed Response TlsFiles"
    ),
    "state": (
        "ArchiveKind ArchiveRead EntryKeys FeedHealth FeedState FeedSummary "
        "HostBackoff HubChange PollOutcome PollRecord Proposal Subscription "
        "SubscriptionState FeedTrouble TaskTrouble Validators"
    ),
    "listing": ("ArticleDetail Item ItemDetail ItemFilter ItemPage MarkAction TextSource Which"),
    "config": (
        "ArticlesMode Config FeedConfig PicturesMode ReadAction ReadSettings RepairMode Retention "
        "Rule Settings UpdatesMode"
    ),
}
"""Which names each part has."""

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
