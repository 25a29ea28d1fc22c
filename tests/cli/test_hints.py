"""Every "did you mean" is about what was meant."""

from __future__ import annotations

import shlex

import pytest

from feedd.cli.command_line import _COMMANDS as COMMANDS
from feedd.cli.hints import OTHER_WORDS
from tests.cli.conftest import Feedd


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1234", "feedd show 1234"),
        ("12 13", "feedd show 12 13"),
        ("lwn", "feedd list lwn"),
        ("planet-pyhton", "feedd list planet-python"),
        ("https://lwn.net/x y", "feedd add https://lwn.net/x y"),
        ("lwn.net", "feedd add lwn.net"),
        ("lst", "list"),
        ("LIST", "list"),
        ("star 5", "feedd mark star 5"),
        ("star", "feedd mark star ID"),
        ("unsubscribe lwn", "feedd remove lwn"),
        ("ls", "list"),
        ("config", "feedd set NAME KEY=VALUE"),
    ],
)
def test_what_is_no_command_names_the_one_that_was_meant(
    feedd: Feedd, typed: str, meant: str
) -> None:
    said = feedd(*shlex.split(typed))
    assert said.code == 2
    assert f"; did you mean '{meant}'? See feedd --help\n" in said.err


def test_what_cannot_be_guessed_is_not(feedd: Feedd) -> None:
    assert feedd("xyzzy").err == "feedd: no command 'xyzzy'. See feedd --help\n"


def test_the_words_of_other_programs_are_none_of_ours_and_lead_to_ours() -> None:
    assert not OTHER_WORDS.keys() & COMMANDS.keys()
    for meant in OTHER_WORDS.values():
        assert meant.split()[0] in {*COMMANDS, "--version"}


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("list python", 3, "no feed 'python', but a tag: --tag python"),
        ("list --tag lwn", 3, "no tag 'lwn', but a feed: --feed lwn"),
        ("list --feed LWN", 3, "no feed 'LWN'; did you mean 'lwn'?"),
        ("show lwn", 2, "'lwn' is a feed; for its next item: feedd show next --feed lwn"),
        ("open lwn", 2, "'lwn' is a feed; feedd list lwn shows its items"),
        ("show title", 2, "'title' is no item id"),
        ("mark read lwn", 2, "'lwn' is a feed; for every item of it: feedd mark read --feed lwn"),
        ("mark lwn read", 2, "'lwn' is no mark; one comes first"),
        ("mark 5 read", 2, "feedd mark read 5"),
        ("mark raed 5", 2, "no mark 'raed'; did you mean 'read'?"),
        ("list --format {Titel}", 2, "did you mean 'title'?"),
    ],
)
def test_a_word_in_anothers_place_is_told_where_it_belongs(
    feedd: Feedd, typed: str, code: int, told: str
) -> None:
    said = feedd(*shlex.split(typed))
    assert said.code == code
    assert told in said.err
    assert said.err.count("\n") == 1
