"""The article queue: newest first, a few tries, and never a lost word."""

from __future__ import annotations

import sqlite3

import pytest
from msgspec.structs import replace

from feedd.model import Article, ItemFilter, PageJob
from feedd.query import parse
from feedd.store import articles
from feedd.store.entries import record
from feedd.store.items import item
from feedd.store.search.results import search_items
from tests.store.conftest import DAY_S, NOW, arrive, entry, outcome, prune, rows, state_of

ARTICLE = Article(
    "https://site.example/1/final",
    html="<p>The whole article, with zebras.</p>",
    text="The whole article, with zebras.",
    title="Its title",
    byline="Some One",
    language="en",
    confidence=0.9,
)


def jobs(db: sqlite3.Connection, at: int = NOW) -> list[PageJob]:
    return articles.page_jobs(db, at, 10)


def found(db: sqlite3.Connection, words: str) -> list[int]:
    return [i.id for i in search_items(db, parse(words), ItemFilter(which="all")).items]


def test_the_newest_pages_come_first(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(5, language="de"), entry(1), entry(3), fetch_page=True)
    assert [job.title for job in jobs(db)] == ["Title 1", "Title 3", "Title 5"]
    assert articles.page_jobs(db, NOW, 2)[0] == PageJob(
        3, "a", "https://site.example/1", "Title 1", "Body of 1", None, 0, "Body of 1"
    )
    assert jobs(db)[2].language == "de"
    assert articles.queue_length(db) == 3


def test_pages_wait_their_time(db: sqlite3.Connection) -> None:
    result = outcome(state_of(db, "a"), [entry(1)], fetch_page=True)
    later = replace(result, new=(replace(result.new[0], page_delay_s=3600),))
    record(db, [later], NOW)
    assert jobs(db) == []
    assert len(jobs(db, NOW + 3600)) == 1


def test_an_article_is_kept_beside_the_feeds_own_words(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    articles.store_article(db, jobs(db)[0], ARTICLE, NOW)
    detail = item(db, entry_id)
    assert detail.content_source == "article"
    assert detail.content_html == ARTICLE.html
    assert detail.content_text == ARTICLE.text
    assert detail.feed_html == "<p>Body of 1</p>"
    assert detail.article_error is None
    assert articles.queue_length(db) == 0
    assert found(db, "zebras") == found(db, "body") == found(db, "title zebras") == [entry_id]
    assert "\x02zebras\x03" in (
        search_items(db, parse("zebras"), ItemFilter(which="all")).items[0].snippet or ""
    )


def test_three_tries_over_two_days_then_the_reason_stays(db: sqlite3.Connection) -> None:
    """Rule 17."""
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    at = NOW
    for _ in range(3):
        (job,) = jobs(db, at)
        articles.postpone_page(db, job, "timeout", at)
        assert jobs(db, at) == []
        at += 2 * DAY_S
    assert articles.queue_length(db) == 0
    detail = item(db, entry_id)
    assert (detail.article_error, detail.content_source) == ("timeout", "feed")


def test_the_server_says_when_to_try_again(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), fetch_page=True)
    articles.postpone_page(db, jobs(db)[0], "http 429", NOW, not_before=NOW + DAY_S)
    assert jobs(db, NOW + DAY_S - 1) == []
    assert jobs(db, NOW + DAY_S)[0].tries == 1


