"""The screen of the full-screen reader: what stands where at which size; what the mouse does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.article_pane import ArticlePane
from feedd.cli.tui.key_bindings import KEY_ROWS
from feedd.cli.tui.panes import ItemPane, ShelfPane
from feedd.store.database import open_writer
from feedd.store.marks import mark
from tests.cli.full_screen import items, play, shown_lines, status, type_at_once, unread, until
from tests.cli.stocked import Stocked, entry, stock, stock_many, store

LONG = "".join(f"<p>Paragraph {n} of a text that goes on for very long.</p>" for n in range(100))


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


def hints(app: FullScreenReader) -> str:
    return str(app.query_one("#hints").render())


def test_the_foot_names_the_eight_keys_one_needs(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        words = hints(app).split()
        assert len(words) == 8
        assert {"q:Quit", "Enter:Open", "R:Refresh", "?:Help"} <= set(words)
        await pilot.press("enter")
        await pilot.pause()
        words = hints(app).split()
        assert len(words) == 8
        assert {"q:Back", "Space:On", "?:Help"} <= set(words)

    play(stocked, story)


def test_the_help_has_a_row_for_every_key_and_says_that_it_scrolls(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await pilot.pause()
        text = str(app.screen.query_one("Static").render())
        rows = dict(re.findall(r"^ *(\S+) {2,}(\S.*)$", text, re.MULTILINE))
        assert {key for row in KEY_ROWS for key in row.keys.split()} <= rows.keys()
        assert "refresh" in rows["R"]
        assert "enclosure" in rows["e"]
        assert "link" in rows["1-9"]
        assert "picture" in rows["i"]
        pane = app.screen.query_one("#help")
        assert "more" in str(pane.border_subtitle)
        await pilot.press("G")
        await pilot.pause()
        last = str(pane.border_subtitle)
        assert pane.scroll_offset.y > 0
        await pilot.press("space", "k", "j")
        await pilot.pause()
        assert re.search(r"(\d+) of \1\b", last.replace("-", " "))
        await pilot.press("x")
        await pilot.pause()
        assert items(app).has_focus

    play(stocked, story)


def test_where_there_is_room_the_article_stands_beside_the_list(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await pilot.pause()
        page, pane = app.query_one(ArticlePane), items(app)
        assert page.region.y == pane.region.y
        assert page.region.x > pane.region.x
        assert page.size.width >= 82
        await pilot.press("vertical_line")
        await pilot.pause()
        assert page.region.y > pane.region.y
        await pilot.press("vertical_line")
        await pilot.pause()
        assert page.region.y == pane.region.y

    play(stocked, story, size=(160, 50))


def test_a_narrower_screen_stands_them_under_each_other_unless_asked(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await pilot.pause()
        page, pane = app.query_one(ArticlePane), items(app)
        assert page.region.y > pane.region.y
        await pilot.press("vertical_line")
        await pilot.pause()
        assert page.region.y == pane.region.y
        assert page.size.width >= 82
        assert pane.size.width >= 24

    async def narrow(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("vertical_line")
        assert "110 columns" in status(app)

    play(stocked, story, size=(120, 40))
    play(stocked, narrow)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_resize_keeps_the_place_in_list_and_article(
    stocked: Stocked, size: tuple[int, int]
) -> None:
    stock_many(stocked, 200)
    store(stocked.database, "lwn", [entry("Long", stocked.now + 1, html=LONG)], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("G", *["k"] * 30)
        at = items(app).item
        assert at is not None
        for columns, rows in ((20, 5), (44, 9), (200, 60), size):
            await pilot.resize_terminal(columns, rows)
            await pilot.pause()
            now = items(app).item
            assert now is not None
            assert now.id == at.id
            assert 0 <= items(app).cursor_row < items(app).size.height
        await pilot.press("g", "enter", *["space"] * 3)
        await pilot.pause()
        page = app.query_one(ArticlePane)
        top = shown_lines(app, page)[0:3]
        assert any("Paragraph" in line for line in top)
        for columns, rows in ((20, 5), (200, 60), (31, 5), (20, 5), size):
            await pilot.resize_terminal(columns, rows)
            await pilot.pause()
            assert app.reading
            assert page.detail is not None
        assert shown_lines(app, page)[0:3] == top

    play(stocked, story, size=size)


def test_a_shelf_chosen_by_mouse_closes_the_article_and_shows_its_items(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await pilot.pause()
        place = next(n for n, shelf in enumerate(app.shelves.shelves) if shelf.name == "nihongo")
        await pilot.click(ShelfPane, offset=(3, place))
        await pilot.pause()
        assert not app.reading
        assert {item.feed for item in items(app).items} == {"nihongo"}
        assert items(app).has_focus

    play(stocked, story, size=(120, 40))


def test_a_note_goes_with_the_next_click_too(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("o", "A")
        assert "takes it back" in status(app)
        await pilot.click(ItemPane, offset=(10, 2))
        await pilot.pause()
        assert "unread of" in status(app)

    play(stocked, story, size=(120, 40))


def test_a_click_answers_no_question(stocked: Stocked) -> None:
    stock_many(stocked, 100)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("A")
        assert "y: yes" in status(app)
        await pilot.click("#status")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert unread(stocked) >= 109

    play(stocked, story, size=(120, 40))


def test_keys_act_on_the_article_that_was_clicked(stocked: Stocked) -> None:
    store(stocked.database, "lwn", [entry("Long", stocked.now + 1, html=LONG)], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "tab", "tab")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        app.go(app.items)
        await pilot.pause()
        await pilot.click(ArticlePane, offset=(5, 5))
        await pilot.pause()
        await pilot.press("j")
        await pilot.pause()
        assert app.page.scroll_offset.y == 1
        assert items(app).cursor == 0

    play(stocked, story, size=(120, 40))


def test_tab_goes_round_the_panes_and_closes_nothing_where_there_is_room(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await pilot.pause()
        seen = []
        for _ in range(3):
            await pilot.press("tab")
            await pilot.pause()
            seen.append(app.place)
            assert app.reading
        assert seen == ["shelves", "items", "article"]
        await pilot.press("tab", "j")
        await pilot.pause()
        assert not app.reading
        assert app.place == "shelves"

    play(stocked, story, size=(120, 40))


def test_the_wheel_takes_the_cursor_along(stocked: Stocked) -> None:
    stock_many(stocked, 200)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        pane = items(app)
        for _ in range(20):
            pane.post_message(
                events.MouseScrollDown(pane, 5, 5, 0, 1, 0, False, False, False, 5, 5)
            )
        await pilot.pause()
        assert pane.scroll_offset.y == 60
        assert 0 <= pane.cursor_row < pane.size.height

    play(stocked, story)


def test_escape_closes_what_is_open_and_never_the_program(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert not app.reading
        await pilot.press(*["escape"] * 5)
        await pilot.press("f", *["escape"] * 5)
        await pilot.pause()
        assert app.is_running
        assert "q leaves" in status(app)
        await pilot.press("q")

    play(stocked, story)


def test_empty_shelves_can_be_hidden(stocked: Stocked) -> None:
    db = open_writer(stocked.database)
    mark(db, "read", ids=[5, 6, 7], now=stocked.now)
    db.close()

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        every = [shelf.name for shelf in app.shelves.shelves]
        assert "planet-python" in every
        await pilot.press("z")
        shown = [shelf.name for shelf in app.shelves.shelves]
        assert set(every) - set(shown) == {"python", "planet-python"}
        await pilot.press("z")
        assert [shelf.name for shelf in app.shelves.shelves] == every

    play(stocked, story)


def test_shelves_are_sorted_by_name_unread_and_time(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        def feeds() -> list[str]:
            return [shelf.name for shelf in app.shelves.shelves if shelf.kind == "feed"]

        assert feeds() == ["lwn", "planet-python", "nihongo"]
        await pilot.press("f", "j", "j", "j")
        at = app.shelves.shelf
        orders = []
        for _ in range(4):
            await pilot.press("S")
            orders.append(feeds())
            assert app.shelves.shelf is not None
            assert at is not None
            assert app.shelves.shelf.name == at.name
        assert orders == [
            ["lwn", "nihongo", "planet-python"],
            ["lwn", "nihongo", "planet-python"],
            ["nihongo", "lwn", "planet-python"],
            ["lwn", "planet-python", "nihongo"],
        ]

    play(stocked, story)


def test_a_very_narrow_screen_shows_titles_rather_than_feeds(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        assert any("Kernel" in line for line in shown_lines(app, items(app)))
        assert not any("lwn" in line for line in shown_lines(app, items(app)))

    play(stocked, story, size=(20, 5))


def test_the_status_line_says_when_no_daemon_runs(stocked: Stocked) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "no daemon runs" in status(app))

    play(stocked, story)


def test_an_item_that_two_feeds_carry_counts_once(stocked: Stocked) -> None:
    for feed in ("planet-python", "nihongo", "lwn"):
        made = [entry("The same", stocked.now, link="https://same.example/article")]
        store(stocked.database, feed, made, stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        def counts() -> dict[str, int]:
            return {shelf.name: shelf.unread for shelf in app.shelves.shelves}

        for _ in range(2):
            for place, shelf in enumerate(app.shelves.shelves):
                app.shelves.go_to(place)
                app.fill(stay=False)
                assert shelf.unread == len(items(app).items), shelf.name
            assert counts() == {
                "All": 11, "python": 4, "blogs": 7, "lwn": 5, "planet-python": 4, "nihongo": 4,
            }  # fmt: skip
            app.shelves.go_to(0)
            app.fill(stay=False)
            await pilot.press("g", "m")
            marked = counts()
            assert marked == {
                "All": 10, "python": 3, "blogs": 6, "lwn": 4, "planet-python": 3, "nihongo": 3,
            }  # fmt: skip
            app.count()
            assert counts() == marked
            await pilot.press("u")
            await pilot.pause()

    play(stocked, story)


def test_on_a_slim_screen_the_shelves_and_their_numbers_are_whole(stocked: Stocked) -> None:
    stock_many(stocked, 1_500)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "f")
        lines = shown_lines(app, app.shelves)
        assert any(line.split() == ["All", "1,510"] for line in lines)
        await type_at_once(app, pilot, "enter")
        assert not app.shelves.display
        assert app.items.size.width == 20

    play(stocked, story, size=(20, 8))
