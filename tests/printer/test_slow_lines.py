"""A printer that answers late, and a peer that hangs up as soon as it has said something."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from itertools import groupby

import pytest

from printer.settings import PrinterSettings
from printer.state import Pace, State
from printer.status import OK, UNKNOWN, AutoStatus, PrinterStatus, RealTime, Reason, fault
from printer.steps import step
from printer.talk import Close, Empty, Gone, Heard, Open, Opened, Report, Reported, Tick
from printer.virtual import VirtualPrinter
from tests.printer.outbox import MemoryOutbox
from tests.printer.test_steps import ALL_IS_WELL, FINE, play
from tests.printer.test_worker import QUICK, settings_for, working
from tests.waiting import until

PATIENT = replace(QUICK, lost=2.0, hush=4.0, fence=6.0, grace=2.0)


@pytest.mark.parametrize("late", [0.4, 0.8, 1.2])
def test_a_printer_that_answers_late_prints_one_ticket_after_the_other(late: float) -> None:
    outbox = MemoryOutbox()
    names = ("A001", "A002", "A003")
    with VirtualPrinter() as printer:
        printer.set_fault("late", seconds=late)
        with working(settings_for(printer), outbox, PATIENT) as worker:
            for name in names:
                outbox.add(name)
                worker.poke()
            for name in names:
                outbox.until_job(name, "printed", "ack", seconds=40)
            assert len(printer.wait_for_slips(3)) == 3


def test_one_prompt_look_and_nobody_waits_long_for_an_answer_any_more() -> None:
    state, _ = play(State(), Tick(0.0), Opened(0.0), Heard(1.0, (RealTime(FINE[0]),)))
    assert state.patience == 1.5
    for bits in FINE[1:]:
        state, _ = step(state, Heard(1.1, (RealTime(bits),)))
    state, _ = play(state, Empty(1.1), Tick(2.2))
    for bits in FINE:
        state, _ = step(state, Heard(2.21, (RealTime(bits),)))
    assert state.patience == 0.0
    assert state.status == OK


def test_a_silent_line_is_kept_until_a_late_answer_could_have_come() -> None:
    state, commands = play(State(), Tick(0.0), Opened(0.0), Tick(0.7))
    assert commands == [Report(fault(Reason.SILENT))]
    state, _ = step(state, Reported(0.7, fault(Reason.SILENT)))
    at, opened = 0.7, []
    while at < 9.0:
        at += 0.1
        state, commands = step(state, Tick(at))
        opened += [round(at, 1) for command in commands if isinstance(command, Open | Close)]
    assert opened
    assert opened[0] >= Pace().hush


def brief(state: State, at: float) -> tuple[State, float, list[PrinterStatus]]:
    """A line that is opened, answers a look and is hung up; when it may be opened again."""
    told: list[PrinterStatus] = []
    end = Gone(at + 0.02, "unreachable")
    for event in (Tick(at), Opened(at), Heard(at + 0.01, ALL_IS_WELL), end):
        state, commands = step(state, event)
        for command in commands:
            if isinstance(command, Report):
                told.append(command.status)
                state, _ = step(state, Reported(at, command.status))
    return state, state.next_open - at, told


def test_a_peer_that_hangs_up_at_once_is_called_ever_more_seldom_and_told_once() -> None:
    state, at = State(), 0.0
    waits, told = [], []
    for _ in range(8):
        state, wait, more = brief(state, at)
        at = state.next_open
        waits.append(round(wait, 1))
        told += more
    assert waits == [0.0, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]
    assert [one for one, _ in groupby(told)] == [OK, fault(Reason.UNREACHABLE)]

    # What it says by itself counts as little: it may be the text of a web server.
    text, _ = play(state, Tick(at), Opened(at), Heard(at + 0.01, (AutoStatus(b"\x30\0\0\0"),)))
    assert text.status == fault(Reason.UNREACHABLE)
    # What stays on the line is a printer again, but not before it has stayed.
    state, _ = play(state, Tick(at), Opened(at), Heard(at + 0.01, ALL_IS_WELL))
    assert state.status == fault(Reason.UNREACHABLE)
    state, _ = play(state, Tick(at + 1.0), Heard(at + 1.01, ALL_IS_WELL))
    assert state.status == OK
    state, _ = step(state, Gone(at + 30.0, "unreachable"))
    assert (state.status, state.next_open) == (UNKNOWN, at + 30.0)


def test_a_wrong_port_costs_neither_the_processor_nor_the_log() -> None:
    calls: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    calls.append(len(client.recv(64)))
                    client.sendall(b"HTTP/1.1 400 Bad Request 2222 rrrr")

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = server.getsockname()
        outbox = MemoryOutbox()
        settings = PrinterSettings(connection="network", host=host, port=port)
        with working(settings, outbox, Pace()):
            until(lambda: len(calls) >= 2)
            threading.Event().wait(3.0)
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    assert len(calls) <= 4
    assert len(outbox.reports) <= 4, "each of the first two calls may have told something"
    assert outbox.reports[-1] == ("fault", "unreachable")
