"""What a feed authenticates with, read when it is needed and never kept in the file."""

from __future__ import annotations

import os
from pathlib import Path

from feedd.errors import ConfigError
from feedd.model import Config, Credentials, FeedConfig, TlsFiles
from feedd.own_files import read_file

MAX_PASSWORD_BYTES = 4096


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
