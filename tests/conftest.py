"""What all tests share."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.loopback import Loopback

settings.register_profile("feedd", deadline=None, max_examples=60)
settings.load_profile("feedd")

# A shell lets what it starts in the background ignore Ctrl-C, and all that is started from there.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def utc() -> Iterator[None]:
    """A machine whose local time is UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A real HTTP server on 127.0.0.1 for one test."""
    with Loopback() as server:
        yield server
