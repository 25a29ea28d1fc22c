"""Messages that name a line must name the right one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.configfile.statements import lines, nearest_line, statements

TRICKY = '''\
# [not.a.table]
title = """
[also.not]
x = 1
"""   # "quoted"
list = [ "a", # ]
  ["b"], { in = "array" },
]
date = 1979-05-27 07:32:00
[feeds]
"a.b" = 'c # d'
'lit' . sub = { url = "u", tags = ["]", '}'] } # tail
[ feeds . "caf\\u00e9" ]
url = "x"
quotes = """a"""""
[[many]]
last = true'''


def test_every_key_is_found_on_its_line_and_nothing_else_is() -> None:
    assert lines(TRICKY) == {
        ("title",): 2,
        ("list",): 6,
        ("date",): 9,
        ("feeds",): 10,
        ("feeds", "a.b"): 11,
        ("feeds", "lit"): 12,
        ("feeds", "lit", "sub"): 12,
        ("feeds", "lit", "sub", "url"): 12,
        ("feeds", "lit", "sub", "tags"): 12,
        ("feeds", "café"): 13,
        ("feeds", "café", "url"): 14,
        ("feeds", "café", "quotes"): 15,
        ("many",): 16,
        ("many", "last"): 17,
    }


def test_values_are_where_they_are_said_to_be() -> None:
    values = {
        ".".join(each.path): TRICKY[each.value_start : each.end]
        for each in statements(TRICKY)
        if each.kind != "table"
    }
    assert values["date"] == "1979-05-27 07:32:00"
    assert values["feeds.a.b"] == "'c # d'"
    assert values["feeds.lit.sub.tags"] == "[\"]\", '}']"
    assert values["feeds.café.quotes"] == '"""a"""""'
    assert values["many.last"] == "true"


def test_what_has_no_line_takes_that_of_what_is_around_it() -> None:
    found = lines("[feeds.a]\nurl = 'x'\n")
    assert nearest_line(found, ("feeds", "a", "title")) == 1
    assert nearest_line(found, ("elsewhere",)) is None


@given(st.text(alphabet="ab=[]{}\"'.,# \n\\", max_size=40))
@settings(max_examples=300)
def test_no_text_makes_the_scanner_run_on_or_fall_over(text: str) -> None:
    for each in statements(text):
        assert 0 <= each.start <= each.end <= len(text) + 2


@pytest.mark.parametrize("text", ["a = [1, ", "a = { b = ", "[a", "= 1", "a = ", '"""'])
def test_broken_text_just_ends(text: str) -> None:
    assert isinstance(list(statements(text)), list)
