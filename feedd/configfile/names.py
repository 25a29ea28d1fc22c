"""Which names a feed may have in the file."""

from __future__ import annotations

MAX_NAME_CHARACTERS = 100


def name_problem(name: str) -> str | None:
    """Why a feed can't have this name (it must be usable on a command line); None when it can."""
    if not name.strip() or name != name.strip():
        return "a feed's name may not be empty, or start or end with a space"
    if not name.isprintable():
        return "a feed's name may hold no control or invisible characters"
    if name.startswith("-"):
        return "a feed's name may not start with -, or commands would take it for an option"
    if len(name) > MAX_NAME_CHARACTERS:
        return f"a feed's name may have at most {MAX_NAME_CHARACTERS} characters"
    return None
