"""`python -m feedd` and the `feedd` script."""

from __future__ import annotations

import gc
import os
import sys

# Imports make next to no garbage; a command that lasts switches this on again (feedd.cli does it).
gc.disable()

if sys.argv[-1:] == ["run"]:
    # A reload that is asked for before the daemon listens must not end it: it has not read the
    # file yet, and sees by itself when that changes.
    import signal

    signal.signal(signal.SIGHUP, signal.SIG_IGN)

try:
    from feedd.cli.command_line import run
except KeyboardInterrupt:  # most of a short command's time is spent here
    sys.stderr.write("feedd: interrupted\n")
    os._exit(130)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    code = run(sys.argv[1:])
    # All is closed and flushed by now: to take the interpreter apart would be a tenth of the time
    # of a short command.
    os._exit(code)


if __name__ == "__main__":
    main()
