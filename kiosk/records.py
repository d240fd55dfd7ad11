"""JSON files of records: read one by one, however long the file is; bad ones are set aside.

A file is a list of records, an envelope with the list in ``data`` (as the national services send
it), one record, or one record a line.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import ijson
from ijson.common import ObjectBuilder

from kiosk.aside import Aside, BadRow, Objects
from kiosk.errors import Refused
from kiosk.tables import ImportReport

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

_MARK: Final = b"\xef\xbb\xbf"
_HEAD: Final = 1 << 14
_PROGRESS_RECORDS: Final = 500
_LIST: Final = "data"
_ENVELOPE: Final = re.compile(rb'\s*\{[^\[\]]*?"data"\s*:\s*\[', re.DOTALL)
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
        self.aside = Aside(aside_path(path), Objects())
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
        except (ijson.JSONError, UnicodeDecodeError):
            raise Refused("broken_json", path=self._path, n=self.read + 1) from None

    def report(self, stored: int, unchanged: int) -> ImportReport:
        aside = self.aside
        return ImportReport(self.read, stored, unchanged, aside.rejected, aside.count)


def _items(file: BinaryIO) -> Iterator[Any]:
    """What stands in the place of records, in order; None for one that is nested without end.

    It is put together here: ijson's own ``items`` overruns the stack on such a file.
    """
    head = file.read(_HEAD)
    file.seek(len(_MARK) if head.startswith(_MARK) else 0)
    told = head.removeprefix(_MARK)
    # In how many containers a record stands: a list, the envelope and its list, or none.
    at = 1 if told.lstrip().startswith(b"[") else 2 if _ENVELOPE.match(told) else 0
    depth, deepest, key = 0, 0, ""
    record: ObjectBuilder | None = None
    for event, value in ijson.basic_parse(file, multiple_values=True):
        if record is None:
            if event == "map_key" and depth == 1:
                key = value
            begins = depth == at and event != "map_key" and event not in _ENDS
            if begins and (at < 2 or key == _LIST):
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
