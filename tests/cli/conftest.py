"""The commands, called in this process on a real store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from feedd.cli.command_line import run
from tests.cli.stocked import Stocked, stock


class Said(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


Feedd = Callable[..., Said]
Call = Feedd

OUTSIDE = ("NO_COLOR", "COLUMNS", "FEEDD_CONFIG", "STATE_DIRECTORY", "CLICOLOR_FORCE")
"""What of the environment a command would heed."""


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Call `feedd ARGS` in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in OUTSIDE:
        monkeypatch.delenv(name, raising=False)

    def call(*args: str) -> Said:
        capsys.readouterr()
        code = run(args)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    """A stocked store, in the folder the commands run in."""
    return stock(tmp_path)


@pytest.fixture
def feedd(stocked: Stocked, call: Call) -> Feedd:
    """Call `feedd ARGS` in this process, on the stocked store."""
    return call
