"""``kiosk keypad virtual``: typed lines are presses and faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import Unavailable
from kiosk.keypads import frames
from kiosk.keypads.virtual import VirtualLine
from kiosk.virtual_keypads import BadOrder, VirtualKeypads, carry_out, run_virtual_keypads


@pytest.mark.parametrize(
    "order", ["", "next", "9 next", "1 call", "1 2", "1 x transfer", "off", "off 9", "1 ² transfer"]
)
def test_an_order_that_is_none_is_told(order: str) -> None:
    with VirtualLine((1,)) as line, pytest.raises(BadOrder):
        carry_out(line, order)


def test_typed_lines_press_and_break() -> None:
    with VirtualLine((1, 2)) as line:
        keypad = line.keypads[1]
        assert not carry_out(line, "1 next")
        keypad.session, keypad.show = "7F3A", frames.Show("7F3A", frames.State.NOBODY)
        assert carry_out(line, "1 next")
        assert carry_out(line, "1 12 transfer")
        assert [(press.key, press.digits) for press, _ in keypad.presses] == [
            ("N", ""),
            ("T", "12"),
        ]
        assert carry_out(line, "1 no-show")
        assert carry_out(line, "1 recall")
        assert not carry_out(line, "1 recall")
        carry_out(line, "off 1")
        assert not keypad.on
        carry_out(line, "on 1")
        carry_out(line, "restart 1")
        assert (keypad.session, keypad.presses) == ("", [])
        carry_out(line, "garbage")
        carry_out(line, "unplug")
        carry_out(line, "plug")
        assert Path(line.device).exists()


def test_a_file_is_not_overwritten_by_the_lines_name(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("mine", "utf-8")
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with pytest.raises(Unavailable) as told:
        run_virtual_keypads(VirtualKeypads((1,), (), kept))
    for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
        signal.signal(number, handler)

    assert (told.value.code, kept.read_text("utf-8")) == ("link_taken", "mine")


def test_the_command_names_its_line_and_answers_typed_lines(tmp_path: Path) -> None:
    link = tmp_path / "keypads"
    running = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "keypad", "virtual", "--link", str(link)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "LANGUAGE": "en"},
    )  # fmt: skip
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stdout.readline() == f"Virtual keypad line: {link}  (stop: Ctrl-C)\n"
    assert "no-show" in running.stdout.readline()
    assert link.resolve().is_char_device()
    running.stdin.write("1 dance\n1 next\n")
    running.stdin.flush()
    assert running.stdout.readline() == "No such order: 1 dance\n"
    assert "refuses the key" in running.stdout.readline()
    running.stdin.close()
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0
    running.stdout.close()

    assert not link.is_symlink()
