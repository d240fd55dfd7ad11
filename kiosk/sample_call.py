"""A call as the hall would hear it, for whoever sets its voice up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from display.announce import Part, sound
from display.chime import read_chime
from display.voices import load
from kiosk.board import Call
from kiosk.calendar import utc_now

if TYPE_CHECKING:
    from display.voices import Lack, Order


def sample_call(order: Order, number: str, counter: int) -> tuple[bytes, tuple[Lack, ...]]:
    """The PCM of the call in each of the order's languages, and what its voices lack for it."""
    letters = number.rstrip("0123456789")
    voices, lacks = load(replace(order, codes=(letters,), counters=(counter,)))
    calls = (Call(1, number, counter, utc_now(), 1),)
    parts = [Part(calls, one.language, chime=not n) for n, one in enumerate(voices)]
    parts = parts or [Part(calls, "", chime=True)]
    return b"".join(sound(part, voices, read_chime()) for part in parts), tuple(lacks)
