"""Addresses from which dossiers are fetched, and which version of each is in the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kiosk.import_url import Version
from kiosk.store import import_runs as store

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


def known(centre: Centre, url: str) -> Version:
    with centre.database.read() as query:
        return Version(*store.version(query, centre.code, _digest(url)))


def note(centre: Centre, url: str, version: Version) -> None:
    with centre.database.write() as query:
        store.set_version(query, centre.code, _digest(url), version, centre.clock())


def _digest(url: str) -> str:
    """An address may have a secret in it."""
    return hashlib.blake2b(url.encode(), digest_size=16).hexdigest()
