"""The commands that work: run, check, repair, prune, backup; and the log."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedd.cli.context import Context
from feedd.cli.item_lines import UNTITLED
from feedd.cli.options import json_option
from feedd.errors import ConfigError, StoreError
from feedd.terminal import gate
from feedd.units import number_of

if TYPE_CHECKING:
    from feedd.poller.recorder import PollReport


@click.command("run")
@click.pass_obj
def run_command(context: Context) -> int:
    """Poll on schedule until SIGTERM or SIGINT. Changes of the configuration file take effect
    without a restart.

    Each new item is printed as a line when it arrives (not under systemd's journal).
    """
    from feedd import configfile, notify
    from feedd.daemon import Daemon

    def announce(report: PollReport) -> None:
        lines = new_item_lines(report)
        if lines:
            print(*lines, sep="\n", flush=True)

    log_to_stderr(os.environ, verbose=context.verbose, quiet=context.quiet)
    manager = notify.Manager(os.environ)
    try:
        daemon = Daemon(
            configfile.find(context.config_path),
            manager=manager,
            # The journal gets the log, not the items.
            announce=(lambda report: None) if "JOURNAL_STREAM" in os.environ else announce,
        )
        return asyncio.run(daemon.run())
    finally:
        manager.close()


@click.command("check")
@click.pass_obj
def check_command(context: Context) -> int:
    """Check the configuration file and the database; change nothing."""
    from feedd.poller.references import reference_problems
    from feedd.store.upkeep.integrity import check

    config = context.whole_config()
    for warning in config.warnings:
        context.say(f"warning: {gate(warning)}")
    if config.rules or config.views:
        from feedd.cli.rules import rule_warnings

        there = config.settings.database.exists()
        for warning in rule_warnings(config, context.reader() if there else None):
            context.say(f"warning: {config.path}: {gate(warning)}")
    wrong = reference_problems(config)
    if not wrong:
        context.out(f"{config.path}: fine, {number_of(len(config.feeds), 'feed')}")
    database = config.settings.database
    if database.exists():
        problems = check(database)
        for problem in problems:
            context.complain(f"{database}: {gate(problem)}")
        if problems:
            for line in wrong:
                context.complain(gate(line))
            raise StoreError(
                f"{database} is damaged: feedd repair mends what can be; feedd restore FILE puts a"
                " backup in its place"
            )
        context.out(f"{database}: fine")
    else:
        context.out(f"{database}: not there yet; feedd poll or feedd run creates it")
    if wrong:
        raise ConfigError(wrong)
    import_module("feedd.http.failures")  # raises FeeddError where nobody could be asked
    return 0


@click.command("repair")
@click.pass_obj
def repair_command(context: Context) -> None:
    """Mend the database: indexes, counts, groups, damaged texts in place; a damaged file is read
    table by table into a new one and kept beside it (not while a daemon runs).

    Says what was done, and what was lost.
    """
    from feedd.store.upkeep.salvage import mend

    database = context.config().settings.database
    if not database.exists():
        raise StoreError(f"no database at {database} yet: feedd poll or feedd run creates it")
    for line in mend(database):
        context.out(line)


@click.command("prune")
@click.option(
    "--removed", is_flag=True, help="Drop feeds that left the file as well, with their items."
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@json_option
@click.pass_obj
def prune_command(context: Context, removed: bool, dry_run: bool, as_json: bool) -> None:
    """Drop items as `keep`, `keep_unread` and `keep_items` in the file say. Starred items, those to
    be read later and those with a tag of their own stay.

    This cannot be undone. What was pruned does not come back with its feed: it stays known until no
    document of the feed has had it for ten years.
    """
    from feedd.store.feeds import feeds_not_in
    from feedd.store.upkeep.retention import prune

    config = context.config()
    if not (as_json or removed or config.drops):
        context.say('keep is "forever": nothing to prune; --removed prunes removed feeds')
        return
    if removed and not dry_run:
        context.take_up_file()  # it may say more than was polled since
    db = context.reader() if dry_run else context.writer()
    outside = None  # of what was taken up the store knows
    if removed and dry_run:
        outside = feeds_not_in(db, context.whole_config().feeds.values())
    done = prune(
        db,
        context.now(),
        config.settings.retention,
        config.retentions,
        removed=removed,
        outside=outside,
        dry_run=dry_run,
    )
    if as_json:
        context.emit_json(*(feed._asdict() for feed in done))
        return
    some = [feed for feed in done if feed.pruned]
    for feed in some if dry_run or removed else ():  # it can't be undone: which feeds' items
        context.out(f"{gate(feed.feed)}: {feed.pruned:,} of {feed.pruned + feed.kept:,} items")
    count = sum(feed.pruned for feed in some)
    words = "would prune" if dry_run else "pruned"
    context.say(f"{words} {number_of(count, 'item')}")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup_command(context: Context, file: Path) -> None:
    """Write a consistent copy of the database to FILE, while the daemon runs."""
    from feedd.store.upkeep.backup import backup
    from feedd.units import format_size

    backup(context.reader(), file)
    context.say(f"wrote {file} ({format_size(file.stat().st_size)})")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore_command(context: Context, file: Path) -> None:
    """Put the backup FILE in the database's place; the one that was there is kept beside it.

    Not while a daemon runs: stop it first.
    """
    from feedd.store.upkeep.backup import restore

    database = context.config().settings.database
    kept = restore(file, database)
    context.say(f"restored {database} from {file}")
    if kept is not None:
        context.say(f"the database that was there is kept as {kept}; delete it when all is well")


# ---------------------------------------------------------------- the log


# sd-daemon(3): the journal reads a priority from the start of each line.
_PRIORITIES = (
    (logging.CRITICAL, "<2>"),
    (logging.ERROR, "<3>"),
    (logging.WARNING, "<4>"),
    (logging.INFO, "<6>"),
    (logging.DEBUG, "<7>"),
)


class _OneLine(logging.Formatter):
    """A record on one gated line: with a priority for the journal, with the time for a person."""

    def __init__(self, *, journal: bool) -> None:
        super().__init__("%(message)s" if journal else "%(asctime)s  %(message)s", "%H:%M:%S")
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        text = gate(super().format(record))
        if not self._journal:
            return text
        priority = next(mark for level, mark in _PRIORITIES if record.levelno >= level)
        return priority + text


def log_to_stderr(environ: Mapping[str, str], *, verbose: bool, quiet: bool) -> None:
    """Send the program's own log there; other libraries' only from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(journal="JOURNAL_STREAM" in environ))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    logging.getLogger("feedd").setLevel(level)


def new_item_lines(report: PollReport) -> list[str]:
    """Each new item of a poll as one line: id, feed, title. What a feed held when it was read for
    the first time is one line in all.
    """
    feed = gate(report.feed)
    if report.first and len(report.items) > 1:
        return [f"{'':>7}  {feed}  {len(report.items):,} items at its first poll; feedd lists them"]
    return [f"{item_id:>7}  {feed}  {gate(title) or UNTITLED}" for item_id, title in report.items]
