"""`feedd read`: the full-screen reader. Its library is imported when it is called."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from feedd.cli.chosen import chosen_feeds, views_among
from feedd.cli.context import Context
from feedd.cli.hints import missing
from feedd.cli.options import feed_arguments, feed_option, tag_option
from feedd.errors import UsageError


@click.command("read")
@feed_arguments
@feed_option()
@tag_option()
@click.pass_obj
def read_command(
    context: Context, names: Sequence[str], feeds: Sequence[str], tags: Sequence[str]
) -> None:
    """Read full-screen: feeds, items and the article side by side; `?` shows the keys.

    With the name of a view, as in @morning, it opens with that view.
    """
    if not context.screen.terminal or os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError(
            "feedd read needs a terminal that can move the cursor; feedd list and feedd show do"
            " without one"
        )
    marked, named = views_among(names)
    views = [name[1:] for name in marked]
    for view in views:
        if view not in context.config().views:
            raise missing("view", view, context.config().views)
    chosen = chosen_feeds(context, (*named, *feeds), tags)
    _read(context, chosen, view=views[0] if views else None)


def _read(context: Context, feeds: tuple[str, ...] | None, *, view: str | None) -> None:
    """Read until the user leaves. Raises StoreError when there is nothing to read from."""
    from feedd.cli.tui.terminal_answers import TerminalQuestion

    config = context.config()
    reader = context.reader()
    question = TerminalQuestion(config.read.pictures, os.environ)
    try:
        try:
            from feedd.cli.tui.app import FullScreenReader
        except ImportError:  # a distribution may leave it out
            raise UsageError(
                "feedd read needs the textual library, which is not installed; feedd show does"
                " without"
            ) from None
        from feedd.cli.tui.library import Library
        from feedd.workers.dispatcher import calm_collector

        library = Library(
            config=config,
            reader=reader,
            writer=context.writer,
            now=context.now,
            only=feeds,
        )
        calm_collector()  # tens of thousands of items come and go
        terminal = question.answers()
    finally:
        question.close()
    screen = FullScreenReader(library, colours=context.screen.colours, terminal=terminal, view=view)
    screen.run()
    if screen.failure is not None:
        raise screen.failure
