"""A process that takes dossiers in until it is killed, and says each code once it is kept.

``python -m tests.office.intake_worker STORE NAME HOW_MANY``
"""

from __future__ import annotations

import sys
from dataclasses import replace

from kiosk.office.intake import By, receive
from tests.hall import Clock, centre_of
from tests.office.test_intake import WISH, opened


def main(url: str, name: str, many: str) -> None:
    centre = opened(centre_of(url, Clock(), kiosk=name))
    for n in range(int(many)):
        wish = replace(WISH, request_id=f"{name}-{n}")
        print(receive(centre, wish, by=By(name, name)).dossier.code, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
