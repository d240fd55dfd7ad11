"""Use cases of dossiers: looking one up, and taking in what the one-stop software knows.

Nothing that names a person goes into an event or a log.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kiosk.dossiers import (
    Dossier,
    DossierAnswer,
    answer,
    is_free_code,
    known_steps,
    normalise_code,
    opens,
    present_step,
)
from kiosk.errors import Refused, Unavailable
from kiosk.store import dossiers as store
from kiosk.store import events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kiosk.database import Query
    from kiosk.office.centre import Centre

WRITE_SECONDS: Final = 0.03
"""How long one batch may keep taps waiting; the commit itself comes on top."""

_FIRST_BATCH: Final = 50
_BATCHES: Final = (10, 500)


@dataclass(frozen=True, slots=True)
class Stored:
    """Dossiers written because they were new or different, and those that were the same."""

    stored: int
    unchanged: int


def look_up(centre: Centre, code: str, secret: str | None = None) -> DossierAnswer:
    """What the code opens, and with the right ``secret`` also the people.

    A wrong secret is refused exactly as an unknown code: Refused("no_such_dossier").
    """
    wanted = normalise_code(code)
    asked = secret.strip() if secret else ""
    with centre.database.read() as query:
        dossier = store.find(query, centre.code, wanted) if is_free_code(wanted) else None
        right = opens(dossier, asked)
        if dossier is None or (asked and not right):
            raise Refused("no_such_dossier")
        dossier = replace(dossier, steps=store.steps(query, centre.code, wanted))
    return answer(dossier, centre.clock(), centre.timezone, full=right)


def count_dossiers(centre: Centre) -> int:
    with centre.database.read() as query:
        return store.count(query, centre.code)


def store_dossiers(
    centre: Centre,
    rows: Iterable[Dossier],
    *,
    source: str,
    given: Collection[str] = store.COLUMNS,
) -> Stored:
    """Takes in dossiers in short writes, so that taps go on, and tells it in one event.

    ``source`` names the file or system. Of a dossier that is there already only the ``given``
    fields are changed. What is the same is not written, so doing it twice changes nothing. A
    change of status without steps of its own adds a step: the history stays.
    """
    total = Stored(0, 0)
    kept = frozenset(store.COLUMNS) - frozenset(given)
    size = _FIRST_BATCH
    source_rows = iter(rows)
    try:
        batch = tuple(islice(source_rows, size))
        while batch:
            following = tuple(islice(source_rows, size))
            with centre.database.write() as query:
                began = time.monotonic()
                written = _store(centre, query, batch, kept)
                after = Stored(total.stored + written, total.unchanged + len(batch) - written)
                if after.stored and not following:
                    _tell(centre, query, source, after, whole=True)
                spent = time.monotonic() - began
            total = after
            size = _next_size(len(batch), spent)
            batch = following
    except Exception:
        if total.stored:
            with suppress(Unavailable), centre.database.write() as query:
                _tell(centre, query, source, total, whole=False)
        raise
    return total


def _tell(centre: Centre, query: Query, source: str, total: Stored, *, whole: bool) -> None:
    """The event of one file; not ``whole`` when the file or the store broke off."""
    details = {
        "source": source,
        "stored": total.stored,
        "unchanged": total.unchanged,
        "whole": whole,
    }
    now = centre.clock()
    events.append(query, centre.code, now, "dossiers.imported", actor="import", details=details)


def _store(centre: Centre, query: Query, batch: Iterable[Dossier], kept: Collection[str]) -> int:
    """How many of the batch were new or different."""
    dossiers = tuple(batch)
    now = centre.clock()
    known = store.find_rows(query, centre.code, [dossier.code for dossier in dossiers])
    changed: dict[str, dict[str, Any]] = {}
    for dossier in dossiers:
        before = known.get(dossier.code)
        row = store.to_row(dossier)
        if before is not None:
            row |= {name: before[name] for name in kept}
        moved = before is not None and before["status"] != row["status"]
        history = store.steps(query, centre.code, dossier.code) if moved or dossier.steps else ()
        steps = dossier.steps or history
        if moved and before is not None and not dossier.steps:
            past = known_steps(replace(store.to_dossier(before), steps=history))
            present = present_step(store.to_dossier(row))
            steps = (*past, replace(present, at=present.at or now))
        if steps != history:
            store.replace_steps(query, centre.code, dossier.code, steps)
        if row != before or steps != history:
            changed[dossier.code] = known[dossier.code] = row
    store.upsert(query, centre.code, changed.values(), now)
    return len(changed)


def _next_size(size: int, seconds: float) -> int:
    """The batch that should take WRITE_SECONDS, at the pace of the last one."""
    least, most = _BATCHES
    return max(least, min(most, int(size * WRITE_SECONDS / max(seconds, 1e-6))))
