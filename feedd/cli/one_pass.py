"""`feedd poll`: one pass over some feeds."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from feedd.cli.context import Context, Progress
from feedd.cli.hints import check_feed
from feedd.cli.options import complete_feed, json_option
from feedd.errors import UsageError
from feedd.model import Article, Config, PageJob
from feedd.terminal import gate
from feedd.units import format_duration, format_size, number_of

if TYPE_CHECKING:
    from feedd.poller.engine import Engine
    from feedd.poller.feed_poller import Batch
    from feedd.poller.network import Network
    from feedd.poller.recorder import PollReport

# What polls is imported when it polls: the shell's completion and --help do without.


@click.command("poll")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_feed)
@click.option("--all", "every", is_flag=True, help="Every enabled feed, due or not.")
@click.option(
    "--history", is_flag=True, help="Fetch the whole archive of one feed; run it again to go on."
)
@json_option
@click.pass_obj
def poll_command(
    context: Context, names: Sequence[str], every: bool, history: bool, as_json: bool
) -> int:
    """Ask the feeds that are due, or the named ones now; wait for their article pages; exit."""
    if history and len(names) != 1:
        raise UsageError("--history takes the name of one feed")
    if names and every:
        raise UsageError("give feed names or --all, not both")
    config = context.config()
    for name in names:
        check_feed(name, config)
    if history:
        from feedd.cli.archive_pass import read_history

        return asyncio.run(read_history(context, config, names[0], as_json=as_json))
    return asyncio.run(one_pass(context, config, names=names, every=every, as_json=as_json))


STORIES_WITHIN_S = 0.1
STORIES_SHARE = 0.1
"""How long a pass that brought something looks for stories, some 100 texts, and no longer than this
share of what it took until then; the next one, or the daemon, goes on."""

FIRST_ENTRIES_MANY = 1_000
"""After first polls of feeds with more entries it is left to the next pass, or the daemon: of so
many texts a hundred are next to none."""

END_OF_TIME = 2**62
"""Every feed that is polled at all is due by then."""

TAKEN_UP_AT_ONCE = 2_500
BATCHES_UNDER_WAY = 4
"""Of more feeds the states, 3 kB each, are read so many at a time. So many such batches are under
way, so that a slow server holds up none but the fourth after its own."""

SILENT_S = 3.0
"""When nothing has come for so long, those that are waited for are named."""
LOOK_S = 0.5
NAMED = 5


class _Tally:
    """What has happened so far, and how it is shown."""

    def __init__(self, ctx: Context, progress: Progress, *, as_json: bool) -> None:
        self._ctx = ctx
        self._progress = progress
        self._as_json = as_json
        self.expected = 0
        self.asked = self.failed = self.held = 0
        self._new = self._changed = self._same = self._bytes = 0
        self._stored = 0
        self.without_article: set[int] = set()
        """The entries whose page gave no article in this pass."""
        self.pages_expected = self.pages_postponed = self.pages_left = 0
        self._doing = ""
        self._named = False
        self._came_at = time.monotonic()

    def polled(self, report: PollReport) -> None:
        self.asked += 1
        self.failed += report.error is not None
        self._new += report.new
        self._changed += report.changed
        self._same += report.status == 304
        self._bytes += report.bytes
        self._progress.clear()
        self._record(report)
        if report.error is not None:
            self._ctx.complain(f"{gate(report.feed)}: {gate(report.error)}")
        elif self._ctx.verbose:
            self._ctx.detail(
                f"{gate(report.feed)}: {report.status}, {report.new} new, {report.changed} changed"
            )
        self._came("asked", self.asked, self.expected, "feeds")

    def _record(self, report: PollReport) -> None:
        if self._as_json:
            told = ("feed", "status", "new", "changed", "bytes", "error")
            self._ctx.emit_json({name: getattr(report, name) for name in told})

    @property
    def brought(self) -> int:
        """New and changed entries, and articles."""
        return self._new + self._changed + self._stored

    def waits(self, until: Mapping[str, int], now: int) -> None:
        """Feeds that were not asked: their server, or their host in this very pass, asked us to
        wait until then. Those of one host are one line.
        """
        from feedd.poller.recorder import PollReport

        self._progress.clear()
        waiting: dict[str, list[str]] = {}
        for feed, at in until.items():
            words = f"asked to wait {format_duration(max(0, at - now))} more (Retry-After)"
            waiting.setdefault(words, []).append(feed)
            self._record(PollReport(feed, None, error=words))
        for words, names in waiting.items():
            self._ctx.complain(f"{some_names(names)}: {words}")
        self.held += len(until)

    def cleaned(self, job: PageJob, article: Article) -> None:
        if article.error is None:
            self._stored += 1
        else:
            self.without_article.add(job.entry_id)
            self._progress.clear()
            self._ctx.detail(f"{gate(job.feed)}: {gate(job.url)}: {gate(article.error)}")
        done = self._stored + len(self.without_article)
        self._came("fetched", done, self.pages_expected, "articles")

    def _came(self, doing: str, done: int, of: int, what: str) -> None:
        self._came_at = time.monotonic()
        self._named = False
        if self._progress.shown:
            self._doing = f"{doing} {done:,} of {of:,} {what}"
            self._progress.update(self._doing)

    def wait(self, names: Sequence[str], now: float) -> None:
        """Name whom the pass waits for, where nothing has come for some seconds; `now` is
        monotonic. Where no progress is drawn, that is one line.
        """
        said = waiting_words(names, now - self._came_at)
        if said is None:
            return
        if self._progress.shown:
            self._progress.update(f"{self._doing}; {said}" if self._doing else said)
        elif not self._named:
            self._ctx.say(said)
        self._named = True

    def summary(self, seconds: float) -> str:
        parts = [
            f"{number_of(self.asked, 'feed')} asked",
            f"{self._new:,} new",
            f"{self._changed:,} changed",
        ]
        if self._same:
            parts.append(f"{self._same:,} not modified")
        if self.failed:
            parts.append(f"{self.failed:,} failed")
        if self.held:
            parts.append(f"{self.held:,} to be asked later")
        size = format_size(self._bytes)
        refused = len(self.without_article) - self.pages_postponed
        counts = (self._stored, refused, self.pages_left)
        words = ("stored", "refused", "still to fetch")
        said = ", ".join(f"{n:,} {what}" for n, what in zip(counts, words, strict=True) if n)
        articles = f"; articles: {said}" if said else ""
        return f"{', '.join(parts)}{articles} ({size}, {seconds:.1f} s)"


def waiting_words(names: Sequence[str], silent_s: float) -> str | None:
    """What to say of those that are being asked when nothing has come for so long."""
    if silent_s < SILENT_S or not names:
        return None
    return f"waiting for {some_names(list(dict.fromkeys(names)))}"


def some_names(names: Sequence[str]) -> str:
    """The first of these feeds, and how many more."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{', '.join(map(gate, names[:NAMED]))}{more}"


