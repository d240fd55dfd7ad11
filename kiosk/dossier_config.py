"""The sections of kiosk.toml about dossiers and what is told beside them: [dossiers], [notices] and
[sms]."""

from __future__ import annotations

from pydantic import BaseModel, StrictBool

from kiosk.deadlines import Counting
from kiosk.paper_config import SECTION


class DossiersConfig(BaseModel):
    model_config = SECTION

    counted_by: Counting = Counting.DAY


class NoticesConfig(BaseModel):
    model_config = SECTION

    folder: str = "notices"


class SmsConfig(BaseModel):
    model_config = SECTION

    wishes: StrictBool = False
