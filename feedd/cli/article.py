"""One item as a page: its heading, its text typeset, and its links."""

from __future__ import annotations

import time

from feedd.cli.lines import UNTITLED
from feedd.cli.screen import Screen
from feedd.cli.typeset import MAX_MEASURE_COLUMNS, typeset
from feedd.model import Config, Item, ItemDetail
from feedd.terminal import gate, wrap
from feedd.units import format_size


def article_lines(
    detail: ItemDetail, config: Config, screen: Screen, measure: int | None = None
) -> list[str]:
    """The whole page in lines of at most `measure` columns (None: what reads well here)."""
    columns = measure or min(screen.columns or MAX_MEASURE_COLUMNS, MAX_MEASURE_COLUMNS)
    item = detail.item
    body = typeset(
        detail.content_html, columns=columns, screen=screen, title=" ".join(item.title.split())
    )
    lines = [*_heading(item, config, screen, columns), ""]
    if detail.article_error:
        note = (
            f"The page gave no article ({gate(detail.article_error)}): this is the feed's own text."
        )
        lines += [*(screen.paint(line, "yellow") for line in wrap(note, columns)), ""]
    lines += body.lines or [screen.paint("(no text; its link has the rest)", "dim")]
    after = [*_attachments(detail, screen), *_numbered(body.links, screen)]
    return [*lines, *after]


def link_lines(detail: ItemDetail, screen: Screen) -> list[str]:
    """Its links alone, with their numbers."""
    return [
        f"[{number}] {screen.link(gate(url), url)}"
        for number, url in enumerate(links_of(detail), start=1)
    ]


def links_of(detail: ItemDetail) -> list[str]:
    """Its links in the order of their numbers."""
    return typeset(
        detail.content_html, columns=MAX_MEASURE_COLUMNS, screen=Screen(terminal=False)
    ).links


def _heading(item: Item, config: Config, screen: Screen, columns: int) -> list[str]:
    lines = [screen.paint(line, "bold") for line in wrap(gate(item.title) or UNTITLED, columns)]
    feed = config.feeds.get(item.feed)
    name = gate(feed.title) if feed is not None and feed.title else gate(item.feed)
    facts = [screen.paint_feed(name, item.feed)]
    if item.author:
        facts.append(gate(item.author))
    facts.append(_date(item.published if item.published is not None else item.first_seen))
    if item.starred:
        facts.append("★")
    lines += _joined(facts, " · ", columns)
    if item.also_in:
        lines += wrap(f"also in {', '.join(map(gate, item.also_in))}", columns)
    if item.link:
        shown = gate(item.link)
        lines.append(screen.paint(screen.link(shown, item.link), "dim"))
    return lines


def _joined(parts: list[str], between: str, columns: int) -> list[str]:
    """Painted `parts` on as few lines as they need."""
    import re

    lines: list[str] = []
    used = 0
    for part in parts:
        wide = len(re.sub(r"\x1b\[[0-9;]*m", "", part))
        if lines and used + len(between) + wide <= columns:
            lines[-1] += between + part
            used += len(between) + wide
        else:
            lines.append(part)
            used = wide
    return lines


def _date(at: int) -> str:
    return time.strftime("%-d %B %Y, %H:%M", time.localtime(at))


def _attachments(detail: ItemDetail, screen: Screen) -> list[str]:
    lines = []
    for file in detail.item.enclosures:
        facts = [gate(file.type or ""), format_size(file.length) if file.length else ""]
        shown = ", ".join(fact for fact in facts if fact)
        lines.append(
            f"Attached: {screen.link(gate(file.url), file.url)}" + (f" ({shown})" if shown else "")
        )
    if detail.comments:
        lines.append(f"Comments: {screen.link(gate(detail.comments), detail.comments)}")
    return ["", *lines] if lines else []


def _numbered(links: list[str], screen: Screen) -> list[str]:
    if not links:
        return []
    room = len(str(len(links)))
    lines = ["", screen.paint("Links", "bold")]
    for number, url in enumerate(links, start=1):
        mark = screen.paint(f"[{number}]".rjust(room + 2), "dim")
        lines.append(f"{mark} {screen.link(url, url)}")
    return lines
