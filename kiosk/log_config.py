"""The section [log] of kiosk.toml: where the program keeps its log beside standard error."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from kiosk.paper_config import SECTION


class LogConfig(BaseModel):
    model_config = SECTION

    folder: str = ""
    days: Annotated[int, Field(strict=True, ge=1, le=365)] = 14
    megabytes: Annotated[int, Field(strict=True, ge=1, le=1000)] = 10
