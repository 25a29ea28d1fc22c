"""Where things are: the file itself with its text, the database by default, and the secrets that
feeds name.

Secrets are read when they are needed and never kept in the file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from feedd import __version__
from feedd.errors import ConfigError

if TYPE_CHECKING:
    from feedd.model import Config, Credentials, FeedConfig, TlsFiles

FILE_NAME = "config.toml"
SYSTEM_FILE = Path("/etc/feedd") / FILE_NAME

MAX_PASSWORD_BYTES = 4096
MAX_FILE_BYTES = 20_000_000

LARGE_FILE_BYTES = 30_000
"""A smaller file is read whole as quickly as by an index: some 500 feeds."""


def find(explicit: str | None) -> Path:
    """The user's file: `explicit`, $FEEDD_CONFIG, ./config.toml, $XDG_CONFIG_HOME/feedd/config.toml
    or /etc/feedd/config.toml, the first that there is. Raises ConfigError when there is none, and
    for a ./config.toml that another may have written: who enters a folder did not choose it.
    """
    named = _named(explicit)
    if named is not None:
        return named
    for candidate in (Path(FILE_NAME), _own_file(), SYSTEM_FILE):
        if candidate is not None and _is_there(candidate):
            if candidate == Path(FILE_NAME):
                _refuse_others(candidate)
            return candidate
    raise ConfigError(
        [
            "there is no config.toml yet; `feedd init` writes one, then `feedd add"
            " https://lwn.net` finds the feed there, and `feedd` lists its items"
        ]
    )


def _refuse_others(path: Path) -> None:
    """A configuration runs commands (`on_new`, `exec:`) and sends passwords: of a file that is only
    found, its owner must be the caller or root, and nobody else may write it.
    """
    try:
        found = (path.lstat(), path.stat())
    except OSError:
        return  # reading it says why
    owner = next((one.st_uid for one in found if one.st_uid not in (0, os.geteuid())), None)
    if owner is not None:
        reason = f"it belongs to {_user_name(owner)}"
    elif found[1].st_mode & 0o022:
        who = "everybody" if found[1].st_mode & 0o002 else "its group"
        reason = f"{who} may write it (chmod go-w {path} ends that)"
    else:
        return
    raise ConfigError(
        [f"./{path} was not used, for {reason}; if you trust it, say --config {path}"]
    )


def _user_name(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _is_there(path: Path) -> bool:
    """Whether there is a file; one in a folder we may not look into counts: reading it says why."""
    try:
        return path.exists()
    except PermissionError:
        return True


def new_file(explicit: str | None) -> Path:
    """Where `feedd init` writes: `explicit`, $FEEDD_CONFIG, else the user's own place."""
    named = _named(explicit)
    if named is not None:
        return named
    own = _own_file()
    if own is None:
        raise ConfigError([_HOMELESS.format("say where with --config FILE")])
    return own


def database_at(written: str, path: Path) -> Path:
    """The database that the file at `path` names. Raises ValueError for nobody's home."""
    try:
        database = Path(written).expanduser()
    except RuntimeError:
        raise ValueError(f'can\'t tell whose home directory "{written}" means') from None
    return path.absolute().parent / database


def default_database() -> Path:
    """$STATE_DIRECTORY/feedd.db under systemd, else $XDG_DATA_HOME/feedd/feedd.db.

    Raises ValueError when neither they nor a home directory are known.
    """
    state = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    if state:
        return Path(state) / "feedd.db"
    data = _base("XDG_DATA_HOME", ".local/share")
    if data is None:
        raise ValueError(_HOMELESS.format("set it to an absolute path"))
    return data / "feedd" / "feedd.db"


_HOMELESS = "there is no home directory to default to; {}"


def _named(explicit: str | None) -> Path | None:
    name = explicit if explicit is not None else os.environ.get("FEEDD_CONFIG") or None
    if name is None:
        return None
    if not name or "\0" in name:
        raise ConfigError(["--config needs the name of a file"])
    return Path(name)


def _own_file() -> Path | None:
    base = _base("XDG_CONFIG_HOME", ".config")
    return base / "feedd" / FILE_NAME if base else None


def _base(variable: str, under_home: str) -> Path | None:
    """A base directory of the XDG specification: relative values count as unset."""
    value = os.environ.get(variable, "")
    if value.startswith("/"):
        return Path(value)
    try:
        return Path.home() / under_home
    except RuntimeError:
        return None


# ---------------------------------------------------------------- secrets


def credentials(feed: FeedConfig, config_path: Path) -> Credentials | None:
    """A feed's user name, password and headers; None when it has none.

    `password_file` is the name of a credential in $CREDENTIALS_DIRECTORY (systemd.exec(5)) or a
    file, relative to the configuration file; the password is its first line. Raises ConfigError
    when it can't be read.
    """
    if feed.username is None and not feed.headers:
        return None
    password = None
    if feed.password_file is not None:
        password = _password(feed.name, _place(feed.password_file, config_path), config_path)
    from feedd.model import Credentials

    return Credentials(feed.username, password, feed.headers)


def tls_files(config: Config, feed: FeedConfig | None = None) -> TlsFiles | None:
    """The files for TLS with a feed's server, its own or those of all feeds; None for none.

    Each is the name of a credential or a file, as `password_file` is.
    """
    ours = config.settings
    ca_file = (feed.ca_file if feed else None) or ours.ca_file
    holder = feed if feed is not None and feed.client_cert else ours
    if ca_file is None and holder.client_cert is None:
        return None
    from feedd.model import TlsFiles

    names = (ca_file, holder.client_cert, holder.client_key)
    return TlsFiles(*(_place(name, config.path) if name else None for name in names))


def _place(name: str, config_path: Path) -> Path:
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if directory and "/" not in name:
        credential = Path(directory) / name
        if credential.exists():
            return credential
    try:
        return config_path.parent / Path(name).expanduser()
    except RuntimeError:
        return config_path.parent / name


def _password(feed: str, place: Path, config_path: Path) -> str:
    from feedd.own_files import read_file

    try:
        data = read_file(place, MAX_PASSWORD_BYTES + 1)
        if len(data) > MAX_PASSWORD_BYTES:
            raise ConfigError([f"{config_path}: feeds.{feed}.password_file: {place} is too large"])
        return data.decode().partition("\n")[0].rstrip("\r")
    except OSError as error:
        what = f"{place} can't be read: {error.strerror}; put the password there, on one line"
    except UnicodeDecodeError:
        what = f"{place} is not UTF-8 text; put the password there, on one line"
    raise ConfigError([f"{config_path}: feeds.{feed}.password_file: {what}"])


# ---------------------------------------------------------------- the file's text


def read_text(path: Path) -> str:
    """The file's text. Raises ConfigError when it can't be read."""
    return read_identified(path)[0]


def read_identified(path: Path) -> tuple[str, str]:
    """The same; and for a large file what tells its text from any other, for this program."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
            changed_ns = os.fstat(file.fileno()).st_mtime_ns
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; `feedd init` writes one"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: can't be read: {error.strerror}"]) from None
    if len(data) > MAX_FILE_BYTES:
        raise ConfigError([f"{path}: is larger than 20 MB; that is no configuration file"])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: is not UTF-8 text; save the file as UTF-8"]) from None
    return text, _identity(data, changed_ns) if len(data) >= LARGE_FILE_BYTES else ""


def _identity(data: bytes, changed_ns: int) -> str:
    import sys
    import zlib

    return f"{__version__} {sys.hexversion:x} {len(data)} {changed_ns} {zlib.crc32(data):08x}"
