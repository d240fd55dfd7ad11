"""What the [printer] section of kiosk.toml says of a printer that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from printer.settings import PrinterSettings


def keys_of(settings: PrinterSettings) -> dict[str, str | int]:
    """The keys of the section that say how the printer is reached."""
    keys: dict[str, str | int] = {"connection": settings.connection}
    match settings.connection:
        case "network":
            return {**keys, "host": settings.host, "port": settings.port}
        case "serial":
            keys |= {"baudrate": settings.baudrate, "flow": settings.flow}
            return {**keys, "device": settings.device}
        case _:
            return {**keys, "device": settings.device}
