"""The section [alerts] of kiosk.toml: who is told when a device breaks; and its secrets."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, Field, model_validator

from kiosk.mailing import Mail
from kiosk.mistakes import Problem
from kiosk.paper_config import SECTION
from kiosk.texts import languages
from kiosk.webhook_config import OTHERS, Secret, read_secret, secret_of, url_of
from kiosk.webhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PASSWORD: Final = "KIOSK_SMTP_PASSWORD"  # noqa: S105 (a name)
"""The variable of the environment that holds the password, where no file does."""
_ADDRESS: Final = re.compile(r"[!-?A-~]+@[A-Za-z0-9.-]+")


def _address(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise ValueError("alerts_address")
    return address


def _language(code: str) -> str:
    if code and code not in languages():
        raise ValueError("alerts_language")
    return code


Address = Annotated[str, AfterValidator(_address)]


class EmailConfig(BaseModel):
    model_config = SECTION

    to: tuple[Address, ...] = ()
    sender: Annotated[str, Field(alias="from")] = ""
    host: str = ""
    port: Annotated[int, Field(strict=True, ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_file: str = ""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> EmailConfig:
        if self.to and not (self.host and _ADDRESS.fullmatch(self.sender)):
            raise ValueError("alerts_email_needs")
        if self.user and self.security == "none" and not _is_here(self.host):
            raise ValueError("alerts_plain_password")
        return self


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class AlertHookConfig(BaseModel):
    model_config = SECTION

    url: Annotated[str, AfterValidator(lambda url: url and url_of(url))] = ""
    secret: Secret = None
    secret_file: str | None = None

    @model_validator(mode="after")
    def _has_one_secret(self) -> AlertHookConfig:
        if self.url and (self.secret is None) == (self.secret_file is None):
            raise ValueError("webhook_one_secret")
        return self


class AlertsConfig(BaseModel):
    model_config = SECTION

    level: Literal["fault", "warning"] = "fault"
    delay_seconds: Annotated[int, Field(strict=True, ge=5, le=3600)] = 60
    language: Annotated[str, AfterValidator(_language)] = ""
    email: EmailConfig = EmailConfig()
    webhook: AlertHookConfig = AlertHookConfig()

    @property
    def has_roads(self) -> bool:
        return bool(self.email.to or self.webhook.url)

    def mail(self, beside: Callable[[str], Path]) -> Mail | None:
        """Where e-mail goes; with an empty password where that cannot be read."""
        email = self.email
        if not email.to:
            return None
        password = _password(email, beside) or ""
        return Mail(
            email.to, email.sender, email.host, email.port, email.security, email.user, password
        )

    def hook(self, beside: Callable[[str], Path]) -> Webhook | None:
        if not self.webhook.url:
            return None
        secret = secret_of(self.webhook.secret, self.webhook.secret_file, beside)
        return Webhook("alerts", self.webhook.url, frozenset(), secret)

    def flaws(self, beside: Callable[[str], Path]) -> Iterator[Problem]:
        """What is wrong with the files of secrets: the hall works without them."""
        email, hook = self.email, self.webhook
        if email.to and email.user:
            where = "alerts.email.password_file"
            path = beside(email.password_file) if email.password_file else None
            # Of the variable only the process knows that sends.
            if path and not path.exists():
                yield Problem(where, "alerts_password_absent", {"path": path})
            elif path and _password(email, beside) is None:
                yield Problem(where, "alerts_password_unread", {"path": path})
            elif path and path.stat().st_mode & OTHERS:
                yield Problem(where, "alerts_password_open", {"path": path})
        if hook.url and hook.secret_file is not None:
            yield from read_secret("alerts.webhook.secret_file", hook.secret_file, beside)

    def unset(self) -> Iterator[Problem]:
        """Whether a password is missing in the environment, for who has that of the hall."""
        email = self.email
        if email.to and email.user and not email.password_file and not os.environ.get(PASSWORD):
            where = "alerts.email.password_file"
            yield Problem(where, "alerts_password_missing", {"name": PASSWORD})


def _password(email: EmailConfig, beside: Callable[[str], Path]) -> str | None:
    """From the file, or from the environment; None where there is none to be had."""
    if email.password_file:
        try:
            known = beside(email.password_file).read_text("utf-8").strip()
        except (OSError, UnicodeError):
            return None
        return known or None
    return os.environ.get(PASSWORD) or None
