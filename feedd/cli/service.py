"""The commands that work: run, poll, status, check, prune, backup."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import click

from feedd.cli.context import Context
from feedd.errors import ConfigError, NotFoundError, StoreError

EXIT_FAILED = 1


@click.command("run")
@click.pass_obj
def run_command(ctx: Context) -> int:
    """Poll on schedule until SIGTERM or SIGINT; SIGHUP reads the file again."""
    from feedd import configfile, notify
    from feedd.cli.journal import log_to_stderr, new_item_line
    from feedd.daemon import Daemon

    log_to_stderr(os.environ, verbose=ctx.verbose, quiet=ctx.quiet)
    manager = notify.Manager(os.environ)
    path = configfile.find(ctx.config_path)
    daemon = Daemon(
        path,
        manager=manager,
        announce=lambda report: [ctx.out(line) for line in new_item_lines(report)],
    )
    try:
        return asyncio.run(daemon.run())
    finally:
        manager.close()


@click.command("poll")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "every", is_flag=True, help="Every enabled feed, due or not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed.")
@click.pass_obj
def poll_command(ctx: Context, names: Sequence[str], every: bool, as_json: bool) -> int:
    """Ask the feeds that are due, or the named ones now; wait for their article pages; exit."""
    if names and every:
        raise click.UsageError("give feed names or --all, not both")
    from feedd.cli.onepass import one_pass

    config = ctx.config()
    for name in names:
        _known_feed(name, config.feeds)
    return asyncio.run(one_pass(ctx, config, names=names, every=every, as_json=as_json))
