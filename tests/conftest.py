"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.loopback import Loopback

settings.register_profile("feedd", deadline=None, max_examples=60)
settings.load_profile("feedd")


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A real HTTP server on 127.0.0.1 for one test."""
    with Loopback() as server:
        yield server
