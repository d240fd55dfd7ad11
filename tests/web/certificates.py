"""Certificates for tests, given by an authority of their own, of any age."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.authority import CERTIFICATE_LIFE, Authority, issue, new_authority, pem_of
from kiosk.calendar import utc_now

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("kiosk.example.vn", "127.0.0.1", "localhost")
EXPIRED = CERTIFICATE_LIFE + timedelta(days=1)


@dataclass
class Given:
    """The two files of a certificate, and the authority that gives and renews it."""

    folder: Path
    authority: Authority

    @property
    def files(self) -> tuple[Path, Path]:
        return self.folder / "web.pem", self.folder / "web.key"

    def give(self, age: timedelta = timedelta()) -> None:
        """A new certificate, made that long ago, in the place of the one before."""
        chain, key = issue(self.authority, NAMES, utc_now() - age)
        certificate, secret = self.files
        certificate.write_bytes(chain)
        secret.write_bytes(key)

    def browser(self) -> ssl.SSLContext:
        """What a clerk's PC trusts that has the authority."""
        return ssl.create_default_context(cadata=pem_of(self.authority.certificate).decode())


def given(folder: Path, age: timedelta = timedelta()) -> Given:
    made = Given(folder, new_authority("Test", "Một cửa", NAMES, utc_now() - timedelta(days=1000)))
    made.give(age)
    return made
