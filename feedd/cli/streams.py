"""Standard output and error, whatever state they are in: closed, broken, of another encoding."""

from __future__ import annotations

import codecs
import os
import sys

_PLAIN = {
    **dict.fromkeys("•·★☆▪◦", "*"),
    **dict.fromkeys("‐‑‒–—―─━", "-"),
    **dict.fromkeys("│┃▌▏", "|"),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("→›▸", ">"),
    "…": "~",
}
"""What stands for a character that the terminal lacks; one column each, so that columns stay."""


def survive_odd_streams() -> None:
    """Closed streams and encodings that lack a character are no reason for a traceback."""
    codecs.register_error("plainly", _plainly)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  lives as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.errors in ("strict", "backslashreplace"):
            reconfigure(errors="plainly")


def drop_stdout() -> None:
    """Nobody reads any more: let the interpreter's own last flush go nowhere."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
    except (OSError, ValueError):
        pass


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: the nearest ASCII for each character that can't be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_ascii, error.object[error.start : error.end])), error.end


def _ascii(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""  # an accent without its letter, a joiner
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if c.isascii())
    return plain if plain and plain.isprintable() else "?"
