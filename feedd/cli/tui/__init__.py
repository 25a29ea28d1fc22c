"""The full-screen reader (textual, an optional library, is imported here and nowhere else)."""

from __future__ import annotations

from feedd.cli import Context
from feedd.cli.tui.app import Reader
from feedd.cli.tui.library import Library


def read(context: Context, feeds: tuple[str, ...] | None) -> None:
    """Read until the user leaves. Raises StoreError when there is nothing to read from."""
    library = Library(
        config=context.config(),
        reader=context.reader(),
        writer=context.writer,
        now=context.now,
        only=feeds,
    )
    reader = Reader(library)
    reader.run()
    if reader.failure is not None:
        raise reader.failure
