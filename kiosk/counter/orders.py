"""What the server is asked for each answer of a clerk; pure."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (a dataclass's field)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.counter.state import State


@dataclass(frozen=True, slots=True)
class Order:
    """One call; ``name`` is the action that waits for its answer."""

    method: str
    path: str
    body: Mapping[str, object] | None = None
    name: str = ""


PLAIN: Final = ("recall", "start", "no_show", "finish", "park")


def order_of(state: State, choice: str, ticket: str | None) -> Order:
    """The call for a key or for an answer of a sheet, "kind" or "kind:which".

    ``ticket`` is who was at the counter when it was asked: the server refuses what is meant for
    somebody who has gone, so that no press does a second thing.
    """
    kind, _, which = choice.partition(":")
    keep = state.keep_place
    meant: dict[str, object] = {"ticket": ticket}
    if kind in ("sign_out", "leave"):
        return Order("DELETE", "/api/session", name="sign_out")
    at = f"/api/counters/{state.counter}"
    match kind:
        case "outcome":
            return Order("POST", f"{at}/finish", meant | {"outcome": which}, "finish")
        case "supplement":
            return Order("POST", f"{at}/park", meant | {"reason": kind}, "park")
        case "return" | "end":
            return Order("POST", f"{at}/return", meant | {"keep_place": kind == "return"}, "return")
        case "service":
            body = meant | {"service": which, "keep_place": keep}
            return Order("POST", f"{at}/transfer", body, "transfer")
        case "counter":
            body = meant | {"counter": int(which), "keep_place": keep}
            return Order("POST", f"{at}/transfer", body, "transfer")
        case "resume":
            return Order("POST", f"{at}/resume", {"ticket": which, "present": ticket}, "resume")
        case "back":
            parked = state.desk is not None and any(one.id == which for one in state.desk.parked)
            body = {"ticket": which, "keep_place": parked}
            return Order("POST", f"{at}/return", body, "return")
        case "reason":
            return Order("POST", f"{at}/pause", {"reason": which}, "pause")
        case "continue" | "undo" | "alarm":
            return Order("POST", f"{at}/{kind}", name=kind)
        case "withdraw":
            return Order("DELETE", f"{at}/alarm", name="withdraw")
        case _ if kind in PLAIN:
            return Order("POST", f"{at}/{kind.replace('_', '-')}", meant, kind)
    raise ValueError(choice)
