"""The second factor of a dossier: the secret on its receipt, last digits, or its owner's card.

Wrong ones are counted in the store, so that neither another process nor a restart forgets them:
by keyed marks, because what somebody typed as a code may be anything.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.dossiers import Dossier, is_free_code, opens, owns
from kiosk.errors import Refused
from kiosk.scans import CardScan
from kiosk.store import dossiers, events, lookups
from kiosk.tries import QUARTER, SECRETS_FROM_ONE, SECRETS_OF_ONE

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tries import Rule

KEY_BYTES: Final = 32


def proven(centre: Centre, code: str, given: str | CardScan, *, asker: str, actor: str) -> Dossier:
    """The whole dossier of a normalised code, for who has its second factor.

    An unknown code takes the same steps as a wrong factor. Refused: no_such_dossier,
    too_many_tries (seconds).
    """
    now = centre.clock()
    with centre.database.write() as query:
        lookups.forget_tries(query, centre.code, now - timedelta(seconds=QUARTER), now)
        marks = _marks(centre, query, code, asker)
        wait = max(_wait(centre, query, mark, rule, now) for mark, rule in marks)
        if wait > 0:
            raise Refused("too_many_tries", seconds=math.ceil(wait))
        dossier = dossiers.find(query, centre.code, code) if is_free_code(code) else None
        if isinstance(given, CardScan):
            right = owns(dossier, given.numbers)
        else:
            right = opens(dossier, given)
        if dossier is not None and right:
            dossier = replace(dossier, **dossiers.lists(query, centre.code, code))
        else:
            for mark, _ in marks:
                lookups.count_try(query, centre.code, mark, now)
        events.append(
            query,
            centre.code,
            now,
            "dossier.opened" if right else "dossier.refused",
            actor=actor,
            dossier=dossier.code if dossier else None,
        )
    if dossier is None or not right:
        raise Refused("no_such_dossier")
    return dossier


def _marks(
    centre: Centre, query: Query, code: str, asker: str
) -> tuple[tuple[str, Rule], tuple[str, Rule]]:
    """What a try is counted for, each with its rule."""
    key = lookups.mark_key(query, centre.code, secrets.token_hex(KEY_BYTES))

    def mark(of: str) -> str:
        return hmac.new(key, of.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    return (mark(f"code {code}"), SECRETS_OF_ONE), (mark(f"from {asker}"), SECRETS_FROM_ONE)


def _wait(centre: Centre, query: Query, mark: str, rule: Rule, now: datetime) -> float:
    """The seconds until the next try."""
    known = lookups.tries(query, centre.code, mark)
    return rule(deque(at.timestamp() for at in known), now.timestamp())
