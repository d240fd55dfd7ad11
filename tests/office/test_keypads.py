"""Each press of a keypad is done once, whatever is repeated, forgotten or started anew."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import Unavailable
from kiosk.office import calls, clerks, keypads, sessions
from kiosk.office.hall import read_board, read_counter
from kiosk.office.keypads import open_session, press, read_counters, session_of
from kiosk.office.tickets import take_ticket
from kiosk.presses import DONE, CounterNow, Key, Keypad, Press
from kiosk.tickets import Outcome, Reason
from tests.hall import Clock, centre_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

PIN = "135790"
PAD = Keypad(1, 7, 1)
PAUSES = (
    Reason("urgent", {"vi": "Khẩn"}, "call"),
    Reason("break", {"vi": "Nghỉ"}, "pause"),
    Reason("meeting", {"vi": "Họp"}, "pause"),
)


@pytest.fixture
def office(store_url: str, clock: Clock) -> Iterator[Centre]:
    """On both stores, with a clerk at counter 1."""
    centre = replace(
        centre_of(store_url, clock),
        reasons=PAUSES,
        outcomes={code: Outcome(code, {"vi": code}) for code in ("received", "advised")},
    )
    clerks.add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    sessions.sign_in(centre, "hoa", PIN, 1)
    yield centre
    centre.database.close()


def take(centre: Centre, service: str = "A") -> str:
    return take_ticket(centre, service=service, actor="touch").place.ticket.number


def now_at(centre: Centre, counter: int = 1) -> CounterNow:
    return read_counters(centre, (counter,))[counter]


def called(centre: Centre) -> list[str]:
    return [call.number for call in reversed(read_board(centre).calls)]


def pressing(centre: Centre, sequence: int, key: str = Key.NEXT, digits: str = "") -> Press:
    return Press(session_of(centre, PAD), sequence, now_at(centre).mark, key, digits)


def test_a_press_that_is_told_again_does_nothing_a_second_time(office: Centre) -> None:
    first, _ = take(office), take(office)
    pressed = pressing(office, 1)

    assert [press(office, PAD, pressed) for _ in range(4)] == [DONE] * 4
    assert called(office) == [first]


def test_a_refused_press_gets_the_same_answer_again_though_it_could_be_done_by_then(
    office: Centre,
) -> None:
    pressed = pressing(office, 1)
    assert press(office, PAD, pressed) == "nobody_waits"
    take(office)

    assert press(office, PAD, pressed) == "nobody_waits"
    assert called(office) == []
    assert press(office, PAD, pressing(office, 2)) == DONE


def test_another_process_knows_what_was_done(office: Centre, store_url: str, clock: Clock) -> None:
    take(office), take(office)
    pressed = pressing(office, 1)
    assert press(office, PAD, pressed) == DONE
    other = replace(centre_of(store_url, clock), reasons=PAUSES)

    assert session_of(other, PAD) == pressed.session
    assert press(other, PAD, pressed) == DONE
    assert len(called(office)) == 1
    other.database.close()


def test_a_keypad_counts_anew_in_another_session_once_a_press_was_done(office: Centre) -> None:
    take(office), take(office)
    fresh = open_session(office, PAD)
    assert open_session(office, PAD) == fresh
    old = pressing(office, 1)
    assert press(office, PAD, old) == DONE
    anew = open_session(office, PAD)

    assert anew != fresh
    assert press(office, PAD, old) == "unknown_session"
    assert press(office, PAD, pressing(office, 1)) == DONE
    assert len(called(office)) == 2


def test_keypads_of_other_lines_and_kiosks_have_sessions_of_their_own(office: Centre) -> None:
    take(office), take(office)
    assert press(office, PAD, pressing(office, 1)) == DONE
    for other, pad in (
        (office, Keypad(2, 7, 1)),
        (office, Keypad(1, 8, 1)),
        (replace(office, kiosk="kiosk-2"), PAD),
    ):
        before = session_of(office, PAD)
        open_session(other, pad)
        assert session_of(office, PAD) == before


def test_the_sequence_goes_round(office: Centre) -> None:
    for sequence in [*range(1, 256), 1, 2]:
        assert press(office, PAD, pressing(office, sequence)) == "nobody_waits"
    take(office)

    assert press(office, PAD, pressing(office, 1)) == "press_late"
    assert press(office, PAD, pressing(office, 3)) == DONE


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_of_presses_told_in_any_order_none_is_done_twice(
    centre: Centre, data: st.DataObject
) -> None:
    if not clerks.list_clerks(centre):
        clerks.add_clerk(centre, "hoa", "Hoa", PIN)
        sessions.sign_in(centre, "hoa", PIN, 1)
    for _ in range(3):
        take(centre)
    session, done = session_of(centre, PAD), 0
    before = len(called(centre))
    known = read_last(centre)
    for step in data.draw(st.lists(st.integers(0, 6), max_size=12)):
        sequence = (known + step) % 255 + 1
        answer = press(centre, PAD, Press(session, sequence, now_at(centre).mark, Key.NEXT))
        if answer == DONE and read_last(centre) != known:
            done += 1
        known = read_last(centre)

    assert len(called(centre)) - before <= done


def read_last(centre: Centre) -> int:
    with centre.database.read() as query:
        row = query.one("SELECT sequence FROM keypad WHERE office = :code", code=centre.code)
    return int(row["sequence"]) if row else 0


def test_a_store_that_fails_in_the_middle_has_neither_moved_nor_noted_anything(
    office: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = take(office)
    pressed = pressing(office, 1)

    def fail(*_: object) -> None:
        raise Unavailable("disk_full")

    with monkeypatch.context() as broken:
        broken.setattr(keypads.keypads, "remember", fail)
        with pytest.raises(Unavailable):
            press(office, PAD, pressed)
    assert called(office) == []
    assert press(office, PAD, pressed) == DONE
    assert called(office) == [number]


def test_two_hosts_that_hear_one_press_do_it_once(
    office: Centre, store_url: str, clock: Clock
) -> None:
    for _ in range(4):
        take(office)
    pressed = pressing(office, 1)
    others = [centre_of(store_url, clock) for _ in range(3)]
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda other=other: answers.append(press(other, PAD, pressed)))
        for other in others
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [DONE] * 3
    assert len(called(office)) == 1
    for other in others:
        other.database.close()


def test_a_press_about_somebody_who_has_gone_is_not_done(office: Centre) -> None:
    take(office), take(office)
    pressed = pressing(office, 1)
    calls.call_next(office, 1, clerk="hoa")

    assert press(office, PAD, pressed) == "press_moved"
    assert len(called(office)) == 1


def test_an_old_press_is_not_done(office: Centre) -> None:
    take(office)

    assert press(office, PAD, replace(pressing(office, 1), seconds=5.1)) == "press_late"
    assert press(office, PAD, replace(pressing(office, 2), seconds=4.9)) == DONE


def test_nobody_signed_in_and_nothing_moves(office: Centre) -> None:
    take(office)
    clerks.sign_out_clerk(office, "hoa")

    assert press(office, PAD, pressing(office, 1)) == "nobody_signed_in"
    assert not now_at(office).staffed
    assert called(office) == []


def test_the_keys_move_the_ticket_for_the_clerk_who_is_signed_in(office: Centre) -> None:
    numbers = [take(office) for _ in range(5)]
    sequence = iter(range(1, 100))

    def key(key: Key, digits: str = "") -> str:
        return press(office, PAD, pressing(office, next(sequence), key, digits))

    assert key(Key.NEXT) == DONE
    assert key(Key.START) == DONE
    assert now_at(office).serving
    assert key(Key.SIGN_IN) == "somebody_here"
    assert key(Key.FINISH, "2") == DONE
    assert key(Key.FINISH) == "nobody_here"
    assert key(Key.NEXT) == DONE
    assert key(Key.RECALL) == DONE
    assert key(Key.FINISH, "3") == "malformed"
    assert key(Key.NO_SHOW) == DONE
    assert key(Key.NEXT) == DONE
    assert key(Key.TRANSFER) == "transfer_where"
    assert key(Key.TRANSFER, "1") == "transfer_here"
    assert key(Key.TRANSFER, "99") == "unknown_counter"
    assert key(Key.TRANSFER, "0") == "malformed"
    assert key(Key.TRANSFER, "012") == "malformed"
    assert key(Key.TRANSFER, "2") == DONE
    assert read_counter(office, 2).waiting[0].number == numbers[2]
    assert key(Key.NEXT) == DONE
    assert key(Key.TRANSFER, "05") == DONE
    assert key(Key.NEXT, "3") == "press_digits"
    assert press(office, PAD, pressing(office, next(sequence), "Z")) == "press_unknown"
    with office.database.read() as query:
        rows = query.all(
            "SELECT DISTINCT actor FROM event WHERE office = :code AND kind LIKE 'ticket.%'"
            " AND kind <> 'ticket.issued'",
            code=office.code,
        )
        outcome = query.one("SELECT outcome FROM ticket WHERE number = :n", n=numbers[0])
    assert {row["actor"] for row in rows} == {"clerk:hoa"}
    assert outcome is not None
    assert outcome["outcome"] == "advised"


def test_a_pause_takes_the_offices_reason_and_ends_with_the_same_key(office: Centre) -> None:
    take(office)
    sequence = iter(range(1, 100))

    def key(key: Key, digits: str = "") -> str:
        return press(office, PAD, pressing(office, next(sequence), key, digits))

    assert key(Key.PAUSE) == DONE
    assert read_counter(office, 1).paused == "break"
    assert key(Key.NEXT) == "counter_paused"
    assert key(Key.PAUSE) == DONE
    assert read_counter(office, 1).paused is None
    assert key(Key.PAUSE, "2") == DONE
    assert read_counter(office, 1).paused == "meeting"
    assert key(Key.PAUSE) == DONE
    assert key(Key.PAUSE, "3") == "malformed"
    assert key(Key.NEXT) == DONE
    assert key(Key.PAUSE) == "somebody_here"


def test_an_office_without_reasons_pauses_with_plain_words(office: Centre) -> None:
    plain = replace(office, reasons=())

    assert press(plain, PAD, pressing(plain, 1, Key.PAUSE)) == DONE
    assert read_counter(plain, 1).paused == "Tạm dừng từ bàn phím"


def test_the_mark_changes_with_who_is_there_and_with_a_pause_only(office: Centre) -> None:
    take(office)
    empty = now_at(office)
    calls.call_next(office, 1, clerk="hoa")
    here = now_at(office)
    calls.recall(office, 1, clerk="hoa")
    calls.start(office, 1, clerk="hoa")
    again = now_at(office)
    calls.finish(office, 1, clerk="hoa")
    press(office, PAD, pressing(office, 1, Key.PAUSE))
    paused = now_at(office)

    assert (empty.mark, now_at(office).mark) == ("0000", paused.mark)
    assert here.mark == again.mark
    assert len({empty.mark, here.mark, paused.mark}) == 3
