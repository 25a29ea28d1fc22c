"""What a reader asks for and sees. Named tuples for the reason that `config` has for them."""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from feedd.model.feed import Enclosure
    from feedd.query.query_nodes import Query

Which = Literal["unread", "all", "read", "starred"]

TextSource = Literal["feed", "article"]
"""Where a text is from: the feed itself, or the page that it links to."""

MarkAction = Literal["read", "unread", "star", "unstar", "later", "unlater"]


class ItemFilter(NamedTuple):
    """What to list. `feeds` None: every feed. `since`/`until` bound the sort time. `limit`
    None: all. `every`: each feed's own entry of a story, not one line for all. `where` has to match
    as well.
    """

    feeds: tuple[str, ...] | None = None
    which: Which = "unread"
    since: int | None = None
    until: int | None = None
    limit: int | None = 50
    oldest: bool = False
    every: bool = False
    where: "Query | None" = None


class Item(NamedTuple):
    """One line of a list. `summary`, `enclosures`, `comments` (the discussion's URL), `categories`
    (the publisher's), `image`, `season`, `episode`, `origin` and, where the feed names none, the
    `author` that the article names are read only when asked for.

    So are `language` and `words` (of the text that is shown). `item_tags` are its own, `changes` is
    how often its title or text changed. `also_in` are the other feeds of its story, `story` the id
    of the entry that stands for all.
    `sort_at` is the published time, or the first-seen time where that is missing, absurd or to
    come.
    """

    id: int
    feed: str
    title: str
    link: str | None
    author: str | None
    published: int | None
    updated: int | None
    first_seen: int
    sort_at: int
    read: bool
    starred: bool
    also_in: tuple[str, ...] = ()
    story: int | None = None
    changes: int = 0
    summary: str = ""
    enclosures: "tuple[Enclosure, ...]" = ()
    comments: str | None = None
    categories: tuple[str, ...] = ()
    image: str | None = None
    season: int | None = None
    episode: int | None = None
    origin: str | None = None
    item_tags: tuple[str, ...] = ()
    hidden: bool = False
    language: str | None = None
    words: int | None = None
    snippet: str | None = None

    @property
    def later(self) -> bool:
        """Is it to be read later?"""
        return any(tag.casefold() == "later" for tag in self.item_tags)


class ItemPage(NamedTuple):
    """Some items, and how many more there would have been (`more_capped`: at least that many)."""

    items: tuple[Item, ...]
    more: int = 0
    more_capped: bool = False


class ArticleDetail(NamedTuple):
    """What is known of the article made of an item's page. `url` is where the page was, after
    redirects; `note` is what is missing of it, in words; `confidence` is 0 to 1.
    """

    url: str
    title: str | None
    author: str | None
    published: int | None
    lead_image: str | None
    language: str | None
    confidence: float
    note: str | None


class ItemDetail(NamedTuple):
    """One item with its content: the cleaned article where there is one, else the feed's own.

    `article_error` is why there is no article, or why the one there is could not be fetched again.
    """

    item: Item
    content_html: str
    content_text: str
    content_source: TextSource
    article_error: str | None
    feed_html: str
    article: ArticleDetail | None = None
