"""A small real HTTP/2 server on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events


@dataclass(frozen=True)
class Reply2:
    """What to answer. `reset`: with RST_STREAM after headers and body. `silent`: not at all.
    `drop`: the connection is ended instead. `endless`: the answer has no end. `refuse`: the stream
    is refused unseen.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    reset: bool = False
    silent: bool = False
    drop: bool = False
    endless: bool = False
    refuse: bool = False


class Http2Server:
    """A context manager; `on` says what a path answers. `seen` are the requests' headers."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        tls.set_alpn_protocols(["h2"])
        self.seen: list[dict[str, str]] = []
        self.resets = 0
        self.connections = 0
        self._tls = tls
        self._answers: dict[str, Reply2] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Http2Server:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._listener.close()
        self.drop_all()

    def url(self, path: str) -> str:
        return f"https://localhost:{self.port}{path}"

    def on(self, path: str, reply: Reply2) -> None:
        self._answers[path] = reply

    def drop_all(self) -> None:
        """End all connections without a word."""
        for connection in self._open:
            with _quietly():
                connection.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        with _quietly(), self._tls.wrap_socket(raw, server_side=True) as connection:
            self.connections += 1
            self._open.append(connection)
            config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
            state = h2.connection.H2Connection(config)
            state.initiate_connection()
            connection.sendall(state.data_to_send())
            while data := connection.recv(65_536):
                for event in state.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        headers = {str(k): str(v) for k, v in event.headers or ()}
                        self.seen.append(headers)
                        reply = self._answers.get(headers[":path"], Reply2(404))
                        self._answer(state, event.stream_id or 0, reply)
                    elif isinstance(event, h2.events.StreamReset):
                        self.resets += 1
                    elif isinstance(event, h2.events.ConnectionTerminated):
                        return
                connection.sendall(state.data_to_send())

    def _answer(self, state: h2.connection.H2Connection, stream: int, reply: Reply2) -> None:
        if reply.drop:
            raise OSError("dropped")
        if reply.refuse:
            state.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        if reply.silent or reply.refuse:
            return
        headers = [(":status", str(reply.status)), *reply.headers.items()]
        state.send_headers(stream, headers, end_stream=not (reply.body or reply.endless))
        for start in range(0, len(reply.body), 16_384):
            last = start + 16_384 >= len(reply.body) and not (reply.endless or reply.reset)
            state.send_data(stream, reply.body[start : start + 16_384], end_stream=last)
        if reply.reset:
            state.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)


class _quietly:  # noqa: N801  reads as a statement
    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        return isinstance(error, OSError)
