"""A digest as plain text for a mail, as Markdown, or as one self-contained HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from feedd.cli.digest.document import Digest, Story
from feedd.terminal import gate, width, wrap

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
    """Plain text in lines of at most 72 columns; only links may be longer."""
    lines = [digest.title, "=" * width(digest.title), _count(digest)]
    for section in digest.sections:
        lines += ["", "", section.tag.upper(), "-" * width(section.tag)]
        for source in section.sources:
            lines += ["", *wrap(source.title, MAIL_COLUMNS)]
            for story in source.stories:
                lines += ["", *_text_story(story)]
    return "\n".join(lines) + "\n"


def _text_story(story: Story) -> Iterator[str]:
    first, *rest = wrap(story.title, MAIL_COLUMNS - 2)
    yield f"* {first}"
    yield from (f"  {line}" for line in rest)
    yield from (f"  {line}" for line in wrap(_facts(story), MAIL_COLUMNS - 2))
    if story.summary:
        yield from (f"  {line}" for line in wrap(story.summary, MAIL_COLUMNS - 2))
    if story.link:
        yield f"  {gate(story.link)}"


def as_markdown(digest: Digest) -> str:
    """CommonMark; what stands in titles and summaries is escaped."""
    parts = [f"# {_escaped(digest.title)}", _count(digest)]
    for section in digest.sections:
        parts.append(f"## {_escaped(section.tag)}")
        for source in section.sources:
            parts.append(f"### {_escaped(source.title)}")
            parts += [_markdown_story(story) for story in source.stories]
    return "\n\n".join(parts) + "\n"


def _markdown_story(story: Story) -> str:
    title = _escaped(story.title)
    head = f"[{title}](<{_markdown_target(story.link)}>)" if story.link else title
    lines = [f"- **{head}**  ", f"  {_escaped(_facts(story))}"]
    if story.summary:
        lines[-1] += "  "
        lines.append(f"  {_escaped(story.summary)}")
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
        for source in section.sources:
            parts.append(f"<h3>{escape(source.title)}</h3>")
            parts += [_html_story(story) for story in source.stories]
    return "\n".join(parts) + "\n</html>\n"


def _html_story(story: Story) -> str:
    title = f"<b>{escape(story.title)}</b>"
    if story.link:
        title = f'<a href="{escape(gate(story.link))}">{title}</a>'
    summary = f"\n<p>{escape(story.summary)}</p>" if story.summary else ""
    facts = f"<p><small>{escape(_facts(story))}</small></p>"
    return f"<article>\n<p>{title}</p>\n{facts}{summary}\n</article>"


def _facts(story: Story) -> str:
    facts = [story.at, story.author]
    if story.also_in:
        facts.append(f"also in {', '.join(story.also_in)}")
    return " · ".join(fact for fact in [*facts, f"feedd show {story.id}"] if fact)


def _count(digest: Digest) -> str:
    items = "1 item" if digest.count == 1 else f"{digest.count:,} items"
    return f"{items}, and {digest.left_out:,} more not shown here" if digest.left_out else items


def _escaped(text: str) -> str:
    return _LINE_STARTS.sub(r"\1\\\2\3", _MARKDOWN_SIGNS.sub(r"\\\1", text))


def _markdown_target(link: str) -> str:
    return gate(link).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
