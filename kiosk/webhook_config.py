"""The [[webhook]] of kiosk.toml, and the files in which their secrets stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, StringConstraints, model_validator

from kiosk.mistakes import KEY, Problem
from kiosk.paper_config import SECTION
from kiosk.webhooks import Webhook, kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LEAST_SECRET: Final = 16
OTHERS: Final = 0o077
"""The rights that nobody but the owner has on a file of secrets."""


def url_of(url: str) -> str:
    """http or https to a host, without user and fragment."""
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        port_is_good = False
    if not port_is_good or not re.fullmatch(r"https?://[!-~]+", url):
        raise ValueError("webhook_url")
    if "@" in parts.netloc:
        raise ValueError("webhook_url_user")
    if not parts.hostname or "#" in url or "\\" in url:
        raise ValueError("webhook_url")
    return url


def _event(pattern: str) -> str:
    if not kinds_of(pattern):
        raise ValueError("webhook_event")
    return pattern


def _some(patterns: tuple[str, ...]) -> tuple[str, ...]:
    if not patterns:
        raise ValueError("empty_list")
    return patterns


def _secret(secret: str | None) -> str | None:
    if secret is not None and len(secret) < LEAST_SECRET:
        raise ValueError("webhook_secret_short")
    return secret


Secret = Annotated[str | None, AfterValidator(_secret)]


class WebhookConfig(BaseModel):
    model_config = SECTION

    name: Annotated[str, StringConstraints(pattern=KEY)]
    url: Annotated[str, AfterValidator(url_of)]
    events: Annotated[tuple[Annotated[str, AfterValidator(_event)], ...], AfterValidator(_some)]
    secret: Secret = None
    secret_file: Annotated[str, StringConstraints(min_length=1)] | None = None

    @model_validator(mode="after")
    def _has_one_secret(self) -> WebhookConfig:
        if (self.secret is None) == (self.secret_file is None):
            raise ValueError("webhook_one_secret")
        return self


def webhooks(
    entries: Sequence[WebhookConfig], beside: Callable[[str], Path]
) -> tuple[Webhook, ...]:
    """As they are told; ``beside`` finds a path that stands beside the file."""
    found = []
    for entry in entries:
        kinds = frozenset[str]().union(*map(kinds_of, entry.events))
        known = secret_of(entry.secret, entry.secret_file, beside)
        found.append(Webhook(entry.name, entry.url, kinds, known))
    return tuple(found)


def secret_mistakes(
    entries: Sequence[WebhookConfig], beside: Callable[[str], Path]
) -> Iterator[Problem]:
    """What is wrong with the files of secrets: the hall works without them."""
    for n, entry in enumerate(entries, 1):
        if entry.secret_file is None:
            continue
        yield from read_secret(f"webhook[{n}].secret_file", entry.secret_file, beside)


def secret_of(secret: str | None, file: str | None, beside: Callable[[str], Path]) -> bytes:
    """As it stands in the configuration or in its file; b"" where that cannot be used."""
    if file is None:
        return (secret or "").encode()
    known = _read(beside(file))
    return known if isinstance(known, bytes) else b""


def read_secret(where: str, file: str, beside: Callable[[str], Path]) -> Iterator[Problem]:
    """What is wrong with a file of a secret, told at its place in the configuration."""
    path = beside(file)
    facts: dict[str, object] = {"path": path, "least": LEAST_SECRET}
    secret = _read(path)
    if isinstance(secret, str):
        yield Problem(where, secret, facts)
    elif path.stat().st_mode & OTHERS:
        yield Problem(where, "webhook_secret_open", facts)


def _read(path: Path) -> bytes | str:
    """The secret, or the key of the sentence that says why there is none."""
    try:
        secret = path.read_bytes().strip()
    except FileNotFoundError:
        return "webhook_secret_absent"
    except OSError:
        return "webhook_secret_unread"
    return secret if len(secret) >= LEAST_SECRET else "webhook_secret_short"
