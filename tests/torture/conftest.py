"""The daemon's folder of tests/daemon, for those who mistreat it."""

from __future__ import annotations

from tests.daemon.conftest import place

__all__ = ["place"]
