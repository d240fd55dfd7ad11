"""The second factor of a dossier: who is let in, who is held off, and what it leaves behind."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office.dossiers import look_up
from kiosk.office.incoming import store_dossiers
from kiosk.scans import CardScan, parse
from kiosk.tries import QUARTER
from tests.hall import centre_of
from tests.office.test_dossiers import CODE, DOSSIER, rows

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock

UNKNOWN = "H15.50.05-261118-9999"
CARD = b"001090123456|012345678|NGUYEN VAN AN|01011990|Nam|12 pho Canary|15042021"


@pytest.fixture(autouse=True)
def known(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="test")


def refused(centre: Centre, code: str, secret: str | CardScan, asker: str = "") -> Refused:
    with pytest.raises(Refused) as error:
        look_up(centre, code, secret, asker=asker)
    return error.value


def patiently(centre: Centre, clock: Clock, code: str, tries: int, asker: str = "") -> list[str]:
    """Wrong secrets with enough time between them."""
    told = []
    for n in range(tries):
        told.append(refused(centre, code, f"{n:04d}", asker).code)
        clock.forward(seconds=10)
    return told


def test_the_owners_card_opens_the_dossier_by_its_whole_number(centre: Centre) -> None:
    card = parse(CARD)
    assert isinstance(card, CardScan)
    assert look_up(centre, CODE, card).owner == "N. V. A***"
    stranger = parse(CARD.replace(b"001090123456", b"079190003456").replace(b"012345678", b""))
    assert isinstance(stranger, CardScan)
    assert refused(centre, CODE, stranger).code == "no_such_dossier"
    assert refused(centre, UNKNOWN, card).code == "no_such_dossier"


def test_a_dossier_with_the_old_number_of_nine_digits_opens_too(centre: Centre) -> None:
    store_dossiers(centre, [replace(DOSSIER, id_number="012 345 678")], source="test")
    card = parse(CARD)
    assert isinstance(card, CardScan)
    assert look_up(centre, CODE, card).full


def test_a_dossier_without_a_number_is_opened_by_no_card(centre: Centre) -> None:
    store_dossiers(centre, [replace(DOSSIER, id_number=None)], source="test")
    assert refused(centre, CODE, CardScan(("001090123456",))).code == "no_such_dossier"


@pytest.mark.parametrize("code", [CODE, UNKNOWN])
def test_five_wrong_ones_close_a_code_to_everybody_for_a_quarter(
    centre: Centre, clock: Clock, code: str
) -> None:
    assert patiently(centre, clock, code, 5, "kiosk-1") == ["no_such_dossier"] * 5
    closed = refused(centre, code, "482913", "address:203.0.113.7")
    assert (closed.code, closed.facts) == ("too_many_tries", {"seconds": QUARTER - 50})
    assert refused(centre, code, CardScan(("001090123456",))).code == "too_many_tries"
    clock.forward(seconds=QUARTER)
    patiently(centre, clock, code, 1)


def test_the_open_part_and_other_dossiers_stay_open(centre: Centre, clock: Clock) -> None:
    other = replace(DOSSIER, code=UNKNOWN)
    store_dossiers(centre, [other], source="test")
    patiently(centre, clock, CODE, 5, "kiosk-1")
    assert not look_up(centre, CODE).full
    assert look_up(centre, UNKNOWN, "482913", asker="kiosk-1").full


def test_another_process_and_a_restart_remember(
    centre: Centre, clock: Clock, store_url: str
) -> None:
    patiently(centre, clock, CODE, 5)
    again = centre_of(store_url, clock)
    try:
        assert refused(again, CODE, "482913").code == "too_many_tries"
    finally:
        again.database.close()


def test_who_tries_on_at_once_is_slowed_down(centre: Centre, clock: Clock) -> None:
    for wait in (0, 0, 1, 2, 4):
        if wait:
            assert refused(centre, CODE, "0000").facts == {"seconds": wait}
        clock.forward(seconds=wait)
        assert refused(centre, CODE, "0000").code == "no_such_dossier"


def test_one_asker_has_thirty_wrong_ones_whatever_the_codes(centre: Centre, clock: Clock) -> None:
    for n in range(30):
        assert refused(centre, f"HS-{n:04d}", "0000", "kiosk-1").code == "no_such_dossier"
    assert refused(centre, CODE, "482913", "kiosk-1").code == "too_many_tries"
    assert look_up(centre, CODE, "482913", asker="kiosk-2").full
    clock.forward(seconds=QUARTER + 1)
    assert look_up(centre, CODE, "482913", asker="kiosk-1").full


def test_right_ones_use_up_nothing(centre: Centre) -> None:
    assert all(look_up(centre, CODE, "482913", asker="kiosk-1").full for _ in range(40))


def test_tries_of_a_clock_that_was_far_ahead_hold_nobody_off(centre: Centre, clock: Clock) -> None:
    patiently(centre, clock, CODE, 5)
    clock.now -= timedelta(days=400)
    assert look_up(centre, CODE, "482913").full


def test_a_wrong_secret_and_an_unknown_code_do_the_same_work(centre: Centre) -> None:
    """The same statements in the same order: nobody can tell them apart by the time they take."""
    asked: dict[str, list[str]] = {}
    kind = type(centre.database)
    for code in (UNKNOWN, CODE):
        done = asked[code] = []
        with centre.database.write() as query:
            watched = type(query)
        saved = {name: getattr(watched, name) for name in ("one", "all", "run", "many")}

        def watching(name: str, done: list[str] = done, saved: dict = saved):
            def call(self, sql: str, *more: object, **facts: object):
                done.append(sql)
                return saved[name](self, sql, *more, **facts)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for name in saved:
                patch.setattr(watched, name, watching(name))
            assert refused(centre, code, "0000", code).code == "no_such_dossier"
    assert asked[CODE] == asked[UNKNOWN]
    assert len(asked[CODE]) > 5, kind


def test_nothing_of_person_card_or_secret_is_left_behind(centre: Centre) -> None:
    for given in ("9999", "001090123456", CardScan(("079190003456",))):
        with suppress(Refused):
            look_up(centre, CODE, given, asker="address:203.0.113.7")
    with suppress(Refused):
        look_up(centre, "001090123456", "0123", asker="address:203.0.113.7")
    left = repr([rows(centre, table) for table in ("event", "secret_try")])
    for canary in ("001090123456", "079190003456", "9999", "203.0.113.7", "Nguyễn"):
        assert canary not in left
