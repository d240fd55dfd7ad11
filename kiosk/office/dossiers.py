"""Looking a dossier up. Nothing that names a person goes into an event or a log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.dossier_answers import DossierAnswer, answer
from kiosk.dossiers import is_free_code, normalise_code
from kiosk.errors import Refused
from kiosk.office.second_factor import proven
from kiosk.store import dossiers as store

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.scans import CardScan


def look_up(
    centre: Centre,
    code: str,
    secret: str | CardScan | None = None,
    *,
    asker: str = "",
    actor: str = "web",
) -> DossierAnswer:
    """What the code opens, and with the right ``secret``, or its owner's card, also the people.

    A wrong secret is refused exactly as an unknown code, and counted: of the code, and of the
    ``asker`` (a kiosk, device or address). Refused: no_such_dossier, too_many_tries (seconds).
    """
    wanted = normalise_code(code)
    given = secret.strip() if isinstance(secret, str) else secret
    if given:
        dossier = proven(centre, wanted, given, asker=asker, actor=actor)
        return answer(dossier, centre.clock(), centre.working_time, full=True)
    with centre.database.read() as query:
        known = store.find(query, centre.code, wanted) if is_free_code(wanted) else None
        if known is None:
            raise Refused("no_such_dossier")
        known = replace(known, **store.lists(query, centre.code, wanted))
    return answer(known, centre.clock(), centre.working_time, full=False)


def count_dossiers(centre: Centre) -> int:
    with centre.database.read() as query:
        return store.count(query, centre.code)
