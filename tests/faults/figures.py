"""What a fault did to the hall, told in one line: the one place from which figures go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def figure(
    *, fault: str, injected: str, tried: int, seen: str, lost: str, recovery_s: Sequence[float]
) -> None:
    """``tried`` is how often, ``seen`` what the citizen saw, ``recovery_s`` how long each time it
    took until all went on."""
    worst = f"{max(recovery_s):.1f} s" if recovery_s else "–"
    print(f"{fault} | {injected} | {tried} | {seen} | {lost} | {worst}")
