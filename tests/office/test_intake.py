"""Dossiers that are taken in here: their codes, their receipts, and what becomes of them."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel, Dossier, Fee, FeeStage, Status
from kiosk.errors import Refused
from kiosk.intake import MOVES, IntakeRules, Move, Pattern
from kiosk.office import calls, dossiers, intake, intake_view, jobs, tickets
from kiosk.office.forms import Paper
from kiosk.office.incoming import store_dossiers
from kiosk.office.intake import By, Wish, receive
from kiosk.office.intake_moves import Told, move
from kiosk.office.procedures import store_procedures
from kiosk.procedures import ChannelTerms, Procedure, RequiredDocument
from tests.hall import OFFICE, centre_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.office.centre import Centre
    from tests.hall import Clock

HOA = By("hoa", "Lê Thị Hoa", 1)
MINH = By("minh", "Trần Văn Minh", 2)
MARRIAGE = Procedure(
    code="1.004873",
    name="Cấp Giấy xác nhận tình trạng hôn nhân",
    field="Hộ tịch",
    agency="UBND phường Trung Tâm",
    channels=(
        ChannelTerms(
            Channel.IN_PERSON,
            "3 ngày làm việc",
            Term(Unit.WORKING_DAYS, 3),
            "15.000 đ",
            15_000,
        ),
        ChannelTerms(Channel.ONLINE, "2 ngày làm việc", Term(Unit.WORKING_DAYS, 2)),
    ),
    documents=(RequiredDocument("Tờ khai", 1), RequiredDocument("Căn cước", 0, 1)),
)
UNTOLD = Procedure(code="2.000635", name="Cấp bản sao trích lục hộ tịch")
WISH = Wish(
    procedure=MARRIAGE.code,
    owner="Nguyễn Thị Bích Ngọc",
    phone="0912 345 678",
    id_number="001190123456",
    address="Số 5 ngõ 12, phường Trung Tâm",
    papers=(Paper("Tờ khai", originals=1), Paper("Căn cước", copies=2)),
    fees=(Fee("Lệ phí", 15_000, FeeStage.RECEIPT, paid=True),),
)
CARD = (
    "001190123456|012345678|Nguyễn Thị Bích Ngọc|05021990|Nữ|Số 5 ngõ 12, phường Trung Tâm|15042021"
)
"""What a scanner reads from the card of that person."""
PRIVATE = ("Ngọc", "Bích", "0912345678", "001190123456", "ngõ 12")


def opened(centre: Centre) -> Centre:
    """The same office where dossiers are taken in, with two procedures."""
    rows = [(one, ("name", "field", "agency", "channels", "documents")) for one in
            (MARRIAGE, UNTOLD)]  # fmt: skip
    store_procedures(centre, rows, source="test")
    return replace(centre, intake=IntakeRules())


@pytest.fixture
def office(centre: Centre) -> Centre:
    return opened(centre)


def events_of(centre: Centre, kind: str) -> list[Mapping[str, Any]]:
    with centre.database.read() as query:
        return query.all(
            "SELECT * FROM event WHERE kind = :kind AND office = :office ORDER BY seq",
            kind=kind,
            office=centre.code,
        )


def slips(centre: Centre) -> list[tuple[str, Mapping[str, object]]]:
    """What the printer prints now, in order."""
    found = []
    while job := jobs.next_job(centre):
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "printed", evidence="ack")
        assert job.data is not None
        found.append((job.slip, job.data))
    return found


def test_a_dossier_gets_a_code_a_receipt_a_step_and_a_promise(office: Centre) -> None:
    done = receive(office, WISH, by=HOA)
    assert done.new
    known = done.dossier
    assert known.code == f"{OFFICE}-261123-0001"
    assert known.status is Status.ACCEPTED
    # Monday 08:42 and three working days: Thursday 08:42.
    assert known.due_at == datetime(2026, 11, 26, 1, 42, tzinfo=UTC)
    assert (known.fee, known.fee_paid) == (15_000, True)
    assert [(step.status, step.handler) for step in known.steps] == [
        (Status.ACCEPTED, "Lê Thị Hoa")
    ]
    assert known.secret is not None
    assert len(known.secret) >= 4
    assert known.secret.isdigit()
    ((kind, data),) = slips(office)
    assert kind == "receipt"
    told = json.dumps(data, ensure_ascii=False)
    for part in (known.code, known.secret, "Tờ khai", "15.000", "Thứ Năm", "Lê Thị Hoa"):
        assert part in told
    answer = dossiers.look_up(office, known.code, known.secret)
    assert answer.owner == "N. T. B. N***"
    (event,) = events_of(office, "dossier.received")
    assert (event["dossier"], event["clerk"], event["counter"]) == (known.code, "hoa", 1)


def test_no_event_names_a_person(office: Centre) -> None:
    code = receive(office, replace(WISH, submitter="Trần Văn Ngọc"), by=HOA).dossier.code
    move(office, code, Move.BEGIN, by=HOA, version=None)
    intake_view.read(office, code, by=MINH)
    intake_view.find(office, "bich ngoc")
    move(office, code, Move.FINISH, by=HOA, version=None)
    move(office, code, Move.HAND_OVER, Told(taker="Trần Văn Ngọc"), by=HOA, version=None)
    with office.database.read() as query:
        told = " ".join(str(dict(row)) for row in query.all("SELECT * FROM event"))
    assert not any(part in told for part in PRIVATE)


def test_numbers_follow_each_other_and_begin_anew_each_day(office: Centre, clock: Clock) -> None:
    codes = [receive(office, replace(WISH, request_id=f"r{n}"), by=HOA).dossier.code for n in
             range(3)]  # fmt: skip
    clock.forward(days=1)
    codes.append(receive(office, replace(WISH, request_id="r3"), by=MINH).dossier.code)
    assert [code.rpartition("-")[2] for code in codes] == ["0001", "0002", "0003", "0001"]
    yearly = replace(office, intake=IntakeRules(Pattern("HS{yyyy}/{n:05}"), 101))
    codes = [receive(yearly, replace(WISH, request_id=f"y{n}"), by=HOA).dossier.code for n in
             range(2)]  # fmt: skip
    assert codes == ["HS2026/00101", "HS2026/00102"]


def test_a_code_that_other_software_gave_is_passed_over(office: Centre) -> None:
    store_dossiers(office, [Dossier(f"{OFFICE}-261123-0001", Status.PROCESSING)], source="t")
    assert receive(office, WISH, by=HOA).dossier.code.endswith("-0002")


def test_the_same_request_is_taken_in_once(office: Centre) -> None:
    wish = replace(WISH, request_id="press-1")
    first = receive(office, wish, by=HOA)
    again = receive(office, wish, by=HOA)
    assert (again.new, again.dossier, again.job) == (False, first.dossier, first.job)
    assert len(slips(office)) == 1
    with pytest.raises(Refused, match="intake_differs"):
        receive(office, replace(wish, owner="Lê Văn Tám"), by=HOA)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"owner": "  "}, "owner_needed"),
        ({"phone": "12a"}, "phone_digits"),
        ({"id_number": "12345678"}, "bad_id_number"),
        ({"procedure": "9.999999"}, "no_such_procedure"),
        ({"procedure": UNTOLD.code}, "due_needed"),
        ({"due_at": datetime(2026, 11, 20, tzinfo=UTC)}, "due_past"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_and_uses_no_number(
    office: Centre, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        receive(office, replace(WISH, **change), by=HOA)
    assert receive(office, WISH, by=HOA).dossier.code.endswith("-0001")


def test_who_is_at_the_counter_gets_the_dossier_on_the_ticket(office: Centre) -> None:
    tickets.take_ticket(office, service="A", actor="test")
    ticket = calls.call_next(office, 1, clerk="hoa")
    assert ticket is not None
    code = receive(office, replace(WISH, ticket=ticket.id), by=HOA).dossier.code
    assert tickets.follow(office, ticket.id).ticket.dossier == code
    calls.finish(office, 1, clerk="hoa")
    later = replace(WISH, ticket=ticket.id, request_id="later")
    receive(office, later, by=HOA)
    assert tickets.follow(office, ticket.id).ticket.dossier == code


def test_an_office_with_other_software_takes_nothing_in(centre: Centre) -> None:
    for ask in (
        lambda: receive(centre, WISH, by=HOA),
        lambda: move(centre, "X-1", Move.BEGIN, by=HOA, version=None),
        lambda: intake_view.find(centre),
        lambda: intake_view.read(centre, "X-1", by=HOA),
        lambda: intake.print_again(centre, "X-1", by=HOA),
    ):
        with pytest.raises(Refused, match="no_such_page"):
            ask()


def test_a_counter_that_takes_nothing_in_says_so(office: Centre) -> None:
    only = replace(office, intake=IntakeRules(counters=frozenset({2})))
    with pytest.raises(Refused, match="intake_elsewhere"):
        receive(only, WISH, by=HOA)
    assert receive(only, WISH, by=MINH).new


def test_a_whole_way_with_papers_payment_and_the_result(office: Centre, clock: Clock) -> None:
    known = receive(office, WISH, by=HOA).dossier
    code, due_at = known.code, known.due_at
    assert due_at is not None
    move(office, code, Move.BEGIN, Told("Thẩm tra", handler="Đỗ Quang Huy"), by=HOA, version=None)
    clock.forward(hours=1)
    until = clock.now + timedelta(days=5)
    asked = Told("Tờ khai chưa ký", (Paper("Tờ khai", originals=1),), until)
    move(office, code, Move.ASK_PAPERS, asked, by=HOA, version=None)
    with pytest.raises(Refused, match="dossier_move"):
        move(office, code, Move.FINISH, by=HOA, version=None)
    clock.forward(days=2)
    move(office, code, Move.TAKE_PAPERS, by=MINH, version=None)
    # Two working days in which the term stood still put the promise off.
    assert dossiers.look_up(office, code).promised_at == due_at + timedelta(days=4)
    fee = Told(fee=Fee("Phí thẩm định", 20_000))
    move(office, code, Move.ASK_PAYMENT, fee, by=HOA, version=None)
    known = move(office, code, Move.TAKE_PAYMENT, by=HOA, version=None)
    assert (known.fee, known.fee_paid) == (35_000, True)
    move(office, code, Move.FINISH, by=HOA, version=None)
    result = Told(papers=(Paper("Giấy xác nhận", originals=1),), taker="Nguyễn Thị Bích Ngọc")
    known = move(office, code, Move.HAND_OVER, result, by=MINH, version=None)
    assert [int(step.status) for step in known.steps] == [2, 4, 5, 4, 6, 4, 9, 10]
    assert known.steps[1].handler == "Đỗ Quang Huy"
    assert known.steps[1].due_at == due_at
    assert known.returned_at == clock.now
    assert [kind for kind, _ in slips(office)] == ["receipt", "supplement", "handover"]
    assert intake_view.find(office).lines == ()
    assert intake_view.find(office, "ngoc").total == 1


def test_two_clerks_at_once_move_it_once(office: Centre) -> None:
    code = receive(office, WISH, by=HOA).dossier.code
    seen = intake_view.read(office, code, by=HOA).version
    move(office, code, Move.BEGIN, by=MINH, version=seen)
    with pytest.raises(Refused) as told:
        move(office, code, Move.WITHDRAW, by=HOA, version=seen)
    assert (told.value.code, told.value.facts["status"]) == ("dossier_moved", Status.PROCESSING)
    assert dossiers.look_up(office, code).status is Status.PROCESSING


@pytest.mark.parametrize(
    ("wanted", "told", "code"),
    [
        (Move.REFUSE, Told(), "why_needed"),
        (Move.POSTPONE, Told("Chờ xác minh"), "due_needed"),
        (Move.POSTPONE, Told("Chờ", until=datetime(2026, 11, 1, tzinfo=UTC)), "due_past"),
    ],
)
def test_a_move_that_lacks_something_is_refused(
    office: Centre, wanted: Move, told: Told, code: str
) -> None:
    dossier = receive(office, WISH, by=HOA).dossier.code
    with pytest.raises(Refused, match=code):
        move(office, dossier, wanted, told, by=HOA, version=None)


def test_the_result_goes_to_nobody_with_another_secret_nor_before_fees_are_paid(
    office: Centre,
) -> None:
    wish = replace(WISH, fees=(Fee("Lệ phí", 15_000, FeeStage.RETURN),))
    known = receive(office, wish, by=HOA).dossier
    assert known.secret is not None
    for one in (Move.BEGIN, Move.FINISH):
        move(office, known.code, one, by=HOA, version=None)

    def hand_over(**more: Any) -> Dossier:
        told = Told(taker="Trần Văn Ngọc", authority="Giấy ủy quyền 12/2026", **more)
        return move(office, known.code, Move.HAND_OVER, told, by=HOA, version=None)

    wrong = f"{(int(known.secret) + 1) % 10**6:06}"
    with pytest.raises(Refused, match="receipt_mismatch"):
        hand_over(secret=wrong, paid=True)
    with pytest.raises(Refused, match="fees_unpaid"):
        hand_over(secret=known.secret)
    assert hand_over(secret=known.secret, paid=True).fee_paid
    (event,) = events_of(office, "dossier.handed_over")
    details = json.loads(event["details"])
    assert (details["authorised"], details["proved"]) == (True, True)
    read = intake_view.read(office, known.code, by=MINH)
    assert (read.taker, read.taken_with) == ("Trần Văn Ngọc", "Giấy ủy quyền 12/2026")


def test_a_postponement_is_an_apology_with_a_new_date(office: Centre, clock: Clock) -> None:
    code = receive(office, WISH, by=HOA).dossier.code
    until = clock.now + timedelta(days=7)
    told = Told("Chờ cơ quan khác trả lời", until=until, signer="Ngô Văn Tài", number="12/PXL")
    known = move(office, code, Move.POSTPONE, told, by=HOA, version=None)
    assert (known.status, known.new_due_at) == (Status.ACCEPTED, until)
    assert dossiers.look_up(office, code).promised_at == until
    assert [kind for kind, _ in slips(office)] == ["receipt", "apology"]


def test_the_receipt_is_printed_again_with_its_mark(office: Centre) -> None:
    code = receive(office, WISH, by=HOA).dossier.code
    with pytest.raises(Refused, match="job_waiting"):
        intake.print_again(office, code, by=MINH)
    slips(office)
    for n in (1, 2):
        intake.print_again(office, code, by=MINH)
        ((kind, data),) = slips(office)
        assert kind == "receipt"
        assert f"BẢN IN LẠI {n}" in str(data["copy_mark"])
        assert "Căn cước" in str(data["papers"])


def test_the_list_tells_what_is_late_and_due_today(office: Centre, clock: Clock) -> None:
    for n, days in enumerate((0, 1, 9)):
        due_at = clock.now + timedelta(days=days, hours=2)
        receive(office, replace(WISH, request_id=f"r{n}", due_at=due_at), by=HOA)
    clock.forward(days=1)
    told = intake_view.find(office)
    assert told.tallies == {"total": 3, "late": 1, "today": 1, "ready": 0}
    assert [line.timing for line in told.lines] == ["late", "today", ""]
    assert [line.code[-1] for line in intake_view.find(office, only="late").lines] == ["1"]
    assert [line.code[-1] for line in intake_view.find(office, only="today").lines] == ["2"]


@pytest.mark.parametrize("text", ["0001", "h15.50.05-261123-0001", "678", "NGỌC", "bich ngoc"])
def test_a_dossier_is_found_by_what_people_say(office: Centre, text: str) -> None:
    receive(office, WISH, by=HOA)
    assert intake_view.find(office, text).total == 1


@pytest.mark.parametrize("text", ["0002", "679", "lan", "%", "_", "'; --", "gh"])
def test_nobody_else_is_found(office: Centre, text: str) -> None:
    receive(office, WISH, by=HOA)
    assert intake_view.find(office, text).total == 0


def test_an_import_leaves_alone_what_was_taken_in_here(office: Centre) -> None:
    known = receive(office, WISH, by=HOA).dossier
    theirs = Dossier(known.code, Status.RETURNED, owner_name="Ai đó")
    other = Dossier("H15.50.05-261123-9999", Status.PROCESSING)
    stored = store_dossiers(office, [theirs, other], source="t", given=None)
    assert (stored.stored, stored.own) == (1, 1)
    with office.database.read() as query:
        assert intake.whole(office, query, known.code) == known


def test_clerks_at_once_get_every_number_once(store_url: str, clock: Clock) -> None:
    offices = [opened(centre_of(store_url, clock)) for _ in range(4)]

    def work(n: int) -> list[str]:
        wishes = [replace(WISH, request_id=f"{n}-{k}") for k in range(10)]
        return [receive(offices[n], wish, by=By(f"c{n}", f"C {n}")).dossier.code for wish in wishes]

    with ThreadPoolExecutor(4) as pool:
        codes = [code for found in pool.map(work, range(4)) for code in found]
    assert sorted(codes) == [f"{OFFICE}-261123-{n:04}" for n in range(1, 41)]
    for one in offices:
        one.database.close()


def test_processes_at_once_and_one_that_is_killed_lose_and_double_nothing(store_url: str) -> None:
    command = [sys.executable, "-m", "tests.office.intake_worker", store_url]
    centre = opened(centre_of(store_url))
    crew = [
        subprocess.Popen([*command, name, "12"], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two", "three")
    ]
    doomed = crew[0]
    assert doomed.stdout is not None
    told = [doomed.stdout.readline().strip() for _ in range(4)]
    doomed.kill()
    for process in crew:
        rest, _ = process.communicate(timeout=60)
        told += [line for line in rest.split("\n") if line.startswith(OFFICE)]
    with centre.database.read() as query:
        rows = query.all("SELECT code FROM intake ORDER BY code")
        receipts = query.all("SELECT id FROM print_job WHERE slip = 'receipt'")
    kept = [row["code"] for row in rows]
    # What was told is kept, each once, and no number between them is lacking.
    assert len(told) == len(set(told))
    assert set(told) <= set(kept)
    assert kept == [f"{OFFICE}-261123-{n:04}" for n in range(1, len(kept) + 1)]
    assert len(receipts) == len(kept) >= 28
    centre.database.close()


def test_every_status_that_waits_for_a_clerk_has_a_way_out() -> None:
    for status in (2, 4, 5, 6, 9):
        assert any(Status(status) in begins and to for begins, to in MOVES.values())


@pytest.mark.parametrize(
    "text", ["{}", "]C1{}", "https://motcua.example.vn/tra-cuu?code={}", "{}\r\n"]
)
def test_a_scanned_receipt_finds_its_dossier(office: Centre, text: str) -> None:
    code = receive(office, WISH, by=HOA).dossier.code
    assert [line.code for line in intake_view.find(office, text.format(code)).lines] == [code]
