"""What it costs to import: only what a plain request needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("code", ["import feedd.http", "from feedd.schedule import headers"])
def test_reading_headers_needs_no_http_library(code: str) -> None:
    assert not loaded_by(code) & {"httpx", "httpcore", "pycurl", "h11", "asyncio", "ssl"}


def test_the_client_brings_no_command_line_and_no_second_protocol_along() -> None:
    loaded = loaded_by("from feedd.http import Client, Request")
    assert {"httpx", "pycurl"} <= loaded
    assert not loaded & {"rich", "click", "pygments", "httpcore", "h11", "h2", "anyio", "certifi"}


def test_httpx_is_whole_all_the_same() -> None:
    loaded_by("from feedd.http import Client\nimport httpx\nhttpx.Client().close()")


MISSING = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "pycurl":
            raise ImportError("libcurl.so.4: cannot open shared object file")
sys.meta_path.insert(0, Missing())
"""
OLD = "import pycurl\nfound = list(pycurl.version_info())\n{}\npycurl.version_info = found.copy\n"


def run_where(condition: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """feedd, where this holds of its libraries."""
    config = folder / "config.toml"
    config.write_text('[feedd]\ndatabase = "f.db"\n[feeds]\na = "http://127.0.0.1:1/"\n')
    words = ["feedd", "--config", str(config), *arguments]
    script = f"{condition}\nimport sys\nsys.argv = {words}\nfrom feedd.__main__ import main\nmain()"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (MISSING, "libcurl.so.4"),
        (OLD.format("found[1:3] = '7.68.0', 0x074400"), "its libcurl is 7.68.0, too old"),
        (OLD.format("found[8] = ('http',)"), "knows no https"),
        ("import pycurl\ndel pycurl.PREREQFUNCTION", "too old"),
    ],
    ids=["missing", "old", "no TLS", "made for an old one"],
)
@pytest.mark.parametrize("command", [["poll"], ["run"], ["add", "http://127.0.0.1:1/b"], ["check"]])
def test_without_a_libcurl_that_will_do_one_line_says_what_to_install(
    condition: str, said: str, command: list[str], tmp_path: Path
) -> None:
    done = run_where(condition, tmp_path, *command)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("feedd: pycurl can't be ")
    assert said in line
    assert "libcurl 7.80.0 or newer with OpenSSL (docs/dependencies.md)" in line


def test_commands_that_only_read_need_no_libcurl(tmp_path: Path) -> None:
    done = run_where(MISSING, tmp_path, "feeds")
    assert done.returncode == 0
