"""Whose certificates are trusted, and which one is shown."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from feedd.model import TlsFiles
from feedd.own_files import check_certificates

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
    pem = check_certificates(files)
    if pem is not None and store.ca_file is not None:
        pem += b"\n" + Path(store.ca_file).read_bytes()
    cert, key = files.client_cert, files.client_key or files.client_cert
    return Trust(
        store.ca_file, store.ca_folder, pem, str(cert) if cert else None, str(key) if key else None
    )
