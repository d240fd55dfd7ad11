"""How work leaves the GUI thread and comes back: one post, one worker, one feed."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.database import Database

T = TypeVar("T")

PAUSE_SECONDS: Final = 0.05
"""Between two changes that windows are told; what comes meanwhile is told together."""


def _raise(error: Exception) -> None:
    raise error


class GuiPost(QObject):
    """Carries calls from any thread to the GUI thread, in order; the only object that does."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        if self._open:
            self._posted.emit(call)

    def close(self) -> None:
        """Drops what has not run yet; call it after the threads that post have been joined."""
        self._open = False

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()


class Worker:
    """One thread that does what the windows ask of the store, one thing after another."""

    def __init__(self, post: GuiPost) -> None:
        self._post = post
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="windows-worker")
        self._thread.start()

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Refused | Unavailable], None],
    ) -> None:
        """Does ``work`` on the worker and hands the result, or the refusal, to the GUI thread.

        Any other exception is a bug: it is raised again on the GUI thread, where the process's
        excepthook sees it.
        """

        def job() -> None:
            try:
                result = work()
            except (Refused, Unavailable) as error:
                refusal = error
                self._post.post(lambda: failed(refusal))
            except Exception as error:
                bug = error
                self._post.post(lambda: _raise(bug))
            else:
                self._post.post(lambda: done(result))

        self._work.put(job)

    def close(self) -> None:
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._work.get()) is not None:
            job()
            # What it held, perhaps a card's number, is not kept until the next one comes.
            del job


class Feed(QObject):
    """Says ``changed`` on the GUI thread when the store may have changed; carries nothing else.

    ``first`` comes before it, for the board: a whole hall waits for what it shows.
    """

    first = Signal()
    changed = Signal()

    def __init__(self, database: Database, post: GuiPost) -> None:
        super().__init__()
        self._database = database
        self._post = post
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="windows-feed")

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        for _ in self._database.changes(self._stop):
            self._post.post(self._tell)
            # In a full hall something changes at every moment, and nobody reads faster.
            self._stop.wait(PAUSE_SECONDS)

    def _tell(self) -> None:
        self.first.emit()
        self.changed.emit()
