"""Addresses from which dossiers are fetched, and which version of each is in the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kiosk.import_url import Version
from kiosk.store import import_runs as store

if TYPE_CHECKING:
    from kiosk.import_mapping import Words
    from kiosk.office.centre import Centre


def known(centre: Centre, url: str, words: Words) -> Version:
    """What of it is in the store, as read with these words."""
    with centre.database.read() as query:
        return Version(*store.version(query, centre.code, _digest(url, words)))


def note(centre: Centre, url: str, words: Words, version: Version) -> None:
    with centre.database.write() as query:
        store.set_version(query, centre.code, _digest(url, words), version, centre.clock())


def _digest(url: str, words: Words) -> str:
    """An address may have a secret in it."""
    return hashlib.blake2b(f"{url} {words!r}".encode(), digest_size=16).hexdigest()
