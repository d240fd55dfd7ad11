"""JSON files of records: read one by one, however long the file is; bad ones are set aside.

A file is a list of records, an envelope with the list in ``data`` (as the national services send
it) or the like, one record, or one record a line.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import ijson
from ijson.common import ObjectBuilder

from kiosk.aside import Aside, BadRow, Objects
from kiosk.errors import Refused
from kiosk.import_words import squeeze
from kiosk.tables import ImportReport

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

_MARK: Final = b"\xef\xbb\xbf"
_HEAD: Final = 1 << 14
_PROGRESS_RECORDS: Final = 500
_LISTS: Final = frozenset(
    {"data", "items", "records", "result", "results", "rows", "content", "hoso", "danhsach"}
    | {"danhsachhoso", "dshoso", "response", "body", "value"}
)
"""What programs call the list of records, or what is around it."""
_MOST_AROUND: Final = 3
_DIGITS: Final = 1000
_ENDLESS: Final = re.compile(rb"\d{%d}" % _DIGITS)
"""No number of a dossier has so many digits; Python reads 4300."""
_STARTS: Final = frozenset({"start_map", "start_array"})
_ENDS: Final = frozenset({"end_map", "end_array"})
DEEPEST: Final = 20
"""How deep a record may be nested; those of the portal are three deep."""


def is_json(path: Path) -> bool:
    """Whether the file begins as JSON does; False where it cannot be read."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(_HEAD).removeprefix(_MARK).lstrip()[:1] in (b"[", b"{")
    return False


def aside_path(path: Path) -> Path:
    """Where the records of the file that cannot be used are set aside."""
    return path.with_name(f"{path.name}.rejected.jsonl")


class Records:
    """One file on its way in: what was read, and what was set aside."""

    def __init__(self, path: Path, progress: Callable[[int, int], None] | None = None) -> None:
        self.read = 0
        self.aside = Aside(aside_path(path), Objects(), path)
        self._path = path
        self._progress = progress

    def each(
        self, after: int = 0, known: Collection[int] = ()
    ) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The records behind that number, which counts from 1, with their own; what is none is set
        aside, unless it was before: the ``known`` ones.

        Refused: no_such_file, unreadable_file, broken_json (the records before it were given).
        """
        try:
            total = self._path.stat().st_size
            with self._path.open("rb") as file:
                for one in _items(file):
                    self.read += 1
                    if self.read in known:
                        pass
                    elif isinstance(one, dict):
                        if self.read > after:
                            yield self.read, one
                    else:
                        self.aside.put(self.read, BadRow("import.reject.no_record"), one)
                    if self._progress and self.read % _PROGRESS_RECORDS == 0:
                        self._progress(file.tell(), total)
            if self._progress:
                self._progress(total, total)
        except FileNotFoundError:
            raise Refused("no_such_file", path=self._path) from None
        except OSError as error:
            raise Refused("unreadable_file", path=self._path, why=error.strerror) from error
        except (ijson.JSONError, UnicodeDecodeError, _TooLong):
            raise Refused("broken_json", path=self._path, n=self.read + 1) from None

    def report(self, stored: int, unchanged: int) -> ImportReport:
        aside = self.aside
        return ImportReport(self.read, stored, unchanged, aside.rejected, aside.count)


class _TooLong(Exception):
    """A number that nobody means."""


class _Bounded:
    """A file without numbers of thousands of digits: at one of more than Python reads, the parser
    ends the whole process."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        """Raises _TooLong."""
        data = self._file.read(size)
        if _ENDLESS.search(self._tail + data):
            raise _TooLong
        self._tail = data[-_DIGITS:]
        return data


def _items(file: BinaryIO) -> Iterator[Any]:
    """What stands in the place of records, in order; None for one that is nested without end.

    It is put together here: ijson's own ``items`` overruns the stack on such a file.
    """
    begins = _begin(file)
    way = _way_to(file)
    file.seek(begins)
    at, names = len(way) + 1 if way is not None else 0, [""] * DEEPEST
    depth, deepest = 0, 0
    record: ObjectBuilder | None = None
    for event, value in ijson.basic_parse(_Bounded(file), multiple_values=True):
        if record is None:
            if event == "map_key" and 0 < depth < at:
                names[depth - 1] = value
            here = depth == at and event != "map_key" and event not in _ENDS
            if here and (not way or names[: at - 1] == way):
                record, deepest = ObjectBuilder(), 0
        depth += (event in _STARTS) - (event in _ENDS)
        if record is None:
            continue
        deepest = max(deepest, depth - at)
        if deepest <= DEEPEST:
            record.event(event, value)
        if depth == at:
            yield record.value if deepest <= DEEPEST else None
            record = None


def _begin(file: BinaryIO) -> int:
    """Behind the mark."""
    begins = len(_MARK) if file.read(len(_MARK)) == _MARK else 0
    file.seek(begins)
    return begins


def _way_to(file: BinaryIO) -> list[str] | None:
    """The names of the maps that are around the list of records, none for a list by itself; None
    where the file is a record, or one a line. Reads no further than to where that is plain."""
    names: list[str] = []
    depth = 0
    for event, value in ijson.basic_parse(_Bounded(file), multiple_values=True):
        if event == "map_key":
            names[depth - 1 :] = [value]
        elif event == "start_array" and len(names) == depth and _are_lists(names):
            return names
        depth += (event in _STARTS) - (event in _ENDS)
        if event == "end_map":
            names = names[:depth]
        if depth == 0 or depth > DEEPEST:
            return None
    return None


def _are_lists(names: Sequence[str]) -> bool:
    return len(names) <= _MOST_AROUND and all(squeeze(name) in _LISTS for name in names)
