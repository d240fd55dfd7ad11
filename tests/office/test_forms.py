"""Each form is queued by one call, says what it must, and draws."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.dossiers import Cause, Dossier, Postponement, Status
from kiosk.errors import Refused
from kiosk.office import jobs
from kiosk.office.calls import call_next, finish, no_show, start
from kiosk.office.clerks import add_clerk
from kiosk.office.dossiers import look_up
from kiosk.office.examples import KINDS, example
from kiosk.office.form_jobs import (
    is_overdue,
    queue_form,
    queue_refusal_at_counter,
    queue_summary,
)
from kiosk.office.forms import Apology, Form, Handover, Paper, Receipt, Refusal, Supplement
from kiosk.office.incoming import store_dossiers
from kiosk.office.sessions import sign_in, sign_out
from kiosk.office.tickets import take_ticket
from kiosk.paper import FormWords, TicketLook
from kiosk.store.dossiers import lists
from kiosk.texts import texts
from printer.raster import draw_slip
from printer.slips import draw
from tests.hall import MORNING, Clock, centre_at

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

CODE = "H57.132-260804-0583"
OWNER = "Nguyễn Thị Minh Hạnh"
DOSSIER = Dossier(
    code=CODE,
    status=Status.PROCESSING,
    procedure_name="Đăng ký khai sinh",
    procedure_code="1.001193",
    receiving_unit="Bộ phận tiếp nhận, Quầy 5",
    resolving_unit="Tư pháp – Hộ tịch",
    owner_name=OWNER,
    phone="0900000001",
    id_number="046099000123",
    fee=8000,
    fee_paid=True,
    received_at=MORNING - timedelta(days=5),
    due_at=MORNING + timedelta(days=7),
    new_due_at=datetime(2026, 12, 6, 17, tzinfo=UTC),
)
"""The new due date is 07/12/2026 without an hour: the office's midnight."""

