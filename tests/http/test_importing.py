"""What it costs to import: only what a plain request needs."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("code", ["import feedd.http", "from feedd.http import headers"])
def test_reading_headers_needs_no_http_library(code: str) -> None:
    assert not loaded_by(code) & {"httpx", "httpcore", "pycurl", "h11", "asyncio", "ssl"}


def test_the_client_brings_no_command_line_and_no_second_protocol_along() -> None:
    loaded = loaded_by("from feedd.http import Client, Request")
    assert {"httpx", "pycurl"} <= loaded
    assert not loaded & {"rich", "click", "pygments", "httpcore", "h11", "h2", "anyio", "certifi"}


def test_httpx_is_whole_all_the_same() -> None:
    loaded_by("from feedd.http import Client\nimport httpx\nhttpx.Client().close()")
