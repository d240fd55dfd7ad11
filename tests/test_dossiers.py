from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.calendar import Calendar
from kiosk.deadlines import Counting, Pause, WorkingTime
from kiosk.dossier_answers import (
    Outlook,
    Timeliness,
    answer,
    known_steps,
    outlook,
    pauses,
    promise,
    timeliness,
)
from kiosk.dossiers import (
    Cause,
    Dossier,
    Fee,
    Postponement,
    ReportGroup,
    Status,
    Step,
    SupplementRequest,
    is_code,
    is_free_code,
    mask_name,
    normalise_code,
    opens,
)
from kiosk.texts import languages, texts

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WORK = WorkingTime(Calendar(holidays="VN"), HANOI)
NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
TODAY = datetime(2026, 11, 23, tzinfo=HANOI)
DOSSIER = Dossier(
    code="H15.50.05-261118-0007",
    status=Status.PROCESSING,
    procedure_name="Cấp bản sao trích lục hộ tịch",
    resolving_unit="Tư pháp – Hộ tịch",
    receiving_unit="Quầy 5",
    handler="Trần Thị Bình",
    owner_name="Nguyễn Văn An",
    phone="0900 000 123",
    id_number="001090123456",
    secret="4K7Q",
    fee=8000,
    received_at=datetime(2026, 11, 18, 8, tzinfo=HANOI),
    due_at=TODAY,
)

SEEN_CODES = (
    "000.00.06.H56-231027-0361",
    "000.17.22.H56-210531-0001",
    "H56.14-240823-0001",
    "000.00.19.H47-260105-0001",
    "H57.132-260804-0583",
    "H15.50.05.13-261008-0975",
    "G09.20-20260609-0092637",
)


@pytest.mark.parametrize("code", SEEN_CODES)
def test_every_code_seen_in_real_offices_has_the_national_form(code: str) -> None:
    assert is_code(code)
    assert is_free_code(code)


@pytest.mark.parametrize("text", ["HS-2026-04101", "2608040583", "A/12_B.3", "ABCD", "9" * 50])
def test_local_codes_are_accepted_but_not_certain(text: str) -> None:
    assert is_free_code(text)
    assert not is_code(text)


@pytest.mark.parametrize(
    "text", ["", "ABC", "9" * 51, "H57 132", "H57;132", "H57.132-260804-0583\n", "Đ123", "٤٤٤٤"]
)
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert not is_free_code(text)
    assert not is_code(text)


@pytest.mark.parametrize("dash", ["-", "‐", "‑", "–", "—", "―", "−", "﹣", "⁃"])
def test_dashes_of_every_kind_and_spaces_lead_to_one_code(dash: str) -> None:
    assert normalise_code(f"  h57 . 132 {dash} 260804{dash} 0583\t") == "H57.132-260804-0583"


@given(st.text())
def test_a_normalised_code_stays_as_it_is(text: str) -> None:
    once = normalise_code(text)
    assert normalise_code(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Nguyễn Văn An", "N. V. A***"),
        ("  đặng   thị ánh  ", "Đ. T. Á***"),
        (unicodedata.normalize("NFD", "Lê Ứng"), "L. Ứ***"),
        ("An", "A***"),
        ("<b>Hà</b> (Công ty)", "B. C. T***"),
        ("", "***"),
        ("—", "***"),
    ],
)
def test_a_name_is_shown_by_its_initials_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=200))
def test_a_masked_name_never_holds_a_whole_word(name: str) -> None:
    assert all(len(part.strip("*. ")) <= 3 for part in mask_name(name).split(". "))


@pytest.mark.parametrize("secret", ["4K7Q", " 4k7q ", "3456", "001090123456", "0123", "0900000123"])
def test_the_receipt_secret_and_the_owners_numbers_open_a_dossier(secret: str) -> None:
    assert opens(DOSSIER, secret)


@pytest.mark.parametrize("secret", ["", " ", "4K7", "456", "0000", "345", "*", "\ud800", "１２"])
def test_anything_else_opens_nothing(secret: str) -> None:
    assert not opens(DOSSIER, secret)
    assert not opens(None, secret)


def test_a_dossier_without_second_factors_is_never_opened() -> None:
    bare = replace(DOSSIER, secret=None, phone="", id_number="12")
    assert not any(opens(bare, secret) for secret in ("", "12", "0012", "None"))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.REGISTERED, Outlook.REGISTERED),
        (Status.ACCEPTED, Outlook.IN_PROGRESS),
        (Status.REJECTED, Outlook.REJECTED),
        (Status.PROCESSING, Outlook.IN_PROGRESS),
        (Status.SUPPLEMENT_REQUIRED, Outlook.SUPPLEMENT),
        (Status.PAYMENT_REQUIRED, Outlook.PAYMENT),
        (Status.WITHDRAWN, Outlook.WITHDRAWN),
        (Status.STOPPED, Outlook.STOPPED),
        (Status.FINISHED, Outlook.READY),
        (Status.RETURNED, Outlook.RETURNED),
    ],
)
def test_every_status_has_its_answer(status: Status, expected: Outlook) -> None:
    assert outlook(replace(DOSSIER, status=status), NOW, WORK) is expected


