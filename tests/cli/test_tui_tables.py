"""What the full-screen reader decides without a screen, on cases put together by chance: what comes
of each stands in a table, as it was approved.
"""

from __future__ import annotations

import io
import itertools
import os
import select
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events

from feedd.cli.tui import drawing, outside, pictures, refresher, tagger, terminal_answers
from feedd.cli.tui.key_bindings import KEY_ROWS, KeyTable, Place, name_of, typed_keys
from feedd.cli.tui.panes import layout_classes
from feedd.cli.tui.shelves import (
    ORDERS,
    SHELF_ORDERS,
    Shelf,
    Sought,
    after_marks,
    in_order,
    merged,
    ordered,
    unread_of,
)
from feedd.cli.tui.terminal_answers import LateAnswers, TerminalQuestion, understood
from feedd.cli.tui.unwritten_marks import Mark, marked, undoing
from feedd.errors import StoreError
from feedd.model import ArticleDetail, FeedState, Item, ItemDetail, PicturesMode, ReadAction
from tests.approval import approved
from tests.chance import Chance

FOLDER = Path(__file__).with_name("tables")
NOW = 1_800_000_000
PLACES: tuple[Place, ...] = ("article", "items", "shelves")


def an_item(chance: Chance, number: int) -> Item:
    at = NOW - 60 * chance.below(5)
    return Item(
        id=number,
        feed=chance.one(("alpha", "Beta", "gamma")),
        title=chance.one(("", "Bridge", "bridge", "Zoo", "-rf", "--help")),
        link=chance.one((None, "https://e.org/1", "http://e.org/\u202e", "ftp://e.org/", "-o")),
        author=None,
        published=at,
        updated=None,
        first_seen=at,
        sort_at=at,
        read=chance.holds(0.5),
        starred=chance.holds(0.5),
        also_in=tuple(chance.some(("delta", "Beta"), 2)),
        item_tags=tuple(dict.fromkeys(chance.some(("x", "Later", "news", "y"), 3))),
        image=chance.one((None, None, "https://e.org/own.png")),
    )


def short(items: object) -> object:
    if isinstance(items, Item):
        return f"{items.id}{'r' * items.read}{'s' * items.starred}{','.join(items.item_tags)}"
    return [short(one) for one in items]  # type: ignore[attr-defined]


def of_shelves(chance: Chance) -> Iterator[object]:
    shelves = [
        Shelf(
            chance.one(("All", "b", "B", "a", "Z")),
            chance.one((None, ("alpha",), ("alpha", "Beta"), ("delta", "gamma", "nobody"))),
            chance.below(4),
            chance.one(("all", "view", "tag", "feed")),
            chance.below(3),
            chance.one(("", "", "is:unread")),
        )
        for _ in range(5)
    ]
    for order in SHELF_ORDERS:
        yield [f"{s.sign}{s.name}/{s.kind}/{s.unread}/{s.latest}" for s in in_order(shelves, order)]
    before = [an_item(chance, number) for number in range(4)]
    now = [marked(item, chance.one(("read", "unread", "star"))) for item in before]
    yield [(s.name, s.unread) for s in after_marks(shelves, before, now)]
    shared = [chance.some(("alpha", "Beta", "gamma"), 3) or ["alpha"] for _ in range(3)]
    unread = {"alpha": 3, "Beta": 2, "gamma": chance.below(4)}
    yield [unread_of(shelf.feeds, unread, shared) for shelf in shelves]
    fresh = [an_item(chance, number) for number in range(2, 7)]
    for position, order_ in enumerate(ORDERS):
        yield short(ordered(fresh, order_))
        which = ("unread", "all", "starred", "read")[position]
        yield short(merged(before, fresh[: chance.below(6)], which, order_))  # type: ignore[arg-type]


