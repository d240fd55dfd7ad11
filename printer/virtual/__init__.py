"""A receipt printer of software, on TCP or on a pty, that prints pictures, answers and fails.

mechanism  paper, head, cutter and buffer; time is handed in
answers    what it says in which state, and what it is able to say
wires      the line to its host: TCP or a pty
printer    the printer as a whole, and the thread it lives in
control    faults on request: lines of text, or JSON over HTTP
"""

from __future__ import annotations

from printer.virtual.answers import FAULTS, MODELS, Model
from printer.virtual.mechanism import Piece
from printer.virtual.printer import HAPPENINGS, Received, VirtualPrinter

__all__ = [
    "FAULTS",
    "HAPPENINGS",
    "MODELS",
    "Model",
    "Piece",
    "Received",
    "VirtualPrinter",
]
