"""What can go wrong with paper.

Exception
├── SlipError  this slip cannot be drawn (its data are bad); the next one can
├── Lost       the printer cannot be reached, or is no longer there
├── Away       the outbox cannot be reached now; the same call is made again
├── Withdrawn  the outbox no longer has the job as its printer knows it
└── anything else  a bug: the printer's thread ends of it
"""

from __future__ import annotations

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EBUSY: "in_use",
    errno.EAGAIN: "in_use",
}
"""Of an error of the operating system; any other is "unreachable"."""


class SlipError(Exception):
    """A slip that cannot be drawn, with a stable ``code`` and what it is about."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        facts = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} {facts}".rstrip()


class Lost(Exception):
    """The wire is gone: ``reason`` for the health record, ``sent`` bytes of this write got out.

    ``detail`` is what the system said, for a technician.
    """

    def __init__(self, reason: str, detail: str = "", *, sent: int = 0) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.sent = sent


def lost(error: OSError, *, sent: int = 0) -> Lost:
    """What an error of the operating system means for the health record."""
    return Lost(_REASONS.get(error.errno or 0, "unreachable"), str(error), sent=sent)


class Away(Exception):
    """The outbox does not answer now and may later."""


class Withdrawn(Exception):
    """The outbox will never take this call, because somebody else has settled the job."""
