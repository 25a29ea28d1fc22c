"""No text that anybody sends keeps a regular expression busy with the square of its length."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.growth import LINEAR, TIMES
from tests.patterns import Use, texts, uses

PATTERNS, ELSEWHERE = uses()
SMALL_CHARACTERS = 500
NOISE_S = 0.002
"""What a long text takes less for is as good as nothing, and not measured well."""
TRIES = 3
"""A text is busy when it was so each time: a machine may be at other work for a moment."""
ENDLESS_S = 2
"""No linear work on so short a text takes so long on any machine."""

OF_THE_SANITISER = "meets what nh3 wrote, where each < has its >"
DATE = "texts of more than 100 characters are no dates"
BOUNDED: dict[str, str] = {
    "text." + repr("(?s)<!--.*?-->"): "searched up to the last --> of a text",
    "web._OFFSET": DATE,
    "web._OLSON": DATE,
    "web._SAYS_WHICH_YEAR": DATE,
    "web._THREE_NUMBERS": DATE,
    "parsing._AROUND_ADDRESS": "longer texts than 500 characters name no address",
    "sanitise._COUNTERS": "an address has at most 8,192 characters",
    "sanitise._EMBEDDED": "searched up to the last > of a text",
    "sanitise._TAG": "searched up to the last > of a text",
    "sanitise.TAG_TO_JUDGE": OF_THE_SANITISER,
    "sanitise._TAG_WITH_ATTRIBUTES": OF_THE_SANITISER,
}
"""Patterns that may take more, and what bounds them."""

PUT_TOGETHER = {
    "feedd.cli.tui.article_pane": "words that the user types, with blanks alone between them",
    "feedd.article.tree.data_tables": "constants that begin with a word, on one name",
    "feedd.article.lexicon": "each of `STARTS` and `MENTIONS` is held linear here",
    "feedd.article.sitememory.appeals": "each of `_words_or` is held linear here",
    "feedd.configfile.statements": "the user's own file",
    "feedd.configfile.values": "the user's own `mute`",
    "feedd.parsing.fingerprints": "the name of the document's items, in a worker",
    "feedd.poller.entry_changes": "the user's own `mute`, on titles of at most 1,000 characters",
    "feedd.store.search.snippets": "the user's own words, on 200,000 characters at most",
    "feedd.text": "tests/test_text.py holds it linear",
}
"""Where patterns are made of what is known only at run time, and why that is harmless."""


class EndlessError(Exception):
    """A pattern has kept the processor busy for too long."""


@contextmanager
def limited() -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def spent(use: Use, text: tuple[str, str, str], characters: int, *, times: int = 1) -> float:
    """The processor time of one look through a text of about so many characters: the average of so
    many, for clocks may be coarse.
    """
    begin, middle, end = text
    subject = begin + middle * max(1, characters // len(middle)) + end
    started = time.process_time()
    for _ in range(times):
        use.run(subject)
    return (time.process_time() - started) / times


def superlinear(use: Use) -> str | None:
    """A text that keeps the pattern busy; None: there is none among those tried."""
    busy = (text for text in texts(use) if all(_is_busy(use, text) for _ in range(TRIES)))
    return next(map(repr, busy), None)


def _is_busy(use: Use, text: tuple[str, str, str]) -> bool:
    """Whether a text of `TIMES` the length takes so much longer that it is no linear work."""
    try:
        with limited():
            long = spent(use, text, SMALL_CHARACTERS * TIMES)
            if long < NOISE_S:
                return False
            long = min(long, *(spent(use, text, SMALL_CHARACTERS * TIMES) for _ in range(3)))
            short = min(spent(use, text, SMALL_CHARACTERS, times=TIMES) for _ in range(4))
    except EndlessError:
        return True
    return long >= NOISE_S and long > LINEAR * short


def _known_as(use: Use) -> str:
    """The pattern's room and name: it may move from file to file of one room."""
    _, room, rest = use.where.split(".", 2)
    name = use.pattern.pattern[:30]
    return f"{room}.{name!r}" if rest.endswith(repr(name)) else f"{room}.{rest.rpartition('.')[2]}"


@pytest.mark.parametrize("use", PATTERNS, ids=[use.where for use in PATTERNS])
def test_no_text_takes_time_with_the_square_of_its_length(use: Use) -> None:
    found = superlinear(use)
    if _known_as(use) in BOUNDED:
        return
    assert found is None, f"{use.pattern.pattern!r} is kept busy by {found}"


def test_patterns_put_together_at_run_time_are_known() -> None:
    assert {where.rpartition(":")[0] for where in ELSEWHERE} <= set(PUT_TOGETHER)


def test_what_is_said_of_a_pattern_is_said_of_one_that_is_there() -> None:
    assert set(BOUNDED) <= set(map(_known_as, PATTERNS))


def test_a_quadratic_pattern_is_found() -> None:
    import re

    with suppress(EndlessError):
        assert superlinear(Use("here", re.compile(r"<!--.*?-->", re.S), anchored=False))
        assert superlinear(Use("here", re.compile(r"(a+)+b"), anchored=False))
        assert superlinear(Use("here", re.compile(r"\s+$"), anchored=False))
    assert superlinear(Use("here", re.compile(r"\s+$"), anchored=True)) is None
    assert superlinear(Use("here", re.compile(r"<[^<>]*>"), anchored=False)) is None
