"""A server that resets connections before it has read a request."""

from __future__ import annotations

import socket
import struct
import threading
import time


class Brusque:
    """A context manager: each connection gets `words` once it has said something (at once, where
    `listens` is False), then a TCP reset.
    """

    def __init__(self, words: bytes = b"", *, listens: bool) -> None:
        self._words = words
        self._listens = listens
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Brusque:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                if self._listens:
                    connection.recv(65_536)
                if self._words:
                    connection.sendall(self._words)
                    time.sleep(0.05)  # a reset would overtake what has been sent
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
