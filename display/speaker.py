"""The hall's loudspeaker: takes calls in, and says one after the other."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from display.announce import Part, Row, counters_in, hear, sound, take
from display.chime import read_chime
from display.speech import seconds
from display.voices import load

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from display.sinks import Player
    from display.speech import Voice
    from display.voices import Lack, Order
    from kiosk.board import Board, Call
    from kiosk.board_config import BoardConfig
    from kiosk.office.centre import Centre
    from kiosk.voice_config import VoiceConfig

    Post = Callable[[Callable[[], None]], None]
    Later = Callable[[float, Callable[[], None]], None]

log = logging.getLogger(__name__)

BREATH: Final = 0.3
"""Seconds between what is said."""
FOLLOWS: Final = 1.0
"""What begins so soon after the end of another follows it."""
CAUGHT_UP: Final = 3
"""So few wait: the loudspeaker is not behind any more."""
LOADS_AFTER: Final = 1.0
"""Seconds from the start of the board until the voices are loaded."""
HANGS_AFTER: Final = 4.0
"""A sink that is busy for so long after the end of a sound will not end by itself."""


class Speaker:
    """``clock`` gives steady seconds, ``volume`` what is right at this hour (0 to 1); ``report`` is
    told (state, reason) of the sound. ``later`` runs a call after some seconds, so that the next
    part need not wait for somebody to ``look``. Nothing is said before ``ready``."""

    def __init__(
        self,
        chime: bytes,
        counters: Container[int],
        *,
        times: int,
        clock: Callable[[], float],
        volume: Callable[[], float],
        report: Callable[[str, str], None],
        later: Later = lambda seconds, call: None,
    ) -> None:
        self._chime = chime
        self._counters = counters
        self._times = times
        self._clock = clock
        self._volume = volume
        self._report = report
        self._later = later
        self._sink: Player | None = None
        self._sink_state: tuple[str, str] | None = None
        self._lack = ""
        self._voices: Sequence[Voice] | None = None
        self._row = Row()
        self._behind = False
        self._said: Part | None = None
        self._ends = float("-inf")

    def attach(self, sink: Player) -> None:
        self._sink = sink

    def ready(self, voices: Sequence[Voice], lacks: Sequence[Lack] = ()) -> None:
        """The voices have been loaded; ``lacks`` is what they do without."""
        self._voices = voices
        for lack in lacks:
            log.warning("voice %s: %s: %s", lack.language, lack.code, ", ".join(lack.what))
        self._lack = lacks[0].code if lacks else ""
        self._tell()
        self.look()

    def hear(self, board: Board) -> None:
        before = self._row
        self._row = hear(before, board, self._counters)
        if self._row.lost > before.lost:
            log.warning("too many calls at once: %d were not said", self._row.lost - before.lost)
            self._behind = True
            self._tell()
        self.look()

    def look(self) -> None:
        """Says the next part when the one before it has ended."""
        if self._sink is None or self._voices is None or not self._is_free(self._sink):
            return
        languages = [voice.language for voice in self._voices]
        now = self._clock()
        follows = now < self._ends + FOLLOWS
        self._row, self._said = take(self._row, languages, self._times, follows=follows)
        if self._behind and len(self._row.waiting) < CAUGHT_UP:
            self._behind = False
            self._tell()
        if self._said is not None:
            self._play(self._sink, self._said, self._volume())

    def sample(self, call: Call, volume: float) -> bool:
        """Says this one as loud as that, to be listened to; not while anything is said or waits."""
        if self._sink is None or self._voices is None or self.due is not None:
            return False
        if not self._is_free(self._sink):
            return False
        language = self._voices[0].language if self._voices else ""
        self._said = None
        self._play(self._sink, Part((call,), language, chime=True), volume)
        return True

    def follow(self, volume: Callable[[], float]) -> None:
        """Another rule of how loud it is, from the next announcement on."""
        self._volume = volume

    def heard_of_sink(self, state: str, reason: str) -> None:
        """What the sink reports; its faults come before what the voices lack."""
        self._sink_state = (state, reason)
        self._tell()

    @property
    def part(self) -> Part | None:
        """The latest one."""
        return self._said

    @property
    def speaking(self) -> tuple[Call, ...]:
        """The calls that are being said now; each is to be seen at least so long."""
        busy = self._said is not None and (self._row.left or self._clock() < self._ends)
        return self._said.calls if self._said is not None and busy else ()

    @property
    def waiting(self) -> tuple[Call, ...]:
        return self._row.waiting

    @property
    def due(self) -> float | None:
        """When ``look`` has something to do, or None while nothing waits."""
        return self._ends + BREATH if self._row.waiting or self._row.left else None

    def _play(self, sink: Player, part: Part, volume: float) -> None:
        assert self._voices is not None
        pcm = sound(part, self._voices, self._chime)
        sink.play(pcm, volume)
        self._ends = self._clock() + seconds(pcm)
        self._later(seconds(pcm) + BREATH, self.look)

    def _is_free(self, sink: Player) -> bool:
        now = self._clock()
        if now < self._ends + BREATH:
            return False
        if sink.is_busy:
            if now < self._ends + HANGS_AFTER:
                return False
            log.warning("the sound does not end; it is begun anew")
            sink.restart()
        return True

    def _tell(self) -> None:
        if self._sink_state is None:
            return
        state, reason = self._sink_state
        if state == "ok" and (self._lack or self._behind):
            state, reason = "warning", self._lack or "voice_behind"
        self._report(state, reason)


def speaker_of(
    centre: Centre,
    board: BoardConfig,
    voice: VoiceConfig,
    clock: Callable[[], float],
    report: Callable[[str, str], None],
    later: Later,
) -> Speaker:
    """For the counters of the board's zones, as loud as the hour allows."""
    return Speaker(
        read_chime(),
        counters_in(centre.counters, board.zones),
        times=voice.times,
        clock=clock,
        volume=loudness(centre, board.volume, voice),
        report=report,
        later=later,
    )


def loudness(centre: Centre, usual: float, voice: VoiceConfig) -> Callable[[], float]:
    """What is right at the hour that it is when it is asked."""
    return lambda: voice.volume(usual, centre.wall(), centre.timezone)


class Loading:
    """Loads the voices on a thread beside all else, a little after the start, which it would make
    slower; hands them over by ``post``. Without an order there is nothing to wait for."""

    def __init__(self, order: Order | None, speaker: Speaker, post: Post, later: Later) -> None:
        self._thread: threading.Thread | None = None
        self._speaker = speaker
        self._post = post
        if order is None or not order.languages:
            speaker.ready(())
        else:
            later(LOADS_AFTER, partial(self._start, order))

    def close(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _start(self, order: Order) -> None:
        self._thread = threading.Thread(target=self._run, args=(order,), name="voices")
        self._thread.start()

    def _run(self, order: Order) -> None:
        found = load(order)
        self._post(lambda: self._speaker.ready(*found))
