"""What is muted arrives read, and nothing else does."""

from __future__ import annotations

from tests.poller.conftest import House, rss


def unread(house: House) -> set[str]:
    """The titles of what is to be read."""
    return {item.title for item in house.items() if not item.read}


def test_a_pattern_is_taken_as_written_and_words_in_any_case(house: House) -> None:
    """/Sale/ must not swallow what is about "sale", in small letters."""
    house.feed("f", mute=("/Item Sale/", "SPONSORED"))
    house.loopback.on("/f", rss("Sale now", "sale of the town hall", "sponsored post", "news"))
    house.poll("f")
    assert unread(house) == {"Item sale of the town hall", "Item news"}


def test_nothing_is_muted_where_nothing_was_asked_for(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    assert unread(house) == {"Item a", "Item b"}
