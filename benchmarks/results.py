"""What was measured, and what it says: ratios of medians, as a table, as JSON and as a plot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

US = "connector-contract"


@dataclass(frozen=True)
class Series:
    """The figures of one side in one case, one of each repetition.

    Attributes:
        case: What was done.
        side: Who did it.
        unit: Of the values: ``s``, ``ms`` or ``MiB``.
        values: Those of all sides of a case are in the order in which they were taken in turns.
    """

    case: str
    side: str
    unit: str
    values: tuple[float, ...]

    def __str__(self) -> str:
        """The median, for a table."""
        return f"{median(self.values):.3g} {self.unit}"


@dataclass(frozen=True)
class Ratio:
    """One side of a case in proportion to another.

    Attributes:
        case: What was done.
        side: What is compared.
        to: What it is compared with.
        ratio: Of the medians.
        low: The least ratio of two values that were taken one after the other.
        high: The greatest.
        goal: What ``ratio`` is to be at most, if there is a goal.
    """

    case: str
    side: str
    to: str
    ratio: float
    low: float
    high: float
    goal: float | None

    def __str__(self) -> str:
        """The ratio and its spread, for a table."""
        return f"{self.ratio:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(side: Series, to: Series, goal: float | None = None) -> Ratio:
    """``side`` in proportion to ``to``."""
    pairs = [one / other for one, other in zip(side.values, to.values, strict=True)]
    name = f"{to.side}, {to.case}" if to.case != side.case else to.side
    value = median(side.values) / median(to.values)
    return Ratio(side.case, side.side, name, value, min(pairs), max(pairs), goal)


def as_json(
    series: Iterable[Series], ratios: Iterable[Ratio], notes: Sequence[str], conditions: dict[str, Any]
) -> str:
    """All figures, for programs."""
    data = {
        "conditions": conditions,
        "notes": list(notes),
        "series": [asdict(item) for item in series],
        "ratios": [asdict(item) for item in ratios],
    }
    return json.dumps(data, indent=2) + "\n"


def as_markdown(series: Sequence[Series], ratios: Sequence[Ratio], notes: Sequence[str]) -> str:
    """The figures for people: first what was measured, then the ratios."""
    lines = ["| case | side | median |", "| --- | --- | ---: |"]
    lines += [f"| {item.case} | {item.side} | {item} |" for item in series]
    lines += [
        "",
        "| case | side | in proportion to | ratio (spread) | goal |",
        "| --- | --- | --- | ---: | ---: |",
    ]
    for item in ratios:
        goal = "" if item.goal is None else f"at most {item.goal:g}"
        lines.append(f"| {item.case} | {item.side} | {item.to} | {item} | {goal} |")
    if notes:
        lines += ["", *(f"- {note}" for note in notes)]
    return "\n".join(lines) + "\n"


def plot(times: dict[str, dict[int, float]], path: Path) -> None:
    """Draw the time of a walk against its pages.

    Args:
        times: For each side, the median in seconds by the number of pages.
        path: The SVG file.
    """
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    # No date and no random names, so that a picture that has not changed is the same file.
    mpl.rcParams.update({"svg.hashsalt": "connector-contract", "svg.fonttype": "none", "font.size": 11})
    figure, axes = pyplot.subplots(figsize=(7.2, 4.4))
    for side, by_pages in times.items():
        ours = side == US
        axes.plot(
            list(by_pages),
            list(by_pages.values()),
            marker="o",
            label=side,
            linewidth=3 if ours else 1.5,
            zorder=3 if ours else 2,
        )
        pages, seconds = list(by_pages.items())[-1]
        axes.annotate(f" {seconds:.3g} s", (pages, seconds), va="center")
    axes.set(xscale="log", yscale="log", xlabel="pages of 100 records", ylabel="seconds, loading included")
    axes.set_title("A walk replayed")
    axes.margins(x=0.15)
    axes.grid(which="major", alpha=0.3)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
