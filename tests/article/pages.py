"""Pages that the article tests are about."""

from __future__ import annotations

from html import escape
from typing import Final

TITLE: Final = "Russians Insist on No Delay of Syria Talks"
ABOVE: Final = "Subscribe to EIR Online"
BELOW: Final = "Back to top"

PARAGRAPHS: Final = (
    "June 4, 2016 (EIRNS)—Russian Foreign Minister Sergey Lavrov and U.S. Secretary of State John "
    "Kerry spoke by phone, yesterday, on the Syrian situation. He stressed that “such groups "
    "should "
    "leave their positions,” adding that “we have long agreed on that.”",
    "State Department spokesman Mark Toner confirmed, yesterday, that the U.S. has indeed made "
    "such "
    "a request. Kerry, he said,",
    '"conveyed to Russia and the Assad regime that they need to carefully distinguish between '
    "these "
    'groups operating on the ground and those parties to the cessation of hostilities,"',
    "Toner told reporters during the regular State Department briefing.",
    "Lavrov stressed, in his interview, that terrorism is the common threat that everyone should "
    "focus on. He also said that the political process in Syria",
    '"is being held back by opposition groups that refuse to come to the negotiating table and set '
    'preconditions for peace talks."',
    "Lavrov’s remarks on preconditions followed those of Russia’s UN ambassador, yesterday, who "
    "charged that imposing preconditions on resuming talks is immoral.",
    '"It is wrong to say that the real talks will not start until all issues have been resolved,"',
    "he said following a closed-door UN Security Council meeting on Syria. “Real talks must "
    "continue” without any preconditions.",
)
"""A short news item; its quotations stand in paragraphs of their own."""

_NAVIGATION = '<a href="/">Home</a> | <a href="/about">About</a> | <a href="/store">Store</a>'
_TEXT = tuple(escape(paragraph, quote=False) for paragraph in PARAGRAPHS)


def _document(body: str) -> bytes:
    return f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>".encode()


def tables_and_fonts() -> bytes:
    """As pages were made in 1999."""
    return _document(
        f'<table width="100%"><tr><td colspan=2><center>{_NAVIGATION}</center></td></tr><tr><td '
        f"width=150><font size=1><a href=/a>Archive</a><br><a "
        f"href=/b>Links</a></font></td><td><font "
        f'face=Arial size=2><a href="/s">{ABOVE}</a><br><br><b><font '
        f"size=4>{TITLE}</font></b><br><br>"
        f'{"<br><br>".join(_TEXT)}<br><br><a href="#top">{BELOW}</a></font></td></tr></table>'
    )


def blockquotes() -> bytes:
    """Quotations in blockquotes, the rest in paragraphs."""
    inner = "".join(
        f"<blockquote>{text}</blockquote>" if text.startswith('"') else f"<p>{text}</p>"
        for text in _TEXT
    )
    return _document(
        f'<div id="top"><p>{_NAVIGATION}</p></div><div id="main"><p><a href="/s">{ABOVE}</a></p>'
        f'<h1>{TITLE}</h1>{inner}<p><a href="#top">{BELOW}</a></p></div>'
    )


def nested_divs() -> bytes:
    """Nothing but divs, three around each line, and no names that mean anything."""
    inner = "".join(f"<div class=r><div><div class=t>{text}</div></div></div>" for text in _TEXT)
    return _document(
        f"<div><div>{_NAVIGATION}</div></div><div><div><div><div>{ABOVE}</div><div>{TITLE}</div>"
        f"{inner}<div>{BELOW}</div></div></div></div>"
    )
