"""What the scanner read: a ticket, a dossier, a citizen card, or nothing that we know.

Barcodes come from strangers: an address is never opened, of a card only its numbers are read and
they are never shown nor kept, and whatever is not on the short list of known forms is unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from kiosk.dossiers import is_code, is_free_code, normalise_code
from kiosk.tickets import is_id

MAX_FRAME: Final = 512
CARD_FIELDS: Final = 7

_FRAMING: Final = b"\x02\x03\x04\r\n\t "
_AIM: Final = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
_CITIZEN: Final = re.compile(rb"[0-9]{12}")
_OLD_CITIZEN: Final = re.compile(rb"[0-9]{9}")
# Every citizen number begins with its province, 001 to 096: a bare one is a card as well.
_BARE_CITIZEN: Final = re.compile(rb"0[0-9]{11}")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.\-]*://|[^?]*\?[^=]+=", re.IGNORECASE)
_TICKET_PATH: Final = re.compile(r"(?:.*/)?so/([0-9a-z]+)/?", re.IGNORECASE)
_CODE_NAMES: Final = frozenset({"mhs", "mahoso"})
_LOOK_UP: Final = "/tra-cuu"
"""Where our own receipts send phones: there the dossier's is called "code"."""


@dataclass(frozen=True, slots=True)
class TicketScan:
    """A text of our tickets' form. A local dossier code may have it too: when there is no such
    ticket, ``id`` is the code to look up."""

    id: str


@dataclass(frozen=True, slots=True)
class DossierScan:
    """A dossier's code, normalised; ``certain`` when it has the national form."""

    code: str
    certain: bool


@dataclass(frozen=True, slots=True)
class CardScan:
    """A citizen card was shown. Of what stands on it there are only its ``numbers``, today's of
    twelve digits and the old one if any, for as long as it takes to compare them."""

    numbers: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """``reason`` is "empty", "too_long", "encoding", "control" or "unknown"."""

    reason: str


Scan = TicketScan | DossierScan | CardScan | Unreadable


def parse(frame: bytes) -> Scan:
    """What one frame of a scanner means; never raises, whatever the bytes."""
    if len(frame) > MAX_FRAME:
        return Unreadable("too_long")
    content = frame.strip(_FRAMING)
    aim = _AIM.match(content)
    content = content[aim.end() :].strip(_FRAMING) if aim else content
    content = content.removeprefix(BOM_UTF8)
    if not content:
        return Unreadable("empty")
    card = _card(content)
    if card is not None:
        return card
    try:
        text = content.decode().replace("\N{SOFT HYPHEN}", "-")
    except UnicodeDecodeError:
        return Unreadable("encoding")
    # Category C: control, format (bidi, zero width), surrogate, private, unassigned.
    if any(unicodedata.category(c)[0] == "C" for c in text):
        return Unreadable("control")
    if _ADDRESS.match(text):
        return _address(text)
    return _code(text)


def _card(content: bytes) -> CardScan | None:
    """By its digits only: wedges and drivers damage the letters on the way."""
    fields = [part.strip() for part in content.split(b"|")]
    bare = len(fields) == 1 and _BARE_CITIZEN.fullmatch(content) is not None
    if not bare and (len(fields) < CARD_FIELDS or not _CITIZEN.fullmatch(fields[0])):
        return None
    old = fields[1:2] if len(fields) > 1 and _OLD_CITIZEN.fullmatch(fields[1]) else []
    return CardScan(tuple(number.decode() for number in (fields[0], *old)))


def _address(text: str) -> Scan:
    """Only the dossier code or our ticket's id is taken out of an address, nothing else."""
    try:
        parts = urlsplit(text)
        # Pages of one sheet keep their query behind the hash: …/#/tra-cuu?MHS=…
        queries = (parts.query, parts.fragment.partition("?")[2])
        facts = [fact for query in queries for fact in parse_qsl(query, max_num_fields=50)]
    except ValueError:
        return Unreadable("unknown")
    own = {"code"} if parts.path.endswith(_LOOK_UP) else set()
    for name, value in facts:
        if name.lower().replace("_", "").replace("-", "") in _CODE_NAMES | own:
            return _code(value)
    ticket = _TICKET_PATH.fullmatch(parts.path)
    if ticket and is_id(ticket[1].upper()):
        return TicketScan(ticket[1].upper())
    return Unreadable("unknown")


def _code(text: str) -> Scan:
    code = normalise_code(text)
    if _BARE_CITIZEN.fullmatch(code.encode("utf-8", "replace")):
        return CardScan((code,))
    if is_id(code):
        return TicketScan(code)
    if is_free_code(code):
        return DossierScan(code, certain=is_code(code))
    return Unreadable("unknown")
