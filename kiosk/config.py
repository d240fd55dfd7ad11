"""kiosk.toml, read once into frozen models; every mistake in it is told at once."""

from __future__ import annotations

import os
import re
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    InstanceOf,
    StrictBool,
    StringConstraints,
    ValidationError,
)

from kiosk.alert_config import AlertsConfig
from kiosk.backup_config import BackupConfig
from kiosk.board_config import BoardConfig, zone_mistakes
from kiosk.calendar import Calendar, read_date, read_hours, read_make_up
from kiosk.disk_config import DiskConfig
from kiosk.disks import LOG, STORE, apart
from kiosk.dossier_config import DossiersConfig, NoticesConfig, SmsConfig
from kiosk.import_config import ImportConfig
from kiosk.intake_config import IntakeConfig, intake_mistakes
from kiosk.log_config import LogConfig
from kiosk.look_config import LookConfig, look_mistakes
from kiosk.mistakes import (
    CODE,
    KEY,
    UNIT,
    BadConfig,
    Problem,
    crossed,
    lacks_place,
    told,
)
from kiosk.own_languages import Language, take_languages
from kiosk.paper_config import SECTION, FormsConfig, TicketConfig, Words, logo_mistakes
from kiosk.rating_config import DisplayConfig, RatingConfig
from kiosk.retention_config import RetentionConfig
from kiosk.texts import languages
from kiosk.tickets import (
    Counter,
    Group,
    Hours,
    Outcome,
    Priority,
    QueueRules,
    Reason,
    Service,
)
from kiosk.toml_file import read_toml
from kiosk.touch_config import TouchConfig
from kiosk.voice_config import VoiceConfig
from kiosk.web_config import KeysConfig, Listening, PublicConfig, WebConfig, web_flaws
from kiosk.webhook_config import WebhookConfig, secret_mistakes, webhooks

if TYPE_CHECKING:
    from kiosk.paper import TicketLook
    from kiosk.webhooks import Webhook


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("timezone")
    return name


def _clock(text: object) -> time:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", str(text))
    if match is None:
        raise ValueError("clock")
    return time(int(match[1]), int(match[2]))


def _store_url(url: str) -> str:
    if not re.fullmatch(
        r"sqlite:///.+|postgres(ql)?://([^@/?#\s]*@)?[^@/?#\s]*/[^@/?#\s]+(\?.*)?", url
    ):
        raise ValueError("store_url")
    return url


def _as_names(names: object) -> object:
    """A plain name stands for the first language."""
    return {languages()[0]: names} if isinstance(names, str) else names


def _names(names: dict[str, str]) -> dict[str, str]:
    unknown = [code for code in names if code not in languages()]
    if unknown or not names.get(languages()[0], "").strip():
        raise ValueError("names")
    return names


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Names = Annotated[dict[str, str], BeforeValidator(_as_names), AfterValidator(_names)]
Stretch = Annotated[InstanceOf[Hours], BeforeValidator(lambda text: read_hours(str(text)))]
Day = Annotated[InstanceOf[date], BeforeValidator(lambda text: read_date(str(text)))]
MakeUp = Annotated[
    tuple[InstanceOf[date], InstanceOf[Hours] | None],
    BeforeValidator(lambda text: read_make_up(str(text))),
]
Count = Annotated[int, Field(strict=True, ge=1, le=99999)]
Address = Annotated[int, Field(strict=True, ge=1, le=99)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]


class _Section(BaseModel):
    model_config = SECTION


class OfficeConfig(_Section):
    name: Names
    parent: Words = {}
    unit_code: Annotated[str, StringConstraints(pattern=UNIT)]
    languages: tuple[Language, ...] = ("vi", "en")
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Ho_Chi_Minh"


class KioskConfig(_Section):
    name: Key = "kiosk-1"


class StoreConfig(_Section):
    url: Annotated[str, AfterValidator(_store_url)] = "sqlite:///kiosk.db"


