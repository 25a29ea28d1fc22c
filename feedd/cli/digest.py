"""`feedd digest`: one document of what is new, to mail or to keep."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Literal

import click
from msgspec import Struct
from msgspec.structs import replace

from feedd.cli.chosen import chosen
from feedd.cli.context import Context
from feedd.cli.item_lines import UNTITLED
from feedd.cli.line_breaks import wrap
from feedd.cli.options import (
    feed_arguments,
    feed_option,
    moment,
    tag_option,
    where_option,
    which_of,
)
from feedd.model import Config, Item, ItemFilter
from feedd.records import tags_of
from feedd.terminal import cut, gate, width
from feedd.units import number_of

MAX_ITEMS = 500


@click.command("digest")
@feed_arguments
@feed_option()
@tag_option()
@where_option
@click.option(
    "--since", metavar="WHEN", help="Not older: 2d, 2026-01-31.  [default: 1d, or as a query says]"
)
@click.option("--text", "form", flag_value="text", help="Plain text for a mail (the default).")
@click.option("--markdown", "form", flag_value="markdown", help="Markdown.")
@click.option("--html", "form", flag_value="html", help="One self-contained HTML page.")
@click.option("--all", "everything", is_flag=True, help="What has been read as well.")
@click.option("--mark-read", is_flag=True, help="Mark what the digest holds as read.")
@click.pass_obj
def digest_command(
    context: Context,
    names: Sequence[str],
    feeds: Sequence[str],
    tags: Sequence[str],
    where: str | None,
    since: str | None,
    form: Literal["text", "markdown", "html"] | None,
    everything: bool,
    mark_read: bool,
) -> None:
    """Write what is new as one document, by tag and feed.

    Where nothing is new, nothing is written. Mail programs differ in what they make of an empty
    text: test it, as systemd/user/feedd-digest.service does.
    """
    from feedd.query import conditions_of
    from feedd.store.items import list_items

    now = context.now()
    only, query = chosen(context, names, feeds, tags, where, now=now)
    bounded = query is not None and any(one.field == "since" for one in conditions_of(query.node))
    wanted = ItemFilter(
        feeds=only,
        which=which_of("all" if everything else None, query),
        since=moment(since or (None if bounded else "1d"), now=now, option="--since"),
        limit=MAX_ITEMS,
        where=query,
    )
    page = list_items(context.reader(), wanted, details=True)
    if not page.items:
        context.say("Nothing new.")
        return
    made = digest(page.items, context.config(), now=now, left_out=page.more)
    made = replace(made, troubles=_troubles(context, now))
    write = {"markdown": as_markdown, "html": as_html}.get(form or "text", as_text)
    sys.stdout.write(write(made))
    sys.stdout.flush()
    if mark_read:
        _mark_read(context, page.items)


def _troubles(context: Context, now: int) -> tuple[str, ...]:
    """A line for each configured feed that is in trouble for long."""
    from feedd.cli.feed_table import long_troubles, trouble_in_words

    found = long_troubles(context, now)
    return tuple(
        gate(f"{name}: {trouble_in_words(found[name], now)}")
        for name in context.config().feeds
        if name in found
    )


def _mark_read(context: Context, items: Sequence[Item]) -> None:
    from feedd.store.marks import mark

    mark(context.writer(), "read", ids=[item.id for item in items], now=context.now())


# ---------------------------------------------------------------- the digest as a value


MAX_SUMMARY_COLUMNS = 320
UNTAGGED = "Other feeds"
TROUBLES = "Feeds in trouble"


class DigestItem(Struct, frozen=True):
    """One item. All text is on one line and safe to show; `link` is http(s) or None."""

    id: int
    title: str
    link: str | None
    author: str
    at: str
    summary: str
    also_in: tuple[str, ...]


class DigestFeed(Struct, frozen=True):
    name: str
    title: str
    items: tuple[DigestItem, ...]


class DigestSection(Struct, frozen=True):
    tag: str
    feeds: tuple[DigestFeed, ...]


class Digest(Struct, frozen=True):
    """The whole; `left_out` counts the items over the limit, `troubles` has a line for each feed
    that is in trouble for long.
    """

    title: str
    count: int
    sections: tuple[DigestSection, ...]
    left_out: int = 0
    troubles: tuple[str, ...] = ()


def digest(items: Iterable[Item], config: Config, *, now: int, left_out: int = 0) -> Digest:
    """Group `items`: tags in the order of the user's file, feeds likewise, items as they come.

    A feed stands under its first tag; feeds without any come last.
    """
    by_feed: dict[str, list[Item]] = {}
    for item in items:
        by_feed.setdefault(item.feed, []).append(item)
    order = [name for name in config.feeds if name in by_feed]
    order += [name for name in by_feed if name not in config.feeds]
    by_tag: dict[str, list[DigestFeed]] = {}
    for name in order:
        tag = (tags_of(name, config) or [UNTAGGED])[0]
        feed = config.feeds.get(name)
        title = (feed.title if feed is not None else None) or name
        listed = tuple(_digest_item(item) for item in by_feed[name])
        by_tag.setdefault(gate(tag), []).append(DigestFeed(gate(name), gate(title), listed))
    if UNTAGGED in by_tag:
        rest = by_tag.pop(UNTAGGED)
        by_tag[UNTAGGED if by_tag else "Feeds"] = rest
    return Digest(
        title=f"News of {time.strftime('%A, %-d %B %Y', time.localtime(now))}",
        count=sum(map(len, by_feed.values())),
        sections=tuple(DigestSection(tag, tuple(feeds)) for tag, feeds in by_tag.items()),
        left_out=left_out,
    )


def _digest_item(item: Item) -> DigestItem:
    summary = gate(item.summary).strip()
    title = gate(item.title).strip() or UNTITLED
    return DigestItem(
        id=item.id,
        title=title,
        link=item.link if item.link and item.link.startswith(("http://", "https://")) else None,
        author=gate(item.author or "").strip(),
        at=time.strftime("%-d %b %H:%M", time.localtime(item.sort_at)),
        summary="" if summary == title else cut(" ".join(summary.split()), MAX_SUMMARY_COLUMNS),
        also_in=tuple(map(gate, item.also_in)),
    )


# ---------------------------------------------------------------- its three forms


MAIL_COLUMNS = 72
"""What mail readers show without breaking lines (RFC 5322, 2.1.1 asks for under 78)."""

_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LINE_STARTS = re.compile(r"^(\d+)([.)])|^([-+=])")
_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
h2 { border-bottom: 1px solid #8888; padding-bottom: .2rem; margin-top: 2.2rem }
h3 { margin-bottom: .3rem; font-size: 1rem; opacity: .75 }
article { margin: 0 0 1rem }
article p { margin: .1rem 0 }
small { opacity: .7 }
""".strip()


