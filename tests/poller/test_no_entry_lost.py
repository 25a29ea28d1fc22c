"""Over any sequence of documents no entry is lost, and none takes the place of another (rules 42 to
45): what people would lose is an article they never see, or a star on one they did not choose.

Documents are made of posts whose guids and links are missing, shared, reused, changed. Each
sequence goes through the fast reader, which passes what it has seen, through feedparser, and
through a model that passes nothing and looks at all that it ever stored.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, target
from hypothesis import strategies as st

from feedd import identity
from feedd.model import ChangedEntry, EntryKeys, FeedState, KeyedEntry, KnownEntry, NewEntry
from feedd.parsing import Document
from feedd.poller.document import ParseJob, parse_document
from feedd.store.database import open_writer
from feedd.store.entries import record
from feedd.store.entry_rows import known_entries
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.marks import mark
from tests.store.conftest import NOW, configs, outcome

URL = "https://feed.example/rss"
DAY_S = 86_400


class Post(NamedTuple):
    """What a publisher wrote. `day` counts from NOW."""

    guid: str | None
    link: str | None
    title: str
    day: int | None
    text: str


def xml(posts: Sequence[Post], *, built: int) -> bytes:
    """An RSS document; `built` differs with each request, as lastBuildDate does."""
    return (
        f'<rss version="2.0"><channel><title>t</title><lastBuildDate>{built}</lastBuildDate>'
        f"{''.join(map(_item, posts))}</channel></rss>"
    ).encode()


def _item(post: Post) -> str:
    date = None
    if post.day is not None:
        moment = datetime.fromtimestamp(NOW + post.day * DAY_S, UTC)
        date = moment.strftime("%a, %d %b %Y %H:%M:%S +0000")
    parts = {
        "guid": post.guid,
        "link": post.link,
        "title": post.title,
        "pubDate": date,
        "description": post.text,
    }
    inner = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in parts.items() if v)
    return f"<item>{inner}</item>"


@dataclass
class Feed:
    """One feed, polled with one of the parsers; what is stored of it is marked read."""

    db: sqlite3.Connection
    parser: Literal["auto", "feedparser"]
    polls: int = 0
    history: list[tuple[int, int]] = field(default_factory=list)
    passed: int = 0

    @property
    def state(self) -> FeedState:
        return feed_states(self.db, ["a"])[0]

    def poll(self, posts: Sequence[Post]) -> None:
        self.polls += 1
        at = NOW + self.polls
        state = self.state
        body = xml(posts, built=self.polls)
        document = Document(body, URL, seen=state.items, parser=self.parser)
        parsed = parse_document(ParseJob(document, state.keys))
        known = known_entries(self.db, state.id, parsed.entries)
        self.passed += parsed.feed.skipped
        verdict = identity.decide(
            parsed.entries, known, keys=parsed.keys, passed=parsed.feed.skipped > 0
        )
        result = replace(
            outcome(replace(state, keys=verdict.keys, items=parsed.feed.items), at=at),
            new=tuple(map(NewEntry, verdict.new)),
            changed=tuple(ChangedEntry(entry_id, one) for entry_id, one in verdict.changed),
            rekeyed=verdict.rekeyed,
        )
        record(self.db, [result], at)
        mark(self.db, "read", ids=self.ids(), now=at)
        self.history.append((len(verdict.new), len(verdict.changed)))

    def ids(self) -> list[int]:
        return [row[0] for row in self.db.execute("SELECT id FROM entries")]

    def rows(self) -> list[Any]:
        return self.db.execute(
            "SELECT e.id, e.key, e.link, e.title, e.published, c.body, e.first_seen, m.read_at"
            " FROM entries e JOIN contents c ON c.entry_id = e.id JOIN marks m ON m.entry_id = e.id"
            " ORDER BY e.id"
        ).fetchall()

    def stored(self) -> dict[int, Post]:
        """What each row says now, guids apart."""
        return {
            row[0]: Post(
                None, row[2], row[3], None if row[4] is None else (row[4] - NOW) // DAY_S,
                row[5].decode(),
            )
            for row in self.rows()
        }  # fmt: skip


@dataclass
class Model:
    """The rules, with nothing left out for speed: every document is judged whole against all that
    was ever stored of the feed, as values in a list.
    """

    keys: EntryKeys = "guid"
    rows: list[KeyedEntry] = field(default_factory=list)
    first_dates: list[int | None] = field(default_factory=list)

    def poll(self, posts: Sequence[Post]) -> None:
        document = Document(xml(posts, built=0), URL)
        parsed = parse_document(ParseJob(document, self.keys))
        whole = [
            KnownEntry(
                number + 1,
                row.key,
                row.link_key,
                row.title_key,
                row.content_hash,
                identity.article_link(row.entry.link),
                date,
                row.entry.text,
            )
            for number, (row, date) in enumerate(zip(self.rows, self.first_dates, strict=True))
        ]
        verdict = identity.decide(parsed.entries, whole, keys=parsed.keys)
        self.keys = verdict.keys
        for row_id, key in verdict.rekeyed:
            self.rows[row_id - 1] = self.rows[row_id - 1]._replace(key=key)
        for row_id, one in verdict.changed:
            self.rows[row_id - 1] = one
            self.first_dates[row_id - 1] = (
                self.first_dates[row_id - 1]
                if self.first_dates[row_id - 1] is not None
                else one.entry.published
            )
        self.rows += verdict.new
        self.first_dates += [one.entry.published for one in verdict.new]

    def stored(self) -> Counter[Any]:
        pairs = zip(self.rows, self.first_dates, strict=True)
        return Counter(
            (row.key, row.entry.link, row.entry.title, date, row.entry.text) for row, date in pairs
        )


TEXTS = (
    "The crane on the north quay was sold to a museum",
    "Nine boats came home before the fog did",
    "A heron has learnt to open the fishmonger's door",
    "Nine boats came home before the fog did, and one behind it",
    "",
)
POSTS = st.builds(
    Post,
    guid=st.sampled_from([None, "one", "two", "three", "https://s.example/a"]),
    link=st.sampled_from(
        [None, "https://s.example/a", "https://s.example/b", "https://s.example/a#x",
         "https://s.example/"]
    ),
    title=st.sampled_from(["Harbour", "Weather today", ""]),
    day=st.sampled_from([None, 0, 1, 2]),
    text=st.sampled_from(TEXTS),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[list[Post]]:
    """Documents one after the other: posts arrive, leave, return, are edited, change places."""
    ever = draw(st.lists(POSTS, min_size=1, max_size=4))
    document = list(ever)
    found = [document]
    for _ in range(draw(st.integers(1, 5))):
        document = list(document)
        step = draw(
            st.sampled_from(["arrive", "arrive", "leave", "return", "edit", "turn", "same"])
        )
        if step == "arrive":
            post = draw(POSTS)
            like = draw(st.sampled_from(ever))
            shared = draw(st.sets(st.sampled_from(["guid", "link", "title", "day"])))
            post = post._replace(**{name: getattr(like, name) for name in shared})
            ever.append(post)
            document.insert(draw(st.integers(0, len(document))), post)
        elif step == "leave" and document:
            del document[draw(st.integers(0, len(document) - 1))]
        elif step == "return":
            document.append(draw(st.sampled_from(ever)))
        elif step == "edit" and document:
            place = draw(st.integers(0, len(document) - 1))
            other = draw(POSTS)
            parts = draw(st.sets(st.sampled_from(Post._fields), min_size=1, max_size=2))
            document[place] = document[place]._replace(
                **{name: getattr(other, name) for name in parts}
            )
            ever.append(document[place])
        elif step == "turn":
            document.reverse()
        found.append(document)
    return found


@contextmanager
def feed(folder: Path, parser: Literal["auto", "feedparser"]) -> Iterator[Feed]:
    with closing(open_writer(folder / f"{parser}.db")) as db:
        sync_feeds(db, configs("a"), NOW)
        db.execute("PRAGMA synchronous = OFF")
        yield Feed(db, parser)


def plain(post: Post) -> Post:
    """A post as it is stored: its link made of its guid where it has none, no guid."""
    guid_is_link = post.guid is not None and post.guid.startswith("https://")
    return post._replace(guid=None, link=post.link or (post.guid if guid_is_link else None))


def _page(post: Post) -> str | None:
    return post.link.partition("#")[0] if post.link else None


def is_there(post: Post, rows: Sequence[Post]) -> bool:
    """Is there a row for a post: with its link and title, and its date or its text?"""
    one = plain(post)
    if any(_page(row) == _page(one) and row[2:] == one[2:] for row in rows):
        return True  # the link's fragment is noise where nothing else differs
    return any(
        (row.link, row.title) == (one.link, one.title)
        and (row.day == one.day or row.text == one.text)
        for row in rows
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(histories())
def test_whatever_a_feed_does_no_entry_is_lost_and_no_mark_changes_hands(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[Post]]
) -> None:
    folder = tmp_path_factory.mktemp("sequence")
    model = Model()
    with feed(folder, "auto") as fast, feed(folder, "feedparser") as tolerant:
        before: dict[int, Post] = {}
        previous: list[Post] = []
        for document in documents:
            for one in (fast, tolerant):
                one.poll(document)
            model.poll(document)
            assert fast.rows() == tolerant.rows(), "the readers differ"
            assert fast.history == tolerant.history
            assert fast.state.keys == tolerant.state.keys == model.keys
            rows = fast.stored()
            assert (
                Counter((row[1], row[2], row[3], row[4], row[5].decode()) for row in fast.rows())
                == model.stored()
            ), "something was overlooked for speed"
            assert before.keys() <= rows.keys(), "an id is gone"
            for post in document:
                versions = [p for p in document if plain(p)[:4] == plain(post)[:4]]
                there = any(is_there(one, list(rows.values())) for one in versions)
                assert there, f"{post} was swallowed"
            for title, link in {(plain(p).title, plain(p).link) for p in document}:
                dates = {
                    p.day for p in document if (plain(p).title, plain(p).link) == (title, link)
                }
                same = [r for r in rows.values() if (r.title, r.link) == (title, link)]
                assert len(same) >= len(dates - {None}), "entries of other dates share a row"
            for post in {*previous} & {*document}:
                versions = [p for p in previous + document if plain(p)[:4] == plain(post)[:4]]
                if versions == [post, post]:
                    had = {number for number, row in before.items() if row == plain(post)}
                    has = {number for number, row in rows.items() if row == plain(post)}
                    assert len(had) != 1 or had <= has, (
                        f"{post} is in both documents, and its row is another's"
                    )
            before, previous = rows, document
        news = sum(new for new, _ in fast.history)
        fast.poll(documents[-1])
        assert fast.history[-1] == (0, 0), "the same document again brings something"
        target(float(fast.passed), label="items passed")
        target(float(news), label="entries")


STORIES = (*TEXTS[:3], "The ferry has a second engine since Tuesday, and a bell")


def shown(folder: Path, *documents: Sequence[Post]) -> list[str]:
    """The texts that are stored after these documents, by both readers."""
    found = []
    for parser in ("auto", "feedparser"):
        with feed(folder, parser) as one:
            for document in documents:
                one.poll(document)
            found.append(sorted(row.text for row in one.stored().values()))
    assert found[0] == found[1]
    return found[0]


def post(number: int, **more: Any) -> Post:
    return Post(
        **{
            "guid": f"g{number}",
            "link": f"https://s.example/{number}",
            "title": f"Title {number}",
            "day": number,
            "text": STORIES[number],
            **more,
        }
    )


PAGE = "https://s.example/status"


@pytest.mark.parametrize(
    "shared",
    [
        {"guid": None, "link": PAGE},
        {"guid": None, "link": PAGE, "title": "Outage"},
        {"guid": "the feed"},
        {"guid": "the feed", "link": None},
        {"guid": "the feed", "link": PAGE},
        {"link": PAGE, "title": "Picture of the day"},
    ],
)
@pytest.mark.parametrize("window", [1, 2, 4])
def test_rule_42_entries_that_share_a_name_are_all_there(
    tmp_path: Path, shared: dict[str, Any], window: int
) -> None:
    """One more at each poll, the last `window` of them in the document; a link that one alone has
    at a time is that one's, however it is edited, so a window of one is not for them all."""
    posts = [post(number, **shared) for number in range(4)]
    documents = [posts[max(0, last - window) : last] for last in range(1, 5)]
    expected = sorted(STORIES)
    if window == 1 and shared.get("guid") and shared.get("link") == PAGE:
        expected = [STORIES[3]]  # guid and link are those of an entry that was edited
    elif window == 1 and shared.get("title") == "Outage":
        expected = [STORIES[3]]  # so are link and title
    assert shown(tmp_path, *documents) == expected


def test_rule_44_a_feed_that_numbers_its_guids_anew_brings_nothing(tmp_path: Path) -> None:
    posts = [post(number) for number in range(4)]
    renumbered = [one._replace(guid=f"new-{one.guid}") for one in posts]
    assert shown(tmp_path, posts, renumbered) == sorted(STORIES)


def test_a_report_of_the_same_words_with_other_numbers_is_another(tmp_path: Path) -> None:
    """Rule 44 where old and new report never stand in one document."""
    words = "Water level at the quay this morning: {} cm, wind from the west with {} knots, rising"
    reports = [
        post(n, link=PAGE, title="Water level", text=words.format(310 + n, 12 - n))
        for n in range(3)
    ]
    assert len(shown(tmp_path, *([one] for one in reports))) == 3


def test_a_known_item_is_passed_unless_a_newcomer_could_be_taken_for_it(tmp_path: Path) -> None:
    with feed(tmp_path, "auto") as one:
        one.poll([post(0), post(1)])
        one.poll([post(2), post(0), post(1)])
        assert one.passed == 2
        one.poll([post(3, guid="g0"), post(2), post(0), post(1)])
        assert one.passed == 2
        assert one.state.keys == "link"
