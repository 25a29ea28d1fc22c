"""Tags given in the full-screen reader: typed as `+tag -tag`, taken back, shown, kept from harm."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.tagger import completed, edit_of
from feedd.cli.tui.unwritten_marks import TagEdit
from feedd.store.acts import acts, undo
from feedd.store.database import open_reader, open_writer
from feedd.store.items import item
from tests.cli.full_screen import items, play, shown_lines, status, type_at_once, unread, until
from tests.cli.stocked import Stocked, entry, stock, store


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


def tags(stocked: Stocked, number: int) -> tuple[str, ...]:
    with closing(open_reader(stocked.database)) as db:
        return item(db, number).item.item_tags


def first(app: FullScreenReader) -> int:
    return items(app).items[0].id


def test_tags_are_given_and_taken_and_shown_in_the_list(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "plus", *"+jobs +Later x", "enter")
        assert tags(stocked, first(app)) == ("jobs", "Later", "x")
        assert "#jobs #Later #x" in shown_lines(app, items(app))[0]
        assert items(app).items[0].later
        await type_at_once(app, pilot, "plus", *"-later -JOBS +y", "enter")
        assert tags(stocked, first(app)) == ("x", "y")
        assert "#x #y" in shown_lines(app, items(app))[0]
        assert unread(stocked) == 10

    play(stocked, story)


def test_what_is_typed_right_after_the_key_is_a_tag_and_acts_on_nothing(stocked: Stocked) -> None:
    """`A` marks all read, `q` leaves, `u` takes back: none of them while tags are typed."""

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "s", "plus", *"+Aqu", "enter", "s")
        assert tags(stocked, first(app)) == ("Aqu",)
        assert not items(app).items[0].starred
        assert unread(stocked) == 10

    play(stocked, story)


def test_escape_leaves_all_as_it_was(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "plus", *"+jobs", "escape", "j")
        assert items(app).cursor == 1
        assert not app.tag_line.display
        await type_at_once(app, pilot, "plus", "enter", "k")
        assert items(app).cursor == 0
        await type_at_once(app, pilot, "plus", *"+a", "ctrl+u", "enter")
        with closing(open_reader(stocked.database)) as db:
            assert acts(db) == []

    play(stocked, story)


def test_tags_are_taken_back_by_key_and_on_the_command_line(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "plus", *"+jobs", "enter", "plus", *"+x -jobs", "enter")
        await pilot.press("u")
        assert tags(stocked, first(app)) == ("jobs",)
        assert items(app).items[0].item_tags == ("jobs",)
        assert "Taken back: tags +x -jobs." in status(app)
        await pilot.press("u")
        assert tags(stocked, first(app)) == ()
        await type_at_once(app, pilot, "plus", *"+kept", "enter")

    play(stocked, story)
    with closing(open_writer(stocked.database)) as db:
        assert [(act.command, act.undone) for act in acts(db)] == [
            ("tag 10 +kept, in feedd read", False),
            ("tag 10 +x -jobs, in feedd read", True),
            ("tag 10 +jobs, in feedd read", True),
        ]
        undo(db, None, stocked.now)
    assert tags(stocked, 10) == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("+a,b", "'a,b': a tag is one word without commas and quotes"),
        ("++a", "'+a': a tag does not begin with + or -"),
        ("+", "'': a tag is one word"),
        (f"+{'a' * 101}", "at most 100 characters"),
    ],
)
def test_a_wrong_tag_is_told_as_the_command_tells_it_and_can_be_mended(
    stocked: Stocked, typed: str, words: str
) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "plus", *"+good ")
        app.post_message(events.Paste(typed))
        await type_at_once(app, pilot, "enter")
        assert words in status(app)
        assert app.tag_line.value == f"+good {typed}"
        assert tags(stocked, first(app)) == ()
        await type_at_once(app, pilot, "ctrl+u", *"+good", "enter")
        assert tags(stocked, first(app)) == ("good",)

    play(stocked, story, size=(150, 24))


def test_a_feeds_tag_is_not_taken_from_an_item(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        at = next(n for n, one in enumerate(items(app).items) if one.feed == "planet-python")
        await type_at_once(app, pilot, *"j" * at, "plus", *"+mine -python", "enter")
        assert "'python' is a tag of the feed planet-python" in status(app)
        await type_at_once(app, pilot, "escape")
        assert not any(one.item_tags for one in items(app).items)
        await pilot.press("u")
        assert "Nothing to take back" in status(app)

    play(stocked, story, size=(120, 24))


def test_tags_and_stars_show_in_the_article_that_is_read_and_keep_its_place(
    stocked: Stocked,
) -> None:
    text = "".join(f"<p>Paragraph {n}.</p>" for n in range(100))
    store(stocked.database, "lwn", [entry("Long", stocked.now + 1, html=text)], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "enter", "plus", *"+jobs", "enter", "s")
        assert any("★ · #jobs" in line for line in shown_lines(app, app.page))
        await type_at_once(app, pilot, "space")
        before = shown_lines(app, app.page)
        await type_at_once(app, pilot, "plus", *"+" + "y" * 70, "enter")
        assert shown_lines(app, app.page) == before
        assert app.active is app.page
        await type_at_once(app, pilot, "g")
        assert any("#yyyy" in line for line in shown_lines(app, app.page))

    play(stocked, story)


def test_tab_completes_the_tags_that_there_are(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "plus", *"+python3", "enter", "plus", *"+bl", "tab")
        assert app.tag_line.value == "+blogs "
        await type_at_once(app, pilot, *"+PY", "tab")
        assert app.tag_line.value == "+blogs +python"
        assert "python python3" in status(app)
        await type_at_once(app, pilot, "ctrl+u", "-", "tab")
        assert app.tag_line.value == "-python3 "

    play(stocked, story)


def test_a_click_elsewhere_leaves_all_as_it_was(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "plus", *"+x")
        await pilot.click("#items", offset=(10, 1))
        await type_at_once(app, pilot, "q", "j")
        assert app.active is items(app)
        assert not any(one.item_tags for one in items(app).items)

    play(stocked, story)


def test_own_tags_are_shelves_and_count_what_they_hold(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        def unread_on(name: str) -> int:
            return next((s.unread for s in app.shelves.shelves if s.name == name), -1)

        await type_at_once(app, pilot, "plus", *"+jobs +python", "enter")
        await until(pilot, lambda: unread_on("jobs") == 1)
        await until(pilot, lambda: unread_on("python") == 4)
        names = [shelf.name for shelf in app.shelves.shelves]
        app.shelves.go_to(names.index("jobs"))
        app.fill(stay=False)
        assert [one.item_tags for one in items(app).items] == [("jobs", "python")]

    play(stocked, story)


def test_a_tag_given_while_the_daemon_writes_is_written_after_it(stocked: Stocked) -> None:
    with closing(open_writer(stocked.database)) as daemon:
        daemon.execute("BEGIN IMMEDIATE")

        async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
            await type_at_once(app, pilot, "s", "plus", *"+jobs", "enter")
            assert items(app).items[0].item_tags == ("jobs",)
            assert tags(stocked, first(app)) == ()
            await type_at_once(app, pilot, "j", "plus", *"-none -bad,one", "enter")
            daemon.execute("COMMIT")
            await until(pilot, lambda: tags(stocked, first(app)) == ("jobs",))
            await until(pilot, lambda: "'bad,one'" in status(app))
            await type_at_once(app, pilot, "k", "plus", *"+y", "enter")
            await until(pilot, lambda: tags(stocked, first(app)) == ("jobs", "y"))

        play(stocked, story)


NAMES = st.text("abcABC", min_size=1, max_size=4)


@given(st.lists(NAMES, max_size=6), st.text("+- ab", max_size=8))
def test_completion_only_goes_on(known: list[str], word: str) -> None:
    begun = word.strip().replace(" ", "")
    longer, fits = completed(begun, known)
    typed = begun.removeprefix("+") if begun[:1] != "-" else begun[1:]
    assert longer.rstrip()[1:].casefold().startswith(typed.casefold())
    assert all(tag.casefold().startswith(longer.rstrip()[1:].casefold()) for tag in fits)


@given(st.lists(NAMES), st.lists(NAMES), st.lists(NAMES, unique_by=str.casefold))
def test_an_edit_gives_and_takes_what_it_says(
    add: list[str], remove: list[str], own: list[str]
) -> None:
    edit = TagEdit(tuple(add), tuple(remove))
    assert edit_of(str(edit)) == edit
    after = {name.casefold() for name in edit.applied(own)}
    assert after == {n.casefold() for n in (*own, *add)} - {n.casefold() for n in remove}


def test_a_list_too_narrow_for_all_tags_keeps_the_title(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        app.post_message(events.Key("plus", "+"))
        await pilot.pause(0.1)
        app.post_message(events.Paste(" ".join("+" + letter * 60 for letter in "abc")))
        await type_at_once(app, pilot, "enter")
        line = shown_lines(app, items(app))[0]
        assert "Undated entry #…" in line
        await type_at_once(app, pilot, "plus", *"-" + "a" * 60 + " +jobs", "enter")
        assert "Undated entry #…" in shown_lines(app, items(app))[0]
        await type_at_once(app, pilot, "plus", *"-" + "b" * 60 + " -" + "c" * 60, "enter")
        assert "Undated entry #jobs" in shown_lines(app, items(app))[0]

    play(stocked, story, size=(60, 24))
