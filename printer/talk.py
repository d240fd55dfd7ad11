"""What the printer's owner is told and what it tells: events in, commands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.capabilities import Capabilities
    from printer.status import PrinterStatus, Reply


@dataclass(frozen=True, slots=True)
class Job:
    """A slip to print: its kind and what stands on it (None: unreadable); ``copy`` 0 is the first
    paper. Once it is drawn, ``millimetres`` says how much paper it takes."""

    id: str
    slip: str
    data: Mapping[str, object] | None
    copy: int = 0
    millimetres: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """-> Opened or Gone"""


@dataclass(frozen=True, slots=True)
class Close:
    """-> nothing"""


@dataclass(frozen=True, slots=True)
class Pad:
    """-> nothing or Gone"""


@dataclass(frozen=True, slots=True)
class Ask:
    """DLE EOT ``query`` -> Heard, some day"""

    query: int


@dataclass(frozen=True, slots=True)
class Query:
    """Questions for the printer's queue -> Tick, and Heard, some day; or Gone"""

    data: bytes


@dataclass(frozen=True, slots=True)
class Fetch:
    """-> Found, Spoiled, Empty or Balked"""


@dataclass(frozen=True, slots=True)
class Mark:
    """-> Marked, Dropped or Balked"""

    job: Job


@dataclass(frozen=True, slots=True)
class Write:
    """-> Wrote or Gone"""

    data: bytes


@dataclass(frozen=True, slots=True)
class Settle:
    """-> Settled or Balked"""

    job: Job
    state: str
    evidence: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """-> Reported or Balked"""

    status: PrinterStatus


@dataclass(frozen=True, slots=True)
class Remember:
    """What the printer can do, to be known at the next start; None: forget it
    -> Remembered or Balked"""

    known: Capabilities | None


Told: TypeAlias = Fetch | Mark | Settle | Report | Remember
"""What the store is asked and told."""
Command: TypeAlias = Open | Close | Pad | Ask | Query | Write | Told


@dataclass(frozen=True, slots=True)
class Tick:
    at: float


@dataclass(frozen=True, slots=True)
class Poked:
    """Somebody says that the outbox has something."""

    at: float


@dataclass(frozen=True, slots=True)
class Stop:
    at: float


@dataclass(frozen=True, slots=True)
class Opened:
    at: float


@dataclass(frozen=True, slots=True)
class Gone:
    """The wire failed, after ``sent`` bytes of the Write under way."""

    at: float
    reason: str
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    at: float
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Found:
    at: float
    job: Job
    data: bytes


@dataclass(frozen=True, slots=True)
class Spoiled:
    """The job cannot be drawn."""

    at: float
    job: Job
    reason: str


@dataclass(frozen=True, slots=True)
class Empty:
    at: float


@dataclass(frozen=True, slots=True)
class Marked:
    at: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """The job about to be sent is no longer queued."""

    at: float


@dataclass(frozen=True, slots=True)
class Wrote:
    at: float
    count: int


@dataclass(frozen=True, slots=True)
class Settled:
    at: float


@dataclass(frozen=True, slots=True)
class Reported:
    at: float
    status: PrinterStatus


@dataclass(frozen=True, slots=True)
class Remembered:
    at: float
    known: Capabilities | None


@dataclass(frozen=True, slots=True)
class Balked:
    """The store refused ``command``, for now."""

    at: float
    command: Told


Event: TypeAlias = (
    Tick
    | Poked
    | Stop
    | Opened
    | Gone
    | Heard
    | Found
    | Spoiled
    | Empty
    | Marked
    | Dropped
    | Wrote
    | Settled
    | Reported
    | Remembered
    | Balked
)