@pytest.mark.parametrize(
    ("due", "new_due", "expected"),
    [
        (None, None, Outlook.IN_PROGRESS),
        (TODAY, None, Outlook.IN_PROGRESS),
        (TODAY - timedelta(minutes=1), None, Outlook.LATE),
        (TODAY - timedelta(days=3), TODAY, Outlook.POSTPONED),
        (TODAY - timedelta(days=3), TODAY - timedelta(days=1), Outlook.LATE),
    ],
)
def test_a_dossier_is_late_from_the_day_after_its_last_promise(
    due: datetime | None, new_due: datetime | None, expected: Outlook
) -> None:
    dossier = replace(DOSSIER, due_at=due, new_due_at=new_due)
    assert outlook(dossier, NOW, WORK) is expected


def test_the_due_day_ends_by_the_offices_clock_and_not_by_greenwich() -> None:
    evening = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)
    assert outlook(DOSSIER, evening, WORK) is Outlook.IN_PROGRESS
    assert outlook(DOSSIER, evening + timedelta(minutes=1), WORK) is Outlook.LATE


@pytest.mark.parametrize("status", [s for s in Status if s not in (2, 4)])
def test_a_paused_or_ended_dossier_is_never_called_late(status: Status) -> None:
    old = replace(DOSSIER, status=status, due_at=TODAY - timedelta(days=30))
    assert outlook(old, NOW, WORK) is not Outlook.LATE


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        (None, None),
        (TODAY - timedelta(minutes=1), Timeliness.EARLY),
        (TODAY + timedelta(hours=23), Timeliness.ON_TIME),
        (TODAY + timedelta(hours=24), Timeliness.LATE),
    ],
)
def test_early_on_time_and_late_go_by_the_calendar_day(
    finished: datetime | None, expected: Timeliness | None
) -> None:
    assert timeliness(replace(DOSSIER, finished_at=finished), WORK) is expected


def test_dates_tell_the_steps_when_the_software_told_none() -> None:
    done = replace(DOSSIER, status=Status.RETURNED, finished_at=TODAY, returned_at=TODAY)
    assert [s.status for s in known_steps(done)] == [2, 9, 10]
    assert [s.status for s in known_steps(DOSSIER)] == [2, 4]
    assert [s.status for s in known_steps(replace(DOSSIER, status=Status.ACCEPTED))] == [2]
    assert [s.status for s in known_steps(Dossier("ABCD", Status.STOPPED))] == [8]
    told = (Step(Status.ACCEPTED, "Quầy 1"),)
    assert known_steps(replace(DOSSIER, steps=told)) == told


def test_a_code_alone_shows_no_person() -> None:
    steps = (Step(Status.ACCEPTED, "Quầy 5", "Trần Thị Bình", TODAY, "Nguyễn Văn An nộp"),)
    shown = repr(answer(replace(DOSSIER, steps=steps), NOW, WORK, full=False))
    for person in ("Bình", "Nguyễn", "N. V. A", "0900", "001090", "4K7Q"):
        assert person not in shown
    full = repr(answer(replace(DOSSIER, steps=steps), NOW, WORK, full=True))
    assert "N. V. A***" in full
    assert "Trần Thị Bình" in full
    for kept in ("0900", "001090", "4K7Q", "owner='Nguyễn"):
        assert kept not in full


@pytest.mark.parametrize("language", languages())
def test_every_status_and_answer_is_said_in_every_language(language: str) -> None:
    said = texts(language)
    for status in Status:
        assert said.say(status.key)
    for each in Outlook:
        for part in ("title", "means", "now"):
            assert said.say(f"{each.key}.{part}")
    for pace in Timeliness:
        assert said.say(f"dossier.timeliness.{pace.value}")


def at(text: str) -> datetime:
    """A moment of November 2026 as "16 14:05", or a day of it as "16"."""
    day, _, clock = text.partition(" ")
    hour, minute = clock.split(":") if clock else ("0", "0")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=HANOI)


STOOD_STILL = (
    Step(Status.ACCEPTED, at=at("16 08:00")),
    Step(Status.SUPPLEMENT_REQUIRED, at=at("18 09:00")),
    Step(Status.PROCESSING, at=at("20 09:00")),
)


def test_reports_count_each_status_in_its_group() -> None:
    groups = {status.value: status.group for status in Status}
    assert {n for n, group in groups.items() if group is ReportGroup.OPEN} == {2, 4}
    assert {n for n, group in groups.items() if group is ReportGroup.PAUSED} == {5, 6, 8}
    assert {n for n, group in groups.items() if group is ReportGroup.DONE} == {7, 9, 10}


