"""Small charts for pictures of apps, as SVG in an ``img``: it can run nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .sketch import image, text

WIDTH, HEIGHT, EDGE = 480, 200, 12
MOST = 300
"""Points that are drawn."""
INK = "#4a7ebb"


def chart(mark: str, points: Sequence[Sequence[Any]], name: str) -> str:
    """A line, bars or points; names are placed side by side."""
    thin = points[:: max(1, len(points) // MOST)]
    known = [(x, float(y)) for x, y in thin if type(y) in (int, float) and y == y and abs(y) < 1e300]
    if not known:
        return text(name)
    across = _across([x for x, _ in known])
    ys = [y for _, y in known] + ([0.0] if mark == "bar" else [])
    low, high = min(ys), max(ys)
    ground = HEIGHT - EDGE

    def up(y: float) -> float:
        return ground - (y - low) / ((high - low) or 1) * (HEIGHT - 2 * EDGE)

    places = [(round(x, 1), round(up(y), 1)) for x, (_, y) in zip(across, known, strict=True)]
    if mark == "line":
        line = " ".join(f"{x},{y}" for x, y in sorted(places))
        inner = f'<polyline points="{line}" fill="none" stroke="{INK}" stroke-width="2"/>'
    elif mark == "bar":
        wide = max(1.0, 0.6 * (WIDTH - 2 * EDGE) / len(places))
        zero = up(0.0)
        bars = [(x - wide / 2, min(y, zero), abs(zero - y)) for x, y in places]
        inner = "".join(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{h:.1f}" fill="{INK}"/>'
            for x, y, h in bars
        )
    else:
        inner = "".join(f'<circle cx="{x}" cy="{y}" r="3" fill="{INK}"/>' for x, y in places)
    axis = f'<path d="M{EDGE} {EDGE}V{ground}H{WIDTH - EDGE}" fill="none" stroke="#888"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{axis}{inner}</svg>'
    return image(svg.encode(), "image/svg+xml", name) + f"<div>{text(name)}</div>"


def _across(xs: Sequence[Any]) -> list[float]:
    room = WIDTH - 4 * EDGE
    if all(type(x) in (int, float) and x == x and abs(x) < 1e300 for x in xs):
        low, high = min(xs), max(xs)
        return [2 * EDGE + (x - low) / ((high - low) or 1) * room for x in xs]
    names = list(dict.fromkeys(map(str, xs)))
    place = {name: 2 * EDGE + (i + 0.5) * room / len(names) for i, name in enumerate(names)}
    return [place[str(x)] for x in xs]