class PrinterConfig(_Section):
    connection: Literal["preview", "usb", "serial", "network", "cups", "file"] = "preview"
    host: str = ""
    port: Port = 9100
    device: str = ""
    baudrate: Literal[9600, 19200, 38400, 57600, 115200] = 115200
    flow: Literal["rtscts", "xonxoff", "none"] = "rtscts"
    paper_mm: Literal[58, 80] = 80
    dpi: Literal[203, 180] = 203
    folder: str = "slips"
    replies: StrictBool = True
    presenter: Literal["none", "present", "eject"] = "none"
    buzzer: StrictBool = False


class ScannerConfig(_Section):
    connection: Literal["serial", "keyboard", "none"] = "keyboard"
    device: str = ""
    baudrate: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600


class ServiceConfig(_Section):
    code: Code
    name: Names
    icon: Key = "ticket"
    group: Key | None = None
    hours: tuple[Stretch, ...] = ()
    daily_limit: Count | None = None
    session_limit: Count | None = None
    first_number: Count = 1
    last_number: Count | None = None
    target_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    returns_results: StrictBool = False
    takes_supplements: StrictBool = False
    ask: Literal["", "dossier", "dossier-needed"] = ""
    then: tuple[Code, ...] = ()
    fields: tuple[Name, ...] = ()


class GroupConfig(_Section):
    code: Key
    name: Names
    icon: Key = "ticket"


class CounterConfig(_Section):
    number: Annotated[int, Field(strict=True, ge=1, le=999)]
    services: tuple[Code, ...] = ()
    zone: Key = "hall"
    order: Literal["arrival", "listed", "weight"] = "arrival"
    weights: tuple[Annotated[int, Field(strict=True, ge=1, le=100)], ...] = ()
    keypad: Address | None = None
    led: Address | None = None
    line: Annotated[int, Field(strict=True, ge=1, le=99)] = 1


class KeypadLineConfig(_Section):
    device: Name
    baudrate: Literal[9600, 19200, 38400, 57600, 115200] = 19200


class PriorityConfig(_Section):
    code: Key
    name: Names
    one_in: Annotated[int, Field(strict=True, ge=1, le=100)] = 1


class ReasonConfig(_Section):
    code: Key
    name: Names
    kind: Literal["call", "pause", "priority"]


class OutcomeConfig(_Section):
    code: Key
    name: Names


class QueueConfig(_Section):
    day_starts: Annotated[InstanceOf[time], BeforeValidator(_clock)] = time()
    overnight: Literal["expire", "keep"] = "expire"
    ageing_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] = 60
    late_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] = 60
    no_show_after: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    least_calls: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    least_pause_seconds: Annotated[int, Field(strict=True, ge=0, le=600)] = 0
    undo_seconds: Annotated[int, Field(strict=True, ge=0, le=120)] = 10
    supplement: Literal["first", "place", "end"] = "first"
    appointment_grace_minutes: Annotated[int, Field(strict=True, ge=0, le=600)] = 15


class CalendarConfig(_Section):
    sessions: tuple[Stretch, ...] = ()
    holidays: Literal["VN", ""] = "VN"
    closed: tuple[Day, ...] = ()
    make_up: tuple[MakeUp, ...] = ()


