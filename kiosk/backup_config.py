"""The section [backup] of kiosk.toml: where copies of the store are kept, and how long."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field

from kiosk.paper_config import SECTION

_PLACE: Final = re.compile(
    r"file:///[^?#]+|(s3|gs|abs|sftp|webdavs?|nats)://[^:@\s]+(:\d+)?(/[^@\s]*)?"
)


def _stream(url: str) -> str:
    """A place that litestream knows, without what opens it: that stands in the environment."""
    if url and not _PLACE.fullmatch(url):
        raise ValueError("stream_url")
    return url


class BackupConfig(BaseModel):
    model_config = SECTION

    folder: str = ""
    every_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = 15
    keep_hours: Annotated[int, Field(strict=True, ge=1, le=720)] = 24
    keep_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 30
    stream: Annotated[str, AfterValidator(_stream)] = ""
