"""The page about the file and what the program accepts say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from feedd.configfile import default_database, parse
from feedd.configfile.keys import FEED, SETTINGS
from feedd.model import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
OF_ALL, OF_FEEDS = PAGE.split("## `[feeds]`")


def rows(section: str) -> dict[str, str]:
    """Key and default of each row of a section's table."""
    return dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+?) \|", section, re.MULTILINE))


def test_every_key_is_described_and_no_other() -> None:
    assert list(rows(OF_ALL)) == list(SETTINGS)
    assert list(rows(OF_FEEDS)) == list(FEED)


def test_the_defaults_named_are_the_defaults() -> None:
    lines = [f"{key} = {value.strip('`')}" for key, value in rows(OF_ALL).items() if "`" in value]
    config = parse("\n".join(["[feedd]", *lines]), Path("config.toml"))
    assert config.settings == Settings(database=default_database())
    assert len(lines) == len(SETTINGS) - 1


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_its_examples_are_valid_files(example: str) -> None:
    assert tomllib.loads(example).get("feeds", {}).keys() == parse(example, Path("c")).feeds.keys()
