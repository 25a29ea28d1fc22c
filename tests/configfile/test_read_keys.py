"""`[read]`: what the user binds is what the reader gets; what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedd.configfile import parse
from feedd.configfile.read_keys import key_name
from feedd.errors import ConfigError
from feedd.model import ReadSettings

HERE = Path("config.toml")


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, HERE)
    return list(caught.value.problems)


def test_keys_are_bound_to_actions_and_to_commands_in_words() -> None:
    config = parse(
        """
[read]
enclosure = "mpv --force-window --"
pictures = "never"
[read.keys]
"b" = "!readeck add %u --title='a %t'"
"ctrl-N" = "next-unread"
"pgdn" = "read-on"
" " = "none"
"é" = "undo"
""",
        HERE,
    )
    assert config.read == ReadSettings(
        ("mpv", "--force-window", "--"),
        "never",
        {
            "b": ("readeck", "add", "%u", "--title=a %t"),
            "Ctrl-n": "next-unread",
            "PgDn": "read-on",
            "Space": "none",
            "é": "undo",
        },
    )


def test_without_the_table_the_defaults_hold() -> None:
    assert parse("", HERE).read == ReadSettings() == ReadSettings((), "auto", {})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('"b" = "next-unraed"', "config.toml:3: read.keys.b: unknown action; did you mean next-un"),
        ('"bb" = "undo"', "config.toml:3: read.keys.bb: no key has this name; allowed: one char"),
        ('"Ctrl-m" = "undo"', "config.toml:3: read.keys.Ctrl-m: a terminal can't tell this key"),
        ('"b" = "!"', "config.toml:3: read.keys.b: there is no command after the !"),
        ('"b" = "!x %s"', "config.toml:3: read.keys.b: found %s in the command; allowed: %u"),
        ('"b" = "!x \'y"', "config.toml:3: read.keys.b: the command can't be split into words"),
        ('"b" = 3', "config.toml:3: read.keys.b: found the number 3; allowed: an action such as"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(line: str, says: str) -> None:
    (problem,) = problems(f"\n[read.keys]\n{line}\n")
    assert problem.startswith(says)


def test_a_wrong_table_is_named_with_its_line() -> None:
    assert problems('[read]\npicture = "auto"\n')[0].startswith(
        "config.toml:2: read.picture: unknown key; did you mean pictures?"
    )
    assert problems('[read]\npictures = "yes"\n')[0].startswith(
        'config.toml:2: read.pictures: found "yes"; allowed: "auto" or "always" or "never"'
    )
    assert "write [read.keys] on a line of its own" in problems("[read]\nkeys = 3\n")[0]
    assert "write [read] on a line of its own" in problems("read = 3\n")[0]


@pytest.mark.parametrize(
    "written", ["Alt-x", "Shift-a", "x-y", "Ctrl-xy", "Ctrl-1", "Ctrl-é", "-x"]
)
def test_what_is_no_key_with_ctrl_is_none(written: str) -> None:
    assert key_name("ctrl-X") == "Ctrl-x"
    with pytest.raises(ValueError, match="no key has this name"):
        key_name(written)
