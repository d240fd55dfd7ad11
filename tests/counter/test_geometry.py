"""Every face of the counter window in every language: nothing cut, outside or too small to hit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.counter.desk import Alarm, Dossier, Named, Pause, Undo
from kiosk.counter.state import Screen, Sheet, State, cut, locked, signed_out
from kiosk.dossiers import Status
from kiosk.texts import languages, texts
from tests.counter.test_rules import AT, OFFICE, at_work, desk, person
from tests.picture import Picture, faint_edges, faint_icons, faint_words
from tests.speaking import PSEUDO, pseudo_spoken
from tests.touch.contents import LONG_NAME
from tests.touch.scene import buttons, labels, shown, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.counter.conftest import OpenPc, Pc

LEAST_PIXELS = 24
"""The smallest target for a pointer (WCAG 2.2, 2.5.8)."""

CLERK = "Nguyễn Hoàng Phương Thảo Nguyên"
NAMES = {
    "A": "Đăng ký kinh doanh, hộ cá thể",
    "B": LONG_NAME,
    **{code: f"Dịch vụ {code}" for code in "CDEFGH"},
}
LONG = replace(
    OFFICE,
    services={code: Named(code, {"vi": name}) for code, name in NAMES.items()},
    counters=tuple(range(1, 61)),
)
WAITING = tuple(person(f"A{n}", "waiting", line="priority", misses=1) for n in range(26, 31))
UNDO = Undo("return", AT + timedelta(seconds=10))
KEPT = tuple(
    person(f"A{n}", "no_show", misses=2, reason="supplement", line="priority") for n in range(9)
)


def busy_desk() -> State:
    """All that can stand on the desk at once."""
    who = person(
        "ABCD1000", line="priority", journey=("A",), misses=2, due_at=AT, calls=3, called_at=AT
    )
    known = desk(
        who, waiting=WAITING, waiting_total=105, undo=UNDO, missed=KEPT,
        alarm=Alarm(AT, "minh"),
        warnings=({"warning": "no_counter", "service": "A", "ends_at": None, "counter": None},),
    )  # fmt: skip
    return at_work(known, office=LONG, clerk=CLERK, counter="9999")


def about_dossier(state: State) -> State:
    """With all that is told of the dossier for which the number was taken."""
    code = "G09.20-20260609-0092637"
    known = Dossier(code, LONG_NAME, Status.SUPPLEMENT_REQUIRED, AT, 12_500_000, fee_paid=False)
    here = replace(state.desk.current, dossier=code)
    return replace(state, dossier=known, desk=replace(state.desk, current=here))


def faces() -> Iterator[tuple[str, State]]:
    full = busy_desk()
    empty = at_work(desk(), office=LONG, clerk=CLERK)
    yield "desk", full
    yield "desk, dossier", about_dossier(full)
    yield "idle", empty
    yield "connecting", replace(empty, desk=None)
    yield "closed", replace(empty, desk=desk(closed=True))
    yield "closed, somebody here", replace(empty, desk=desk(person(), closed=True))
    yield "paused", replace(empty, desk=desk(paused=Pause("Họp giao ban đột xuất cả phòng", AT)))
    yield "bar", replace(full, small=True)
    yield "bar, paused", replace(empty, small=True, desk=desk(paused=Pause("lunch", AT)))
    for sheet in Sheet:
        yield f"sheet {sheet}", replace(full, sheet=sheet)
    yield (
        "pause in words",
        replace(
            empty,
            sheet=Sheet.PAUSING,
            office=replace(LONG, pauses=()),
            alert="Xin ghi lý do tạm dừng.",
        ),
    )
    yield "locked", locked(full)
    gone = signed_out(full, ended=True)
    yield "entrance", replace(gone, login="phuongthao.nguyen", counter="3")
    yield "enrolment", replace(gone, screen=Screen.ENROL, ended=False)
    for why in ("certificate", "certificate_expired", "not_ours", "busy"):
        yield f"entrance, {why}", cut(replace(gone, ended=False), why)
        yield f"locked, {why}", cut(locked(full), why)
        yield f"desk, {why}", cut(replace(full, alert=""), why)


FACES = dict(faces())


def show(pc: Pc, state: State) -> None:
    """Shows the face at the moment ``AT``, whatever the real clock says."""
    bridge = pc.counter.bridge
    pc.counter.window.ticker.stop()
    pc.counter.window.prober.stop()
    bridge.fold(replace(state, heard_at=bridge.now()))
    QCoreApplication.processEvents()
    pc.window.grabWindow()


def faults(pc: Pc) -> list[str]:
    root = pc.window.contentItem()
    frame = root.boundingRect().adjusted(-1, -1, 1, 1)
    found = []
    for label in labels(root):
        item = label.item
        if told(item, "truncated") and LONG_NAME not in label.name:
            found.append(f"cut off: {label.name}")
        room = item.mapRectToScene(item.boundingRect()).adjusted(-1.5, -1.5, 1.5, 1.5)
        if not room.contains(label.rect):
            found.append(f"over its edge: {label.name}")
        if not _scrolled(item) and not frame.contains(label.rect):
            found.append(f"outside the window: {label.name}")
    for key in buttons(root):
        if not key.name:
            found.append("a key without a name")
        if min(key.rect.width(), key.rect.height()) < LEAST_PIXELS:
            found.append(f"too small to hit: {key.name}")
        if not _scrolled(key.item) and not frame.contains(key.rect):
            found.append(f"outside the window: {key.name}")
    seen = Picture(pc.window)
    still = [label for label in labels(root) if not _scrolled(label.item)]
    found += faint_words(seen, still)
    found += faint_icons(seen, (item for item in shown(root) if not _scrolled(item)))
    found += faint_edges(seen, [key for key in buttons(root) if not _scrolled(key.item)])
    return found


def _scrolled(item) -> bool:
    while item is not None:
        if item.inherits("QQuickFlickable"):
            return True
        item = item.parentItem()
    return False


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[None]:
    """Beside the PC's counter.toml, where the window looks for more languages."""
    with pseudo_spoken(tmp_path):
        yield