def test_a_dossier_is_not_late_for_the_days_on_which_it_waited_for_its_owner() -> None:
    # Until Thursday the 19th; two working days of waiting; the 24th is a holiday.
    dossier = replace(DOSSIER, due_at=at("19"), steps=STOOD_STILL)
    assert pauses(dossier) == (Pause(at("18 09:00"), at("20 09:00")),)
    assert promise(dossier, WORK) == at("23")
    assert outlook(dossier, at("23 23:59"), WORK) is Outlook.IN_PROGRESS
    assert outlook(dossier, at("24 00:00"), WORK) is Outlook.LATE
    without = replace(dossier, steps=STOOD_STILL[:1])
    assert outlook(without, at("20 00:00"), WORK) is Outlook.LATE


def test_while_papers_are_missing_nothing_is_promised() -> None:
    asked = SupplementRequest(at("18 09:00"), "Bản sao trích lục khai tử")
    dossier = replace(DOSSIER, status=Status.SUPPLEMENT_REQUIRED, supplements=(asked,))
    assert promise(dossier, WORK) is None
    assert promise(replace(dossier, supplements=(), steps=STOOD_STILL[:2]), WORK) is None
    assert outlook(dossier, NOW, WORK) is Outlook.SUPPLEMENT


def test_a_request_that_nobody_closed_does_not_stop_a_dossier_that_goes_on() -> None:
    asked = SupplementRequest(at("18 09:00"))
    assert promise(replace(DOSSIER, supplements=(asked,)), WORK) == TODAY


def test_a_new_date_is_put_off_only_by_what_stood_still_after_it_was_told() -> None:
    told = Postponement(at("20 10:00"), at("19"), at("25"), Cause.APOLOGY)
    dossier = replace(DOSSIER, due_at=at("19"), new_due_at=at("25"), steps=STOOD_STILL)
    assert promise(dossier, WORK) == at("25")
    assert promise(replace(dossier, postponements=(told,)), WORK) == at("25")
    again = (*STOOD_STILL, Step(Status.PAYMENT_REQUIRED, at=at("23 08:00")),
             Step(Status.PROCESSING, at=at("25 08:00")))  # fmt: skip
    assert promise(replace(dossier, postponements=(told,), steps=again), WORK) == at("26")


@pytest.mark.parametrize(
    ("facts", "finished", "expected"),
    [
        ({}, "18 17:00", Timeliness.EARLY),
        ({}, "20 16:00", Timeliness.LATE),
        ({"steps": STOOD_STILL}, "20 16:00", Timeliness.EARLY),
        ({"steps": STOOD_STILL}, "23 16:00", Timeliness.ON_TIME),
        ({"steps": STOOD_STILL}, "25 08:00", Timeliness.LATE),
        (
            {"postponements": (Postponement(at("18 10:00"), at("19"), at("25"), Cause.APOLOGY),)},
            "23 08:00",
            Timeliness.LATE,
        ),
        (
            {
                "postponements": (
                    Postponement(at("18 10:00"), at("19"), at("25"), Cause.SUPPLEMENT),
                )
            },
            "23 08:00",
            Timeliness.EARLY,
        ),
    ],
)  # fmt: skip
def test_an_apology_makes_no_late_result_one_in_time(
    facts: dict[str, object], finished: str, expected: Timeliness
) -> None:
    done = replace(DOSSIER, status=Status.FINISHED, due_at=at("19"), finished_at=at(finished))
    assert timeliness(replace(done, **facts), WORK) is expected


def test_an_office_may_count_by_the_minute() -> None:
    by = replace(WORK, counted_by=Counting.MINUTE)
    dossier = replace(DOSSIER, due_at=at("23 10:00"))
    assert outlook(dossier, at("23 10:01"), WORK) is Outlook.IN_PROGRESS
    assert outlook(dossier, at("23 10:01"), by) is Outlook.LATE
    done = replace(dossier, status=Status.FINISHED, finished_at=at("23 09:30"))
    assert timeliness(done, WORK) is Timeliness.ON_TIME
    assert timeliness(done, by) is Timeliness.EARLY


def test_of_requests_promises_and_steps_a_code_alone_shows_dates_and_units() -> None:
    whole = replace(
        DOSSIER,
        receipt_no="26.10229",
        fees=(Fee("Lệ phí", 8000),),
        steps=(Step(Status.PROCESSING, "Tư pháp", "Bình", at("18"), "gọi bà Hoa", "Xem sổ Hoa"),),
        supplements=(SupplementRequest(at("18"), "CCCD của bà Hoa", "Bình", at("19"), "Hoa"),),
        postponements=(
            Postponement(
                at("19"), at("18"), at("25"), Cause.APOLOGY, "bà Hoa vắng", "Bình", "12/PXL"
            ),
        ),
    )
    shown = answer(whole, NOW, WORK, full=False)
    assert not any(name in repr(shown) for name in ("Hoa", "Bình"))
    assert shown.fees == whole.fees
    assert shown.receipt_no == "26.10229"
    assert (shown.supplements[0].asked_at, shown.supplements[0].received_at) == (at("18"), at("19"))
    assert (shown.postponements[0].due_after, shown.postponements[0].number) == (at("25"), "12/PXL")
    full = answer(whole, NOW, WORK, full=True)
    assert (full.supplements, full.postponements) == (whole.supplements, whole.postponements)
    assert full.steps == whole.steps
