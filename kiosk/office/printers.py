"""What this kiosk's printer can do, kept so that it need not be found out again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kiosk.calendar import moment
from kiosk.store import events, printers
from printer.capabilities import Capabilities

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.office.centre import Centre


@dataclass(frozen=True, slots=True)
class Known:
    """``place`` is how the printer was reached."""

    place: str
    capabilities: Capabilities
    probed_at: datetime


def read_printer(centre: Centre) -> Known | None:
    with centre.database.read() as query:
        row = printers.of(query, centre.code, centre.kiosk)
    capabilities = _read(row["capabilities"]) if row else None
    if row is None or capabilities is None:
        return None
    return Known(row["place"], capabilities, moment(row["probed_at"]))


def recall(centre: Centre, place: str) -> Capabilities | None:
    """What is known of the printer at ``place``; None when it must be asked."""
    known = read_printer(centre)
    return known.capabilities if known is not None and known.place == place else None


def remember(centre: Centre, place: str, capabilities: Capabilities | None) -> None:
    """Keeps what the printer can do; None forgets it, for there is another printer."""
    now = centre.clock()
    with centre.database.write() as query:
        if capabilities is None:
            printers.drop(query, centre.code, centre.kiosk)
            details = {"place": place}
        else:
            found = json.dumps(asdict(capabilities), ensure_ascii=False)
            printers.keep(query, centre.code, centre.kiosk, place, found, now)
            details = {"place": place, "name": capabilities.name}
        events.append(
            query,
            centre.code,
            now,
            "printer.forgotten" if capabilities is None else "printer.learnt",
            actor=f"kiosk:{centre.kiosk}",
            details=details,
        )


def _read(text: str) -> Capabilities | None:
    """None for what another version wrote and this one cannot use."""
    try:
        found = json.loads(text)
        known = Capabilities(**found)
        return Capabilities(
            **{**asdict(known), "status": tuple(known.status), "names": tuple(known.names)}
        )
    except (ValueError, TypeError):
        return None
