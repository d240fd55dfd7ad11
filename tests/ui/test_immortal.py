from __future__ import annotations

import subprocess
import sys

CALLS = """
import kiosk.ui
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(50_000):
    thing.setObjectName("x")
print("alive")
"""


def test_qt_calls_without_a_result_never_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


SIGNALS = """
import kiosk.ui
from PySide6.QtCore import QObject, Signal
class Thing(QObject):
    changed = Signal()
thing = Thing()
for _ in range(50_000):
    thing.changed.emit()
print("alive")
"""


def test_signals_never_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", SIGNALS], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")
