"""`feedd show` and `feedd open`: an item typeset as a page, and its links."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from feedd.cli.chosen import chosen_feeds
from feedd.cli.context import Context
from feedd.cli.item_lines import UNTITLED
from feedd.cli.line_breaks import wrap
from feedd.cli.options import feed_option, item_id, json_option, tag_option
from feedd.cli.screen import Screen, unpainted
from feedd.cli.typeset import MAX_MEASURE_COLUMNS, typeset
from feedd.errors import NotFoundError, UsageError
from feedd.terminal import gate
from feedd.units import format_duration, format_size

if TYPE_CHECKING:
    from feedd.model import Config, Enclosure, Item, ItemDetail

NEXT = "next"
MAX_CATEGORIES_SHOWN = 10


@click.command("show")
@click.argument("which", nargs=-1, metavar="[ID|next]...")
@feed_option("The next unread item of this feed.")
@tag_option("The next unread item of the feeds with this tag.")
@click.option("--oldest", is_flag=True, help="With next: the oldest unread item first.")
@click.option("--raw-html", is_flag=True, help="The cleaned HTML as it is stored.")
@click.option(
    "--links", is_flag=True, help="Only its links, numbered as in the article, and attached files."
)
@click.option(
    "--explain", is_flag=True, help="How its page is cleaned: what is kept, dropped, and why."
)
@click.option("--keep-unread", is_flag=True, help="Do not mark it read.")
@click.option(
    "--width",
    "measure",
    type=click.IntRange(min=20),
    metavar="COLUMNS",
    help="How long lines may be.  [default: 80, or the terminal's width]",
)
@json_option
@click.pass_obj
def show_command(
    context: Context,
    which: Sequence[str],
    feeds: Sequence[str],
    tags: Sequence[str],
    oldest: bool,
    raw_html: bool,
    links: bool,
    explain: bool,
    keep_unread: bool,
    measure: int | None,
    as_json: bool,
) -> None:
    """Read items in the terminal; they are marked read.

    `feedd show next`, repeated, walks through what is unread, newest first; --feed and --tag
    narrow it down. --explain fetches the item's page once more and marks nothing read: try
    article_selector and article_remove of its feed with it.
    """
    if sum((raw_html, links, as_json)) > 1:
        raise UsageError("--raw-html, --links and --json exclude each other; give one of them")
    if explain and (raw_html or links):
        raise UsageError("--explain goes with neither --raw-html nor --links")
    details = _details(context, which, feeds, tags, oldest=oldest)
    if explain:
        from feedd.cli.explanation import explain as explain_pages

        explain_pages(context, [detail.item.id for detail in details], as_json=as_json)
        return
    if as_json:
        from feedd.records import detail_record

        context.emit_json(*(detail_record(detail, context.config()) for detail in details))
    elif raw_html:
        from feedd.terminal import gate_lines

        for detail in details:
            html = detail.content_html
            context.out(gate_lines(html) if context.screen.terminal else html)
    else:
        _typeset(context, details, measure, links_only=links)
    if not keep_unread:
        _mark_read(context, details)


def _details(
    context: Context,
    which: Sequence[str],
    feeds: Sequence[str],
    tags: Sequence[str],
    *,
    oldest: bool,
) -> list[ItemDetail]:
    from feedd.store.items import item

    ids = [
        item_id(text, context, instead="for its next item: feedd show next --feed {}")
        for text in which
        if text != NEXT
    ]
    walking = NEXT in which or bool(feeds or tags)
    if ids and walking:
        raise UsageError("give ids, or next with --feed and --tag, not both")
    if walking:
        ids = [_next_id(context, feeds, tags, oldest=oldest)]
    if not ids:
        raise UsageError("which item? Give the id from feedd list, or next")
    return [item(context.reader(), number) for number in ids]


def _next_id(context: Context, feeds: Sequence[str], tags: Sequence[str], *, oldest: bool) -> int:
    from feedd.model import ItemFilter
    from feedd.store.items import list_items

    wanted = ItemFilter(feeds=chosen_feeds(context, feeds, tags), limit=1, oldest=oldest)
    page = list_items(context.reader(), wanted)
    if not page.items:
        raise NotFoundError("nothing unread is left; feedd list --all shows what you have read")
    return page.items[0].id


def _typeset(
    context: Context, details: Sequence[ItemDetail], measure: int | None, *, links_only: bool
) -> None:
    from feedd.cli.screen import page

    screen = context.screen
    lines: list[str] = []
    for detail in details:
        if links_only:
            lines += link_lines(detail, screen)
            continue
        if lines:
            lines += ["", "", ""]
        lines += article_lines(detail, context.config(), screen, measure)
    if lines:
        page(lines, screen)
    else:
        context.say("no links, and nothing is attached")


def _mark_read(context: Context, details: Sequence[ItemDetail]) -> None:
    unread = [detail.item.id for detail in details if not detail.item.read]
    if unread:
        from feedd.store.marks import mark

        mark(context.writer(), "read", ids=unread, now=context.now())


@click.command("open")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--link", "number", type=click.IntRange(min=1), metavar="N", help="Open its Nth link instead."
)
@click.option("--enclosure", is_flag=True, help="Open its first attached file instead.")
@click.option("--mark-read", is_flag=True, help="Mark it read as well.")
@click.pass_obj
def open_command(
    context: Context, ids: Sequence[str], number: int | None, enclosure: bool, mark_read: bool
) -> None:
    """Open the links of items in the browser: $BROWSER, or the system's own."""
    if enclosure and number is not None:
        raise UsageError("--enclosure and --link exclude each other; give one of them")
    import webbrowser

    from feedd.store.items import item

    numbers = [item_id(text, context, instead="feedd list {} shows its items") for text in ids]
    details = [item(context.reader(), number) for number in numbers]
    for detail in details:
        url = detail.item.link
        if enclosure:
            url = _attached(detail)
        elif number is not None:
            url = _numbered_link(detail, number)
        if url is None or not url.startswith(("http://", "https://")):
            raise NotFoundError(f"item {detail.item.id} has no link; feedd show shows its text")
        context.detail(f"opening {url}")
        if not webbrowser.open(url):
            raise UsageError("no browser could be started; set $BROWSER to the one to use")
    if mark_read:
        _mark_read(context, details)


