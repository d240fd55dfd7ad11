"""What the printer can do and how much paper it has used, told to the technician in lines."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from kiosk import troubles
from kiosk.errors import Refused, Unavailable
from kiosk.office.hall import read_running
from kiosk.office.printers import read_printer, remember
from kiosk.office.rolls import read_roll
from kiosk.printing import owned, place_of, settings_of
from kiosk.texts import operator_texts
from printer.errors import Lost
from printer.paragraph import lacking
from printer.probing import probe
from printer.status import PrinterState
from printer.transport import make_transport

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.office.rolls import Roll
    from kiosk.texts import Texts
    from printer.capabilities import Capabilities


def probe_printer(config: Config, centre: Centre) -> str:
    """Asks the printer what it can do, keeps that, and tells it.

    Refused: printer_owned, printer_mute. Unavailable: printer_lost, printer_silent,
    printer_cannot_print; then nothing is kept.
    """
    settings, place = settings_of(config), place_of(config)
    if not settings.answers:
        raise Refused("printer_mute", place=place)
    with owned(config):
        try:
            with closing(make_transport(settings)) as transport:
                transport.open()
                found, known = probe(transport)
        except Lost as lost:
            told = told_lost(lost.reason, lost.detail, operator_texts())
            raise Unavailable("printer_lost", place=place, told=told) from lost
    if found.status.state is PrinterState.UNKNOWN:
        raise Unavailable("printer_silent", place=place)
    if known is None:
        why = troubles.told(found.status.reason, operator_texts())
        raise Unavailable("printer_cannot_print", place=place, told=why)
    remember(centre, place, known)
    return capabilities_report(config, centre)


def told_lost(reason: str, detail: str, words: Texts) -> str:
    """Why a printer cannot be reached, with what the system said of it."""
    return troubles.told(reason, words) + (f" ({detail})" if detail else "")


def capabilities_report(config: Config, centre: Centre) -> str:
    """What is known of the configured printer. Refused: printer_mute."""
    words = operator_texts()
    if not settings_of(config).answers:
        raise Refused("printer_mute", place=place_of(config))
    known = read_printer(centre)
    if known is None:
        return words.say("cli.printer.unknown")
    can = known.capabilities
    at = known.probed_at.astimezone(centre.timezone)
    name = can.name or words.say("cli.printer.nameless")
    lines = [words.say("cli.printer.known", place=known.place, name=name, at=words.when(at))]
    rows = _abilities(can, words)
    width = max(len(what) for what, _ in rows)
    lines += [f"  {what:<{width}}  {answer}" for what, answer in rows]
    lines.append(words.say(f"cli.printer.grade.{_grade(can)}"))
    if can.paper_mm not in (None, config.printer.paper_mm):
        widths = {"theirs": can.paper_mm, "ours": config.printer.paper_mm}
        lines.append(words.say("cli.printer.other_width", **widths))
    if known.place != place_of(config):
        lines.append(words.say("cli.printer.other_place", place=place_of(config)))
    return "\n".join(lines)


def _abilities(can: Capabilities, words: Texts) -> list[tuple[str, str]]:
    yes, no = words.say("cli.printer.yes"), words.say("cli.printer.no")
    return [
        (words.say("cli.printer.can.status"), ", ".join(map(str, can.status)) or no),
        (words.say("cli.printer.can.echo"), yes if can.echo else no),
        (words.say("cli.printer.can.paper"), yes if can.paper else no),
        (words.say("cli.printer.can.auto"), yes if can.auto else no),
        (words.say("cli.printer.can.names"), yes if can.names else no),
        (words.say("cli.printer.can.width"), _width(can, words)),
    ]


def _width(can: Capabilities, words: Texts) -> str:
    return f"{can.paper_mm} mm" if can.paper_mm else words.say("cli.printer.width_unknown")


def _grade(can: Capabilities) -> str:
    """What "printed" will rest on."""
    if can.echo:
        return "ack"
    return "queued" if can.paper else "status"


def queued_report(centre: Centre, sentence: str) -> str:
    """What was queued; with a warning when nothing of this kiosk prints now."""
    words = operator_texts()
    prints = "printer" in read_running(centre)
    return sentence if prints else f"{sentence}\n{words.say('cli.prints_later')}"


def missing_letters(data: object) -> str:
    """The letters anywhere in a slip's data that the font lacks: each prints as an empty box."""
    match data:
        case str():
            return "".join(dict.fromkeys(lacking(data)))
        case Mapping():
            return missing_letters(tuple(data.values()))
        case list() | tuple():
            return "".join(dict.fromkeys("".join(map(missing_letters, data))))
        case _:
            return ""


def roll_report(centre: Centre) -> str:
    roll = read_roll(centre)
    words = operator_texts()
    return told_roll(roll, centre, words) if roll else words.say("cli.printer.no_roll")


def told_roll(roll: Roll, centre: Centre, words: Texts) -> str:
    return words.say(
        "cli.printer.roll",
        metres=words.number(round(roll.millimetres / 1000, 1)),
        slips=words.number(roll.slips),
        since=words.when(roll.since.astimezone(centre.timezone)),
    )
