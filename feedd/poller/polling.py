"""The poller: a standing crew that asks the feeds it is given and stores what comes.

Feeds come in batches. Askers take them from a line in which hosts take turns; one recorder writes
what they bring, several feeds to a transaction. A batch ends when all of it is stored.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from feedd.http import Client
from feedd.model import Config, FeedState, PollOutcome
from feedd.outcome import unexpected
from feedd.poller.asking import Asked, ReadDocument, ask
from feedd.poller.brought import Brought, size_of
from feedd.poller.concluding import Terms
from feedd.poller.crew import Crew
from feedd.poller.hosts import HostLine, queue_of
from feedd.poller.local import LocalFeeds, is_local
from feedd.poller.network import Network, Suspect, is_suspect, verdict
from feedd.poller.recording import conclude_and_record, hold_of
from feedd.poller.store_thread import StoreThread

log = logging.getLogger("feedd.poller")

ASKERS_PER_REQUEST = 8
"""More feeds are taken up than requests may be out: one that waits for a place at a crowded address
(known only once its name is resolved) must not keep others from asking elsewhere (rule 26)."""

LINED_UP_AT_ONCE = 64
"""All askers that wait for a feed begin at once: with hundreds the loop would be held up."""

PROOF_LASTS_S = 120
"""A host that answered so recently proves that the network is up."""


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll of one feed came to. `items` are the (id, title) of its new items.

    `archive_url` is where the document says that older entries are. `first`: the feed had never
    been read before. `pushed`: its hub brought the document.
    """

    feed: str
    status: int | None
    new: int = 0
    changed: int = 0
    bytes: int = 0
    error: str | None = None
    items: tuple[tuple[int, str], ...] = ()
    archive_url: str | None = None
    first: bool = False
    duration_ms: int = 0
    pushed: bool = False


