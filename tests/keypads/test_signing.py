"""Clerks sign in at the keypad: a number, then the PIN, and nobody by guessing."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Unavailable
from kiosk.keypads.frames import Sound, State
from kiosk.keypads.signing import SigningIn
from kiosk.office import clerks, identity, sessions
from kiosk.office.keypads import read_counters, session_of
from kiosk.presses import DONE, PIN_SECONDS, PIN_WANTED, Key, Keypad, Press
from kiosk.rights import StaffRole
from tests.hall import Clock, centre_of
from tests.keypads.crew import press as press_key
from tests.keypads.crew import shown, shows, take
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.keypads.virtual import VirtualLine
    from kiosk.office.centre import Centre
    from tests.keypads.crew import Host

PIN = "135790"
PAD, OTHER = Keypad(1, 1, 1), Keypad(1, 2, 2)


@pytest.fixture
def hall(store_url: str, clock: Clock) -> Iterator[Centre]:
    """On both stores, with clerk 12 at home and clerk hoa, whose login no keypad has."""
    centre = centre_of(store_url, clock)
    clerks.add_clerk(centre, "12", "Lê Thị Hoa", PIN)
    clerks.add_clerk(centre, "hoa", "Trần Văn Minh", PIN)
    yield centre
    centre.database.close()


class Hand:
    """Presses the key of signing in, after some digits."""

    def __init__(self, centre: Centre) -> None:
        self.now = 0.0
        self.centre = centre
        self.signing = SigningIn(centre, lambda: self.now)
        self._sequences = {PAD: 0, OTHER: 0}

    def made(self, digits: str, pad: Keypad = PAD, seconds: float = 0.0) -> Press:
        self._sequences[pad] += 1
        mark = read_counters(self.centre, (pad.counter,))[pad.counter].mark
        session = session_of(self.centre, pad)
        return Press(session, self._sequences[pad], mark, Key.SIGN_IN, digits, seconds)

    def press(self, digits: str = "", pad: Keypad = PAD, seconds: float = 0.0) -> str:
        return self.signing.press(pad, self.made(digits, pad, seconds))

    def sign_in(self, number: str = "12", pin: str = PIN, pad: Keypad = PAD) -> str:
        assert self.press(number, pad) == PIN_WANTED
        return self.press(pin, pad)


@pytest.fixture
def hand(hall: Centre) -> Hand:
    return Hand(hall)


def staffed(centre: Centre, counter: int = 1) -> bool:
    return read_counters(centre, (counter,))[counter].staffed


def test_a_clerk_signs_in_works_and_signs_out_at_the_keypad(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    clerks.add_clerk(office, "12", "Lê Thị Hoa", PIN)
    number = take(office)
    shows(line, 1, "NOT SIGNED IN")

    press = partial(press_key, host, line, 1)
    press(Key.SIGN_IN, "12")
    shows(line, 1, "TYPE YOUR PIN")
    assert (shown(line, 1).error, line.keypads[1].sounds) == ("I", [Sound.DONE])
    press(Key.SIGN_IN, "000000")
    shows(line, 1, "WRONG PIN")
    assert shown(line, 1).error == "D"
    press(Key.SIGN_IN, "12")
    press(Key.SIGN_IN, PIN)
    shows(line, 1, "----")
    press(Key.NEXT)
    shows(line, 1, number)
    press(Key.SIGN_IN)
    until(lambda: shown(line, 1).error == "W")
    press(Key.FINISH)
    press(Key.SIGN_IN)
    until(lambda: shown(line, 1).state is State.NOT_SIGNED_IN)
    with office.database.read() as query:
        rows = query.all("SELECT kind, actor, clerk, counter FROM event ORDER BY seq")
    told = [tuple(dict(row).values()) for row in rows if row["clerk"]]
    assert told[1:] == [
        ("clerk.refused", "keypad", "12", None),
        ("counter.opened", "clerk:12", "12", 1),
        ("ticket.called", "clerk:12", "12", 1),
        ("ticket.finished", "clerk:12", "12", 1),
        ("counter.closed", "clerk:12", "12", 1),
    ]


def test_whose_pin_was_wrong_begins_with_the_number_again(hand: Hand) -> None:
    assert hand.sign_in(pin="000000") == "wrong_pin"
    assert hand.press(PIN) == "number_first"
    assert not staffed(hand.centre)
    assert hand.sign_in() == DONE
    assert staffed(hand.centre)


def test_a_number_typed_twice_is_a_number_and_another_one_takes_its_place(hand: Hand) -> None:
    clerks.add_clerk(hand.centre, "13", "Vũ Bình An", "246810")
    for number in ("13", "12", "12"):
        assert hand.press(number) == PIN_WANTED
    assert hand.press(PIN) == DONE


def test_an_unknown_number_is_asked_for_a_pin_like_any_other(hand: Hand) -> None:
    assert hand.sign_in("99") == "wrong_pin"
    clerks.disable_clerk(hand.centre, "12")
    assert hand.sign_in() == "wrong_pin"


def test_the_pin_may_come_for_half_a_minute(hand: Hand) -> None:
    assert hand.press("12") == PIN_WANTED
    hand.now += PIN_SECONDS
    assert hand.press(PIN) == "number_first"
    assert not staffed(hand.centre)
    assert hand.press("12") == PIN_WANTED
    hand.now += PIN_SECONDS - 1
    assert hand.press(PIN) == DONE


def test_a_pin_that_was_typed_too_long_ago_is_not_taken(hand: Hand) -> None:
    assert hand.press("12") == PIN_WANTED
    assert hand.press(PIN, seconds=6.0) == "press_late"
    assert not staffed(hand.centre)


def test_another_key_between_number_and_pin_ends_the_sign_in(hand: Hand) -> None:
    assert hand.press("12") == PIN_WANTED
    hand.signing.forget(PAD)
    assert hand.press(PIN) == "number_first"
    assert not staffed(hand.centre)


def test_a_number_at_one_keypad_is_none_at_another(hand: Hand) -> None:
    assert hand.press("12") == PIN_WANTED
    assert hand.press(PIN, OTHER) == "number_first"
    assert not staffed(hand.centre, 2)
    assert hand.press(PIN) == DONE


def test_wrong_pins_slow_their_keypad_down_and_no_other_and_lock_nobody_out(hand: Hand) -> None:
    for _ in range(5):
        assert hand.sign_in(pin="000000") == "wrong_pin"
    assert hand.sign_in() == "too_many_tries"
    assert hand.sign_in(pad=OTHER) == DONE
    hand.now += 2
    assert hand.sign_in() == DONE
    for _ in range(5):
        assert hand.sign_in(pin="000000") == "wrong_pin"
    for _ in range(20):
        hand.now += 61
        assert hand.sign_in(pin="000000") == "wrong_pin"
    hand.now += 61
    assert hand.sign_in() == DONE


def test_who_tries_one_number_after_another_is_slowed_down_too(hand: Hand) -> None:
    for n in range(30):
        assert hand.sign_in(f"{n + 100}") == "wrong_pin"
    assert hand.sign_in() == "too_many_tries"
    hand.now += 61
    assert hand.sign_in() == DONE


def test_the_counter_of_somebody_at_work_is_not_taken(hand: Hand) -> None:
    sessions.sign_in(hand.centre, "hoa", PIN, 1)
    take(hand.centre)
    assert hand.sign_in() == "counter_taken"
    assert hand.press() == DONE
    assert not staffed(hand.centre)
    assert hand.sign_in() == DONE
    assert hand.press() == DONE
    assert hand.press() == "nobody_signed_in"


def test_whose_post_is_not_at_a_counter_opens_none(hand: Hand) -> None:
    clerks.add_clerk(hand.centre, "77", "Vũ Bình An", PIN, StaffRole.TECHNICIAN)
    assert hand.sign_in("77") == "no_counter_for"
    assert not staffed(hand.centre)


def test_a_press_told_again_after_a_restart_is_the_same_press(hand: Hand) -> None:
    assert hand.press("12") == PIN_WANTED
    again = SigningIn(hand.centre)
    pin = hand.made(PIN)
    assert hand.signing.press(PAD, pin) == DONE
    assert again.press(PAD, pin) == DONE
    with hand.centre.database.read() as query:
        rows = query.all("SELECT kind FROM event WHERE kind = 'counter.opened'")
    assert len(rows) == 1


def test_a_number_told_again_after_a_restart_is_still_a_number(hand: Hand) -> None:
    number = hand.made("12")
    assert hand.signing.press(PAD, number) == PIN_WANTED
    again = SigningIn(hand.centre)
    assert again.press(PAD, number) == PIN_WANTED
    assert again.press(PAD, hand.made(PIN)) == DONE


@pytest.mark.parametrize(
    ("code", "answer"), [("store_unsure", DONE), ("store_away", "number_first")]
)
def test_a_number_is_kept_only_for_a_press_that_is_told_again(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, code: str, answer: str
) -> None:
    assert hand.press("12") == PIN_WANTED
    pin, prove = hand.made(PIN), identity.proven

    def away(*_: object, **__: object) -> None:
        raise Unavailable(code)

    monkeypatch.setattr(identity, "proven", away)
    with pytest.raises(Unavailable):
        hand.signing.press(PAD, pin)
    monkeypatch.setattr(identity, "proven", prove)
    assert hand.signing.press(PAD, pin) == answer


def test_no_pin_stands_in_the_store(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "kiosk.db"
    centre = centre_of(f"sqlite:///{file}", clock)
    clerks.add_clerk(centre, "12", "Lê Thị Hoa", PIN)
    hand = Hand(centre)
    assert hand.sign_in(pin="975310") == "wrong_pin"
    assert hand.sign_in() == DONE
    centre.database.close()
    with sqlite3.connect(file) as store:
        dump = "\n".join(store.iterdump())
    store.close()
    assert "Lê Thị Hoa" in dump
    assert PIN not in dump
    assert "975310" not in dump
