"""The window's rules as tables: the stream's bytes, what is heard, what is asked, what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.counter.after import after
from kiosk.counter.changes import Events
from kiosk.counter.client import Said
from kiosk.counter.derive import derive
from kiosk.counter.desk import Alarm, Desk, Named, Office, Pause, Person, Undo, read_desk
from kiosk.counter.keys import caps
from kiosk.counter.orders import Order, order_of
from kiosk.counter.phrases import notices_of, stopwatch
from kiosk.counter.settings import KeysConfig
from kiosk.counter.sheets import choice_for
from kiosk.counter.state import (
    Link,
    Screen,
    Sheet,
    State,
    Unfinished,
    allowed,
    begun,
    cut,
    heard,
    locked,
    signed_out,
    undo_left,
)
from kiosk.texts import texts
from kiosk.tickets import TicketState

AT = datetime(2026, 11, 23, 8, 42, tzinfo=UTC)
CAPS = caps(KeysConfig().table())


def person(number: str = "A025", state: str = "called", **more: object) -> Person:
    known = Person(
        id=number, number=number, service="A", state=TicketState(state), calls=1,
        waits_since=AT - timedelta(minutes=9), called_at=AT, started_at=None, due_at=None,
        taken_back_until=None, line="ordinary", reason="", misses=0, journey=(), version=7,
    )  # fmt: skip
    return replace(known, **more)


def desk(current: Person | None = None, **more: object) -> Desk:
    known = Desk(
        at=AT, seq=10, counter=3, current=current, waiting=(), waiting_total=0, parked=(),
        missed=(), paused=None, undo=None, closed=False, working=frozenset(), alarm=None,
        devices=(), jobs=(), warnings=(),
    )  # fmt: skip
    return replace(known, **more)


OFFICE = Office(
    kiosk="kiosk-1",
    services={code: Named(code, {"vi": f"Dịch vụ {code}"}) for code in ("A", "B")},
    counters=(1, 3, 12),
    outcomes=(Named("signed", {"vi": "Đã ký"}),),
    pauses=(Named("lunch", {"vi": "Nghỉ trưa"}),),
)


def at_work(known: Desk | None, **more: object) -> State:
    state = State(language="vi", screen=Screen.DESK, counter="3", clerk="Hoa", desk=known)
    return replace(state, **{"link": Link.LIVE, "office": OFFICE, **more})


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
def test_a_stream_is_cut_into_events_wherever_its_bytes_break(step: int) -> None:
    said = "retry: 1000\n\nid: 7\nevent: board\ndata: {}\n\n: ping\n\nevent: counter\r\n" \
        'data: {"a":\r\ndata: "ệ"}\r\n\r\ndata: nobody\n\nevent: late\n'  # fmt: skip
    events, found = Events(), []
    data = said.encode()
    for at in range(0, len(data), step):
        found += events.feed(data[at : at + step])

    assert found == [("board", "{}"), ("", ""), ("counter", '{"a":\n"ệ"}')]


def test_what_the_server_never_says_is_not_taken_for_a_counter() -> None:
    for said in ({}, {"at": "soon"}, {"current": 7}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            read_desk(said)


WHO = {
    "nobody": (desk(), {"next", "resume", "pause", "alarm"}),
    "called": (
        desk(person()),
        {"next", "resume", "pause", "alarm", "recall", "start", "no_show", "transfer", "park",
         "finish"},
    ),
    "serving": (
        desk(person(state="serving")),
        {"next", "resume", "pause", "alarm", "transfer", "park", "finish"},
    ),
    "paused": (desk(paused=Pause("lunch", AT)), {"pause", "alarm"}),
    "closed": (desk(closed=True), {"pause", "alarm"}),
    "closed, somebody here": (
        desk(person(state="serving"), closed=True),
        {"pause", "alarm", "transfer", "park", "finish"},
    ),
    "to undo": (
        desk(undo=Undo("finish", AT + timedelta(seconds=5))),
        {"next", "resume", "pause", "alarm", "undo"},
    ),
    "undo is over": (
        desk(undo=Undo("finish", AT)), {"next", "resume", "pause", "alarm"},
    ),
    "unknown": (None, set()),
}  # fmt: skip


@pytest.mark.parametrize("name", WHO)
def test_what_may_be_pressed(name: str) -> None:
    known, actions = WHO[name]

    assert allowed(at_work(known), 0.0) == actions
    assert allowed(locked(at_work(known)), 0.0) == frozenset()


def test_time_goes_on_by_our_own_clock_between_two_words_of_the_server() -> None:
    state = at_work(desk(undo=Undo("call", AT + timedelta(seconds=10))), heard_at=100.0)

    assert [undo_left(state, at) for at in (100.0, 104.5, 111.0)] == [10.0, 5.5, 0.0]
    assert derive(state, CAPS, 104.5).clock.undo_left == "6 giây"
    assert derive(state, CAPS, 111.0).desk.undo.name == ""


def test_what_was_rendered_before_an_answer_is_not_shown_after_it() -> None:
    state = at_work(desk(person()), newest=12)
    old = heard(state, desk(seq=11), 0.0)
    new = heard(state, desk(seq=12), 0.0)
    anew = heard(begun(cut(state, "cut")), desk(seq=11), 0.0)

    assert old.desk == state.desk
    assert new.desk is not None
    assert new.desk.current is None
    assert anew.desk is not None
    assert anew.desk.current is None


def test_an_alert_stays_while_it_is_about_what_is_there() -> None:
    state = at_work(desk(person()), alert="!")
    more = heard(state, desk(person(), seq=11, waiting_total=5), 0.0)
    other = heard(state, desk(person("A026"), seq=11), 0.0)
    asked = heard(replace(state, sheet=Sheet.PAUSING), desk(seq=11), 0.0)

    assert (more.alert, other.alert, asked.alert) == ("!", "", "!")


def test_a_next_without_an_answer_is_the_same_press_until_the_truth_is_shown() -> None:
    wish = Unfinished("abc", "A025")
    state = at_work(desk(person()), unfinished=wish, busy="next")

    assert heard(state, desk(seq=11), 0.0).unfinished == wish
    assert heard(replace(state, busy=""), desk(seq=11), 0.0).unfinished is None


def test_nothing_of_a_session_is_left_when_it_is_locked_or_over() -> None:
    state = at_work(desk(person()), alert="!", told="x", kept="next", sheet=Sheet.KEPT, login="hoa")
    shut = locked(state)
    gone = signed_out(state, ended=True)

    assert (shut.desk, shut.sheet, shut.alert, shut.kept) == (None, Sheet.NONE, "", "")
    assert (gone.desk, gone.clerk, gone.office, gone.login) == (None, "", None, "hoa")
    assert derive(shut, CAPS, 0.0).desk.number == ""
    assert gone.ended


ORDERS = {
    "recall": ("POST", "recall", {"ticket": "A025"}),
    "no_show": ("POST", "no-show", {"ticket": "A025"}),
    "park": ("POST", "park", {"ticket": "A025"}),
    "supplement": ("POST", "park", {"ticket": "A025", "reason": "supplement"}),
    "return": ("POST", "return", {"ticket": "A025", "keep_place": True}),
    "end": ("POST", "return", {"ticket": "A025", "keep_place": False}),
    "finish": ("POST", "finish", {"ticket": "A025"}),
    "outcome:signed": ("POST", "finish", {"ticket": "A025", "outcome": "signed"}),
    "service:B": ("POST", "transfer", {"ticket": "A025", "service": "B", "keep_place": True}),
    "counter:12": ("POST", "transfer", {"ticket": "A025", "counter": 12, "keep_place": True}),
    "resume:P1": ("POST", "resume", {"ticket": "P1", "present": "A025"}),
    "back:P1": ("POST", "return", {"ticket": "P1", "keep_place": True}),
    "back:M1": ("POST", "return", {"ticket": "M1", "keep_place": False}),
    "reason:lunch": ("POST", "pause", {"reason": "lunch"}),
    "continue": ("POST", "continue", None),
    "undo": ("POST", "undo", None),
    "alarm": ("POST", "alarm", None),
    "withdraw": ("DELETE", "alarm", None),
}


@pytest.mark.parametrize("choice", ORDERS)
def test_what_the_server_is_asked(choice: str) -> None:
    method, path, body = ORDERS[choice]
    known = desk(person(), parked=(person("P1", "parked"),), missed=(person("M1", "no_show"),))
    order = order_of(at_work(known), choice, "A025")

    assert (order.method, order.path, order.body) == (method, f"/api/counters/3/{path}", body)
    assert order.name


def test_leaving_needs_no_counter_and_nonsense_is_a_bug() -> None:
    left = Order("DELETE", "/api/session", name="sign_out")
    assert order_of(locked(at_work(None)), "sign_out", None) == left
    with pytest.raises(ValueError, match="fly"):
        order_of(at_work(desk()), "fly", None)


def answer(who: Person) -> Said:
    said = {name: getattr(who, name) for name in Person.__dataclass_fields__}
    moments = {name: value.isoformat() for name, value in said.items() if hasattr(value, "hour")}
    return Said(200, {**said, **moments})


def test_an_answer_is_shown_before_the_stream_says_so() -> None:
    waiting = (person("A026", "waiting"), person("A027", "waiting"))
    state = at_work(desk(waiting=waiting, waiting_total=2))
    called = after(state, "next", answer(person("A026", version=12)))
    assert called.desk is not None
    assert called.desk.current is not None
    assert called.desk.current.number == "A026"
    assert [one.number for one in called.desk.waiting] == ["A027"]
    assert (called.newest, called.told) == (12, "Đã gọi số A026.")

    nobody = after(at_work(desk(person()), asked=10), "next", Said(204))
    assert nobody.desk is not None
    assert (nobody.desk.current, nobody.told) == (None, "Chưa có ai chờ")

    gone = after(at_work(desk(person())), "park", answer(person(state="parked", version=12)))
    assert gone.desk is not None
    assert (gone.desk.current, gone.told) == (None, "Đã tạm giữ.")

    other = after(at_work(desk(person())), "return", answer(person("M1", "waiting", version=12)))
    assert other.desk is not None
    assert other.desk.current == person()

    undone = after(at_work(desk(person()), asked=10), "undo", Said(204))
    assert undone.desk is not None
    assert (undone.desk.current, undone.desk.undo) == (None, None)


@pytest.mark.parametrize("name", ["next", "return", "finish", "undo"])
def test_an_answer_that_comes_after_the_stream_changes_nothing_any_more(name: str) -> None:
    waiting = (person("A027", "waiting", version=12),)
    told = at_work(desk(person(version=13), seq=13, waiting=waiting, waiting_total=1))
    late = after(told, name, answer(waiting[0]))
    assert late.desk == told.desk
    assert late.told


@pytest.mark.parametrize("name", ["next", "undo"])
def test_an_answer_without_a_ticket_that_comes_after_the_stream_changes_nothing_either(
    name: str,
) -> None:
    waiting = (person("A027", "waiting"),)
    told = at_work(desk(person(), seq=13, waiting=waiting, waiting_total=1), asked=12)
    late = after(told, name, Said(204))
    assert late.desk == told.desk
    assert late.told


def test_what_is_shown_at_work() -> None:
    who = person(
        state="serving", started_at=AT - timedelta(minutes=62, seconds=3), line="priority",
        journey=("B",), misses=2,
    )  # fmt: skip
    first = person("B001", "waiting", service="B", line="returned")
    state = at_work(desk(who, waiting=(first, person("A026", "waiting")), waiting_total=7))
    view = derive(state, CAPS, 0.0)

    assert view.head.title == "Quầy 3"
    assert (view.desk.state, view.desk.number) == ("Đang phục vụ", "A025")
    assert view.desk.facts == (
        "Dịch vụ A · chờ 9 phút · gọi lần\u00a01 · ưu tiên · vắng 2 lần · Sau đó: Dịch vụ B"
    )
    assert view.clock.timer == "1:02:03"
    assert view.desk.next.name == "Xong và gọi số tiếp theo"
    assert view.desk.next_up == "Tiếp theo: B001 · quay lại · Dịch vụ B · 7 người chờ"
    assert [move.enabled for move in view.desk.moves] == [False, False, False, True, True, True]
    assert [move.cap for move in view.desk.moves] == ["R", "S", "V", "C", "G", "X"]


def test_what_is_wrong_is_told_the_worst_first() -> None:
    state = at_work(desk(), told="Đã xong.")
    pad = replace(state, pad="away")
    lost = cut(pad, "certificate")
    alert = replace(lost, alert="Không được.")
    messages = [derive(one, CAPS, 0.0).desk.message for one in (state, pad, lost, alert)]

    assert messages[0] == "Đã xong."
    assert messages[1].startswith("Không thấy bàn phím số.")
    assert messages[2].startswith("Mất kết nối, đang nối lại… Máy này không tin")
    assert messages[3] == "Không được."


def test_the_bar_opens_for_whatever_must_be_read() -> None:
    state = at_work(desk(), small=True)
    opened = (
        replace(state, alert="!"), replace(state, sheet=Sheet.TRANSFER), locked(state),
        signed_out(state, ended=False),
    )  # fmt: skip

    assert derive(state, CAPS, 0.0).head.small
    assert not any(derive(one, CAPS, 0.0).head.small for one in opened)


def test_a_press_that_lasts_is_seen_and_a_quick_one_does_not_flicker() -> None:
    state = at_work(desk(person()), busy="recall", busy_since=100.0)

    assert derive(state, CAPS, 100.2).desk.next.enabled
    assert not derive(state, CAPS, 100.3).desk.next.enabled


def test_the_keys_of_a_sheet_are_those_of_the_clerk_s_page() -> None:
    def chosen(sheet: Sheet, key: str) -> str:
        return choice_for(derive(at_work(desk(person()), sheet=sheet), CAPS, 0.0).sheet, key)

    assert chosen(Sheet.TRANSFER, "B") == "service:B"
    assert chosen(Sheet.TRANSFER, "1") == "counter:1"
    assert chosen(Sheet.TRANSFER, "3") == ""
    assert chosen(Sheet.HOLD, "L") == "end"
    assert chosen(Sheet.OUTCOME, "1") == "outcome:signed"
    assert chosen(Sheet.OUTCOME, "X") == "finish"
    assert chosen(Sheet.PAUSING, "1") == "reason:lunch"


def test_who_was_missed_too_long_ago_has_no_key_to_be_called_by() -> None:
    late = person("A001", "no_show", taken_back_until=AT - timedelta(minutes=1))
    early = person("A002", "no_show", taken_back_until=AT + timedelta(minutes=1))
    state = at_work(desk(missed=(late, early)), sheet=Sheet.KEPT)
    choices = derive(state, CAPS, 0.0).sheet.choices

    assert [(one.who, one.key, one.also) for one in choices] == [
        ("A001", "", ""), ("A002", "resume:A002", "back:A002"),
    ]  # fmt: skip
    assert "quá giờ, cần lấy số mới" in choices[0].text


def test_staff_are_told_what_they_are_told_on_the_page() -> None:
    job = {"kiosk": "kiosk-1", "dossier": None, "slip": "ticket"}
    known = desk(
        alarm=Alarm(AT, None),
        devices=(
            {"name": "printer", "state": "fault", "reason": "paper_out", "kiosk": "kiosk-2"},
            {"name": "keypad 3", "state": "fault", "reason": "silent", "kiosk": "kiosk-1"},
            {"name": "web", "state": "ok", "reason": "", "kiosk": "kiosk-1"},
        ),
        jobs=(
            {**job, "number": "A001", "state": "queued", "created_at": AT.isoformat()},
            {**job, "number": "A002", "state": "queued",
             "created_at": (AT - timedelta(seconds=11)).isoformat()},
            {**job, "number": None, "dossier": "H15", "state": "failed",
             "created_at": AT.isoformat()},
        ),
        warnings=(
            {"warning": "no_counter", "service": "A", "ends_at": None, "counter": None},
            {"warning": "no_counter", "service": "B", "ends_at": None, "counter": None},
            {"warning": "kept_at_closed", "service": None, "counter": 2, "numbers": ["A3"]},
            {"warning": "sent_to_closed", "service": None, "counter": 1, "people": 4},
        ),
    )  # fmt: skip
    told = notices_of(at_work(known, pad="in_use", trouble="store_busy"), AT, texts("vi"))

    assert told[1] == "Chương trình khác đang giữ bàn phím số."
    assert "(kiosk-2)" in told[2]
    assert "3:" in told[3]
    assert [("A001" in one, "A002" in one) for one in told if "chờ máy in" in one] == [
        (False, True)
    ]
    assert any("phiếu số H15" in one for one in told)
    assert any("Dịch vụ A, Dịch vụ B" in one for one in told)
    assert sum("Quầy" in one for one in told) == 2


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "00:00"), (0, "00:00"), (249.9, "04:09"), (3600, "1:00:00"), (3723, "1:02:03")],
)
def test_a_stopwatch_counts_up(seconds: float, shown: str) -> None:
    assert stopwatch(seconds) == shown
