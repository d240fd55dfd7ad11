"""By which name a compositor tells one of our windows from another (xdg_toplevel.set_app_id)."""

from __future__ import annotations

from typing import Final

TOUCH: Final = "motcua-kiosk-touch"


def board(n: int) -> str:
    """Of the board's window on its screen ``n``, counted from 1."""
    return "motcua-kiosk-board" if n == 1 else f"motcua-kiosk-board-{n}"