def of_tags(chance: Chance) -> Iterator[object]:
    typed = " ".join(chance.some(("+a", "-a", "b", "-Later", "+NEWS", "-", "+", "later"), 4))
    edit = tagger.edit_of(typed)
    item = an_item(chance, 7)
    yield typed, edit, str(edit), short(marked(item, edit))
    done = Mark(edit, (7,))
    back = undoing(done, item)
    yield done.command, back.action, back.command, short(marked(marked(item, edit), back.action))
    word = chance.one(("+", "-", "", "+b", "-B", "br", "+bridge", "x", "-zoo"))
    known = chance.some(("bridge", "Bridges", "bright", "zoo", "ZooKeeper", "news"), 4)
    yield word, known, tagger.completed(word, known)
    action = chance.one(("read", "unread", "star", "unstar", "later", "unlater"))
    ids = tuple(range(1 + chance.below(2)))
    yield action, Mark(action, ids).command, undoing(Mark(action, ids), item).action  # type: ignore[arg-type]
    yield short(marked(item, action))  # type: ignore[arg-type]


def of_outside(chance: Chance) -> Iterator[object]:
    item = an_item(chance, 12)
    command = chance.some(
        ("mpv", "%u", "%t", "--title=%t", "%i", "%%u", "%", "%x", "a%ub", "-v"), 4
    )
    yield command, item.link, item.title, outside.filled_in(command, item)
    yield outside.with_urls(command, chance.some(("https://e.org/1", "https://e.org/2"), 2))
    yield outside.is_web_address(item.link or "")
    html = chance.one(
        ("", "<p>x</p>", "<img alt=x>", "<p><img alt=x><img src=https://e.org/2.png></p>")
    )
    lead = chance.one((None, "", "https://e.org/lead.png"))
    article = ArticleDetail("https://e.org/", None, None, None, lead, None, 1.0, None)
    detail = ItemDetail(item, html, "", "feed", None, html, chance.one((None, article)))
    yield outside.picture_of(detail)
    said = b"\n".join(chance.some((b"one", b"two \x1b[31m", b"", b"\xff", b"x" * 2500), 3))
    yield outside._last_line(io.BytesIO(said))


TERMINALS: tuple[dict[str, str], ...] = (
    {}, {"TERM": "xterm"}, {"TERM": "dumb"}, {"TERM": "tmux-256color", "TMUX": "1"}, {"TERM": "screen"},
    {"TERM": "xterm", "SSH_TTY": "1"}, {"TERM": "xterm", "STY": "1"}, {"TERM": "foot"},
    {"TERM": "xterm", "COLORFGBG": "0;15"}, {"TERM": "xterm-kitty", "COLORFGBG": "15;default;0"},
    {"TERM": "xterm", "KONSOLE_VERSION": "1"}, {"TERM": "xterm", "COLORFGBG": "0;7"},
)  # fmt: skip
ANSWERS = (
    "\x1b]11;rgb:ffff/ffff/f0f0\x1b\\", "\x1b]11;rgb:8/7/8\x07", "\x1b]11;rgb:80/80/80\x07",
    "\x1b]11;rgba:7f7f/7f7f/7f7f/ffff\x07", "\x1b]11;rgb:0/f/0\x07", "\x1b]11;rgb:f/0/0\x07",
    "\x1b]11;rgb:0/0/f\x07", "\x1b]11;black\x07", "\x1b_Gi=31;OK\x1b\\", "\x1b_Gi=31;ENOENT\x1b\\",
    "\x1b[6;20;10t", "\x1b[6;0;10t", "\x1b[6;1;200t", "\x1b[6;201;10t", "\x1b[6;20;0t", "\x1b[6;20;201t", "\x1b[?62;4;22c",
    "\x1b[?4;22c", "\x1b[?62;22c", "j", "\r", "\x1b[A",
)  # fmt: skip


def of_answers(chance: Chance) -> Iterator[object]:
    text = "".join(chance.some(ANSWERS, 5))
    environ = chance.one(TERMINALS)
    yield text, environ, understood(text, environ, pictures=chance.holds(0.8))


def of_late_answers(chance: Chance) -> Iterator[object]:
    at = 100.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: at)
        late = LateAnswers(expected=chance.holds(0.9))
        told = []
        for _ in range(14):
            at += chance.one((0.0, 0.0, 0.01, 0.29, 0.31, 0.31, 2.0))
            key = chance.one(("^", "^", "]", "[", "_", "\\", "Ctrl-g", "c", "t", "1", "r", ";"))
            told.append(f"{key}{'+' if late.takes(key) else '-'}{at - 100:.2f}")
    yield told


