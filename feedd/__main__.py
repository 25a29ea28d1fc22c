"""`python -m feedd` and the `feedd` script."""

from __future__ import annotations

import gc
import os
import sys

# Imports make next to no garbage; a command that lasts switches this on again (feedd.cli does it).
gc.disable()

from feedd.cli import run  # noqa: E402


def main() -> None:
    """Run the command line and end the process with its exit code."""
    code = run(sys.argv[1:])
    if gc.isenabled():
        sys.exit(code)
    # A command that only reads has closed and flushed everything: taking the interpreter apart
    # would be a tenth of its time.
    os._exit(code)


if __name__ == "__main__":
    main()
