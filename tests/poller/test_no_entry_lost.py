"""Over any sequence of documents no entry is lost, and none takes the place of another (rules 42 to
45): what people would lose is an article they never see, or a star on one they did not choose.

Documents are made of posts whose guids and links are missing, shared, reused, changed. Each
sequence goes through the fast reader, which passes what it has seen, through feedparser, and
through `plain_model`: the rules without a line of feedd.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings, target
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd import identity
from feedd.identity.content import alike, likeness
from feedd.model import ChangedEntry, FeedState, NewEntry
from feedd.parsing import Document
from feedd.poller.document import ParseJob, parse_document
from feedd.store.database import open_writer
from feedd.store.entries import record
from feedd.store.entry_rows import known_entries
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.marks import mark
from tests.poller.plain_model import NO_TEXT, PlainFeed, Post, Text, nearly_the_same
from tests.store.conftest import NOW, configs, outcome

URL = "https://feed.example/rss"
DAY_S = 86_400


def xml(posts: Sequence[Post], *, built: int) -> bytes:
    """An RSS document; days count from NOW. `built` differs with each request."""
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
        "description": post.text.words,
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
                None,
                row[2],
                row[3],
                None if row[4] is None else (row[4] - NOW) // DAY_S,
                BY_WORDS[row[5].decode()],
            )
            for row in self.rows()
        }

    def told(self) -> list[Any]:
        """What the plain model tells of a feed, too: all but the keys."""
        posts = self.stored()
        return [(row[0], posts[row[0]][1:], row[6], row[7]) for row in self.rows()]


def told_by(model: PlainFeed) -> list[Any]:
    return [
        (
            row.number,
            (row.post.link, row.post.title, row.day, row.post.text),
            row.first_seen,
            row.first_seen,  # read at once, and so it stays
        )
        for row in model.rows
    ]


BOATS = "Nine boats came home before the fog did"
TEXTS = (
    Text("crane", 0, "The crane on the north quay was sold to a museum"),
    Text("boats", 0, BOATS),
    Text("heron", 0, "A heron has learnt to open the doors of the fishmonger"),
    Text("boats", 0, f"{BOATS}, and one behind it"),
    Text(
        "boats",
        1,
        "Nine boats came home before the fog, said the harbour master, who had seen none leave",
    ),
    NO_TEXT,
)
STORIES = (*TEXTS[:3], Text("ferry", 0, "The ferry has a second engine since Tuesday, and a bell"))
REPORTS = tuple(
    Text(
        "water",
        number,
        f"Water level at the quay this morning: {310 + number} cm, wind from the west with"
        f" {12 - number} knots, rising",
    )
    for number in range(3)
)
BY_WORDS = {text.words: text for text in (*TEXTS, *STORIES, *REPORTS)}


def test_the_words_of_the_model_are_what_it_says_they_are() -> None:
    for one, other in combinations([*BY_WORDS.values()], 2):
        if one.words and other.words:
            assert alike(one.words, other.words) is nearly_the_same(one, other)
            assert (likeness(one.words, other.words) >= 0.2) is (one.story == other.story)
    lengths = {len(one.words) for one in TEXTS}
    assert len(lengths) == len(TEXTS), "which of two versions is kept would be undecided"


POSTS = st.builds(
    Post,
    guid=st.sampled_from([None, "one", "two", "three", "https://s.example/a"]),
    link=st.sampled_from(
        [None, "https://s.example/a", "https://s.example/b", "https://s.example/a#x",
         "https://s.example/"]
    ),
    title=st.sampled_from(["Harbour", "Weather today", ""]),
    day=st.sampled_from([None, -2, -1, 0]),
    text=st.sampled_from(TEXTS),
)  # fmt: skip


STEPS = (
    *("arrive", "arrive", "leave", "return", "edit", "edit", "turn", "same"),
    *("renumber", "stamp", "replace"),
)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Post]]:
    """Documents one after the other: posts arrive, leave, return, are edited, change places; all
    guids are new, all days one, all that was there is gone."""
    ever = draw(st.lists(POSTS, min_size=1, max_size=draw(st.sampled_from([1, 4, 9]))))
    document = list(ever)
    found = [document]
    for _ in range(draw(st.integers(1, 5))):
        document = list(document)
        step = draw(st.sampled_from(STEPS))
        if step in ("arrive", "replace"):
            post = draw(POSTS)
            like = draw(st.sampled_from(ever))
            shared = draw(st.sets(st.sampled_from(["guid", "link", "title", "day"])))
            post = post._replace(**{name: getattr(like, name) for name in shared})
            document = document if step == "arrive" else []
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
        elif step == "turn":
            document.reverse()
        elif step == "renumber":
            document = [one._replace(guid=one.guid and f"{one.guid}-new") for one in document]
        elif step == "stamp":
            day = draw(st.sampled_from([-3, -2, 0]))
            document = [one._replace(day=day) for one in document]
        ever += [one for one in document if one not in ever]
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
    """Is there a row for a post: with its page and title, and its date or its text? The fragment of
    a link is noise where nothing else differs."""
    one = plain(post)
    return any(
        (_page(row), row.title) == (_page(one), one.title)
        and (row.day == one.day or row.text == one.text)
        for row in rows
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_whatever_a_feed_does_no_entry_is_lost_and_no_mark_changes_hands(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[Post]]
) -> None:
    folder = tmp_path_factory.mktemp("sequence")
    model = PlainFeed()
    with feed(folder, "auto") as fast, feed(folder, "feedparser") as tolerant:
        before: dict[int, Post] = {}
        for document in documents:
            for one in (fast, tolerant):
                one.poll(document)
            counts = model.poll(document, NOW + fast.polls)
            assert fast.told() == tolerant.told(), "the readers differ"
            assert fast.history == tolerant.history
            assert fast.told() == told_by(model), "another row than the rules say"
            assert fast.history[-1] == counts
            assert (
                fast.state.keys == tolerant.state.keys == ("guid" if model.guids_count else "link")
            )
            rows = fast.stored()
            assert before.keys() <= rows.keys(), "an id is gone"
            nothing_is_lost(document, rows)
            before = rows
        news = sum(new for new, _ in fast.history)
        fast.poll(documents[-1])
        assert fast.history[-1] == (0, 0), "the same document again brings something"
        target(float(fast.passed), label="items passed")
        target(float(news), label="entries")


_WEATHER = Post(None, None, "Weather today", -2, TEXTS[0])
_WITH_GUID = _WEATHER._replace(guid="one")


@settings(max_examples=300, deadline=None)
@given(histories())
@example(
    [
        [_WEATHER],
        [_WEATHER._replace(title="Harbour", day=None), _WEATHER],
        [_WEATHER],
        [_WITH_GUID, _WEATHER],
        [_WITH_GUID._replace(day=None), _WITH_GUID, _WEATHER],
    ]
)
def test_nothing_is_lost_by_the_rules_themselves(documents: list[list[Post]]) -> None:
    model = PlainFeed()
    owners: dict[Post, int] = {}
    for now, document in enumerate(documents):
        model.poll(document, now)
        rows = {row.number: plain(row.post._replace(day=row.day)) for row in model.rows}
        nothing_is_lost(document, rows)
        for one in owners.keys() & model.found.keys():
            others = [row for other, row in model.found.items() if other != one]
            assert owners[one] not in others, f"{one} is still there, and its row is another's"
        owners = {one: row for one, row in model.found.items() if rows[row] == plain(one)}
    assert model.poll(documents[-1], 0) == (0, 0)


def nothing_is_lost(document: Sequence[Post], rows: dict[int, Post]) -> None:
    """Every post of a document has a row, and those of other days rows of their own."""
    for post in document:
        versions = [p for p in document if plain(p)[:4] == plain(post)[:4]]
        there = any(is_there(one, list(rows.values())) for one in versions)
        assert there, f"{post} was swallowed"
    for title, link in {(p.title, _page(plain(p))) for p in document}:
        dates = {p.day for p in document if (p.title, _page(plain(p))) == (title, link)}
        same = [r for r in rows.values() if (r.title, _page(r)) == (title, link)]
        assert len(same) >= len(dates - {None}), "entries of other dates share a row"


def shown(folder: Path, *documents: Sequence[Post]) -> list[Text]:
    """The texts that are stored after these documents, by both readers and the model."""
    model = PlainFeed()
    for document in documents:
        model.poll(document, 0)
    found = [sorted(row.post.text for row in model.rows)]
    for parser in ("auto", "feedparser"):
        with feed(folder, parser) as one:
            for document in documents:
                one.poll(document)
            found.append(sorted(row.text for row in one.stored().values()))
    assert found[0] == found[1] == found[2]
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


def test_rule_42_an_undated_entry_takes_no_others_place_by_a_link_that_several_have(
    tmp_path: Path,
) -> None:
    """One of another title has the link too, so title and link do not say that it was edited."""
    outage = post(0, guid=None, link=PAGE, title="Outage")
    weather = post(1, guid=None, link=PAGE, title="Storm")
    undated = post(2, guid=None, link=PAGE, title="Outage", day=None)
    assert shown(tmp_path, [outage], [weather], [undated]) == sorted(STORIES[:3])
    again = undated._replace(text=outage.text)
    (tmp_path / "b").mkdir()
    assert shown(tmp_path / "b", [outage], [weather], [again]) == sorted(STORIES[:2])


def test_rule_44_a_feed_that_numbers_its_guids_anew_brings_nothing(tmp_path: Path) -> None:
    posts = [post(number) for number in range(4)]
    renumbered = [one._replace(guid=f"new-{one.guid}") for one in posts]
    assert shown(tmp_path, posts, renumbered) == sorted(STORIES)


def test_a_report_of_the_same_words_with_other_numbers_is_another(tmp_path: Path) -> None:
    """Rule 44 where old and new report never stand in one document."""
    reports = [post(n, link=PAGE, title="Water level", text=REPORTS[n]) for n in range(3)]
    assert len(shown(tmp_path, *([one] for one in reports))) == 3


def test_a_known_item_is_passed_unless_a_newcomer_could_be_taken_for_it(tmp_path: Path) -> None:
    with feed(tmp_path, "auto") as one:
        one.poll([post(0), post(1)])
        one.poll([post(2), post(0), post(1)])
        assert one.passed == 2
        one.poll([post(3, guid="g0"), post(2), post(0), post(1)])
        assert one.passed == 2
        assert one.state.keys == "link"


def test_a_guid_that_turns_out_to_be_none_takes_no_known_item_from_its_entry(
    tmp_path: Path,
) -> None:
    """The item of the same link was to be passed as seen, and is read for that."""
    known = Post(None, PAGE, "Weather", None, STORIES[1])
    first = Post("one", None, "Harbour", -2, STORIES[0])
    reused = Post("one", PAGE, "Harbour master", -1, STORIES[2])
    stored = rows_after(tmp_path, [first, known], [reused, first._replace(guid=None), known])
    assert known in [plain(row) for _, row in stored]
    assert sorted({row.text for _, row in stored}) == sorted(STORIES[:3])


def test_another_text_of_one_link_title_and_day_is_kept_beside_the_one_with_a_guid(
    tmp_path: Path,
) -> None:
    report = Post(None, PAGE, "Harbour", 0, STORIES[0])
    guided = report._replace(guid="one", text=STORIES[1])
    version = guided._replace(guid="two", link=f"{PAGE}/2", title="Weather")
    assert shown(tmp_path, [guided, report]) == sorted(STORIES[:2])
    twin = version._replace(guid=None)
    assert shown(tmp_path, [guided, report, version, twin]) == sorted([*STORIES[:2], STORIES[1]])


def rows_after(folder: Path, *documents: Sequence[Post]) -> list[tuple[int, Post]]:
    """The stored entries in the order of their ids, as both readers have them."""
    found = []
    for parser in ("auto", "feedparser"):
        with feed(folder, parser) as one:
            for document in documents:
                one.poll(document)
            found.append(sorted(one.stored().items()))
    assert found[0] == found[1]
    return found[0]


def test_one_link_and_title_without_dates_hold_as_many_entries_as_there_are_stories(
    tmp_path: Path,
) -> None:
    updates = [Post(None, PAGE, "Update", None, text) for text in STORIES]
    assert shown(tmp_path, updates[:1], updates[:2], updates) == sorted(STORIES)


def test_a_post_keeps_its_row_and_its_neighbours_text_when_its_guid_becomes_another_ones_too(
    tmp_path: Path,
) -> None:
    """What has left the document had the link and the title of the one that stays."""
    left = Post(None, PAGE, "Harbour", 0, STORIES[0])
    stays = left._replace(guid=PAGE, text=STORIES[1])
    reused = Post(PAGE, f"{PAGE}/2", "Ferry", None, STORIES[3])
    stored = rows_after(tmp_path, [left, stays], [stays], [reused, stays])
    assert [row.text for _, row in stored] == [STORIES[1], STORIES[0], STORIES[3]]


def test_an_untitled_post_keeps_its_star_when_its_guid_becomes_another_ones_too(
    tmp_path: Path,
) -> None:
    note = Post("the feed", None, "", None, STORIES[0])
    titled = note._replace(title="Harbour", text=STORIES[1])
    (first, was), (_, other) = rows_after(tmp_path, [note], [titled, note])
    assert (first, was.text, other.text) == (1, STORIES[0], STORIES[1])


def test_what_is_told_apart_by_its_text_is_told_apart_by_its_date_as_well(tmp_path: Path) -> None:
    """The same words twice, under one link and title and on two days, beside others."""
    older = Post(None, PAGE, "Update", -2, STORIES[0])
    newer = older._replace(day=-1)
    others = [older._replace(text=STORIES[1]), newer._replace(text=STORIES[1])]
    stored = rows_after(tmp_path, [older, others[0]], [newer, older, *others])
    assert sorted((row.day, row.text) for _, row in stored) == sorted(
        (one.day, one.text) for one in (older, newer, *others)
    )


def test_an_edit_is_no_news_after_a_guid_was_found_to_be_used_again(tmp_path: Path) -> None:
    """The item was passed as seen when its neighbour came with the guid of one long gone."""
    gone = post(0, guid="again", day=-2)
    stays = Post("g1", "https://s.example/1", "Title", None, STORIES[1])
    again = post(2, guid="again", day=-1)
    edited = stays._replace(title="Another title", text=STORIES[3])
    stored = rows_after(tmp_path, [gone, stays], [stays], [again, stays], [again, edited])
    assert len(stored) == 3
    assert {row.title for _, row in stored} == {"Title 0", "Title 2", "Another title"}


def test_the_same_untitled_words_on_another_day_are_another_post(tmp_path: Path) -> None:
    """The one that was there is passed as seen, and has no name but its words."""
    first = Post(None, None, "", -2, STORIES[0])
    again = first._replace(day=-1)
    stored = rows_after(tmp_path, [first], [again, first])
    assert [row.day for _, row in stored] == [-2, -1]


def test_a_show_that_is_announced_in_the_same_words_each_day_is_there_each_day(
    tmp_path: Path,
) -> None:
    """The document holds the last three: the oldest leaves as the next one comes."""
    shows = [post(n, link=PAGE, title="Live at nine", day=n - 6, text=STORIES[0]) for n in range(4)]
    stored = rows_after(tmp_path, *(shows[max(0, last - 3) : last] for last in range(1, 5)))
    assert [row.day for _, row in stored] == [show.day for show in shows]


@pytest.mark.parametrize("posts", [2, 3])
def test_a_feed_of_titles_that_is_stamped_and_numbered_at_each_request_brings_nothing(
    tmp_path: Path, posts: int
) -> None:
    """Nothing but titles and links stays; all dates are that of the request."""
    documents = [
        [post(n, guid=f"{n} of {poll}", day=poll - 5, text=NO_TEXT) for n in range(posts)]
        for poll in range(3)
    ]
    assert len(rows_after(tmp_path, *documents)) == posts


def test_an_entry_told_apart_by_its_text_keeps_its_row_when_it_is_redated_and_then_alone(
    tmp_path: Path,
) -> None:
    """Its row keeps the first date, so that its name alone says the later one; the row of its
    neighbour has link, title and date of it.
    """
    story = Post(None, PAGE, "Harbour", -2, STORIES[0])
    neighbour = story._replace(day=0, text=STORIES[1])
    redated = story._replace(day=0)
    stored = rows_after(tmp_path, [story, neighbour], [redated, neighbour], [redated])
    assert [(row.day, row.text) for _, row in stored] == [(-2, STORIES[0]), (0, STORIES[1])]
