"""Whether what was found in a page may be used: it may be a wall, a stub, or the wrong page.

An article that is spread over several pages is joined here, and judged again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from feedd.article import PageInput
from feedd.article.lexicon import is_latin, parted, sections_of
from feedd.article.tree.blocks import HAN, HANGUL, KANA
from feedd.model import Article
from feedd.text import to_text

if TYPE_CHECKING:
    from feedd.article.pagehead import PageHead

_TABLE: Final = sections_of("rejections.txt")
SHORTER: Final = "shorter than the feed's own content"

STUB_MAX_CHARS: Final = 1_500
"""Only a text this short is suspected of being what a wall leaves over."""
FOUND_WHERE_EXPECTED: Final = (
    *((0.0, 0.0), (0.45, 0.2), (0.55, 0.37), (0.65, 0.45), (0.73, 0.59), (0.78, 0.68)),
    *((0.83, 0.74), (0.89, 0.77), (0.93, 0.86), (0.95, 0.93), (0.97, 0.96), (1.0, 1.0)),
)
"""The F1 that trees expect of a page, and at most what three of four such pages reach among 1,096
whose sites the trees did not know; between two of them on a straight line.
"""
SHORT_SURE: Final = 0.7
"""A line or two prove less: what is short may be what is left of a page."""
AMID_MIN_CHARS: Final = 300
"""With so much text above and below, what speaks of reading on is a part of the text."""
WALL_MAX_CHARS: Final = 600
"""Checks for robots say little."""
TEXT_MIN_CHARS: Final = 40
SUMMARY_MIN_WORDS: Final = 8
"""A summary of fewer telling words proves nothing."""
FOREIGN_MAX_SHARE: Final = 0.25
"""With less of title and summary found in it, the text is of something else: of 232 articles none
held less than 0.36 of its own, and of texts of others four of five."""
TELLING_MIN_LETTERS: Final = 4
FOREIGN_MIN_LETTERS: Final = 5

_PAYWALL = re.compile(_TABLE["paywall"], re.IGNORECASE)
_OF_WALLS: Final = parted(_TABLE["words of paywalls"])
"""One of these is in every match of `_PAYWALL`."""
CONSENT_MIN_SHARE: Final = 0.02
SUBJECT_MIN_SHARE: Final = 0.08
"""How many of a short page's words speak of consent and cookies where it asks for them; and where
they are what its title names.
"""
CONSENT_MIN_COUNT: Final = 3
CONSENT_MIN_WORDS: Final = 60
"""A text of more words that speaks of it twice has another subject."""
_CONSENT = re.compile(
    r"\b(?:cookies?|consent|gdpr|datenschutz|einwilligung|privacy (?:choices|settings)"
    r"|(?:werbe)?tracking|pur-abo|ihre zustimmung)\b",
    re.IGNORECASE,
)
_CONSENT_NAME = re.compile(r"cookie|consent|gdpr|datenschutz|einwilligung|privacy", re.IGNORECASE)
_CONSENT_HOST = re.compile(
    r"^(?:consent|guce|privacy|gdpr|cmp)\.|/(?:consent|privacy-?wall|cookie-?wall)(?=[/?.]|$)"
)
_BOT_WALL = re.compile(_TABLE["robot check"], re.IGNORECASE)
_OF_NO_ARTICLE = re.compile(rf"(?:{_TABLE['no article']})\W*", re.IGNORECASE)
"""What pages are called that say that there is no article, or that it is for members."""

_WORD = re.compile(r"\w+")
UNSPACED_CHARS: Final = 3
"""How many letters say what a sign of a script without blanks does."""
_UNSPACED = re.compile(f"[{KANA}{HAN}]+")
_DENSE = re.compile(f"[{KANA}{HAN}]|[{HANGUL}]{{2}}").match
"""Signs that tell more than a letter does; of a Korean word the stem stands first."""

JOINED_MAX_PAGES: Final = 10
"""An article is joined of at most so many pages."""


def is_shorter(html: str, feed_text: str) -> bool:
    """Whether an article says less than the feed does, captions counted, blanks not.

    The feed may end with a line of its own ("This post first appeared on …"): then its content
    stands, which is no loss.
    """
    least = len("".join(feed_text.split()))
    return least > 0 and len("".join(to_text(html).split())) < least


def of_nothing(head: PageHead) -> str:
    """Why a page without any text gives no article."""
    return f"moved to {head.refresh}" if head.refresh else "no-text"


def objection(article: Article, head: PageHead, job: PageInput) -> str | None:
    """The reason not to use an article; None when there is none."""
    text = article.text
    short = is_short(text)
    if article.moved_to:
        return of_nothing(head)
    if short and len(text) < WALL_MAX_CHARS and _is_bot_wall(head, text):
        return "bot-wall"
    if short and len(text) < WALL_MAX_CHARS and _is_no_article(head, job):
        return "error-or-login-page"
    if short and _is_consent(text, head, job):
        return "consent-page"
    is_cut = head.paid and not _holds_paid_part(text, head)
    if short and (is_cut or _ends_at_wall(text)):
        return "paywall"
    if len(text) < TEXT_MIN_CHARS:
        return "too-short"
    if is_shorter(article.html, job.feed_text):
        return SHORTER
    if _is_foreign(text, head, job):
        return "not the entry's article: its title and summary are not in it"
    return None


def _holds_paid_part(text: str, head: PageHead) -> bool:
    """Whether all of what is for those who pay is in the text, and more than a line."""
    parts = head.paid_paragraphs
    return len(parts) > 1 and all(part in text for part in parts)


def _ends_at_wall(text: str) -> bool:
    """Whether a wall stands above or below all text, and not amid it, as a sentence would."""
    match = _wall(text)
    if match is None:
        return False
    below = text[match.end() :].partition("\n")[2]
    return match.start() < AMID_MIN_CHARS or len(below) < AMID_MIN_CHARS


def tells_of_wall(text: str) -> bool:
    """Whether it says that the rest is for those who pay."""
    return _wall(text) is not None


def _wall(text: str) -> re.Match[str] | None:
    may = any(map(text.lower().__contains__, _OF_WALLS))
    return _PAYWALL.search(text) if may else None


def has_fewer(text: str, chars: int) -> bool:
    """Whether a text has fewer characters, where one of a script that writes none for words counts
    as several.
    """
    more = chars - len(text)
    return more > 0 and (UNSPACED_CHARS - 1) * sum(map(len, _UNSPACED.findall(text))) < more


def is_short(text: str) -> bool:
    """Whether a text is so short that it may be what a wall or a stub leaves over."""
    return len(text) < STUB_MAX_CHARS


def confidence(text: str, expected: float, job: PageInput) -> float:
    """How sure it is that the text is the entry's article and nothing else, 0 to 1: the F1 that
    three of four pages reach of which so much was `expected`, less where the text is short or the
    summary's words are missing.
    """
    sure = _found_where_expected(expected)
    sure *= SHORT_SURE + (1 - SHORT_SURE) * min(1.0, len(text) / STUB_MAX_CHARS)
    telling = _telling(job.summary_text)
    if len(telling) >= SUMMARY_MIN_WORDS:
        sure *= 0.5 + 0.5 * _found(telling, text)
    return round(sure, 3)


def _found_where_expected(expected: float) -> float:
    for (low, from_low), (high, from_high) in pairwise(FOUND_WHERE_EXPECTED):
        if expected <= high:
            return from_low + (from_high - from_low) * (expected - low) / (high - low)
    return FOUND_WHERE_EXPECTED[-1][1]


def _is_bot_wall(head: PageHead, text: str) -> bool:
    return _BOT_WALL.search(f"{head.about.title or ''}\n{text}") is not None


def _is_no_article(head: PageHead, job: PageInput) -> bool:
    """Whether a page is called what the entry is not: "Not found", "Sign in"."""
    is_called_so = any(map(_OF_NO_ARTICLE.fullmatch, _names(head)))
    return is_called_so and job.title != "" and not _bears_title(head, job)


def _names(head: PageHead) -> tuple[str, ...]:
    return (*head.about.headlines, *head.names)


def _bears_title(head: PageHead, job: PageInput) -> bool:
    """Whether a page is called what the entry is."""
    return any(_same_name(job.title, name) for name in _names(head))


def _is_consent(text: str, head: PageHead, job: PageInput) -> bool:
    """Whether a page asks for consent: it speaks of little else, even by its subject's measure."""
    parts = urlsplit(job.url)
    if _CONSENT_HOST.search(parts.hostname or "") or _CONSENT_HOST.search(parts.path):
        return True
    names = [job.title] if job.title else head.about.headlines
    is_subject = any(map(_CONSENT_NAME.search, names))
    share = CONSENT_MIN_SHARE if not is_subject else SUBJECT_MIN_SHARE
    words, said = len(_WORD.findall(text)), len(_CONSENT.findall(text))
    return said > share * words and (said >= CONSENT_MIN_COUNT or words < CONSENT_MIN_WORDS)


