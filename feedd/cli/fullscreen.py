"""`feedd read`: the full-screen reader, where its library is installed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from feedd.cli import Context
from feedd.cli.filters import chosen_feeds, feed_arguments, tag_option
from feedd.errors import UsageError


@click.command("read", short_help="The full-screen reader.")
@feed_arguments
@tag_option()
@click.pass_obj
def read_command(context: Context, names: Sequence[str], tags: Sequence[str]) -> None:
    """Read full-screen: feeds, items and the article side by side; `?` shows the keys."""
    if not context.screen.terminal:
        raise UsageError("feedd read needs a terminal; feedd list and feedd show do without one")
    try:
        import textual  # noqa: F401
    except ImportError:
        raise UsageError(
            "feedd read needs the textual library: install feedd[tui]; feedd show does without it"
        ) from None
    from feedd.cli.tui import read

    read(context, chosen_feeds(context, names, tags))
