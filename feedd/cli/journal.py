"""Log lines on standard error: one an event, for a person or for the journal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping

from feedd.cli.lines import UNTITLED
from feedd.poller.polling import PollReport
from feedd.terminal import gate

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
    """Each new item of a poll as one line: id, feed, title."""
    return [
        f"{item_id:>7}  {gate(report.feed)}  {gate(title) or UNTITLED}"
        for item_id, title in report.items
    ]
