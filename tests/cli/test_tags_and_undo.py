"""Items' own tags, later, and taking back what was done."""

from __future__ import annotations

from contextlib import closing

import pytest
from msgspec.structs import replace

from feedd.store.acts import KEPT_ACTS, KEPT_S, acts
from feedd.store.database import open_writer
from feedd.store.marks import mark
from feedd.store.upkeep import integrity
from tests.cli.conftest import Feedd
from tests.cli.stocked import Stocked, entry, store


def tags(feedd: Feedd, item: int) -> list[str]:
    (one,) = [r for r in feedd("list", "--all", "-n0", "--json").records if r["id"] == item]
    return list(one["item_tags"])


def test_tags_are_given_taken_found_and_listed(feedd: Feedd) -> None:
    assert feedd("tag", "1", "2", "+Jobs", "+later").err == "2 items changed.\n"
    assert tags(feedd, 1) == ["Jobs", "later"]
    assert feedd("tag", "1", "-jobs").err == "1 item changed.\n"
    assert tags(feedd, 1) == ["later"]
    assert {one["id"] for one in feedd("list", "--where", "tag:JOBS", "--json").records} == {2}
    feedd("mark", "read", "2")
    listed = {one["tag"]: (one["items"], one["unread"]) for one in feedd("tag", "--json").records}
    assert listed == {"Jobs": (1, 0), "later": (2, 1), "blogs": (6, 6), "python": (3, 3)}
    assert "Jobs" in feedd("tag").out


def test_the_tags_of_an_item_are_its_feeds_and_then_its_own(feedd: Feedd) -> None:
    feedd("tag", "--where", "feed:planet-python", "+x")
    (one, *_) = feedd("list", "planet-python", "--json").records
    assert (one["tags"], one["item_tags"], one["later"]) == (["python", "blogs", "x"], ["x"], False)


def test_later_is_a_tag(feedd: Feedd) -> None:
    assert feedd("mark", "later", "3").err == "1 item kept for later.\n"
    assert tags(feedd, 3) == ["later"]
    assert [one["later"] for one in feedd("list", "--where", "is:later", "--json").records] == [
        True
    ]
    feedd("tag", "3", "-LATER")
    assert feedd("list", "--where", "is:later").lines == []
    feedd("mark", "later", "3")
    assert feedd("mark", "unlater", "--where", "is:later").err == (
        "1 item no longer kept for later.\n"
    )


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["tag", "1"], 2, "which tags?"),
        (["tag", "+x"], 2, "which items?"),
        (["tag", "1", "+a b"], 2, "one word"),
        (["tag", "1", "+a,b"], 2, "commas"),
        (["tag", "1", "++a"], 2, "begin with"),
        (["tag", "1", "+"], 2, "one word"),
        (["tag", "999", "+x"], 3, "no item 999"),
        (["tag", "1", "--where", "a", "+x"], 2, "not both"),
        (["tag", "@nope", "+x"], 2, "no view nope"),
    ],
)
def test_what_is_wrong_with_a_tag_is_said(
    feedd: Feedd, args: list[str], code: int, words: str
) -> None:
    said = feedd(*args)
    assert said.code == code
    assert words in said.err
    assert feedd("undo").code == 1


def test_a_feeds_tag_is_not_an_items_to_lose(feedd: Feedd) -> None:
    (one, *_) = feedd("list", "planet-python", "--json").records
    said = feedd("tag", str(one["id"]), "+mine", "-python")
    assert said.code == 1
    assert "tag of the feed planet-python" in said.err
    assert tags(feedd, one["id"]) == []


def test_a_tag_of_an_items_own_narrows_a_list_as_a_feeds_does(feedd: Feedd) -> None:
    feedd("tag", "1", "2", "+Mine")
    assert {one["id"] for one in feedd("list", "--tag", "mine", "--json").records} == {1, 2}
    both = {
        one["id"] for one in feedd("list", "--tag", "mine", "--tag", "python", "--json").records
    }
    of_python = {one["id"] for one in feedd("list", "--tag", "python", "--json").records}
    assert both == {1, 2} | of_python
    assert feedd("mark", "read", "--tag", "mine", "--where", "title:nothing").err.startswith("0 ")
    said = feedd("list", "--tag", "mine", "--tag", "nope")
    assert (said.code, "no tag 'nope'" in said.err) == (3, True)


def unread(feedd: Feedd) -> set[int]:
    return {one["id"] for one in feedd("list", "-n0", "--json").records}


