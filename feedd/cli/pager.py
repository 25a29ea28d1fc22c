"""Long text through the user's pager, on a terminal; straight out anywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from feedd.cli.screen import Screen

# less: quit when it fits one screen, show colours, leave the text on the screen. As git does.
_LESS = "FRX"


def page(lines: Sequence[str], screen: Screen) -> None:
    """Show `lines` through $PAGER (else less); print them where there is no terminal or pager."""
    text = "\n".join(lines) + "\n"
    command = os.environ.get("PAGER", "less") if screen.terminal and sys.stdin.isatty() else ""
    if command.strip() in ("", "cat") or os.environ.get("TERM", "dumb") == "dumb":
        sys.stdout.write(text)
        return
    import subprocess

    environ = {"LESS": _LESS, "LV": "-c", "LESSCHARSET": "utf-8", **os.environ}
    sys.stdout.flush()
    pager = subprocess.Popen(
        command,
        shell=True,  # $PAGER may hold options; nothing of a feed is in it
        stdin=subprocess.PIPE,
        env=environ,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert pager.stdin is not None
    try:
        pager.stdin.write(text)
        pager.stdin.close()
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # the reader has seen enough
    while True:
        try:
            status = pager.wait()
            break
        except KeyboardInterrupt:
            continue  # the pager's own business
    if status in (126, 127):  # the shell could not run it
        sys.stdout.write(text)
