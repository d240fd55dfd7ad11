"""Changed settings in the trail: what each was, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.store import events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kiosk.office.centre import Centre
    from kiosk.settings import Change


def change_settings(
    centre: Centre, changes: Sequence[Change], keep: Callable[[], object], *, actor: str
) -> None:
    """Writes the changes down and lets ``keep`` write the file, last, so that none is kept that
    stands not in the trail. Raises what ``keep`` raises."""
    clerk = actor.partition("clerk:")[2] or None
    with centre.database.write() as query:
        for change in changes:
            events.append(
                query, centre.code, centre.clock(), "settings.changed", actor=actor, clerk=clerk,
                details={
                    "key": change.key, "old": change.old, "new": change.new, "kiosk": centre.kiosk,
                },
            )  # fmt: skip
        keep()
