"""`feedd show --explain`: a user whose article is cut wrongly sees why, and tries selectors."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.cli.conftest import Feedd
from tests.cli.stocked import Stocked, entry, store
from tests.loopback import Loopback, Reply
from tests.poller.stories import page


@pytest.fixture
def number(stocked: Stocked, loopback: Loopback) -> str:
    """The id of an item whose page the server has."""
    allow(stocked)
    loopback.on("/story", page("a"))
    made = [entry("Item a", stocked.now, link=loopback.url("/story"), html="<p>Short.</p>")]
    return str(store(stocked.database, "lwn", made, stocked.now)[0])


def allow(stocked: Stocked, more: str = "") -> None:
    """Let feeds live on loopback; `more` are keys of the feed lwn."""
    text = stocked.config.read_text()
    if "allow_private_hosts" not in text:
        text = text.replace("[feedd]\n", "[feedd]\nallow_private_hosts = true\n")
    if more:
        text = (
            text.replace('lwn = "https://lwn.example/rss"', "")
            + f'\n[feeds.lwn]\nurl = "https://lwn.example/rss"\n{more}\n'
        )
    stocked.config.write_text(text)


def test_every_block_is_told_with_its_reason_and_nothing_is_marked(
    feedd: Feedd, number: str, loopback: Loopback
) -> None:
    said = feedd("show", "--explain", number)
    assert said.code == 0
    assert "fetching" in said.err
    assert any(line.startswith("kept") for line in said.lines)
    assert any(line.startswith("dropped") for line in said.lines)
    assert "All rights reserved" in said.out
    assert len(loopback.seen_for("/story")) == 1
    (record,) = feedd("show", number, "--json", "--keep-unread").records
    assert record["read"] is False


def test_scripts_get_one_object_a_block(feedd: Feedd, number: str) -> None:
    records = feedd("show", "--explain", "--json", number).records
    assert {record["kept"] for record in records} == {True, False}
    assert set(records[0]) == {"id", "kept", "why", "score", "tag", "text"}


def test_the_selectors_of_the_file_are_used(feedd: Feedd, number: str, stocked: Stocked) -> None:
    allow(stocked, 'article_selector = "footer"')
    records = feedd("show", "--explain", "--json", number).records
    assert [record["text"] for record in records] == ["All rights reserved"]
    assert records[0]["why"] == "selected by article_selector"


def test_a_page_that_is_not_there_is_an_error_in_one_line(
    feedd: Feedd, number: str, loopback: Loopback
) -> None:
    loopback.on("/story", Reply(404))
    said = feedd("--quiet", "show", "--explain", number)
    assert said.code == 1
    assert "http 404" in said.err
    assert said.err.count("\n") == 1


def test_an_item_without_a_page_says_so(feedd: Feedd, stocked: Stocked) -> None:
    made = replace(entry("No link", stocked.now, html="<p>x</p>"), link=None)
    (entry_id,) = store(stocked.database, "lwn", [made], stocked.now)
    said = feedd("show", "--explain", str(entry_id))
    assert (said.code, said.out) == (3, "")