def of_keys(chance: Chance) -> Iterator[object]:
    keys = ("x", "n", "j", "Enter", "Ctrl-d", "F", "q", "u", "/")
    actions: tuple[Any, ...] = (
        "undo",
        "none",
        "search-next",
        "page-down",
        "help",
        "open",
        ("true", "%u"),
    )
    own = {key: chance.one(actions) for key in chance.some(keys, 4)}
    table = KeyTable(own)
    yield own
    every = sorted({key for row in KEY_ROWS for key in row.keys.split()} | {"x", "F", "9"})
    for place in PLACES:
        found = [(key, table.find(key, place)) for key in every]
        yield " ".join(
            f"{key}={row if isinstance(row, tuple) else row and row.method + str(row.arguments)}"
            for key, row in found
        )
        named: list[ReadAction] = sorted({row.action for row in KEY_ROWS})
        yield " ".join(f"{action}={table.key_of(action, place)}" for action in named)
        yield table.hints(place)
    yield " ".join(f"{key}:{does}" for key, does in table.rows())


def of_refreshes(chance: Chance) -> Iterator[object]:
    counts = refresher._Counts(chance.below(4), goes_on=chance.holds(0.3))
    for number in range(chance.below(6)):
        counts.add(f"f{number}", chance.below(3), chance.one((None, "timeout", "http 404")))
    yield counts.expected, counts.goes_on, counts.summary
    waiting = [
        FeedState(
            id=n,
            name=f"f{n}",
            url="https://e.org/",
            active_url="https://e.org/",
            not_before=chance.one((None, NOW + 90, NOW + 7200)),
        )
        for n in range(1 + chance.below(3))
    ]
    yield refresher._told_to_wait(waiting, NOW)


def of_pictures(chance: Chance) -> Iterator[object]:
    data = b"".join(
        chance.some((b"\x1bP0;1q", b"#0!5~-", b"\x1b\\", b"\x1b[31m", b"\n", b"\x7f", b" "), 4)
    )
    yield data, pictures.is_harmless(data, "sixel"), pictures.is_harmless(data, "kitty")
    picture = drawing.Picture(1 + chance.below(4), 1 + chance.below(3), chance.one((0, 16, 215)))
    png = bytes(chance.one((0, 1, 3071, 3072, 3073, 6144, 6145)))
    yield (
        len(png),
        picture,
        [piece[:60] + str(len(piece)) for piece in pictures.sent_to_kitty(png, picture)],
    )
    yield [picture.row(row) for row in range(picture.rows)]