async def one_pass(
    ctx: Context, config: Config, *, names: Sequence[str], every: bool, as_json: bool
) -> int:
    """Poll, wait for the article pages, say what came of it; returns the exit code."""
    from feedd.poller.engine import open_engine

    started = time.monotonic()
    with Progress(quiet=ctx.quiet) as progress:
        tally = _Tally(ctx, progress, as_json=as_json)
        async with open_engine(config, polled=tally.polled, cleaned=tally.cleaned) as engine:
            from feedd.poller.network import NETWORK_WORDS
            from feedd.store.database import POLLS

            async with (
                _naming(engine, tally, lambda: engine.poller.asked_now if tally.expected else []),
                nullcontext() if names else engine.store.alone(POLLS),
            ):
                chosen, waiting = await _chosen(engine, names, every=every)
                tally.waits(waiting, int(engine.clock()))
                tally.expected = len(chosen)
                network, reports = await _poll(engine, [*chosen], blame_network=not names)
            if network == "up":
                held = await _held(engine, chosen.values(), reports)
                tally.waits(held, int(engine.clock()))
                await _work_beside(engine, config, tally, reports, of_all=not names)
            first_entries = sum(report.new for report in reports if report.first)
            if tally.brought and first_entries <= FIRST_ENTRIES_MANY:
                took_s = time.monotonic() - started
                await engine.find_stories(within_s=min(STORIES_WITHIN_S, STORIES_SHARE * took_s))
            await engine.rebuild_index()
    if network != "up":
        ctx.complain(
            f"feedd: {NETWORK_WORDS[network]}; no feed is blamed;"
            " feedd demo shows everything without a network"
        )
        return 1
    if tally.asked or tally.held:
        ctx.say(tally.summary(time.monotonic() - started))
    elif config.feeds:
        ctx.say("no feed is due; feedd poll --all asks every one now")
    else:
        ctx.say("no feeds yet: add one with feedd add URL")
    return 1 if tally.failed or tally.held else 0


