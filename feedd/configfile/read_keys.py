"""`[read.keys]`: keys of the full-screen reader, each bound to an action or to a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast, get_args

from feedd.configfile.values import found, item_command, unknown
from feedd.model import ReadAction

NAMED_KEYS = (
    "Enter", "Space", "Tab", "Esc", "Backspace", "Del", "Ins", "Home", "End", "PgUp", "PgDn",
    "Up", "Down", "Left", "Right", *(f"F{number}" for number in range(1, 13)),
)  # fmt: skip
"""Keys that are no character, as the help of the reader names them."""

NOT_TOLD_APART = frozenset("chijmqz")
"""With Ctrl these are other keys to a terminal (Backspace, Tab, Enter), or stop programs."""


def key_bindings(
    table: Mapping[str, object], report: Callable[[tuple[str, ...], str], None]
) -> dict[str, ReadAction | tuple[str, ...]]:
    """What each key is to do; what is wrong is reported with its place in the file."""
    bound: dict[str, ReadAction | tuple[str, ...]] = {}
    for written, value in table.items():
        try:
            bound[key_name(written)] = _binding(value)
        except ValueError as error:
            report(("read", "keys", written), str(error))
    return bound


def key_name(written: str) -> str:
    """A key by its one name. Raises ValueError."""
    if written == " ":
        return "Space"
    if len(written) == 1 and written.isprintable():
        return written
    named = {name.lower(): name for name in NAMED_KEYS}
    if written.lower() in named:
        return named[written.lower()]
    first, _, letter = written.lower().partition("-")
    if first == "ctrl" and len(letter) == 1 and "a" <= letter <= "z":
        if letter in NOT_TOLD_APART:
            raise ValueError("a terminal can't tell this key apart, or takes it for itself")
        return f"Ctrl-{letter}"
    names = [*NAMED_KEYS[:15], "F1 to F12"]
    raise ValueError(
        f"no key has this name; allowed: one character, Ctrl- and a letter, {', '.join(names)}"
    )


def _binding(value: object) -> ReadAction | tuple[str, ...]:
    actions = get_args(ReadAction)
    if not isinstance(value, str):
        raise found(value, 'an action such as "next-unread", or "!COMMAND", in quotes')
    if not value.startswith("!"):
        if value not in actions:
            raise ValueError(unknown(value, actions, "action"))
        return cast("ReadAction", value)
    words = cast("tuple[str, ...]", item_command(value[1:].strip()))
    if not words:
        raise ValueError("there is no command after the !")
    return words
