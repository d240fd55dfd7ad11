"""Short sentences that several screens share; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.board import SlipState
from kiosk.tickets import counter_runs

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from kiosk.board import Home, ServiceLine
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.state import State


def prints(state: State) -> bool:
    """Whether paper comes out: as the slip of the ticket shown says, else the printer's health."""
    if state.slip is not SlipState.WAITING:
        return state.slip is SlipState.PRINTED
    return not printer_fails(state.home)


def printer_fails(home: Home | None) -> bool:
    """Whether no paper comes out now, as the printer's health says."""
    printer = home.printer if home is not None else None
    return printer is not None and printer.state == "fault"


def ticket_address(centre: Centre, ticket_id: str) -> str:
    """Where a phone follows the ticket; "" when the office has no public address."""
    return f"{centre.public_url}/so/{ticket_id}" if centre.public_url else ""


def at_counters(counters: tuple[int, ...], words: Texts) -> str:
    key = "touch.counter" if len(counters) == 1 else "touch.counters"
    return words.say(key, counters=counter_runs(counters)) if counters else ""


def people_waiting(waiting: int, words: Texts) -> str:
    return words.count("touch.home.waiting", waiting) if waiting else words.say("touch.home.nobody")


def refusal_of(line: ServiceLine, home: Home | None, zone: ZoneInfo, words: Texts) -> str:
    """Why a touch would give no number, and from when one does; "" when it gives one."""
    if line.refusal is None:
        return ""
    if line.refusal == "session_limit_reached" and line.opens_at is not None:
        return words.say("touch.home.full_until", time=opening(line.opens_at, home, zone, words))
    if line.refusal == "service_paused":
        return words.say("touch.home.paused")
    if line.refusal != "closed_hours":
        return words.say("touch.home.full")
    if line.opens_at is None:
        return words.say("touch.home.closed")
    return words.say("touch.home.opens", time=opening(line.opens_at, home, zone, words))


def brief_refusal(line: ServiceLine, home: Home | None, zone: ZoneInfo, words: Texts) -> str:
    """What ``refusal_of`` says, where there is room for a few words."""
    if line.opens_at is None or line.refusal in (None, "limit_reached", "numbers_used_up"):
        return refusal_of(line, home, zone, words)
    if line.refusal == "session_limit_reached":
        return words.say("touch.home.full_now")
    local = line.opens_at.astimezone(zone)
    if home is not None and home.board.at.astimezone(zone).date() == local.date():
        return words.say("touch.home.opens", time=words.clock(local))
    return words.say("touch.home.opens_day", date=words.short_date(local.date()))


def opening(at: datetime, home: Home | None, zone: ZoneInfo, words: Texts) -> str:
    """The hour at which numbers are given again, and the day unless ``home`` was read on it."""
    return words.when(at.astimezone(zone), home.board.at if home else None)


def warning_of(line: ServiceLine, zone: ZoneInfo, words: Texts) -> str:
    """What a box says where counters stand when it gives a number all the same; "" if nothing."""
    if line.warning is None or line.refusal is not None:
        return ""
    return brief_warning(line.warning, line.ends_at, zone, words)


def brief_warning(warning: str, ends_at: datetime | None, zone: ZoneInfo, words: Texts) -> str:
    time = words.clock(ends_at.astimezone(zone)) if ends_at else ""
    return words.say(f"touch.home.{warning}", time=time)


def people_ahead(ahead: int, words: Texts) -> str:
    return words.count("common.people", ahead) if ahead else words.say("touch.ticket.nobody")
