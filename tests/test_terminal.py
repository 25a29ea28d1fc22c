"""What a feed says may reach the terminal only as visible text, in the columns it claims."""

from __future__ import annotations

import itertools
import re
import sys
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedd import terminal
from feedd.cli import line_breaks
from feedd.cli.line_breaks import breaks, wrap
from feedd.terminal import ELLIPSIS, MAX_MARKS_PER_CHARACTER, clusters, cut, gate, gate_lines, width

OBEYED = (
    *"\x00\x07\x08\t\n\r\x1b\x7f\x85\x90\x9b\x9c\x9d\u2028\u2029",
    *"\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u00ad\u2060\ufeff\ufff9\U000e0041\ud800",
    *("\x1b[31m", "\x1b]0;", "\x1b\\", "\x1b(0", "\x1bP", "\x9b2J"),
)
"""What a terminal, or whoever lays out the line, would act on."""
PLAIN = tuple("[]();0123m\\ab  \u200c\u200d\ufe0f\u0301日語👩🚀🏽🇩🇪❤א한")
# Pieces, not an alphabet: of that hypothesis makes one set, in which the few that matter drown.
PIECE = st.one_of(st.sampled_from(OBEYED), st.sampled_from(PLAIN), st.text(max_size=3))
HOSTILE = (st.lists(PIECE, max_size=8) | st.lists(PIECE, min_size=20, max_size=40)).map("".join)
COLUMNS = st.integers(min_value=0, max_value=40)
FORBIDDEN = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *(piece for piece in OBEYED if len(piece) == 1),
}


def harmless(text: str) -> bool:
    return not FORBIDDEN & set(text) and not any("\ud800" <= c <= "\udfff" for c in text)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;http://evil/\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP1$r0m\x1b\\x", "x"),
        ("\x9b31mred", "red"),
        ("\x9d0;owned\x9cx", "x"),
        ("half \x1b]0;open and text", "half ]0;open and text"),
        ("\x1b(0lqk\x1bcx", "lqkx"),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("bell\x07 back\x08space del\x7f", "bell backspace del"),
        ("broken \ud83d half", "broken \ufffd half"),
    ],
)
def test_a_title_can_not_drive_the_terminal(given_text: str, shown: str) -> None:
    assert gate(given_text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Grüße, naïve café",
        "日本語の題名",
        "می‌خواهم",
        "👩🏽‍🚀 and 👨‍👩‍👧‍👦",
        "❤️‍🔥",
        "क्ष हिन्दी",
        "שלום עולם",
        "ไม่ใช่",
        "🇩🇪",
    ],
)
def test_living_scripts_and_emoji_come_through_whole(text: str) -> None:
    assert gate(text) == text


def test_marks_without_a_letter_and_selectors_that_select_nothing_are_few() -> None:
    assert gate("\u0301" * 9) == "\u0301" * MAX_MARKS_PER_CHARACTER
    assert gate("a" + "\u0301" * 9 + "b" + "\u0301" * 9).count("\u0301") == (
        2 * MAX_MARKS_PER_CHARACTER
    )
    assert gate("❤\ufe0f\ufe0f\ufe0f") == "❤\ufe0f"
    assert gate("\ufe0fé \ufe0fé") == "é é"
    assert gate("é\u200d") == "é"
    assert gate("a\u200dé") == "aé"
    assert gate("é\u200da") == "éa"


def test_piled_marks_are_cut_down() -> None:
    assert gate("Z" + "\u0301" * 50 + "a") == "Z" + "\u0301" * MAX_MARKS_PER_CHARACTER + "a"


def test_lines_and_tabs_of_code_are_kept_as_columns() -> None:
    assert gate_lines("if x:\r\n\treturn\x1b[2J\n\n語\ty") == "if x:\n        return\n\n語      y"


def test_nothing_that_is_obeyed_passes() -> None:
    met: set[str] = set()

    @settings(max_examples=300, deadline=None)
    @given(HOSTILE)
    def nothing_passes(text: str) -> None:
        met.update(piece for piece in OBEYED if piece in text)
        shown = gate(text)
        assert harmless(shown)
        assert gate(shown) == shown
        lines = gate_lines(text)
        assert all(map(harmless, lines.split("\n")))
        assert gate_lines(lines) == lines

    for piece in OBEYED:  # chance leaves one out now and then
        nothing_passes = example(f"a{piece}b")(nothing_passes)
    nothing_passes()
    assert met == set(OBEYED), "each was tried"


