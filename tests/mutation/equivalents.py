"""Changes that change nothing that matters, each judged by a person, with the reason.

Found by what the code says, not by its line: a judgement ends with the code that it was about.
"""

from __future__ import annotations

from tests.mutation.changes import Change

_JUDGED: dict[str, list[tuple[str, str, str]]] = {
    "feedd/text.py": [
        ("one_line", "3 is 4", "one character more is searched, behind which no comment ends"),
    ],
    "feedd/daemon/housekeeping.py": [
        ("plan_upkeep", "5 is 6", "minutes between two rounds of what nobody waits for"),
    ],
    "feedd/store/upkeep/salvage.py": [
        (
            "_copied",
            "dropped: new.execute('PRAGMA synchronous = OFF')",
            "how fast a copy is made, which is synced before it takes its place",
        ),
    ],
    "feedd/terminal.py": [
        (
            "*",
            "left out, line.isascii(): *",
            "a quick way: the other operand is as true, and slower",
        ),
    ],
}
"""By file: the function (`*`: any), the change in words (ending with `*`: what begins so), why."""


def reason(file: str, change: Change) -> str | None:
    """Why a change changes nothing that matters, where that was judged."""
    for function, words, why in _JUDGED.get(file, ()):
        if function in ("*", change.function) and _says(change.words, words):
            return why
    return None


def outlived(file: str, found: list[Change]) -> list[str]:
    """The judgements about a file that fit none of its changes any more."""
    return [
        f"{function}: {words}"
        for function, words, _ in _JUDGED.get(file, ())
        if not any(
            function in ("*", change.function) and _says(change.words, words) for change in found
        )
    ]


def _says(words: str, meant: str) -> bool:
    return words.startswith(meant[:-1]) if meant.endswith("*") else words == meant