def _attached(detail: ItemDetail) -> str:
    if not detail.item.enclosures:
        raise NotFoundError(f"nothing is attached to item {detail.item.id}")
    return detail.item.enclosures[0].url


def _numbered_link(detail: ItemDetail, number: int) -> str:
    links = links_of(detail)
    if number > len(links):
        what = f"item {detail.item.id} has {len(links)} links"
        raise NotFoundError(f"{what}; feedd show --links lists them")
    return links[number - 1]


def article_lines(
    detail: ItemDetail,
    config: Config,
    screen: Screen,
    measure: int | None,
    *,
    code_mark: str = "",
) -> list[str]:
    """The whole page in lines of at most `measure` columns (None: what reads well here), code
    behind `code_mark`.
    """
    columns = measure or min(screen.columns or MAX_MEASURE_COLUMNS, MAX_MEASURE_COLUMNS)
    item = detail.item
    body = typeset(
        detail.content_html,
        columns=columns,
        screen=screen,
        title=" ".join(item.title.split()),
        code_mark=code_mark,
    )
    lines = [*_heading(item, config, screen, columns), ""]
    if said := _trouble(detail):
        lines += [*(screen.paint(line, "yellow") for line in wrap(said, columns)), ""]
    lines += body.lines or [screen.paint("(no text; its link has the rest)", "dim")]
    after = [*_attachments(detail, screen), *_numbered(body.links, screen)]
    return [*lines, *after]


