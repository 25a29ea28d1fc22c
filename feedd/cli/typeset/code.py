"""Code, verbatim; in colour where the screen has it and the page names the language."""

from __future__ import annotations

import re

from feedd.cli.screen import Screen
from feedd.cli.typeset.tree import Node
from feedd.terminal import gate_lines

MAX_HIGHLIGHTED_CHARACTERS = 50_000
"""Longer blocks are data, and some lexers are slow."""

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight|brush|source|sourceCode)[-: ]+([\w+#-]+)"
)
# Pygments token kinds, the more special first.
_PAINTS = (
    ("Comment", ("dim",)),
    ("Keyword", ("magenta",)),
    ("Operator.Word", ("magenta",)),
    ("Literal.String", ("green",)),
    ("Literal.Number", ("cyan",)),
    ("Name.Function", ("blue",)),
    ("Name.Class", ("blue",)),
    ("Name.Decorator", ("yellow",)),
    ("Name.Tag", ("blue",)),
    ("Name.Attribute", ("yellow",)),
    ("Generic.Deleted", ("red",)),
    ("Generic.Inserted", ("green",)),
    ("Generic.Heading", ("bold",)),
    ("Generic.Subheading", ("magenta",)),
    ("Generic.Prompt", ("dim",)),
)


def code_lines(node: Node, screen: Screen) -> list[str]:
    """The lines of a `pre`, as they are but for what a terminal would obey."""
    text = gate_lines(node.text()).strip("\n").rstrip()
    if not text:
        return []
    language = _language(node) if screen.colours else None
    if language is None or len(text) > MAX_HIGHLIGHTED_CHARACTERS:
        return text.split("\n")
    return _highlighted(text, language, screen)


def _language(node: Node) -> str | None:
    for element in (node, *node.descendants()):
        for name in ("class", "lang", "data-lang", "data-language"):
            value = element.attributes.get(name, "")
            match = _LANGUAGE.search(value) if name == "class" else re.match(r"[\w+#-]+$", value)
            if match is not None:
                return match.group(match.re.groups).lower()
    return None


def _highlighted(text: str, language: str, screen: Screen) -> list[str]:
    try:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        return text.split("\n")
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return text.split("\n")
    lines = [""]
    for kind, part in lexer.get_tokens(text):
        name = str(kind).removeprefix("Token.")
        styles = next((paint for prefix, paint in _PAINTS if name.startswith(prefix)), ())
        for number, piece in enumerate(part.split("\n")):
            if number:
                lines.append("")
            lines[-1] += screen.paint(piece, *styles)
    return lines
