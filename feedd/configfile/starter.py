"""The text of the file that `feedd init` writes."""

from __future__ import annotations

from pathlib import Path

STARTER = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
