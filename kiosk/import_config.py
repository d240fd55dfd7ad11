"""The section [import] of kiosk.toml: where dossiers come from by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from kiosk.import_folder import holds_settings
from kiosk.import_mapping import Words, load_words
from kiosk.mistakes import BadConfig, Problem
from kiosk.paper_config import SECTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def _url(url: str) -> str:
    """http or https to a host, without a user in it: what is secret stands in a file."""
    if not url:
        return url
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
    except ValueError:
        is_good = False
    if not is_good or not parts.hostname or "@" in parts.netloc or not url.isascii():
        raise ValueError("import_url")
    return url


class ImportConfig(BaseModel):
    model_config = SECTION

    folder: str = ""
    keep_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 30
    mapping: str = ""
    url: Annotated[str, AfterValidator(_url)] = ""
    key_file: str = ""
    every_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = 15

    @property
    def has_work(self) -> bool:
        return bool(self.folder or self.url)

    def words(self, beside: Callable[[str], Path]) -> Words:
        """The office's own words; BadConfig where their file has mistakes."""
        return load_words(beside(self.mapping)) if self.mapping else Words()

    def flaws(self, beside: Callable[[str], Path]) -> Iterator[Problem]:
        """What is wrong with the files that it names: the hall works without them."""
        try:
            self.words(beside)
        except BadConfig as bad:
            for problem in bad.problems:
                yield Problem(f"{self.mapping}: {problem.where}", problem.key, problem.facts)
        if self.folder and holds_settings(beside(self.folder)):
            yield Problem("import.folder", "import_folder_own", {"path": beside(self.folder)})
        if self.key_file and self.key(beside) is None:
            path = beside(self.key_file)
            yield Problem("import.key_file", "import_key_unread", {"path": path})

    def key(self, beside: Callable[[str], Path]) -> str | None:
        """What is sent as Authorization; "" for nothing, None where its file cannot be read."""
        if not self.key_file:
            return ""
        try:
            key = beside(self.key_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return key if key.isascii() and key.isprintable() and key else None
