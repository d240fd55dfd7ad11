"""What stands on each kind of slip; the JSON of a print job becomes a slip here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from printer.errors import SlipError
from printer.slips import (
    apology,
    handover,
    procedure,
    receipt,
    refusal,
    summary,
    supplement,
    test_page,
    ticket,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from printer.slip import Slip

_KINDS: Mapping[str, Callable[[Mapping[str, object]], Slip]] = {
    "ticket": lambda data: ticket.draw(ticket.read(data)),
    "receipt": lambda data: receipt.draw(receipt.read(data)),
    "supplement": lambda data: supplement.draw(supplement.read(data)),
    "refusal": lambda data: refusal.draw(refusal.read(data)),
    "apology": lambda data: apology.draw(apology.read(data)),
    "handover": lambda data: handover.draw(handover.read(data)),
    "procedure": lambda data: procedure.draw(procedure.read(data)),
    "summary": lambda data: summary.draw(summary.read(data)),
    "test": lambda data: test_page.draw(test_page.read(data)),
}


def draw(kind: str, data: Mapping[str, object]) -> Slip:
    """The slip that ``data`` describe.

    SlipError("unknown_slip") for another ``kind``, SlipError("bad_slip_data") when ``data`` lack or
    misshape something.
    """
    if kind not in _KINDS:
        raise SlipError("unknown_slip", kind=kind)
    return _KINDS[kind](data)
