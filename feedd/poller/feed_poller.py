"""The poller: worker tasks that fetch the feeds it is given, and one that stores the results.

Feeds are submitted in batches. They wait in a queue in which hosts take turns; results go to the
recorder, which stores several feeds in one transaction. A batch is over when all of it is stored.
Where every host fails alike the network is down, and no feed is blamed (rule 41). Rule numbers are
those of docs/politeness.md.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from feedd.errors import MachineError, StoreError, is_machine_trouble, shortage_of
from feedd.http.client import Client
from feedd.model import Config, FeedState, HostBackoff
from feedd.outcome import unexpected
from feedd.poller.decide import PollContext
from feedd.poller.document import PackedDocument, ParseJob
from feedd.poller.fetch import FetchResult, LocalFeeds, ParseDocument, fetch_feed, is_local
from feedd.poller.network import Network, Suspect, is_suspect, verdict
from feedd.poller.queues import Backlog, HostQueue, RecordQueue, Room, queue_of
from feedd.poller.recorder import PollReport, decide_and_record, size_of
from feedd.poller.tasks import StoreThread, Supervisor, WorkerTasks

log = logging.getLogger("feedd.poller")

FETCHERS_PER_REQUEST = 8
"""How many feeds are taken up for each request that may be open. A feed may wait for a place at a
crowded address (known only once its name is resolved), and must not keep others from asking
elsewhere (rule 26)."""

LINED_UP_AT_ONCE = 64
"""How many feeds are queued, or reported as stored, before other tasks have their turn: hundreds at
once would hold up the event loop."""

PROOF_LASTS_S = 120
"""A host that answered so recently proves that the network is up."""


class Batch(Struct):
    """Feeds given to the poller together, and what has become of them so far.

    `pending` counts feeds that are not stored yet. `reports` come without their items, which may be
    many. `heard`: the answer of some server was stored, so the network need not be judged any more.
    `suspects` are failures that may be the network's, kept back until it is judged. `error` is what
    kept some result from being stored; with `noted` the supervisor knows of it already.
    """

    supervisor: Supervisor
    pending: int
    network: Network = "up"
    heard: bool = False
    reports: list[PollReport] = field(default_factory=list)
    suspects: list[tuple[Suspect, _Turn, FetchResult]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None
    noted: bool = False

    async def finished(self) -> Batch:
        """Wait until all is stored; raises what kept it from being stored."""
        await self.supervisor.until(self.over)
        if self.error is not None:
            raise self.error
        return self


class _Turn(Struct, frozen=True):
    """One feed of one batch in the queue. `blame_network`: its failure may be the network's."""

    feed: FeedState
    host: str
    batch: Batch
    blame_network: bool


