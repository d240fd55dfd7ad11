"""Files of the one-stop software into dossiers: good rows in, bad rows set aside."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from kiosk.alone import alone
from kiosk.aside import BadRow
from kiosk.calendar import moment, stamp
from kiosk.codes_seen import CodesSeen
from kiosk.deadlines import due
from kiosk.dossiers import (
    Dossier,
    Progress,
    Status,
    is_free_code,
    normalise_code,
    plain_dashes,
)
from kiosk.errors import Refused
from kiosk.import_labels import HEADERS
from kiosk.import_mapping import Words
from kiosk.import_words import (
    dossier_columns_of,
    read_amount,
    read_id_number,
    read_moment,
    read_phone,
    read_term,
    read_yes,
)
from kiosk.national import read_record
from kiosk.office.incoming import Stored, run_of, take_in, try_out
from kiosk.plain import one_line, readable
from kiosk.records import Records, aside_path, is_json
from kiosk.store.dossiers import UNTOLD, to_row
from kiosk.tables import ImportReport, open_table, rejected_path

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.aside import Aside
    from kiosk.deadlines import WorkingTime
    from kiosk.office.centre import Centre
    from kiosk.office.incoming import Incoming
    from kiosk.store.dossiers import StoredRow
    from kiosk.tables import Row, Table

_NEEDED: Final = frozenset({"code"})
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
    "procedure_name",
)
_MOMENTS: Final = tuple(field for field in HEADERS if field.endswith("_at"))
_CHUNK: Final = 1 << 20

# What is told again and again in a file.
_amount: Final = lru_cache(maxsize=4096)(read_amount)
_term: Final = lru_cache(maxsize=1024)(read_term)


def import_dossiers(
    centre: Centre,
    path: Path,
    *,
    words: Words | None = None,
    source: str = "",
    progress: Callable[[int, int], None] | None = None,
    dry: bool = False,
) -> ImportReport:
    """Takes in a table (CSV, workbook), or JSON records of the national portal; bad rows go to
    ``<file>.rejected.csv`` beside it, bad records to ``<file>.rejected.jsonl``. An empty cell says
    that nothing is known; a field that a record leaves out stays as it is.

    A file that was broken off goes on behind its last row that is stored. ``words`` are the
    office's own; ``source`` names where it comes from, if its name does not. ``progress`` is told
    the bytes read and their total. Where it is ``dry`` nothing is stored, and the report says what
    would be; what is bad is set aside all the same, so that it can be mended. Refused:
    import_under_way (the same file, by another process), as ``tables.open_table`` and
    "no_code_column", or as ``records.Records``.
    """
    own = words or Words()
    with alone(path):
        incoming = _Intake(centre, path, own, source or readable(path.name), dry=dry)
        if is_json(path):
            records = Records(path, progress)
            with closing(records.aside):
                done = incoming.take(records.aside, partial(_recorded, centre, records, own), None)
            records.aside.settle()
            return replace(records.report(done.stored, done.unchanged), new=done.new, own=done.own)
        columns_of = partial(dossier_columns_of, own=own.columns)
        with open_table(path, columns_of, _NEEDED, "no_code_column", progress) as table:
            given = frozenset(table.columns) | {name for name in own.fixed if own.fixed[name]}
            if given & {"returned_at", "finished_at"}:
                given |= {"status"}
            if {"term", "received_at"} <= given:
                given |= {"due_at"}
            rows = _Rows(table, centre.working_time, own)
            done = incoming.take(table.aside, rows.each, given)
        return replace(
            table.report(done.stored, done.unchanged),
            new=done.new,
            own=done.own,
            columns=tuple((table.title(name), name) for name in table.columns),
            unread=table.unread,
        )


def aside_of(path: Path) -> Path:
    """Where what cannot be used of the file is set aside."""
    return aside_path(path) if is_json(path) else rejected_path(path)


def digest_of(path: Path, words: Words) -> str:
    """What tells one content, read with these words, from another; reads the whole file."""
    found = hashlib.blake2b(repr(words).encode(), digest_size=16)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except FileNotFoundError:
        raise Refused("no_such_file", path=path) from None
    except OSError as error:
        raise Refused("unreadable_file", path=path, why=error.strerror) from error
    return found.hexdigest()


class _Intake:
    """One file on its way into the store."""

    def __init__(self, centre: Centre, path: Path, words: Words, source: str, *, dry: bool) -> None:
        self._centre = centre
        self._path = path
        self._words = words
        self._source = source
        self._dry = dry

    def take(
        self,
        aside: Aside,
        rows: Callable[[int, frozenset[int]], Iterator[tuple[int, Incoming]]],
        given: Collection[str] | None,
    ) -> Stored:
        """Takes the rows in, or tries them out. ``rows`` gives those behind a place; with the lines
        before it that were set aside."""
        centre = self._centre
        if self._dry:
            return try_out(centre, rows(0, frozenset()), given=given)
        run = run_of(centre, digest_of(self._path, self._words), aside.secure)
        bad = aside.take_up(run.place, run.bad) if run.place else frozenset[int]()
        if bad is None:
            # What was set aside is gone: from the beginning, which changes nothing twice.
            run, bad = replace(run, place=0, done=Stored(0, 0)), frozenset()
        came = rows(run.place, bad)
        return take_in(centre, came, source=self._source, given=given, run=run)


def _recorded(
    centre: Centre, records: Records, words: Words, after: int, bad: frozenset[int]
) -> Iterator[tuple[int, Dossier | Progress]]:
    """The good records; sets the others aside on the way. One that came before was about the same
    dossier earlier: the last one counts."""
    for n, told in records.each(after, bad):
        try:
            yield n, read_record(told, centre.timezone, words)
        except BadRow as why:
            records.aside.put(n, why, told)


class _Rows:
    """The rows of a table as the store keeps dossiers: of ten million each step counts."""

    def __init__(self, table: Table, work: WorkingTime, words: Words) -> None:
        self._table = table
        self._work = work
        self._texts = tuple(name for name in _TEXTS if name in table.columns)
        self._moments = tuple(name for name in _MOMENTS if name in table.columns)
        fixed = {name: said for name, said in words.fixed.items() if said}
        channel = words.channel(fixed.pop("channel", ""))
        self._empty = {**to_row(Dossier("", Status.ACCEPTED)), **fixed}
        self._empty["channel"] = int(channel) if channel else None
        self._status = lru_cache(maxsize=1024)(words.status)
        self._channel = lru_cache(maxsize=1024)(words.channel)
        self._stamp = lru_cache(maxsize=8192)(partial(_stamp, work.zone))

    def each(self, after: int, bad: frozenset[int]) -> Iterator[tuple[int, StoredRow]]:
        """The good rows behind that line; sets the others aside on the way, but not those that
        were before."""
        table, seen = self._table, CodesSeen()
        for row in table.rows(bad):
            if row.line <= after:
                seen.add(self._code(row))
                continue
            try:
                told = self._told(self._code(row), row.facts)
                if not seen.add(told["code"]):
                    raise BadRow("dossier.reject.repeated_code")
            except BadRow as why:
                table.aside.put(row.line, why, row.cells)
            else:
                yield row.line, told

    def _code(self, row: Row) -> str:
        """A soft hyphen, which is no sign in other cells, is a dash in a code."""
        cell = row.facts["code"]
        if not cell.isascii() or " " in cell:
            cell = one_line(plain_dashes(row.cells[self._table.columns["code"]]))
        return normalise_code(cell)

    def _told(self, code: str, facts: Mapping[str, str]) -> StoredRow:
        if not code:
            raise BadRow("dossier.reject.no_code")
        if not is_free_code(code):
            raise BadRow("dossier.reject.bad_code", value=facts["code"][:60])
        row = self._empty.copy()
        row["code"] = code
        for name in self._texts:
            if said := facts[name]:
                row[name] = said
        for name in self._moments:
            if said := facts[name]:
                row[name] = self._moment(name, said)
        if row["phone"]:
            row["phone"] = read_phone(row["phone"])
        if row["id_number"]:
            row["id_number"] = read_id_number(row["id_number"], row["owner_name"] or "")
        row["status"] = self._status_of(facts, row)
        if said := facts.get("channel", ""):
            channel = self._channel(said)
            row["channel"] = int(channel) if channel else None
        if said := facts.get("fee", ""):
            row["fee"] = _amount(said)
        if said := facts.get("fee_paid", ""):
            row["fee_paid"] = int(read_yes(said))
        if (said := facts.get("term", "")) and row["received_at"] and not row["due_at"]:
            self._set_due(row, said)
        return row

    def _moment(self, name: str, text: str) -> str:
        try:
            return self._stamp(text)
        except (ValueError, OverflowError):
            title = self._table.title(name)
            raise BadRow("dossier.reject.bad_date", column=title, value=text[:60]) from None

    def _status_of(self, facts: Mapping[str, str], row: StoredRow) -> int:
        """As the file says; registers without statuses tell it by their dates. 0 where neither
        says anything."""
        if said := facts.get("status", ""):
            status = self._status(said)
            if status is None:
                raise BadRow("dossier.reject.unknown_status", value=said[:60])
        elif row["returned_at"]:
            status = Status.RETURNED
        else:
            return int(Status.FINISHED) if row["finished_at"] else UNTOLD
        return int(status)

    def _set_due(self, row: StoredRow, said: str) -> None:
        term = _term(said)
        if term is not None:
            row["due_at"] = stamp(due(self._work, moment(row["received_at"]), term))


def _stamp(zone: ZoneInfo, text: str) -> str:
    return stamp(read_moment(text, zone))
