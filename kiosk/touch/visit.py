"""The window's bridge, as far as what answers a person needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.errors import Refused, Unavailable
    from kiosk.touch.state import State
    from kiosk.touch.view import View

T = TypeVar("T")


class Visit(Protocol):
    state: State

    def now(self) -> float:
        """Steady seconds."""

    def arrive(self, state: State) -> None:
        """Shows another screen."""

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Refused | Unavailable], None],
    ) -> None:
        """Does ``work`` on the worker; the window takes no other touch until it is done."""


class Folding(Visit, Protocol):
    def fold(self, state: State) -> None:
        """Goes on with the same screen in another state."""


class Viewed(Visit, Protocol):
    view: View

    @property
    def stopped(self) -> bool:
        """Whether no number is given now."""
