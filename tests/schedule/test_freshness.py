"""Rule 11: at equal numbers of requests, new entries are found sooner than by a fixed interval."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.curve import Curve, draw
from benchmarks.freshness import Outcome, named_rule, replay
from benchmarks.rules import FIXED, RULES
from benchmarks.traces import DAY_S, HOUR_S, REAL, Trace, generated, read, years

FEEDD = RULES[-1]
DAYS = 150
SHORT = [
    replace(
        trace,
        times=tuple(t for t in trace.times if t < trace.times[0] + DAYS * DAY_S),
        end=trace.times[0] + DAYS * DAY_S,
    )
    for trace in generated(5, 3)
]


def mean_delay_s(outcomes: list[Outcome]) -> float:
    delays = [delay for outcome in outcomes for delay in outcome.delays]
    return sum(delays) / len(delays)


@pytest.mark.parametrize("kind", ["weekday", "weekly", "bursts"])
def test_rule_11_sooner_than_a_fixed_interval_of_as_many_requests(kind: str) -> None:
    feedds, fixeds = [], []
    for trace in SHORT:
        if trace.kind == kind:
            feedd = replay(FEEDD, 0.56, trace)
            fixed = replay(FIXED, feedd.days * DAY_S / feedd.requests, trace)
            assert fixed.requests == pytest.approx(feedd.requests, rel=0.01)
            feedds.append(feedd)
            fixeds.append(fixed)
    assert mean_delay_s(feedds) < 0.85 * mean_delay_s(fixeds)


def test_every_rule_finds_every_entry_within_its_bounds() -> None:
    trace = next(trace for trace in SHORT if trace.kind == "bursts")
    for rule in RULES:
        outcome = replay(rule, rule.usual[1], trace)
        assert len(outcome.delays) == len(trace.times) - 1 or outcome.requests > 0
        assert min(outcome.delays) >= 0
        assert max(outcome.delays) <= DAY_S + 120


def test_an_archived_document_is_a_trace(tmp_path: Path) -> None:
    document = tmp_path / "blog.xml"
    document.write_text(
        """<rss version="2.0"><channel><title>Blog</title>
        <item><guid>b</guid><title>B</title><pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate></item>
        <item><guid>a</guid><title>A</title><pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate></item>
        </channel></rss>"""
    )
    (tmp_path / "all.opml").write_text(
        '<opml version="2.0"><body><outline text="Blog" xmlUrl="blog.xml"/>'
        '<outline text="Elsewhere" xmlUrl="https://elsewhere.example/feed"/></body></opml>'
    )
    (trace,) = read(tmp_path / "all.opml")
    assert trace.times == (1_704_103_200, 1_704_189_600)
    assert read(document) == [trace]


def test_generated_traces_are_the_same_every_time() -> None:
    assert generated(1, 1) == generated(1, 1)
    assert all(isinstance(trace, Trace) and len(trace.times) > 2 for trace in generated(1, 1))


def test_the_curve_is_drawn_with_every_rule_named() -> None:
    curves = [
        Curve(rule.name, [(8.0, HOUR_S / 60, 80.0), (24.0, 10.0 + n, 30.0)])
        for n, rule in enumerate(RULES)
    ]
    picture = draw(curves)
    assert picture.count("<polyline") == 2 * len(RULES)
    assert "Miniflux" in picture


def test_each_year_of_a_real_trace_begins_without_knowledge_of_the_one_before() -> None:
    traces = read(REAL)
    assert len({trace.source for trace in traces}) > 20
    histories = [year for trace in traces for year in years(trace)]
    assert len(histories) > len(traces)
    assert all(year.times[-1] - year.times[0] <= 365 * DAY_S for year in histories)
    carried = [year for trace in traces for year in years(trace, 20)]
    assert all(year.before and year.before[-1] < year.times[0] for year in carried)


def test_a_rule_of_ones_own_is_named_on_the_command_line() -> None:
    rule = named_rule("benchmarks.rules:FIXED")
    assert rule is FIXED
    with pytest.raises(SystemExit, match="MODULE:RULE"):
        named_rule("nowhere:RULE")
    with pytest.raises(SystemExit, match="is no "):
        named_rule("benchmarks.rules:PACE")