async def _work_beside(
    engine: Engine,
    config: Config,
    tally: _Tally,
    reports: Sequence[PollReport],
    *,
    of_all: bool,
) -> None:
    """What a pass does once the feeds are polled: article pages, programs of the user's, and, in a
    pass `of_all` feeds, archives for what was missed and new addresses of lost feeds.
    """
    from feedd.store import polls

    waiting = await engine.store.call(polls.waiting_beside)
    if "pages" in waiting:
        await _fetch_pages(engine, tally)
    if any(report.new and not report.first for report in reports):
        await engine.new_item_hook.finished()
    if config.settings.on_broken or any(one.on_broken for one in config.feeds.values()):
        from feedd.poller import hooks

        await hooks.tell_troubles(engine.store, config, int(engine.clock()))
    if "gaps" in waiting and of_all:
        await engine.archives.fill_gaps()
    if "lost feeds" in waiting and of_all:
        await engine.relocator.search_due()


async def _poll(
    engine: Engine, ids: Sequence[int], *, blame_network: bool
) -> tuple[Network, list[PollReport]]:
    """Ask these feeds, so many at a time; what the last answers said of the network, and reports
    without their items.
    """
    from feedd.store.feeds import states_in_order

    network: Network = "up"
    reports: list[PollReport] = []
    under_way: deque[Batch] = deque()

    async def finish_first() -> None:
        nonlocal network
        batch = await under_way.popleft().finished()
        reports.extend(batch.reports)
        if network == "up":
            network = batch.network

    for start in range(0, max(1, len(ids)), TAKEN_UP_AT_ONCE):
        if len(under_way) == BATCHES_UNDER_WAY:
            await finish_first()
        if network != "up":
            break
        states = await engine.store.call(states_in_order, ids[start : start + TAKEN_UP_AT_ONCE])
        under_way.append(engine.poller.submit(states, blame_network=blame_network))
        del states  # each is let go of once it is stored
    while under_way:
        await finish_first()
    return network, reports


async def _fetch_pages(engine: Engine, tally: _Tally) -> None:
    from feedd.store import articles

    tally.pages_expected = await engine.store.call(articles.queue_length)
    async with _naming(engine, tally, lambda: engine.pages.asked_now):
        await engine.pages.fetch_due()
    tally.pages_postponed = await engine.store.call(articles.still_queued, tally.without_article)
    tally.pages_left = await engine.store.call(articles.queue_length)


@asynccontextmanager
async def _naming(
    engine: Engine, tally: _Tally, asked: Callable[[], list[str]]
) -> AsyncIterator[None]:
    """While this is open, those that keep the pass waiting are named: servers, or another feedd."""

    async def look() -> None:
        others = engine.store.waits_for
        tally.wait([others] if others else asked(), time.monotonic())

    naming = engine.supervisor.keep_running("naming who is waited for", look, every_s=LOOK_S)
    task = asyncio.create_task(naming)
    try:
        yield
    finally:
        task.cancel()


async def _held(
    engine: Engine, names: Iterable[str], reports: Sequence[PollReport]
) -> dict[str, int]:
    """Feeds that were not asked because another one of their host was answered 429 before, and
    until when they wait.
    """
    from feedd.store import feeds as feed_store

    told = {report.feed for report in reports}
    left = [name for name in names if name not in told]
    states = await engine.store.call(feed_store.feed_states, left) if left else []
    return {state.name: state.not_before or 0 for state in states}


async def _chosen(
    engine: Engine, names: Sequence[str], *, every: bool
) -> tuple[dict[int, str], dict[str, int]]:
    """The feeds to ask, by id, and those whose server asked us to wait until later (rule 9)."""
    from feedd.store import feeds as feed_store
    from feedd.store import polls

    now = int(engine.clock())
    if not names and not every:
        due = await engine.store.call(polls.in_line, now)
        return {feed_id: name for feed_id, name, _ in due}, {}
    if names:
        states = await engine.store.call(feed_store.feed_states, list(names))
        found = [(state.id, state.name, state.not_before) for state in states]
    else:
        found = await engine.store.call(polls.in_line, END_OF_TIME)
    chosen = [one for one in found if one[1] in engine.poller.config.feeds]
    waiting = {name: until for _, name, until in chosen if until and until > now}
    return {feed_id: name for feed_id, name, _ in chosen if name not in waiting}, waiting
