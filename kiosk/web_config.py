"""The sections [web] and [public] of kiosk.toml: where pages are, and with which certificate."""

from __future__ import annotations

import re
import socket
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from kiosk.loopback import HERE, is_loopback
from kiosk.mistakes import Problem
from kiosk.paper_config import SECTION

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]


def _public_url(url: str | None) -> str | None:
    if url is None:
        return None
    # A longer one makes a code of which a phone reads nothing from a ticket of 58 mm.
    if len(url) > 200 or not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError("public_url")
    try:
        urlsplit(url)
    except ValueError:
        raise ValueError("public_url") from None
    return url.rstrip("/")


def _letter(key: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]", key):
        raise ValueError("form_letter")
    return key


Letter = Annotated[str, AfterValidator(_letter)]


class KeysConfig(BaseModel):
    """The keys of the clerk's page. Space and Enter always call the next."""

    model_config = SECTION

    next: Annotated[str, AfterValidator(lambda key: key and _letter(key))] = ""
    recall: Letter = "R"
    start: Letter = "S"
    no_show: Letter = "V"
    transfer: Letter = "C"
    park: Letter = "G"
    finish: Letter = "X"
    note: Letter = "K"
    call: Letter = "N"
    appointments: Letter = "H"
    slips: Letter = "I"
    pause: Letter = "P"
    undo: Letter = "U"
    alarm: Letter = "A"

    @model_validator(mode="after")
    def _differ(self) -> KeysConfig:
        pressed = [key for key in self.model_dump().values() if key]
        if len(set(pressed)) < len(pressed):
            raise ValueError("keys_twice")
        return self


class Listening(BaseModel):
    """Where something is served, and with which certificate."""

    model_config = SECTION

    host: Name = "127.0.0.1"
    port: Port = 8080
    certificate: str = ""
    key: str = ""
    plain_http: StrictBool = False

    @property
    def scheme(self) -> Literal["http", "https"]:
        return "https" if self.certificate else "http"

    @property
    def is_withheld(self) -> bool:
        """Whether the network is not served, because what it sent could be read on the way."""
        return not (self.certificate or self.plain_http or is_loopback(self.host))

    @property
    def served_host(self) -> str:
        return HERE if self.is_withheld else self.host


class WebConfig(Listening):
    """What staff and the office's own devices open."""

    public_url: Annotated[str | None, AfterValidator(_public_url)] = None
    lock_minutes: Annotated[int, Field(strict=True, ge=1, le=720)] = 15

    @property
    def address(self) -> str:
        """What is typed on the PC of one of the staff; this machine's name where all its addresses
        are served, for ``kiosk tls init`` puts it into the certificate."""
        host = self.served_host
        if host in ("0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
            host = socket.gethostname()
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


class PublicConfig(Listening):
    """The pages for everybody, which are served only where it is said."""

    enabled: StrictBool = False
    port: Port = 8090

    def beside(self, web: WebConfig) -> PublicConfig:
        """The same with the certificate of the other section, where it needs one and has none."""
        if self.certificate or self.plain_http:
            return self
        return self.model_copy(update={"certificate": web.certificate, "key": web.key})


def web_flaws(web: WebConfig, public: PublicConfig) -> list[Problem]:
    """What keeps the network, or everybody, from being served while the hall goes on."""
    found = []
    if web.is_withheld:
        found.append(Problem("web.host", "plain_http", {"value": web.host}))
    if public.enabled and public.port == web.port:
        found.append(Problem("public.port", "public_port", {"value": public.port}))
    elif public.enabled and public.beside(web).is_withheld:
        found.append(Problem("public.host", "public_plain_http", {"value": public.host}))
    return found
