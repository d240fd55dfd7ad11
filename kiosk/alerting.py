"""Tells the technician by e-mail and by webhook what broke, once, and once that it works again.

A thread of its own looks at the health record of the office; nobody waits for a mail server. What
cannot be sent is looked at anew when the network is back: then what is so by then is told.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk import alert_words
from kiosk.alert_words import Office
from kiosk.alerts import DEVICE, Key, News, Patience, Trouble, troubles
from kiosk.errors import Refused, Unavailable
from kiosk.mailing import send
from kiosk.office import alerts
from kiosk.office.devices import STORE
from kiosk.office.hall import read_devices
from kiosk.posting import Poster
from kiosk.texts import texts
from kiosk.webhooks import headers, pause, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from kiosk.alert_words import Letter
    from kiosk.config import Config
    from kiosk.health import Health
    from kiosk.mailing import Mail
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.webhooks import Webhook

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 5.0
FAULT_AFTER: Final = 3
"""How many tries in a row must fail before staff are told."""
STOP_SECONDS: Final = 1.5


class MailRoad:
    """By e-mail. Raises as ``mailing.send``, and Unavailable("alerts_unset")."""

    name: Final = "email"

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self.to = ", ".join(mail.to)

    def tell(self, letter: Letter) -> None:
        if self._mail.user and not self._mail.password:
            raise Unavailable("alerts_unset")
        missed = send(self._mail, letter.subject, letter.text, letter.at)
        if missed:
            log.warning("the mail server refuses %d of %d addressees", missed, len(self._mail.to))

    def cut(self) -> None:
        """Ends by its own deadlines."""


class HookRoad:
    """By a signed POST. Unavailable: as ``Poster.post``, webhook_refuses and the like for what was
    answered, alerts_unset."""

    name: Final = "webhook"

    def __init__(self, hook: Webhook) -> None:
        self._hook = hook
        self._poster = Poster()
        self.to = hook.url

    def tell(self, letter: Letter) -> None:
        if not self._hook.secret:
            raise Unavailable("alerts_unset")
        name, at = f"alert-{secrets.token_hex(8)}", int(letter.at.timestamp())
        told = headers(self._hook, letter.kind, name, at, letter.body)
        answer = self._poster.post(self._hook.url, told, letter.body)
        if reason := reason_of(answer.status):
            raise Unavailable(reason, why=f"HTTP {answer.status}")

    def cut(self) -> None:
        self._poster.cut()


Road = MailRoad | HookRoad


def roads(config: Config) -> tuple[Road, ...]:
    """The ways that kiosk.toml names."""
    mail, hook = config.alerts.mail(config.beside), config.alerts.hook(config.beside)
    return (*([MailRoad(mail)] if mail else ()), *([HookRoad(hook)] if hook else ()))


def speaker(config: Config, centre: Centre) -> tuple[Office, Texts]:
    """Who tells, and in which language."""
    language = config.alerts.language or centre.languages[0]
    name = centre.name_in(language)
    return Office(centre.code, name, centre.kiosk, centre.timezone), texts(language)


@dataclass
class _Way:
    """A road, how long all things have stood by it, and how its sending goes."""

    road: Road
    patience: Patience
    of_store: Patience
    told_store: dict[Key, Trouble] = field(default_factory=dict)
    """What was told while the store could not keep it."""
    failures: int = 0
    due: float = 0.0
    reason: str = ""


class Alerting:
    """Looks and tells while it is open.

    ``report`` takes how the telling itself goes; ``pause`` gives the seconds until the next try
    after so many failures in a row.
    """

    def __init__(
        self,
        config: Config,
        centre: Centre,
        health: Health,
        pause: Callable[[int], float] = pause,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._centre, self._health = centre, health
        self._level = config.alerts.level
        self._office, self._words = speaker(config, centre)
        self._pause, self._look_seconds = pause, look_seconds
        delay = float(config.alerts.delay_seconds)
        self._ways = [_Way(road, Patience(delay), Patience(delay)) for road in roads(config)]
        self._process = secrets.token_hex(8)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="alerts", daemon=True)

    def __enter__(self) -> Alerting:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Who waits for a mail server is left behind."""
        self._stop.set()
        for way in self._ways:
            way.road.cut()
        self._thread.join(STOP_SECONDS)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
            except (Unavailable, Refused) as error:
                self._look_at_store(error.code)
            self._tell_health()
            self._stop.wait(self._look_seconds)
        try:
            alerts.leave(self._centre, self._process)
        except (Unavailable, Refused) as error:
            log.info("the alerts are left as they are: %s", error)

    def _look(self) -> None:
        """Raises as the store does."""
        ours = alerts.hold(self._centre, self._process)
        standing = troubles(read_devices(self._centre), self._level)
        for way in self._ways:
            self._keep_told(way)
            known = alerts.read_told(self._centre, way.road.name)
            news = way.patience.look(standing, known, time.monotonic())
            if ours and news and self._sent(way, news):
                alerts.note(self._centre, way.road.name, news)

    def _keep_told(self, way: _Way) -> None:
        """The store is back: it keeps what was told of its own outage, of which the end is told as
        that of any other."""
        way.of_store = Patience(way.patience.delay)
        if way.told_store:
            alerts.note(self._centre, way.road.name, News(tuple(way.told_store.values())))
            way.told_store.clear()

    def _look_at_store(self, code: str) -> None:
        """The store is away: each kiosk tells of that itself, and of nothing else."""
        key = Key(self._centre.kiosk, STORE)
        outage = self._health.trouble()
        since = outage.since if outage else self._centre.wall()
        away = Trouble(key, "fault", outage.code if outage else code, since)
        for way in self._ways:
            news = way.of_store.look([away], way.told_store, time.monotonic())
            if news.broke and self._sent(way, news):
                way.told_store[key] = away

    def _sent(self, way: _Way, news: News) -> bool:
        if time.monotonic() < way.due:
            return False
        letter = alert_words.letter(news, self._office, self._words, self._centre.wall())
        try:
            way.road.tell(letter)
        except Unavailable as error:
            way.failures += 1
            way.due = time.monotonic() + self._pause(way.failures)
            if way.failures == FAULT_AFTER:
                log.warning("alerts by %s are not sent: %s", way.road.name, error)
            if way.failures >= FAULT_AFTER:
                way.reason = error.code
            return False
        if way.failures >= FAULT_AFTER:
            log.warning("alerts by %s are sent again", way.road.name)
        way.failures, way.due, way.reason = 0, 0.0, ""
        log.info("told by %s: %d broke, %d well", way.road.name, len(news.broke), len(news.well))
        return True

    def _tell_health(self) -> None:
        reason = next((way.reason for way in self._ways if way.reason), "")
        self._health.report(DEVICE, "fault" if reason else "ok", reason)
