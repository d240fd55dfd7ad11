"""Catalogues of procedures: tables, our own JSON and that of the national service LayThuTuc.

All three are read by the same words; good rows come in, bad ones are set aside.
"""

from __future__ import annotations

from collections import deque
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kiosk.alone import alone
from kiosk.aside import BadRow
from kiosk.dossiers import Channel
from kiosk.import_words import read_amount, read_channel, read_moment, read_term, squeeze
from kiosk.office.procedures import Stored, store_procedures
from kiosk.plain import one_line
from kiosk.procedure_words import (
    FIELD_OF,
    by_channel,
    channels_in,
    columns,
    link_in,
    parts_of,
    read_document,
    read_forms,
    read_level,
)
from kiosk.procedures import ChannelTerms, Procedure, RequiredDocument, is_code, normalise_code
from kiosk.records import Records, aside_path, is_json
from kiosk.tables import Table, open_table, rejected_path

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.aside import Rejected
    from kiosk.office.centre import Centre

_NEEDED: Final = frozenset({"code", "name"})
_ONE_LINE: Final = ("name", "field", "audience", "agency", "keywords", "decision", "address")
_TEXTS: Final = ("result", "legal_basis", "conditions")
_OF_CHANNELS: Final = frozenset(
    {"channels", "term", "fee", *(f"{kind}_{n}" for kind in ("term", "fee") for n in (1, 2, 3))}
)
_OF_DOCUMENTS: Final = frozenset({"documents", "forms"})
_RESULT: Final = "result"
"""In which LayThuTuc wraps its records, and what ours call the result of a procedure."""
_SAYING: Final = (
    "SoVanBan",
    "TenVanBan",
    "TenLinhVuc",
    "TenDonVi",
    "TenKetQua",
    "TenDoiTuong",
    "CapThucHien",
    "name",
)
"""What a record in the place of a text says, in this order."""
LONGEST: Final = 20_000
"""Letters of one field: more is no posting."""
LONGEST_LINE: Final = 1000


@dataclass(frozen=True, slots=True)
class CatalogueReport:
    """As ``tables.ImportReport``; with the codes that are stored and not in the file, and whether
    these were removed."""

    read: int
    stored: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()
    bad: int = 0
    absent: tuple[str, ...] = ()
    removed: bool = False


def import_procedures(
    centre: Centre,
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    dry: bool = False,
    replacing: bool = False,
) -> CatalogueReport:
    """Takes in a catalogue; what is bad is set aside as ``imports.import_dossiers`` does it.

    Of a procedure that is known already only the columns of the file are changed. Those that the
    file does not list stay; ``replacing`` removes them, unless anything of it was set aside. Where
    it is ``dry`` nothing is stored. Refused: as ``alone``, ``tables.open_table`` and
    "no_procedure_columns", or as ``records.Records``.
    """
    store = _read_through if dry else store_procedures
    services = centre.named_services()
    with alone(path):
        if is_json(path):
            records = Records(path, progress)
            rows = _recorded(records, services, centre.timezone)
            whole = (lambda: not records.aside.count) if replacing else None
            with closing(records.aside):
                done = store(centre, rows, source=path.name, is_whole=whole)
            records.aside.settle()
            return _report(records, done)
        with open_table(path, columns, _NEEDED, "no_procedure_columns", progress) as table:
            rows = _tabled(table, services, centre.timezone)
            whole = (lambda: not table.aside.count) if replacing else None
            done = store(centre, rows, source=path.name, is_whole=whole)
        return _report(table, done)


def aside_of(path: Path) -> Path:
    """Where what cannot be used of the file is set aside."""
    return aside_path(path) if is_json(path) else rejected_path(path)


def _report(file: Records | Table, done: Stored) -> CatalogueReport:
    aside = file.aside
    return CatalogueReport(
        file.read,
        done.stored,
        done.unchanged,
        aside.rejected,
        aside.count,
        done.absent,
        done.removed,
    )


def _read_through(
    centre: Centre,
    rows: Iterable[tuple[Procedure, Collection[str]]],
    *,
    source: str,
    is_whole: Callable[[], bool] | None,
) -> Stored:
    """In place of ``store_procedures``: reads all of them and stores none."""
    deque(rows, maxlen=0)
    return Stored()


Told = dict[str, Any]
"""What is told of one procedure, by our names of fields: texts, numbers, lists and records."""


def _tabled(
    table: Table, services: Mapping[str, str], zone: ZoneInfo
) -> Iterator[tuple[Procedure, Collection[str]]]:
    seen: set[str] = set()
    for row in table.rows():
        # The cells themselves: a paper stands on each line of one, which ``facts`` are without.
        told = {
            field: row.cells[at] if at < len(row.cells) else ""
            for field, at in table.columns.items()
        }
        try:
            yield _once(_read(told, services, zone, table.title), seen)
        except BadRow as bad:
            table.set_aside(row, bad)


