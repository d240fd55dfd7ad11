"""What cannot be done with a ticket says how it stands, in a clerk's or in a citizen's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.office import calls, visits
from kiosk.office.tickets import take_ticket
from kiosk.tickets import QueueRules, TicketState
from tests.hall import MORNING
from tests.web.serving import served, signed_in
from tests.web.test_counters import press, take

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre
    from tests.hall import Clock

TO_CLERKS = {
    "waiting": ("số A006 đang chờ đến lượt", "A006 is waiting for its turn"),
    "called": ("số A005 đang được gọi đến Quầy 2", "A005 is being called to Counter 2"),
    "serving": ("số C001 đang được phục vụ tại Quầy 3", "C001 is being served at Counter 3"),
    "parked": ("Quầy 2 đang giữ số A004", "Counter 2 keeps A004"),
    "finished": ("số A001 đã được phục vụ xong", "A001 has been served already"),
    "no_show": ("số A003 đã lỡ lượt gọi", "A003 missed its call"),
    "cancelled": ("số A002 đã hủy", "A002 was cancelled"),
    "expired": ("số A002 đã hết hạn", "A002 has expired"),
}
TO_CITIZENS = {
    "called": (
        "Quầy 2 đang gọi số A005. Mời Ông/Bà đến ngay.",
        "Counter 2 is calling A005. Please go there now.",
    ),
    "serving": (
        "Không làm được việc này: số C001 đang được phục vụ tại Quầy 3.",
        "This cannot be done: C001 is being served at Counter 3.",
    ),
    "parked": (
        "Quầy 2 đang giữ số A004 và sẽ gọi lại. Mời Ông/Bà chờ thêm.",
        "Counter 2 keeps A004 and will call it again. Please wait a little longer.",
    ),
    "finished": (
        "Số A001 đã được phục vụ xong. Nếu cần làm việc tiếp, mời Ông/Bà lấy số mới.",
        "A001 has been served already. If you need anything more, please take a new number.",
    ),
    "no_show": (
        "Số A003 đã lỡ lượt gọi. Nếu còn cần làm việc, mời Ông/Bà hỏi quầy hướng dẫn.",
        "A003 missed its call. If you still need help, please ask at the help desk.",
    ),
    "missed_yesterday": (
        "Số A001 đã lỡ lượt gọi. Nếu còn cần làm việc, mời Ông/Bà hỏi quầy hướng dẫn.",
        "A001 missed its call. If you still need help, please ask at the help desk.",
    ),
    "cancelled": (
        "Số A002 đã hủy. Nếu cần làm việc, mời Ông/Bà lấy số mới.",
        "A002 was cancelled. If you need anything, please take a new number.",
    ),
    "expired": (
        "Số A002 đã hết hạn. Nếu cần làm việc, mời Ông/Bà lấy số mới.",
        "A002 has expired. If you need anything, please take a new number.",
    ),
}
CLERKS_MOVES: dict[str, dict[str, Any]] = {
    "recall": {}, "start": {}, "finish": {}, "no-show": {}, "park": {}, "return": {},
    "transfer": {"service": "B"},
}  # fmt: skip
CITIZENS_MOVES = {
    "cancel": ("called", "serving", "finished", "no_show", "missed_yesterday", "expired"),
    "return": (
        "called", "serving", "parked", "finished", "missed_yesterday", "cancelled", "expired",
    ),
}  # fmt: skip

CANNOT = ("Không làm được việc này: {}.", "This cannot be done: {}.")

both = pytest.mark.parametrize(("lang", "n"), [("vi", 0), ("en", 1)])


def message(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    return str(answer.json()["message"])


@pytest.fixture
def standing(centre: Centre, clock: Clock) -> dict[str, str]:
    """The ids of tickets by how they stand, none of them at counter 1."""

    def taken(service: str = "A") -> str:
        return take_ticket(centre, service=service, actor="test").place.ticket.id

    def called(service: str = "A", counter: int = 2) -> str:
        mine = taken(service)
        ticket = calls.call_next(centre, counter, clerk="minh")
        assert ticket is not None
        assert ticket.id == mine
        return mine

    stand = {"missed_yesterday": called()}
    calls.no_show(centre, 2, clerk="minh")
    stand["expired"] = taken()
    clock.forward(days=1)
    stand["finished"] = called()
    calls.finish(centre, 2, clerk="minh")
    stand["cancelled"] = taken()
    visits.cancel(centre, stand["cancelled"], actor="test")
    stand["no_show"] = called()
    calls.no_show(centre, 2, clerk="minh")
    stand["parked"] = called()
    calls.park(centre, 2, clerk="minh")
    stand["serving"] = called("C", 3)
    calls.start(centre, 3, clerk="minh")
    return {**stand, "called": called(), "waiting": taken()}


@both
def test_a_clerk_who_means_a_ticket_that_is_not_here_reads_how_it_stands(
    standing: dict[str, str], hoa: httpx.Client, lang: str, n: int
) -> None:
    assert TO_CLERKS.keys() == set(TicketState)
    hoa.headers["Accept-Language"] = lang
    for state, told in TO_CLERKS.items():
        for move, body in CLERKS_MOVES.items():
            refused = press(hoa, move, ticket=standing[state], **body)
            assert message(refused) == CANNOT[n].format(told[n]), (move, state)
        assert message(press(hoa, "next", present=standing[state])) == CANNOT[n].format(told[n])


@both
def test_a_clerk_reads_why_who_is_here_cannot_be_moved_so(
    centre: Centre, hoa: httpx.Client, lang: str, n: int
) -> None:
    hoa.headers["Accept-Language"] = lang
    take(centre, times=3)
    kept = press(hoa, "next").json()["id"]
    press(hoa, "park")
    visits.cancel(centre, kept, actor="test")
    called = press(hoa, "next").json()["id"]
    here = ("số A002 đang được gọi đến Quầy 1", "A002 is being called to Counter 1")
    assert message(press(hoa, "next", present=None)) == CANNOT[n].format(here[n])
    assert message(press(hoa, "resume", ticket=called)) == CANNOT[n].format(here[n])
    press(hoa, "start")
    here = ("số A002 đang được phục vụ tại Quầy 1", "A002 is being served at Counter 1")
    for move in ("recall", "start", "no-show"):
        assert message(press(hoa, move)) == CANNOT[n].format(here[n]), move
    assert message(press(hoa, "next", present=None)) == CANNOT[n].format(here[n])
    assert message(press(hoa, "resume", ticket=called)) == CANNOT[n].format(here[n])
    press(hoa, "finish")
    gone = ("số A002 đã được phục vụ xong", "A002 has been served already")
    assert message(press(hoa, "resume", ticket=called)) == CANNOT[n].format(gone[n])
    gone = ("số A001 đã hủy", "A001 was cancelled")
    assert message(press(hoa, "resume", ticket=kept)) == CANNOT[n].format(gone[n])


@both
def test_who_is_at_a_counter_from_the_day_before_can_only_be_ended(
    centre: Centre, clock: Clock, address: str, lang: str, n: int
) -> None:
    clock.now = MORNING + timedelta(hours=15)
    take(centre)
    only_finished = (
        "Số A001 là số của ngày hôm trước: lượt này chỉ kết thúc được, không giữ hay chuyển đi"
        " được.",
        "A001 is a number of the day before: this visit can only be finished, not kept or sent on.",
    )
    with signed_in(address, "hoa", 1) as hoa:
        hoa.headers["Accept-Language"] = lang
        press(hoa, "next")
        clock.forward(minutes=10)
        hoa.get("/api/board")
        press(hoa, "recall")
        clock.forward(minutes=10)
        for move in ("park", "transfer", "return"):
            refused = press(hoa, move, **CLERKS_MOVES[move])
            told = (refused.status_code, refused.json()["code"], refused.json()["message"])
            assert told == (409, "other_day", only_finished[n]), move
        assert press(hoa, "finish").json()["state"] == "finished"


@both
def test_a_citizen_reads_how_the_own_ticket_stands_and_what_to_do(
    standing: dict[str, str], hall: httpx.Client, lang: str, n: int
) -> None:
    hall.headers["Accept-Language"] = lang
    for move, states in CITIZENS_MOVES.items():
        for state in states:
            refused = hall.post(f"/api/tickets/{standing[state]}/{move}")
            assert message(refused) == TO_CITIZENS[state][n], (move, state)


@both
def test_a_clerk_and_a_citizen_read_each_their_own_of_an_unknown_service(
    centre: Centre, hoa: httpx.Client, hall: httpx.Client, lang: str, n: int
) -> None:
    take(centre)
    press(hoa, "next")
    hoa.headers["Accept-Language"] = hall.headers["Accept-Language"] = lang
    to_clerk = press(hoa, "transfer", service="ZZ")
    to_citizen = hall.post("/api/tickets", json={"service": "ZZ"})
    for answer, message in (
        (to_clerk, ("Không có dịch vụ ZZ.", "There is no service ZZ.")[n]),
        (
            to_citizen,
            (
                "Không có dịch vụ này. Mời Ông/Bà chọn lại.",
                "There is no such service. Please choose again.",
            )[n],
        ),
    ):
        assert answer.status_code == 404
        assert answer.json() == {"code": "unknown_service", "message": message}


@both
def test_an_office_that_takes_nothing_back_says_so_without_a_zero(
    centre: Centre, clock: Clock, lang: str, n: int
) -> None:
    strict = replace(centre, queue=QueueRules(late=timedelta(), undo=timedelta()))
    with served(strict) as address, signed_in(address, "hoa", 1) as hoa:
        hoa.headers["Accept-Language"] = lang
        take(centre, times=2)
        missed = press(hoa, "next").json()["id"]
        press(hoa, "no-show")
        clock.forward(seconds=1)
        to_clerk, undo = press(hoa, "return", ticket=missed), press(hoa, "undo")
        to_citizen = hoa.post(f"/api/tickets/{missed}/return")

    told = [answer.json()["message"] for answer in (to_clerk, to_citizen, undo)]
    assert (
        told
        == [
            [
                "Đơn vị không nhận lại số đã lỡ lượt gọi.",
                "Số đã lỡ lượt gọi không được nhận lại. Xin Ông/Bà lấy số mới.",
                "Đơn vị không cho hoàn tác thao tác.",
            ],
            [
                "This office does not take missed numbers back.",
                "A missed number is not taken back here. Please take a new number.",
                "This office does not let moves be taken back.",
            ],
        ][n]
    )