@pytest.fixture
def pc(open_pc: OpenPc, spoken: None) -> Pc:
    return open_pc("http://127.0.0.1:1")


@pytest.mark.parametrize("language", [*languages(), PSEUDO])
def test_nothing_is_cut_outside_too_small_or_faint(pc: Pc, language: str) -> None:
    found = {}
    for name, state in FACES.items():
        show(pc, replace(state, language=language))
        if wrong := faults(pc):
            found[name] = wrong

    assert not found, "\n".join(f"{name}: {wrong}" for name, wrong in found.items())


REFUSALS = (
    "refused.counter_paused",
    "refused.counter_closed",
    "refused.unknown_outcome",
    "refused.no_such_ticket",
    "refused.illegal_move",
    "refused.nobody_here",
    "refused.call_again",
    "refused.wait_longer",
    "refused.other_day",
    "refused.unknown_reason",
    "refused.too_late",
    "refused.unknown_service",
    "refused.unknown_counter",
    "refused.transfer_here",
    "refused.nothing_to_undo",
    "refused.undo_too_late",
    "refused.undo_moved",
    "refused.reason_needed",
    "refused.somebody_here",
    "refused.other_counter",
    "refused.too_many_tries",
    "refused.wrong_csrf_token",
    "refused.malformed",
    "web.link.no_answer",
    "web.pause.somebody",
)
"""What a move may be refused for (tests/web/test_openapi.py), and what the window says itself."""


@pytest.mark.parametrize("language", languages())
def test_every_refusal_can_be_read_whole_beside_the_key_that_takes_back(
    pc: Pc, language: str
) -> None:
    words = texts(language)
    facts = {"number": "A025", "clerk": CLERK, "services": "A, B", "counter": 12, "names": "x"}
    cut_off = []
    for key in sorted(words.keys()):
        if key.startswith(REFUSALS):
            sentence = _filled(words.say, key, facts)
            show(pc, replace(busy_desk(), language=language, alert=sentence))
            cut_off += [f"{key}: {fault}" for fault in faults(pc)]

    assert not cut_off


def _filled(say, key: str, facts: dict[str, object]) -> str:
    """The sentence with facts for all of its fields."""
    return say(key, **{name: facts.get(name, "12") for name in _fields(key)})


def _fields(key: str) -> set[str]:
    sentence = texts("vi")._sentences[key][0]
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
