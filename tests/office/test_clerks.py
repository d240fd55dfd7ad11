from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office.calls import call_next, finish, start, transfer
from kiosk.office.clerks import add_clerk, disable_clerk, list_clerks, set_pin, sign_out_clerk
from kiosk.office.hall import read_board, read_counter
from kiosk.office.sessions import go_on, pause, session, sign_in, sign_out
from kiosk.office.tickets import follow, take_ticket
from kiosk.store import events
from kiosk.tickets import Reason, TicketState

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock

PIN = "135790"


@pytest.fixture
def hoa(centre: Centre) -> str:
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    return "hoa"


def test_signing_in_opens_the_counter_and_signing_out_closes_it(centre: Centre, hoa: str) -> None:
    signed = sign_in(centre, hoa, PIN, 2)
    opened = read_board(centre).lines[0].open_counters
    sign_out(centre, signed.token)

    assert opened == (2,)
    assert session(centre, signed.token) is None
    assert read_board(centre).lines[0].open_counters == ()


def test_the_store_holds_neither_the_pin_nor_the_token(centre: Centre, hoa: str) -> None:
    signed = sign_in(centre, hoa, PIN, 2)
    with centre.database.read() as query:
        stored = str(
            [
                tuple(row)
                for table in ("clerk", "staff_session", "event")
                for row in query.all(f"SELECT * FROM {table}")
            ]
        )

    assert PIN not in stored
    assert signed.token not in stored


@pytest.mark.parametrize(("login", "pin"), [("hoa", "000000"), ("nobody", PIN), ("hoa", "")])
def test_a_wrong_login_and_a_wrong_pin_are_told_alike(
    centre: Centre, hoa: str, login: str, pin: str
) -> None:
    with pytest.raises(Refused) as refusal:
        sign_in(centre, login, pin, 1)
    assert (refusal.value.code, refusal.value.facts) == ("wrong_pin", {})


def test_every_refused_sign_in_is_noted_and_no_login_that_is_none(centre: Centre, hoa: str) -> None:
    add_clerk(centre, "gone", "Trần Văn An", PIN)
    disable_clerk(centre, "gone")
    for login in (hoa, "gone", "135790"):
        with pytest.raises(Refused, match="wrong_pin"):
            sign_in(centre, login, "000000", 1)
    with centre.database.read() as query:
        noted = query.all("SELECT clerk FROM event WHERE kind = 'clerk.refused' ORDER BY seq")

    assert [row["clerk"] for row in noted] == [hoa, "gone", None]


def test_two_clerks_at_one_counter_are_refused_until_the_first_is_idle(
    centre: Centre, hoa: str, clock: Clock
) -> None:
    add_clerk(centre, "an", "Trần Văn An", PIN)
    first = sign_in(centre, hoa, PIN, 1)
    with pytest.raises(Refused) as refusal:
        sign_in(centre, "an", PIN, 1)
    clock.forward(minutes=10)
    call_next(centre, 1, clerk=hoa)
    clock.forward(minutes=14, seconds=59)
    with pytest.raises(Refused, match="counter_taken"):
        sign_in(centre, "an", PIN, 1)
    clock.forward(seconds=1)
    sign_in(centre, "an", PIN, 1)

    assert refusal.value.facts == {"clerk": "Lê Thị Hoa"}
    assert session(centre, first.token) is None
    assert read_counter(centre, 1).clerk == "Trần Văn An"


@pytest.mark.parametrize(("seconds", "free"), [(-60, False), (-61, True), (-3600, True)])
def test_a_counter_is_idle_whose_page_is_locked_because_the_clock_was_set_back(
    centre: Centre, hoa: str, clock: Clock, seconds: int, *, free: bool
) -> None:
    add_clerk(centre, "an", "Trần Văn An", PIN)
    first = sign_in(centre, hoa, PIN, 1)
    clock.forward(seconds=seconds)
    known = session(centre, first.token)
    assert known is not None
    assert known.locked is free
    if free:
        assert sign_in(centre, "an", PIN, 1).clerk.login == "an"
    else:
        with pytest.raises(Refused, match="counter_taken"):
            sign_in(centre, "an", PIN, 1)


