"""The right file is found, and the database has its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedd.configfile import default_database, find, load, new_file
from feedd.errors import ConfigError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FEEDD_CONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")


def test_the_nearest_file_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no config\.toml yet; `feedd init` writes one"):
        find(None)
    own = tmp_path / "home" / ".config" / "feedd" / "config.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert find(None) == own
    xdg = tmp_path / "xdg" / "feedd" / "config.toml"
    xdg.parent.mkdir(parents=True)
    xdg.touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert find(None) == xdg
    Path("config.toml").touch()
    assert find(None) == Path("config.toml")
    monkeypatch.setenv("FEEDD_CONFIG", "/by/environment.toml")
    assert find(None) == Path("/by/environment.toml")
    assert find("/by/option.toml") == Path("/by/option.toml")


@pytest.mark.parametrize(("mode", "who"), [(0o646, "everybody"), (0o664, "its group")])
def test_a_file_in_this_folder_that_others_may_write_is_refused_unless_named(
    mode: int, who: str
) -> None:
    path = Path("config.toml")
    path.touch()
    path.chmod(mode)
    with pytest.raises(ConfigError, match=f"{who} may write it .*--config config.toml"):
        find(None)
    assert find("config.toml") == path
    path.chmod(0o644)
    assert find(None) == path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_in_this_folder_that_is_somebody_elses_is_refused_unless_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = Path("config.toml")
    path.touch(0o644)
    os.chown(path, 54_321, 54_321)
    with pytest.raises(ConfigError, match="it belongs to user 54321; if you trust it, say"):
        find(None)
    assert find("config.toml") == path
    monkeypatch.setenv("FEEDD_CONFIG", "config.toml")
    assert find(None) == path
    monkeypatch.delenv("FEEDD_CONFIG")
    path.unlink()
    Path("root.toml").touch(0o644)
    path.symlink_to("root.toml")
    assert find(None) == path
    os.chown(path, 54_321, 54_321, follow_symlinks=False)
    with pytest.raises(ConfigError, match="it belongs to"):
        find(None)
    os.chown(path, 0, 0, follow_symlinks=False)
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    assert find(None) == path, "root's may be used by everybody"


def test_a_named_file_that_is_missing_is_not_replaced_by_another(tmp_path: Path) -> None:
    Path("config.toml").touch()
    with pytest.raises(ConfigError, match=r"missing\.toml: there is no such file"):
        load(find(str(tmp_path / "missing.toml")))
    with pytest.raises(ConfigError, match="needs the name of a file"):
        find("")


def test_a_new_file_goes_to_the_users_own_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert new_file(None) == tmp_path / "home" / ".config" / "feedd" / "config.toml"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative/counts/as/unset")
    assert new_file(None) == tmp_path / "home" / ".config" / "feedd" / "config.toml"
    monkeypatch.setenv("FEEDD_CONFIG", "/elsewhere.toml")
    assert new_file(None) == Path("/elsewhere.toml")
    assert new_file("here.toml") == Path("here.toml")


def test_the_database_is_the_users_own_or_the_services(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert default_database() == tmp_path / "home" / ".local" / "share" / "feedd" / "feedd.db"
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_database() == Path("/data/feedd/feedd.db")
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/feedd:/var/lib/second")
    assert default_database() == Path("/var/lib/feedd/feedd.db")
