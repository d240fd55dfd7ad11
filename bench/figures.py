"""How figures are taken and told: milliseconds as median and 99th percentile, beside a floor."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; ``floor`` is the least the machine can do, ``target`` what was promised."""

    name: str
    samples: Sequence[float]
    unit: str = "ms"
    floor: float | None = None
    target: str = ""

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def p99(self) -> float:
        return quantiles(self.samples, n=100)[98] if len(self.samples) > 1 else self.samples[0]


def took(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def table(figures: Sequence[Figure]) -> str:
    head = ("what", "n", "median", "p99", "floor", "x floor", "target")
    rows = [head]
    for figure in figures:
        floor = "" if figure.floor is None else f"{figure.floor:.2f}"
        times = "" if not figure.floor else f"{figure.median / figure.floor:.1f}"
        rows.append(
            (
                figure.name,
                str(len(figure.samples)),
                f"{figure.median:.2f} {figure.unit}",
                f"{figure.p99:.2f}" if len(figure.samples) > 1 else "",
                floor,
                times,
                figure.target,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