@pytest.mark.parametrize("served", [False, True])
def test_who_serves_somebody_is_not_idle_however_long_that_takes(
    centre: Centre, hoa: str, clock: Clock, *, served: bool
) -> None:
    add_clerk(centre, "an", "Trần Văn An", PIN)
    here = take_ticket(centre, service="A", actor="touch").place.ticket.id
    sign_in(centre, hoa, PIN, 1)
    call_next(centre, 1, clerk=hoa)
    if served:
        start(centre, 1, clerk=hoa)
    for _ in range(2):
        clock.forward(hours=5)
        with pytest.raises(Refused, match="counter_taken"):
            sign_in(centre, "an", PIN, 1)
    assert finish(centre, 1, clerk=hoa, ticket=here).state is TicketState.FINISHED
    clock.forward(minutes=14, seconds=59)
    with pytest.raises(Refused, match="counter_taken"):
        sign_in(centre, "an", PIN, 1)
    clock.forward(seconds=1)

    assert sign_in(centre, "an", PIN, 1).clerk.login == "an"


def test_the_counter_of_a_clerk_who_never_came_back_is_free_after_half_a_day(
    centre: Centre, hoa: str, clock: Clock
) -> None:
    add_clerk(centre, "an", "Trần Văn An", PIN)
    here = take_ticket(centre, service="A", actor="touch").place.ticket.id
    sign_in(centre, hoa, PIN, 1)
    call_next(centre, 1, clerk=hoa)
    clock.forward(hours=12)
    sign_in(centre, "an", PIN, 1)
    present = read_counter(centre, 1).current

    assert present is not None
    assert present.id == here


@pytest.mark.parametrize("served", [False, True])
def test_who_follows_a_clerk_that_was_signed_out_goes_on_with_the_person_there(
    centre: Centre, hoa: str, *, served: bool
) -> None:
    add_clerk(centre, "an", "Trần Văn An", PIN)
    add_clerk(centre, "lan", "Trần Thị Lan", PIN)
    here, sent = (take_ticket(centre, service="A", actor="touch").place.ticket.id for _ in range(2))
    sign_in(centre, "lan", PIN, 2)
    gone = sign_in(centre, hoa, PIN, 1)
    call_next(centre, 1, clerk=hoa)
    call_next(centre, 2, clerk="lan")
    transfer(centre, 2, clerk="lan", to_counter=1)
    if served:
        start(centre, 1, clerk=hoa)
    before = read_counter(centre, 1)
    with centre.database.read() as query:
        last = events.last(query, centre.code)
    sign_out_clerk(centre, hoa)
    sign_out_clerk(centre, hoa)
    sign_in(centre, "an", PIN, 1)
    after = read_counter(centre, 1)
    with centre.database.read() as query:
        noted = query.all(
            "SELECT kind, clerk, actor, ticket FROM event WHERE seq > :last ORDER BY seq", last=last
        )

    assert session(centre, gone.token) is None
    assert after.current is not None
    assert (after.current, after.current.id) == (before.current, here)
    assert [(ticket.id, ticket.counter) for ticket in after.waiting] == [(sent, 1)]
    assert [(row["kind"], row["clerk"], row["actor"], row["ticket"]) for row in noted] == [
        ("counter.closed", "hoa", "operator", None),
        ("counter.opened", "an", "clerk:an", None),
    ]
    with pytest.raises(Refused, match="not_signed_in"):
        finish(centre, 1, clerk=hoa)
    assert finish(centre, 1, clerk="an", ticket=here).state is TicketState.FINISHED


def test_nobody_is_signed_out_who_is_no_clerk(centre: Centre) -> None:
    with pytest.raises(Refused, match="no_such_clerk"):
        sign_out_clerk(centre, "nobody")


def test_a_clerk_who_opens_another_counter_leaves_the_first(centre: Centre, hoa: str) -> None:
    take_ticket(centre, service="A", actor="touch")
    first = sign_in(centre, hoa, PIN, 1)
    call_next(centre, 1, clerk=hoa)
    sign_in(centre, hoa, PIN, 2)

    assert session(centre, first.token) is None
    assert read_counter(centre, 1).current is None
    assert read_board(centre).lines[0].open_counters == (2,)


def test_signing_in_again_at_the_same_counter_keeps_the_person_there(
    centre: Centre, hoa: str
) -> None:
    take_ticket(centre, service="A", actor="touch")
    sign_in(centre, hoa, PIN, 1)
    call_next(centre, 1, clerk=hoa)
    sign_in(centre, hoa, PIN, 1)

    assert read_counter(centre, 1).current is not None


