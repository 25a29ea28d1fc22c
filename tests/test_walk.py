"""How far a newcomer has to walk: the files that one feed's first poll goes through."""

from __future__ import annotations

from benchmarks import walk

FIRST_POLL_MAX_FILES = 60


def test_a_newcomer_who_follows_one_feeds_first_poll_opens_no_more_files_than_this() -> None:
    entered = walk.first_poll().entered
    rooms = {file.partition("/")[0] for file in entered}
    assert {"http", "parsing", "poller", "store", "workers"} <= rooms, "the walk was not whole"
    assert len(entered) <= FIRST_POLL_MAX_FILES, sorted(entered)


def test_what_shows_an_entry_is_followed_through_the_commands_and_the_store() -> None:
    listed, shown = walk.one_entry()
    for steps in (listed, shown):
        assert {"cli", "store"} <= {file.partition("/")[0] for file in steps.entered}
        assert 0 < len(steps.entered) < FIRST_POLL_MAX_FILES
        assert steps.calls >= len(steps.entered) - 1
