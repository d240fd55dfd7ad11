"""Looking a dossier up. Nothing that names a person goes into an event or a log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.dossier_answers import DossierAnswer, answer
from kiosk.dossiers import is_free_code, normalise_code, opens
from kiosk.errors import Refused
from kiosk.store import dossiers as store

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


def look_up(centre: Centre, code: str, secret: str | None = None) -> DossierAnswer:
    """What the code opens, and with the right ``secret`` also the people.

    A wrong secret is refused exactly as an unknown code: Refused("no_such_dossier").
    """
    wanted = normalise_code(code)
    asked = secret.strip() if secret else ""
    with centre.database.read() as query:
        dossier = store.find(query, centre.code, wanted) if is_free_code(wanted) else None
        right = opens(dossier, asked)
        if dossier is None or (asked and not right):
            raise Refused("no_such_dossier")
        dossier = replace(dossier, **store.lists(query, centre.code, wanted))
    return answer(dossier, centre.clock(), centre.working_time, full=right)


def count_dossiers(centre: Centre) -> int:
    with centre.database.read() as query:
        return store.count(query, centre.code)
