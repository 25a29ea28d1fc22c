"""One story of several feeds, as the terminal shows it: polled from two servers' documents."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.prose import Writer, vocabulary
from tests.cli.conftest import Call
from tests.loopback import Loopback, Reply

WRITER = Writer(vocabulary(random.Random(7)), random.Random(5))
TEXT = " ".join(WRITER.sentence() for _ in range(20))


def document(name: str, text: str) -> Reply:
    at = (datetime.now(UTC) - timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return Reply(
        body=f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>{name}</title><link>http://{name}.example/</link>
<item><guid>{name}</guid><title>As {name} has it</title><link>http://{name}.example/1</link>
<pubDate>{at}</pubDate><content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>
</channel></rss>""".encode()
    )


@pytest.fixture
def polled(call: Call, loopback: Loopback) -> Call:
    feeds = "".join(f'{name} = "{loopback.url(f"/{name}")}"\n' for name in ("gazette", "herald"))
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
        f"[feeds]\n{feeds}"
    )
    loopback.on("/gazette", document("gazette", TEXT))
    loopback.on("/herald", document("herald", f"Our reporter writes: {TEXT}"))
    assert call("poll", "--all").code == 0
    return call


def test_after_one_poll_the_copy_of_another_feed_is_no_line_of_its_own(polled: Call) -> None:
    (line,) = polled("list", "--json").records
    assert len(line["also_in"]) == 1
    assert line["story"] == line["id"]
    every = polled("list", "--every", "--json").records
    assert {one["feed"] for one in every} == {"gazette", "herald"}
    assert {one["story"] for one in every} == {line["id"]}


def test_why_an_item_names_the_evidence_and_split_undoes_it_for_good(polled: Call) -> None:
    (line,) = polled("list", "--json").records
    told = polled("why", str(line["id"]), "--json").records
    assert [one["lead"] for one in told] == [True, False]
    assert {one["joined_by"] for one in told} == {None, "text"}
    alike = [one["similarity"] for one in told if one["joined_by"]]
    assert 0.9 < alike[0] <= 1
    assert "of the same text" in polled("why", str(line["id"])).out
    other = next(one["id"] for one in told if not one["lead"])
    assert polled("split", str(other)).code == 0
    assert len(polled("list", "--json").records) == 2
    assert polled("poll", "--all").code == 0
    assert len(polled("list", "--json").records) == 2
    assert polled("split", str(other)).code == 1


def test_a_feed_named_like_a_number_is_that_feed(polled: Call) -> None:
    text = Path("config.toml").read_text()
    Path("config.toml").write_text(text.replace("gazette =", "1 ="))
    assert polled("why", "1").out.startswith("1:")
    assert polled("why", "999").code == 3
    assert polled("split", "999").code == 3
