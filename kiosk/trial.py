"""The next version tries itself before anything is changed, and says in its own words how.

``python -m kiosk.trial KIOSK_TOML COPY``: whether it understands the configuration of this office,
and whether it can bring a copy of the store to its own version and read all of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.commands import centre_of, tell
from kiosk.config import load
from kiosk.errors import Refused
from kiosk.mistakes import BadConfig
from kiosk.office.hall import read_board
from kiosk.processes import BAD_CONFIG, DONE, guarded
from kiosk.store import events
from kiosk.texts import operator_texts


def try_on(path: Path, copy: Path) -> int:
    """Refused("trial_unsound", path): the copy is not whole once it was brought up to date; and
    whatever else keeps the store from being read."""
    try:
        config = load(path)
    except BadConfig as bad:
        tell(bad)
        return BAD_CONFIG
    centre = centre_of(config, f"sqlite:///{copy.absolute()}")
    sound = centre.database.sound()
    with centre.database.read() as query:
        broken = events.first_broken(query, centre.code)
    read_board(centre)
    centre.database.close()
    if not sound or broken is not None:
        raise Refused("trial_unsound", path=copy)
    print(operator_texts().say("update.tried"))
    return DONE


if __name__ == "__main__":
    sys.exit(guarded(lambda: try_on(Path(sys.argv[1]), Path(sys.argv[2]))))