def test_no_character_that_reorders_or_hides_text_passes() -> None:
    """By Unicode's own data: else a title could show as another one."""
    reordering = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    joiners = "\u200c\u200d"  # which scripts need inside words
    prepended = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    signs = {
        *joiners,
        *prepended,
        *map(chr, (0x110BD, 0x110CD)),
        *map(chr, range(0x13430, 0x13440)),
    }
    for character in map(chr, range(sys.maxunicode + 1)):
        kind = unicodedata.category(character)
        hides = kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in signs
        if hides or unicodedata.bidirectional(character) in reordering:
            assert character not in gate(f"a{character}b"), f"U+{ord(character):04X}"


@pytest.mark.parametrize("attack", ["\x1b]", "\x9d", "\x1b[", "\x1b]0;", "\x1b[1;", "\x1bP\x1b"])
def test_endless_sequences_take_no_time(attack: str) -> None:
    started = time.perf_counter()
    gate(attack * 100_000)
    gate(attack + "0" * 300_000)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("日本", 4),
        ("e\u0301", 1),
        ("한글", 4),
        ("\u1112\u1161\u11ab", 2),
        ("👩🏽‍🚀", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇩🇪🇫🇷", 4),
        ("❤️", 2),
        ("1️⃣", 2),
        ("ｆｕｌｌ", 8),
        ("ｶﾅ", 2),
        ("ไม่", 2),
        ("שלום", 4),
        ("\u1160", 0),  # what makes a Korean syllable of a consonant
        ("\u11ff", 0),
        ("\ud7b0", 0),
        ("\ud7fb", 0),
        ("\u115f", 2),
        ("\u1200", 1),
        ("\U0001fa70", 2),  # emoji, also those that Python knows nothing of yet
        ("\U0001faff", 2),
        ("\u2066", 0),
    ],
)
def test_width_is_what_the_terminal_draws(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    "cluster",
    [
        "\u1112\u11ff",
        "\u1112\u1161\ud7b0",
        "\u1112\u1161\ud7fb",
        "\N{CAT}\u200d\N{BLACK LARGE SQUARE}",
        "\N{ADULT}\u200d\N{STAFF OF AESCULAPIUS}",
        "\N{HEAVY BLACK HEART}\ufe0f\u200d\N{FIRE}",
        "\N{EYE}\ufe0f\u200d\N{LEFT SPEECH BUBBLE}",
        "\N{LEFTWARDS ARROW}\u200d\N{FIRE}",
    ],
)
def test_what_is_drawn_in_one_piece_stays_in_one(cluster: str) -> None:
    assert [shown for shown, _ in clusters(f"a{gate(cluster)}b")] == ["a", cluster, "b"]


def test_letters_with_a_joiner_between_are_two_and_pictures_beside_letters_too() -> None:
    assert [shown for shown, _ in clusters("ب\u200dب")] == ["ب\u200d", "ب"]
    assert len(list(clusters("\N{CAT}\u200dé"))) == 2
    assert len(list(clusters("\N{CAT}\u200d\u2c00"))) == 2
    assert len(list(clusters("\u218b\u200d\N{CAT}"))) == 2


def test_clusters_are_never_torn() -> None:
    assert [cluster for cluster, _ in clusters("e\u0301👩🏽‍🚀🇩🇪x")] == [
        "e\u0301",
        "👩🏽‍🚀",
        "🇩🇪",
        "x",
    ]


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("short", 5, "short"),
        ("The quick brown fox jumps", 16, "The quick brown…"),
        ("The quick brown, fox jumps", 17, "The quick brown…"),
        ("The quick brown fox jumps", 13, "The quick…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("A Donaudampfschifffahrt", 12, "A Donaudamp…"),
        ("日本語の題名", 7, "日本語…"),
        ("👩🏽‍🚀👩🏽‍🚀👩🏽‍🚀", 4, "👩🏽‍🚀…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("      abcd", 8, "      a…"),
        ("ab  cdefgh", 6, "ab  c…"),
    ],
)
def test_a_long_title_is_cut_at_a_word(text: str, columns: int, shown: str) -> None:
    assert cut(text, columns) == shown


