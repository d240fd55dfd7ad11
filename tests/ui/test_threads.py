"""Work leaves the GUI thread and its answers come back to it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused, Unavailable
from kiosk.ui.threads import Feed, GuiPost, Worker
from tests.hall import centre_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def post(qapp) -> Iterator[GuiPost]:
    made = GuiPost()
    yield made
    made.close()


@pytest.fixture
def worker(post: GuiPost) -> Iterator[Worker]:
    made = Worker(post)
    yield made
    made.close()


def unexpected(error: Exception) -> None:
    raise AssertionError(error)


def test_work_is_done_elsewhere_and_answered_here(worker: Worker, qtbot):
    answers: list[tuple[str, bool]] = []
    here = threading.current_thread()
    worker.submit(
        lambda: threading.current_thread().name,
        lambda name: answers.append((name, threading.current_thread() is here)),
        unexpected,
    )
    qtbot.waitUntil(lambda: bool(answers))

    assert answers == [("windows-worker", True)]


def test_answers_come_in_the_order_of_the_questions(worker: Worker, qtbot):
    answers: list[int] = []
    for n in range(20):
        worker.submit(lambda n=n: n, answers.append, unexpected)
    qtbot.waitUntil(lambda: len(answers) == 20)

    assert answers == list(range(20))


@pytest.mark.parametrize("error", [Refused("closed_hours"), Unavailable("store_full")])
def test_known_failures_are_answers(worker: Worker, qtbot, error: Refused | Unavailable):
    def fail() -> None:
        raise error

    failures: list[object] = []
    worker.submit(fail, unexpected, failures.append)
    qtbot.waitUntil(lambda: bool(failures))

    assert failures == [error]


def test_a_bug_is_raised_on_the_gui_thread(worker: Worker, qtbot):
    with qtbot.captureExceptions() as raised:
        worker.submit(lambda: 1 // 0, unexpected, unexpected)
        qtbot.waitUntil(lambda: bool(raised))

    assert raised[0][0] is ZeroDivisionError


def test_nothing_runs_after_the_post_is_closed(post: GuiPost, qapp):
    ran: list[int] = []
    post.post(lambda: ran.append(1))
    post.close()
    post.post(lambda: ran.append(2))
    qapp.processEvents()

    assert ran == []


def test_the_feed_tells_of_changes_on_the_gui_thread(post: GuiPost, tmp_path: Path, qtbot):
    centre = centre_at(tmp_path / "kiosk.db")
    feed = Feed(centre.database, post)
    with qtbot.waitSignal(feed.changed):
        feed.start()
    told: list[str] = []
    feed.changed.connect(lambda: told.append("changed"))
    feed.first.connect(lambda: told.append("first"))
    with qtbot.waitSignal(feed.changed), centre.database.write():
        pass
    feed.close()

    # The board, whoever came first.
    assert told[:2] == ["first", "changed"]
    centre.database.close()
