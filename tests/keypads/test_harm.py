"""A line with mad keypads, noise and strangers on it."""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from kiosk.keypads import frames
from kiosk.office import calls
from kiosk.presses import Key
from tests.keypads.crew import Host, called, deaf, shown, shows, sign_in, take
from tests.waiting import until

if TYPE_CHECKING:
    from kiosk.keypads.virtual import VirtualLine
    from kiosk.office.centre import Centre


def test_an_impatient_clerk_calls_one_number(office: Centre, line: VirtualLine, host: Host) -> None:
    """Both presses were made on the same display, so the second one is about who has gone."""
    sign_in(office, 1)
    numbers = [take(office), take(office)]
    shows(line, 1, "----")
    assert line.press(1, Key.NEXT)
    assert line.press(1, Key.NEXT)
    until(lambda: len(line.keypads[1].acked) == 2)
    assert called(office) == numbers[:1]

    host.let_go(1)
    with ExitStack() as stale:
        assert shown(line, 1).text in (numbers[0], "TOO FAST")
        stale.enter_context(deaf(line, 1))
        calls.finish(office, 1, clerk="clerk-1")
        assert line.press(1, Key.NEXT)
        until(lambda: host.line._stations[1].answer == "press_moved")
    shows(line, 1, "CHANGED, REPEAT")
    assert called(office) == numbers[:1]


def test_a_mad_keypad_is_told_and_takes_nothing_from_the_others(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    for counter in (1, 2):
        sign_in(office, counter)
    numbers = [take(office), take(office)]
    shows(line, 2, "----")
    shows(line, 1, "----")
    mad, stop = line.keypads[1], threading.Event()

    def press_without_end() -> None:
        keys = [Key.RECALL, Key.FINISH, "Z", Key.START]
        while not stop.wait(0.005):
            line.press(1, keys[mad.sequence % 4])

    flood = threading.Thread(target=press_without_end)
    flood.start()
    until(lambda: host.said["keypad 1"] == ("warning", "flooding"))
    assert line.press(2, Key.NEXT)
    began = time.monotonic()
    shows(line, 2, numbers[0])
    took = time.monotonic() - began
    stop.set()
    flood.join()
    until(lambda: host.said["keypad 1"] == ("ok", ""))

    assert took < 0.5
    assert called(office) == numbers[:1]


def test_a_key_held_down_is_one_press(office: Centre, line: VirtualLine) -> None:
    sign_in(office, 1)
    number = take(office)
    with Host(office, line.device):
        shows(line, 1, "----")
        assert line.press(1, Key.NEXT)
        shows(line, 1, number)
        for n in range(8):
            acked = len(line.keypads[1].acked)
            assert line.press(1, Key.RECALL), n
            until(lambda acked=acked: len(line.keypads[1].acked) > acked)
        shows(line, 1, "TOO FAST")

    assert called(office) == [number, number]


def test_noise_unknown_addresses_and_a_second_host_are_told_and_harm_nobody(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    sign_in(office, 1)
    numbers = [take(office) for _ in range(2)]
    shows(line, 1, "----")
    for data, reason in (
        (os.urandom(300), "noise"),
        (frames.encode(frames.poll(44)), "second_master"),
    ):

        def disturbed(data: bytes = data, reason: str = reason) -> bool:
            line.send(data)
            return host.said["keypads"] == ("warning", reason)

        until(disturbed)
    line.send(frames.encode(frames.Frame(44, frames.Kind.HELLO, answers=True)))
    assert line.press(1, Key.NEXT)
    shows(line, 1, numbers[0])

    assert called(office) == numbers[:1]


def test_an_adapter_that_hears_itself_is_no_second_host(office: Centre, line: VirtualLine) -> None:
    take_in = line._take

    def echoing(wire: object, frame: frames.Frame) -> None:
        line.send(frames.encode(frame))
        take_in(wire, frame)  # type: ignore[arg-type]

    line._take = echoing  # type: ignore[method-assign]
    sign_in(office, 1)
    number = take(office)
    with Host(office, line.device) as host:
        shows(line, 1, "----")
        assert line.press(1, Key.NEXT)
        shows(line, 1, number)
        assert {name: state for name, (state, _) in host.said.items()}["keypads"] == "ok"
