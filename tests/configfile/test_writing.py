"""The file is replaced as a whole, stays the user's own, and never loses one of two edits."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from feedd.configfile import add_feed, create, load, update, write
from feedd.errors import ConfigError, UsageError


def test_mode_and_link_stay_and_nothing_is_left_behind(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "feedd.toml"
    real.parent.mkdir()
    real.write_text("# old\n")
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to("dotfiles/feedd.toml")
    write(link, "# new\r\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"# new\r\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(os.listdir(real.parent)) == ["feedd.toml"]


def test_a_place_that_cant_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"config\.toml: can't be written: No such file"):
        write(tmp_path / "missing" / "config.toml", "")


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    create(file, "# first\n")
    with pytest.raises(UsageError, match="exists already"):
        create(file, "# second\n")
    dangling = tmp_path / "link.toml"
    dangling.symlink_to("nowhere.toml")
    with pytest.raises(UsageError, match="exists already"):
        create(dangling, "# third\n")
    assert file.read_text() == "# first\n"


def test_an_edit_that_would_break_the_file_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[feeds]\n")
    with pytest.raises(ConfigError, match=r"feeds\.a: found"):
        update(file, lambda text: add_feed(text, name="a", url="nowhere"))
    assert file.read_text() == "[feeds]\n"


def test_a_broken_or_missing_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    with pytest.raises(ConfigError, match="no such file"):
        update(file, lambda text: text + "# more\n")
    file.write_text("[feed]\n")
    with pytest.raises(ConfigError, match="unknown table"):
        update(file, lambda text: text + "# more\n")
    assert file.read_text() == "[feed]\n"


def test_two_who_add_feeds_at_once_both_succeed(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[feeds]\n")
    code = (
        "import sys; from pathlib import Path; from feedd.configfile import add_feed, update\n"
        "for n in range(10):\n"
        "    name = f'{sys.argv[2]}{n}'\n"
        "    update(Path(sys.argv[1]), lambda text: add_feed(text, name=name, url='https://x/'))\n"
    )
    adders = [
        subprocess.Popen([sys.executable, "-c", code, str(file), name]) for name in ("a", "b")
    ]
    assert [adder.wait(timeout=30) for adder in adders] == [0, 0]
    assert len(load(file).feeds) == 20
