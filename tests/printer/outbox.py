"""An outbox in memory that keeps to the rules of the real one and remembers what it was told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from printer.errors import Away, Withdrawn
from printer.talk import Job
from tests.printer.samples import TICKET

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT = 30.0


@dataclass
class Record:
    job: Job
    state: str = "queued"
    evidence: str = ""
    reason: str = ""
    history: list[str] = field(default_factory=lambda: ["queued"])


class MemoryOutbox:
    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.reports: list[tuple[str, str]] = []
        self.busy: set[str] = set()
        """Calls that raise: next, sending, settle, report."""
        self.broken: Exception | None = None
        """What ``next`` raises."""
        self.refused = 0
        self._change = threading.Condition()

    def add(self, name: str, *, slip: str = "ticket", **change: object) -> None:
        job = Job(name, slip, {**TICKET, "number": name, **change})
        with self._change:
            self.records[name] = Record(job)

    def next(self) -> Job | None:
        with self._change:
            self._refuse("next")
            if self.broken is not None:
                raise self.broken
            return next((one.job for one in self.records.values() if one.state == "queued"), None)

    def sending(self, job: Job) -> None:
        with self._change:
            self._refuse("sending")
            self._move(job, "sending", "", "")

    def settle(self, job: Job, state: str, evidence: str, reason: str) -> None:
        with self._change:
            self._refuse("settle")
            self._move(job, state, evidence, reason)

    def report(self, state: str, reason: str) -> None:
        with self._change:
            self._refuse("report")
            self.reports.append((state, reason))
            self._change.notify_all()

    def _refuse(self, call: str) -> None:
        if call in self.busy:
            self.refused += 1
            self._change.notify_all()
            raise Away(call)

    def _move(self, job: Job, state: str, evidence: str, reason: str) -> None:
        record = self.records[job.id]
        legal = {
            "queued": {"sending", "failed", "queued"},
            "sending": {"printed", "unknown", "queued"},
            "unknown": {"printed"},
            "cancelled": set[str](),
        }
        if record.state == "cancelled":
            raise Withdrawn
        assert state in legal[record.state], f"{record.state} -> {state}"
        record.state, record.evidence, record.reason = state, evidence, reason
        record.history.append(state)
        self._change.notify_all()

    def cancel(self, name: str) -> None:
        """What somebody at a counter does meanwhile."""
        with self._change:
            self.records[name].state = "cancelled"
            self.records[name].history.append("cancelled")

    def until(self, holds: Callable[[], bool], what: str, seconds: float = WAIT) -> None:
        with self._change:
            if not self._change.wait_for(holds, seconds):
                seen = {name: one.history for name, one in self.records.items()}
                raise TimeoutError(f"{what}: {seen}, {self.reports}")

    def until_job(
        self, name: str, state: str, evidence: str | None = None, seconds: float = WAIT
    ) -> Record:
        record = self.records[name]
        self.until(
            lambda: record.state == state and evidence in (None, record.evidence),
            f"{name} {state} {evidence}",
            seconds,
        )
        return record

    def until_report(self, state: str, reason: str = "", seconds: float = WAIT) -> None:
        self.until(lambda: self.reports[-1:] == [(state, reason)], f"{state} {reason}", seconds)

    def until_refused(self, count: int) -> None:
        self.until(lambda: self.refused >= count, f"{count} refusals")

    def free(self) -> None:
        with self._change:
            self.busy = set()
