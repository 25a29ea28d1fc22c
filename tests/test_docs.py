"""What the documentation shows exists: commands, options, make targets, files, links."""

from __future__ import annotations

import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from feedd.cli.command_line import cli

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SHOWN = re.compile(r"^(?:\$ |\s*ExecStart=\S*env )?(?:sudo(?: -u \w+)? )?(feedd(?: .*)?)$")
INLINE = re.compile(r"`(feedd [^`]+)`")
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
PLACEHOLDERS = {"COMMAND", "SUBCOMMAND"}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def fenced_lines(text: str) -> Iterator[str]:
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


def shown_commands(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    fenced = (SHOWN.match(line) for line in fenced_lines(text))
    return {found[1] for found in fenced if found} | set(INLINE.findall(text))


def words(command: str) -> list[str]:
    """The feedd part of a shown command line: without comments, pipes and what follows."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|&;<>")
    lexer.commenters = "#"
    lexer.whitespace_split = True
    found: list[str] = []
    for word in lexer:
        if set(word) <= set("|&;<>"):
            break
        found.append(word)
    return found


@cache
def command_named(name: str) -> click.Command | None:
    return cli.get_command(click.Context(cli), name)


def options_of(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.get_params(click.Context(command))
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("-")
    }


def complaint(command: str) -> str | None:
    """Why feedd would not understand this command line; None where it would."""
    arguments = words(command)[1:]
    allowed = options_of(cli)
    current: click.Command = cli
    for word in arguments:
        if word.startswith("-"):
            option = word.split("=")[0]
            letters = option[1:] if re.fullmatch(r"-[a-z]+", option) else ""
            if option not in allowed and not all(f"-{letter}" in allowed for letter in letters):
                return f"{current.name} has no option {option}"
        elif current is cli and word.strip("…[].,") and not word.startswith(("/", "~", "$", ".")):
            if word in PLACEHOLDERS:
                return None
            found = command_named(word)
            if found is None:
                return f"there is no command {word}"
            current = found
            allowed = options_of(current)
    return None


@each_page
def test_commands_shown_exist_with_their_options(page: Path) -> None:
    wrong = {command: complaint(command) for command in shown_commands(page)}
    assert not {command: why for command, why in wrong.items() if why}


def test_help_of_every_command_shown_works() -> None:
    names = {
        word
        for page in PAGES
        for command in shown_commands(page)
        for word in words(command)[1:]
        if command_named(word)
    }
    assert len(names) > 5
    for name in sorted(names):
        command = command_named(name)
        assert command is not None
        with click.Context(command, info_name=name) as context:
            assert f"Usage: {name}" in command.get_help(context)
    done = subprocess.run(
        [sys.executable, "-m", "feedd", "list", "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert "Usage: feedd list" in done.stdout


@each_page
def test_make_targets_shown_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    missing = [name for name in shown if not re.search(rf"^{name}:", makefile, re.MULTILINE)]
    assert not missing


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@each_page
def test_files_named_exist(page: Path) -> None:
    """Paths in backticks that begin with a folder of this repository."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:docs|systemd|benchmarks|tests|\.ci)/[\w./-]+)`", text)
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_fault_has_the_test_that_it_names() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/faults.md").read_text("utf-8"))
    assert len(named) > 40
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    ]
    assert not missing


def test_every_rule_of_politeness_names_tests_that_exist_and_one_that_asks_a_server() -> None:
    text = (ROOT / "docs" / "politeness.md").read_text(encoding="utf-8")
    rules = {int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    proofs = dict(re.findall(r"^- \*\*(\d+)\*\* (.*)$", text, re.MULTILINE))
    assert rules == {int(number) for number in proofs} == {*range(1, 42), 50, 51, 52}
    for number, proof in proofs.items():
        named = re.findall(r"`(tests/[^`]+\.py)`: ((?:`test_\w+`(?:, )?)+)", proof)
        for path, names in named:
            source = (ROOT / path).read_text(encoding="utf-8")
            missing = [
                name for name in re.findall(r"`(\w+)`", names) if f"def {name}(" not in source
            ]
            assert not missing, f"rule {number}: {path}"
        folders = {path.split("/")[1] for path, _ in named}
        assert folders & {"poller", "http", "daemon"}, f"rule {number} is not shown on a server"


def test_the_manual_page_tells_what_the_help_tells() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "manpage.py")],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    current = (ROOT / "docs" / "feedd.1").read_text(encoding="utf-8")
    assert current == done.stdout, "run `make man`"


def test_the_list_of_files_is_that_of_the_tree() -> None:
    page = ROOT / "docs" / "architecture.md"
    listing = runpy.run_path(str(ROOT / "docs" / "listing.py"))
    text = page.read_text(encoding="utf-8")
    assert listing["with_listing"](text) == text, "make listing writes it anew"
    lines = listing["render"]().splitlines()[1:-1]
    assert len(lines) > 100
    for line in lines:
        name, *words = line.split()
        assert words, f"{name} does not say in its first line what it is for"
        assert len(line) <= 140, f"the first sentence of {name} is too long for a list"


def test_the_readme_starts_with_what_feedd_is_and_two_commands() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:45])
    assert "make run" in first_screen
    assert "make test" in first_screen
