"""A real HTTP/1.1 server on loopback that says what a test tells it to and keeps what it saw."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `headers` keep their order, case and bytes (as latin-1)."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    at: float
    client_port: int

    def header(self, name: str) -> str | None:
        """The value of the only header of that name; None where there is none."""
        values = self.values(name)
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None

    def values(self, name: str) -> list[str]:
        """All values of the headers of that name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True)
class Reply:
    """What to answer.

    `chunks` are sent with chunked coding, `drip_s` apart. `raw` replaces the whole answer byte for
    byte. `length` lies about the body's length. `close` ends the connection after the answer,
    `reset` with a TCP reset and no answer.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks: Iterable[bytes] | None = None
    drip_s: float = 0.0
    delay_s: float = 0.0
    length: int | None = None
    raw: bytes | None = None
    close: bool = False
    reset: bool = False


Handler = Callable[[Seen], Reply]
Answer = Reply | bytes | Handler


class Loopback:
    """A context manager. `on` says what a path answers; unknown paths are 404."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self._at_once = 0
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        outer = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer._serve(self.request, self.client_address[1])

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

        self._server = Server((host, 0), Connection)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        """The absolute URL of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def on(self, path: str, answer: Answer) -> None:
        """Answer requests for `path` (with its query) so from now on."""
        self._answers[path] = answer

    def seen_for(self, path: str) -> list[Seen]:
        """The requests for one path, in order."""
        with self._lock:
            return [seen for seen in self.seen if seen.path == path]

    # ------------------------------------------------------------ serving

    def _serve(self, connection: socket.socket, port: int) -> None:
        try:
            with connection.makefile("rb") as stream:
                while not self._stopping.is_set():
                    line = stream.readline(1_000_000)
                    if not line.strip():
                        return
                    seen = self._read(line, stream, port)
                    if not self._answer(connection, seen):
                        return
        except OSError:
            pass

    def _read(self, line: bytes, stream: Iterable[bytes], port: int) -> Seen:
        method, path, _ = line.decode("latin-1").split(" ", 2)
        headers = []
        for header in stream:
            if header in (b"\r\n", b"\n"):
                break
            name, _, value = header.decode("latin-1").rstrip("\r\n").partition(":")
            headers.append((name, value.lstrip(" ")))
        seen = Seen(method, path, tuple(headers), time.time(), port)
        with self._lock:
            self.seen.append(seen)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        return seen

    def _answer(self, connection: socket.socket, seen: Seen) -> bool:
        """Send the answer; False when the connection is over."""
        try:
            answer = self._answers.get(seen.path, Reply(404, body=b"nothing here"))
            reply = answer(seen) if callable(answer) else answer
            if isinstance(reply, bytes):
                reply = Reply(body=reply)
            if reply.delay_s:
                self._stopping.wait(reply.delay_s)
            if reply.reset:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                connection.close()
                return False
            return self._send(connection, seen, reply)
        finally:
            with self._lock:
                self._at_once -= 1

    def _send(self, connection: socket.socket, seen: Seen, reply: Reply) -> bool:
        if reply.raw is not None:
            connection.sendall(reply.raw)
            connection.shutdown(socket.SHUT_RDWR)
            return False
        headers = dict(reply.headers)
        if reply.chunks is not None:
            headers["Transfer-Encoding"] = "chunked"
        elif reply.status not in (204, 304):
            length = len(reply.body) if reply.length is None else reply.length
            headers.setdefault("Content-Length", str(length))
        if reply.close:
            headers["Connection"] = "close"
        head = f"HTTP/1.1 {reply.status} Said\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        connection.sendall(head.encode("latin-1") + b"\r\n")
        if reply.chunks is not None:
            for chunk in reply.chunks:
                if self._stopping.wait(reply.drip_s):
                    return False
                connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            connection.sendall(b"0\r\n\r\n")
        elif seen.method != "HEAD" and reply.status not in (204, 304):
            connection.sendall(reply.body)
        if reply.close or reply.length is not None:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        return True