TABLES: dict[str, tuple[int, Callable[[Chance], Iterator[object]]]] = {
    "shelves": (60, of_shelves),
    "tags": (80, of_tags),
    "outside": (80, of_outside),
    "answers": (150, of_answers),
    "late_answers": (60, of_late_answers),
    "keys": (8, of_keys),
    "refreshes": (60, of_refreshes),
    "pictures": (50, of_pictures),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_comes_of_it_is_what_was_approved(name: str) -> None:
    count, told = TABLES[name]
    lines = [f"{number}: {one!a}" for number in range(count) for one in told(Chance(number))]
    approved(FOLDER / f"tui_{name}.txt", "\n".join(lines) + "\n")


def test_panes_change_places_at_the_sizes_that_are_named() -> None:
    lines = []
    for columns, rows, beside in itertools.product(
        (47, 48, 109, 110, 159, 160), (9, 10), (None, True, False)
    ):
        classes = layout_classes(columns, rows, beside)
        held = " ".join(name for name, holds in classes.items() if holds)
        lines.append(f"{columns}x{rows} {beside}: {held}")
    approved(FOLDER / "tui_layout.txt", "\n".join(lines) + "\n")


def test_keys_are_named_as_help_and_file_name_them() -> None:
    sent = "jJ+/ \r\t\x1b[A\x1b[H\x1b[5~\x1bOP\x04\x7fé\x1b[3~\x1b[15~"
    named = " ".join(name_of(key) for key in typed_keys(sent))
    assert named == "j J + / Space Enter Tab Up Home PgUp F1 Ctrl-d Backspace é Del F5"
    assert name_of(events.Key("question_mark", None)) == "?"
    assert name_of(events.Key("f12", None)) == "F12"


def test_a_look_fits_what_is_in_view_as_long_as_all_of_it_is_the_same() -> None:
    shelf = Shelf("a", ("a",), 3, "feed")
    shown: list[Item] = []
    here = Sought(shelf, "unread", "newest", "file", shown)
    assert here.is_like(Sought(Shelf("a", ("a",), 2, "feed"), "unread", "newest", "file", shown))
    assert not here.is_like(None)
    for other in (
        Sought(Shelf("a", ("a",), 3, "tag"), "unread", "newest", "file", shown),
        Sought(shelf, "all", "newest", "file", shown),
        Sought(shelf, "unread", "oldest", "file", shown),
        Sought(shelf, "unread", "newest", "name", shown),
        Sought(shelf, "unread", "newest", "file", []),
    ):
        assert not here.is_like(other)


@contextmanager
def a_terminal() -> Iterator[tuple[int, int]]:
    """A terminal that standard input and output are: its other end, and itself."""
    other, itself = os.openpty()
    with ExitStack() as opened, pytest.MonkeyPatch.context() as patch:
        opened.callback(os.close, other)
        opened.callback(os.close, itself)
        patch.setattr(sys, "stdin", opened.enter_context(open(itself, closefd=False)))
        patch.setattr(sys, "stdout", opened.enter_context(open(itself, "w", closefd=False)))
        patch.setattr(terminal_answers, "PATIENCE_S", 0.0)
        yield other, itself


def heard(descriptor: int) -> bytes:
    return os.read(descriptor, 9999) if select.select([descriptor], [], [], 0.05)[0] else b""


@pytest.mark.parametrize("wanted", ["auto", "always", "never"])
def test_a_terminal_is_asked_what_it_can_answer_and_is_as_it_was_afterwards(
    wanted: PicturesMode,
) -> None:
    lines: list[str] = []
    for environ in TERMINALS:
        with a_terminal() as (other, itself):
            before = termios.tcgetattr(itself)
            question = TerminalQuestion(wanted, environ)
            asked = heard(other)
            during = termios.tcgetattr(itself)
            assert (before[3] != during[3]) == bool(asked), "what it answers is not echoed"
            assert not asked or not during[3] & (termios.ICANON | termios.ECHO)
            assert not asked or not during[0] & termios.ICRNL
            if len(lines) % 2:
                os.write(other, b"j\x1b[6;20;10t\x1b[?62;4c")
                select.select([itself], [], [], 1)
            answers = question.answers()
            lines.append(f"{environ} asked {asked!r}, heard {answers}")
            question.close()
            assert termios.tcgetattr(itself) == before
    approved(FOLDER / f"tui_asked_{wanted}.txt", "\n".join(lines) + "\n")


def test_no_answer_is_left_for_a_shell() -> None:
    with a_terminal() as (other, itself):
        question = TerminalQuestion("always", {"TERM": "xterm"})
        os.write(other, b"\x1b[6;20;10t\x1b[?62;4c")
        select.select([itself], [], [], 1)
        question.close()
        assert not select.select([itself], [], [], 0)[0]
        question.close()


def test_without_a_terminal_nothing_is_asked() -> None:
    with pytest.MonkeyPatch.context() as patch, open(os.devnull) as nothing:
        patch.setattr(sys, "stdin", nothing)
        question = TerminalQuestion("always", {"TERM": "xterm"})
        assert not question.answers().late
        question.close()


@pytest.mark.parametrize("fails", [False, True])
def test_where_the_terminal_is_gone_marks_are_written_and_the_program_ends(fails: bool) -> None:
    hung_up: list[int] = []
    written: list[float] = []

    def write(patience_s: float) -> None:
        written.append(patience_s)
        if fails:
            raise StoreError("the database is locked")

    other, itself = os.openpty()
    before = signal.signal(signal.SIGHUP, lambda number, _: hung_up.append(number))
    try:
        with pytest.MonkeyPatch.context() as patch, open(itself, closefd=False) as terminal:
            patch.setattr(sys, "__stdin__", terminal)
            terminal_answers.end_without_terminal(write)
            assert (hung_up, written) == ([], [])
            os.write(other, b"j")
            terminal_answers.end_without_terminal(write)
            assert (hung_up, written) == ([], []), "a key is no end"
            os.close(other)
            terminal_answers.end_without_terminal(write)
            assert hung_up == [signal.SIGHUP]
            assert written == [terminal_answers.LAST_WRITE_S]
    finally:
        signal.signal(signal.SIGHUP, before)
        os.close(itself)
