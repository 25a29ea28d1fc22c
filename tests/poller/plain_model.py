"""The rules of docs/identity.md for which entries are the same, as plainly as they can be told.

Nothing here is feedd's: a document is a list of posts, the store a list of rows, and every document
is judged whole against all that was ever stored. What takes feedd normal forms, hashes, indexes
and likeness of words to find out is declared here: `Text` says which texts are versions of one
another, and the links of the posts are in canonical form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Text(NamedTuple):
    """The words of a post: those of one `story` and `telling` are nearly the same, another telling
    of a story is neither that nor quite another text. No words: no story."""

    story: str
    telling: int
    words: str


NO_TEXT = Text("", 0, "")


class Post(NamedTuple):
    """What a publisher wrote. `day` counts from some day, further back the lower."""

    guid: str | None
    link: str | None
    title: str
    day: int | None
    text: Text


Key = tuple[object, ...]
"""What an entry is known by: ("guid", …), ("link", …), ("title", …) or ("content", …)."""


@dataclass
class Row:
    """A stored entry: its number, what it is known by, what it says, the day first given."""

    number: int
    key: Key
    post: Post
    day: int | None
    first_seen: int


def page(post: Post) -> str | None:
    """A link without its fragment."""
    return post.link.partition("#")[0] if post.link else None


def leads_further(link: str) -> bool:
    """Does a link lead further than to a front page?"""
    return not link.endswith(".example/")


def says(post: Post) -> tuple[object, ...]:
    """What makes it a change: neither dates nor fragments are among it."""
    return post.text, post.title, page(post)


def says_all(post: Post, row: Row | None) -> bool:
    """A row keeps its first day, and has a later one in its key alone."""
    if row is None or (says(post), post.link) != (says(row.post), row.post.link):
        return False
    return post.day == row.day or (post.title != "" and row.key == content_key(post))


def read(post: Post) -> Post:
    """A guid that is an address is the link of a post that has none."""
    address = post.guid if post.guid and post.guid.startswith("https://") else None
    return post._replace(link=post.link or address)


# ---------------------------------------------------------------- names


def guid_key(post: Post) -> Key | None:
    return ("guid", post.guid) if post.guid else None


def link_key(post: Post) -> Key | None:
    return ("link", post.link) if post.link and leads_further(post.link) else None


def title_key(post: Post) -> Key:
    return ("title", post.title, post.day, post.link)


def content_key(post: Post) -> Key:
    """With the day, unless that is the next name: see `lower_keys`."""
    return ("content", says(post), post.link, post.day if post.title else None)


def lower_keys(post: Post) -> list[Key]:
    """The names below the link, better one first: one without a title is known by its content."""
    found = [title_key(post), content_key(post)]
    return found if post.title else found[::-1]


def differ(posts: Iterable[Post]) -> bool:
    return len({(post.title, post.day) for post in posts}) > 1


def shared(posts: Sequence[Post], key: Key) -> bool:
    """Does a name stand for several of these, all of which have it?"""
    if key[0] == "guid":
        return differ(posts) or len({post.link for post in posts}) > 1
    if key[0] == "title" and posts[0].title:
        return len({(post.text.story, post.text.telling) for post in posts}) > 1
    stories = {post.text.story for post in posts if post.text.words}
    return differ(posts) or (key[0] == "link" and len(stories) > 1)


def keyed(posts: Sequence[Post], *, guids_count: bool) -> dict[Key, Post]:
    """Each post under the best name that stands for it alone; of versions of one entry the latest
    is kept, of one day the longest. One without a guid that the document has with it is left out,
    unless its text is quite another.
    """

    def bearers(key: Key, name: object) -> list[Post]:
        return [post for post in posts if name(post) == key]  # type: ignore[operator]

    def key_of(post: Post) -> Key:
        if guids_count and post.guid:
            return ("guid", post.guid)
        rivals = [one for one in posts if not (guids_count and one.guid)]
        link = link_key(post)
        if link and not shared([one for one in rivals if link_key(one) == link], link):
            return link
        below = [
            one
            for one in rivals
            if not (own := link_key(one))
            or shared([other for other in rivals if link_key(other) == own], own)
        ]
        first, second = lower_keys(post)
        same = [one for one in below if lower_keys(one)[0] == first]
        return second if shared(same, first) else first

    found: dict[Key, Post] = {}
    for post in posts:
        key = key_of(post)
        if key not in found or _later(post, found[key]):
            found[key] = post
    with_guid = [post for key, post in found.items() if guids_count and post.guid]
    return {
        key: post
        for key, post in found.items()
        if post in with_guid
        or not post.link
        or not any(post[1:4] == other[1:4] and not _two_stories(post, other) for other in with_guid)
    }


def _two_stories(one: Post, other: Post) -> bool:
    return bool(one.text.words and other.text.words) and one.text.story != other.text.story


def _later(post: Post, other: Post) -> bool:
    def rank(one: Post) -> tuple[bool, int, int, bool]:
        return (one.day is not None, one.day or 0, len(one.text.words), bool(one.guid))

    return rank(post) > rank(other)


# ---------------------------------------------------------------- what speaks for two being one


def nearly_the_same(one: Text, other: Text) -> bool:
    return (one.story, one.telling) == (other.story, other.telling)


def is_another(post: Post, row: Row, *, by_guid: bool) -> bool:
    """Has a post nothing in common with a stored entry but the name it came by? Not if the day is
    not another, or the guid and the link are both the same."""
    if post.title == row.post.title or None in (post.day, row.day) or post.day == row.day:
        return False
    if by_guid and post.link and post.link == row.post.link:
        return False
    return not (post.text.story and post.text.story == row.post.text.story)


def evidence(post: Post, row: Row, *, days_tell: bool, guids_differ: bool) -> int:
    """How much speaks for a post being a stored entry: the day (5 with all it says, 4), what it
    says (3), nearly the same text (2), nothing against it (1); 0 where something is."""
    text, stored = post.text, row.post.text
    same = says(post) == says(row.post) and text.words != ""
    both_dated = post.day is not None and row.day is not None
    if both_dated and post.day == row.day:
        return 5 if same else 4
    if same:
        return 3
    if text.words and stored.words:
        if nearly_the_same(text, stored):
            return 2
        return 1 if post.day is None and row.day is None and not guids_differ else 0
    return 0 if both_dated and days_tell else 1


def pairs(claims: Sequence[tuple[int, Key, Row]]) -> dict[Key, Row]:
    """Those that belong together, most evidence first; where several could be meant, none."""
    found: dict[Key, Row] = {}
    settled: list[object] = []
    for strength in (5, 4, 3, 2, 1):
        these = [
            (key, row)
            for one, key, row in claims
            if one == strength and key not in settled and row.number not in settled
        ]
        for key, row in these:
            settled += [key, row.number]
            if [a for a, _ in these].count(key) == 1 and [b for _, b in these].count(row) == 1:
                found[key] = row
    return found


# ---------------------------------------------------------------- a feed


@dataclass
class PlainFeed:
    """A feed and all that was ever stored of it. `found`: the rows of the last document's posts."""

    guids_count: bool = True
    rows: list[Row] = field(default_factory=list)
    found: dict[Post, int] = field(default_factory=dict)

    def poll(self, posts: Sequence[Post], now: int) -> tuple[int, int]:
        """Store what a document brings; says how many entries are new, how many changed."""
        entries = self._keyed(list(map(read, posts)))
        stored = self._stored(entries)
        new = {key: post for key, post in entries.items() if key not in stored}
        changed = 0
        for key, row in stored.items():
            post = entries[key]
            row.key = key
            if says(post) != says(row.post):
                changed += 1
                row.post = post
                row.day = post.day if row.day is None else row.day
        # Numbers in the order of time; a document begins with its newest.
        in_time = list(new.items())[::-1]
        in_time.sort(key=lambda one: (one[1].day is None, one[1].day or 0))
        for key, post in in_time:
            stored[key] = Row(len(self.rows) + 1, key, post, post.day, now)
            self.rows.append(stored[key])
        self.found = {post: stored[key].number for key, post in entries.items()}
        return len(new), changed

    def _keyed(self, posts: Sequence[Post]) -> dict[Key, Post]:
        """The document's entries under their names, with what the store knows of these."""
        for guid in {post.guid for post in posts if post.guid}:
            if shared([post for post in posts if post.guid == guid], ("guid", guid)):
                self.guids_count = False
        entries = keyed(posts, guids_count=self.guids_count)
        by_key = {row.key: row for row in self.rows}
        if any(
            key[0] == "guid" and key in by_key and is_another(post, by_key[key], by_guid=True)
            for key, post in entries.items()
        ):
            self.guids_count = False
            entries = keyed(list(entries.values()), guids_count=False)
        return {self._below_shared(key, post): post for key, post in entries.items()}

    def _below_shared(self, key: Key, post: Post) -> Key:
        """The name of a post whose own is known to stand for several stored entries."""
        if key[0] == "guid":
            return key
        by_key = {row.key: row for row in self.rows}
        told_apart = [row for row in self.rows if row.key[0] in ("title", "content")]
        if key[0] == "link" and (
            any(row.post.link == post.link for row in told_apart)
            or (key in by_key and is_another(post, by_key[key], by_guid=False))
        ):
            key = lower_keys(post)[0]
        if key == title_key(post) and any(
            row.key[0] == "content"
            and post.title
            and (row.post.link, row.post.title, row.day) == (post.link, post.title, post.day)
            for row in self.rows
        ):
            key = content_key(post)
        names = (key, title_key(post), content_key(post))
        if says_all(post, by_key.get(("guid", post.guid))):
            return next((name for name in names if name not in by_key), key)
        return next((name for name in names if says_all(post, by_key.get(name))), key)

    def _stored(self, entries: dict[Key, Post]) -> dict[Key, Row]:
        """The row of each entry that has one: by its name, by link and title, by a former name."""
        by_key = {row.key: row for row in self.rows}
        found = {key: by_key[key] for key in entries if key in by_key}
        unknown = {key: post for key, post in entries.items() if key not in found}
        # A document of which nothing is known and all is of one day is stamped at each request.
        stamped = not found and len(unknown) > 1 and len({p.day for p in unknown.values()}) == 1
        for claims_of in (self._same_link_and_title, self._by_former_name):
            taken = [row.number for row in found.values()]
            free = [row for row in self.rows if row.number not in taken]
            open_entries = {key: post for key, post in unknown.items() if key not in found}
            found |= pairs(claims_of(open_entries, free, days_tell=not stamped))
        return found

    def _same_link_and_title(
        self, entries: dict[Key, Post], free: list[Row], *, days_tell: bool
    ) -> list[tuple[int, Key, Row]]:
        """Words that several stored entries of that link and title have, on other days, say
        nothing of a post with a day."""
        found = []
        for key, post in entries.items():
            alike = [
                row
                for row in self.rows
                if (row.post.link, says(row.post)) == (post.link, says(post))
            ]
            repeated = post.day is not None and len({row.day for row in alike} - {None}) > 1
            for row in free:
                if link_key(post) and (post.link, post.title) == (row.post.link, row.post.title):
                    strength = self._evidence(post, row, days_tell)
                    if strength and not (strength == 3 and repeated):
                        found.append((strength, key, row))
        return found

    def _by_former_name(
        self, entries: dict[Key, Post], free: list[Row], *, days_tell: bool
    ) -> list[tuple[int, Key, Row]]:
        found = []
        for key, post in entries.items():
            guid = None if self.guids_count else guid_key(post)
            undated = post._replace(day=None)
            for name in (guid, link_key(post), title_key(post), *map(content_key, (post, undated))):
                row = next((row for row in free if row.key == name != key), None)
                if row is None or key[0] == "guid":
                    continue
                strength = self._evidence(post, row, days_tell)
                same_title = bool(post.title) and post.title == row.post.title
                same_link = link_key(post) is not None and post.link == row.post.link
                if name == guid and same_link and not is_another(post, row, by_guid=False):
                    strength, meant = max(strength, 1), True
                else:
                    same = says(post) == says(row.post)
                    meant = same or same_title or (same_link and strength > 1)
                if strength and meant:
                    found.append((strength, key, row))
                    break
        return found

    @staticmethod
    def _evidence(post: Post, row: Row, days_tell: bool) -> int:
        return evidence(
            post,
            row,
            days_tell=days_tell,
            guids_differ=bool(post.guid) and row.key[0] == "guid" and row.key != guid_key(post),
        )
