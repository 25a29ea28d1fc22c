"""Every failure is one line and an exit code; help and completion never need the whole program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feedd import __version__
from feedd.cli.command_line import _COMMANDS, run


def feedd(
    *args: str, env: dict[str, str] | None = None, **more: object
) -> subprocess.CompletedProcess[str]:
    """The real program, as its user calls it."""
    return subprocess.run(
        [sys.executable, "-m", "feedd", *args],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **(env or {})},
        check=False,
    )


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"feedd {__version__}\n"
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in _COMMANDS:
        assert f"\n  {name} " in shown


def test_help_imports_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    program = (
        "import sys; from feedd.cli.command_line import run; run(['--help']);"
        "sys.exit(str([m for m in sys.modules if m.startswith(('feedd.cli.item', 'feedd.store'))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "[]"


def test_help_is_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    whole = capsys.readouterr().out
    assert run(["help"]) == 0
    assert capsys.readouterr().out == whole
    assert run(["why", "--help"]) == 0
    one = capsys.readouterr().out
    assert run(["help", "why"]) == 0
    assert capsys.readouterr().out == one
    assert run(["help", "wyh"]) == 2
    assert "did you mean 'why'?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["list", "show", "open", "mark", "search", "read", "digest",
                                  "completion"])  # fmt: skip
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage: feedd " + name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["lst"], "feedd: no command 'lst'; did you mean 'list'? See feedd --help"),
        (["xyzzy"], "feedd: no command 'xyzzy'. See feedd --help"),
        (["poll", "-q"], "feedd: -q goes before the command: feedd -q …"),
        (["list", "--config", "x"], "feedd: --config goes before the command: feedd --config …"),
        (["list", "--frobnicate"], None),
        (["list", "--limit", "x"], None),
        (["mark", "eat"], None),
        (["--quiet", "--verbose", "list"], None),
        (["list", "--format", "{titel}"], None),
        (["list", "--format", "{title"], None),
        (["list", "--format", "{id.real}"], None),
        (["list", "--format", "{}", "--json"], None),
        (["show"], None),
        (["show", "abc"], None),
        (["mark", "read"], None),
        (["mark", "read", "1", "--all"], None),
        (["completion", "tcsh"], None),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    args: list[str],
    message: str | None,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "config.toml").write_text('[feedd]\ndatabase = "f.db"\n[feeds]\n')
    monkeypatch.chdir(tmp_path)
    assert run(args) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("feedd: ")
    if message is not None:
        assert said.err == message + "\n"


def test_a_missing_config_file_is_one_line(tmp_path: Path) -> None:
    done = feedd("--config", str(tmp_path / "none.toml"), "list")
    assert done.returncode == 2
    assert done.stderr.startswith("feedd: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_an_interrupt_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(frame: object, event: str, argument: object) -> None:
        if event == "call" and getattr(frame, "f_code").co_name == "invoke":  # noqa: B009
            sys.setprofile(None)
            os.kill(os.getpid(), signal.SIGINT)

    sys.setprofile(interrupted)
    try:
        assert run(["completion", "bash"]) == 130
    finally:
        sys.setprofile(None)
    assert capsys.readouterr().err == "feedd: interrupted\n"


def test_a_reader_that_leaves_early_is_no_error() -> None:
    shell = f"set -o pipefail; {sys.executable} -m feedd --help | head -c 1; echo $?"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stdout == "U0\n"
    assert done.stderr == ""


def test_a_full_disk_is_said() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "feedd", "completion", "bash"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "feedd: No space left on device\n"


def test_a_daemon_that_can_not_say_who_it_is_for_a_full_disk_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[feedd]\ndatabase = "f.db"\n[feeds]\n')
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 0; exec "$0" -m feedd run', sys.executable],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert done.stderr == f"feedd: can't write {tmp_path}/f.db.lock: File too large\n"


def test_closed_streams_are_survived() -> None:
    shell = f"{sys.executable} -m feedd --version >&- 2>&-; echo $?"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stdout == "0\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_FEEDD_COMPLETE" in capsys.readouterr().out


def completed(words: str, word: int, cwd: Path) -> list[str]:
    env = {"_FEEDD_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(word)}
    done = subprocess.run(
        [sys.executable, "-m", "feedd"],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **env},
        check=False,
    )
    return [line.partition(",")[2] for line in done.stdout.split("\n") if line]


def test_the_shell_completes_commands_feeds_and_tags(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[feeds]\nlwn = "https://lwn.net/rss"\n'
        '[feeds.lobsters]\nurl = "https://lobste.rs/rss"\ntags = ["links", "linux"]\n'
    )
    assert completed("feedd li", 1, tmp_path) == ["list"]
    assert completed("feedd list l", 2, tmp_path) == ["lwn", "lobsters"]
    assert completed("feedd list --tag li", 3, tmp_path) == ["links", "linux"]
    assert completed("feedd mark read --feed lo", 4, tmp_path) == ["lobsters"]
    (tmp_path / "config.toml").write_text("broken")
    assert completed("feedd list l", 2, tmp_path) == []