def _is_foreign(text: str, head: PageHead, job: PageInput) -> bool:
    """Whether title and summary are of something else. A page that bears the entry's title is the
    entry's, in whatever words the feed sums it up.
    """
    if _bears_title(head, job):
        return False
    said = f"{job.title} {job.summary_text}"
    telling = _telling(said, FOREIGN_MIN_LETTERS)
    words = len(telling) - sum(_UNSPACED.match(piece) is not None for piece in telling) / 2
    own = f"{text} {head.description}"  # which the feed may have as its summary
    if words < SUMMARY_MIN_WORDS or _found(telling, own) >= FOREIGN_MAX_SHARE:
        return False
    return "article" not in head.kinds or is_latin(said) == is_latin(text)


def _same_name(one: str, two: str) -> bool:
    words, others = _pieces(one), _pieces(two)
    return 3 * len(words & others) >= 2 * max(len(words), len(others), 1)


def _telling(text: str, letters: int = TELLING_MIN_LETTERS) -> set[str]:
    """Its longer words; of scripts without blanks between words, pairs of signs."""
    return {piece for piece in _pieces(text) if len(piece) >= letters or _DENSE(piece)}


def _pieces(text: str) -> set[str]:
    words = set(_WORD.findall(text.lower()))
    if text.isascii():
        return words
    unspaced = [run for word in words for run in _UNSPACED.findall(word)]
    pairs = {run[at : at + 2] for run in unspaced for at in range(len(run) - 1)}
    begins = {word[:2] if "가" <= word[0] <= "힣" else word for word in words.difference(unspaced)}
    return pairs | begins


def _found(telling: set[str], text: str) -> float:
    return len(telling & _pieces(text)) / len(telling)


def is_another(page: Article, before: Sequence[Article]) -> bool:
    """Whether a page says something that those before it did not: some servers give the first
    page for every number.
    """
    known = {block for each in before for block in each.blocks}
    new = sum(block not in known for block in page.blocks)
    return new * 2 > len(page.blocks)


def join(first: Article, others: Sequence[Article], *, feed_text: str = "") -> Article:
    """One article of several pages; later pages without one are left out.

    A first page that was too short for the feed's own text is judged again with the others.
    """
    pages = [first, *(page for page in others[: JOINED_MAX_PAGES - 1] if not page.error)]
    if len(pages) == 1:
        return first
    html = "\n".join(page.html for page in pages)
    is_enough = first.error == SHORTER and not is_shorter(html, feed_text)
    return replace(
        first,
        error=None if is_enough else first.error,
        html=html,
        text="\n\n".join(page.text for page in pages),
        confidence=min(page.confidence for page in pages),
        next_url=None,
        blocks=tuple(dict.fromkeys(block for page in pages for block in page.blocks)),
    )
