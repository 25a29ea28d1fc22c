"""`feedd show --explain`: how an item's page is cleaned, block by block."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from msgspec.structs import asdict

from feedd import http
from feedd.article import (
    CLEAN_CPU_S,
    CLEAN_MEMORY_BYTES,
    CLEAN_TIMEOUT_S,
    ExplainedBlock,
    PageInput,
    sitememory,
)
from feedd.cli.context import Context
from feedd.errors import FeeddError, NotFoundError
from feedd.identity import site_of
from feedd.model import FeedConfig, PageJob
from feedd.poller.pages.page_fetcher import PageUnavailable, fetch_page, page_input
from feedd.store import articles
from feedd.terminal import gate
from feedd.workers.dispatcher import Workers

TEXT_CHARS = 300
"""How much of a block is shown."""


def explain(context: Context, ids: Sequence[int], *, as_json: bool) -> None:
    """Fetch each item's page and show what of it is kept and dropped, and why."""
    for entry_id in ids:
        job = articles.page_job_of(context.reader(), entry_id)
        if job is None:
            raise NotFoundError(
                f"item {entry_id} has no page to explain; feedd show shows its text"
            )
        context.say(f"fetching {gate(job.url)} anew, once: feedd keeps articles, not pages")
        blocks = asyncio.run(_explained(context, job))
        if as_json:
            context.emit_json(*({"id": entry_id, **asdict(block)} for block in blocks))
        else:
            context.show([*lines(blocks)], pager=False)


def lines(blocks: Sequence[ExplainedBlock]) -> Iterator[str]:
    """Two lines a block: verdict, certainty, element and reason; the beginning of its text."""
    for block in blocks:
        verdict = "kept" if block.kept else "dropped"
        yield f"{verdict:<8}{block.score:4.2f}  {gate(block.tag):<10}  {gate(block.why)}"
        if block.text:
            more = "…" if len(block.text) > TEXT_CHARS else ""
            yield f"        {gate(block.text[:TEXT_CHARS])}{more}"
    kept = sum(block.kept for block in blocks)
    yield f"{kept} of {len(blocks)} blocks kept"


async def _explained(context: Context, job: PageJob) -> list[ExplainedBlock]:
    config = context.config()
    feed = config.feeds.get(job.feed) or FeedConfig(job.feed, job.url)
    async with (
        http.open_client(config.settings) as client,
        Workers(
            "feedd.article.cleaning:explain_page",
            {PageInput: list[ExplainedBlock]},
            timeout_s=CLEAN_TIMEOUT_S,
            cpu_s=CLEAN_CPU_S,
            memory_bytes=CLEAN_MEMORY_BYTES,
        ) as workers,
    ):
        try:
            response = await fetch_page(client, job.url, feed, config.settings, context.now())
        except PageUnavailable as unavailable:
            raise FeeddError(
                f"{job.url} cannot be explained: {unavailable.reason}"
            ) from unavailable
        memory = sitememory.load(articles.site_memory(context.reader(), site_of(response.url)))
        page = page_input(response, job, feed, sitememory.recurring(memory))
        blocks: list[ExplainedBlock] = await workers.run(page)
        return blocks
