"""Whose certificates are trusted, and which one is shown."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from feedd.errors import FetchError
from feedd.model import TlsFiles
from feedd.own_files import check_regular, read_file

MAX_CA_BYTES = 16_000_000
"""Of a file of authorities; a system's own has some 200 kB."""

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, Red Hat
    "/etc/pki/tls/certs/ca-bundle.crt",  # older ones of these
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS, the BSDs
)
"""Where systems keep all authorities in one file. OpenSSL as it comes with pycurl knows one of
these only, and does not read `SSL_CERT_FILE`.
"""


@dataclass(frozen=True, slots=True)
class Trust:
    """Authorities that are trusted: a file, a folder, PEM bytes instead of the file; and the files
    of a client certificate and its key.
    """

    ca_file: str | None = None
    ca_folder: str | None = None
    ca_pem: bytes | None = None
    client_cert: str | None = None
    client_key: str | None = None


def system_store() -> Trust:
    """The system's authorities, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name."""
    paths = ssl.get_default_verify_paths()
    named = os.environ.get(paths.openssl_cafile_env) or paths.cafile
    file = named or next(filter(os.path.isfile, _BUNDLES), None)
    # With a folder libcurl reads all authorities anew for each connection.
    folder = os.environ.get(paths.openssl_capath_env) or (paths.capath if file is None else None)
    return Trust(file, folder)


def with_files(store: Trust, files: TlsFiles) -> Trust:
    """The authorities of a store and those of the user's file; the user's client certificate.

    Raises FetchError "tls" for a file that can't be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    pem = None
    unreadable = Path()
    if files.ca_file is not None:
        try:
            pem = read_file(files.ca_file, MAX_CA_BYTES)
            context.load_verify_locations(cadata=pem.decode("ascii", "replace"))
            if store.ca_file is not None:
                pem += b"\n" + Path(store.ca_file).read_bytes()
        except OSError as error:
            raise _unusable("ca_file", files.ca_file, error) from None
    if files.client_cert is not None:
        try:
            for place in (files.client_cert, files.client_key):
                if place is not None:
                    unreadable = place
                    check_regular(place)
            # Without a password of its own, OpenSSL would ask the terminal for that of a key.
            context.load_cert_chain(files.client_cert, files.client_key, password=lambda: "")
        except OSError as error:
            if not isinstance(error, ssl.SSLError):
                key = "client_key" if unreadable == files.client_key else "client_cert"
                raise _unusable(key, unreadable, error) from None
            key = "client_key" if files.client_key else "client_cert"
            raise _unusable(key, files.client_key or files.client_cert, error) from None
    cert, key_file = files.client_cert, files.client_key or files.client_cert
    return Trust(
        store.ca_file,
        store.ca_folder,
        pem,
        str(cert) if cert else None,
        str(key_file) if key_file else None,
    )


def _unusable(key: str, place: Path, error: OSError) -> FetchError:
    if not isinstance(error, ssl.SSLError):
        return FetchError("tls", f"{key}: {place} can't be read: {error.strerror}")
    if error.reason == "KEY_VALUES_MISMATCH":
        return FetchError("tls", f"{key}: {place} is not the key of the certificate in client_cert")
    what = "certificate" if key == "ca_file" else "certificate with an unencrypted key"
    return FetchError("tls", f"{key}: {place} holds no {what} in PEM form")
