"""The technician is told what broke: once, together, and once that it works again."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from kiosk import alert_words
from kiosk.alerting import Alerting
from kiosk.alerts import Key, News, Patience, Trouble, troubles
from kiosk.config import load
from kiosk.database.postgres import Postgres
from kiosk.errors import Unavailable
from kiosk.health import Health
from kiosk.mailing import Mail, send
from kiosk.mistakes import BadConfig
from kiosk.office.alerts import hold, leave, note, read_told
from kiosk.office.devices import report_all
from kiosk.office.hall import read_devices
from kiosk.office.readings import read_readings
from kiosk.office.tickets import take_ticket
from kiosk.texts import texts
from tests.hall import MORNING, centre_on
from tests.mailbox import PASSWORD, USER, Mailbox, receiving_mail
from tests.receiving import Receiver, receiving
from tests.technician import kiosk
from tests.test_config import LEAST
from tests.waiting import until
from tests.web.certificates import given

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.office.centre import Centre

SECRET = "a secret of sixteen"
OFFICE = alert_words.Office("H15.50.05", "Trung tâm", "kiosk-1", ZoneInfo("Asia/Ho_Chi_Minh"))


def broken(device: str, state: str = "fault", reason: str = "unplugged") -> Trouble:
    return Trouble(Key("kiosk-1", device), state, reason, MORNING)


def told(*troubles: Trouble) -> dict[Key, Trouble]:
    return {one.key: one for one in troubles}


def test_what_lasts_for_a_moment_is_told_to_nobody() -> None:
    patience, scanner = Patience(60), broken("scanner")

    assert not patience.look([scanner], {}, 0)
    assert not patience.look([scanner], {}, 59)
    assert not patience.look([], {}, 59.5)
    assert not patience.look([], {}, 500)
    assert not patience.look([scanner], {}, 501)
    assert patience.look([scanner], {}, 561) == News((scanner,))


def test_what_breaks_together_is_told_together_and_once() -> None:
    patience, scanner, printer = Patience(60), broken("scanner"), broken("printer")
    disk = broken("disk")
    patience.look([scanner], {}, 0)
    patience.look([scanner, printer], {}, 15)
    patience.look([scanner, printer, disk], {}, 50)
    everything = [scanner, printer, disk]

    assert patience.look(everything, {}, 60) == News((scanner, printer))
    known = told(scanner, printer)
    assert not patience.look(everything, known, 100)
    assert patience.look(everything, known, 110) == News((disk,))
    assert not patience.look(everything, told(*everything), 9999)


def test_a_loose_cable_is_told_once_and_well_only_when_it_stays_so() -> None:
    patience, scanner = Patience(60), broken("scanner")
    for now in range(0, 60, 10):
        assert not patience.look([scanner] if now % 20 == 0 else [], {}, now)
    assert patience.look([scanner], {}, 60) == News((scanner,))
    known = told(scanner)
    for now in range(70, 200, 10):
        assert not patience.look([scanner] if now % 20 == 0 else [], known, now)

    patience.look([], known, 210)
    assert patience.look([], known, 270) == News((), (scanner,))
    assert not patience.look([], {}, 280)


def test_another_reason_is_no_news_but_a_fault_after_a_warning_is() -> None:
    patience = Patience(60)
    low, out = broken("printer", "warning", "paper_low"), broken("printer", "fault", "paper_out")
    patience.look([low], {}, 0)
    assert patience.look([low], {}, 60) == News((low,))
    assert patience.look([out], told(low), 61) == News((out,))
    assert not patience.look([replace(out, reason="cover_open")], told(out), 200)


def test_after_a_restart_what_was_told_is_told_no_more_and_its_end_is() -> None:
    scanner = broken("scanner")
    again = Patience(60)
    assert not again.look([scanner], told(scanner), 0)
    assert not again.look([scanner], told(scanner), 500)
    later = Patience(60)
    assert not later.look([], told(scanner), 0)
    assert later.look([], told(scanner), 60) == News((), (scanner,))


@drawn(st.lists(st.tuples(st.booleans(), st.integers(1, 90)), max_size=60))
def test_faults_and_their_ends_are_told_in_turn_whatever_happens(
    course: list[tuple[bool, int]],
) -> None:
    patience, scanner = Patience(60), broken("scanner")
    known: dict[Key, Trouble] = {}
    now, bad_since, story = 0, None, []
    for is_bad, seconds in course:
        news = patience.look([scanner] if is_bad else [], known, now)
        if is_bad and bad_since is None:
            bad_since = now
        if news.broke:
            assert is_bad
            assert bad_since is not None
            assert now - bad_since >= 60
            known = told(scanner)
            story.append("broke")
        if news.well:
            assert not is_bad
            known, bad_since = {}, None
            story.append("well")
        now += seconds
    assert story == ["broke", "well"] * (len(story) // 2) + ["broke"] * (len(story) % 2)


def test_the_level_says_what_is_told_and_the_telling_itself_is_no_news(centre: Centre) -> None:
    said = {"printer": ("warning", "paper_low"), "alerts": ("fault", "mail_login")}
    report_all(centre, {**said, "scanner": ("fault", "unplugged"), "clock": ("ok", "")})
    devices = read_devices(centre)

    assert [one.key.device for one in troubles(devices, "fault")] == ["scanner"]
    assert [one.key.device for one in troubles(devices, "warning")] == ["printer", "scanner"]


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        (
            "vi",
            "Sự cố: Máy in phiếu, Bàn phím gọi số ở quầy 3 (kiosk-2) – Trung tâm",
            "    Hãy thay cuộn giấy.",
        ),
        (
            "en",
            "Fault: Ticket printer, Call keypad at counter 3 (kiosk-2) – Trung tâm",
            "    Please change the roll.",
        ),
    ],
)
def test_a_message_says_what_where_since_when_and_what_to_do(
    language: str, subject: str, line: str
) -> None:
    printer = broken("printer", reason="paper_out")
    keypad = replace(broken("keypad 3"), key=Key("kiosk-2", "keypad 3"))
    news = News((printer, keypad), (broken("scanner"),))
    made = alert_words.letter(news, OFFICE, texts(language), MORNING)

    assert made.subject == subject
    assert line in made.text.splitlines()
    assert "08:42" in made.text
    body = json.loads(made.body)
    assert [one["device"] for one in body["broke"]] == ["printer", "keypad 3"]
    assert body["well"][0]["reason"] == "unplugged"
    assert made.text in body["text"]


# One message over the line


def mail_to(box: Mailbox, **more: Any) -> Mail:
    facts = {"security": "none", **more}
    return Mail(("tech@h.vn", "two@h.vn"), "kiosk@h.vn", "127.0.0.1", box.port, **facts)


def test_mail_goes_by_starttls_and_after_a_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = given(tmp_path)
    authority = tmp_path / "ca.pem"
    authority.write_text(pem(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with receiving_mail(Mailbox(certificate=certificate.files)) as box:
        mail = mail_to(box, security="starttls", user=USER, password=PASSWORD)
        assert send(mail, "Sự cố", "Hết giấy.\n", MORNING) == 0
        with pytest.raises(Unavailable, match="mail_login"):
            send(replace(mail, password="wrong"), "Sự cố", "Hết giấy.\n", MORNING)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        with pytest.raises(Unavailable, match="mail_certificate"):
            send(mail, "Sự cố", "Hết giấy.\n", MORNING)
    [whole] = box.got

    assert box.secure == [True]
    assert box.to == [["tech@h.vn", "two@h.vn"]]
    assert whole["Subject"] == "Sự cố"
    assert whole["Auto-Submitted"] == "auto-generated"
    assert whole.get_content() == "Hết giấy.\n"


def pem(certificate: Any) -> str:
    from kiosk.authority import pem_of

    return pem_of(certificate.authority.certificate).decode()


@pytest.mark.parametrize(
    ("refuses", "offers", "security", "code"),
    [
        ("MAIL", ("HELP",), "none", "mail_refused"),
        ("RCPT", ("HELP",), "none", "mail_refused"),
        ("DATA", ("HELP",), "none", "mail_refused"),
        ("RCPT TO:<TWO", ("HELP",), "none", ""),
        ("", ("HELP",), "starttls", "mail_starttls"),
        ("EHLO", (), "starttls", "mail_starttls"),
    ],
)
def test_what_a_mail_server_does_not_take_is_told_by_a_code(
    refuses: str, offers: tuple[str, ...], security: str, code: str
) -> None:
    with receiving_mail(Mailbox(refuses=refuses, offers=offers)) as box:
        mail = mail_to(box, security=security)
        if code:
            with pytest.raises(Unavailable, match=code):
                send(mail, "Sự cố", "x", MORNING)
        else:
            assert send(mail, "Sự cố", "x", MORNING) == 1


def test_a_mail_server_that_is_away_or_silent_keeps_nobody_waiting() -> None:
    box = Mailbox()
    with receiving_mail(box):
        pass
    with pytest.raises(Unavailable, match="mail_unreachable"):
        send(mail_to(box), "Sự cố", "x", MORNING)
    with receiving(Receiver()) as mute, pytest.raises(Unavailable, match="mail_silent"):
        send(mail_to(Mailbox(port=mute.port)), "Sự cố", "x", MORNING, seconds=0.2)


# The whole


def config_with(tmp_path: Path, box: Mailbox, receiver: Receiver, **more: str) -> Config:
    path = tmp_path / "kiosk.toml"
    lines = {
        "delay_seconds": "5",
        "email.to": '["tech@h.vn"]',
        "email.from": '"kiosk@h.vn"',
        "email.host": '"127.0.0.1"',
        "email.port": str(box.port),
        "email.security": '"none"',
        "webhook.url": f'"{receiver.url}"',
        "webhook.secret": f'"{SECRET}"',
        **more,
    }
    told = "\n".join(f"{key} = {value}" for key, value in lines.items())
    path.write_text(f"{LEAST}\n[alerts]\n{told}\n", "utf-8")
    config = load(path)
    alerts = config.alerts.model_copy(update={"delay_seconds": 0.2})
    return config.model_copy(update={"alerts": alerts})


def test_a_trial_goes_by_each_road_though_one_of_them_fails(tmp_path: Path) -> None:
    box = Mailbox()
    with receiving_mail(box):
        pass
    with receiving(Receiver()) as receiver:
        config = config_with(tmp_path, box, receiver)
        done = kiosk(config.path, "alerts", "test")
        assert done.exit_code == 1
        assert len(receiver.got) == 1


def test_a_fault_is_told_once_by_each_road_over_restarts_and_outages(
    centre: Centre, tmp_path: Path
) -> None:
    """The mail server is away at first, the program is started anew, and the scanner heals."""
    box = Mailbox()
    with receiving_mail(box):
        pass
    with receiving(Receiver()) as receiver, ExitStack() as stack:
        config = config_with(tmp_path, box, receiver)

        def telling() -> Alerting:
            return Alerting(config, centre, health, lambda failures: 0.1, look_seconds=0.05)

        health = stack.enter_context(Health(centre))
        health.report("scanner", "fault", "unplugged")
        health.report("printer", "fault", "paper_out")
        with telling():
            until(lambda: len(receiver.got) == 1)
            until(lambda: "mail_unreachable" in [one.reason for one in read_devices(centre)])
        with telling(), receiving_mail(box):
            until(lambda: len(box.got) == 1)
            until(lambda: ("alerts", "ok") in [(d.name, d.state) for d in read_devices(centre)])
            health.report("scanner", "ok")
            until(lambda: len(box.got) == 2 and len(receiver.got) == 2)
        with telling(), receiving_mail(box):
            health.report("printer", "ok")
            until(lambda: len(box.got) == 3 and len(receiver.got) == 3)
    broke, well, last = (got.told for got in receiver.got)

    assert {one["device"] for one in broke["broke"]} == {"scanner", "printer"}
    assert [one["device"] for one in well["well"]] == ["scanner"]
    assert [one["device"] for one in last["well"]] == ["printer"]
    assert "Máy quét mã vạch" in box.text(0)
    assert "Hãy thay cuộn giấy." in box.text(0)
    assert [str(one["Subject"]).partition(":")[0] for one in box.got] == [
        "Sự cố", "Đã chạy lại", "Đã chạy lại",
    ]  # fmt: skip
    assert receiver.got[0].headers["X-Kiosk-Event"] == "alert"
    assert read_told(centre, "email") == {}


def test_a_store_that_is_away_is_told_while_it_is_and_when_it_is_back(
    centre: Centre, tmp_path: Path
) -> None:
    box = Mailbox()
    hidden = tmp_path / "hidden.db"
    with receiving_mail(box), receiving(Receiver()) as receiver, Health(centre) as health:
        until(lambda: "store" in [one.name for one in read_devices(centre)])
        config = config_with(tmp_path, box, receiver)
        path: Path = centre.database.path  # type: ignore[attr-defined]
        with Alerting(config, centre, health, look_seconds=0.05):
            path.rename(hidden)
            until(lambda: len(box.got) == 1 and len(receiver.got) == 1)
            hidden.rename(path)
            health.report("touch", "ok")
            until(lambda: len(box.got) == 2 and len(receiver.got) == 2)

    assert [one["reason"] for one in receiver.got[0].told["broke"]] == ["store_unreachable"]
    assert [one["device"] for one in receiver.got[1].told["well"]] == ["store"]


def test_of_several_kiosks_one_tells(centre: Centre, clock: Any) -> None:
    other = replace(centre, kiosk="kiosk-2")
    assert hold(centre, "one")
    assert not hold(other, "two")
    clock.forward(seconds=8)
    assert hold(centre, "one")
    clock.forward(seconds=14)
    assert not hold(other, "two")
    leave(centre, "one")
    assert hold(other, "two")
    clock.forward(seconds=16)
    assert hold(centre, "one")
    note(centre, "email", News((broken("scanner"),)))
    assert read_told(other, "email") == told(broken("scanner"))
    assert read_told(other, "webhook") == {}


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ('email.to = ["nobody"]', "alerts_address"),
        ('email.to = ["a@b.vn"]', "alerts_email_needs"),
        ('language = "xx"', "alerts_language"),
        (
            'email.to = ["a@b.vn"]\nemail.from = "k@b.vn"\nemail.host = "mail.b.vn"\n'
            'email.user = "k"\nemail.security = "none"',
            "alerts_plain_password",
        ),
        ('webhook.url = "https://chat.b.vn/x"', "webhook_one_secret"),
        ('webhook.url = "ftp://chat.b.vn/x"', "webhook_url"),
        ("delay_seconds = 1", "at_least"),
    ],
)
def test_mistakes_in_alerts_are_told(tmp_path: Path, lines: str, key: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"{LEAST}\n[alerts]\n{lines}\n", "utf-8")

    with pytest.raises(BadConfig) as bad:
        load(path)

    assert [problem.key for problem in bad.value.problems] == [key]
    assert bad.value.problems[0].told(texts("vi"))


def test_a_password_comes_from_a_file_or_the_environment_and_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"email.user": '"kiosk"', "email.password_file": '"mail.key"'}
    config = config_with(tmp_path, Mailbox(port=25), Receiver(url="http://127.0.0.1:9/x"), **more)
    secret = tmp_path / "mail.key"
    assert [flaw.key for flaw in config.flaws] == ["alerts_password_absent"]
    secret.mkdir()
    assert [flaw.key for flaw in config.flaws] == ["alerts_password_unread"]
    assert str(secret) in config.flaws[0].told(texts("vi"))
    secret.rmdir()
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    secret.chmod(0o644)
    assert [flaw.key for flaw in config.flaws] == ["alerts_password_open"]
    secret.chmod(0o600)
    mail = config.alerts.mail(config.beside)
    assert config.flaws == []
    assert mail is not None
    assert mail.password == PASSWORD
    assert PASSWORD not in repr(mail)
    bare = config_with(
        tmp_path, Mailbox(port=25), Receiver(url="http://127.0.0.1:9/x"), **{"email.user": '"k"'}
    )
    assert bare.flaws == [], "only who sends knows that there is none"
    assert [flaw.key for flaw in bare.alerts.unset()] == ["alerts_password_missing"]
    monkeypatch.setenv("KIOSK_SMTP_PASSWORD", "from outside")
    assert list(bare.alerts.unset()) == []
    found = bare.alerts.mail(bare.beside)
    assert found is not None
    assert found.password == "from outside"
    assert bare.flaws == []
    assert timedelta(seconds=bare.alerts.delay_seconds) > timedelta()


def test_a_store_in_postgresql_keeps_what_was_told_and_what_is_graphed(postgres_url: str) -> None:
    store = Postgres(postgres_url, OFFICE.code)
    centre = replace(centre_on(store), clock=store.now, glance=store.wall)
    take_ticket(centre, service="A", actor="test")
    assert hold(centre, "one")
    note(centre, "email", News((broken("scanner"),)))
    note(centre, "email", News((broken("scanner", "warning"),), (broken("disk"),)))
    known = read_told(centre, "email")
    readings = read_readings(centre)
    leave(centre, "one")
    store.close()

    assert known == told(broken("scanner", "warning"))
    assert readings.given == {"A": 1}
    assert readings.calls == 0
