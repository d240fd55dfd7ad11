"""The hall of a machine that systemd runs: begun, and looked at whether it is well."""

from __future__ import annotations

import json
import ssl
import subprocess
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

from kiosk.errors import Unavailable
from kiosk.installation.places import CURRENT, SESSION_UNIT, TARGET
from kiosk.installation.units import SERVICES
from kiosk.loopback import HERE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.config import Config
    from kiosk.installation.steps import Machine

WEB: Final = "kiosk-web.service"
UPDATE: Final = "update"
"""The device that stands in the health record while an update is broken off."""
ASK_SECONDS: Final = 5.0
EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 (what kiosk.toml may say)


def faults(config: Config) -> set[str] | None:
    """Which devices are at fault by the web's own record; None while it does not answer."""
    web = config.web
    host = HERE if web.served_host in EVERYWHERE else web.served_host
    # It is this machine's own; who it is stands in no certificate that we could ask.
    trusting = ssl._create_unverified_context()  # noqa: S323 (loopback)
    address = f"{web.scheme}://{f'[{host}]' if ':' in host else host}:{web.port}/healthz"
    try:
        with urllib.request.urlopen(  # noqa: S310 (http or https, above)
            address, timeout=ASK_SECONDS, context=trusting if web.scheme == "https" else None
        ) as answer:
            told = json.load(answer)
        found = {each["name"] for each in told["devices"] if each["state"] == "fault"}
        # That it is not finished yet speaks neither for the version nor against it.
        return found - {UPDATE}
    except (OSError, ValueError, HTTPException, KeyError, TypeError):
        return None


class BootedHall:
    """``config`` says where the web answers. What is not well already is not the update's."""

    def __init__(self, machine: Machine, config: Config) -> None:
        self._machine, self._config = machine, config
        units = (SESSION_UNIT, *(service.unit for service in SERVICES))
        self._units = tuple(unit for unit in units if self._active(unit))
        self._faults = faults(config) or set()

    def known(self) -> dict[str, list[str]]:
        return {"units": list(self._units), "faults": sorted(self._faults)}

    def measure_by(self, known: Mapping[str, Sequence[str]]) -> None:
        self._units, self._faults = tuple(known["units"]), set(known["faults"])

    def begin(self) -> None:
        """The version's own units come with it, so it is installed as any other. The link has
        moved already, so nothing that is compared would make anybody start anew."""
        self._machine.run((f"{CURRENT}/bin/kiosk", "install", "--no-start"))
        self._machine.run(("systemctl", "restart", TARGET))

    def trouble(self) -> str | None:
        for unit in self._units:
            if not self._active(unit):
                return unit
        if WEB in self._units:
            now = faults(self._config)
            if now is None:
                return "/healthz"
            if worse := now - self._faults:
                return ", ".join(sorted(worse))
        return None

    def starts(self) -> int:
        told = (self._show(unit, "NRestarts") for unit in self._units)
        return sum(int(count) for count in told if count.isdecimal())

    def _active(self, unit: str) -> bool:
        return self._show(unit, "ActiveState") == "active"

    def _show(self, unit: str, what: str) -> str:
        """Unavailable("command_failed")."""
        command = ("systemctl", "show", "--value", f"--property={what}", unit)
        try:
            done = subprocess.run(  # noqa: S603 (ours, no shell)
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
        except OSError as error:
            told = error.strerror
            raise Unavailable("command_failed", command=command[0], told=told) from error
        return done.stdout.strip()
