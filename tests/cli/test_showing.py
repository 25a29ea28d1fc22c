"""`feedd show` and `feedd open`: an item is read, and is read from then on."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from feedd.model import Article, Enclosure
from feedd.store.articles import page_job_of, store_article
from feedd.store.database import open_writer
from feedd.terminal import width
from tests.cli.conftest import Feedd
from tests.cli.stocked import ARTICLE, Stocked, entry, store

KERNEL, LONG, WAL = "4", "3", "2"


def test_an_article_is_typeset_with_its_links_at_the_end(feedd: Feedd) -> None:
    said = feedd("show", WAL)
    assert said.code == 0
    assert said.lines[0] == "The write-ahead log of SQLite"
    assert "## How it works" in said.lines
    assert "│ Quoted words." in said.lines
    assert '        db.execute("PRAGMA wal_checkpoint")' in said.lines
    assert "[1] https://sqlite.example/wal" in said.out
    assert "Attached: https://lwn.example/a.mp3 (audio/mpeg, 12 MB)" in said.lines


def test_show_marks_read_unless_told_not_to(feedd: Feedd) -> None:
    feedd("show", WAL, "--keep-unread")
    assert len(feedd("list", "lwn").lines) == 4
    feedd("show", WAL)
    assert len(feedd("list", "lwn").lines) == 3


def test_json_has_the_content(feedd: Feedd) -> None:
    (record,) = feedd("show", WAL, "--json").records
    assert record["content_source"] == "feed"
    assert "How it works" in record["content_html"]
    assert "write-ahead log" in record["content_text"]
    assert record["article_error"] is None
    assert record["title"] == "The write-ahead log of SQLite"
    assert set(record) >= {"summary", "enclosures", "tags", "also_in"}


def stored_article(stocked: Stocked, article: Article) -> None:
    with closing(open_writer(stocked.database)) as db:
        job = page_job_of(db, int(WAL))
        assert job is not None
        store_article(db, job, article, stocked.now)


def test_an_article_whose_second_page_is_gone_says_so_and_not_that_there_is_none(
    feedd: Feedd, stocked: Stocked
) -> None:
    url = "https://lwn.example/wal"
    stored_article(
        stocked,
        Article(url, "<p>First page.</p>", title="WAL", byline="Ann", confidence=0.9,
                note="page 2 is missing: http 404"),
    )  # fmt: skip
    assert "Page 2 is missing (http 404)." in feedd("show", WAL).lines
    (record,) = feedd("show", WAL, "--json").records
    assert (record["content_source"], record["article_error"]) == ("article", None)
    assert record["article"] == {
        "url": url, "title": "WAL", "author": "Ann", "published": None, "lead_image": None,
        "language": None, "confidence": 0.9, "note": "page 2 is missing: http 404",
    }  # fmt: skip


def test_what_is_shown_in_the_place_of_an_article_is_said(feedd: Feedd, stocked: Stocked) -> None:
    url = "https://lwn.example/wal"
    stored_article(stocked, Article(url, error="too-short"))
    said = "The page gave no article (too short): this is the feed's own text."
    assert said in feedd("show", WAL).lines
    (record,) = feedd("show", WAL, "--json").records
    assert (record["article"], record["article_error"]) == (None, "too-short")
    stored_article(stocked, Article(url, "<p>The article.</p>", confidence=0.9))
    stored_article(stocked, Article(url, error="http 410"))
    lines = feedd("show", WAL).lines
    assert "The article." in lines
    assert not any("feed's own text" in line for line in lines)
    (record,) = feedd("show", WAL, "--json").records
    assert (record["content_source"], record["article_error"]) == ("article", None)


def test_the_html_and_the_links_alone(feedd: Feedd) -> None:
    assert feedd("show", WAL, "--raw-html").out.strip() == ARTICLE.strip()
    assert feedd("show", WAL, "--links").out == (
        "[1] https://sqlite.example/wal\n[2] https://lwn.example/a.mp3 (audio/mpeg, 12 MB)\n"
    )


def test_the_measure_is_what_was_asked_for(feedd: Feedd) -> None:
    lines = feedd("show", LONG, WAL, "--width", "40").lines
    assert all(width(line) <= 40 or "://" in line or line.startswith("    ") for line in lines)


def test_next_walks_through_the_unread_and_ends(feedd: Feedd) -> None:
    seen = {feedd("show", "next", "--feed", "planet-python").lines[0] for _ in range(3)}
    assert len(seen) == 3
    said = feedd("show", "--feed", "planet-python")
    assert said.code == 3
    assert "nothing unread" in said.err
    assert feedd("show", "next", "--tag", "blogs").code == 0
    assert feedd("show", "next").code == 0


@pytest.mark.parametrize("number", ["999", "0", "123456789012345678"])
def test_an_item_that_does_not_exist_is_exit_code_3(feedd: Feedd, number: str) -> None:
    for command in ("show", "open"):
        said = feedd(command, number)
        assert said.code == 3
        assert said.err.count("\n") == 1


def test_open_hands_the_link_to_the_browser(
    feedd: Feedd, stocked: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = stocked.folder / "opened"
    script = stocked.folder / "browser"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(note)!r}, 'a').write(sys.argv[1] + '\\n')\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{script} %s")
    import webbrowser

    monkeypatch.setattr(webbrowser, "_tryorder", None)
    assert feedd("open", KERNEL).code == 0
    assert feedd("open", WAL, "--link", "1", "--mark-read").code == 0
    assert feedd("open", WAL, "--link", "9").code == 3
    assert feedd("open", WAL, "--enclosure").code == 0
    assert feedd("open", KERNEL, "--enclosure").code == 3
    assert feedd("open", WAL, "--enclosure", "--link", "1").code == 2
    opened = Path(note).read_text().splitlines()
    assert opened[0].startswith("https://site.example/kernel-7-0-released")
    assert opened[1] == "https://sqlite.example/wal"
    assert opened[2] == "https://lwn.example/a.mp3"
    assert len(feedd("list", "lwn").lines) == 3


def test_an_item_without_links_says_so_and_writes_nothing(feedd: Feedd) -> None:
    said = feedd("show", KERNEL, "--links")
    assert (said.code, said.out, said.err) == (0, "", "no links, and nothing is attached\n")


def test_a_browser_that_can_not_be_started_is_not_said_to_be_unset(
    feedd: Feedd, stocked: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    import webbrowser

    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setenv("PATH", str(stocked.folder))
    monkeypatch.setenv("BROWSER", "no-such-browser")
    said = feedd("open", KERNEL)
    assert said.code == 2
    assert "no browser could be started" in said.err


@pytest.mark.parametrize("link", ["--new-window", "-P x https://e.org/", "file:///etc/passwd", ""])
def test_the_browser_gets_no_option_and_no_file_in_the_place_of_a_link(
    feedd: Feedd, stocked: Stocked, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    from feedd.store.database import open_writer

    db = open_writer(stocked.database)
    db.execute("UPDATE entries SET link = ? WHERE id = ?", (link, KERNEL))
    db.close()
    monkeypatch.setenv("BROWSER", f"touch {stocked.folder}/called %s")
    import webbrowser

    monkeypatch.setattr(webbrowser, "_tryorder", None)
    assert feedd("open", KERNEL).code == 3
    assert not (stocked.folder / "called").exists()


def test_an_article_that_could_not_be_had_says_why(feedd: Feedd, stocked: Stocked) -> None:
    from feedd.model import Article
    from feedd.store.articles import page_jobs, store_article
    from feedd.store.database import open_writer
    from tests.cli.stocked import entry, store

    made = [entry("A report", stocked.now, html="<p>Summary only.</p>", full=False)]
    (number,) = store(stocked.database, "lwn", made, stocked.now, fetch_pages=True)
    db = open_writer(stocked.database)
    (job,) = page_jobs(db, stocked.now, 10)
    store_article(db, job, Article(url=job.url, error="not-html: application/pdf"), stocked.now)
    db.close()
    said = feedd("show", str(number))
    assert "not-html: application/pdf" in said.out
    assert "Summary only." in said.out


def test_the_publishers_categories_and_the_discussion_are_shown_and_in_json(
    feedd: Feedd, stocked: Stocked
) -> None:
    talked = entry(
        "Talked about",
        stocked.now,
        html="<p>Text.</p>",
        comments="https://lwn.example/1/comments",
        categories=("Kernel", "R&D \x1b[31m"),
    )
    store(stocked.database, "lwn", [talked], stocked.now)
    (item,) = [item for item in feedd("list", "--json").records if item["title"] == "Talked about"]
    assert item["comments"] == "https://lwn.example/1/comments"
    assert item["categories"][0] == "Kernel"
    lines = feedd("show", str(item["id"])).lines
    assert "under Kernel, R&D" in [line.rstrip() for line in lines]
    assert "Comments: https://lwn.example/1/comments" in lines
    (line,) = feedd("search", "talked", "--format", "{categories}|{comments}").lines
    assert line.startswith("Kernel, R&D ")
    assert line.endswith("|https://lwn.example/1/comments")


def test_an_episode_tells_its_numbers_its_length_and_where_a_planet_has_it_from(
    feedd: Feedd, stocked: Stocked
) -> None:
    episode = entry(
        "Episode",
        stocked.now,
        html="<p>Notes.</p>",
        image="https://lwn.example/cover.jpg",
        season=2,
        episode=5,
        origin="Simon \x1b[31mSays",
        enclosures=(Enclosure("https://lwn.example/5.mp3", "audio/mpeg", 9_000_000, 1830),),
    )
    store(stocked.database, "lwn", [episode], stocked.now)
    (item,) = [item for item in feedd("list", "--json").records if item["title"] == "Episode"]
    assert item["image"] == "https://lwn.example/cover.jpg"
    assert item["enclosures"][0]["duration_s"] == 1830
    text = feedd("show", str(item["id"])).out
    assert "from Simon Says" in text
    assert "season 2, episode 5" in text
    assert "(audio/mpeg, 9 MB, 31 min)" in text