class Config(_Section):
    """The whole file; ``path`` is where it was read, so that relative paths stand beside it."""

    path: Path
    office: OfficeConfig
    kiosk: KioskConfig = KioskConfig()
    store: StoreConfig = StoreConfig()
    backup: BackupConfig = BackupConfig()
    disk: DiskConfig = DiskConfig()
    log: LogConfig = LogConfig()
    alerts: AlertsConfig = AlertsConfig()
    retention: RetentionConfig = RetentionConfig()
    queue: QueueConfig = QueueConfig()
    calendar: CalendarConfig = CalendarConfig()
    dossiers: DossiersConfig = DossiersConfig()
    intake: IntakeConfig = IntakeConfig()
    notices: NoticesConfig = NoticesConfig()
    sms: SmsConfig = SmsConfig()
    printer: PrinterConfig = PrinterConfig()
    ticket: TicketConfig = TicketConfig()
    forms: FormsConfig = FormsConfig()
    scanner: ScannerConfig = ScannerConfig()
    touch: TouchConfig = TouchConfig()
    board: BoardConfig = BoardConfig()
    voice: VoiceConfig = VoiceConfig()
    look: LookConfig = LookConfig()
    display: DisplayConfig = DisplayConfig()
    rating: RatingConfig = RatingConfig()
    imports: Annotated[ImportConfig, Field(alias="import")] = ImportConfig()
    web: WebConfig = WebConfig()
    public: PublicConfig = PublicConfig()
    keys: KeysConfig = KeysConfig()
    service: tuple[ServiceConfig, ...]
    group: tuple[GroupConfig, ...] = ()
    counter: tuple[CounterConfig, ...]
    keypad_line: tuple[KeypadLineConfig, ...] = ()
    priority: tuple[PriorityConfig, ...] = ()
    reason: tuple[ReasonConfig, ...] = ()
    outcome: tuple[OutcomeConfig, ...] = ()
    webhook: tuple[WebhookConfig, ...] = ()

    def beside(self, path: str) -> Path:
        """The path as written in the file, seen from the file's own folder."""
        return (self.path.parent / path).absolute()

    @property
    def store_path(self) -> Path | None:
        """The file of a store in SQLite; a store in PostgreSQL has none."""
        path = self.store.url.removeprefix("sqlite:///")
        return None if path == self.store.url else self.beside(path)

    @property
    def disks(self) -> dict[str, Path]:
        """What lies on the disks of this machine itself, by the name of each in the health record;
        a medium for copies may be far away, and is looked at by who writes them."""
        places = {STORE: self.store_path or self.path.absolute()}
        if self.log.folder:
            places[LOG] = self.beside(self.log.folder)
        return apart(places)

    def beside_store(self, kind: str) -> Path:
        """This kiosk's own file of that kind: beside a store in SQLite, or else in the folder that
        systemd gives its service for such things (systemd.exec(5), StateDirectory=), or beside this
        file."""
        path = self.store_path or self.path.absolute()
        if self.store_path is None and (states := os.environ.get("STATE_DIRECTORY")):
            path = Path(states.partition(":")[0]) / path.name
        return path.with_name(f"{path.name}.{self.kiosk.name}.{kind}")

    def located(self, url: str) -> str:
        """A store's URL with its path as seen from here; one in PostgreSQL as it is."""
        path = url.removeprefix("sqlite:///")
        return url if path == url else f"sqlite:///{self.beside(path)}"

    def ticket_look(self) -> TicketLook:
        return self.ticket.look(self.logo_path)

    @property
    def flaws(self) -> list[Problem]:
        """What is wrong and the hall works without: the ticket's logo, the emblem, the web on the
        network, the pages for everybody, the files that webhooks, alerts and imports name."""
        logo = logo_mistakes(self.logo_path) if self.logo_path else []
        webs, imports = web_flaws(self.web, self.public), self.imports.flaws(self.beside)
        emblem = self.look.flaws(self.beside)
        secrets = [*secret_mistakes(self.webhook, self.beside), *self.alerts.flaws(self.beside)]
        return [*logo, *emblem, *webs, *secrets, *imports]

    @property
    def logo_path(self) -> Path | None:
        return self.beside(self.ticket.logo) if self.ticket.logo else None

    @property
    def certificate_files(self) -> tuple[Path, Path] | None:
        """The certificate of the web and its key, where it has one."""
        return self.pair_of(self.web)

    @property
    def public_site(self) -> PublicConfig:
        """[public] as it is served: with the certificate of [web] where it needs that one."""
        return self.public.beside(self.web)

    def pair_of(self, web: Listening) -> tuple[Path, Path] | None:
        return (self.beside(web.certificate), self.beside(web.key)) if web.certificate else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.office.timezone)

    def services(self) -> dict[str, Service]:
        return {
            entry.code: Service(
                code=entry.code,
                names=entry.name,
                icon=entry.icon,
                group=entry.group,
                hours=entry.hours,
                daily_limit=entry.daily_limit,
                returns_results=entry.returns_results,
                takes_supplements=entry.takes_supplements,
                ask=entry.ask,
                then=entry.then,
                session_limit=entry.session_limit,
                first_number=entry.first_number,
                last_number=entry.last_number,
                target_minutes=entry.target_minutes,
                fields=entry.fields,
            )
            for entry in self.service
        }

    def groups(self) -> dict[str, Group]:
        return {entry.code: Group(entry.code, entry.name, entry.icon) for entry in self.group}

    def counters(self) -> dict[int, Counter]:
        """By number; a counter that names no services takes all of them, in the file's order."""
        every = tuple(entry.code for entry in self.service)
        return {
            entry.number: Counter(
                entry.number, entry.services or every, entry.zone, entry.order, entry.weights
            )
            for entry in self.counter
        }

    def priorities(self) -> dict[str, Priority]:
        return {
            entry.code: Priority(entry.code, entry.name, entry.one_in) for entry in self.priority
        }

    def reasons(self) -> tuple[Reason, ...]:
        return tuple(Reason(entry.code, entry.name, entry.kind) for entry in self.reason)

    def outcomes(self) -> dict[str, Outcome]:
        return {entry.code: Outcome(entry.code, entry.name) for entry in self.outcome}

    def webhooks(self) -> tuple[Webhook, ...]:
        return webhooks(self.webhook, self.beside)

    def days(self) -> Calendar:
        """The days off and the make-up days; several entries of one day are its stretches."""
        made_up: dict[date, tuple[Hours, ...]] = {}
        for day, hours in self.calendar.make_up:
            made_up[day] = (*made_up.get(day, ()), *([hours] if hours else []))
        days = self.calendar
        return Calendar(days.holidays, frozenset(days.closed), made_up, days.sessions)

    def queue_rules(self) -> QueueRules:
        queue = self.queue
        return QueueRules(
            day_starts=queue.day_starts,
            keep_overnight=queue.overnight == "keep",
            ageing=timedelta(minutes=queue.ageing_minutes) if queue.ageing_minutes else None,
            late=timedelta(minutes=queue.late_minutes),
            no_show_after=queue.no_show_after,
            least_calls=queue.least_calls,
            least_pause=timedelta(seconds=queue.least_pause_seconds),
            undo=timedelta(seconds=queue.undo_seconds),
            supplement=queue.supplement,
            grace=timedelta(minutes=queue.appointment_grace_minutes),
        )


