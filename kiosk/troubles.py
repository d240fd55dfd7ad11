"""What is told of a device: its name, what happened, and what to do; from the catalogues, pure.

A reason is a code such as "paper_out". Its two sentences stand under ``device.paper_out`` and
``device.paper_out.do``; windows, pages, ``kiosk check``, ``/healthz`` and alerts take them here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.texts import Texts


def what(reason: str, words: Texts) -> str:
    """What happened; a code that has no sentence stands for itself, which staff can report."""
    key = f"device.{reason or 'ok'}"
    return words.say(key) if words.has(key) else reason


def mend(reason: str, words: Texts) -> str:
    """What to do about it; "" where all is well or nobody wrote it down."""
    key = f"device.{reason}.do"
    return words.say(key) if reason and words.has(key) else ""


def told(reason: str, words: Texts) -> str:
    """Both sentences."""
    return " ".join(filter(None, (what(reason, words), mend(reason, words))))


def name_of(device: str, words: Texts) -> str:
    """What a device is called: "keypad 3" is the call keypad at counter 3."""
    kind, *more = device.split(" ")
    key = f"device.{kind}"
    return " ".join((words.say(key) if words.has(key) else kind, *more))
