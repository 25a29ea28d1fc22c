"""Every file of the corpus, the crashes found so far among them, passes its gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.harnesses import HARNESSES

FILES = sorted((Path(__file__).parent / "corpus").glob("*/*"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_once_broke_a_gate_no_longer_does(file: Path) -> None:
    HARNESSES[file.parent.name](file.read_bytes())


def test_every_gate_has_a_corpus() -> None:
    assert {file.parent.name for file in FILES} == HARNESSES.keys()