def test_a_session_ends_after_half_a_day(centre: Centre, hoa: str, clock: Clock) -> None:
    signed = sign_in(centre, hoa, PIN, 1)
    clock.forward(hours=11, minutes=59)
    alive = session(centre, signed.token)
    clock.forward(minutes=2)

    assert alive is not None
    assert session(centre, signed.token) is None


def test_a_clock_that_is_set_back_brings_no_ended_session_to_life(
    centre: Centre, hoa: str, clock: Clock
) -> None:
    add_clerk(centre, "lan", "Trần Thị Lan", PIN)
    yesterday = sign_in(centre, hoa, PIN, 2)
    clock.forward(days=1)
    sign_in(centre, "lan", PIN, 2)
    clock.forward(hours=-20)

    assert session(centre, yesterday.token) is None
    assert read_counter(centre, 2).clerk == "Trần Thị Lan"


def test_a_clerk_who_leaves_keeps_the_called_for_the_next_and_finishes_the_served(
    centre: Centre, hoa: str
) -> None:
    for _ in range(2):
        take_ticket(centre, service="A", actor="touch")
    signed = sign_in(centre, hoa, PIN, 1)
    called = call_next(centre, 1, clerk=hoa)
    sign_out(centre, signed.token)
    kept = read_counter(centre, 1).parked
    signed = sign_in(centre, hoa, PIN, 1)
    served = call_next(centre, 1, clerk=hoa)
    start(centre, 1, clerk=hoa)
    sign_out(centre, signed.token)

    assert called is not None
    assert served is not None
    assert [ticket.id for ticket in kept] == [called.id]
    assert follow(centre, served.id).ticket.state is TicketState.FINISHED


def test_a_clerk_who_has_gone_home_leaves_no_counter_open(
    centre: Centre, hoa: str, clock: Clock
) -> None:
    sign_in(centre, hoa, PIN, 2)
    clock.forward(hours=13)

    assert read_board(centre).lines[0].open_counters == ()
    assert read_counter(centre, 2).clerk is None


def test_a_disabled_clerk_is_out_at_once(centre: Centre, hoa: str) -> None:
    signed = sign_in(centre, hoa, PIN, 1)
    disable_clerk(centre, hoa)

    assert session(centre, signed.token) is None
    assert [clerk.disabled for clerk in list_clerks(centre)] == [True]
    with pytest.raises(Refused, match="wrong_pin"):
        sign_in(centre, hoa, PIN, 1)


