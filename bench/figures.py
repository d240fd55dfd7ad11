"""How figures are taken and told: milliseconds as median and 99th percentile, beside a floor."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


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


def timed(work: Callable[[int], object], rounds: int) -> list[float]:
    """Milliseconds of each of ``rounds`` calls."""
    samples = []
    for n in range(rounds):
        start = time.perf_counter()
        work(n)
        samples.append((time.perf_counter() - start) * 1e3)
    return samples


def bare_transaction(folder: Path, rounds: int) -> list[float]:
    """The floor of every write: one row in one synced SQLite transaction, from Python."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE floor (n INTEGER)")

    def write(n: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO floor VALUES (?)", (n,))
        connection.execute("COMMIT")

    samples = timed(write, rounds)
    connection.close()
    return samples


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
                f"{figure.p99:.2f}",
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
