"""What the shell completes is a word, never a command: names and tags may be a stranger's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.cli.completion import open_quote, quoted

HOSTILE = "$(touch x) `touch x`; touch x | 'a\" & \\ *"
CONFIG = f"""\
[feeds]
lwn = "https://lwn.example/rss"
[feeds.other]
url = "https://other.example/rss"
tags = ['''{HOSTILE}''', "news", "two words"]
"""

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def completed(
    folder: Path, typed: str, *, script: str | None = None
) -> subprocess.CompletedProcess[str]:
    """What bash has on its line after `feedd list --tag` and Tab, and runs on Enter."""
    command = folder / "feedd"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m feedd "$@"\n')
    command.chmod(0o755)
    (folder / "config.toml").write_text(CONFIG)
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}",
               "PYTHONPATH": str(Path(__file__).parents[2]), "TYPED": typed}  # fmt: skip
    source = script or 'eval "$(feedd completion bash)"'
    return subprocess.run(
        ["bash", "--norc", "-c", f"""{source}
COMP_WORDS=(feedd list --tag "$TYPED"); COMP_CWORD=3
_feedd_completion feedd 2>&1
quote=${{TYPED:0:1}}
case "$quote" in "'"|'"') ;; *) quote= ;; esac
for one in "${{COMPREPLY[@]}}"; do eval "printf '%s\\n' $quote$one$quote"; done"""],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@needs_bash
@pytest.mark.parametrize("typed", ["", "'", '"', "'$", '"`', "\\$"])
def test_a_tag_from_an_opml_file_is_completed_as_a_word_and_never_run(
    tmp_path: Path, typed: str
) -> None:
    said = completed(tmp_path, typed)
    assert said.stderr == ""
    offered = said.stdout.splitlines()
    assert (HOSTILE in offered) == (typed != '"`')
    assert ("two words" in offered) == (typed in ("", "'", '"'))
    assert not (tmp_path / "x").exists()


@needs_bash
def test_a_completion_script_of_an_earlier_version_runs_nothing_either(tmp_path: Path) -> None:
    from click.shell_completion import BashComplete

    from feedd.cli.command_line import cli

    old = BashComplete(cli, {}, "feedd", "_FEEDD_COMPLETE")
    said = completed(tmp_path, "two", script=old.source_template % old.source_vars())
    assert said.stdout.splitlines() == ["two words"]
    completed(tmp_path, "", script=old.source_template % old.source_vars())
    assert not (tmp_path / "x").exists()


@needs_bash
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12))
def test_any_name_is_one_word_to_the_shell(name: str) -> None:
    lines = [quoted(name, ""), f"'{quoted(name, chr(39))}'", f'"{quoted(name, chr(34))}"']
    said = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(f"printf '%s\\0' {line}" for line in lines)],
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert said.stdout.decode("utf-8").split("\0") == [name, name, name, ""]


@pytest.mark.parametrize(
    ("typed", "quote"),
    [("", ""), ("ab", ""), ("'a", "'"), ('"a b', '"'), ("'a'", ""), ("a'b", None), ("a\\", "")],
)
def test_an_open_quote_is_seen(typed: str, quote: str | None) -> None:
    assert open_quote(typed) == quote
