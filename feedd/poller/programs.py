"""Programs of the user's own: run without a shell, within limits of time and output."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from feedd.errors import FetchError, is_machine_trouble, shortage_of
from feedd.units import format_size

READ_BYTES = 64 * 1024
STDERR_BYTES = 4096
"""How much of the end of a program's standard error is kept, for its last line."""

ERROR_CHARACTERS = 200

PASSED_ON = ("HOME", "LANG", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER")
"""All of the environment that a program gets, with every LC_ variable."""


async def run_limited(
    command: Sequence[str],
    *,
    folder: Path,
    timeout_s: float,
    max_bytes: int,
    key: str,
    given: bytes = b"",
) -> bytes:
    """What a program prints that gets `given` on standard input.

    It and all it started are killed when a limit is met. `key` is that of the configuration file
    which names the program, for messages. Raises FetchError, and MachineError.
    """
    name = command[0]
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=_environment(os.environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        if is_machine_trouble(error):
            raise shortage_of(error) from error
        reason = error.strerror if isinstance(error, OSError) else error
        raise FetchError("exec", f"{name} can't be run: {reason}; check `{key}`") from None
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    said = bytearray()
    giving = asyncio.create_task(_give(process.stdin, given))
    errors = asyncio.create_task(_keep_end(process.stderr, said))
    over = False
    try:
        async with asyncio.timeout(timeout_s):
            body = await _collect(process.stdout, name, max_bytes)
            await errors
            await giving
            status = await process.wait()
            over = True
    except TimeoutError:
        raise FetchError("exec", f"{name} was stopped: not done within {timeout_s:g} s") from None
    finally:
        if not over:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            errors.cancel()
            giving.cancel()
            await process.wait()
    if status != 0:
        raise FetchError("exec", f"{name} {_ending(status)}: {_last_line(said)}")
    return body


async def _give(stream: asyncio.StreamWriter, given: bytes) -> None:
    with suppress(ConnectionError):  # it need not read what it is given
        stream.write(given)
        await stream.drain()
    stream.close()


async def _collect(stream: asyncio.StreamReader, name: str, max_bytes: int) -> bytes:
    body = bytearray()
    while piece := await stream.read(READ_BYTES):
        body += piece
        if len(body) > max_bytes:
            raise too_large(f"what {name} prints", max_bytes)
    return bytes(body)


async def _keep_end(stream: asyncio.StreamReader, kept: bytearray) -> None:
    while piece := await stream.read(READ_BYTES):
        kept += piece
        del kept[:-STDERR_BYTES]


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in ours.items() if name in PASSED_ON or name.startswith("LC_")
    }


def _ending(status: int) -> str:
    return f"exited with status {status}" if status > 0 else f"was ended by signal {-status}"


def _last_line(said: bytearray) -> str:
    lines = said.decode(errors="replace").split("\n")
    for line in reversed(lines):
        shown = "".join(c if c.isprintable() else " " for c in line).strip()
        if shown:
            return shown[:ERROR_CHARACTERS]
    return "it said nothing on standard error"


def too_large(what: str, max_bytes: int) -> FetchError:
    return FetchError(
        "too-large", f"{what} is larger than {format_size(max_bytes)} (`max_feed_size`)"
    )
