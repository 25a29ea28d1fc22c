"""The unit files: understood by systemd, tight, and explained line by line."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parent.parent / "systemd"
UNITS = sorted(SYSTEMD.rglob("feedd.service"))
TIMED = [
    SYSTEMD / "user" / f"feedd-{what}.{kind}"
    for what in ("digest", "backup")
    for kind in ("service", "timer")
]
MANUAL = SYSTEMD.parent / "docs" / "feedd.1"
ALLOWED_EXPOSURE = 1.5
HARDENING_HEADLINE = "# --- What the service may not do"

needs_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here"
)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    """systemd-analyze, with the runtime directory that --user wants to see.

    Its path is short: other units put sockets there, whose names have a limit of 108 bytes. The
    manual page that the units name is looked for there, as it would be once installed.
    """
    with tempfile.TemporaryDirectory(prefix="fd", dir="/tmp") as runtime:
        manuals = Path(runtime) / "man" / "man1"
        manuals.mkdir(parents=True)
        shutil.copy(MANUAL, manuals)
        places = {"XDG_RUNTIME_DIR": runtime, "MANPATH": str(manuals.parent)}
        return subprocess.run(
            ["systemd-analyze", *arguments],
            env={**os.environ, **places, "SYSTEMD_PAGER": "", "MANPAGER": "cat", "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def test_there_is_a_unit_for_the_system_and_one_for_a_user() -> None:
    names = [str(unit.relative_to(SYSTEMD)) for unit in UNITS]
    assert names == ["feedd.service", "user/feedd.service"]


@needs_analyze
@pytest.mark.parametrize("unit", [*UNITS, *TIMED], ids=lambda unit: str(unit.relative_to(SYSTEMD)))
def test_systemd_understands_every_line(unit: Path) -> None:
    manager = ["--user"] if unit.parent.name == "user" else []
    result = analyze(*manager, "verify", str(unit))
    assert result.stdout + result.stderr == ""
    assert result.returncode == 0


@needs_analyze
def test_the_system_service_is_exposed_to_little() -> None:
    result = analyze("security", "--offline=true", "--no-pager", str(SYSTEMD / "feedd.service"))
    found = re.search(r"Overall exposure level for feedd.service: ([\d.]+)", result.stdout)
    assert found, result.stdout + result.stderr
    assert float(found[1]) <= ALLOWED_EXPOSURE


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.relative_to(SYSTEMD)))
def test_every_hardening_line_says_what_it_denies(unit: Path) -> None:
    """A run of settings stands directly below a comment; an empty line does not count as one."""
    lines = unit.read_text(encoding="utf-8").split(HARDENING_HEADLINE)[1].splitlines()[1:]
    settings = lines[: lines.index("[Install]")]
    unexplained = []
    explained = False
    for line in settings:
        if line.startswith("# "):
            explained = True
        elif not line:
            explained = False
        elif not explained:
            unexplained.append(line)
    assert not unexplained


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.relative_to(SYSTEMD)))
def test_a_unit_tells_the_manager_what_it_needs_to_know(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert "Type=notify" in lines
    assert "ExecReload=kill -HUP $MAINPID" in lines
    assert any(line.startswith("WatchdogSec=") for line in lines)


def mailed(folder: Path, digest: str, code: int = 0) -> tuple[int, list[str]]:
    """How the digest's line ends, and what its mail program was called with."""
    (folder / "digest").write_text(digest)
    for name, does in (
        ("feedd", f"cat '{folder}/digest'; exit {code}"),
        ("mail", f"printf '%s\\n' \"$@\" '--' > '{folder}/mailed'; cat >> '{folder}/mailed'"),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    text = (SYSTEMD / "user" / "feedd-digest.service").read_text().replace("\\\n", " ")
    found = re.search(r"^ExecStart=(.*)$", text, re.M)
    assert found is not None
    # As systemd reads it: quotes, C escapes, specifiers, doubled signs (systemd.service(5)).
    words = shlex.split(found[1])
    words = [word.replace("\\\\", "\\").replace("%u", "alice") for word in words]
    words = [word.replace("$$", "$").replace("%%", "%") for word in words]
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    ended = subprocess.run(words, env=environ, timeout=30, check=False).returncode
    note = folder / "mailed"
    return ended, note.read_text().splitlines() if note.exists() else []


def test_the_digest_is_mailed_whole_with_options_that_every_mail_program_knows(
    tmp_path: Path,
) -> None:
    text = 'News of Saturday\n\n* 100 % \\n $HOME `x` "y"\n'
    ended, lines = mailed(tmp_path, text)
    assert ended == 0
    assert lines == ["-s", "News", "alice", "--", *text.splitlines()]


def test_where_nothing_is_new_or_the_digest_fails_no_mail_is_sent(tmp_path: Path) -> None:
    assert mailed(tmp_path, "") == (0, [])
    assert mailed(tmp_path, "half a dig", code=4) == (4, [])
