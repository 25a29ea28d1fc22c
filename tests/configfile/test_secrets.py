"""Passwords are read from where the file points, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedd.configfile import credentials, parse, tls_files
from feedd.errors import ConfigError
from feedd.model import FeedConfig, TlsFiles

FEED = FeedConfig("lwn", "https://lwn.net/", username="me", password_file="lwn.pass")


def test_the_password_stands_in_a_file_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "lwn.pass").write_text("hünter 2\r\n# not this\n")
    found = credentials(FEED, tmp_path / "config.toml")
    assert found is not None
    assert (found.username, found.password) == ("me", "hünter 2")
    assert "hünter" not in repr(found)


def test_a_systemd_credential_of_that_name_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lwn.pass").write_text("file")
    held = tmp_path / "credentials"
    held.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(held))
    found = credentials(FEED, tmp_path / "config.toml")
    assert found is not None
    assert found.password == "file"
    (held / "lwn.pass").write_text("credential")
    found = credentials(FEED, tmp_path / "config.toml")
    assert found is not None
    assert found.password == "credential"


def test_feeds_without_any_need_none(tmp_path: Path) -> None:
    assert credentials(FeedConfig("a", "https://a/"), tmp_path / "config.toml") is None
    found = credentials(FeedConfig("a", "https://a/", headers={"X": "y"}), tmp_path / "c")
    assert found is not None
    assert found.headers == {"X": "y"}
    assert found.username is None


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "can't be read: No such file"), (b"\xff", "is not UTF-8"), (b"x" * 5000, "too large")],
)
def test_a_password_that_cant_be_read_is_one_clear_line(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "lwn.pass").write_bytes(content)
    with pytest.raises(ConfigError, match=words) as refused:
        credentials(FEED, tmp_path / "config.toml")
    (line,) = refused.value.problems
    assert "feeds.lwn.password_file" in line


def test_files_for_tls_are_the_feeds_own_or_else_those_of_all(tmp_path: Path) -> None:
    text = (
        "[feedd]\nca_file = 'ca.pem'\nclient_cert = 'all.pem'\n"
        "[feeds]\na = 'https://a.example/'\n"
        "[feeds.b]\nurl = 'https://b.example/'\nclient_cert = 'b.pem'\nclient_key = 'b.key'\n"
    )
    config = parse(text, tmp_path / "config.toml")
    found = {name: tls_files(config, feed) for name, feed in config.feeds.items()}
    assert found == {
        "a": TlsFiles(tmp_path / "ca.pem", tmp_path / "all.pem"),
        "b": TlsFiles(tmp_path / "ca.pem", tmp_path / "b.pem", tmp_path / "b.key"),
    }


def test_a_certificate_of_ones_own_is_used_where_no_authority_is_named(tmp_path: Path) -> None:
    text = (
        "[feeds.a]\nurl = 'https://a.example/'\nclient_cert = 'a.pem'\n"
        "[feeds.b]\nurl = 'https://b.example/'\nca_file = 'b.pem'\n"
        "[feeds.c]\nurl = 'https://c.example/'\n"
    )
    config = parse(text, tmp_path / "config.toml")
    found = {name: tls_files(config, feed) for name, feed in config.feeds.items()}
    assert found == {
        "a": TlsFiles(None, tmp_path / "a.pem"),
        "b": TlsFiles(tmp_path / "b.pem"),
        "c": None,
    }
    ours = parse("[feedd]\nca_file = 'ours.pem'\n", tmp_path / "config.toml")
    assert tls_files(ours) == TlsFiles(tmp_path / "ours.pem")
