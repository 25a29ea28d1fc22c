"""Private authorities and client certificates: trusted and shown only where the user said."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedd.model import TlsFiles
from tests.http.asking import get, refused
from tests.http.authority import Authority
from tests.loopback import Loopback, Reply


@pytest.fixture
def strict(authority: Authority) -> Iterator[Loopback]:
    """A server that answers nobody without a certificate of the authority."""
    tls = authority.server("strict")
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.folder / "ca.pem")
    with Loopback(tls=tls) as server:
        server.on("/f", b"for members")
        yield server


@pytest.fixture
def member(authority: Authority) -> TlsFiles:
    """The files of somebody whom the strict server knows."""
    authority.server("member", host="member.example")
    folder = authority.folder
    return TlsFiles(folder / "ca.pem", folder / "member.pem", folder / "member.key")


def test_a_private_authority_is_trusted_where_the_user_names_it(authority: Authority) -> None:
    with Loopback(tls=authority.server("private")) as server:
        server.on("/f", b"private")
        assert get(server.url("/f"), tls=TlsFiles(authority.folder / "ca.pem")).body == b"private"
        assert refused(server.url("/f")).kind == "tls"


def test_a_client_certificate_opens_the_door(strict: Loopback, member: TlsFiles) -> None:
    assert get(strict.url("/f"), tls=member).body == b"for members"


def test_without_one_the_door_stays_shut(strict: Loopback, member: TlsFiles) -> None:
    """The server says why, but may hang up before it is heard."""
    error = refused(strict.url("/f"), tls=TlsFiles(member.ca_file))
    assert error.kind == "reset" or "client_cert" in str(error)
    assert not strict.seen


def test_a_client_certificate_is_not_shown_behind_a_redirect_elsewhere(
    strict: Loopback, member: TlsFiles, authority: Authority
) -> None:
    with Loopback(tls=authority.server("door")) as door:
        door.on("/f", Reply(302, {"Location": strict.url("/f")}))
        assert refused(door.url("/f"), tls=member).kind in ("tls", "reset")
    assert not strict.seen


@pytest.mark.parametrize(
    ("cert", "key", "said"),
    [
        ("absent.pem", None, "No such file"),
        ("member.key", None, "in PEM form"),
        ("member.pem", "strict.key", "not the key of"),
    ],
)
def test_files_that_can_not_be_used_are_named_with_the_reason(
    strict: Loopback, member: TlsFiles, cert: str, key: str | None, said: str
) -> None:
    assert member.ca_file is not None
    folder = member.ca_file.parent
    error = refused(
        strict.url("/f"), tls=TlsFiles(None, folder / cert, folder / key if key else None)
    )
    assert error.kind == "tls"
    assert said in str(error)
    assert (key or cert) in str(error)


def test_an_authority_file_without_a_certificate_is_an_error(
    strict: Loopback, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    error = refused(strict.url("/f"), tls=TlsFiles(tmp_path / "ca.pem"))
    assert str(error).startswith("ca_file: ")
