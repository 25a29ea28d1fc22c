"""The page about the file and what the program accepts say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from feedd.configfile import default_database, parse
from feedd.configfile.keys import FEED, READ, SETTINGS
from feedd.model import ReadAction, Settings

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


def test_the_reader_s_keys_and_actions_are_described_and_no_other() -> None:
    section = PAGE.split("## The full-screen reader")[1].split("\n## ")[0]
    example = tomllib.loads(re.findall(r"```toml\n(.*?)```", section, re.DOTALL)[0])
    assert example["read"].keys() == {*READ, "keys"}
    listed = section.split("The actions:")[1].strip().rstrip(".")
    assert re.split(r",\s+", listed) == list(get_args(ReadAction))
