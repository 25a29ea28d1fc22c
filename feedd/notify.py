"""The service manager's notification protocol, sd_notify(3), as far as a daemon needs it.

Without a manager (no NOTIFY_SOCKET) every call does nothing, so callers need not ask.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Mapping

SEND_TIMEOUT_S = 1.0


def watchdog_interval_s(environ: Mapping[str, str], pid: int) -> float | None:
    """How often to say WATCHDOG=1: half the manager's limit, as sd_watchdog_enabled(3) advises.

    None where no watchdog runs, or where it watches another process than `pid`.
    """
    try:
        limit_us = int(environ["WATCHDOG_USEC"])
        watched = int(environ.get("WATCHDOG_PID", pid))
    except (KeyError, ValueError):
        return None
    return limit_us / 2_000_000 if limit_us > 0 and watched == pid else None


def message(**fields: str | int) -> bytes:
    """The datagram: one NAME=value line a field; a value is kept to one line."""
    lines = (f"{name}={' '.join(str(value).split())}" for name, value in fields.items())
    return "\n".join(lines).encode(errors="replace")


class Manager:
    """The service manager that started us, spoken to over its datagram socket.

    A message that cannot be delivered is dropped: telling the manager must never stop the work.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._socket: socket.socket | None = None
        if address.startswith(("/", "@")):
            self._address = "\0" + address[1:] if address.startswith("@") else address
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.settimeout(SEND_TIMEOUT_S)

    def ready(self, status: str) -> None:
        """Start-up or a reload is finished."""
        self._send(READY=1, STATUS=status)

    def reloading(self) -> None:
        """A reload begins; `ready` must follow. The timestamp is what Type=notify-reload asks."""
        now_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send(RELOADING=1, MONOTONIC_USEC=now_us)

    def stopping(self, status: str) -> None:
        """Shutdown begins."""
        self._send(STOPPING=1, STATUS=status)

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send(STATUS=text)

    def alive(self) -> None:
        """The watchdog's keep-alive, due every `watchdog_interval_s`."""
        self._send(WATCHDOG=1)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _send(self, **fields: str | int) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto(message(**fields), self._address)
