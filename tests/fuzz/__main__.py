"""`python -m tests.fuzz SECONDS [NAME…]`: each harness under atheris for its share of the time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
CRASHES = Path("fuzz-crashes")
NAMES = ("parsing", "sanitise", "article", "terminal")


def main(seconds: int, names: list[str]) -> int:
    if find_spec("atheris") is None:
        print("atheris is not there for this Python: fuzzing skipped", file=sys.stderr)
        return 0
    CRASHES.mkdir(exist_ok=True)
    failed = []
    for name in names:
        with tempfile.TemporaryDirectory() as found:
            options = [
                f"-max_total_time={seconds // len(names)}",
                "-timeout=20",
                "-max_len=16384",
                "-len_control=20",
                f"-dict={CORPUS.parent / 'words.dict'}",
                f"-artifact_prefix={CRASHES}/{name}-",
            ]
            command = [sys.executable, "-m", "tests.fuzz.one", name]
            if subprocess.call([*command, *options, found, str(CORPUS / name)]):
                failed.append(name)
    for name in failed:
        print(f"{name}: crashed; add its file from {CRASHES} to {CORPUS / name}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:] or list(NAMES)))
