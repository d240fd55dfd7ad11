from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.dossiers import is_free_code, normalise_code
from kiosk.scans import CardScan, DossierScan, TicketScan, Unreadable, parse
from kiosk.tickets import is_id, new_id

CODE = "H57.132-260804-0583"
KNOWN = DossierScan(CODE, certain=True)
CARD = "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé|15042021"


@pytest.mark.parametrize(
    "frame",
    [
        CODE,
        f"]C0{CODE}",
        f"]Q1{CODE}\r\n",
        f"\x02{CODE}\x03",
        f"\x02]C0{CODE}\x04\r",
        f"]C0\x02{CODE}\x03",
        f" {CODE}\t",
        CODE.lower(),
        CODE.replace("-", "–"),
        f"\ufeff{CODE}",
        f"https://dichvucong.example.vn/portaldvc/tra-cuu?MHS={CODE}&SGT=001090123456",
        f"HTTPS://DICHVUCONG.EXAMPLE.VN/TRA-CUU?SGT=001090123456&mahoso={CODE}",
        f"http://x/?maHoSo={CODE}#top",
        f"http://x/#/tra-cuu?MaHoSo={CODE}",
        f"dichvucong.example.vn/tra-cuu?ma_ho_so={CODE}",
        f"https://x/?MHS={CODE.replace('-', '%E2%80%93')}",
    ],
)
def test_a_receipt_is_read_in_every_wrapping(frame: str) -> None:
    assert parse(frame.encode()) == KNOWN


def test_a_local_code_is_read_but_not_certain() -> None:
    assert parse(b"HS-2026-04101\r") == DossierScan("HS-2026-04101", certain=False)
    assert parse(b"2608040583") == DossierScan("2608040583", certain=False)


def test_our_tickets_are_known_bare_and_as_an_address() -> None:
    ticket = new_id()
    for frame in (
        ticket,
        f"]C0{ticket}",
        ticket.lower(),
        f"https://motcua.example.vn/so/{ticket}",
        f"HTTPS://MOTCUA.EXAMPLE.VN:8443/PHUONG/SO/{ticket}/?v=1",
    ):
        assert parse(frame.encode()) == TicketScan(ticket)


@pytest.mark.parametrize(
    "frame",
    [
        CARD.encode(),
        f"]Q3{CARD}\r\n".encode(),
        CARD.encode("cp1258", "replace"),
        b"001090123456||A\xff\xfe|01011990|Nam|\x00\x1b[2J|15042021|more|fields",
        b"001090123456",
    ],
)
def test_a_citizen_card_is_known_by_its_digits_and_nothing_of_it_is_told(frame: bytes) -> None:
    scan = parse(frame)
    assert isinstance(scan, CardScan)
    assert scan.numbers[0] == "001090123456"
    assert repr(scan) == "CardScan()"


def test_of_a_card_the_old_number_is_read_too_and_nothing_else() -> None:
    assert parse(CARD.encode()) == CardScan(("001090123456", "012345678"))
    assert parse(CARD.replace("012345678", "").encode()) == CardScan(("001090123456",))


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", "empty"),
        (b"\x02\x03\r\n", "empty"),
        (b"]C0", "empty"),
        (b"A" * 513, "too_long"),
        (b"\xff\xfe\xfd\xfc", "encoding"),
        (b"H57.132\x1d-260804-0583", "control"),
        (b"\x1b[31mH57", "control"),
        ("H57\N{RIGHT-TO-LEFT OVERRIDE}.132-260804-0583".encode(), "control"),
        ("H57\N{ZERO WIDTH SPACE}.132-260804-0583".encode(), "control"),
        (b"ABC", "unknown"),
        (b"<b>HS</b><img src=x>", "unknown"),
        (b"DN4797777777777|4e677579e1bb85n|01/01/1990|1|x", "unknown"),
        (b"https://example.com/", "unknown"),
        (b"https://[bad/?MHS=1", "unknown"),
        (b"https://x/?MHS=", "unknown"),
        (b"https://x/?SGT=001090123456", "unknown"),
        (b"https://x/so/short", "unknown"),
        (b"https://x/?" + b"&".join(b"a=%d" % n for n in range(60)), "unknown"),
    ],
)
def test_what_is_not_on_the_short_list_is_unreadable(frame: bytes, reason: str) -> None:
    assert parse(frame) == Unreadable(reason)


def test_an_id_number_in_an_address_is_never_kept() -> None:
    for frame in (
        f"https://x/?MHS={CODE}&SGT=001090123456",
        "https://x/?SGT=001090123456",
        "https://x/?MHS=001090123456",
        "https://x/001090123456?a=b",
    ):
        assert "001090123456" not in repr(parse(frame.encode()))


@given(st.binary(max_size=600))
def test_no_bytes_raise_and_only_plain_codes_come_out(frame: bytes) -> None:
    match parse(frame):
        case TicketScan(ticket):
            assert is_id(ticket)
        case DossierScan(code):
            assert is_free_code(code)
            assert normalise_code(code) == code


_ALPHABET = st.sampled_from("\x02\x03]C0Q1|?#/&=%:.-_ \r\n\t0123456789HhMSmhsơĐ\u202e\ufeff[")


@given(st.text(_ALPHABET, max_size=80), st.sampled_from(["", "https://", "http://x/?MHS=", "]C1"]))
def test_nothing_that_looks_almost_right_raises(text: str, head: str) -> None:
    parse((head + text).encode())


@given(st.text(st.sampled_from("ABCH0123456789.-/_"), min_size=4, max_size=50))
def test_scanning_a_code_equals_typing_it(code: str) -> None:
    scan = parse(code.encode())
    if isinstance(scan, DossierScan):
        assert scan.code == normalise_code(code)
