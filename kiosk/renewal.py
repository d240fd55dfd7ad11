"""A process follows its kiosk.toml: what changes there is applied without anybody's doing."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol

from kiosk.board_config import BoardConfig
from kiosk.config import load
from kiosk.mistakes import BadConfig
from kiosk.processes import stamp
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import TracebackType

    from kiosk.config import Config

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5
NAME: Final = "settings"

DEVICES: Final = frozenset({"touch", "board", "voice", "scanner"})
"""The sections that only the windows' process reads."""
PAPER: Final = frozenset({"printer", "ticket", "forms"})
LINES: Final = frozenset({"keypad_line"})
PROGRAMS: Final = frozenset({"webhook", "imports", "backup", "alerts"})


def facts(config: Config, but: Collection[str]) -> dict[str, Any]:
    """What a process that does not read these sections goes by. Of [web] that is what stands on
    paper and screens: the address for phones."""
    known = {
        name: getattr(config, name)
        for name in type(config).model_fields
        if name not in but and name not in ("path", "web", "public")
    }
    return {**known, "public_url": config.web.public_url}


def as_loud(config: Config) -> Config:
    """The same but for how loud the hall is called: for that no window is made anew."""
    board = config.board.model_copy(update={"volume": BoardConfig().volume})
    voice = config.voice.model_copy(update={"quiet": ()})
    return config.model_copy(update={"board": board, "voice": voice})


class Record(Protocol):
    """The health record of the process."""

    def report(self, name: str, state: str, reason: str = "") -> None: ...

    def forget(self, name: str) -> None: ...


class Renewal:
    """Looks at the file and tells its new content, once it is whole and has no mistakes.

    ``changed`` is called on a thread of its own, with every content that differs from the last.
    While the file has mistakes the health record says so as the device NAME.
    """

    def __init__(self, config: Config, changed: Callable[[Config], None], health: Record) -> None:
        self._config = config
        self._changed = changed
        self._health = health
        self._stop = threading.Event()
        # Nothing yet: the file may have changed since the configuration was read.
        self._seen: tuple[int, int, int] | None = None
        self._thread = threading.Thread(target=self._follow, name="settings")

    def __enter__(self) -> Renewal:
        # Whoever starts has read a file without mistakes, whatever was told before.
        self._health.forget(NAME)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            seen = stamp(self._config.path)
            if seen == self._seen or seen is None:
                continue
            self._seen = seen
            try:
                config = load(self._config.path)
            except BadConfig as bad:
                words = operator_texts()
                told = "; ".join(problem.told(words) for problem in bad.problems)
                count = len(bad.problems)
                log.error("kiosk.toml has %d mistakes; what was known goes on: %s", count, told)
                self._health.report(NAME, "warning", "settings_mistakes")
                continue
            self._health.forget(NAME)
            if config != self._config:
                self._config = config
                self._changed(config)