def with_store(config: Config, url: str) -> Config:
    """The same office on another store; BadConfig when that is no store's URL."""
    try:
        store = StoreConfig(url=url)
    except ValidationError as error:
        problems = [told(dict(entry), StoreConfig) for entry in error.errors(include_url=False)]
        raise BadConfig(config.path, problems) from None
    return config.model_copy(update={"store": store})


def load(path: Path, *, printer_to_come: bool = False) -> Config:
    """The checked configuration; BadConfig with every mistake when the file cannot be used.

    With ``printer_to_come`` a printer whose place is not named yet is none at all.
    """
    raw = read_toml(path)
    if printer_to_come and lacks_place(raw, "printer"):
        raw["printer"] = {**raw["printer"], "connection": "preview"}
    return checked(path, raw)


def checked(path: Path, raw: dict[str, Any]) -> Config:
    """What the content of a file at ``path`` means; BadConfig with every mistake in it."""
    raw.pop("path", None)
    problems = take_languages(path, raw)
    config: Config | None = None
    try:
        config = Config.model_validate({**raw, "path": path})
    except ValidationError as error:
        problems += [told(dict(entry), Config) for entry in error.errors(include_url=False)]
    problems += [*crossed(raw), *intake_mistakes(raw), *zone_mistakes(raw), *look_mistakes(raw)]
    if config is None or problems:
        raise BadConfig(path, problems)
    return config
