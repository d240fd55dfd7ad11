"""Tells the webhooks: a thread for each, so that a slow receiver keeps nobody else waiting.

They stand in the web's process and touch neither its event loop nor its lanes.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from typing import TYPE_CHECKING, Final, Protocol

from kiosk.errors import Refused, Unavailable
from kiosk.office import devices, webhooks
from kiosk.posting import Poster
from kiosk.webhooks import headers, pause, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from kiosk.office.centre import Centre
    from kiosk.office.webhooks import Delivery
    from kiosk.webhooks import Webhook

log = logging.getLogger(__name__)

RENEWED_SECONDS: Final = 5.0
"""How often a place is kept that did not move, and asked for that another process has."""

NOTED_SECONDS: Final = 1.0
"""How often a place is kept that moves: each write wakes every window of the hall."""

FAULT_AFTER: Final = 3
"""How many tries in a row must fail before the technician is told."""

REFUSALS: Final = 5
"""How many tries an event has that the receiver refuses."""

STOP_SECONDS: Final = 1.5
_FOLLOW_SECONDS: Final = 0.2
_PATIENT: Final = frozenset({408, 429})
"""Statuses below 500 that speak of the moment and not of the event."""


class Saying(Protocol):
    """Where the health of a device is told: ``kiosk.health.Health``."""

    def report(self, name: str, state: str, reason: str = "") -> None: ...
    def withdraw(self, name: str) -> None: ...


class Deliveries:
    """All webhooks of the office, told while this is open.

    ``pause`` gives the seconds until the next try after so many failures in a row.
    """

    def __init__(
        self,
        centre: Centre,
        hooks: Sequence[Webhook],
        health: Saying,
        pause: Callable[[int], float] = pause,
    ) -> None:
        self._centre = centre
        self._stop = threading.Event()
        self._workers = [_Worker(centre, hook, health, pause, self._stop) for hook in hooks]
        self._follower = threading.Thread(target=self._follow, name="webhooks", daemon=True)

    def __enter__(self) -> Deliveries:
        self._follower.start()
        for worker in self._workers:
            worker.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends within two seconds: who waits for the address of a name is left behind."""
        self._stop.set()
        for worker in self._workers:
            worker.end()
        until = time.monotonic() + STOP_SECONDS
        for thread in (*(worker.thread for worker in self._workers), self._follower):
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))

    def _follow(self) -> None:
        """Pokes the workers at each change, once those are gone that kiosk.toml has no more."""
        left = False
        for _ in self._centre.database.changes(self._stop):
            if not left:
                left = self._leave_others()
            if left and not self._workers:
                return
            for worker in self._workers:
                worker.stirred.set()
            self._stop.wait(_FOLLOW_SECONDS)

    def _leave_others(self) -> bool:
        """Whether it could be done: the store may be away."""
        try:
            webhooks.forget_others(self._centre, [worker.device for worker in self._workers])
        except (Unavailable, Refused):
            return False
        return True


