"""Every "no" as a person reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import calls
from kiosk.texts import texts
from kiosk.tickets import TicketState
from kiosk.web.refusals import refuse
from tests.web.following import bring, serve_five

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock

TOLD = {
    TicketState.WAITING: ("số A009 đang chờ đến lượt", "A009 is waiting for its turn"),
    TicketState.CALLED: ("số A006 đang được gọi đến quầy", "A006 is being called to a counter"),
    TicketState.SERVING: (
        "số A006 đang được phục vụ tại quầy",
        "A006 is being served at a counter",
    ),
    TicketState.PARKED: ("quầy đang giữ số A006", "A006 is kept at a counter"),
    TicketState.FINISHED: ("số A006 đã được phục vụ xong", "A006 has been served already"),
    TicketState.NO_SHOW: ("số A006 đã lỡ lượt gọi", "A006 missed its call"),
    TicketState.CANCELLED: ("số A006 đã hủy", "A006 was cancelled"),
    TicketState.EXPIRED: ("số A006 đã hết hạn", "A006 has expired"),
}


@pytest.mark.parametrize("state", TicketState)
def test_who_moves_a_ticket_too_late_is_told_how_it_is(
    centre: Centre, clock: Clock, state: TicketState
) -> None:
    serve_five(centre, clock)
    moved = bring(centre, clock, state)
    with pytest.raises(Refused) as refused:
        calls.start(centre, 2, clerk="minh", ticket=moved)

    for lang, begin, told in zip(
        ("vi", "en"), ("Không làm được việc này", "This cannot be done"), TOLD[state], strict=True
    ):
        answer = refuse(refused.value, texts(lang))
        assert answer.status_code == 409
        assert json.loads(bytes(answer.body)) == {
            "code": "illegal_move",
            "message": f"{begin}: {told}.",
        }