@dataclass(slots=True)
class Batch:
    """Feeds given to the poller together, and what has become of them so far.

    `reports` are without their items, which may be many. `heard`: what came of asking a server was
    stored, so the network was judged, or needs no judge.
    """

    pending: int
    network: Network = "up"
    heard: bool = False
    reports: list[PollReport] = field(default_factory=list)
    suspects: list[tuple[Suspect, _Turn, Asked]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None

    async def finished(self) -> Batch:
        """Wait until all is stored; raises what kept it from being stored."""
        await self.over.wait()
        if self.error is not None:
            raise self.error
        return self


@dataclass(frozen=True, slots=True)
class _Turn:
    """One feed of one batch in the line."""

    feed: FeedState
    host: str
    batch: Batch
    blame_network: bool


class Poller(Crew):
    """An asynchronous context manager; `submit` gives it feeds."""

    def __init__(
        self,
        config: Config,
        *,
        client: Client,
        read: ReadDocument,
        store: StoreThread,
        clock: Callable[[], float],
        rng: random.Random,
        report: Callable[[PollReport], None] = lambda report: None,
    ) -> None:
        self.config = config
        self._client = client
        self._local = LocalFeeds(config.path.parent)
        self._read = read
        self._store = store
        self._clock = clock
        self._rng = rng
        self._report = report
        self._line: HostLine[_Turn] = HostLine(per_host=config.settings.per_host)
        self._brought: Brought[tuple[_Turn, Asked]] = Brought()
        self._busy: set[int] = set()
        self._held: dict[str, int] = {}
        self.network: Network = "up"
        self._last_proof = float("-inf")
        self._doubts: dict[str, Suspect] = {}
        """What may be the network's fault, by host, since the last proof that it is up."""

    def _work(self) -> Iterable[Coroutine[None, None, None]]:
        for _ in range(self.config.settings.concurrency * ASKERS_PER_REQUEST):
            yield self._ask_on()
        yield self._record_on()

    def submit(self, feeds: Iterable[FeedState], *, blame_network: bool = True) -> Batch:
        """Put feeds in line, those already in it excepted.

        With `blame_network`, failures that all hosts of the batch share are the network's, and none
        of them is stored (rule 41).
        """
        turns = deque(feed for feed in feeds if feed.id not in self._busy)
        batch = Batch(pending=len(turns))
        self._busy.update(feed.id for feed in turns)
        if turns:
            self._line_up(turns, batch, blame_network)
        else:
            batch.over.set()
        return batch

    def _line_up(self, feeds: deque[FeedState], batch: Batch, blame_network: bool) -> None:
        for _ in range(min(LINED_UP_AT_ONCE, len(feeds))):
            feed = feeds.popleft()
            blamed = blame_network and not is_local(feed.url)
            self._line.add(_Turn(feed, queue_of(feed.active_url), batch, blamed))
        if feeds:
            asyncio.get_running_loop().call_soon(self._line_up, feeds, batch, blame_network)

    def follow_clock(self, back_s: int) -> None:
        """The clock went back by so much: hosts are held no longer for that."""
        self._held = {host: until - back_s for host, until in self._held.items()}
        self._last_proof -= back_s

    @property
    def under_way(self) -> int:
        """How many feeds were given and are not stored yet."""
        return len(self._busy)

    # ------------------------------------------------------------ asking

    async def _ask_on(self) -> None:
        while True:
            await self._brought.has_room()
            await self._ask_and_weigh(await self._line.take())

    async def _ask_and_weigh(self, turn: _Turn) -> None:
        """On its own, so that no answer is kept in memory while its asker waits for the next."""
        try:
            asked = await self._ask(turn)
        finally:
            self._line.done(turn)
        self._weigh(turn, asked)

    async def _ask(self, turn: _Turn) -> Asked | None:
        now = int(self._clock())
        feed_config = self.config.feeds.get(turn.feed.name)
        if feed_config is None or self._held.get(turn.host, 0) > now:
            return None
        try:
            return await ask(self._client, self._local, self._read, self.config, turn.feed, now=now)
        except Exception as error:  # one feed's trouble never stops the others (rule 26)
            log.debug("%s: unexpected error", turn.feed.name, exc_info=True)
            return Asked(turn.feed, feed_config, now, conditional=False, failure=unexpected(error))

    def _weigh(self, turn: _Turn, asked: Asked | None) -> None:
        """Pass an answer on to the recorder, or keep it back while the network is in doubt."""
        batch = turn.batch
        if asked is None:
            self._finish(turn)
        elif (
            turn.blame_network
            and asked.failure is not None
            and is_suspect(asked.failure)
            and self._clock() - self._last_proof > PROOF_LASTS_S
        ):
            batch.suspects.append((Suspect(turn.host, asked.failure), turn, asked))
            self._judge_network(batch)
        else:
            local = is_local(turn.feed.url)
            if not local and (asked.failure is None or not is_suspect(asked.failure)):
                self._last_proof = self._clock()
                self._doubts.clear()
                self.network = "up"
            self._brought.put((turn, asked), size_of(asked))

    def _judge_network(self, batch: Batch) -> None:
        """Once all that is left of a batch are failures that may be the network's: are they?"""
        if not batch.suspects or len(batch.suspects) < batch.pending:
            return
        suspects, batch.suspects = batch.suspects, []
        if not batch.heard and self._clock() - self._last_proof > PROOF_LASTS_S:
            self._doubts |= {suspect.host: suspect for suspect, _, _ in suspects}
            self.network = verdict([*self._doubts.values()], self.network)
        batch.network = self.network
        for _, turn, asked in suspects:
            if self.network == "up":
                self._brought.put((turn, asked), size_of(asked))
            else:
                self._finish(turn)

    def _finish(self, turn: _Turn) -> None:
        self._busy.discard(turn.feed.id)
        turn.batch.pending -= 1
        if not turn.batch.pending:
            turn.batch.over.set()
        self._judge_network(turn.batch)

    # ------------------------------------------------------------ storing

    async def _record_on(self) -> None:
        while True:
            await self._record(await self._brought.take(lambda: self.under_way))

    async def _record(self, brought: list[tuple[_Turn, Asked]]) -> None:
        turns = [turn for turn, _ in brought]
        answers = [asked for _, asked in brought]
        brought.clear()
        try:
            terms = Terms(self.config.settings, None, self._rng)
            stored = await self._store.call(_stored, answers, terms, dict(self._held))
        except Exception as error:
            for turn in turns:
                turn.batch.error = error
                self._finish(turn)
            return
        for _, held in stored:
            self._held |= held
        for turn, (report, _) in zip(turns, stored, strict=True):
            turn.batch.reports.append(replace(report, items=()))
            turn.batch.heard |= not is_local(turn.feed.url)
            try:
                self._report(report)
            except Exception as error:  # stored it is; the crew goes on
                turn.batch.error = error
            self._finish(turn)
            await asyncio.sleep(0)  # whoever is told of many new items takes a while over them


def _stored(
    db: sqlite3.Connection, answers: list[Asked], terms: Terms, held: Mapping[str, int]
) -> list[tuple[PollReport, dict[str, int]]]:
    """Store what the answers change; for each its report, and hosts to be left alone.

    The answers are let go of one by one, here: to free all that is in them at once would hold up
    the loop.
    """
    recorded = conclude_and_record(db, answers, terms, held)
    answers.reverse()
    recorded.reverse()
    stored = []
    while answers:
        asked, (outcome, ids) = answers.pop(), recorded.pop()
        stored.append((report_of(asked, outcome, ids), hold_of(asked, outcome)))
    return stored


def report_of(asked: Asked, outcome: PollOutcome, ids: Sequence[int]) -> PollReport:
    """What a stored poll came to; `ids` are those of its new items."""
    poll = outcome.poll
    titles = [new.keyed.entry.title for new in outcome.new]
    return PollReport(
        feed=outcome.state.name,
        status=poll.status,
        new=poll.new,
        changed=poll.changed,
        bytes=poll.bytes,
        error=poll.error,
        items=tuple(zip(ids, titles, strict=True)),
        archive_url=asked.reading.feed.archive_url if asked.reading else None,
        first=asked.feed.last_success is None,
        duration_ms=poll.duration_ms,
        pushed=outcome.pushed,
    )