def _recorded(
    records: Records, services: Mapping[str, str], zone: ZoneInfo
) -> Iterator[tuple[Procedure, Collection[str]]]:
    seen: set[str] = set()
    for n, record in records.each():
        for one in _unwrapped(record):
            try:
                yield _once(_read(_named(one), services, zone, str), seen)
            except BadRow as bad:
                records.aside.put(n, bad, one)


def _unwrapped(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records of an answer of LayThuTuc, which wraps them; or the record itself."""
    inner = next((v for k, v in record.items() if squeeze(str(k)) == _RESULT), None)
    listed = inner if isinstance(inner, list) else []
    inside: list[Mapping[str, Any]] = [one for one in listed if isinstance(one, dict)]
    return inside if inside and "code" not in _named(record) else [record]


def _once(
    read: tuple[Procedure, Collection[str]], seen: set[str]
) -> tuple[Procedure, Collection[str]]:
    code = read[0].code
    if code in seen:
        raise BadRow("procedure.reject.repeated_code", value=code)
    seen.add(code)
    return read


def _named(record: Mapping[str, Any]) -> Told:
    """The record by our names of its fields; where two mean the same, the surer one."""
    ranked: dict[str, tuple[int, Any]] = {}
    for name, value in record.items():
        known = FIELD_OF.get(squeeze(str(name)))
        if known is None or value in (None, "", [], {}):
            continue
        rank, field = known
        if field not in ranked or rank < ranked[field][0]:
            ranked[field] = rank, value
    return {field: value for field, (_, value) in ranked.items()}


def _read(
    told: Told, services: Mapping[str, str], zone: ZoneInfo, title: Callable[[str], str]
) -> tuple[Procedure, Collection[str]]:
    """The procedure and the names of its fields of which anything is told; BadRow."""
    code = normalise_code(_line(told, "code"))
    if not code:
        raise BadRow("procedure.reject.no_code")
    if not is_code(code):
        raise BadRow("procedure.reject.bad_code", value=_line(told, "code")[:60])
    for field, value in told.items():
        if len(_said(value)) > LONGEST:
            raise BadRow("procedure.reject.too_long", column=title(field), most=LONGEST)
    name = _line(told, "name")
    if not name:
        raise BadRow("procedure.reject.no_name")
    read = Procedure(
        code,
        name,
        **{field: _line(told, field) for field in _ONE_LINE if field != "name"},
        **{field: _lines(told, field) for field in _TEXTS},
        level=read_level(_line(told, "level")),
        service=_service(_line(told, "service"), services),
        checked_on=_day(_line(told, "checked_on"), zone, title),
        channels=tuple(_channels(told)),
        documents=tuple(_documents(told)),
    )
    given = {field for field in told if field not in _OF_CHANNELS | _OF_DOCUMENTS}
    given |= {"channels"} if _OF_CHANNELS & told.keys() else set()
    given |= {"documents"} if _OF_DOCUMENTS & told.keys() else set()
    return read, given


def _said(value: Any) -> str:
    """The text in it, on as many lines as it has; a record says its names."""
    match value:
        case str():
            return value
        case bool() | None:
            return ""
        case int() | float() | Decimal():
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value}" else str(value)
        case list():
            return "\n".join(filter(None, map(_said, value)))
        case dict():
            inside = {squeeze(str(name)): one for name, one in value.items()}
            parts = (_said(inside.get(squeeze(name))) for name in _SAYING)
            return ": ".join(filter(None, parts))
        case _:
            return ""


def _line(told: Told, field: str) -> str:
    return one_line(_said(told.get(field)).replace("\n", "; "))[:LONGEST_LINE].strip("; ")


def _lines(told: Told, field: str) -> str:
    lines = map(one_line, _said(told.get(field)).splitlines())
    return "\n".join(filter(None, lines))


def _service(said: str, services: Mapping[str, str]) -> str:
    if not said:
        return ""
    code = services.get(squeeze(said))
    if code is None:
        raise BadRow("procedure.reject.unknown_service", value=said[:60])
    return code


def _day(said: str, zone: ZoneInfo, title: Callable[[str], str]) -> date | None:
    if not said:
        return None
    try:
        return read_moment(said, zone).astimezone(zone).date()
    except (ValueError, OverflowError):
        column = title("checked_on")
        raise BadRow("procedure.reject.bad_date", column=column, value=said[:60]) from None


def _channels(told: Told) -> Iterator[ChannelTerms]:
    value = told.get("channels")
    records = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if records:
        for one in records:
            yield from _national_terms({squeeze(str(name)): v for name, v in one.items()})
        return
    methods = by_channel(_lines(told, "channels"))
    terms, fees = by_channel(_lines(told, "term")), by_channel(_lines(told, "fee"))
    for channel in Channel:
        for kind, known in (("term", terms), ("fee", fees)):
            if alone := _line(told, f"{kind}_{channel.value}"):
                known[channel] = alone
    named = channels_in(_said(value))
    for channel in Channel:
        told_of = channel in named or channel in terms or channel in fees
        if not told_of and (named or channel is not Channel.IN_PERSON):
            continue
        term = terms.get(channel) or terms.get(None) or methods.get(channel) or ""
        fee = fees.get(channel) or fees.get(None) or ""
        if term or fee or channel in named:
            yield _terms(channel, term, fee)


def _terms(channel: Channel, term: str, fee: str) -> ChannelTerms:
    return ChannelTerms(channel, term, read_term(term), fee, read_amount(fee) if fee else None)


def _national_terms(one: Mapping[str, Any]) -> Iterator[ChannelTerms]:
    """Of one channel as the portal tells it, with a row for each of its deadlines; or as we do."""
    said = next((_said(one[name]) for name in ("kenh", "channel") if name in one), "")
    channel = read_channel(said.strip()) or next(iter(channels_in(said)), None)
    if channel is None:
        raise BadRow("procedure.reject.unknown_channel", value=said[:60])
    times = one.get("thoigian")
    if not isinstance(times, list):
        term, fee = (one_line(_said(one.get(name))) for name in ("term", "fee"))
        yield _terms(channel, term, fee)
        return
    for time in times:
        inside = (
            {squeeze(str(name)): v for name, v in time.items()} if isinstance(time, dict) else {}
        )
        amount, unit, note = (
            one_line(_said(inside.get(name))) for name in ("thoigiangiaiquyet", "donvitinh", "mota")
        )
        term = f"{amount} {unit.lower()}".strip() if amount.strip("0") else ""
        fees = inside.get("philephi")
        fee = "; ".join(_fees(fees)) if isinstance(fees, list) else one_line(_said(fees))
        read = _terms(channel, term, fee)
        yield replace(read, term_text="; ".join(filter(None, (term, note))))


def _fees(fees: list[Any]) -> Iterator[str]:
    for one in fees:
        inside = {squeeze(str(name)): v for name, v in one.items()} if isinstance(one, dict) else {}
        amount, unit, note = (
            one_line(_said(inside.get(name))) for name in ("sotien", "donvi", "mota")
        )
        said = f"{amount} {unit or 'đồng'}" if amount else ""
        if told := ": ".join(filter(None, (note, said))):
            yield told


def _documents(told: Told) -> list[RequiredDocument]:
    value = told.get("documents")
    records = list(_records(value))
    found = (
        [document for one in records if (document := _national_document(one))]
        if records
        else [one for part in parts_of(_lines(told, "documents")) if (one := read_document(part))]
    )
    for form in read_forms(_lines(told, "forms")):
        at = _paper_of(form.name, found)
        if at is None:
            found.append(RequiredDocument(form.name or "Mẫu đơn, tờ khai", form=form.link))
        else:
            found[at] = replace(found[at], form=form.link)
    return found


def _paper_of(name: str, papers: list[RequiredDocument]) -> int | None:
    """Which paper a form is for: the one with its name, or without a name the first to fill in."""
    wanted = (squeeze(name),) if name else ("tokhai", "don", "mau")
    for at, paper in enumerate(papers):
        if not paper.form and any(word in squeeze(paper.name) for word in wanted):
            return at
    return None


def _records(value: Any) -> Iterator[Mapping[str, Any]]:
    """The papers of a list; the portal has a list of them in each case (TruongHop, GiayTo)."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            inside = {squeeze(str(name)): found for name, found in one.items()}
            papers = inside.get("giayto")
            if isinstance(papers, list):
                yield from _records(papers)
            else:
                yield inside


def _national_document(one: Mapping[str, Any]) -> RequiredDocument | None:
    names = ("tengiayto", "tenthanhphan", "name", "tenmaudon")
    name = next((said for key in names if (said := one_line(_said(one.get(key))))), "")
    if not name:
        return None

    def number(*keys: str) -> int:
        said = next((text for key in keys if (text := _said(one.get(key)).strip())), "0")
        return int(said) if said.isascii() and said.isdecimal() and len(said) <= 3 else 0

    link = next((found for key in ("url", "form") if (found := link_in(_said(one.get(key))))), "")
    return RequiredDocument(
        name[:LONGEST_LINE],
        number("sobanchinh", "originals"),
        number("sobansao", "copies"),
        link,
    )
