"""`feedd demo`: the quickest way to see the program."""

from __future__ import annotations

import click

from feedd.cli.context import Context

MAX_COLUMNS = 80
"""The tour's own words are easier to read in lines no longer than this."""


@click.command("demo", short_help="All of it on a small site of its own; no network.")
@click.pass_obj
def demo_command(context: Context) -> int:
    """Show every part of feedd on a small site of its own, on this computer's loopback, in a
    temporary folder. Needs no network and changes nothing of yours; takes some seconds.
    """
    from feedd.demo import tour

    screen = context.screen
    return tour.run(
        columns=min(screen.columns or MAX_COLUMNS, MAX_COLUMNS),
        bold=lambda text: screen.paint(text, "bold"),
    )
