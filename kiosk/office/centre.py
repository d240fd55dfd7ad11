"""The one-stop centre that every use case acts on: its facts, its store and its clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.calendar import PLAIN, utc_now
from kiosk.counters import Counters
from kiosk.database import open_database
from kiosk.deadlines import Counting, WorkingTime
from kiosk.disks import DiskRules
from kiosk.errors import Refused
from kiosk.import_words import squeeze
from kiosk.look import Look
from kiosk.paper import TicketLook
from kiosk.procedures import folded
from kiosk.ratings import Scale
from kiosk.texts import languages
from kiosk.tickets import QueueRules
from kiosk.turns import Rules
from kiosk.web_config import KeysConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.calendar import Calendar
    from kiosk.config import Config
    from kiosk.counters import Around
    from kiosk.database import Database
    from kiosk.intake import IntakeRules
    from kiosk.paper import FormWords
    from kiosk.tickets import Counter, Group, Outcome, Priority, Reason, Service
    from kiosk.waits import Pace


@dataclass(frozen=True, slots=True)
class Centre:
    """``code`` (the unit code) keys every row; ``clock`` gives aware moments.

    It may wait for the store, and raise as the store does; ``glance`` is the same for ``wall``.
    ``machine`` tells the name of this machine, where one must be told from another.
    """

    database: Database
    code: str
    kiosk: str
    name: str
    parent: str
    languages: tuple[str, ...]
    timezone: ZoneInfo
    services: Mapping[str, Service]
    groups: Mapping[str, Group]
    counters: Mapping[int, Counter]
    priorities: Mapping[str, Priority]
    public_url: str | None
    queue: QueueRules = field(default_factory=QueueRules)
    calendar: Calendar = PLAIN
    reasons: tuple[Reason, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    ticket: TicketLook = field(default_factory=TicketLook)
    look: Look = field(default_factory=Look)
    """Colours and emblem of windows and pages."""
    forms: Mapping[str, FormWords] = field(default_factory=dict)
    form_place: str = ""
    """Where forms are issued, before their date."""
    names: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    """What the office and the body above it are called in other languages."""
    clock: Callable[[], datetime] = utc_now
    glance: Callable[[], datetime] | None = None
    machine: Callable[[], str] | None = None
    keys: Mapping[str, str] = field(default_factory=lambda: KeysConfig().model_dump())
    """The keys of the clerk's page, by what they do."""
    lock_after: timedelta = timedelta(minutes=15)
    """How long nobody may touch a page of staff before it asks for the PIN again."""
    rating: Scale = field(default_factory=Scale)
    counted_by: Counting = Counting.DAY
    """By what results are early, on time or late."""
    sms_wishes: bool = False
    """Whether people may ask to be told about their dossier by SMS."""
    clerk_names: bool = False
    """Whether the displays at the counters name the clerk."""
    intake: IntakeRules | None = None
    """How dossiers are taken in here; None where other software does it."""
    notices: Path | None = None
    """The folder of the notices that citizens may read."""
    disks: Mapping[str, Path] = field(default_factory=dict)
    """What lies on the disks of this machine, by the name of each in the health record."""
    disk_rules: DiskRules = field(default_factory=DiskRules)
    rules: Rules = field(init=False)
    desks: Counters = field(init=False, repr=False)
    """The same as ``counters``, which change with a supervisor's orders."""
    paces: dict[int, tuple[datetime, Mapping[str, Pace]]] = field(init=False, repr=False)
    """By hour of the day: when they were last read in this process, and each service's."""

    def __post_init__(self) -> None:
        known = self.counters
        desks = known if isinstance(known, Counters) else Counters(known)
        rules = Rules(tuple(self.priorities.values()), self.queue.ageing)
        found = {"rules": rules, "counters": desks, "desks": desks, "paces": {}}
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @property
    def working_time(self) -> WorkingTime:
        return WorkingTime(self.calendar, self.timezone, self.counted_by)

    def wall(self) -> datetime:
        """The moment for what is only shown: at once, whatever keeps the store away."""
        return (self.glance or self.clock)()

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.name

    def parent_in(self, language: str) -> str:
        return self.parents.get(language) or self.parent

    def service(self, code: str) -> Service:
        service = self.services.get(code)
        if service is None:
            raise Refused("unknown_service", service=code)
        return service

    def counter(self, number: int) -> Counter:
        counter = self.counters.get(number)
        if counter is None:
            raise Refused("unknown_counter", counter=number)
        return counter

    def check_reason(self, kind: str, code: str) -> None:
        """Refused("reason_needed"), or ("unknown_reason") when the office has a list without it."""
        if not code.strip():
            raise Refused("reason_needed")
        known = {reason.code for reason in self.reasons if reason.kind == kind}
        if known and code not in known:
            raise Refused("unknown_reason", reason=code)

    def has_reasons(self, kind: str) -> bool:
        """Whether the office has a list of them."""
        return any(reason.kind == kind for reason in self.reasons)

    def named_services(self) -> dict[str, str]:
        """The codes of the services by their names and codes, as ``import_words.squeeze`` has
        these."""
        named: dict[str, str] = {}
        for service in self.services.values():
            for name in service.names.values():
                named.setdefault(squeeze(name), service.code)
        return named | {squeeze(code): code for code in self.services}

    def counters_of(self, service: str) -> tuple[int, ...]:
        """The counters that take the service, in configured order."""
        return self.desks.taking(service)

    def around(self, services: frozenset[str]) -> Around:
        return self.desks.around(services)

    def returns_at(self) -> Service | None:
        """The service at which finished results are handed out, if the office has one."""
        return next((s for s in self.services.values() if s.returns_results), None)

    def supplements_at(self, field: str | None) -> Service | None:
        """The service at which papers of a dossier of that field are handed in: the one that has
        the field, or bears its name, or the only one that takes any."""
        taking = [s for s in self.services.values() if s.takes_supplements]
        known = folded(field or "")
        named = (s for s in taking if known in map(folded, (*s.fields, *s.names.values())))
        return next(named, taking[0] if len(taking) == 1 else None)


def open_centre(config: Config) -> Centre:
    """The centre of a configuration; its store is opened, made or migrated at the first use.

    The store's clock is the centre's.
    """
    database = open_database(config.located(config.store.url), config.office.unit_code)
    return centre_on(config, database)


def centre_on(config: Config, database: Database) -> Centre:
    """The same on a store that is open already."""
    return Centre(
        database=database,
        code=config.office.unit_code,
        kiosk=config.kiosk.name,
        name=config.office.name[languages()[0]],
        parent=config.office.parent.get(languages()[0], ""),
        names=config.office.name,
        parents=config.office.parent,
        languages=config.office.languages,
        timezone=config.zone,
        services=config.services(),
        groups=config.groups(),
        counters=config.counters(),
        priorities=config.priorities(),
        ticket=config.ticket_look(),
        look=config.look.chosen(config.beside),
        forms=config.forms.words(),
        form_place=config.forms.place,
        public_url=config.web.public_url,
        queue=config.queue_rules(),
        calendar=config.days(),
        reasons=config.reasons(),
        outcomes=config.outcomes(),
        keys=config.keys.model_dump(),
        lock_after=timedelta(minutes=config.web.lock_minutes),
        rating=config.rating.scale(),
        counted_by=config.dossiers.counted_by,
        intake=config.intake.rules(),
        notices=config.beside(config.notices.folder) if config.notices.folder else None,
        sms_wishes=config.sms.wishes,
        clerk_names=config.display.clerk_names,
        disks=config.disks,
        disk_rules=config.disk.rules(),
        clock=database.now,
        glance=database.wall,
    )
