"""``kiosk keypad virtual``: keypads and number boards of software, obeying typed lines."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.errors import Unavailable
from kiosk.keypads.virtual import VirtualKeypad, VirtualLine, link_is_free
from kiosk.presses import Key
from kiosk.processes import DONE, on_stop_signals
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.keypads.virtual import VirtualBoard
    from kiosk.texts import Texts

LONGEST_ORDER: Final = 80
"""Characters of a typed order."""

KEYS: Final = {key.name.lower().replace("_", "-"): key for key in Key}
LINE_ORDERS: Final = ("garbage", "unplug", "plug")
PAD_ORDERS: Final = ("off", "on", "restart", "lose")


class BadOrder(ValueError):
    """What was typed is no order."""


@dataclass(frozen=True, slots=True)
class VirtualKeypads:
    """The line that ``run_virtual_keypads`` plays; ``VirtualLine`` says what the fields mean."""

    keypads: tuple[int, ...]
    boards: tuple[int, ...]
    link: Path | None = None
    baudrate: int | None = None


def run_virtual_keypads(virtual: VirtualKeypads) -> int:
    """Is a line until stopped; presses, breaks and mends as lines on standard input say.

    Unavailable: link_taken (path).
    """
    stop = threading.Event()
    on_stop_signals(stop.set)
    words = operator_texts()
    if virtual.link is not None and not link_is_free(virtual.link):
        raise Unavailable("link_taken", path=virtual.link)
    line = VirtualLine(
        virtual.keypads,
        virtual.boards,
        link=virtual.link,
        baudrate=virtual.baudrate,
        changed=lambda device: _say(told(device, words)),
    )
    with line:
        _say(words.say("cli.keypads_ready", where=line.device))
        orders = (*LINE_ORDERS, *(f"{order} 3" for order in PAD_ORDERS))
        _say(words.say("cli.keypads_orders", keys=", ".join(KEYS), orders=", ".join(orders)))
        threading.Thread(target=_obey, args=(line,), name="orders", daemon=True).start()
        stop.wait()
    return DONE


def told(device: VirtualKeypad | VirtualBoard, words: Texts) -> str:
    """What the device shows, in one line."""
    if isinstance(device, VirtualKeypad):
        show = device.show
        assert show is not None
        return words.say("cli.keypad_shows", address=device.address, text=show.text,
                         state=show.state, error=show.error, waiting=show.waiting,
                         sound=show.sound)  # fmt: skip
    sign = device.sign
    assert sign is not None
    return words.say("cli.led_shows", address=device.address, mode=sign.mode, text=sign.text,
                     blink=sign.blink).rstrip()  # fmt: skip


def carry_out(line: VirtualLine, order: str) -> bool:
    """Does what a typed line says; False when the keypad refused the key. BadOrder."""
    match order.split():
        case ["garbage"]:
            line.make_noise()
        case ["unplug"]:
            line.unplug()
        case ["plug"]:
            line.plug()
        case ["off" | "on" as word, at]:
            line.keypads[_address(line, at)].on = word == "on"
        case ["restart", at]:
            line.power_cycle(_address(line, at))
        case ["lose", at]:
            line.lose_answers(_address(line, at), 1)
        case [at, key] if key in KEYS:
            return line.press(_address(line, at), KEYS[key])
        case [at, digits, key] if key in KEYS and digits.isascii() and digits.isdecimal():
            return line.press(_address(line, at), KEYS[key], digits[:12])
        case _:
            raise BadOrder(order.strip())
    return True


def _address(line: VirtualLine, word: str) -> int:
    if not word.isascii() or not word.isdecimal() or int(word) not in line.keypads:
        raise BadOrder(word)
    return int(word)


def _obey(line: VirtualLine) -> None:
    words = operator_texts()
    # A limit, for what is poured in without an end of line.
    for order in iter(partial(sys.stdin.readline, LONGEST_ORDER), ""):
        try:
            taken = carry_out(line, order)
        except BadOrder as error:
            _say(words.say("cli.keypads_unknown", word=error))
        else:
            if not taken:
                _say(words.say("cli.keypad_refuses"))


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()
