"""The file a new user gets says everything and says it right."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from feedd.configfile import STARTER, default_database, parse
from feedd.configfile.keys import FEED, SETTINGS
from feedd.model import Settings

TOP_LEVEL = Path(__file__).parents[2] / "config.toml"
SWITCHED_ON = re.sub(r"(?m)^#(?=[a-z_]+ = )", "", STARTER)


def test_the_example_at_the_top_level_is_the_file_that_init_writes() -> None:
    assert TOP_LEVEL.read_text() == STARTER


def test_the_starter_file_can_be_used_as_it_is() -> None:
    config = parse(STARTER, Path("/somewhere/config.toml"))
    assert config.warnings == ()
    assert config.settings == Settings(database=default_database())
    assert len(config.feeds) >= 8


def test_the_defaults_it_names_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    switched_on = parse(SWITCHED_ON, Path("/somewhere/config.toml"))
    assert switched_on.settings == Settings(database=default_database())
    document = tomllib.loads(SWITCHED_ON)
    assert set(document["feedd"]) == set(SETTINGS)
    described = {
        key for feed in document["feeds"].values() if isinstance(feed, dict) for key in feed
    }
    assert described == set(FEED)


def test_every_key_has_a_comment() -> None:
    lines = STARTER.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[a-z_]+ = ", line) and not line.startswith(("url", "lwn")):
            above = [
                each for each in reversed(lines[:number]) if not re.match(r"#?[\w-]+ = ", each)
            ]
            assert above[0].startswith(("# ", "[feeds")), line
