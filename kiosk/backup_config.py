"""The section [backup] of kiosk.toml: where copies of the store are kept, and how long."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from kiosk.paper_config import SECTION


class BackupConfig(BaseModel):
    model_config = SECTION

    folder: str = ""
    every_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = 15
    keep_hours: Annotated[int, Field(strict=True, ge=1, le=720)] = 24
    keep_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 30
