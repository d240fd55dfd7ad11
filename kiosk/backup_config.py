"""The section [backup] of kiosk.toml: where copies of the store are kept, and how long."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field

from kiosk.paper_config import SECTION

_BUCKET: Final = re.compile(r"(s3|gs|abs|sftp|webdavs?|nats)://[^:@\s]+(:\d+)?(/[^@\s]*)?")


def _stream(place: str) -> str:
    """A folder, or an address that litestream knows without what opens it: that stands in the
    environment."""
    if "://" in place and not _BUCKET.fullmatch(place):
        raise ValueError("stream_url")
    return place


class BackupConfig(BaseModel):
    model_config = SECTION

    folder: str = ""
    every_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = 15
    keep_hours: Annotated[int, Field(strict=True, ge=1, le=720)] = 24
    keep_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 30
    stream: Annotated[str, AfterValidator(_stream)] = ""