class _Worker:
    """Tells one webhook, one event after the other."""

    def __init__(
        self,
        centre: Centre,
        hook: Webhook,
        health: Saying,
        pause: Callable[[int], float],
        stop: threading.Event,
    ) -> None:
        self._centre = centre
        self._hook = hook
        self._health = health
        self._pause = pause
        self._stop = stop
        self._process = secrets.token_hex(8)
        self._poster = Poster()
        self.stirred = threading.Event()
        self.device = hook.device
        self.thread = threading.Thread(target=self._run, name=f"webhook-{hook.name}", daemon=True)
        self._place: int | None = None
        self._kept_at = 0.0
        self._news = False
        """Whether something was told since the place was kept."""
        self._failures = 0
        self._refusals = 0
        self._due = 0.0

    def end(self) -> None:
        self.stirred.set()
        self._poster.cut()

    def _run(self) -> None:
        if not self._hook.secret:
            self._health.report(self.device, "fault", "webhook_secret")
            return
        while not self._stop.is_set():
            self.stirred.clear()
            try:
                wait = self._round()
            except (Unavailable, Refused) as error:
                # The store is away, which others tell; whose the webhook is then is not known.
                log.info("webhook %s waits for the store: %s", self._hook.name, error)
                self._place, wait = None, RENEWED_SECONDS
            self.stirred.wait(wait)
        self._give_up()

    def _round(self) -> float:
        """Tells what there is to tell; gives the seconds until it must look again."""
        if not self._hold():
            return RENEWED_SECONDS
        while not self._stop.is_set() and time.monotonic() >= self._due:
            assert self._place is not None
            if (old := webhooks.too_old(self._centre, self._place)) is not None:
                if not self._skip(old, "too_old"):
                    return 0.0
                continue
            page = webhooks.read_page(self._centre, self._hook, self._place)
            for delivery in page.deliveries:
                if not self._tell(delivery):
                    return self._until_due()
            self._place = page.end
            if not page.more:
                break
        return self._until_due() if self._keep() else 0.0

    def _until_due(self) -> float:
        longest = NOTED_SECONDS if self._news else RENEWED_SECONDS
        left = self._due - time.monotonic()
        return min(left, longest) if left > 0 else longest

    def _hold(self) -> bool:
        """Whether the webhook is this process's to tell; what was told is kept or renewed."""
        if self._place is not None:
            return self._keep()
        self._place = webhooks.hold(self._centre, self._hook, self._process)
        if self._place is None:
            self._withdraw()
            return False
        self._kept_at, self._news = time.monotonic(), False
        if self._failures < FAULT_AFTER:
            self._health.report(self.device, "ok")
        return True

    def _keep(self) -> bool:
        """Writes the place: soon after something was told, else seldom, as a sign of life; False
        when another process has the webhook."""
        assert self._place is not None
        due = NOTED_SECONDS if self._news else RENEWED_SECONDS
        if time.monotonic() - self._kept_at < due:
            return True
        return self._have(webhooks.move_on(self._centre, self._hook, self._process, self._place))

    def _have(self, ours: bool) -> bool:
        if ours:
            self._kept_at, self._news = time.monotonic(), False
        else:
            self._place = None
        return ours

    def _skip(self, seq: int, why: str) -> bool:
        assert self._place is not None
        log.warning("webhook %s is not told of events up to %d: %s", self._hook.name, seq, why)
        ours = webhooks.skip(
            self._centre, self._hook, self._process, seq, after=self._place, why=why
        )
        self._place = seq
        return self._have(ours)

    def _tell(self, delivery: Delivery) -> bool:
        """Whether the next one may be told: this one was, or will never be."""
        reason, status = self._send(delivery)
        if not reason:
            self._succeed()
            self._place, self._news = delivery.seq, True
            return self._keep() and not self._stop.is_set()
        if self._stop.is_set():
            return False
        self._fail(reason)
        refused = 400 <= status < 500 and status not in _PATIENT
        self._refusals = self._refusals + 1 if refused else 0
        if self._refusals >= REFUSALS:
            # The pauses go on growing until one is taken: where all are refused, it is not the
            # event, and few of them shall be lost before somebody sees it.
            self._refusals, self._due = 0, 0.0
            self._place = delivery.seq - 1
            return self._skip(delivery.seq, f"refused_{status}")
        return False

    def _send(self, delivery: Delivery) -> tuple[str, int]:
        """Why it was not taken, "" when it was, and the status of the answer, 0 without one."""
        name = webhooks.name_of(self._centre, delivery.seq)
        at = int(self._centre.wall().timestamp())
        told = headers(self._hook, delivery.kind, name, at, delivery.body)
        try:
            answer = self._poster.post(self._hook.url, told, delivery.body)
        except Unavailable as error:
            return error.code, 0
        return reason_of(answer.status), answer.status

    def _succeed(self) -> None:
        if self._failures >= FAULT_AFTER:
            log.warning("webhook %s is taken again", self._hook.name)
        self._failures = self._refusals = 0
        self._health.report(self.device, "ok")

    def _fail(self, reason: str) -> None:
        self._failures += 1
        self._due = time.monotonic() + self._pause(self._failures)
        if self._failures == FAULT_AFTER:
            log.warning("webhook %s is not taken: %s", self._hook.name, reason)
        if self._failures >= FAULT_AFTER:
            self._health.report(self.device, "fault", reason)

    def _withdraw(self) -> None:
        """Another process tells of its health from now on."""
        self._health.withdraw(self.device)
        devices.forget(self._centre, self.device)

    def _give_up(self) -> None:
        """Keeps the place and leaves it to others, as far as the store is there."""
        if self._place is None:
            return
        try:
            if webhooks.move_on(self._centre, self._hook, self._process, self._place):
                webhooks.leave(self._centre, self._hook, self._process)
                self._withdraw()
        except (Unavailable, Refused) as error:
            log.info("webhook %s is left as it is: %s", self._hook.name, error)
