"""The manual page on standard output: docs/feedd.1.in with the commands and options that feedd has.

`make man` keeps docs/feedd.1 current; a test holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from feedd import __version__
from feedd.cli.command_line import cli

SOURCE = Path(__file__).with_name("feedd.1.in")


def render() -> str:
    """The whole page, as roff with the man(7) macros."""
    source = SOURCE.read_text(encoding="utf-8")
    return source.replace("@VERSION@", __version__).replace("@COMMANDS@", "\n".join(_commands()))


def _known() -> dict[str, click.Command]:
    with click.Context(cli, info_name="feedd") as context:
        found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command and not command.hidden}


def _commands() -> Iterator[str]:
    yield ".SH OPTIONS"
    yield from _options(cli)
    yield ".SH COMMANDS"
    for name, command in _known().items():
        with click.Context(command, info_name=name) as context:
            usage = " ".join(command.collect_usage_pieces(context))
        yield f".SS {_quoted(f'feedd {name} {usage}')}"
        yield from _paragraphs(command.help or "")
        yield from _options(command)


def _options(command: click.Command) -> Iterator[str]:
    with click.Context(command, info_name=command.name) as context:
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record is None or not record[1] or "--help" in parameter.opts:
                continue
            names, explanation = record
            yield ".TP"
            yield f".B {_quoted(names)}"
            yield _text(explanation)


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(cleandoc(text).split("\n\n")):
        if number:
            yield ".PP"
        if paragraph.startswith("\b"):
            lines = paragraph.removeprefix("\b").strip("\n").splitlines()
            yield from (".nf", *(_text(line) for line in lines), ".fi")
        else:
            yield from (_text(line.strip()) for line in paragraph.splitlines())


def _text(line: str) -> str:
    """Text that roff takes literally: backslashes and hyphens, and a control character in front."""
    line = line.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{line}" if line.startswith((".", "'")) else line


def _quoted(argument: str) -> str:
    return '"' + _text(argument).replace('"', r"\(dq") + '"'


if __name__ == "__main__":
    print(render(), end="")
