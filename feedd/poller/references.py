"""What the configuration file refers to: are the files, programs and selectors there and sound?"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from feedd.configfile import credentials, tls_files
from feedd.configfile.keys import ITEM_KEYS
from feedd.configfile.loader import FileProblems
from feedd.configfile.places import read_text
from feedd.errors import ConfigError, FetchError
from feedd.model import Config, FeedConfig
from feedd.own_files import ANSWER_WITHIN_S, Trust, with_files, within_time
from feedd.units import HOUR_S

log = logging.getLogger("feedd")

Key = tuple[str, ...]
Check = Callable[[], str | None]


def reference_problems(config: Config) -> tuple[str, ...]:
    """What is wrong with what the file names, a line each, with the line of the file. Slow: it
    reads files and looks for programs, each for a limited time.
    """
    found = FileProblems(config.path, read_text(config.path))
    for key, check in _checks(config):
        problem = _within_time(check)
        if problem is not None:
            found.add(key, problem)
    return tuple(found.lines())


async def warn_of_problems(config: Config) -> None:
    """What is wrong with what the file names is logged before it is missed."""
    try:
        problems = await within_time(
            str(config.path), partial(reference_problems, config), timeout_s=HOUR_S
        )
    except (OSError, ConfigError) as error:
        problems = (str(error),)
    for problem in problems:
        log.warning("%s", problem)


def _checks(config: Config) -> Iterator[tuple[Key, Check]]:
    for key, check in _of_either(config, None):
        yield ("feedd", key), check
    for name, feed in config.feeds.items():
        yield from ((("feeds", name, key), check) for key, check in _of_feed(config, feed))


def _of_either(config: Config, feed: FeedConfig | None) -> Iterator[tuple[str, Check]]:
    """The keys that a feed may have, and the settings of all feeds (None)."""
    said = feed or config.settings
    if said.ca_file or said.client_cert:
        yield "ca_file" if said.ca_file else "client_cert", partial(_tls_problem, config, feed)
    for key in ("on_new", "on_broken"):
        if command := getattr(said, key):
            yield key, partial(_program_problem, command, config.path)


def _of_feed(config: Config, feed: FeedConfig) -> Iterator[tuple[str, Check]]:
    if feed.password_file:
        yield "password_file", lambda: _password_problem(feed, config.path)
    yield from _of_either(config, feed)
    if feed.url.startswith("exec:"):
        yield "url", lambda: _program_problem(feed.url.removeprefix("exec:"), config.path)
    for key in ("article_selector", "article_remove", *ITEM_KEYS):
        if selector := getattr(feed, key):
            yield key, partial(_selector_problem, selector)


def _selector_problem(selector: str) -> str | None:
    from feedd.article.overrides import selector_problem

    return selector_problem(selector)


def _password_problem(feed: FeedConfig, config_path: Path) -> str | None:
    try:
        credentials(feed, config_path)
    except ConfigError as error:
        return str(error).partition(".password_file: ")[2] or str(error)
    return None


def _tls_problem(config: Config, feed: FeedConfig | None) -> str | None:
    files = tls_files(config, feed)
    try:
        if files is not None:
            with_files(Trust(), files)
    except FetchError as error:
        return str(error)
    return None


def _program_problem(command: str, config_path: Path) -> str | None:
    words = shlex.split(command)
    if not words:
        return None
    program = words[0]
    if "/" in program:
        place = config_path.absolute().parent / program
        if not place.exists():
            return f"there is no program {place}"
        return None if os.access(place, os.X_OK) else f"{place} may not be run: chmod +x it"
    if shutil.which(program) is None:
        return f"there is no program {program} in $PATH; give its whole path"
    return None


def _within_time(check: Check) -> str | None:
    said: list[str | None] = []
    thread = threading.Thread(target=lambda: said.append(check()), daemon=True)
    thread.start()
    thread.join(ANSWER_WITHIN_S)
    return said[0] if said else "it can't be read: its file system does not answer"
