"""Paper, head, cutter and buffer of a virtual printer; no thread and no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from printer.decode import Cut, Question, Reader, Rows, picture_of
from printer.virtual.answers import stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

ROWS_PER_MM: Final = 8
LOW_MM: Final = 1000
"""What is left on a roll when the sensor for its near end answers."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paper that came out: ``first`` and ``last`` say whether it begins and ends with a cut."""

    picture: Image.Image
    first: bool
    last: bool

    @property
    def whole(self) -> bool:
        """False for what was torn: by the end of a roll, or by a power cycle."""
        return self.first and self.last


@dataclass(frozen=True, slots=True)
class Finished:
    """A slip that was cut off, on one paper or over the end of a roll on two."""

    picture: Image.Image


@dataclass(frozen=True, slots=True)
class Reached:
    """The place on the paper at which something was to break: it is to be broken now."""

    what: str


Outcome: TypeAlias = Piece | Finished | Question | Reached


class Mechanism:
    """Prints what it was fed, row by row; ``now`` is in seconds on whatever clock the caller has.

    ``speed`` is in mm/s (None: no time at all), ``roll_mm`` the paper on a new roll (None: no end).
    Without ``doubles`` it prints no dot twice.
    """

    def __init__(
        self,
        dots: int,
        *,
        speed: float | None = None,
        roll_mm: float | None = None,
        doubles: bool = True,
    ) -> None:
        self._doubles = doubles
        self._reader = Reader(dots, doubles=doubles)
        self._rate = None if speed is None else speed * ROWS_PER_MM
        self._roll = None if roll_mm is None else round(roll_mm * ROWS_PER_MM)
        self._used = 0
        """Rows of the present roll."""
        self._printed = 0
        """Rows in all."""
        self._head: list[bytes] = []
        """Rows of the command under way that are not on paper yet."""
        self._head_bytes = 0.0
        """What each of them takes of the buffer."""
        self._piece: list[bytes] = []
        self._slip: list[bytes] = []
        """Rows since the last cut, of which ``_piece`` hangs on the present roll."""
        self._clock: float | None = None
        """The time up to which it has printed; None while it has nothing to do."""
        self._cutting = False
        self._fault: str | None = None
        self._armed: tuple[str, int] | None = None
        self._at_cut: str | None = None
        self._junk = 0

    @property
    def fault(self) -> str | None:
        """What is wrong with it; "paper_low" too when its roll comes to an end."""
        if self._fault is None and self._roll is not None and self._left < LOW_MM * ROWS_PER_MM:
            return "paper_low"
        return self._fault

    @property
    def held(self) -> int:
        """Bytes that it was fed and has not printed."""
        return self._reader.waiting + round(len(self._head) * self._head_bytes)

    @property
    def junk(self) -> int:
        return self._junk + self._reader.junk

    @property
    def used_mm(self) -> float:
        """Of the present roll."""
        return self._used / ROWS_PER_MM

    @property
    def printed_mm(self) -> float:
        return self._printed / ROWS_PER_MM

    @property
    def _left(self) -> int:
        assert self._roll is not None
        return self._roll - self._used

    def feed(self, data: bytes) -> None:
        self._reader.feed(data)

    def break_after(self, what: str, mm: float) -> None:
        """``run`` says Reached(what) ``mm`` of paper from now."""
        self._armed = (what, self._printed + round(mm * ROWS_PER_MM))

    def break_at_cut(self, what: str) -> None:
        """``run`` says Reached(what) when the cutter is to cut the next time."""
        self._at_cut = what

    @property
    def to_come(self) -> str | None:
        """What is still to break."""
        return self._armed[0] if self._armed else self._at_cut

    def disarm(self) -> None:
        """Forgets what was still to break."""
        self._armed = self._at_cut = None

    def set_fault(self, fault: str | None) -> Iterator[Piece]:
        """Breaks or mends it; new paper makes the old roll's end a piece of its own."""
        if self._fault == "paper_out" and fault != "paper_out":
            self._used = 0
            yield from self._tear(last=False)
        self._fault = fault
        self._clock = None

    def power_cycle(self) -> Iterator[Piece]:
        """What was not printed is gone; what was hangs out and is torn off."""
        dots = self._reader.dots
        self._junk += self._reader.junk
        self._reader = Reader(dots, doubles=self._doubles)
        self._head.clear()
        self._cutting = False
        self._clock = self._armed = self._at_cut = None
        yield from self._tear(last=False)
        self._slip.clear()

    def run(self, now: float) -> Iterator[Outcome]:
        """Does all that is due by ``now``."""
        if self._clock is None:
            self._clock = now
        while not stops(self._fault):
            if self._head:
                reached = self._print(now)
                if reached is not None:
                    yield Reached(reached)
                elif self._head:
                    return
            elif self._cutting:
                yield from self._cut()
            else:
                doing = self._reader.next()
                match doing:
                    case None:
                        self._clock = None
                        return
                    case Rows(rows, size):
                        self._head, self._head_bytes = list(rows), size / max(1, len(rows))
                    case Question():
                        yield doing
                    case Cut():
                        self._cutting = True

    @property
    def due(self) -> float | None:
        """When ``run`` has something to do again without being fed; None: not by itself."""
        if self._rate is None or self._clock is None or not self._head or stops(self._fault):
            return None
        # A bit of paper at a time, not a row.
        return self._clock + min(len(self._head), ROWS_PER_MM) / self._rate

    def _print(self, now: float) -> str | None:
        """Puts rows on paper; returns what breaks at the last of them."""
        if self._clock is None:
            self._clock = now
        reached = None
        count = len(self._head)
        if self._rate is not None:
            count = min(count, max(0, int((now - self._clock) * self._rate + 1e-6)))
        if self._roll is not None and count >= self._left:
            count, reached = self._left, "paper_out"
        if self._armed is not None and self._printed + count >= self._armed[1]:
            reached, end = self._armed
            count, self._armed = end - self._printed, None
        rows = self._head[:count]
        del self._head[:count]
        if self._rate is not None:
            self._clock += count / self._rate
        self._piece += rows
        self._slip += rows
        self._used += count
        self._printed += count
        return reached

    def _cut(self) -> Iterator[Outcome]:
        if self._at_cut is not None:
            breaks, self._at_cut = self._at_cut, None
            yield Reached(breaks)
            return
        self._cutting = False
        slip = self._slip
        if slip:
            yield from self._tear(last=True)
            self._slip = []
            yield Finished(picture_of(slip, self._reader.dots))

    def _tear(self, *, last: bool) -> Iterator[Piece]:
        if self._piece:
            first = len(self._piece) == len(self._slip)
            picture = picture_of(self._piece, self._reader.dots)
            self._piece = []
            yield Piece(picture, first, last)
