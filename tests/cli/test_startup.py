"""The reading commands start at once: they import nothing of the daemon, nor what they do not use.

Which modules are loaded is tested, for it is the same on every machine; the time that takes is not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.stocked import Stocked, stock

ROOT = Path(__file__).parents[2]
FETCHING = {"httpx", "httpcore", "h2", "feedparser", "lxml", "nh3", "apscheduler", "bs4",
            "trafilatura", "asyncio", "ssl", "socket", "multiprocessing", "logging"}  # fmt: skip
HEAVY = {"sqlite_utils", "rich", "textual", "pygments", "dateutil", "importlib.metadata",
         "email", "http", "html.parser", "difflib", "subprocess", "tempfile"}  # fmt: skip
PROGRAM = """
import json, sys
from feedd.cli.command_line import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def loaded(stocked: Stocked, *args: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM, *args],
        cwd=stocked.folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


@pytest.mark.parametrize(
    ("args", "allowed"),
    [
        (["list"], set()),
        (["list", "lwn", "--since", "2d"], set()),
        (["list", "--tag", "python", "--by", "day"], set()),
        (["list", "--json"], set()),
        (["search", "kernel"], set()),
        (["show", "1"], {"html.parser"}),
        (["mark", "read", "1"], set()),
        (["--help"], set()),
    ],
)
def test_a_reading_command_loads_only_what_it_needs(
    stocked: Stocked, args: list[str], allowed: set[str]
) -> None:
    modules = loaded(stocked, *args)
    assert not modules & (FETCHING | HEAVY) - allowed
    if args == ["list"]:
        assert not {m for m in modules if m.startswith("feedd.cli.typeset")}


INTERRUPTED = """
import os, signal, sys
class Interrupted:
    def find_spec(self, name, *more):
        if name == "feedd.cli.command_line":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupted())
from feedd.__main__ import main
main()
"""


def test_ctrl_c_while_it_starts_is_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "feedd: interrupted\n")


def test_a_list_of_titles_loads_nothing_of_texts_searches_and_polls(stocked: Stocked) -> None:
    unneeded = {"hashlib", "feedd.model.state", "feedd.model.query_nodes", "feedd.text"}
    assert not loaded(stocked, "list", "-n", "3") & unneeded


def test_a_list_loads_these_modules_and_no_other(stocked: Stocked) -> None:
    """One that is new here makes every list slower: is it needed for each?"""
    modules = loaded(stocked, "list", "--limit=3")
    assert {name.removeprefix("feedd.") for name in modules if name.startswith("feedd.")} == {
        "cli", "cli.chosen", "cli.command_line", "cli.context", "cli.item_lines", "cli.item_list",
        "cli.options", "cli.screen",
        "configfile", "configfile.keys", "configfile.loader",
        "configfile.places", "configfile.values",
        "errors", "model", "model.config", "model.listing", "records",
        "store", "store.database", "store.groups", "store.items", "store.list_ids", "store.lists",
        "store.sqlite",
        "terminal", "units",
    }  # fmt: skip
    assert not modules & {
        "dataclasses",
        "msgspec",
        "shlex",
        "textwrap",
        "zoneinfo",
        "difflib",
        "decimal",
        "random",
    }


def test_a_poll_that_brings_nothing_loads_no_parser_and_nothing_of_articles(
    stocked: Stocked,
) -> None:
    """Most polls bring nothing, and each module more is paid for by every one of them."""
    file = stocked.folder / "none.toml"
    file.write_text('[feedd]\ndatabase = "none.db"\n')
    loaded(stocked, "--config", str(file), "poll")  # makes the database
    modules = loaded(stocked, "--config", str(file), "poll")
    assert not modules & (FETCHING | HEAVY) - {
        "asyncio", "email", "http", "httpx", "logging", "socket", "ssl", "subprocess", "tempfile",
    }  # fmt: skip
    assert not modules & {
        "feedd.workers.messages",
        "feedd.parsing.reading",
        "feedd.web.robot_checks",
    }
    assert not {name for name in modules if name.startswith(("feedd.article", "feedd.sanitise"))}