def test_acts_are_taken_back_one_after_the_other_the_last_first(feedd: Feedd) -> None:
    everything = unread(feedd)
    feedd("mark", "read", "1", "2")
    feedd("mark", "read", "--all")
    feedd("tag", "3", "+x")
    assert feedd("undo").err == "1 item as before: feedd tag 3 +x is undone.\n"
    assert tags(feedd, 3) == []
    assert feedd("undo").err.startswith(f"{len(everything) - 2} items as before")
    assert unread(feedd) == everything - {1, 2}
    feedd("undo")
    assert unread(feedd) == everything
    said = feedd("undo")
    assert (said.code, "nothing to undo" in said.err) == (1, True)


def test_one_act_of_the_list_is_taken_back_and_what_was_done_since_stays(feedd: Feedd) -> None:
    everything = unread(feedd)
    feedd("mark", "read", "--feed", "lwn")
    feedd("mark", "unread", "1")
    feedd("mark", "read", "1")
    feedd("mark", "star", "2")
    listed = feedd("undo", "--list", "--json").records
    assert [one["act"] for one in listed] == [4, 3, 2, 1]
    assert listed[-1]["command"] == "mark read --feed lwn"
    assert (listed[-1]["items"], listed[-1]["undone"]) == (4, False)
    assert feedd("undo", "1").err.startswith("3 items as before")
    assert unread(feedd) == everything - {1}
    assert [one["undone"] for one in feedd("undo", "--list", "--json").records] == [
        False, False, False, True
    ]  # fmt: skip
    assert feedd("undo", "1").code == 1
    assert feedd("undo", "77").code == 1
    assert "mark star 2" in feedd("undo", "--list").out


def test_when_it_was_read_and_starred_comes_back_too(feedd: Feedd, stocked: Stocked) -> None:
    with closing(open_writer(stocked.database)) as db:
        mark(db, "read", ids=[1, 2], now=1000)
        mark(db, "star", ids=[1], now=2000)
        feedd("mark", "unread", "--all")
        feedd("mark", "unstar", "--all")
        feedd("undo")
        feedd("undo")
        rows = db.execute("SELECT read_at, starred_at FROM marks WHERE entry_id < 3").fetchall()
    assert rows == [(1000, 2000), (1000, None)]


def test_what_changed_nothing_is_no_act(feedd: Feedd) -> None:
    feedd("mark", "unread", "--all")
    feedd("tag", "1", "-none")
    assert feedd("undo", "--list").out == ""


def test_a_story_is_marked_and_restored_whole_also_where_it_has_grown_since(
    feedd: Feedd, stocked: Stocked
) -> None:
    link = "https://site.example/shared"
    common = entry("Shared", stocked.now - 60, link=link)
    (one,) = store(stocked.database, "lwn", [common], stocked.now)
    feedd("mark", "read", str(one))
    feedd("tag", str(one), "+x")
    store(stocked.database, "nihongo", [replace(common, guid="other")], stocked.now)
    shared = feedd("list", "--all", "--every", "--where", "title:shared", "--json").records
    assert [(r["read"], r["item_tags"]) for r in shared] == [(True, ["x"])] * 2
    feedd("undo")
    feedd("undo")
    shared = feedd("list", "--all", "--every", "--where", "title:shared", "--json").records
    assert [(r["read"], r["item_tags"]) for r in shared] == [(False, [])] * 2
    assert integrity.check(stocked.database) == []


def test_a_split_is_taken_back(feedd: Feedd, stocked: Stocked) -> None:
    link = "https://site.example/shared"
    common = entry("Shared", stocked.now - 60, link=link)
    store(stocked.database, "lwn", [common], stocked.now)
    (two,) = store(stocked.database, "nihongo", [replace(common, guid="other")], stocked.now)
    assert len(feedd("list", "--where", "title:shared").lines) == 1
    feedd("split", str(two))
    assert len(feedd("list", "--where", "title:shared").lines) == 2
    assert feedd("undo").err == f"1 item as before: feedd split {two} is undone.\n"
    assert len(feedd("list", "--where", "title:shared").lines) == 1


def test_the_journal_is_bounded_by_number_and_age(stocked: Stocked) -> None:
    with closing(open_writer(stocked.database)) as db:
        for number in range(KEPT_ACTS + 5):
            mark(db, "star" if number % 2 == 0 else "unstar", ids=[1], now=1000, command="m")
        assert len(acts(db)) == KEPT_ACTS
        mark(db, "read", ids=[1], now=1000 + KEPT_S + 1, command="m")
        assert len(acts(db)) == 1
        [changes] = db.execute("SELECT count(*) FROM act_changes").fetchone()
    assert changes == 1
