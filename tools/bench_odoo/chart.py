"""The chart of the benchmark: plain SVG, readable on light and dark pages."""

import math
from collections.abc import Iterable
from html import escape

from .measure import Result

WIDTH = 880
PLOT_WIDTH, PLOT_HEIGHT = 340, 190
COLOURS = {"ours": "#1f77b4", "core": "#d97706", "core, add-on installed": "#9ca3af"}
STYLE = """\
  text { font: 12px system-ui, sans-serif; fill: #374151; }
  .title { font-weight: 600; font-size: 14px; }
  .axis { stroke: #9ca3af; }
  .grid { stroke: #e5e7eb; }
  .goal { stroke: #b91c1c; stroke-width: 2; }"""


def draw(results: Iterable[Result]) -> str:
    """Confirmation by number of lines; below, everything beside Odoo alone."""
    by_key = {result.scenario.key: result for result in results if result.samples}
    confirm = by_key["confirm"]
    parts = [
        _plot(confirm, "cpu", "Confirm: CPU ms per line", 1000.0, 60),
        _plot(confirm, "sql", "Confirm: SQL per line", 1.0, 500),
        _legend(confirm, 285),
    ]
    bars, bottom = _bars(by_key.values(), 330)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom}" '
            f'width="{WIDTH}" height="{bottom}" role="img">',
            "  <title>What the add-on costs beside Odoo alone</title>",
            f"  <style>\n{STYLE}\n  </style>",
            f'  <rect width="{WIDTH}" height="{bottom}" fill="#ffffff" />',
            *parts,
            *bars,
            "</svg>",
            "",
        ]
    )


def draw_growth(rows: list[tuple[str, str, float]]) -> str:
    """One bar for each (what, whose, its growth)."""
    left, width, top = 430, 360, 40
    limit = max(2.0, *(growth for *_names, growth in rows))
    bottom = top + 18 * len(rows) + 10
    one = left + width / limit
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom}" '
        f'width="{WIDTH}" height="{bottom}" role="img">',
        "  <title>Growth with the number of open lines</title>",
        f"  <style>\n{STYLE}\n  </style>",
        f'  <rect width="{WIDTH}" height="{bottom}" fill="#ffffff" />',
        _text(60, 24, "CPU with the most open lines, 1 is with the fewest", "title"),
    ]
    for number, (title, variant, growth) in enumerate(rows):
        y, end = top + 18 * number, left + width * growth / limit
        parts += [
            _text(left - 10, y + 12, f"{_shorten(title)}, {variant}", anchor="end"),
            f'  <rect x="{left}" y="{y}" width="{end - left:.1f}" height="14" '
            f'fill="{COLOURS[variant]}" />',
            _text(end + 6, y + 12, f"{growth:.2f}"),
        ]
    parts.append(_line(one, top - 6, one, bottom - 6, "goal"))
    return "\n".join([*parts, "</svg>", ""])


def _plot(result: Result, figure: str, title: str, scale: float, left: int) -> str:
    """One line for each variant, with its lowest and highest run as a whisker."""
    top, bottom = 40, 40 + PLOT_HEIGHT
    counts = result.counts
    share = {key: scale / key[1] for key in result.samples}
    highest = max(
        max(result.values(*key, figure)) * share[key] for key in result.samples
    )
    limit = _round_up(highest)
    span = math.log(counts[-1]) or 1.0

    def across(count: int) -> float:
        return left + PLOT_WIDTH * (0.04 + 0.92 * math.log(count) / span)

    def up(value: float) -> float:
        return bottom - PLOT_HEIGHT * value / limit

    parts = [_text(left, top - 16, title, "title")]
    for step in range(5):
        value = limit * step / 4
        parts.append(_line(left, up(value), left + PLOT_WIDTH, up(value), "grid"))
        parts.append(_text(left - 8, up(value) + 4, f"{value:g}", anchor="end"))
    parts.append(_line(left, bottom, left + PLOT_WIDTH, bottom, "axis"))
    for count in counts:
        parts.append(_text(across(count), bottom + 18, str(count), anchor="middle"))
    parts.append(
        _text(left + PLOT_WIDTH / 2, bottom + 36, "lines (log scale)", anchor="middle")
    )
    for variant in result.scenario.variants:
        points = []
        for count in counts:
            values = result.values(variant.name, count, figure)
            if not values:
                continue
            factor = share[variant.name, count]
            x = across(count)
            middle = (result.median(variant.name, count, figure) or 0.0) * factor
            points.append((x, up(middle)))
            ends = up(min(values) * factor), up(max(values) * factor)
            parts.append(_stroke([(x, ends[0]), (x, ends[1])], variant.name, 1))
        parts.append(_stroke(points, variant.name, 2))
        fill = COLOURS[variant.name]
        parts += [
            f'  <circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{fill}" />'
            for x, y in points
        ]
    return "\n".join(parts)


def _legend(result: Result, y: float) -> str:
    parts, x = [], 60
    for variant in result.scenario.variants:
        parts.append(_stroke([(x, y), (x + 24, y)], variant.name, 3))
        parts.append(_text(x + 32, y + 4, variant.name))
        x += 60 + 8 * len(variant.name)
    return "\n".join(parts)


def _bars(results: Iterable[Result], top: float) -> tuple[list[str], int]:
    """CPU of ours as a multiple of core's, at the largest number of lines."""
    compared = [
        (result, count, ratio)
        for result in results
        for count in result.counts[-1:]
        if (ratio := result.ratio(count, "cpu")) is not None
    ]
    left, width = 430, 360
    limit = max(2.0, *(ratio for *_rest, ratio in compared))
    parts = [
        _text(60, top, "CPU, ours as a multiple of Odoo alone (red: the goal)", "title")
    ]
    y = top + 16
    for result, count, ratio in compared:
        end = left + width * ratio / limit
        label = f"{result.scenario.title}, {count} {'line' if count == 1 else 'lines'}"
        parts += [
            _text(left - 10, y + 13, _shorten(label), anchor="end"),
            f'  <rect x="{left}" y="{y:.1f}" width="{end - left:.1f}" height="16" '
            f'fill="{COLOURS["ours"]}" />',
            _text(end + 6, y + 13, f"{ratio:.2f}"),
        ]
        if result.scenario.goal:
            x = left + width * result.scenario.goal / limit
            parts.append(_line(x, y - 2, x, y + 18, "goal"))
        y += 24
    one = left + width / limit
    parts.append(_line(one, top + 12, one, y, "axis"))
    return parts, int(y + 16)


def _shorten(text: str) -> str:
    return text.replace(" on one line of a confirmed order", "").replace(
        " (A from", " (from"
    )


def _round_up(value: float) -> float:
    """The next 1, 2, 4 or 8 times a power of ten, so that quarters are round."""
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value)


def _stroke(points: list[tuple[float, float]], variant: str, width: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'  <polyline points="{path}" fill="none" stroke="{COLOURS[variant]}" '
        f'stroke-width="{width}" />'
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return (
        f'  <line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" '
        f'y2="{y2:.1f}" />'
    )


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    extra = f' class="{kind}"' if kind else ""
    return (
        f'  <text{extra} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
