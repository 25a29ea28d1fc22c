"""A real HTTP/1.1 server on loopback that says what a test tells it to and keeps what it saw."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `headers` keep their order, case and bytes (as latin-1); `head`
    is all of it as it came over the wire.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    at: float
    client_port: int
    head: bytes = b""

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
    byte; with `drip_s`, one byte at a time. `length` lies about the body's length. `close` ends the
    connection after the answer, `reset` with a TCP reset and no answer, `reset_after` with a TCP
    reset after so many bytes of the body, or of `raw`. With `stay`, nothing follows and nothing
    ends.
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
    reset_after: int | None = None
    stay: bool = False


Handler = Callable[[Seen], Reply]
Answer = Reply | bytes | Handler


class Loopback:
    """A context manager. `on` says what a path answers; unknown paths are 404.

    `connections` counts those that were opened, `most_at_once` how many requests were being
    answered at the same time. With `tls` it serves https.
    """

    def __init__(
        self, host: str = "127.0.0.1", *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.host = host
        self.seen: list[Seen] = []
        self.connections = 0
        self.most_at_once = 0
        self._tls = tls
        self._at_once = 0
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        outer = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer._accept(self.request, self.client_address[1])

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        self._server = Server((host, port), Connection)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        """The absolute URL of a path."""
        scheme = "http" if self._tls is None else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{path}"

    def on(self, path: str, answer: Answer) -> None:
        """Answer requests for `path` (with its query) so from now on."""
        self._answers[path] = answer

    def seen_for(self, path: str) -> list[Seen]:
        """The requests for one path, in order."""
        with self._lock:
            return [seen for seen in self.seen if seen.path == path]

    # ------------------------------------------------------------ serving

    def _accept(self, connection: socket.socket, port: int) -> None:
        with self._lock:
            self.connections += 1
        if self._tls is None:
            self._serve(connection, port)
            return
        try:
            with self._tls.wrap_socket(connection, server_side=True) as secure:
                self._serve(secure, port)
        except OSError:
            pass

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
        method, path, *_ = [*line.decode("latin-1").split(" ", 2), ""]
        headers = []
        head = line
        for header in stream:
            head += header
            if header in (b"\r\n", b"\n"):
                break
            name, _, value = header.decode("latin-1").rstrip("\r\n").partition(":")
            headers.append((name, value.lstrip(" ")))
        seen = Seen(method, path, tuple(headers), time.time(), port, head)
        with self._lock:
            self.seen.append(seen)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        return seen

    def _answer(self, connection: socket.socket, seen: Seen) -> bool:
        """Send the answer; False when the connection is over."""
        try:
            unknown = Reply(404 if seen.path else 400, body=b"nothing here")
            answer = self._answers.get(seen.path, unknown)
            reply = answer(seen) if callable(answer) else answer
            if isinstance(reply, bytes):
                reply = Reply(body=reply)
            if reply.delay_s:
                self._stopping.wait(reply.delay_s)
            if reply.reset:
                _reset(connection)
                return False
            open_still = self._send(connection, seen, reply)
            if reply.stay:
                self._stopping.wait()
            return open_still
        finally:
            with self._lock:
                self._at_once -= 1

    def _send(self, connection: socket.socket, seen: Seen, reply: Reply) -> bool:
        if reply.raw is not None:
            step = 1 if reply.drip_s else len(reply.raw) or 1
            for start in range(0, len(reply.raw), step):
                if reply.drip_s and self._stopping.wait(reply.drip_s):
                    return False
                connection.sendall(reply.raw[start : start + step])
            if reply.reset_after is not None:
                time.sleep(0.05)  # a reset would overtake what has been sent
                _reset(connection)
            elif not reply.stay:
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
            connection.sendall(reply.body[: reply.reset_after])
        if reply.reset_after is not None:
            time.sleep(0.05)  # a reset would overtake what has been sent
            _reset(connection)
            return False
        if (reply.close or reply.length is not None) and not reply.stay:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        return True


def _reset(connection: socket.socket) -> None:
    """End a connection with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
