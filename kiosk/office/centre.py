"""The one-stop centre that every use case acts on: its facts, its store and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import utc_now
from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from kiosk.config import Config
    from kiosk.database import Database
    from kiosk.tickets import Counter, Group, Priority, Service


SESSION_LIFE: Final = timedelta(hours=12)
"""A clerk who did not sign out is gone after this; so is the counter's being open."""


@dataclass(frozen=True, slots=True)
class Centre:
    """``code`` (the unit code) keys every row; ``clock`` gives aware moments."""

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
    clock: Callable[[], datetime] = utc_now

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

    def counters_of(self, service: str) -> tuple[int, ...]:
        """The counters that take the service, in configured order."""
        return tuple(c.number for c in self.counters.values() if service in c.services)

    def returns_at(self) -> Service | None:
        """The service at which finished results are handed out, if the office has one."""
        return next((s for s in self.services.values() if s.returns_results), None)


def open_centre(config: Config, clock: Callable[[], datetime] = utc_now) -> Centre:
    """The centre of a configuration; its store is opened, made or migrated at the first use."""
    return Centre(
        database=Sqlite(config.store_path),
        code=config.office.unit_code,
        kiosk=config.kiosk.name,
        name=config.office.name,
        parent=config.office.parent,
        languages=config.office.languages,
        timezone=config.zone,
        services=config.services(),
        groups=config.groups(),
        counters=config.counters(),
        priorities=config.priorities(),
        public_url=config.web.public_url,
        clock=clock,
    )
