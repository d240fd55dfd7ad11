"""The HTTP call with which the one-stop software brings dossiers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from kiosk.errors import Refused, Unavailable
from kiosk.imports import import_dossiers
from kiosk.mistakes import BadConfig
from kiosk.rights import Scope
from kiosk.web import access  # noqa: TC001 (FastAPI reads it)
from kiosk.web.described import ERRORS, refusing
from kiosk.web.route import Direct
from kiosk.workbooks import is_workbook

if TYPE_CHECKING:
    from kiosk.tables import ImportReport
    from kiosk.web.current import Current

router = APIRouter(prefix="/api/dossiers", responses=ERRORS, route_class=Direct)

_EXAMPLE: Final = {
    "data": [
        {
            "MaHoSo": "H15.50.05-261123-0007",
            "TenTTHC": "Cấp bản sao trích lục hộ tịch",
            "TrangThaiHoSo": "9",
            "NgayTiepNhan": "20261123084200",
            "NgayHenTra": "20261124170000",
        }
    ]
}
_BODY: Final[dict[str, Any]] = {
    "security": [{"key": [Scope.IMPORT.value]}],
    "requestBody": {
        "required": True,
        "description": "At most 8 MB: records of the national portal (DongBoHoSoMC and"
        " CapNhatTienDoHoSoMC) as a list, in `data`, one, or one a line; or a CSV file with a"
        " header. The words of `[import] mapping` hold",
        "content": {
            "application/json": {"schema": {}, "example": _EXAMPLE},
            "text/csv": {
                "schema": {"type": "string"},
                "example": "Mã hồ sơ,Trạng thái\nH15.50.05-261123-0007,Đã có kết quả\n",
            },
        },
    },
}


class RejectedAnswer(BaseModel):
    """``n`` is the number of the record, or the line of the table."""

    n: int
    reason: str


class TakenAnswer(BaseModel):
    """``rejected`` tells the first hundred of the ``bad`` ones; all others are stored, or were, but
    for the ``own`` ones, which were taken in here and stay as they are."""

    read: int
    new: int
    changed: int
    unchanged: int
    own: int
    bad: int
    rejected: tuple[RejectedAnswer, ...]


@router.post(
    "",
    openapi_extra=_BODY,
    responses=refusing("key_needed", "too_many_calls", "broken_json", "no_code_column", "not_csv"),
)
async def take_in(request: Request, shared: access.Shared, who: access.Keyed) -> TakenAnswer:
    """Stores what is new or different; the same again changes nothing.

    Of a file that breaks off the records before are stored, and the refusal says at which it broke.
    """
    current, source = shared.current, who.actor
    with shared.limits.bodies.one():
        try:
            body = await request.body()
        except ClientDisconnect as gone:
            raise HTTPException(400) from gone
        report = await shared.incoming.run(lambda: _taken(current, body, source))
    return TakenAnswer(
        read=report.read,
        new=report.new,
        changed=report.stored - report.new,
        unchanged=report.unchanged,
        own=report.own,
        bad=report.bad,
        rejected=tuple(RejectedAnswer(n=n, reason=reason) for n, reason in report.rejected),
    )


def _taken(current: Current, body: bytes, source: str) -> ImportReport:
    """Refused: as ``imports.import_dossiers``, of a file called "body"."""
    centre, config = current.centre, current.config
    try:
        words = config.imports.words(config.beside) if config else None
        with tempfile.TemporaryDirectory(prefix="kiosk-") as folder:
            path = Path(folder, "body")
            path.write_bytes(body)
            if is_workbook(path):
                # It may be unpacked into more than this process has to give.
                raise Refused("not_csv", path=path)
            return import_dossiers(centre, path, words=words, source=source)
    except Refused as error:
        raise Refused(error.code, **{**error.facts, "path": "body"}) from error
    except BadConfig as bad:
        raise Unavailable("import_mapping", path=bad.path) from bad
    except OSError as error:
        raise Unavailable("folder_unwritable", path=tempfile.gettempdir()) from error
