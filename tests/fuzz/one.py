"""One harness under atheris, with libFuzzer's options: `python -m tests.fuzz.one NAME …`."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

CORPUS = Path(__file__).parent / "corpus"

if __name__ == "__main__":
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["feedd", "feedparser"]):
        from tests.fuzz.harnesses import HARNESSES

        # Rooms import their heavy parts when first used: unused, they would not be instrumented.
        for seed in sorted((CORPUS / name).iterdir()):
            HARNESSES[name](seed.read_bytes())
    atheris.Setup(sys.argv, HARNESSES[name])
    atheris.Fuzz()
