"""Faults of a virtual printer by lines and over HTTP."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from printer import escpos
from printer.virtual import FAULTS, HAPPENINGS, VirtualPrinter
from printer.virtual.control import KEYS, BadOrder, Order, controlled, read_line
from tests.printer.test_virtual_faults import Host, broken

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as running:
        yield running


@pytest.fixture
def control(printer: VirtualPrinter) -> Iterator[http.client.HTTPConnection]:
    with controlled(printer, 0) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        yield connection
        connection.close()


def ask(
    control: http.client.HTTPConnection, body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, Any]:
    method = "GET" if body is None else "POST"
    control.request(method, "/", body, {"Content-Type": kind})
    answer = control.getresponse()
    return answer.status, json.loads(answer.read())


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("", Order(None)),
        ("  \n", Order(None)),
        ("o", Order(None)),
        ("paper_out", Order("paper_out")),
        ("p 40mm", Order("paper_out", after_mm=40)),
        ("hang_up 9000b", Order("hang_up", after_bytes=9000)),
        ("cutter cut", Order("cutter", at_cut=True)),
        ("late 2.5s", Order("late", seconds=2.5)),
    ],
)
def test_a_line_is_an_order(line: str, order: Order) -> None:
    assert read_line(line) == order


@pytest.mark.parametrize(
    "line", ["fire", "paper_out soon", "paper_out 4cm", "late -1s", "t 9999999s"]
)
def test_a_line_that_is_no_order_is_refused(line: str) -> None:
    with pytest.raises(BadOrder):
        read_line(line)


def test_there_is_a_key_for_everything_that_can_happen() -> None:
    assert set(KEYS.values()) == {None, *FAULTS, *HAPPENINGS}


def test_a_printer_is_broken_and_mended_over_http(
    printer: VirtualPrinter, control: http.client.HTTPConnection
) -> None:
    for fault in FAULTS:
        status, standing = ask(control, json.dumps({"fault": fault}).encode())
        assert (status, standing["fault"], printer.fault) == (200, fault, fault)
    assert ask(control, b'{"fault": null}')[1]["fault"] is None


def test_http_tells_how_the_printer_is(
    printer: VirtualPrinter, control: http.client.HTTPConnection
) -> None:
    _, armed = ask(control, b'{"fault": "paper_out", "after_mm": 10}')
    assert (armed["fault"], armed["to_come"]) == (None, "paper_out")
    with Host(printer) as host:
        host.send(escpos.encode([Image.new("1", (576, 160), 0)]))
        broken(printer, "paper_out")
        status, standing = ask(control)

        assert status == 200
        assert 0 < standing.pop("held") < 72 * 160
        assert standing == {
            "fault": "paper_out",
            "to_come": None,
            "connected": True,
            "slips": 0,
            "torn": 0,
            "junk": 0,
            "used_mm": 10,
            "printed_mm": 10,
        }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"fault": "fire"}',
        b'{"fault": ["paper_out"]}',
        b'{"fault": "late", "seconds": "5"}',
        b'{"fault": "late", "seconds": -5}',
        b'{"fault": "late", "seconds": 9999999}',
        b'{"fault": "late", "seconds": Infinity}',
        b'{"fault": "late", "seconds": NaN}',
        b'{"fault": "paper_out", "after_mm": 1e300}',
        b'{"fault": "cutter", "at_cut": 1}',
        b'{"fault": "hang_up", "after_bytes": true}',
        b'{"fault": "hang_up", "when": 3}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_order_is_answered_with_what_can_be_ordered(
    printer: VirtualPrinter, control: http.client.HTTPConnection, body: bytes
) -> None:
    status, answer = ask(control, body)

    assert status == 400
    assert answer["faults"] == list(FAULTS)
    assert printer.fault is None


def test_a_page_in_a_browser_cannot_break_it(
    printer: VirtualPrinter, control: http.client.HTTPConnection
) -> None:
    assert ask(control, b'{"fault": "paper_out"}', "text/plain")[0] == 415
    assert ask(control, b" " * 5000)[0] == 413
    assert printer.fault is None
