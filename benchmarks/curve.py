"""The trade-off curve of benchmarks/freshness.py as an SVG: delay against requests, both to log."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

COLOURS = ("#7f7f7f", "#d6a03a", "#c0504d", "#8064a2", "#4f9d6b", "#8fb8e8", "#1f5fbf")
PANEL_W, PANEL_H = 380, 300
LEFT, TOP, GAP, BOTTOM = 60, 40, 70, 110


@dataclass(frozen=True)
class Curve:
    """Points of (requests a feed and day, mean delay over entries, over feeds) in minutes."""

    name: str
    points: Sequence[tuple[float, float, float]]


def draw(curves: Sequence[Curve]) -> str:
    """Two panels, over entries and over feeds, with one legend."""
    width, height = LEFT + 2 * PANEL_W + GAP + 20, TOP + PANEL_H + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for panel, title in enumerate(("mean delay over entries", "mean delay over feeds")):
        left = LEFT + panel * (PANEL_W + GAP)
        parts += _panel(left, f"{title} (minutes)", curves, value=panel + 1)
    for number, curve in enumerate(curves):
        x = LEFT + number % 3 * 280
        y = TOP + PANEL_H + 55 + number // 3 * 20
        parts.append(f'<rect x="{x}" y="{y - 9}" width="18" height="4" fill="{_colour(number)}"/>')
        parts.append(f'<text x="{x + 24}" y="{y - 3}">{escape(curve.name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(left: int, title: str, curves: Sequence[Curve], *, value: int) -> list[str]:
    xs = [math.log(point[0]) for curve in curves for point in curve.points]
    ys = [math.log(point[value]) for curve in curves for point in curve.points]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys) - 0.1, max(ys) + 0.1

    def x(at: float) -> float:
        return left + (math.log(at) - low_x) / (high_x - low_x) * PANEL_W

    def y(at: float) -> float:
        return TOP + (high_y - math.log(at)) / (high_y - low_y) * PANEL_H

    parts = [
        f'<text x="{left}" y="{TOP - 14}" font-weight="bold">{title}</text>',
        f'<rect x="{left}" y="{TOP}" width="{PANEL_W}" height="{PANEL_H}" fill="none" '
        'stroke="#999"/>',
        f'<text x="{left + PANEL_W / 2}" y="{TOP + PANEL_H + 34}" text-anchor="middle">'
        "requests a feed and day</text>",
    ]
    for tick in (2, 4, 8, 16, 24, 48, 96):
        if low_x - 0.01 <= math.log(tick) <= high_x + 0.01:
            parts.append(
                f'<text x="{x(tick):.1f}" y="{TOP + PANEL_H + 16}" text-anchor="middle">'
                f"{tick}</text>"
            )
    for tick in (5, 10, 20, 50, 100, 200, 500, 1000):
        if low_y <= math.log(tick) <= high_y:
            parts.append(
                f'<line x1="{left}" x2="{left + PANEL_W}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
                'stroke="#ddd"/>'
                f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick}</text>'
            )
    for number, curve in enumerate(curves):
        path = " ".join(f"{x(p[0]):.1f},{y(p[value]):.1f}" for p in sorted(curve.points))
        wide = 3 if number == len(curves) - 1 else 1.5
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{_colour(number)}" '
            f'stroke-width="{wide}"/>'
        )
    return parts


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]
