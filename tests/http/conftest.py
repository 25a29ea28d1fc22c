"""What the HTTP tests share."""

from __future__ import annotations

import pytest

from tests.http.authority import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority for this run; skips where there is no openssl command."""
    return Authority.create(tmp_path_factory.mktemp("authority"))
