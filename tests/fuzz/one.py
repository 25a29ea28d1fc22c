"""One harness under atheris, with libFuzzer's options: `python -m tests.fuzz.one NAME …`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["feedd"]):
    from tests.fuzz.harnesses import HARNESSES

if __name__ == "__main__":
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, HARNESSES[name])
    atheris.Fuzz()
