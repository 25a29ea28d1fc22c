"""`feedd demo`: the quickest way to see the program."""

from __future__ import annotations

import click


@click.command("demo", short_help="All of it on a small site of its own; no network.")
def demo_command() -> int:
    """Show every part of feedd on a small site of its own, on this computer's loopback, in a
    temporary folder. Needs no network and changes nothing of yours; takes some seconds.
    """
    from feedd.demo import tour

    return tour.run()
