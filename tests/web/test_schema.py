"""The whole description by everybody: no bug, no answer that it does not tell of, and nothing done
by those whose call it is not."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from requests import Session

from kiosk.appointments import AppointmentState
from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel, Dossier, Status
from kiosk.errors import Refused
from kiosk.intake import IntakeRules
from kiosk.office import (
    alarms,
    appointments,
    calls,
    clerks,
    enrolments,
    incoming,
    intake,
    intake_view,
    jobs,
    procedures,
    tickets,
)
from kiosk.office.hall import read_counter, read_jobs
from kiosk.procedures import ChannelTerms, Procedure
from kiosk.rights import StaffRole
from kiosk.tickets import Outcome, Reason
from kiosk.web.answers import BoardAnswer
from kiosk.web.app import create_app
from kiosk.web.rating_answers import DisplayAnswer
from tests.hall import centre_at, centre_of
from tests.profile import LONG, chosen
from tests.web.asking import STREAM, Call, ask, calls_of, filled
from tests.web.serving import PIN, served
from tests.web.test_rights import ALL, AT_COUNTER, KEYS, MAY, TURNED_AWAY, bearer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from schemathesis import Case, Response

    from kiosk.office.centre import Centre
    from tests.hall import Clock

SEED: Final = 20261123
EACH: Final = chosen(3, 200)
"""Requests of either kind, right and wrong, for each call."""
AT_THE_DOOR: Final = 3
"""How many of them are asked by those whose call it is not."""
TRIED: Final = 12
"""How many PINs are tried: more are refused for a minute, and with them the right one."""

WHO: Final = sorted(ALL | KEYS)
ON_A_SERVER: Final = ("key tickets", *(("supervisor", "clerk", "reception") if LONG else ()))
"""Who asks a store of PostgreSQL too."""
COUNTERS: Final = {"clerk": 1, "supervisor": 2, "locked": 3}
PROCEDURE: Final = "1.000894"
KINDS: Final = ("call", "pause", "priority")
CODE: Final = "H15.50.05-261123-0001"

STREAMS: Final = {"/api/changes": BoardAnswer, "/api/counters/{n}/display": DisplayAnswer}
SIGN_IN: Final = ("POST", "/api/session")
SIGN_OUT: Final = ("DELETE", "/api/session")
RESUME: Final = ("POST", "/api/session/resume")
LAST: Final = (("POST", "/api/session/stay"), SIGN_IN, RESUME, SIGN_OUT)
"""What makes or ends a session is asked when all else has been."""
IN_TESTS_OF_THEIR_OWN: Final = {
    ("GET", "/api/settings"),
    ("POST", "/api/settings"),
    ("POST", "/api/counters/{n}/rating"),
}
"""What asks for a file, or for a visit that has just ended."""
WITH_A_PIN: Final = {"here", "device"}
"""Who may sign in or go on with one; all others come from a device that nobody enrolled."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """What all of them ask."""
    centre = centre_at(tmp_path_factory.mktemp("described") / "kiosk.db")
    made = calls_of(create_app(centre).openapi(), EACH)
    centre.database.close()
    return sorted(made, key=lambda call: LAST.index(call.key) if call.key in LAST else -1)


@pytest.fixture(params=["sqlite"])
def centre(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    """An office with lists of its own, all its staff, and a dossier."""
    if request.param == "sqlite":
        made = centre_at(tmp_path / "kiosk.db", clock)
    else:
        made = centre_of(request.getfixturevalue("postgres_url"), clock)
    for login in (*StaffRole, "locked"):
        role = StaffRole.CLERK if login == "locked" else StaffRole(login)
        clerks.add_clerk(made, login, f"Cán bộ {login}", PIN, role)
    dossier = Dossier(
        code=CODE,
        status=Status.PROCESSING,
        procedure_name="Chứng thực bản sao từ bản chính",
        owner_name="Nguyễn Văn An",
        secret="K7Q2",
        received_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
    )
    incoming.store_dossiers(made, [dossier], source="test")
    term = ChannelTerms(Channel.IN_PERSON, "trong ngày", Term(Unit.SAME_DAY))
    posted = Procedure(PROCEDURE, "Đăng ký kết hôn", "Hộ tịch", channels=(term,))
    procedures.store_procedures(made, [(posted, ("channels",))], source="test")
    yield replace(
        made,
        intake=IntakeRules(),
        reasons=tuple(Reason(f"{kind}-1", {"vi": "Lý do", "en": "Reason"}, kind) for kind in KINDS),
        outcomes={"signed": Outcome("signed", {"vi": "Đã ký", "en": "Signed"})},
    )
    made.database.close()


class Asker:
    """One of those who ask, with the cookie, token or key that they have."""

    def __init__(self, centre: Centre, clock: Clock, address: str, who: str) -> None:
        self.who = who
        self.counter = COUNTERS.get(who)
        self._centre, self._clock, self._address = centre, clock, address
        self._session = Session()
        self._session.trust_env = False
        self._cookies: dict[str, str] = {}
        self._enter()

    def _enter(self) -> None:
        with bearer(
            self._centre, self._address, self.who, self.counter, secrets.token_hex(4)
        ) as client:
            self._cookies = dict(client.cookies)
            for name in ("Authorization", "X-CSRF-Token", "X-Forwarded-For"):
                if name in client.headers:
                    self._session.headers[name] = client.headers[name]
        if self.who == "locked":
            self._clock.forward(minutes=16)

    def ask(self, call: Call, case: Case) -> tuple[Response, list[str]]:
        """Signs in again when the session came to its end by what was asked, as it may."""
        self._session.cookies.clear()
        self._session.cookies.update(self._cookies)
        answer, faults = ask(case, self._address, self._session)
        ended = call.key == SIGN_IN and answer.status_code == 200
        if self.who in MAY[call.key] and call.key != SIGN_OUT:
            ended |= code_of(answer) == "not_signed_in"
        if ended:
            self._enter()
        return answer, faults

    def close(self) -> None:
        self._session.close()


def enliven(centre: Centre, asker: Asker) -> None:
    """People wait and one has an appointment, slips are in doubt; at the counter one was kept, one
    missed, and its clerk asks for help."""
    for code in ("A", "B", "A"):
        tickets.take_ticket(centre, service=code, actor="test")
    soon = centre.clock() + timedelta(minutes=30)
    appointments.book(centre, service="A", at=soon, actor="test")
    while job := jobs.next_job(centre):
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "unknown", reason="silent")
    # What is done in the name of a locked page would unlock it.
    if asker.counter and asker.who in AT_COUNTER:
        alarms.raise_alarm(centre, asker.counter, clerk=asker.who)
        for move in (calls.park, calls.no_show):
            with suppress(Refused):
                call_somebody(centre, asker)
                move(centre, asker.counter, clerk=asker.who)


def call_somebody(centre: Centre, asker: Asker) -> None:
    """Refused while the counter is closed, pauses or has no clerk."""
    assert asker.counter
    if read_counter(centre, asker.counter).current is None:
        tickets.take_ticket(centre, service="A", actor="test")
        calls.call_next(centre, asker.counter, clerk=asker.who)


def make_ready(centre: Centre, call: Call, asker: Asker) -> None:
    """For a move at a counter somebody is there; nobody before it pauses."""
    if asker.who not in AT_COUNTER or not call.key[1].startswith("/api/counters/"):
        return
    assert asker.counter
    with suppress(Refused):
        if call.key[1].endswith("/pause"):
            calls.finish(centre, asker.counter, clerk=asker.who)
        else:
            call_somebody(centre, asker)


def taken_in(centre: Centre) -> dict[str, Sequence[Any]]:
    """What a dossier that has just been taken in, its receipt printed, is known by."""
    wish = intake.Wish(PROCEDURE, "Nguyễn Văn An")
    taken = intake.receive(centre, wish, by=intake.By("clerk", "Cán bộ", None))
    with centre.database.write() as query:
        query.run("UPDATE print_job SET state = 'printed' WHERE id = :id", id=taken.job)
        record = intake_view.record(centre, query, taken.dossier.code)
    return {"code": [taken.dossier.code], "version": [record.version], "move": ["begin"]}


def known(centre: Centre, call: Call, asker: Asker) -> dict[str, Sequence[Any]]:
    """What stands in the store now, by the names of the fields that take it."""
    view = read_counter(centre, asker.counter or 1)
    here = [view.current.id if view.current else None]
    kept = [ticket.id for ticket in (*view.parked, *view.missed)]
    hall = read_counter(centre, 1).waiting
    booked = [
        one.code
        for one in appointments.read_appointments(centre)
        if one.state is AppointmentState.BOOKED
    ]
    found: dict[str, Sequence[Any]] = {
        "at": [(centre.clock() + timedelta(hours=2)).isoformat()],
        "before": [5, 2**53],
        "clerk": ["clerk", "supervisor"],
        "code": booked,
        "counter": [3],
        "day": [str(centre.clock().date())],
        "dossier": [CODE],
        "job_id": [job.id for job in read_jobs(centre) if job.state == "unknown"],
        "n": [asker.counter or 1],
        "number": [ticket.number for ticket in hall],
        "outcome": ["signed"],
        "pin": [PIN],
        "present": here,
        "priority": ["NCT"],
        "reason": [f"{kind}-1" for kind in KINDS],
        "secret": ["K7Q2"],
        "service": list(centre.services),
        "services": [["A"], ["B", "F"]],
        "ticket": here,
        "ticket_id": [ticket.id for ticket in hall],
    }
    match call.key[1].split("/")[2:]:
        case ["appointments"]:
            found["code"] = [None]
        case ["counters", _, ("call" | "pause") as move]:
            found["reason"] = [f"{move}-1"]
        case ["counters", _, "park"]:
            found["reason"] = ["supplement", ""]
        case ["counters", _, "resume"]:
            found["ticket"] = kept
        case ["counters", _, "return"]:
            found["ticket"] = [*here, *kept]
        case ["device"]:
            found["code"] = [enrolments.add_device(centre, secrets.token_hex(4))]
        case ["dossiers", _]:
            found["code"] = [CODE]
        case ["procedures", _] | ["intake", "procedure"]:
            found["code"] = [PROCEDURE]
        case ["intake", _]:
            found |= {**taken_in(centre), "secret": [""]}
        case ["intake"]:
            wanted = secrets.token_hex(6)
            found |= {"procedure": [PROCEDURE], "ticket": [None], "request_id": [wanted]}
        case ["hall", "counters", _, "close"]:
            found["n"] = [3]
        case ["hall", "priority"]:
            found["reason"] = ["priority-1"]
        case ["hall", "services", _, _]:
            found["code"] = ["D"]
        case ["session"]:
            found |= {"clerk": ["technician"], "counter": [None]}
        case ["tickets"]:
            found |= {"reason": ["priority-1"], "request_id": [None]}
            found |= {"service": ["A"], "services": [["A"], ["A", "F"]]}
    return {name: values for name, values in found.items() if values}


def asked_by(asker: Asker, call: Call) -> Sequence[Case]:
    """All of it by those who may; little by those who are turned away."""
    if call.key in LAST:
        most = TRIED
    else:
        most = len(call.asked) if asker.who in MAY[call.key] else AT_THE_DOOR
    return call.asked[:: max(1, len(call.asked) // most)]


@pytest.mark.parametrize(
    ("who", "centre"),
    [*((who, "sqlite") for who in WHO), *((who, "postgres") for who in ON_A_SERVER)],
    indirect=["centre"],
)
def test_all_answers_are_described_and_nobody_does_what_is_not_theirs(
    centre: Centre, clock: Clock, described: list[Call], who: str
) -> None:
    chance = random.Random(f"{SEED} {who}")
    wrong: list[str] = []
    done: Counter[tuple[str, str]] = Counter()
    with served(centre) as address, closing(Asker(centre, clock, address, who)) as asker:
        enliven(centre, asker)
        for call in described:
            may = who in MAY[call.key]
            if may:
                enliven(centre, asker)
            for n, case in enumerate(asked_by(asker, call)):
                if may:
                    make_ready(centre, call, asker)
                # The first is right in all; wrong PINs for a right login would slow it down.
                share = 1.0 if n == 0 else 0.0 if call.key in LAST else 0.5
                asked = filled(case, known(centre, call, asker), chance, share)
                before = last_event(centre)
                answer, faults = asker.ask(call, asked)
                wrong += faults
                done[call.key] += answer.status_code < 300
                if not may:
                    wrong += let_in(centre, call, answer, before)
    assert wrong == []
    theirs = {call.key for call in described if who in MAY[call.key]}
    theirs -= IN_TESTS_OF_THEIR_OWN
    if who not in WITH_A_PIN:
        theirs -= {SIGN_IN, RESUME}
    assert sorted(theirs - set(+done)) == []


def let_in(centre: Centre, call: Call, answer: Response, before: int) -> list[str]:
    """In what somebody got further than the door."""
    code, told = code_of(answer), f"{call.key}: {answer.status_code} {answer.text}"
    # A move at a counter asks who it is when it is made, so its body is read before; one that is
    # longer than any may be is refused whoever sends it.
    unread = code == "malformed" and call.key[1].startswith("/api/counters/")
    unread = unread or code == "too_large"
    if not unread and (answer.status_code not in (401, 403) or code not in TURNED_AWAY):
        return [told]
    return [f"{told}, and yet it was done"] if last_event(centre) != before else []


def code_of(answer: Response) -> object:
    if answer.headers.get("content-type") != ["application/json"]:
        return None
    told = answer.json()
    return told.get("code") if isinstance(told, dict) else None


def last_event(centre: Centre) -> int:
    with centre.database.read() as query:
        row = query.one("SELECT max(seq) AS seq FROM event")
    assert row
    return int(row["seq"])


@pytest.mark.parametrize("path", STREAMS)
@pytest.mark.parametrize("who", WHO)
def test_a_stream_begins_with_the_state_or_is_refused(
    centre: Centre, clock: Clock, who: str, path: str
) -> None:
    with (
        served(centre) as address,
        bearer(centre, address, who, COUNTERS.get(who)) as client,
        client.stream("GET", path.replace("{n}", "1")) as answer,
    ):
        if who not in MAY["GET", path]:
            answer.read()
            assert answer.status_code in (401, 403)
            assert answer.json()["code"] in TURNED_AWAY
            return
        assert answer.headers["content-type"].startswith(STREAM)
        data = next(line for line in answer.iter_lines() if line.startswith("data: "))
        STREAMS[path].model_validate_json(data.removeprefix("data: "))
