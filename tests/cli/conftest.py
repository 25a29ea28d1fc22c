"""The commands, called in this process on a real store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from feedd.cli import run
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


@pytest.fixture
def stocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stocked:
    """A stocked store, in the folder the commands run in."""
    made = stock(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "COLUMNS", "FEEDD_CONFIG", "STATE_DIRECTORY", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    return made


@pytest.fixture
def feedd(stocked: Stocked, capsys: pytest.CaptureFixture[str]) -> Feedd:
    """Call `feedd ARGS` in this process."""

    def call(*args: str) -> Said:
        capsys.readouterr()
        code = run(args)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call