@pytest.mark.parametrize(
    ("login", "name", "pin", "code"),
    [
        ("hoa", "Lê Thị Hoa", PIN, "login_taken"),
        ("Hòa", "Lê Thị Hòa", PIN, "bad_login"),
        ("", "Lê Thị Hòa", PIN, "bad_login"),
        ("an", "  ", PIN, "no_name"),
        ("an", "\x07\u202e", PIN, "no_name"),
        ("an", "Ân" * 41, PIN, "long_name"),
        ("an", "Trần Văn An", "12345", "weak_pin"),
        ("an", "Trần Văn An", "1234567890123", "weak_pin"),
        ("an", "Trần Văn An", "abcdef", "weak_pin"),
    ],
)
def test_a_clerk_that_cannot_be_added_is_refused(
    centre: Centre, hoa: str, login: str, name: str, pin: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        add_clerk(centre, login, name, pin)
    assert len(list_clerks(centre)) == 1


def test_a_name_is_kept_on_one_line_composed_and_without_control_signs(centre: Centre) -> None:
    added = add_clerk(centre, "an", " Trâ\u0300n\tVăn\x1b\n An ", PIN)

    assert added.name == "Trần Văn An"
    assert list_clerks(centre) == (added,)


def test_a_new_pin_ends_what_was_begun_with_the_old_one_and_moves_no_ticket(
    centre: Centre, hoa: str
) -> None:
    signed = sign_in(centre, hoa, PIN, 1)
    take_ticket(centre, service="A", actor="test")
    called = call_next(centre, 1, clerk=hoa)
    assert called is not None
    set_pin(centre, hoa, "864213")

    assert session(centre, signed.token) is None
    assert read_board(centre).lines[0].open_counters == ()
    with pytest.raises(Refused, match="wrong_pin"):
        sign_in(centre, hoa, PIN, 1)
    sign_in(centre, hoa, "864213", 1)
    current = read_counter(centre, 1).current
    assert current is not None
    assert current.id == called.id


@pytest.mark.parametrize(
    ("login", "pin", "code"), [("nobody", "864213", "no_such_clerk"), ("hoa", "1357", "weak_pin")]
)
def test_a_pin_that_cannot_be_set_changes_nothing(
    centre: Centre, hoa: str, login: str, pin: str, code: str
) -> None:
    signed = sign_in(centre, hoa, PIN, 1)
    with pytest.raises(Refused, match=code):
        set_pin(centre, login, pin)
    assert session(centre, signed.token) is not None


def test_an_unknown_clerk_cannot_be_disabled(centre: Centre) -> None:
    with pytest.raises(Refused, match="no_such_clerk"):
        disable_clerk(centre, "nobody")


class TestPause:
    def test_a_paused_counter_calls_nobody_and_counts_as_closed(self, centre: Centre) -> None:
        add_clerk(centre, "lan", "Nguyễn Thị Lan", "246813")
        signed_in = sign_in(centre, "lan", "246813", 2)
        take_ticket(centre, service="A", actor="touch")
        pause(centre, signed_in.token, "break")
        pause(centre, signed_in.token, "break")

        assert read_counter(centre, 2).paused == "break"
        assert read_board(centre).lines[0].open_counters == ()
        with pytest.raises(Refused, match="counter_paused"):
            call_next(centre, 2, clerk="lan")
        go_on(centre, signed_in.token)
        go_on(centre, signed_in.token)
        assert read_counter(centre, 2).paused is None
        assert call_next(centre, 2, clerk="lan") is not None
        with centre.database.read() as query:
            rows = query.all(
                "SELECT kind, details FROM event WHERE kind LIKE 'counter.%' ORDER BY seq"
            )
        assert [row["kind"] for row in rows] == [
            "counter.opened", "counter.paused", "counter.continued",
        ]  # fmt: skip
        assert json.loads(rows[1]["details"])["reason"] == "break"

    def test_a_paused_counter_stays_the_clerks_and_15_minutes_beyond(
        self, centre: Centre, hoa: str, clock: Clock
    ) -> None:
        add_clerk(centre, "an", "Trần Văn An", PIN)
        token = sign_in(centre, hoa, PIN, 1).token
        pause(centre, token, "lunch")
        clock.forward(minutes=100)
        with pytest.raises(Refused, match="counter_taken"):
            sign_in(centre, "an", PIN, 1)
        go_on(centre, token)
        clock.forward(minutes=14)
        with pytest.raises(Refused, match="counter_taken"):
            sign_in(centre, "an", PIN, 1)
        clock.forward(minutes=1)

        assert sign_in(centre, "an", PIN, 1).counter == 1

    def test_it_needs_a_reason_a_session_and_nobody_at_the_counter(self, centre: Centre) -> None:
        centre = replace(centre, reasons=(Reason("break", {"vi": "Nghỉ"}, "pause"),))
        add_clerk(centre, "lan", "Nguyễn Thị Lan", "246813")
        token = sign_in(centre, "lan", "246813", 2).token
        take_ticket(centre, service="A", actor="touch")
        call_next(centre, 2, clerk="lan")
        for code, asked in {
            "reason_needed": (token, ""),
            "unknown_reason": (token, "golf"),
            "not_signed_in": ("nobody", "break"),
            "somebody_here": (token, "break"),
        }.items():
            with pytest.raises(Refused, match=code):
                pause(centre, *asked)

    def test_a_clerk_who_goes_leaves_nobody_standing(self, centre: Centre) -> None:
        add_clerk(centre, "lan", "Nguyễn Thị Lan", "246813")
        token = sign_in(centre, "lan", "246813", 2).token
        sent = take_ticket(centre, service="A", actor="touch").place.ticket
        call_next(centre, 1, clerk="hoa")
        transfer(centre, 1, clerk="hoa", to_counter=2)
        sign_out(centre, token)

        assert call_next(centre, 1, clerk="hoa") is not None
        assert follow(centre, sent.id).ticket.counter == 1
