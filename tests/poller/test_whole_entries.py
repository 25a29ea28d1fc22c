from __future__ import annotations

from typing import Any

import pytest

from feedd.model import Entry
from feedd.poller.document import is_cut_short, is_partial
from feedd.poller.entry_changes import needs_page

LONG = "A sentence that is long enough to count as one of an article. " * 40


def entry(**fields: Any) -> Entry:
    given: dict[str, Any] = {"guid": "1", "link": "https://example.org/1", "title": "T"}
    return Entry(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"text": "A summary."}, True),
        ({"text": ""}, True),
        ({"text": LONG, "html": f"<p>{LONG}</p>", "full": True}, False),
        ({"text": LONG + "…", "html": f"<p>{LONG}</p>", "full": True}, True),
        ({"text": LONG + " Continue reading the post", "full": True}, True),
        ({"text": LONG + " [...]", "full": True}, True),
        ({"text": "Too short to be all.", "html": "<p>x</p>", "full": True}, True),
        ({"text": "A note.", "html": "<p>A note.</p>", "full": True, "title": ""}, False),
        ({"text": "", "html": '<img src="https://e.org/comic.png">', "full": True}, False),
        ({"text": LONG, "html": "<p>a</p><p>b</p><p>c</p>"}, False),
        ({"text": LONG, "html": LONG}, True),
        ({"text": "A summary.", "link": None}, False),
    ],
)
def test_pages_are_fetched_only_where_the_feed_lacks_the_article(
    fields: dict[str, Any], wanted: bool
) -> None:
    given = entry(**fields)
    assert needs_page(given, "auto", partial=is_partial(given)) is wanted


def test_the_user_decides_when_he_says_so() -> None:
    full = entry(text=LONG, html=LONG, full=True)
    assert needs_page(full, "always", partial=False)
    assert not needs_page(entry(text="A summary."), "never", partial=True)
    assert not needs_page(entry(link=None), "always", partial=False)


@pytest.mark.parametrize(
    "ending",
    [
        "…", "...", "[…]", "[...]", "(more)", "»", "→", "Read more", "See the full report here",
        "View full entry now", "Continue reading this", "Keep reading on", "Full story",
        "Weiterlesen", "Lire la suite", "Leer más", "Leia mais", "Читать далее",
        "Читать полностью", "続きを読む", "Continua a leggere", "Lees verder",
    ],
)  # fmt: skip
def test_a_text_that_says_that_it_goes_on_elsewhere_is_believed(ending: str) -> None:
    assert is_cut_short(f"A summary of it. {ending}")
    assert is_cut_short(f"A summary of it. {ending.upper()}")
    assert not is_cut_short("A summary of it.")
