"""The section [retention] of kiosk.toml: for how many days what tells of people is kept.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 14.1: what is known of a person is erased when its
purpose is fulfilled or its term is over. The law names no number of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, Field

from kiosk.paper_config import SECTION

if TYPE_CHECKING:
    from datetime import datetime

Days = Annotated[int, Field(strict=True, ge=1, le=36500)]

WISHES_KEPT: Final = timedelta(days=180)
"""After so long nobody is told by SMS any more, and the number is gone."""
NOTES_KEPT: Final = timedelta(days=2)
"""A clerk's note of a visit: over the night for a visit that goes on, and a day more."""
TRIES_KEPT: Final = timedelta(days=1)
"""A wrong second factor; it counts for a quarter of an hour (``kiosk.tries``)."""


class RetentionConfig(BaseModel):
    model_config = SECTION

    dossiers_days: Days = 365
    own_dossiers_days: Days = 1825
    silent_dossiers_days: Days = 1825
    links_days: Days = 90
    slips_days: Days = 30
    files_days: Days = 90


@dataclass(frozen=True, slots=True)
class Bounds:
    """Before which moment each kind of what tells of people has to be gone."""

    now: datetime
    ended: datetime
    """An imported dossier, from its end."""
    own: datetime
    """The same for one that was taken in here."""
    silent: datetime
    """A dossier that has not ended and of which nothing was heard."""
    links: datetime
    slips: datetime
    files: datetime


def bounds(kept: RetentionConfig, now: datetime) -> Bounds:
    return Bounds(
        now=now,
        ended=now - timedelta(days=kept.dossiers_days),
        own=now - timedelta(days=kept.own_dossiers_days),
        silent=now - timedelta(days=kept.silent_dossiers_days),
        links=now - timedelta(days=kept.links_days),
        slips=now - timedelta(days=kept.slips_days),
        files=now - timedelta(days=kept.files_days),
    )
