"""How the printer is reached."""

from __future__ import annotations

from dataclasses import dataclass

from printer.slip import HEADS


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    connection: str = "preview"
    """preview | usb | serial | network | cups | file"""
    host: str = ""
    port: int = 9100
    device: str = ""
    """Path of the serial or usblp device, "vid:pid" of one reached by libusb, name of the queue of
    CUPS, or path of the file that bytes are appended to."""
    baudrate: int = 115200
    paper_mm: int = 80
    dpi: int = 203
    folder: str = ""
    """Where the preview saves its pictures."""
    flow: str = "rtscts"
    """rtscts | xonxoff | none; serial only."""
    presenter: str = "none"
    """none | present | eject: what a printer that keeps the slip inside does after the cut."""
    buzzer: bool = False
    """Whether each slip is announced by the printer's buzzer."""
    replies: bool = True
    """False for a printer that cannot answer: its slips count as printed once they are sent."""

    @property
    def dots(self) -> int:
        """Across the paper, as the head prints them."""
        return HEADS[self.dpi][self.paper_mm]

    @property
    def saves(self) -> bool:
        """Whether slips end in a file and not on paper."""
        return self.connection in ("preview", "file")

    @property
    def answers(self) -> bool:
        return self.replies and not self.saves and self.connection != "cups"

    @property
    def evidence(self) -> str:
        """What printed rests on where nothing answers."""
        return "saved" if self.saves else "sent"
