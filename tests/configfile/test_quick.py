"""The quick way to read the file and the thorough one must never differ."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.configfile import STARTER
from feedd.configfile.quick import quick_document

KEYS = st.sampled_from(["a", "b", "a.b", '"a"', '"x y"', "'c'", "", '""', "-1", "a . b", "é"])
STRINGS = st.sampled_from(
    ['"a"', '""', "''", "'a\"'", '"\\n"', '"""a"""', "'''a'''", '""""', '"\t"', '"a\rb"', '"é"']
)
SCALARS = STRINGS | st.sampled_from(
    [
        "1",
        "0",
        "01",
        "-1",
        "1_000",
        "1.5",
        "true",
        "false",
        "truex",
        "1979-05-27 07:32:00",
        "inf",
        "",
    ]
)
LISTS = st.builds(
    lambda items, separator, end: "[" + separator.join(items) + end + "]",
    st.lists(SCALARS, max_size=3),
    st.sampled_from([",", " , ", ",\n", ",\r\n\t", ", # c\n", ",,"]),
    st.sampled_from(["", ",", "\n", " ,\n"]),
)
INLINE = st.builds(
    lambda pairs, end: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + end + "}",
    st.lists(st.tuples(KEYS, SCALARS), max_size=3),
    st.sampled_from(["", " ", ",", "\n"]),
)
LINES = (
    st.builds(
        lambda key, sign, value, tail: f"{key}{sign}{value}{tail}",
        KEYS,
        st.sampled_from([" = ", "=", " =", "", " == "]),
        SCALARS | LISTS | INLINE,
        st.sampled_from(["", " ", " # comment", " \x0b", " # \x00", " x"]),
    )
    | st.builds(
        lambda open_, key, close: f"{open_}{key}{close}",
        st.sampled_from(["[", "[ ", "[["]),
        KEYS,
        st.sampled_from(["]", " ] # c", "]]", ""]),
    )
    | st.sampled_from(["", "# comment", "  ", "\t# é", "#\r"])
)
DOCUMENTS = st.builds(
    lambda lines, newline, end: newline.join(lines) + end,
    st.lists(LINES, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n"]),
)


def thorough(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@given(DOCUMENTS | st.text(alphabet="ab=[]{}\"'.,# \n\r\t\\1", max_size=30))
@settings(max_examples=600, deadline=None)
def test_what_is_read_quickly_means_what_toml_means(text: str) -> None:
    quick = quick_document(text)
    if quick is not None:
        assert quick == thorough(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        '[feeds]\nlwn = "https://lwn.net/headlines/rss" # daily\n"b c" = \'https://x/\'\n',
        '[feeds.a]\r\nurl = "https://x/"\r\ntags = ["a",\r\n  "b",\r\n]\r\n',
        '[feeds.a]\nheaders = { "X-Token" = "t", y = "z" }\nenabled = false\n',
        "[feedd]\nconcurrency = 8\nadaptive = true\n",
        STARTER,
    ],
)
def test_ordinary_files_are_read_the_quick_way(text: str) -> None:
    assert quick_document(text) == tomllib.loads(text)
