"""What site memory takes away on whole sites, and what it must not: pages of the project's own.

usage: python -m benchmarks.recurrence [--show]

Twelve sites of eight pages each, read in turn as the daemon does. Each site has furniture among the
text's own paragraphs, with counts, days and names that change from page to page, and content that
recurs: ingredients, refrains, standing introductions, tables of the same make, answers. Told are
the furniture that is kept on the fifth page and later, and the recurring content that is lost.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from feedd.article import PageInput, sitememory
from feedd.article.cleaning import clean_page
from feedd.article.sitememory import SiteMemory

PAGES: Final = 8
KNOWN_BY_PAGE: Final = 5

_THINGS: Final = str.split(
    "barley rivers lanterns copper violins harvest bridges glaciers tailors orchards ferries kilns"
    " markets owls saddles chalk anchors pears needles hedges"
)
_PEOPLE: Final = (
    *("Ann Holt", "Piet de Vries", "Maria Lund", "Tomás Rey", "Ida Brandt", "Owen Hale"),
    *("Lena Fuchs", "Noor Aziz"),
)
_MONTHS: Final = ("January", "March", "May", "June", "August", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class Site:
    """`furniture` and `recurring` are lines of page N; `body` puts them around its paragraphs."""

    name: str
    furniture: Callable[[int], Sequence[str]]
    recurring: Sequence[str]
    body: Callable[[int, Sequence[str], Sequence[str], Sequence[str]], str]


def _person(number: int) -> str:
    return _PEOPLE[number % len(_PEOPLE)]


def _day(number: int) -> str:
    return f"{_MONTHS[number % 8]} {3 * number % 27 + 1}, 2025"


def _prose(number: int, part: int) -> str:
    one, two = _THINGS[(number * 3 + part) % 20], _THINGS[(number + part * 7 + 5) % 20]
    return (
        f"When the {one} came to town in {1890 + number * 9 + part}, {number * part + 4} of them"
        f" stood beside the {two} for a whole winter, and the people who passed them on their way"
        f" to work said that the {two} had never looked so small, nor the {one} so old."
    )


def _p(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _li(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _recipe(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    own = [f"{n + 2} spoons of {_THINGS[n]} dust", f"{n + 1} cups of {_THINGS[n + 7]} water"]
    return (
        f"{_p(call[:1])}{_p(text[:2])}<h2>{again[0]}</h2>{_li([*own, *again[2:]])}"
        f"<h2>{again[1]}</h2>{_p(text[2:])}{_p(call[1:])}"
    )


def _column(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    return f"{_p(call[:1])}{_p(again)}{_p(text)}{_p(call[1:])}"


def _answers(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    asked = "".join(
        f"<h3>How old are the {_THINGS[(n + at * 4) % 20]} of {_PEOPLE[n].split()[1]}?</h3>"
        f"<p>{line}</p>"
        for at, line in enumerate((text[0], *again, *text[1:]))
    )
    return f"{_p(call[:1])}{asked}{_p(call[1:])}"


def _song(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    verses = "".join(f"<p>{line}</p><p>{again[0]}</p>" for line in text)
    return f"{_p(call[:1])}{verses}{_p(call[1:])}"


def _report(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    rows = "".join(
        f"<tr><td>{_MONTHS[at]}</td><td>{n * 7 + at}</td><td>{n + at * 3}</td></tr>"
        for at in range(4)
    )
    table = (
        f"<table><tr><th>{again[0]}</th><th>{again[1]}</th><th>{again[2]}</th></tr>{rows}</table>"
    )
    return f"{_p(call[:1])}{_p(text[:2])}<h2>Figures</h2>{table}{_p(text[2:])}{_p(call[1:])}"


def _sections(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    parts = "".join(
        f"<h2>{heading}</h2><p>{line}</p>" for heading, line in zip(again, text[1:], strict=True)
    )
    return f"{_p(call[:1])}<p>{text[0]}</p>{parts}{_p(call[1:])}"


def _boxed(n: int, text: Sequence[str], call: Sequence[str], again: Sequence[str]) -> str:
    return (
        f"{_p(again)}{_p(text[:2])}<div>{_p(call[:1])}</div>{_p(text[2:])}<div>{_p(call[1:])}</div>"
    )


SITES: Final = (
    Site(
        "recipes",
        lambda n: (
            f"Posted by {_person(n)} on {_day(n)}",
            f"The Loaf reaches {30_000 + n * 37:,} readers every week.",
            "Print this recipe for your kitchen wall.",
        ),
        ("Ingredients", "Method", "2 eggs", "A pinch of salt", "1 cup of milk"),
        _recipe,
    ),
    Site(
        "recipes in grams",
        lambda n: (
            f"{n * 3 + 2} people have cooked this since {_day(n)}.",
            f"{_person(n)} writes about food and lives by the sea with two cats.",
        ),
        ("What you need", "What to do", "200 g of flour", "50 g of butter"),
        _recipe,
    ),
    Site(
        "a column",
        lambda n: (
            f"Published {_day(n)}, {n + 3} min read",
            "The Gazette is printed by its readers, and lives on what they give.",
            f"{140 + n * 11} readers have shared this column.",
        ),
        (
            "Every Friday this column looks at one thing that people made with their hands, and"
            " asks who still knows how.",
        ),
        _column,
    ),
    Site(
        "letters",
        lambda n: (
            f"{_person(n)} answered this letter on {_day(n)}.",
            f"Our next letter will be answered on {_day(n + 1)} by {_person(n + 1)}.",
        ),
        (
            "In these letters we answer what readers ask us about old things, as well as we can and"
            " without looking anything up.",
        ),
        _column,
    ),
    Site(
        "questions",
        lambda n: (
            f"Asked by {_person(n)} and {n + 2} others",
            f"This page was last checked on {_day(n)} by {_person(n + 2)}.",
        ),
        ("Nobody knows.", "As old as the hills that they stand on."),
        _answers,
    ),
    Site(
        "songs",
        lambda n: (
            f"Sung by {_person(n)}",
            "Words and music belong to those who sing them at the fair.",
        ),
        ("And the river runs on, runs on, and the river runs on.",),
        _song,
    ),
    Site(
        "reports",
        lambda n: (
            f"Report {n + 1} of 52, sent to {2_000 + n * 13:,} members",
            "The office keeps these figures for the town and gives them to whoever asks.",
        ),
        ("Month", "Counted", "Lost"),
        _report,
    ),
    Site(
        "reviews",
        lambda n: (
            f"Tested by {_person(n)} in {_MONTHS[n]}",
            f"We have tested {400 + n} things so far, and kept none of them.",
            "Makers send us what we test and get it back afterwards.",
        ),
        ("What we liked", "What we did not like", "Who should buy it"),
        _sections,
    ),
    Site(
        "travel",
        lambda n: (
            f"{_person(n)}, {_day(n)}",
            f"{_person(n)} has travelled for this paper since {2001 + n}.",
            f"From our archive: {n + 20} other journeys.",
        ),
        ("Getting there", "Where to stay", "When to go"),
        _sections,
    ),
    Site(
        "a diary",
        lambda n: (
            f"You are reading page {n + 1} of the diary, kept by {_person(0)}.",
            "The diary is kept in a box in the cellar of the house, and copied once a year.",
        ),
        ("The weather was written down each morning before anything else, by whoever was awake.",),
        _boxed,
    ),
    Site(
        "club news",
        lambda n: (
            f"The club has {300 + n * 4} members and meets in the hall on Mondays.",
            f"Minutes taken by {_person(n)} on {_day(n)}.",
        ),
        ("What was decided", "What was put off", "Any other business"),
        _sections,
    ),
    Site(
        "a serial",
        lambda n: (
            f"Part {n + 1} of 40",
            f"Next week: what became of the {_THINGS[(n + 9) % 20]}.",
            "The serial is written by hand and typed by the printer's daughter.",
        ),
        ("What happened so far is known to all who were there, and need not be told again here.",),
        _column,
    ),
)


@dataclass(slots=True)
class Counted:
    """Lines of the fifth page and later."""

    furniture: int = 0
    furniture_kept: int = 0
    recurring: int = 0
    recurring_lost: int = 0
    own: int = 0
    own_lost: int = 0


def page(site: Site, number: int) -> tuple[bytes, list[str]]:
    """A page of a site, and the paragraphs that are its own."""
    text = [_prose(number, part) for part in range(1, 5)]
    body = site.body(number, text, site.furniture(number), site.recurring)
    title = f"The {_THINGS[number]} and the {_THINGS[number + 8]}"
    head = f"<title>{title} - {site.name.title()}</title>"
    html = f"<!doctype html><html><head>{head}</head><body><div><h1>{title}</h1>{body}</div></body>"
    return html.encode(), text


def read(site: Site, *, show: bool = False) -> Counted:
    """All pages in turn, with what is known of the site by then."""
    memory, counted = SiteMemory(), Counted()
    for number in range(PAGES):
        url = f"https://{site.name.replace(' ', '-')}.example/{number}"
        body, text = page(site, number)
        known = sitememory.recurring(memory)
        article = clean_page(PageInput(body, url, "text/html", recurring=known))
        memory = sitememory.learn(memory, url, article.blocks)
        if number + 1 < KNOWN_BY_PAGE:
            continue
        kept = [line for line in site.furniture(number) if line in article.text]
        lost = [line for line in site.recurring if line not in article.text]
        gone = [line for line in text if line not in article.text]
        counted.furniture += len(site.furniture(number))
        counted.furniture_kept += len(kept)
        counted.recurring += len(site.recurring)
        counted.recurring_lost += len(lost)
        counted.own += len(text)
        counted.own_lost += len(gone)
        if show and (kept or lost or gone):
            print(f"{site.name} {number + 1}: kept {kept}, lost {lost}, of its own {gone}")
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="show lines kept and lost")
    show = parser.parse_args().show
    found = [read(site, show=show) for site in SITES]
    furniture, kept = sum(c.furniture for c in found), sum(c.furniture_kept for c in found)
    recurring, lost = sum(c.recurring for c in found), sum(c.recurring_lost for c in found)
    own, gone = sum(c.own for c in found), sum(c.own_lost for c in found)
    print(f"{len(SITES) * PAGES} pages; of those from the fifth on:")
    print(f"furniture kept      {kept:4} of {furniture:4}  {kept / furniture:.3f}")
    print(f"recurring text lost {lost:4} of {recurring:4}  {lost / recurring:.3f}")
    print(f"own text lost       {gone:4} of {own:4}  {gone / own:.3f}")


if __name__ == "__main__":
    main()
