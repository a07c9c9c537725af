"""The geometry of the pictures of a report: plain numbers, which templates print as SVG."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 480.0  # of a picture, in the units of its view box
_ROW = 26.0
_MOST_ROWS = 40
_LONGEST_LABEL = 66  # characters
_BINS_A_DECADE = 4
_HEIGHT = 140.0  # of the bars of a histogram


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: where it is, which of the series it belongs to, and what it says."""

    x: float
    width: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its label above, shortened to what fits and whole, its segments, and the number at its end."""

    y: float
    short: str
    label: str
    segments: tuple[Segment, ...]
    total: int
    end: float


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by operation, stacked by what made them. `hidden` operations with the fewest have no bar."""

    series: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...]
    height: float
    hidden: int


def requests_chart(cases: Mapping[str, Mapping[str, int]]) -> Requests:
    """`cases` counts requests by operation and by what made them."""
    totals: Counter[str] = Counter()
    for sources in cases.values():
        totals.update(sources)
    series = tuple(totals.items())
    shown = sorted(cases, key=lambda label: -sum(cases[label].values()))[:_MOST_ROWS]
    longest = max((sum(cases[label].values()) for label in shown), default=0) or 1
    scale = (WIDTH - 60) / longest
    bars = []
    for row, label in enumerate(label for label in cases if label in set(shown)):
        x, segments = 0.0, []
        for number, (name, _) in enumerate(series):
            count = cases[label].get(name, 0)
            if count:
                segments.append(Segment(round(x, 1), round(count * scale, 1), number, f"{name}: {count}"))
                x += count * scale
        bars.append(Bar(row * _ROW, _short(label), label, tuple(segments), sum(cases[label].values()), round(x, 1)))
    return Requests(series, tuple(bars), len(bars) * _ROW, len(cases) - len(bars))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of a histogram, and what it says."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place along an axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers took: a histogram over the logarithm of time, with marks at decades and percentiles."""

    bins: tuple[Bin, ...]
    ticks: tuple[Mark, ...]
    percentiles: tuple[Mark, ...]
    count: int
    height: float = _HEIGHT


def latency_chart(seconds: Sequence[float]) -> Latency | None:
    """`seconds` are latencies; None where none was measured."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    low = math.floor(math.log10(max(ordered[0], 1e-6)))
    high = max(math.ceil(math.log10(max(ordered[-1], 1e-6))), low + 1)
    number = (high - low) * _BINS_A_DECADE
    counts: Counter[int] = Counter(
        min(int((math.log10(max(value, 1e-6)) - low) * _BINS_A_DECADE), number - 1) for value in ordered
    )
    width, most = WIDTH / number, max(counts.values())
    bins = []
    for index in range(number):
        height = round(_HEIGHT * counts[index] / most, 1)
        start, end = (10 ** (low + step / _BINS_A_DECADE) for step in (index, index + 1))
        title = f"{duration(start)} to {duration(end)}: {counts[index]}"
        bins.append(Bin(round(index * width, 1), round(_HEIGHT - height, 1), round(width - 2, 1), height, title))
    scale = WIDTH / (high - low)
    ticks = tuple(Mark(round((each - low) * scale, 1), duration(10.0**each)) for each in range(low, high + 1))
    marks = []
    for percent in (50, 95):
        value = percentile(ordered, percent)
        x = (math.log10(max(value, 1e-6)) - low) * scale
        marks.append(Mark(round(x, 1), f"p{percent} {duration(value)}"))
    return Latency(tuple(bins), ticks, tuple(marks), len(ordered))


def _short(label: str) -> str:
    if len(label) <= _LONGEST_LABEL:
        return label
    method, _, path = label.partition(" ")
    return f"{method} …{path[len(method) + 2 - _LONGEST_LABEL :]}"


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile of values in ascending order."""
    return ordered[max(0, math.ceil(percent * len(ordered) / 100) - 1)]


def duration(seconds: float) -> str:
    """A time with a unit that suits it: `250 µs`, `1.2 ms`, `3 s`."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        value = seconds * factor
        if value >= 1 or unit == "µs":
            return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
    raise AssertionError