def as_text(digest: Digest) -> str:
    """Plain text in lines of at most 72 columns; only links may be longer. No line begins with "~"
    or is a lone "." (mail programs may take those for commands and the end).
    """
    lines = [digest.title, "=" * width(digest.title), _count(digest)]
    for section in digest.sections:
        lines += ["", "", section.tag.upper(), "-" * width(section.tag)]
        for feed in section.feeds:
            lines += ["", *wrap(feed.title, MAIL_COLUMNS)]
            for item in feed.items:
                lines += ["", *_text_item(item)]
    if digest.troubles:
        lines += ["", "", TROUBLES.upper(), "-" * len(TROUBLES), ""]
        lines += [line for trouble in digest.troubles for line in wrap(trouble, MAIL_COLUMNS)]
    return (
        "\n".join(f" {line}" if line == "." or line[:1] == "~" else line for line in lines) + "\n"
    )


def _text_item(item: DigestItem) -> Iterator[str]:
    first, *rest = wrap(item.title, MAIL_COLUMNS - 2)
    yield f"* {first}"
    yield from (f"  {line}" for line in rest)
    yield from (f"  {line}" for line in wrap(_facts(item), MAIL_COLUMNS - 2))
    if item.summary:
        yield from (f"  {line}" for line in wrap(item.summary, MAIL_COLUMNS - 2))
    if item.link:
        yield f"  {gate(item.link)}"


def as_markdown(digest: Digest) -> str:
    """CommonMark; what stands in titles and summaries is escaped."""
    parts = [f"# {_escaped(digest.title)}", _count(digest)]
    for section in digest.sections:
        parts.append(f"## {_escaped(section.tag)}")
        for feed in section.feeds:
            parts.append(f"### {_escaped(feed.title)}")
            parts += [_markdown_item(item) for item in feed.items]
    if digest.troubles:
        lines = [f"- {_escaped(trouble)}" for trouble in digest.troubles]
        parts += [f"## {TROUBLES}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _markdown_item(item: DigestItem) -> str:
    title = _escaped(item.title)
    head = f"[{title}](<{_markdown_target(item.link)}>)" if item.link else title
    lines = [f"- **{head}**  ", f"  {_escaped(_facts(item))}"]
    if item.summary:
        lines[-1] += "  "
        lines.append(f"  {_escaped(item.summary)}")
    return "\n".join(lines)


def as_html(digest: Digest) -> str:
    """One page that needs nothing else; no scripts, no images, nothing fetched."""
    parts = [
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(digest.title)}</title>\n<style>\n{_STYLE}\n</style>",
        f"<h1>{escape(digest.title)}</h1>\n<p>{_count(digest)}</p>",
    ]
    for section in digest.sections:
        parts.append(f"<h2>{escape(section.tag)}</h2>")
        for feed in section.feeds:
            parts.append(f"<h3>{escape(feed.title)}</h3>")
            parts += [_html_item(item) for item in feed.items]
    if digest.troubles:
        lines = [f"<li>{escape(trouble)}</li>" for trouble in digest.troubles]
        parts.append(f"<h2>{TROUBLES}</h2>\n<ul>\n" + "\n".join(lines) + "\n</ul>")
    return "\n".join(parts) + "\n</html>\n"


def _html_item(item: DigestItem) -> str:
    title = f"<b>{escape(item.title)}</b>"
    if item.link:
        title = f'<a href="{escape(gate(item.link))}">{title}</a>'
    summary = f"\n<p>{escape(item.summary)}</p>" if item.summary else ""
    facts = f"<p><small>{escape(_facts(item))}</small></p>"
    return f"<article>\n<p>{title}</p>\n{facts}{summary}\n</article>"


def _facts(item: DigestItem) -> str:
    facts = [item.at, item.author]
    if item.also_in:
        facts.append(f"also in {', '.join(item.also_in)}")
    return " · ".join(fact for fact in [*facts, f"feedd show {item.id}"] if fact)


def _count(digest: Digest) -> str:
    items = number_of(digest.count, "item")
    return f"{items}, and {digest.left_out:,} more not shown here" if digest.left_out else items


def _escaped(text: str) -> str:
    return _LINE_STARTS.sub(r"\1\\\2\3", _MARKDOWN_SIGNS.sub(r"\\\1", text))


def _markdown_target(link: str) -> str:
    return gate(link).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
