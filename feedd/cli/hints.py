"""What a person probably meant: the nearest name, or the command for a word that is none."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from feedd.errors import NotFoundError

if TYPE_CHECKING:
    from feedd.model import Config

OTHER_WORDS = {
    **dict.fromkeys(("subscribe", "follow"), "add URL"),
    **dict.fromkeys(("delete", "rm", "unsubscribe", "del"), "remove NAME"),
    **dict.fromkeys(("ls", "unread", "items", "new"), "list"),
    **dict.fromkeys(("starred", "favourites", "favorites"), "list --starred"),
    **dict.fromkeys(("cat", "view", "less"), "show ID"),
    **dict.fromkeys(("find", "grep"), "search QUERY"),
    **dict.fromkeys(("fetch", "refresh", "sync", "reload", "update", "pull"), "poll"),
    **dict.fromkeys(("daemon", "start", "serve", "watch"), "run"),
    **dict.fromkeys(("tui", "ui", "gui"), "read"),
    **dict.fromkeys(("browse", "browser"), "open ID"),
    **dict.fromkeys(("star", "unstar"), "mark {word} ID"),
    **dict.fromkeys(("config", "edit", "configure"), "set NAME KEY=VALUE"),
    "mv": "rename OLD NEW",
    "opml": "import FILE",
    "history": "why NAME",
    **dict.fromkeys(("stats", "info"), "status"),
    **dict.fromkeys(("doctor", "validate", "test"), "check"),
    "version": "--version",
    **dict.fromkeys(("man", "usage"), "help"),
}
"""What the commands are called elsewhere."""

_URL = re.compile(r"[a-z][a-z0-9+.-]*://.*|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/.*)?", re.IGNORECASE)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Which of the `known` names was probably meant; case does not matter."""
    import difflib

    spelt = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), list(spelt), n=1)
    return spelt[near[0]] if near else None


def command_meant(
    typed: Sequence[str], commands: Collection[str], config: Config | None
) -> str | None:
    """The command line that was probably meant by one whose first word is no command."""
    word, rest = typed[0], shlex.join(typed[1:])
    if word.isascii() and word.isdigit():
        return f"show {shlex.join(typed)}"
    if config is not None and word in config.feeds:
        return f"list {shlex.join(typed)}"
    if _URL.fullmatch(word):
        return f"add {shlex.join(typed)}"
    if word.casefold() in OTHER_WORDS:
        meant = OTHER_WORDS[word.casefold()].format(word=word)
        if rest:
            meant = re.sub(r" [A-Z].*", "", meant) + f" {rest}"
        return meant
    if (near := nearest(word, commands)) is not None:
        return near
    feed = nearest(word, config.feeds) if config is not None else None
    return None if feed is None else f"list {shlex.quote(feed)}"


def check_feed(name: str, config: Config) -> None:
    """Raises NotFoundError where the user's file has no feed of this name."""
    if name not in config.feeds:
        raise missing("feed", name, config.feeds)


def missing(
    what: Literal["feed", "tag", "rule", "view"], name: str, known: Iterable[str]
) -> NotFoundError:
    """The error for a name that does not exist, with the nearest that does."""
    near = nearest(name, known)
    listing = "feeds" if what == "tag" else f"{what}s"
    hint = f"did you mean '{near}'?" if near is not None else f"feedd {listing} lists them"
    return NotFoundError(f"no {what} '{name}'; {hint}")
