"""Hands out the metrics: over HTTP when asked, or into a file every minute."""

from __future__ import annotations

import asyncio
import logging
from copy import deepcopy
from pathlib import Path
from typing import Final

from feedd.configfile.atomic_write import replace
from feedd.errors import FeeddError, MachineError, StoreError
from feedd.listener import Answer, Call, listen
from feedd.metrics.tally import Tally
from feedd.poller.engine import Engine
from feedd.store.measurements import measure

log = logging.getLogger("feedd.metrics")

PATH: Final = "/metrics"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

WRITE_S: Final = 60
"""How often the file is written."""

FRESH_S: Final = 1.0
"""Whoever asks again so soon gets the same: measuring keeps the database from other work."""

FILE_MODE: Final = 0o644
"""Of the file: what collects it is another user, and it holds no secret."""


class Exporter:
    """Does nothing where `target` is None, the setting `metrics`."""

    def __init__(self, target: tuple[str, int] | Path | None, engine: Engine, tally: Tally) -> None:
        self._target = target
        self._engine = engine
        self._tally = tally
        self._measuring = asyncio.Lock()
        self._fresh_until = float("-inf")
        self._text = ""

    async def serve(self) -> None:
        """Hand out metrics until cancelled. Raises MachineError where they can't get out."""
        if isinstance(self._target, Path):
            await self._write_on(self._target)
        elif self._target is not None:
            await self._listen_on(*self._target)

    async def answer(self, call: Call) -> Answer:
        """What whoever asks is told: the metrics at one path, and that there is nothing else."""
        if call.path != PATH:
            return Answer(404, f"the metrics are at {PATH}\n")
        if call.method != "GET":
            return Answer(405, headers={"Allow": "GET"})
        try:
            return Answer(200, await self._metrics(), CONTENT_TYPE)
        except StoreError as error:
            log.debug("no metrics: %s", error)
            return Answer(503, "the database can't be read; feedd's log says why\n")

    async def _metrics(self) -> str:
        now = asyncio.get_running_loop().time
        async with self._measuring:
            if now() >= self._fresh_until:
                self._text = await self._measured()
                self._fresh_until = now() + FRESH_S
            return self._text

    async def _measured(self) -> str:
        from feedd.metrics.exposition import exposition  # a library that only this needs

        at = self._engine.clock()
        figures = await self._engine.store.call(measure, int(at))
        network_up = self._engine.poller.network == "up"
        tally = deepcopy(self._tally)  # which goes on counting meanwhile
        tally.task_errors = dict(self._engine.supervisor.errors)
        return await asyncio.to_thread(exposition, tally, figures, at, network_up=network_up)

    # ------------------------------------------------------------ ways out

    async def _listen_on(self, host: str, port: int) -> None:
        try:
            async with listen(host, port, self.answer) as bound:
                log.info("metrics at %s on %s port %d", PATH, host, bound)
                await asyncio.Event().wait()
        except OSError as error:
            raise _unreachable(f"on {host} port {port}", error) from error

    async def _write_on(self, path: Path) -> None:
        try:
            while True:
                await self._write(path)
                await asyncio.sleep(WRITE_S)
        finally:
            try:
                await self._write(path)
            except FeeddError as error:
                log.debug("%s", error)

    async def _write(self, path: Path) -> None:
        text = await self._measured()
        try:
            await asyncio.to_thread(replace, path, text.encode(), new_mode=FILE_MODE)
        except OSError as error:
            raise _unreachable(f"in {path}", error) from error


def _unreachable(where: str, error: OSError) -> MachineError:
    return MachineError(f"no metrics {where} (metrics): {error.strerror or error}")
