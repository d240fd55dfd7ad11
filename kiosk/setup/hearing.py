"""Sound for setup, as a process of its own.    python -m kiosk.setup.hearing

Without PCM on standard input (``--list``) it tells the outputs; else it plays what comes, and tells
how that went. Each is one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--card", default="")
    parser.add_argument("--volume", type=float, default=0.8)
    parser.add_argument("--other", action="append", default=[])
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    if given.list:
        from kiosk.ui.outputs import listed

        outputs, main_one = listed()
        told: object = {
            "outputs": [{"key": one.key, "name": one.name} for one in outputs],
            "main": main_one,
        }
    else:
        from display.sound import play_to_end

        pcm = sys.stdin.buffer.read()
        state, reason = play_to_end(pcm, given.volume, given.card, given.other)
        told = {"state": state, "reason": reason}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
