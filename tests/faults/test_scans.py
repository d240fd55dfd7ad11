"""A million frames that no scanner ever sends: nothing raises, nothing leaves the machine."""

from __future__ import annotations

import random
import socket
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

from kiosk.dossiers import is_free_code, normalise_code
from kiosk.scans import MAX_FRAME, CardScan, DossierScan, TicketScan, Unreadable, parse
from kiosk.tickets import is_id
from tests.faults.findings import found
from tests.profile import chosen
from tests.test_scanned_codes import KINDS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED: Final = 4101
FRAMES: Final = chosen(20_000, 1_000_000)
SHARDS: Final = (
    b"|", b"?", b"#", b"&", b"=", b"%", b"%00", b"%ff", b"://", b"\r", b"\t", b"\x00", b"\x1b[2J",
    b"<b>", b"<img src=x onerror=alert(1)>", b"&lt;", b"MHS=", b"so/", b"javascript:", b"file:///",
    b"\xff", b"\xe2\x80\xae", b"\xe2\x80\x93", b"\xef\xbb\xbf", b"[", b"]", b"0" * 12, b"A" * 12,
    b"../", b"'; DROP TABLE dossier; --", b"\xed\xa0\x80", b"\xc2\xad",
)  # fmt: skip


def frames(chance: random.Random, count: int) -> Iterator[bytes]:
    """Pure noise, and what is known with pieces changed, lost, doubled and put in."""
    known = [text.encode() for text, _ in KINDS]
    for _ in range(count):
        frame = bytearray(chance.choice(PREFIXES).encode() + chance.choice(known))
        if chance.random() < 0.1:
            frame = bytearray(chance.randbytes(chance.randrange(600)))
        for _ in range(chance.randrange(5)):
            at = chance.randrange(len(frame) + 1)
            match chance.randrange(5):
                case 0:
                    frame[at:at] = chance.choice(SHARDS)
                case 1:
                    del frame[at : at + chance.randrange(1, 9)]
                case 2:
                    frame[at:at] = frame[: chance.randrange(len(frame) + 1)]
                case 3 if at < len(frame):
                    frame[at] = chance.randrange(256)
                case _:
                    frame += chance.choice(known)
        yield bytes(frame)


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever so much as makes a socket or asks for an address fails the test."""

    def refuse(*asked: object, **facts: object) -> None:
        pytest.fail(f"the network was asked: {asked}")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.usefixtures("cut_off")
def test_no_frame_raises_nor_reaches_for_the_network_and_only_plain_codes_come_out() -> None:
    kinds: Counter[str] = Counter()
    for frame in frames(random.Random(SEED), FRAMES):
        scan = parse(frame)
        kinds[type(scan).__name__] += 1
        match scan:
            case TicketScan(ticket):
                assert is_id(ticket), frame
            case DossierScan(code):
                assert is_free_code(code), frame
                assert normalise_code(code) == code, frame
            case CardScan(numbers):
                assert all(number.isdigit() and len(number) in (9, 12) for number in numbers)
                assert not any(number in repr(scan) for number in numbers), frame
            case Unreadable(reason):
                assert reason in ("empty", "too_long", "encoding", "control", "unknown"), frame
                assert len(frame) <= MAX_FRAME or reason == "too_long"
    found(
        "device",
        "a mad scanner",
        "frames by chance, of broken and of hostile codes",
        FRAMES,
        "this code cannot be read, or the answer to a good one",
        f"nothing; no exception, no network: {dict(kinds)}",
    )
    # The generator reaches everything that there is.
    assert min(kinds[kind.__name__] for kind in (TicketScan, DossierScan, CardScan)) > FRAMES / 200
    assert kinds["Unreadable"] > FRAMES / 10
