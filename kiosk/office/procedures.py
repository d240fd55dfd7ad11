"""Use cases of the procedures that are posted: finding them, and taking in a catalogue."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeAlias

from kiosk.errors import Refused, Unavailable
from kiosk.office.batches import Batches
from kiosk.procedures import folded, normalise_code, typed_words, without_accents
from kiosk.store import events
from kiosk.store import procedures as store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.procedures import Procedure
    from kiosk.store.procedures import Field, Hit
    from kiosk.tickets import Service

Told: TypeAlias = "tuple[Procedure, Collection[str]]"
"""A procedure, and the names of its fields of which anything is told."""

MOST: Final = 200
"""Procedures of one batch; each is several rows."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the procedures that were looked for, of ``total`` in all."""

    hits: tuple[Hit, ...]
    total: int


def read_fields(centre: Centre) -> tuple[Field, ...]:
    """The fields in which procedures are posted, by name, with how many each has."""
    with centre.database.read() as query:
        return tuple(store.fields(query, centre.code))


def search(
    centre: Centre, text: str, *, field: str = "", limit: int = 50, offset: int = 0
) -> Found:
    """What is found for a text as far as it is typed, the nearest first; "" finds all.

    Each word may be the beginning of one, in any order; of a name, a field, a key word, or a code
    and its digits. Without accents a word finds all that are spelled so; with accents what has
    these, or, where nothing does, as without them. ``field`` is a name or a key of one.
    """
    words, key = typed_words(text), folded(field)
    if (text.strip() and not words) or (field.strip() and not key):
        return Found((), 0)
    with centre.database.read() as query:
        hits, total = store.search(query, centre.code, words, key, limit, offset)
        if offset and not hits:
            _, total = store.search(query, centre.code, words, key, limit=1)
        plain = without_accents(words)
        if not total and plain != words:
            hits, total = store.search(query, centre.code, plain, key, limit, offset)
    return Found(hits, total)


def read_procedure(centre: Centre, code: str) -> Procedure:
    """Refused: no_such_procedure."""
    with centre.database.read() as query:
        found = store.find(query, centre.code, normalise_code(code))
    if found is None:
        raise Refused("no_such_procedure")
    return found


def count_procedures(centre: Centre) -> int:
    with centre.database.read() as query:
        return store.count(query, centre.code)


def service_of(centre: Centre, procedure: Procedure) -> Service | None:
    """Where it is handed in: as the catalogue says, else the first service with its field."""
    named = centre.services.get(procedure.service)
    if named is not None:
        return named
    field = folded(procedure.field)
    return next(
        (
            service
            for service in centre.services.values()
            if field and field in map(folded, service.fields)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """How many were new or different and how many the same; the codes of those that are stored and
    were not among them, and whether these were removed."""

    stored: int = 0
    unchanged: int = 0
    absent: tuple[str, ...] = ()
    removed: bool = False


def store_procedures(
    centre: Centre,
    rows: Iterable[Told],
    *,
    source: str,
    is_whole: Callable[[], bool] | None = None,
) -> Stored:
    """Takes procedures in, in short writes, so that taps go on, and tells it in one event.

    Each comes with the names of the fields that are told of it: of one that is there already the
    others stay. What is the same is not written, so doing it twice changes nothing.

    With ``is_whole``, asked when all are in, those that were not among them are removed if it says
    yes. Where ``rows`` break off, those before are stored, and what they raised is raised.
    """
    total, seen = Stored(), set[str]()
    batches = Batches(rows, MOST)
    try:
        while batch := batches.next():
            with centre.database.write() as query:
                began = monotonic()
                stored = _store(centre, query, batch)
                spent = monotonic() - began
            batches.pace(len(batch), spent)
            seen.update(one.code for one, _ in batch)
            total = replace(
                total,
                stored=total.stored + stored,
                unchanged=total.unchanged + len(batch) - stored,
            )
        if batches.broken is not None:
            raise batches.broken
    except Exception:
        with suppress(Unavailable):
            _tell(centre, source, total, whole=False)
        raise
    with centre.database.read() as query:
        absent = tuple(code for code in store.codes(query, centre.code) if code not in seen)
    removed = bool(seen and absent and is_whole is not None and is_whole())
    total = replace(total, absent=absent, removed=removed)
    _tell(centre, source, total, whole=True)
    return total


def _store(centre: Centre, query: Query, batch: Sequence[tuple[Procedure, Collection[str]]]) -> int:
    """How many of the batch were new or different."""
    known = store.find_all(query, centre.code, [one.code for one, _ in batch])
    changed = {}
    for one, given in batch:
        before = known.get(one.code)
        after = one if before is None else _merged(before, one, given)
        if after != before:
            known[one.code] = changed[one.code] = after
    store.put(query, centre.code, changed.values(), centre.clock())
    return len(changed)


def _merged(before: Procedure, told: Procedure, given: Collection[str]) -> Procedure:
    return replace(before, **{name: getattr(told, name) for name in given})


def _tell(centre: Centre, source: str, total: Stored, *, whole: bool) -> None:
    """Removes what is to go, and writes the event of the file, if anything changed."""
    if not total.stored and not total.removed:
        return
    details = {
        "source": source,
        "stored": total.stored,
        "unchanged": total.unchanged,
        "removed": list(total.absent) if total.removed else [],
        "whole": whole,
    }
    with centre.database.write() as query:
        if total.removed:
            store.remove(query, centre.code, total.absent)
        now, kind = centre.clock(), "procedures.imported"
        events.append(query, centre.code, now, kind, actor="import", details=details)
