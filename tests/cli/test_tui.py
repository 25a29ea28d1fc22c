"""The full-screen reader: its keys do what the help says, and it shares its state with the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.text import Text
from textual import events
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.article_pane import ArticlePane
from feedd.cli.tui.panes import ItemPane, ShelfPane
from feedd.store.database import open_writer
from tests.cli.full_screen import items, play, shown_lines, status, type_at_once, unread, until
from tests.cli.stocked import Stocked, entry, stock, stock_many, store


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


def test_opening_an_item_marks_it_read_and_keeps_its_place(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        assert len(items(app).items) == 10
        await pilot.press("j", "enter")
        page = app.query_one(ArticlePane)
        assert page.detail is not None
        assert page.detail.item.title == "Kernel 7.0 released"
        assert any("It is out." in line for line in shown_lines(app, page))
        assert unread(stocked) == 9
        await pilot.press("q")
        assert len(items(app).items) == 10
        assert items(app).cursor == 1
        assert items(app).items[1].read

    play(stocked, story)


def test_next_unread_goes_across_feeds_with_one_key(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("f")
        await pilot.pause()
        shelves = app.query_one(ShelfPane)
        place = next(n for n, shelf in enumerate(shelves.shelves) if shelf.name == "lwn")
        await pilot.press(*"j" * place, "l")
        await pilot.pause()
        assert len(items(app).items) == 4
        for _ in range(10):
            await pilot.press("n")
            await pilot.pause()
        assert unread(stocked) == 0
        await pilot.press("n")
        await pilot.pause()
        assert "Nothing unread" in str(app.query_one("#status").render())

    play(stocked, story)


def test_mark_all_read_and_take_it_back(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("A")
        assert unread(stocked) == 0
        await pilot.press("u")
        assert unread(stocked) == 10
        assert not any(item.read for item in items(app).items)
        await pilot.press("s", "u", "m", "u")
        assert not any(item.read or item.starred for item in items(app).items)

    play(stocked, story)


def test_what_is_typed_right_after_the_slash_is_searched_for(stocked: Stocked) -> None:
    """`/Apple` begins with A, which marks everything read in the list."""

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "slash", *"Asumn")
        assert app.search_line.value == "Asumn"
        await type_at_once(app, pilot, "ctrl+u", *"kernel", "enter")
        assert app.search_line.value == "kernel"
        assert [item.title for item in items(app).items] == ["Kernel 7.0 released"]
        assert unread(stocked) == 10

    play(stocked, story)


def test_a_key_after_enter_acts_on_what_was_found(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "slash", *"kernel", "enter", "A")
        assert unread(stocked) == 9
        assert [item.read for item in items(app).items] == [True]

    play(stocked, story)


def test_a_key_after_a_shelf_is_chosen_acts_on_that_shelf(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        place = next(n for n, shelf in enumerate(app.shelves.shelves) if shelf.name == "lwn")
        await type_at_once(app, pilot, "f", *"j" * place, "l", "A")
        assert unread(stocked) == 6

    play(stocked, story)


def test_space_after_enter_turns_the_page_and_opens_no_other_item(stocked: Stocked) -> None:
    text = "".join(f"<p>Paragraph {n}.</p>" for n in range(100))
    store(stocked.database, "lwn", [entry("Long", stocked.now + 1, html=text)], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "enter", "space", "space")
        assert app.page.detail is not None
        assert app.page.detail.item.title == "Long"
        assert app.page.scroll_offset.y > app.page.size.height
        assert unread(stocked) == 10

    play(stocked, story)


def test_what_is_typed_after_leaving_does_nothing(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        for key in "qA":
            app.post_message(events.Key(key, key))

    play(stocked, story)
    assert unread(stocked) == 10


def test_what_is_pasted_into_the_list_does_nothing(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        app.post_message(events.Paste("Amsn"))
        await pilot.pause(0.1)
        assert unread(stocked) == 10
        await type_at_once(app, pilot, "slash")
        app.post_message(events.Paste("kernel\nA"))
        await pilot.pause(0.1)
        assert app.search_line.value == "kernel"

    play(stocked, story)


def test_more_than_a_screenful_is_marked_only_after_a_yes(stocked: Stocked) -> None:
    stock_many(stocked, 200)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        for no in ("escape", "n", "A"):
            await pilot.press("A")
            assert "y: yes" in str(app.query_one("#status").render())
            await pilot.press(no)
            assert unread(stocked) == 210
        await pilot.press("A", "y")
        assert unread(stocked) == 0
        assert app.is_running

    play(stocked, story)


def test_taking_back_brings_the_list_back_and_its_hint_stays(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("A", "j", "k")
        assert "u takes it back" in str(app.query_one("#status").render())
        await pilot.press("a", "a")
        assert len(items(app).items) == 0
        await pilot.press("u")
        assert unread(stocked) == 10
        assert len(items(app).items) == 10
        assert not any(item.read for item in items(app).items)

    play(stocked, story)


def test_search_as_you_type_and_back(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"kernel", "enter")
        await pilot.pause()
        assert [item.title for item in items(app).items] == ["Kernel 7.0 released"]
        await pilot.press("slash", *" (")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert len(items(app).items) == 10

    play(stocked, story)


def test_the_last_word_goes_on_as_it_is_typed(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "slash", *"relea kern")
        await until(pilot, lambda: len(items(app).items) == 0)
        await type_at_once(app, pilot, "ctrl+u", *"kernel relea")
        await until(pilot, lambda: len(items(app).items) == 1)
        await type_at_once(app, pilot, "ctrl+u", *"is:unread")
        await until(pilot, lambda: len(items(app).items) == 10)

    play(stocked, story)


def test_a_search_that_found_more_than_it_shows_says_how_many(stocked: Stocked) -> None:
    stock_many(stocked, 620)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "slash", *"usual", "enter")
        assert len(items(app).items) == 500
        assert "the best 500 of 620 found" in status(app)

    play(stocked, story)


def test_new_items_arrive_without_losing_the_place(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("j", "j", "j")
        before = items(app).item
        assert before is not None
        fresh = [entry(f"Fresh {n}", stocked.now + n) for n in range(3)]
        store(stocked.database, "lwn", fresh, stocked.now)
        for _ in range(40):
            await pilot.pause(0.1)
            if len(items(app).items) == 13:
                break
        assert len(items(app).items) == 13
        after = items(app).item
        assert after is not None
        assert after.id == before.id
        shelves = app.query_one(ShelfPane).shelves
        assert shelves[0].unread == 13

    play(stocked, story)


def test_what_is_marked_elsewhere_shows_here(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        from feedd.store.marks import mark

        db = open_writer(stocked.database)
        mark(db, "read", ids=[1], now=stocked.now)
        db.close()
        for _ in range(40):
            await pilot.pause(0.1)
            if any(item.read for item in items(app).items):
                break
        assert [item.id for item in items(app).items if item.read] == [1]

    play(stocked, story)


def test_tags_sorting_and_what_is_shown(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("t")
        assert len(items(app).items) == 3
        await pilot.press("T", "S")
        ages = [item.sort_at for item in items(app).items]
        assert ages == sorted(ages)
        await pilot.press("m", "a")
        assert len(items(app).items) == 10
        await pilot.press("a")
        assert len(items(app).items) == 9
        await pilot.press("s", "asterisk")
        assert len(items(app).items) == 1

    play(stocked, story)


def test_a_list_without_items_says_why_and_which_key_shows_more(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("A", "y")
        await pilot.press("a", "a")
        assert shown_lines(app, items(app))[0].strip() == "All is read; a shows what was read."
        await pilot.press("a")
        assert "All is read" not in shown_lines(app, items(app))[0]
        await pilot.press("/", *"xyzzy", "enter")
        await until(pilot, lambda: "0 found" in status(app))
        assert shown_lines(app, items(app))[0].strip() == "Nothing found."

    play(stocked, story)


def test_a_click_opens_what_it_is_on(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.click(ItemPane, offset=(10, 1))
        await pilot.pause()
        detail = app.query_one(ArticlePane).detail
        assert detail is not None
        assert detail.item.title == "Kernel 7.0 released"

    play(stocked, story)


def test_the_help_shows_every_key(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await pilot.pause()
        text = str(app.screen.query_one("Static").render())
        for words in ("next unread", "star or unstar", "copy the link", "search as you type"):
            assert words in text
        await pilot.press("x")
        await pilot.pause()
        assert items(app).has_focus

    play(stocked, story)


def test_both_sizes_show_their_panes(stocked: Stocked) -> None:
    async def narrow(app: FullScreenReader, pilot: Pilot[None]) -> None:
        assert not app.query_one(ShelfPane).display
        await pilot.press("enter")
        await pilot.pause()
        assert not items(app).display
        assert app.query_one(ArticlePane).size.width >= 78

    async def wide(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await pilot.pause()
        assert all(app.query_one(pane).display for pane in (ShelfPane, ItemPane, ArticlePane))

    play(stocked, narrow)
    play(stocked, wide, size=(160, 50))


def test_of_ten_thousand_items_only_those_in_sight_are_drawn(
    stocked: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_many(stocked, 10_000)
    keys = ["G", "g", *["pagedown"] * 20, *["j"] * 20]

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: len(items(app).items) == 10_010)  # the first 500 at once
        drawn: list[int] = []
        text = items(app).text

        def seen(index: int, columns: int) -> Text:
            drawn.append(index)
            return text(index, columns)

        monkeypatch.setattr(items(app), "text", seen)
        await pilot.press(*keys)
        assert 10_009 in drawn
        assert len(drawn) <= 2 * len(keys) * app.size.height

    play(stocked, story)