def test_the_usual_line_is_spared_nothing_that_would_have_changed_it() -> None:
    """Behind a NUL every line gets the closer look."""
    for character in filter(str.isprintable, map(chr, range(sys.maxunicode + 1))):
        for text in (character, f"a{character}", f"é{character}b"):
            assert gate(text) == gate(f"\0{text}"), hex(ord(character))


@given(HOSTILE)
def test_a_line_is_the_same_behind_a_nul(text: str) -> None:
    assert gate(text) == gate(f"\0{text}")
    assert gate_lines(text.replace("\t", " ")) == gate_lines(f"\0{text}".replace("\t", " "))


@given(HOSTILE.map(gate), COLUMNS)
def test_cut_fits_and_keeps_the_beginning(text: str, columns: int) -> None:
    shown = cut(text, columns)
    assert width(shown) <= columns
    assert text.startswith(shown.removesuffix(ELLIPSIS)) or shown == text


@given(HOSTILE.map(gate), st.integers(min_value=2, max_value=40))
@settings(max_examples=200)
def test_wrapping_fits_and_loses_nothing_but_spaces(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    ends = breaks(text, columns)
    assert all(start < end for start, end in ends)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(ends))
    assert all(not text[start:end].endswith(" ") for start, end in ends)


def test_lines_break_at_words_hyphens_and_between_wide_characters() -> None:
    assert wrap("over a well-known path", 12) == ["over a well-", "known path"]
    assert wrap("日本語。「長い」題名", 8) == ["日本語。", "「長い」", "題名"]
    assert wrap("see https://example.org/some/path now", 20) == [
        "see",
        "https://example.org/",
        "some/path now",
    ]
    assert wrap("a\n\nb", 10) == ["a", "", "b"]
    assert wrap("two  blanks   or more", 6) == ["two", "blanks", "or", "more"]
    assert wrap("1234 6789  and", 10) == ["1234 6789", "and"], "two blanks where the line is full"
    assert wrap("12345678  9012", 9) == ["12345678", "9012"]


def test_wrapping_a_book_takes_no_time() -> None:
    started = time.perf_counter()
    wrap("word " * 20_000, 80)
    wrap("w" * 100_000, 80)
    assert time.perf_counter() - started < 3


def test_letters_that_korean_syllables_are_made_of_are_drawn_as_one() -> None:
    syllable = "\u1112\u1161\u11ab"
    assert width(syllable) == 2
    assert list(wrap(syllable * 3, 2)) == [syllable] * 3, "and none is torn"


def test_a_soft_hyphen_or_joiner_takes_no_column() -> None:
    assert width("a\u200db") == 2
    assert width("\u20dd") == 0


def test_marks_alone_take_no_column() -> None:
    assert unicodedata.category("\u0301") == "Mn"
    assert width("\u0301") == 0


def lines_of(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=40).map("".join)


ASCII_PIECES = ["a", "bb", "word", "x1", " ", "  ", " ", "-", ".", "/"]
WIDE = ["漢", "字字", "。", "（", "か", "한", "\u3000", "、"]
MARKED = ["ä", "ж", "é", "–", "a\u0301", "\ufe0f", "🇩🇪", "👩🏽"]
LINES = st.one_of(
    lines_of(ASCII_PIECES),
    lines_of(WIDE),
    lines_of(ASCII_PIECES + MARKED),
    lines_of(ASCII_PIECES + WIDE + MARKED),
)
"""Lines of one kind, and mixed ones: each way to break has lines that go through it whole."""


@given(LINES, st.integers(min_value=2, max_value=20))
@settings(max_examples=500)
def test_long_stretches_break_where_looking_at_each_character_would_break_them(
    line: str, columns: int
) -> None:
    found = []
    start, in_word = 0, False
    while (place := line_breaks._break_any(line, start, columns, in_word=in_word)) is not None:
        if place.end > start:
            found.append((start, place.end))
        start, in_word = place.next, place.in_word
    end = len(line.rstrip(" "))
    assert breaks(line, columns) == [*found, *([(start, end)] if end > start else [])]


def test_characters_taken_for_plain_are_drawn_as_wide_as_they_count() -> None:
    for code in range(0x110000):
        character = chr(code)
        for pattern, columns in ((terminal.NARROW, 1), (terminal.WIDE, 2)):
            if re.fullmatch(f"[{pattern}]", character):
                assert terminal._columns(character) == columns
                assert unicodedata.category(character) not in ("Mn", "Me", "Cf", "Cn")
