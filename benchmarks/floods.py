"""Servers that send small things without end, beside good feeds that fall due every few seconds.

    python -m benchmarks.floods [--seconds 60] [--feeds 100]

One daemon polls them all on loopback. How late is each good feed asked, by the time its last poll
was to be followed at; and for how long is the event loop held up, on the wall and by its own work?
The exit code says whether no feed was late by more than a second and no step took 100 ms of a
processor. Needs the openssl command, for a certificate.
"""

from __future__ import annotations

import argparse
import http.server
import json
import multiprocessing
import os
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path

LATE_BAR_S, HELD_UP_BAR_S = 1.0, 0.1
FLOOD_S = 30
SETTLED_S = 8
"""What is measured begins so long after the first request."""

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
ZSTD_FRAMES = b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00" * 5_000
RSS = (
    b"<rss version='2.0'><channel><title>f</title><item><guid>1</guid><title>one</title></item>"
    b"</channel></rss>"
)


def frame(kind: int, flags: int, payload: bytes, stream: int = 0) -> bytes:
    """A frame of HTTP/2 [RFC 9113 4.1]."""
    length = struct.pack(">I", len(payload))[1:]
    return length + bytes([kind, flags]) + struct.pack(">I", stream) + payload


HTTP1 = {
    "1-byte chunks": (CHUNKED + b"\r\n", b"1\r\na\r\n" * 20_000),
    "chunk extensions": (CHUNKED + b"\r\n", b"1;" + b"e" * 3_000 + b"\r\na\r\n"),
    "100 Continue": (b"", b"HTTP/1.1 100 C\r\n\r\n" * 5_000),
    "empty zstd frames": (
        CHUNKED + b"Content-Encoding: zstd\r\n\r\n",
        b"%x\r\n%s\r\n" % (len(ZSTD_FRAMES), ZSTD_FRAMES),
    ),
}
HTTP2 = {
    "SETTINGS": (b"", frame(4, 0, b"\0\4\0\1\0\0") * 2_000),
    "PING": (b"", frame(6, 0, b"12345678") * 2_000),
    "unknown frames": (b"", frame(187, 0, b"12345678") * 2_000),
    "empty DATA": (frame(1, 4, b"\x88", 1), frame(0, 0, b"", 1) * 4_000),
}
FLOODS = {**HTTP1, **HTTP2}


