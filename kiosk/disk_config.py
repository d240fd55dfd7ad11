"""The section [disk] of kiosk.toml: from when on a disk that fills up is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from kiosk.disks import DiskRules
from kiosk.paper_config import SECTION

_PLAIN = DiskRules()
Amount = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]


class DiskConfig(BaseModel):
    model_config = SECTION

    warning_mb: Amount = _PLAIN.warning_mb
    fault_mb: Amount = _PLAIN.fault_mb
    warning_files: Amount = _PLAIN.warning_files
    fault_files: Amount = _PLAIN.fault_files

    @model_validator(mode="after")
    def _warns_first(self) -> DiskConfig:
        if self.warning_mb < self.fault_mb or self.warning_files < self.fault_files:
            raise ValueError("disk_order")
        return self

    def rules(self) -> DiskRules:
        return DiskRules(self.warning_mb, self.fault_mb, self.warning_files, self.fault_files)
