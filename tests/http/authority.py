"""A certificate authority of the tests' own, by the openssl command."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CA_CONFIGURATION = """
[ca]
default_ca = test
[test]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = anything
copy_extensions = copy
unique_subject = no
[anything]
commonName = supplied
"""

NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"


@dataclass(frozen=True)
class Authority:
    """Makes certificates in `folder`."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> Authority:
        """Skips the test where there is no openssl command."""
        if shutil.which("openssl") is None:
            pytest.skip("needs the openssl command")
        authority = cls(folder)
        (folder / "index.txt").write_text("")
        (folder / "ca.cnf").write_text(CA_CONFIGURATION.format(folder=folder))
        authority._openssl(
            f"req -x509 {NEW_KEY} -days 2 -subj /CN=tests -keyout ca.key -out ca.pem"
        )
        return authority

    def trusted(self) -> Path:
        """The file for a client that trusts this authority and nobody else."""
        return self.folder / "ca.pem"

    def server(
        self,
        name: str,
        *,
        host: str = "localhost",
        start: str = "20200101000000Z",
        end: str = "20900101000000Z",
    ) -> ssl.SSLContext:
        """A server's context with a certificate for `host`, and for 127.0.0.1 if on localhost."""
        names = f"DNS:{host}" + (",IP:127.0.0.1" if host == "localhost" else "")
        self._openssl(
            f"req {NEW_KEY} -subj /CN={host} -addext subjectAltName={names}"
            f" -keyout {name}.key -out {name}.csr"
        )
        self._openssl(
            f"ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in {name}.csr -out {name}.pem"
            f" -startdate {start} -enddate {end} -notext"
        )
        return self._context(name)

    def self_signed(self) -> ssl.SSLContext:
        """A server's context with a certificate that only it vouches for."""
        self._openssl(
            f"req -x509 {NEW_KEY} -days 2 -subj /CN=localhost"
            " -addext subjectAltName=DNS:localhost -keyout self.key -out self.pem"
        )
        return self._context("self")

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def _openssl(self, arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments.split()],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, done.stderr