def _trouble(detail: ItemDetail) -> str:
    """What is to be said over the text, of the page that it is from or should have been from."""
    if detail.article is not None and detail.article.note:
        note = gate(detail.article.note)
        what, _, why = note.partition(": ")
        return f"{what[:1].upper()}{what[1:]} ({why})." if why else f"{note}."
    if detail.article_error is None:
        return ""
    error = gate(detail.article_error)
    error = error if ":" in error else error.replace("-", " ")
    if detail.article is not None:
        return f"The page could not be fetched again ({error}): this is the article as it was."
    return f"The page gave no article ({error}): this is the feed's own text."


def link_lines(detail: ItemDetail, screen: Screen) -> list[str]:
    files = {file.url: _facts_of(file) for file in detail.item.enclosures}
    return [
        f"[{number}] {screen.link(gate(url), url)}{files.get(url, '')}"
        for number, url in enumerate(links_of(detail), start=1)
    ]


def links_of(detail: ItemDetail) -> list[str]:
    """Its links in the order of their numbers, and after them what is attached to it."""
    screen = Screen(terminal=False)
    links = typeset(detail.content_html, columns=MAX_MEASURE_COLUMNS, screen=screen).links
    return list(dict.fromkeys([*links, *(file.url for file in detail.item.enclosures)]))


def _heading(item: Item, config: Config, screen: Screen, columns: int) -> list[str]:
    lines = [screen.paint(line, "bold") for line in wrap(gate(item.title) or UNTITLED, columns)]
    feed = config.feeds.get(item.feed)
    name = gate(feed.title) if feed is not None and feed.title else gate(item.feed)
    facts = [screen.paint_feed(name, item.feed)]
    if item.origin:
        facts.append(f"from {gate(item.origin)}")
    if item.author:
        facts.append(gate(item.author))
    facts.append(_date(item.published if item.published is not None else item.first_seen))
    numbers = [
        f"{what} {number}"
        for what, number in (("season", item.season), ("episode", item.episode))
        if number is not None
    ]
    if numbers:
        facts.append(", ".join(numbers))
    if item.starred:
        facts.append("★")
    facts += (screen.paint(f"#{gate(tag)}", "cyan") for tag in item.item_tags)
    lines += _joined(facts, " · ", columns)
    if item.also_in:
        lines += wrap(f"also in {', '.join(map(gate, item.also_in))}", columns)
    if item.categories:
        named = [gate(name) for name in item.categories[:MAX_CATEGORIES_SHOWN]]
        more = ", …" if len(item.categories) > MAX_CATEGORIES_SHOWN else ""
        lines += [
            screen.paint(line, "dim") for line in wrap(f"under {', '.join(named)}{more}", columns)
        ]
    if item.link:
        shown = gate(item.link)
        lines.append(screen.paint(screen.link(shown, item.link), "dim"))
    return lines


def _joined(parts: list[str], between: str, columns: int) -> list[str]:
    """Painted `parts` on as few lines as they need."""
    lines: list[str] = []
    used = 0
    for part in parts:
        wide = len(unpainted(part))
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
    lines = [
        f"Attached: {screen.link(gate(file.url), file.url)}{_facts_of(file)}"
        for file in detail.item.enclosures
    ]
    if comments := detail.item.comments:
        lines.append(f"Comments: {screen.link(gate(comments), comments)}")
    return ["", *lines] if lines else []


def _facts_of(file: Enclosure) -> str:
    """Kind, size and length of an enclosure, in brackets."""
    facts = [
        gate(file.type or ""),
        format_size(file.length) if file.length else "",
        format_duration(file.duration_s) if file.duration_s else "",
    ]
    shown = ", ".join(fact for fact in facts if fact)
    return f" ({shown})" if shown else ""


def _numbered(links: list[str], screen: Screen) -> list[str]:
    if not links:
        return []
    room = len(str(len(links)))
    lines = ["", screen.paint("Links", "bold")]
    for number, url in enumerate(links, start=1):
        mark = screen.paint(f"[{number}]".rjust(room + 2), "dim")
        lines.append(f"{mark} {screen.link(url, url)}")
    return lines