PAPERS = (Paper("Tờ khai", originals=1), Paper("Giấy chứng sinh", certified=2, copies=1))
FORMS: dict[str, Form] = {
    "receipt": Receipt("Trần Quốc Bảo", "Lê Thị Hoa", PAPERS),
    "supplement": Supplement(PAPERS, ("Thiếu chữ ký.",), "Lê Thị Hoa", MORNING),
    "refusal": Refusal(("Không thuộc thẩm quyền.",), "Lê Thị Hoa", ("Nộp tại xã khác.",)),
    "apology": Apology(("Mưa lũ.",), "Phạm Văn Long", "12/PXL"),
    "handover": Handover("Trần Quốc Bảo", "Lê Thị Hoa", PAPERS),
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    made = centre_at(tmp_path / "kiosk.db", clock)
    store_dossiers(made, [DOSSIER], source="test")
    return made


def paper(centre: Centre, job: str) -> dict[str, object]:
    """What was queued; it draws on both papers."""
    with centre.database.read() as query:
        row = query.one("SELECT slip, data FROM print_job WHERE id = :id", id=job)
    assert row is not None
    data: dict[str, object] = json.loads(row["data"])
    for paper_mm in (58, 80):
        assert draw_slip(draw(row["slip"], data), paper_mm)
    return data


def facts(data: dict[str, object]) -> dict[str, str]:
    listed = data["facts"]
    assert isinstance(listed, list)
    return dict(listed)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", FORMS)
def test_each_form_is_queued_and_draws(centre: Centre, kind: str, language: str) -> None:
    job = queue_form(centre, CODE, FORMS[kind], actor="clerk:hoa", language=language)
    data = paper(centre, job)

    queued = jobs.next_job(centre)
    assert queued is not None
    assert (queued.id, queued.slip) == (job, kind)
    assert data["code"] == CODE
    assert data["office"] == centre.name
    assert str(data["title"]).isupper()


@pytest.mark.parametrize(
    ("now", "vi", "en"),
    [
        ("2026-11-23T17:30:00Z", "Ngày 24 tháng 11 năm 2026", "Issued on 24/11/2026"),
        ("2027-02-03T02:00:00Z", "Ngày 03 tháng 02 năm 2027", "Issued on 03/02/2027"),
        ("2027-03-04T02:00:00Z", "Ngày 04 tháng 3 năm 2027", "Issued on 04/03/2027"),
    ],
)
@pytest.mark.parametrize("kind", ["supplement", "refusal", "apology"])
def test_what_can_be_complained_of_bears_the_day_on_which_it_was_issued(
    centre: Centre, clock: Clock, kind: str, now: str, vi: str, en: str
) -> None:
    clock.now = datetime.fromisoformat(now)
    form = FORMS[kind]
    if isinstance(form, Supplement):
        form = replace(form, until=None)
    for language, told in (("vi", vi), ("en", en)):
        job = queue_form(centre, CODE, form, actor="clerk:hoa", language=language)
        assert paper(centre, job)["dated"] == told


def test_the_receipt_says_what_was_taken_and_when_the_result_is_due(centre: Centre) -> None:
    data = paper(centre, queue_form(centre, CODE, FORMS["receipt"], actor="clerk:hoa"))

    assert facts(data) == {
        "Chủ hồ sơ": OWNER,
        "Người nộp": "Trần Quốc Bảo",
        "Nội dung": "Đăng ký khai sinh (1.001193)",
        "Nơi tiếp nhận": "Bộ phận tiếp nhận, Quầy 5",
        "Nơi giải quyết": "Tư pháp – Hộ tịch",
        "Số lượng": "1 bộ",
        "Nhận hồ sơ": "08:42 ngày 18/11/2026",
        "Lệ phí": "8.000 đ (đã nộp)",
        "Trả kết quả tại": "Quầy 3",
    }
    assert data["papers"] == [
        ["Tờ khai", "1 bản chính"],
        ["Giấy chứng sinh", "2 bản chứng thực\N{NO-BREAK SPACE}· 1 bản sao"],
    ]
    assert data["due"] == ["Hẹn trả kết quả", "Thứ Hai 07/12/2026"], "the date that was said last"
    assert data["dated"] == "Ngày 23 tháng 11 năm 2026"


def test_an_apology_stands_beside_the_new_date_that_it_is_about(
    centre: Centre, clock: Clock
) -> None:
    first = replace(DOSSIER, new_due_at=None)
    store_dossiers(centre, [first], source="test")
    new = MORNING + timedelta(days=9)
    store_dossiers(centre, [replace(first, new_due_at=new)], source="test")
    told = clock()
    clock.forward(minutes=5)
    for number in ("", "12/PXL"):
        form = Apology(("nhiều hồ sơ", "thiếu người"), "Trang", number)
        queue_form(centre, CODE, form, actor="clerk:hoa")
    with centre.database.read() as query:
        known = lists(query, centre.code, CODE)["postponements"]
    assert known == (
        Postponement(
            told, DOSSIER.due_at, new, Cause.APOLOGY, "nhiều hồ sơ; thiếu người", "Trang", "12/PXL"
        ),
    )


def test_a_receipt_bears_the_date_of_the_store_or_the_one_that_the_clerk_gives(
    centre: Centre,
) -> None:
    bare = replace(DOSSIER, due_at=None, new_due_at=None, address="12 Lê Lợi")
    store_dossiers(centre, [bare], source="test")
    with pytest.raises(Refused, match="no_due_date"):
        queue_form(centre, CODE, FORMS["receipt"], actor="clerk:hoa")
    past = Receipt("Bảo", "Hoa", until=MORNING - timedelta(minutes=1))
    with pytest.raises(Refused, match="until_past"):
        queue_form(centre, CODE, past, actor="clerk:hoa")

    lawful = Receipt("Bảo", "Hoa", days=3)
    data = paper(centre, queue_form(centre, CODE, lawful, actor="clerk:hoa"))
    assert data["due"][1] == "08:42 Thứ Hai 23/11/2026", "the third working day after Wednesday"
    assert look_up(centre, CODE).due_at == MORNING
    store_dossiers(centre, [bare], source="test")

    today = Receipt("Bảo", "Hoa", until=datetime(2026, 11, 22, 17, tzinfo=UTC))
    data = paper(centre, queue_form(centre, CODE, today, actor="clerk:hoa"))
    assert data["due"] == ["Hẹn trả kết quả", "Thứ Hai 23/11/2026"], "all of today is to come"

    form = Receipt("Bảo", "Hoa", until=MORNING + timedelta(days=1), sets=2, days=10)
    here = replace(centre, form_place="Phường Trung Tâm")
    data = paper(centre, queue_form(here, CODE, form, actor="clerk:hoa"))
    assert data["due"] == ["Hẹn trả kết quả", "08:42 Thứ Ba 24/11/2026"]
    assert facts(data)["Số lượng"] == "2 bộ"
    assert facts(data)["Thời hạn"] == "10 ngày làm việc theo quy định"
    assert facts(data)["Địa chỉ"] == "12 Lê Lợi"
    assert data["dated"] == "Phường Trung Tâm, ngày\u00a023\u00a0tháng\u00a011\u00a0năm\u00a02026"


def test_a_receipt_whose_date_has_passed_is_remarked(centre: Centre, clock: Clock) -> None:
    store_dossiers(centre, [replace(DOSSIER, due_at=MORNING, new_due_at=None)], source="test")
    assert not is_overdue(centre, CODE)
    clock.forward(minutes=1)
    assert is_overdue(centre, CODE)
    day = replace(DOSSIER, due_at=datetime(2026, 11, 22, 17, tzinfo=UTC), new_due_at=None)
    store_dossiers(centre, [day], source="test")
    assert not is_overdue(centre, CODE), "all of the 23rd is in time"
    clock.forward(hours=16)
    assert is_overdue(centre, CODE)


@pytest.mark.parametrize(
    ("owner", "to", "sorry"),
    [
        ("Trường THCS Lê Lợi", "Kính gửi", "quý cơ quan, tổ chức"),
        ("CÔNG TY TNHH ABC", "Kính gửi", "quý cơ quan, tổ chức"),
        ("HTX Rau sạch", "Kính gửi", "quý cơ quan, tổ chức"),
        ("Sunrise Co., Ltd", "Kính gửi", "quý cơ quan, tổ chức"),
        ("Trường Thị Mai", "Kính gửi: Ông/Bà", "xin lỗi Ông/Bà"),
        (OWNER, "Kính gửi: Ông/Bà", "xin lỗi Ông/Bà"),
    ],
)
def test_an_apology_speaks_to_a_person_or_to_a_body(
    centre: Centre, owner: str, to: str, sorry: str
) -> None:
    store_dossiers(centre, [replace(DOSSIER, owner_name=owner)], source="test")
    data = paper(centre, queue_form(centre, CODE, FORMS["apology"], actor="clerk:hoa"))
    assert data["addressee"] == [to, owner]
    (line,) = data["lines"]
    assert sorry in line


def test_no_paper_bears_the_owners_number_or_telephone(centre: Centre) -> None:
    for form in FORMS.values():
        told = json.dumps(paper(centre, queue_form(centre, CODE, form, actor="clerk:hoa")))
        assert str(DOSSIER.id_number) not in told
        assert str(DOSSIER.phone) not in told


def test_the_receipt_gives_a_secret_of_six_digits_that_opens_the_look_up(centre: Centre) -> None:
    first = paper(centre, queue_form(centre, CODE, FORMS["receipt"], actor="clerk:hoa"))["secret"]
    again = paper(centre, queue_form(centre, CODE, FORMS["receipt"], actor="clerk:hoa"))["secret"]

    assert isinstance(first, list)
    assert len(first[1]) == 6
    assert first[1].isdigit()
    assert again == first
    assert look_up(centre, CODE, first[1]).full


def test_a_secret_that_the_software_gave_stays(centre: Centre) -> None:
    store_dossiers(centre, [replace(DOSSIER, secret="752316")], source="test")

    data = paper(centre, queue_form(centre, CODE, FORMS["receipt"], actor="clerk:hoa"))
    assert data["secret"] == ["Mã tra cứu", "752316"]


def test_a_date_without_an_hour_is_told_without_one(centre: Centre) -> None:
    data = paper(centre, queue_form(centre, CODE, FORMS["apology"], actor="clerk:hoa"))

    assert data["due"] == ["Hẹn trả kết quả mới", "Thứ Hai 07/12/2026"]
    assert data["number"] == "Số: 12/PXL"
    assert data["addressee"] == ["Kính gửi: Ông/Bà", OWNER]


def test_a_code_that_nobody_knows_is_refused_and_queues_nothing(centre: Centre) -> None:
    for form in FORMS.values():
        with pytest.raises(Refused, match="unknown_dossier"):
            queue_form(centre, "H57.132-260804-9999", form, actor="clerk:hoa")

    assert jobs.next_job(centre) is None


def test_papers_that_never_became_a_dossier_can_be_refused(centre: Centre) -> None:
    form = Refusal(("Không thuộc thẩm quyền.",), "Lê Thị Hoa", submitter="Trần Quốc Bảo")
    data = paper(centre, queue_refusal_at_counter(centre, "Tách thửa", form, actor="clerk:hoa"))

    assert data["code"] == ""
    assert facts(data) == {"Người nộp": "Trần Quốc Bảo", "Nội dung": "Tách thửa"}


def test_no_event_names_a_person(centre: Centre) -> None:
    for form in FORMS.values():
        queue_form(centre, CODE, form, actor="clerk:hoa")
    with centre.database.read() as query:
        rows = query.all("SELECT * FROM event WHERE kind = 'form.queued'")
    told = json.dumps([dict(row) for row in rows], ensure_ascii=False)

    assert len(rows) == len(FORMS)
    for name in (OWNER, "Trần Quốc Bảo", "Lê Thị Hoa", "Phạm Văn Long"):
        assert name not in told


def test_title_and_footer_are_the_offices_in_the_language_of_the_paper(centre: Centre) -> None:
    words = {"apology": FormWords({"vi": "PHIẾU XIN LỖI"}, {"vi": ("Một", "Hai"), "en": ("",)})}
    own = replace(centre, forms=words)
    vi, en = (
        paper(own, queue_form(own, CODE, FORMS["apology"], actor="clerk:hoa", language=language))
        for language in ("vi", "en")
    )

    assert (vi["title"], vi["footer"]) == ("PHIẾU XIN LỖI", ["Một", "Hai"])
    assert (en["title"], en["footer"]) == (texts("en").say("slip.apology.title"), [])


def test_the_summary_tells_the_counters_day_with_a_decimal_comma(
    centre: Centre, clock: Clock
) -> None:
    add_clerk(centre, "lan", "Trần Thị Lan", "246810")
    sign_in(centre, "lan", "246810", 1)
    for came in (True, True, False):
        take_ticket(centre, service="A", actor="test")
        clock.forward(minutes=4)
        call_next(centre, 1, clerk="lan")
        clock.forward(seconds=30)
        if came:
            start(centre, 1, clerk="lan")
            clock.forward(minutes=6, seconds=15)
            finish(centre, 1, clerk="lan")
        else:
            no_show(centre, 1, clerk="lan")
    day = clock().astimezone(centre.timezone).date()
    data = paper(centre, queue_summary(centre, 1, day, actor="operator"))

    assert data["totals"] == [
        ["Đã gọi", "3"],
        ["Đã phục vụ", "2"],
        ["Vắng mặt", "1"],
        ["Tỷ lệ phục vụ", "66,7\u00a0%"],
        ["Chờ trung bình", "4 phút"],
        ["Mỗi lượt", "6,2 phút"],
    ]
    assert data["services"] == [
        [
            "Chứng thực",
            [
                ["3", ""],
                ["2", "66,7\u00a0%"],
                ["1", "33,3\u00a0%"],
                ["4", "phút"],
                ["6,2", "phút"],
            ],
        ]
    ]
    assert facts(data)["Cán bộ"] == "Trần Thị Lan"
    assert data["signers"] == [["CÁN\u00a0BỘ TẠI QUẦY", "Trần Thị Lan"]]


def test_nobody_signs_for_a_day_that_two_clerks_worked(centre: Centre, clock: Clock) -> None:
    for login, name in (("lan", "Trần Thị Lan"), ("hoa", "Lê Thị Hoa")):
        add_clerk(centre, login, name, "246810")
        token = sign_in(centre, login, "246810", 1).token
        clock.forward(minutes=9)
        sign_out(centre, token)
    data = paper(centre, queue_summary(centre, 1, None, actor="operator"))

    assert facts(data)["Cán bộ"] == "Trần Thị Lan, Lê Thị Hoa"
    assert data["signers"] == [["CÁN\u00a0BỘ TẠI QUẦY", ""]]


def test_a_counter_that_called_nobody_has_a_summary_too(centre: Centre) -> None:
    day = MORNING.date()
    data = paper(centre, queue_summary(centre, 2, day, actor="operator", language="en"))

    assert data["services"] == []
    assert data["facts"] == []
    with pytest.raises(Refused, match="unknown_counter"):
        queue_summary(centre, 99, day, actor="operator")


def test_the_ticket_is_as_the_office_wants_it(centre: Centre) -> None:
    look = TicketLook({"vi": "Số của bạn"}, {"vi": ("Chào!",)}, ("number", "code"), letters=1.2)
    own = replace(centre, ticket=look)
    take_ticket(own, service="A", actor="test")
    take_ticket(own, service="A", actor="test", language="en")
    told = []
    while (job := jobs.next_job(own)) is not None:
        told.append(job.data or {})
        jobs.mark_sending(own, job.id)
    vi, en = told

    assert (vi["heading"], vi["farewell"]) == ("Số của bạn", ("Chào!",))
    assert en["heading"] == "Your number"
    assert (vi["order"], vi["letters"]) == (("number", "code"), 1.2)
    assert draw_slip(draw("ticket", vi), 80)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_a_slip_that_draws(centre: Centre, kind: str, language: str) -> None:
    slip, data = example(centre, kind, texts(language))

    assert draw_slip(draw(slip, json.loads(json.dumps(data))), 58)
    reprint = kind == "reprint"
    mark = "BẢN IN LẠI 1" if language == "vi" else "BẢN IN LẠI 1 · REPRINT 1"
    assert data.get("copy_mark") == (mark if reprint else None)


@pytest.mark.parametrize("kind", ["supplement", "refusal", "apology", "handover"])
def test_an_example_is_of_its_own_morning_whenever_it_is_looked_at(
    centre: Centre, clock: Clock, kind: str
) -> None:
    clock.forward(days=400)
    _, data = example(centre, kind, texts("vi"))
    told = facts(data)["Trả lúc"] if kind == "handover" else data["dated"]

    assert told in ("08:42 ngày 23/11/2026", "Ngày 23 tháng 11 năm 2026")
