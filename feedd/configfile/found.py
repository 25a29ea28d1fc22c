"""What was found in the file, in words for a message."""

from __future__ import annotations


def found(value: object, allowed: str) -> ValueError:
    """The error that says what was found and what is allowed."""
    return ValueError(f"found {shown(value)}; allowed: {allowed}")


def shown(value: object) -> str:
    """A value as the file has it, short and printable."""
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:59] + "…"
        return '"' + "".join(c if c.isprintable() else "�" for c in short) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and len(digits := str(value)) <= 20:
        return f"the number {digits}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else f"a {type(value).__name__}"