class Poller(WorkerTasks):
    """An asynchronous context manager; `submit` gives it feeds.

    `network` is what the latest answers say of the network. `shortage` is what the machine lacked
    (memory, descriptors, disk) when a feed was last tried, until one is fetched without it.
    """

    def __init__(
        self,
        config: Config,
        *,
        client: Client,
        parse: ParseDocument,
        store: StoreThread,
        supervisor: Supervisor,
        clock: Callable[[], float],
        rng: random.Random,
        report: Callable[[PollReport], None] = lambda report: None,
    ) -> None:
        super().__init__(supervisor)
        self.config = config
        self._client = client
        self._local = LocalFeeds(config.path.parent)
        self._parse = parse
        self._store = store
        self._clock = clock
        self._rng = rng
        self._report = report
        self._queue: HostQueue[_Turn] = HostQueue(per_host=config.settings.per_host)
        self._backlog = Backlog()
        self._results: RecordQueue[tuple[_Turn, FetchResult]] = RecordQueue()
        self._busy: set[int] = set()
        self._held: dict[str, int] = {}
        """Until when hosts that answered 429 are left alone."""
        self.network: Network = "up"
        self.shortage: MachineError | None = None
        self._last_proof = float("-inf")
        self._doubts: dict[str, Suspect] = {}
        """What may be the network's fault, by host, since the last proof that it is up."""

    def submit(self, feeds: Iterable[FeedState], *, blame_network: bool = True) -> Batch:
        """Put feeds into the queue, except those that are in it already.

        With `blame_network`, failures that all hosts of the batch share are the network's, and none
        of them is stored (rule 41).
        """
        waiting = deque(feed for feed in feeds if feed.id not in self._busy)
        batch = Batch(self._supervisor, pending=len(waiting))
        self._busy.update(feed.id for feed in waiting)
        if waiting:
            self._line_up(waiting, batch, blame_network)
        else:
            batch.over.set()
        return batch

    def _line_up(self, feeds: deque[FeedState], batch: Batch, blame_network: bool) -> None:
        for _ in range(min(LINED_UP_AT_ONCE, len(feeds))):
            feed = feeds.popleft()
            blamed = blame_network and not self._goes_its_own_way(feed)
            self._queue.add(_Turn(feed, queue_of(feed.active_url), batch, blamed))
        most = self.config.settings.concurrency * FETCHERS_PER_REQUEST
        fetchers = min(self._queue.active, most)
        self._start_workers("polling", self._fetch_next, fetchers, essential=True)
        self._start_workers("storing polls", self._record_next, 1, essential=True)
        if feeds:
            asyncio.get_running_loop().call_soon(self._line_up, feeds, batch, blame_network)

    def _goes_its_own_way(self, feed: FeedState) -> bool:
        """Does it say nothing of the network: a local feed, or one with a proxy of its own?"""
        known = self.config.feeds.get(feed.name)
        return is_local(feed.url) or (known is not None and known.proxy is not None)

    def follow_clock(self, back_s: int) -> None:
        """Note that the clock went back by `back_s` seconds: no host is held longer for that."""
        self._held = {host: until - back_s for host, until in self._held.items()}
        self._last_proof -= back_s

    @property
    def busy(self) -> frozenset[int]:
        """The feeds, by id, that were given and are not stored yet."""
        return frozenset(self._busy)

    @property
    def under_way(self) -> int:
        """How many feeds were given and are not stored yet."""
        return len(self._busy)

    @property
    def asked_now(self) -> list[str]:
        """The names of the feeds whose servers are being asked."""
        return [turn.feed.name for turn in self._queue.out]

    # ------------------------------------------------------------ fetching

    async def _fetch_next(self) -> None:
        await self._results.has_room()
        turn = await self._queue.take()
        try:
            room = Room(self._backlog)
            try:
                result = await self._fetch(turn, room)
            finally:
                room.leave()
                self._queue.done(turn)
            self._accept_or_suspect(turn, result)
        except MachineError as error:  # no feed is blamed; whoever waits for the batch hears of it
            turn.batch.error = error
            self._finish(turn)
        except Exception as error:  # a bug of ours, and no feed's fault either
            turn.batch.error, turn.batch.noted = error, True
            self._finish(turn)
            raise

    async def _fetch(self, turn: _Turn, room: Room) -> FetchResult | None:
        """One feed's result; None where it is not to be asked now. Raises MachineError."""

        def parse(job: ParseJob) -> Awaitable[PackedDocument]:
            # No coroutine of its own, which would hold on to the body.
            room.fill(len(job.document.body))
            return self._parse(job)

        now = int(self._clock())
        feed = self.config.feeds.get(turn.feed.name)
        if feed is None or self._held.get(turn.host, 0) > now:
            return None
        if turn.batch.error is not None and isinstance(turn.batch.error, MachineError):
            return None
        try:
            result = await fetch_feed(
                self._client,
                self._local,
                parse,
                self.config,
                turn.feed,
                now=now,
                admitted=room.enter,
            )
        except Exception as error:
            if is_machine_trouble(error):
                self.shortage = shortage_of(error)
                raise self.shortage from error
            # One feed's trouble never stops the others (rule 26).
            log.debug("%s: unexpected error", turn.feed.name, exc_info=True)
            return FetchResult(turn.feed, feed, now, conditional=False, failure=unexpected(error))
        self.shortage = None
        self._hold_at_once(result)
        return result

    def _hold_at_once(self, result: FetchResult) -> None:
        """A 429 stops the other feeds of its host in this very pass, not once stored (rule 9)."""
        if result.failure is not None and result.failure.holds_host:
            assert result.response is not None
            wait_s = max(result.retry_after_s or 0, self.config.settings.min_interval_s)
            host = queue_of(result.response.url)
            self._held[host] = max(self._held.get(host, 0), result.at + wait_s)

    def _accept_or_suspect(self, turn: _Turn, result: FetchResult | None) -> None:
        """Pass a result on to the recorder, or keep it back while the network is in doubt."""
        batch = turn.batch
        if result is None:
            self._finish(turn)
        elif (
            turn.blame_network
            and result.failure is not None
            and is_suspect(result.failure)
            and self._clock() - self._last_proof > PROOF_LASTS_S
        ):
            batch.suspects.append((Suspect(turn.host, result.failure), turn, result))
            self._judge_network(batch)
        else:
            local = is_local(turn.feed.url)
            if not local and (result.failure is None or not is_suspect(result.failure)):
                self._last_proof = self._clock()
                self._doubts.clear()
                self.network = "up"
            self._results.put((turn, result), size_of(result))

    def _judge_network(self, batch: Batch) -> None:
        """Once only suspects are left of a batch, decide whether the network is down or their feeds
        fail.
        """
        if not batch.suspects or len(batch.suspects) < batch.pending:
            return
        suspects, batch.suspects = batch.suspects, []
        if not batch.heard and self._clock() - self._last_proof > PROOF_LASTS_S:
            self._doubts |= {suspect.host: suspect for suspect, _, _ in suspects}
            self.network = verdict([*self._doubts.values()], self.network)
        batch.network = self.network
        for _, turn, result in suspects:
            if self.network == "up":
                self._results.put((turn, result), size_of(result))
            else:
                self._finish(turn)

    def _finish(self, turn: _Turn) -> None:
        self._busy.discard(turn.feed.id)
        turn.batch.pending -= 1
        if not turn.batch.pending:
            turn.batch.over.set()
        self._judge_network(turn.batch)
        self._results.look()

    # ------------------------------------------------------------ storing

    async def _record_next(self) -> None:
        # In a function of its own, so that no result stays in memory while this waits for the next.
        await self._record(await self._results.take(lambda: self.under_way))

    async def _record(self, taken: list[tuple[_Turn, FetchResult]]) -> None:
        turns = [turn for turn, _ in taken]
        results = [result for _, result in taken]
        taken.clear()
        try:
            context = PollContext(self.config.settings, None, self._rng, self.config)
            recorded = await self._store.call(decide_and_record, results, context, dict(self._held))
        except Exception as error:
            store_failed = isinstance(error, StoreError)
            for turn in turns:
                turn.batch.error, turn.batch.noted = error, not store_failed
                self._finish(turn)
            if store_failed:  # whoever waits for the batch hears of it
                return
            raise
        self._hold([one.backoff for one in recorded if one.backoff])
        for number, (turn, one) in enumerate(zip(turns, recorded, strict=True), start=1):
            turn.batch.reports.append(
                replace(one.report, items=()) if one.report.items else one.report
            )
            turn.batch.heard |= not is_local(turn.feed.url)
            try:
                self._report(one.report)
            except Exception as error:  # it is stored, and so are the next ones
                turn.batch.error = error
            self._finish(turn)
            # Whoever is told of many items takes a while over them; so does a thousand of feeds.
            if one.report.items or number % LINED_UP_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _hold(self, backoffs: Iterable[HostBackoff]) -> None:
        """Note until when hosts are left alone, and forget those whose time is over."""
        now = int(self._clock())
        self._held = {host: until for host, until in self._held.items() if until > now}
        self._held |= {backoff.host: backoff.until for backoff in backoffs}
