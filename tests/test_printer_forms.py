"""Forms and summaries from the command line, up to the row that the printer will take."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click import unstyle
from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.config import load
from kiosk.dossiers import Dossier, Status
from kiosk.errors import Refused
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.office.incoming import store_dossiers
from kiosk.office.jobs import next_job
from kiosk.texts import texts
from printer.raster import draw_slip
from printer.slips import draw
from tests.hall import MORNING
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path

CODE = "H15.50.05-261118-0007"
CLERK = ("--clerk", "Lê Thị Hoa")
CITIZEN = ("--citizen", "Trần Quốc Bảo")
FAR = datetime(2099, 12, 1, 9, tzinfo=UTC)
REASON = ("--reason", "Thiếu chữ ký.")


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST, "utf-8")
    known = Dossier(
        CODE, Status.PROCESSING, "Đăng ký khai sinh", owner_name="Nguyễn Thị Hạnh", due_at=FAR
    )
    moved = Dossier(f"{CODE[:-1]}8", Status.PROCESSING, "Tách thửa", new_due_at=MORNING)
    undated = Dossier(f"{CODE[:-1]}9", Status.PROCESSING, "Tách thửa")
    centre = open_centre(load(path))
    centre.database.prepare()
    store_dossiers(centre, [known, moved, undated], source="test")
    centre.database.close()
    return path


def kiosk(config: Path, *command: str) -> str:
    done = CliRunner().invoke(app, ["printer", *command, "--config", str(config)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def queued(config: Path) -> tuple[str, dict[str, object]] | None:
    """The slip that the printer takes next; it draws."""
    centre = open_centre(load(config))
    job = next_job(centre)
    centre.database.close()
    if job is None:
        return None
    data = json.loads(json.dumps(job.data))
    assert draw_slip(draw(job.slip, data), 58)
    return job.slip, data


@pytest.mark.parametrize(
    ("kind", "code", "options", "told"),
    [
        ("receipt", CODE, (*CITIZEN, *CLERK, "--paper", "Tờ khai=1 bản chính"), "1 bản chính"),
        (
            "receipt",
            CODE,
            (*CITIZEN, *CLERK, "--paper", "Tờ khai=1/0/2"),
            "1 bản chính\N{NO-BREAK SPACE}· 2 bản sao",
        ),
        ("receipt", CODE, (*CITIZEN, *CLERK, "--sets", "2", "--days", "15"), "15 ngày làm việc"),
        ("receipt", CODE, (*CITIZEN, *CLERK, "--until", "2099-12-07"), "Thứ Hai 07/12/2099"),
        (
            "supplement",
            CODE,
            (*CLERK, *REASON, "--paper", "Tờ khai", "--until", "2026-12-07 09:30"),
            "09:30 Thứ Hai 07/12/2026",
        ),
        ("refusal", CODE, (*CLERK, *REASON, "--advice", "Nộp tại xã khác."), "Nộp tại xã khác."),
        ("apology", f"{CODE[:-1]}8", (*CLERK, *REASON, "--number", "12/PXL"), "Số: 12/PXL"),
        ("handover", CODE.lower(), (*CITIZEN, *CLERK), "Trần Quốc Bảo"),
    ],
)
def test_each_form_is_queued_with_what_was_said(
    config: Path, kind: str, code: str, options: tuple[str, ...], told: str
) -> None:
    said = kiosk(config, "form", kind, code, *options)
    made = queued(config)

    words = texts("en")
    waits = words.say("cli.form_queued", kind=words.say(f"web.slip.{kind}"))
    later = f"{waits}\n{words.say('cli.prints_later')}"
    assert said.startswith(later)
    assert made is not None
    assert (made[0], made[1]["code"]) == (kind, code.upper())
    for text in (told, "Lê Thị Hoa"):
        assert text in json.dumps(made[1], ensure_ascii=False)


def test_papers_that_never_became_a_dossier_are_refused_without_a_code(config: Path) -> None:
    kiosk(config, "form", "refusal", *CLERK, *REASON, "--subject", "Tách thửa", "--language", "en")
    made = queued(config)

    assert made is not None
    assert made[1]["code"] == ""
    assert made[1]["title"] == texts("en").say("slip.refusal.title")
    assert "Tách thửa" in str(made[1]["facts"])


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("receipt", CODE), "lacks: --citizen, --clerk."),
        (("receipt", *CITIZEN, *CLERK), "lacks: CODE."),
        (("supplement", CODE, *CLERK, "--reason", " "), "lacks: --paper, --reason."),
        (("refusal", *CLERK, *REASON), "lacks: CODE | --subject."),
        (("refusal", CODE, *CLERK, *REASON, "--subject", "x"), "does not use: --subject."),
        (("apology", CODE, *CLERK, *REASON, "--advice", "x"), "does not use: --advice."),
        (("apology", CODE, *CLERK, *REASON), "has no new date yet"),
        (("receipt", f"{CODE[:-1]}9", *CITIZEN, *CLERK), "has no due date"),
        (("supplement", CODE, *CLERK, *REASON, "--paper", "x", "--days", "3"), "not use: --days."),
        (("handover", "H15-1", *CITIZEN, *CLERK), "No dossier H15-1 is stored."),
        (("handover", CODE, *CITIZEN, *CLERK, "--paper", "=3"), "“=3” names no paper."),
        (
            ("supplement", CODE, *CLERK, *REASON, "--paper", "Đơn", "--until", "2020-01-01"),
            "has passed already",
        ),
    ],
)
def test_a_form_that_lacks_a_fact_or_has_one_too_many_is_refused_in_words(
    config: Path, command: tuple[str, ...], told: str
) -> None:
    with pytest.raises(Refused) as refused:
        kiosk(config, "form", *command)

    assert told in texts("en").say(f"refused.{refused.value.code}", **refused.value.facts)
    assert queued(config) is None


@pytest.mark.parametrize(("option", "day"), [((), None), (("--day", "2026-11-20"), "20/11/2026")])
def test_the_summary_of_a_counter_is_queued_for_today_or_the_day_that_is_named(
    config: Path, option: tuple[str, ...], day: str | None
) -> None:
    said = kiosk(config, "summary", "--counter", "1", *option)
    made = queued(config)
    shown = day or texts("vi").date(datetime.now(load(config).zone).date())

    assert said.startswith(texts("en").say("cli.summary_queued", counter=1))
    assert made is not None
    assert made[0] == "summary"
    assert shown in str(made[1]["day"])


def test_a_counter_that_is_not_there_is_told(config: Path) -> None:
    with pytest.raises(Refused, match="unknown_counter"):
        kiosk(config, "summary", "--counter", "9")


@pytest.mark.parametrize(
    "command",
    [
        ("form", "ticket", CODE),
        ("form", "handover", CODE, *CITIZEN, *CLERK, "--language", "xx"),
        ("summary", "--counter", "1", "--day", "today"),
    ],
)
def test_what_no_form_can_be_is_a_mistake_of_usage(config: Path, command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["printer", *command, "--config", str(config)])

    assert done.exit_code == 2
    assert "Usage" in unstyle(done.output)


@pytest.mark.parametrize(
    "options",
    [
        ("refusal", "--subject", "Tách thửa" * 40, *CLERK, *REASON),
        ("handover", CODE, *CLERK, "--citizen", "x" * 301),
        ("receipt", CODE, *CITIZEN, *CLERK, *("--paper", "Đơn") * 31),
        ("receipt", CODE, *CITIZEN, *CLERK, "--paper", "Đơn" * 101),
    ],
)
def test_metres_of_paper_are_not_printed(config: Path, options: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="form_too_long"):
        kiosk(config, "form", *options)

    assert queued(config) is None


def test_a_plain_number_of_papers_is_told_as_one(config: Path) -> None:
    kiosk(config, "form", "receipt", CODE, *CITIZEN, *CLERK, "--paper", "Đơn=2")
    made = queued(config)

    assert made is not None
    assert ["Đơn", "số lượng 2"] in made[1]["papers"]


def test_a_day_to_come_has_no_summary(config: Path) -> None:
    with pytest.raises(Refused, match="day_to_come"):
        kiosk(config, "summary", "--counter", "1", "--day", "2099-12-31")


def test_who_types_letters_that_the_font_lacks_is_told_which(config: Path) -> None:
    said = kiosk(config, "form", "handover", CODE, "--citizen", "Sáng 🌞 محمد", *CLERK)

    assert "each prints as an empty box: 🌞 م ح د" in said


def test_a_summary_that_a_running_kiosk_prints_needs_no_warning(config: Path) -> None:
    centre = open_centre(load(config))
    devices.report(centre, "printer", "ok")
    centre.database.close()

    said = kiosk(config, "summary", "--counter", "1")
    assert texts("en").say("cli.prints_later") not in said


@pytest.mark.parametrize(
    ("kind", "status", "fits"),
    [
        ("receipt", Status.PROCESSING, True),
        ("receipt", Status.FINISHED, False),
        ("supplement", Status.SUPPLEMENT_REQUIRED, True),
        ("supplement", Status.WITHDRAWN, False),
        ("handover", Status.FINISHED, True),
        ("handover", Status.PROCESSING, False),
    ],
)
def test_a_form_that_the_stored_status_speaks_against_is_queued_and_remarked(
    config: Path, kind: str, status: Status, fits: bool
) -> None:
    centre = open_centre(load(config))
    known = Dossier(CODE, status, "Đăng ký khai sinh", due_at=FAR)
    store_dossiers(centre, [known], source="test")
    centre.database.close()
    more = {
        "receipt": (*CITIZEN, *CLERK),
        "supplement": (*CLERK, *REASON, "--paper", "Tờ khai"),
        "handover": (*CITIZEN, *CLERK),
    }
    said = " ".join(kiosk(config, "form", kind, CODE, *more[kind]).split())
    label = texts("en").say(status.key)

    assert (f"as “{label}”" in said) is not fits
    found = queued(config)
    assert found is not None
    assert found[0] == kind