def test_a_later_failure_takes_no_article_away(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    job = jobs(db)[0]
    articles.store_article(db, job, ARTICLE, NOW)
    articles.store_article(db, job, Article(job.url, error="paywall"), NOW + 5)
    detail = item(db, entry_id)
    assert (detail.content_html, detail.article_error) == (ARTICLE.html, "paywall")
    articles.store_article(db, job, replace(ARTICLE, html="<p>Again</p>", text="Again"), NOW + 9)
    assert item(db, entry_id).article_error is None
    assert found(db, "zebras") == []


def test_an_article_that_lacks_a_page_is_no_error_and_says_what_is_missing(
    db: sqlite3.Connection,
) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    note = "page 2 is missing: http 503"
    for tries in range(articles.TRIES):
        job = replace(jobs(db, NOW + tries * 3 * DAY_S)[0], tries=tries)
        articles.store_article(db, job, replace(ARTICLE, note=note), NOW, finished=False)
        articles.postpone_page(db, job, note, NOW)
    assert articles.queue_length(db) == 0
    detail = item(db, entry_id)
    assert detail.article is not None
    assert (detail.article.note, detail.article_error) == (note, None)
    assert rows(db, "SELECT count(*) FROM articles WHERE error IS NOT NULL") == [0]


def test_the_author_is_the_articles_where_the_feed_names_none(db: sqlite3.Connection) -> None:
    nameless, named = arrive(db, "a", entry(1), entry(2, author="Feed"), fetch_page=True)
    for job in jobs(db):
        articles.store_article(db, job, replace(ARTICLE, byline="Page"), NOW)
    assert item(db, nameless).item.author == "Page"
    assert item(db, named).item.author == "Feed"


def test_a_changed_entry_has_its_page_fetched_again(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    articles.store_article(db, jobs(db)[0], ARTICLE, NOW)
    change = outcome(state_of(db, "a"), changed=[(entry_id, entry(1, text="new"))], fetch_page=True)
    record(db, [change], NOW)
    assert len(jobs(db)) == 1
    assert item(db, entry_id).content_html == ARTICLE.html, "until the new one is there"


def test_a_page_queued_anew_has_all_its_tries_again(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    articles.postpone_page(db, jobs(db)[0], "timeout", NOW)
    articles.postpone_page(db, jobs(db, NOW + DAY_S)[0], "timeout", NOW + DAY_S)
    change = outcome(state_of(db, "a"), changed=[(entry_id, entry(1, text="new"))], fetch_page=True)
    record(db, [change], NOW)
    (job,) = jobs(db)
    assert job.tries == 0, "one more failure must not give it up"


def test_a_changed_entry_fetches_no_page_that_the_user_did_not_ask_for(
    db: sqlite3.Connection,
) -> None:
    (entry_id,) = arrive(db, "a", entry(1))
    change = outcome(state_of(db, "a"), changed=[(entry_id, entry(1, text="new"))])
    record(db, [change], NOW)
    assert articles.queue_length(db) == 0


def test_half_characters_and_endless_numbers_cost_no_article(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    odd = replace(ARTICLE, title="half \ud800", byline="\udfff", published=10**30,
                  html="<p>zebras \ud83d</p>")  # fmt: skip
    articles.store_article(db, jobs(db)[0], odd, NOW)
    detail = item(db, entry_id)
    assert detail.article is not None
    assert (detail.article.title, detail.article.author) == ("half ?", "?")
    assert detail.content_html == "<p>zebras ?</p>"
    assert found(db, "zebras") == [entry_id]


def test_an_entry_pruned_while_its_page_was_fetched(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), fetch_page=True, read=True)
    job = jobs(db)[0]
    prune(db, NOW + 9, keep_s=1, removed=False)
    articles.store_article(db, job, ARTICLE, NOW)
    articles.postpone_page(db, replace(job, tries=2), "timeout", NOW)
    articles.store_article(db, job, Article(job.url, error="paywall"), NOW)
    assert rows(db, "SELECT count(*) FROM articles") == [0]


def test_entries_without_a_link_wait_for_nothing(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1, link=None), fetch_page=True)
    assert jobs(db) == []
    assert articles.queue_length(db) == 0


def test_what_is_remembered_of_sites_is_bounded_and_the_newest_stay(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "MAX_SITES", 2)
    for number, host in enumerate("cab"):
        articles.keep_site_memory(db, host, host.encode(), NOW + number)
    assert articles.hosts_after(db, "", 9) == ["a", "b"]
    articles.keep_site_memory(db, "a", b"more", NOW + 5)
    articles.keep_site_memory(db, "d", b"d", NOW + 6)
    assert articles.hosts_after(db, "", 9) == ["a", "d"]
    assert articles.site_memory(db, "a") == b"more"
    assert articles.site_memory(db, "b") is None


def test_a_cleaner_article_takes_no_other_articles_place(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    job = jobs(db)[0]
    articles.store_article(db, job, ARTICLE, NOW)
    articles.keep_blocks(db, entry_id, "h", [1, 2])
    articles.store_article(db, job, replace(ARTICLE, html="<p>newer zebras</p>"), NOW)
    articles.replace_article(db, entry_id, before=ARTICLE.html, html="<p>old</p>", blocks=[2])
    assert item(db, entry_id).content_html == "<p>newer zebras</p>"
    assert found(db, "newer") == [entry_id]


def test_a_cleaner_article_is_what_readers_and_searches_find(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), fetch_page=True)
    articles.store_article(db, jobs(db)[0], ARTICLE, NOW)
    articles.keep_blocks(db, entry_id, "h", [1, 2**64 - 1])
    assert articles.blocks_of_host(db, "h") == {entry_id: (1, 2**64 - 1)}
    articles.replace_article(db, entry_id, before=ARTICLE.html, html=None, blocks=[1])
    assert item(db, entry_id).content_html == ARTICLE.html
    articles.replace_article(db, entry_id, before=ARTICLE.html, html="<p>gnus</p>", blocks=[])
    assert articles.article_html(db, entry_id) == "<p>gnus</p>"
    assert (found(db, "zebras"), found(db, "gnus")) == ([], [entry_id])
    assert articles.blocks_of_host(db, "h") == {entry_id: ()}


def test_articles_without_fingerprints_are_found_newest_first_to_the_last(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "LOOKED_THROUGH", 3)
    ids = sorted(arrive(db, "a", *(entry(n) for n in range(8)), fetch_page=True), reverse=True)
    for job in jobs(db):
        failed = Article(job.url, error="paywall")
        articles.store_article(db, job, failed if job.entry_id == ids[4] else ARTICLE, NOW)
    articles.keep_blocks(db, ids[1], "h", [1])
    seen: list[int] = []
    below: int | None = None
    for _ in range(9):
        some = articles.without_blocks(db, below, 2)
        assert len(some.articles) <= 2
        seen += [entry_id for entry_id, _ in some.articles]
        below = some.next_below
        if below is None:
            break
    assert seen == [ids[0], *ids[2:4], *ids[5:]]
