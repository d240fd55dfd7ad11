"""Files of the one-stop software into dossiers: good rows in, bad rows set aside."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from kiosk.deadlines import due
from kiosk.dossiers import Dossier, Status, is_free_code, normalise_code
from kiosk.import_words import (
    HEADERS,
    dossier_columns_of,
    read_amount,
    read_channel,
    read_moment,
    read_status,
    read_term,
    read_yes,
)
from kiosk.national import read_record
from kiosk.office.dossiers import Stored, store_dossiers
from kiosk.records import Records, aside_path, is_json
from kiosk.tables import BadRow, ImportReport, Row, Table, open_table, rejected_path

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.deadlines import WorkingTime
    from kiosk.office.centre import Centre

_NEEDED: Final = frozenset({"code"})
_MOMENTS: Final = tuple(field for field in HEADERS if field.endswith("_at"))
_TEXTS: Final = (
    "receipt_no",
    "procedure_code",
    "field",
    "receiving_unit",
    "resolving_unit",
    "handler",
    "owner_name",
    "phone",
    "address",
    "id_number",
    "secret",
)


def import_dossiers(
    centre: Centre,
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    dry: bool = False,
) -> ImportReport:
    """Takes in a table (CSV, workbook), or JSON records of the national portal; bad rows go to
    ``<file>.rejected.csv`` beside it, bad records to ``<file>.rejected.jsonl``. An empty cell says
    that nothing is known; a field that a record leaves out stays as it is.

    ``progress`` is told the bytes read and their total. Where it is ``dry`` nothing is stored; what
    is bad is set aside all the same, so that it can be mended. Refused: as ``tables.open_table``
    and "no_code_column", or as ``records.Records``.
    """
    store = _read_through if dry else store_dossiers
    if is_json(path):
        records = Records(path, progress)
        done = store(centre, _recorded(centre, records), source=path.name, given=None)
        records.settle()
        return ImportReport(records.read, done.stored, done.unchanged, tuple(records.rejected))
    with open_table(path, dossier_columns_of, _NEEDED, "no_code_column", progress) as table:
        given = frozenset(table.columns)
        if given & {"returned_at", "finished_at"}:
            given |= {"status"}
        if {"term", "received_at"} <= given:
            given |= {"due_at"}
        rows = _dossiers(table, centre.working_time)
        done = store(centre, rows, source=path.name, given=given)
    return ImportReport(table.read, done.stored, done.unchanged, tuple(table.rejected))


def aside_of(path: Path) -> Path:
    """Where what cannot be used of the file is set aside."""
    return aside_path(path) if is_json(path) else rejected_path(path)


def _read_through(
    centre: Centre, rows: Iterable[Dossier], *, source: str, given: Collection[str] | None
) -> Stored:
    """In place of ``store_dossiers``: reads all of them and stores none."""
    deque(rows, maxlen=0)
    return Stored(0, 0)


def _recorded(centre: Centre, records: Records) -> Iterator[Dossier]:
    """The good records; sets the others aside on the way. One that came before was about the same
    dossier earlier: the last one counts."""
    for n, told in records.each():
        try:
            yield read_record(told, centre.timezone)
        except BadRow as bad:
            records.set_aside(n, told, bad)


def _dossiers(table: Table, work: WorkingTime) -> Iterator[Dossier]:
    """The good rows; sets the others aside on the way."""
    # By hash, which is half the memory of the codes themselves.
    seen: set[int] = set()
    for row in table.rows():
        try:
            dossier = _dossier(table, row, work)
            if hash(dossier.code) in seen:
                raise BadRow("dossier.reject.repeated_code")
        except BadRow as bad:
            table.set_aside(row, bad)
        else:
            seen.add(hash(dossier.code))
            yield dossier


def _dossier(table: Table, row: Row, work: WorkingTime) -> Dossier:
    facts = row.facts
    code = normalise_code(facts["code"])
    if not code:
        raise BadRow("dossier.reject.no_code")
    if not is_free_code(code):
        raise BadRow("dossier.reject.bad_code", value=facts["code"][:60])
    moments = {field: _moment(table, field, facts, work.zone) for field in _MOMENTS}
    received, term = moments["received_at"], read_term(facts.get("term", ""))
    if moments["due_at"] is None and received is not None and term is not None:
        moments["due_at"] = due(work, received, term)
    texts: dict[str, Any] = {field: facts.get(field) or None for field in _TEXTS}
    return Dossier(
        code=code,
        status=_status(facts),
        procedure_name=facts.get("procedure_name", ""),
        channel=read_channel(facts.get("channel", "")),
        fee=read_amount(facts.get("fee", "")),
        fee_paid=read_yes(facts.get("fee_paid", "")),
        **texts,
        **moments,
    )


def _moment(table: Table, field: str, facts: Mapping[str, str], zone: ZoneInfo) -> Any:
    text = facts.get(field)
    if not text:
        return None
    try:
        return read_moment(text, zone)
    except (ValueError, OverflowError):
        raise BadRow(
            "dossier.reject.bad_date", column=table.title(field), value=text[:60]
        ) from None


def _status(facts: Mapping[str, str]) -> Status:
    """As the file says; registers without statuses tell it by their dates."""
    said = facts.get("status")
    if said:
        status = read_status(said)
        if status is None:
            raise BadRow("dossier.reject.unknown_status", value=said[:60])
        return status
    if facts.get("returned_at"):
        return Status.RETURNED
    return Status.FINISHED if facts.get("finished_at") else Status.ACCEPTED