def flood(folder: Path, ready: Connection) -> None:
    """All the floods, each at an address of its own; sends their ports."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.set_alpn_protocols(["h2"])

    def answer(name: str, raw: socket.socket) -> None:
        with suppress(OSError), raw:
            connection = context.wrap_socket(raw, server_side=True) if name in HTTP2 else raw
            if name in HTTP2:
                connection.sendall(frame(4, 0, b"") + frame(4, 1, b""))
            connection.recv(65_536)
            time.sleep(0.05)
            head, piece = FLOODS[name]
            connection.sendall(head)
            until = time.monotonic() + FLOOD_S
            while time.monotonic() < until:
                connection.sendall(piece)

    listeners = {
        name: socket.create_server((f"127.0.1.{number}", 0))
        for number, name in enumerate(FLOODS, 1)
    }
    for name, listener in listeners.items():
        threading.Thread(target=_serve, args=(listener, name, answer), daemon=True).start()
    ready.send([listener.getsockname() for listener in listeners.values()])
    threading.Event().wait()


def _serve(
    listener: socket.socket, name: str, answer: Callable[[str, socket.socket], None]
) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(name, connection), daemon=True).start()


def serve_feeds(folder: Path, ready: Connection) -> None:
    """The good feeds; notes when each is asked in the file `asked`."""
    asked = open(folder / "asked", "a", buffering=1)  # noqa: SIM115

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.write(f"{self.path[1:]} {time.time()}\n")
            self.send_response(200)
            self.send_header("Content-Length", str(len(RSS)))
            self.end_headers()
            self.wfile.write(RSS)

        def log_message(self, *args: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    ready.send(server.server_address[1])
    server.serve_forever()


def late_s(folder: Path) -> list[float]:
    """By how many seconds each request to a good feed came later than the poll before it said."""
    times: dict[str, list[float]] = defaultdict(list)
    for line in (folder / "asked").read_text().splitlines():
        name, at = line.split()
        times[name].append(float(at))
    since = min(at for each in times.values() for at in each) + SETTLED_S
    late = []
    with closing(sqlite3.connect(folder / "feedd.db")) as db:
        for name, asked in times.items():
            due = db.execute(
                "SELECT next_poll FROM polls WHERE feed_id = (SELECT id FROM feeds WHERE name = ?)"
                " ORDER BY number",
                (name,),
            )
            late += [at - due for (due,), at in zip(due, asked[1:], strict=False) if at > since]
    return sorted(late)


def configure(folder: Path, feeds: int, port: int, floods: list[tuple[str, int]]) -> Path:
    """The configuration file of them all."""
    lines = [
        f'f{n} = {{ url = "http://127.0.0.1:{port}/f{n}", interval = "{5 + n % 6}s" }}'
        for n in range(feeds)
    ]
    lines += [
        f'flood{n} = {{ url = "http{"s" * (name in HTTP2)}://{host}:{at}/", interval = "5s" }}'
        for n, (name, (host, at)) in enumerate(zip(FLOODS, floods, strict=True))
    ]
    file = folder / "config.toml"
    file.write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
        'interval = "5s"\nmin_interval = "1s"\nmax_interval = "10s"\nadaptive = false\n'
        'per_host = 50\nca_file = "cert.pem"\n[feeds]\n' + "\n".join(lines) + "\n"
    )
    return file


def make_certificate(folder: Path) -> None:
    """For the floods' addresses."""
    names = ",".join(f"IP:127.0.1.{number}" for number in range(1, len(FLOODS) + 1))
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3"]
    command += ["-subj", "/CN=floods", "-addext", f"subjectAltName={names}"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)


def main() -> int:
    """Run it; 0 when the bars are held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--feeds", type=int, default=100)
    asked = parser.parse_args()
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_certificate(folder)
        servers = []
        for target in (serve_feeds, flood):
            server = multiprocessing.get_context("fork").Process(
                target=target, args=(folder, there), daemon=True
            )
            server.start()
            servers.append((server, here.recv()))
        file = configure(folder, asked.feeds, servers[0][1], servers[1][1])
        command = [sys.executable, "-m", "benchmarks.heartbeat", str(folder / "beats")]
        with open(folder / "log", "wb") as log:
            daemon = subprocess.Popen(
                [*command, "--config", str(file), "run"], stdout=log, stderr=log
            )
            time.sleep(SETTLED_S)
            daemon.send_signal(signal.SIGUSR1)  # what the start took is not looked at
            time.sleep(asked.seconds)
            daemon.send_signal(signal.SIGUSR1)
            time.sleep(1)
            daemon.terminate()
            daemon.wait(20)
        for server, _ in servers:
            server.kill()
        late, beats = late_s(folder), json.loads((folder / "beats").read_text())
    print(
        f"{len(late)} polls of {asked.feeds} good feeds beside {len(FLOODS)} floods: late by"
        f" {late[len(late) // 2]:.2f} s (median), {late[-1]:.2f} s at most (bar {LATE_BAR_S:g})"
    )
    print(
        f"the loop was held up for {beats['late_s'] * 1000:.0f} ms on the wall at most,"
        f" {beats['busy_s'] * 1000:.0f} ms of its own work (bar {HELD_UP_BAR_S * 1000:.0f});"
        f" load {os.getloadavg()[0]:.1f}"
    )
    return int(late[-1] > LATE_BAR_S or beats["busy_s"] > HELD_UP_BAR_S)


if __name__ == "__main__":
    sys.exit(main())
