"""``kiosk simulate``: from the options to the report and the picture."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Final

from kiosk.calendar import local_day
from kiosk.errors import Refused
from kiosk.office.figures import read_day, read_days_before
from kiosk.simulation import plot, report
from kiosk.simulation.figures import study
from kiosk.simulation.hall import run
from kiosk.simulation.people import read_rates
from kiosk.simulation.plan import of_one_day, rated_scenes, recorded_scenes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.simulation.plan import Scene
    from kiosk.texts import Texts


ALIKE: Final = 1 / 3
"""Simulating recorded days anew may give a mean wait that is off by this share of the real one:
about what chance alone does to the wait of a busy hall."""

ALIKE_SECONDS: Final = 180.0
"""And by this much anyway: in a hall where nobody waits long a share says little."""


def simulate(
    centre: Centre,
    words: Texts,
    *,
    day: date | None,
    days: int,
    rates: Path | None,
    runs: int,
    seed: int,
    target: float,
    picture: Path | None,
    progress: Callable[[float], None] = lambda _: None,
) -> str:
    """The report; ``target`` is in minutes. With ``picture`` the chart is saved there.

    From a rate table, else from the recorded ``day``, else from the last ``days`` recorded days.
    Refused: no_recorded_days, rates_unreadable, rates_columns, rates_row, rates_minutes,
    closed_day, plot_unwritable.
    """
    told, advise = [], True
    if rates is not None:
        table = read_rates(rates, centre.services, centre.priorities)
        table = of_one_day(table, centre.queue.day_starts)
        scenes = rated_scenes(centre, table, day, runs, seed)
        on = scenes[0].office.starts_at.astimezone(centre.timezone).date()
        facts = {"runs": words.number(runs), "path": rates.name, "day": words.date(on)}
        source = words.say("cli.simulate.source.rates", **facts)
        always_open = not all(service.hours for service in centre.services.values())
        if always_open and not centre.calendar.sessions:
            last = max(rate.hour for rate in table)
            ends = datetime.combine(on, time()) + timedelta(hours=last + 1)
            told.append(words.say("cli.simulate.no_hours", time=words.clock(ends)))
    else:
        known = (day,) if day else last_days(centre, days)
        as_it_was, scenes = recorded_scenes(centre, known, runs, seed)
        facts = {
            "runs": words.number(runs),
            "days": words.number(len(as_it_was)),
            "first": words.date(min(known)),
            "last": words.date(max(known)),
        }
        one = len(as_it_was) == 1
        source = words.say(f"cli.simulate.source.{'day' if one else 'recorded'}", **facts)
        sentence, advise = _checked(centre, known, as_it_was, words)
        told.append(sentence)
    found = study(scenes, target * 60, progress)
    tables = report.told(found, centre.services, centre.priorities, words, advise=advise)
    lines = [source, *told, "", tables]
    if picture is not None:
        try:
            plot.draw(found, centre.services, words, source, picture)
        except OSError as error:
            raise Refused("plot_unwritable", path=picture) from error
        lines += ["", words.say("cli.simulate.saved", path=picture)]
    return "\n".join(lines)


def last_days(centre: Centre, count: int) -> tuple[date, ...]:
    """The last days on which the office gave numbers; Refused("no_recorded_days").

    Today, which is not over, only where there is no other.
    """
    today = local_day(centre.clock(), centre.timezone)
    known = read_days_before(centre, today, count)
    known = known or read_days_before(centre, today + timedelta(days=1), 1)
    if not known:
        raise Refused("no_recorded_days")
    return known


def _checked(
    centre: Centre, days: Sequence[date], as_it_was: Sequence[Scene], words: Texts
) -> tuple[str, bool]:
    """Whether the simulated hall is like the real one: the mean wait of both on the same days."""
    real = [
        ((stage.first_call or day.end) - stage.began_at).total_seconds()
        for day in (read_day(centre, day) for day in days)
        for visit in day.visits
        for stage in visit.stages
    ]
    again = [
        wait.seconds
        for scene in as_it_was
        for wait in run(scene.office, scene.desks, scene.people).waits
    ]
    facts = {
        "real": report.minutes(fmean(real), words) if real else "–",
        "simulated": report.minutes(fmean(again), words) if again else "–",
    }
    if real and again and not alike(fmean(real), fmean(again)):
        return words.say("cli.simulate.unlike", **facts), False
    return words.say("cli.simulate.check", **facts), True


def alike(real: float, simulated: float) -> bool:
    """Whether two mean waits in seconds are near enough to draw conclusions from the second."""
    return abs(simulated - real) <= max(ALIKE_SECONDS, ALIKE * real)
