"""How the printer is reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    connection: str = "preview"
    """preview | usb | serial | network | file"""
    host: str = ""
    port: int = 9100
    device: str = ""
    """Path of the serial or usblp device, or of the file that bytes are appended to."""
    baudrate: int = 115200
    paper_mm: int = 80
    dpi: int = 203
    folder: str = ""
    """Where the preview saves its pictures."""
    flow: str = "rtscts"
    """rtscts | xonxoff | none; serial only."""
    replies: bool = True
    """False for a printer that cannot answer: its slips count as printed once they are sent."""

    @property
    def saves(self) -> bool:
        """Whether slips end in a file and not on paper."""
        return self.connection in ("preview", "file")

    @property
    def answers(self) -> bool:
        return self.replies and not self.saves
