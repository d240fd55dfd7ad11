"""Every kind of code that people hold under the scanner, as a real serial line brings it."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

from kiosk.dossiers import is_code, normalise_code
from kiosk.scanner import Framer
from kiosk.scans import CardScan, DossierScan, Scan, TicketScan, Unreadable, parse
from tests.test_scanner import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODES = (
    "000.00.06.H56-231027-0361",
    "000.17.22.H56-210531-0001",
    "H56.14-240823-0001",
    "000.00.19.H47-260105-0001",
    "H57.132-260804-0583",
    "H15.50.05.13-261008-0975",
    "G09.20-20260609-0092637",
)
"""As they are seen on receipts: old and new unit codes, dates of six and eight digits."""
ADDRESSES = (
    "https://dichvucong.example.vn/portaldvc/tra-cuu?MHS={code}&SGT=001090123456",
    "HTTPS://DICHVUCONG.EXAMPLE.VN/TRA-CUU?SGT=001090123456&MAHOSO={code}",
    "http://motcua.example.vn/#/ho-so?maHoSo={code}",
    "https://motcua.example.vn/?MaHoSo={code}&x=1#y",
    "motcua.example.vn/tra-cuu?mahoso={code}",
    "https://zalo.example.vn/app?mhs={code}",
)
TICKET = "K7M2P4QX9R3T"
NUMBER = "001090123456"
CARD = f"{NUMBER}|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé, Quận 1|15042021"
NEWER_CARD = f"{NUMBER}||Nguyễn Văn A|01011990|Nam|Phường Bến Nghé|01072024|Cha|Mẹ|Vợ"
INSURANCE = "HS4797520123456|4e677579e1bb856e2056c4836e2041|01/01/1990|1|-|79-034|01/01/2026|-|$"
VNEID = "eyJhbGciOi" + "JSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMDEwOTAxMjM0NTYifQ.c2lnbmF0dXJl"


def _kinds() -> Iterator[tuple[str, Scan]]:
    for code in CODES:
        yield code, DossierScan(code, certain=True)
        yield code.lower(), DossierScan(code, certain=True)
    for address in ADDRESSES:
        yield address.format(code=CODES[4]), DossierScan(CODES[4], certain=True)
    yield "HS-2026-04101", DossierScan("HS-2026-04101", certain=False)
    yield TICKET, TicketScan(TICKET)
    yield f"https://motcua.example.vn/so/{TICKET}", TicketScan(TICKET)
    yield CARD, CardScan((NUMBER, "012345678"))
    yield NEWER_CARD, CardScan((NUMBER,))
    yield NUMBER, CardScan((NUMBER,))
    yield INSURANCE, Unreadable("unknown")
    yield VNEID, Unreadable("unknown")
    yield "https://vneid.example.vn/login?state=x1y2", Unreadable("unknown")


KINDS = tuple(_kinds())
PREFIXES = ("", "]C0", "]C1", "]Q1", "]Q3", "]d2", "]e0", "]z0")
ENDS = ("\r", "\n", "\r\n", "\t", "\x03", "\x03\r\n")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "scanner")
    bench.plug()
    bench.scanner.start()
    assert bench.state() == ("ok", "")
    yield bench
    bench.scanner.stop()
    bench.unplug()


def test_every_kind_arrives_with_every_prefix_and_end(bench: Bench) -> None:
    for prefix in PREFIXES:
        for end in ENDS:
            for text, scan in KINDS:
                bench.send((prefix + text + end).encode())
                assert parse(bench.frame()) == scan, (prefix, end, text)


def test_every_kind_arrives_after_noise_on_the_line(bench: Bench) -> None:
    for n, (text, scan) in enumerate(KINDS):
        noise = bytes(range(128, 128 + 5 + n % 90)) + b"\x00\x7f"
        bench.send(noise + b"\r" + text.encode() + b"\r\n")
        assert isinstance(parse(bench.frame()), Unreadable)
        assert parse(bench.frame()) == scan, text


def test_a_scanner_without_an_end_is_heard_by_its_silence(bench: Bench) -> None:
    for text, scan in KINDS[:3] + KINDS[-6:]:
        bench.send(text.encode())
        assert parse(bench.frame()) == scan, text


def test_a_card_whose_letters_were_damaged_on_the_way_is_still_a_card() -> None:
    for damaged in (
        CARD.encode("cp1258", "replace"),
        CARD.encode("ascii", "replace"),
        CARD.encode().replace(b"\xe1", b"\xff"),
        CARD.encode().replace(b"|", b" | "),
    ):
        (frame,) = Framer().feed(damaged + b"\r", 1.0)
        assert parse(frame) == CardScan((NUMBER, "012345678"))


def test_nothing_of_a_card_nor_of_an_address_but_its_code_is_told() -> None:
    told = repr([parse(text.encode()) for text, _ in KINDS])
    for canary in (NUMBER, "012345678", "NGUY", "Bến Nghé", "SGT", "example.vn", "4e6775"):
        assert canary not in told


DASHES = sorted(
    {chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) == "Pd"}
    | set("−⁃˗➖⁻₋─\u00ad")
)


@pytest.mark.parametrize("dash", DASHES, ids=lambda dash: f"U+{ord(dash):04X}")
def test_a_code_is_read_with_dashes_of_every_kind(dash: str) -> None:
    for code in CODES:
        written = code.replace("-", f" {dash} ")
        assert parse(written.encode()) == DossierScan(code, certain=True)
        assert normalise_code(written) == code
        assert is_code(normalise_code(code.replace("-", dash)))
