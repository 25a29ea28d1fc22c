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


@dataclass(frozen=True)
class Authority:
    """Makes server certificates in `folder`; `trusted()` is a client's context that trusts them."""

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
            *"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(),
            *"-subj /CN=tests -keyout ca.key -out ca.pem".split(),
        )
        return authority

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "ca.pem"))

    def server(
        self,
        name: str,
        *,
        host: str = "localhost",
        start: str = "20200101000000Z",
        end: str = "20900101000000Z",
    ) -> ssl.SSLContext:
        """A server's context with a certificate for `host` (and 127.0.0.1, if that is localhost)."""
        names = f"DNS:{host}" + (",IP:127.0.0.1" if host == "localhost" else "")
        self._openssl(
            *"req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split(),
            *f"-subj /CN={host} -addext subjectAltName={names}".split(),
            *f"-keyout {name}.key -out {name}.csr".split(),
        )
        self._openssl(
            *f"ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in {name}.csr".split(),
            *f"-out {name}.pem -startdate {start} -enddate {end} -notext".split(),
        )
        return self._context(name)

    def self_signed(self) -> ssl.SSLContext:
        """A server's context with a certificate that only it vouches for."""
        self._openssl(
            *"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(),
            *"-subj /CN=localhost -addext subjectAltName=DNS:localhost".split(),
            *"-keyout self.key -out self.pem".split(),
        )
        return self._context("self")

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def _openssl(self, *arguments: str) -> None:
        command = ["openssl", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr
