"""nginx on loopback, serving one edition of the corpus: fast enough not to be what is measured."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

START_TIMEOUT_S = 10.0

CONFIGURATION = """
daemon off;
master_process off;
pid {room}/nginx.pid;
error_log {room}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    log_format answer "$status $body_bytes_sent";
    access_log {room}/answers answer buffer=1m;
    client_body_temp_path {room}/body;
    proxy_temp_path {room}/proxy;
    fastcgi_temp_path {room}/fastcgi;
    uwsgi_temp_path {room}/uwsgi;
    scgi_temp_path {room}/scgi;
    sendfile on;
    tcp_nodelay on;
    keepalive_requests 1000000;
    types {{
        application/rss+xml rss;
        application/atom+xml atom;
        application/rdf+xml rdf;
    }}
    server {{
        listen 127.0.0.1:{port};
        root {root};
        {validators}
    }}
}}
"""
NO_VALIDATORS = 'etag off; if_modified_since off; add_header Last-Modified "";'


class Answers(NamedTuple):
    """What a server answered: how often each status, and the bytes of all bodies."""

    by_status: Mapping[int, int]
    bytes: int

    def __add__(self, other: object) -> Answers:
        if not isinstance(other, Answers):
            return NotImplemented
        return Answers(Counter(self.by_status) + Counter(other.by_status), self.bytes + other.bytes)

    def __str__(self) -> str:
        counts = " + ".join(f"{n} x {status}" for status, n in sorted(self.by_status.items()))
        return f"{counts}, {self.bytes / 1e6:.1f} MB"


NONE = Answers({}, 0)


def available() -> bool:
    return shutil.which("nginx") is not None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Nginx:
    """Serves `root` on 127.0.0.1:`port` while the context lasts."""

    def __init__(self, root: Path, *, port: int, room: Path, validators: bool = True) -> None:
        self._port = port
        room.mkdir(parents=True, exist_ok=True)
        self._file = room / "nginx.conf"
        self._file.write_text(
            CONFIGURATION.format(
                room=room, root=root, port=port, validators="" if validators else NO_VALIDATORS
            )
        )
        self._log = room / "answers"
        self._log.unlink(missing_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    def answers(self) -> Answers:
        """All that was answered, once the context has ended: nginx keeps its log in memory."""
        lines = [line.split() for line in self._log.read_text().splitlines()]
        return Answers(
            Counter(int(status) for status, _ in lines), sum(int(size) for _, size in lines)
        )

    def __enter__(self) -> Nginx:
        self._process = subprocess.Popen(
            ["nginx", "-p", str(self._file.parent), "-c", str(self._file)],
            stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        give_up = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError as error:
                if time.monotonic() > give_up or self._process.poll() is not None:
                    self._process.kill()
                    raise SystemExit("benchmarks: nginx did not start: see above") from error
                time.sleep(0.01)
            else:
                return self

    def __exit__(self, *raised: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
