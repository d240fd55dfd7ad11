"""The end-of-day summary of a counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import counter_day
from kiosk.counter_day import total
from kiosk.office.forms import frame
from kiosk.store import staff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, timedelta

    from kiosk.counter_day import Tally
    from kiosk.history import Day
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts


def summary_data(
    centre: Centre, number: int, day: date, history: Day, names: Mapping[str, str], words: Texts
) -> dict[str, object]:
    """The summary as ``printer.slips`` wants it; ``names`` are those of the clerks by login."""
    by_service = counter_day.tallies(history, number)
    codes = [code for code in centre.services if code in by_service]
    codes += [code for code in by_service if code not in centre.services]
    there = [names.get(login, login) for login in counter_day.clerks(history, number)]
    return {
        **frame(centre, "summary", words, state=False),
        "counter": words.say("common.counter", counter=number),
        "day": words.long_date(day),
        "totals": _totals(total(by_service.values()), words),
        "facts": _facts(centre, number, history, there, words),
        "heads": [
            words.say("slip.summary.head.called"),
            words.say("slip.summary.head.served"),
            words.say("slip.summary.head.missed"),
            words.say("slip.summary.head.wait"),
            words.say("slip.summary.head.serving"),
        ],
        "services": [
            [_service(centre, code, words), _cells(by_service[code], words)] for code in codes
        ],
        "signers": [[words.say("slip.signer.clerk"), there[0] if len(there) == 1 else ""]],
        "sign_hint": words.say("slip.sign"),
    }


def clerk_names(centre: Centre) -> dict[str, str]:
    with centre.database.read() as query:
        return {row["login"]: row["name"] for row in staff.clerks(query, centre.code)}


def _service(centre: Centre, code: str, words: Texts) -> str:
    service = centre.services.get(code)
    return words.name(service.names) if service else code


def _totals(day: Tally, words: Texts) -> list[list[str]]:
    return [
        [words.say("slip.summary.called"), words.number(day.called)],
        [words.say("slip.summary.served"), words.number(day.served)],
        [words.say("slip.summary.missed"), words.number(day.missed)],
        [words.say("slip.summary.share"), _share(day, day.served, words)],
        [words.say("slip.summary.wait"), _minutes(day.mean_wait, words)],
        [words.say("slip.summary.serving"), _minutes(day.mean_serving, words)],
    ]


def _facts(
    centre: Centre, number: int, history: Day, there: Sequence[str], words: Texts
) -> list[list[str]]:
    times = counter_day.open_times(history, number)
    facts = [[words.say("slip.summary.clerks"), ", ".join(there)]] if there else []
    if times is not None:
        start, end = (words.clock(moment.astimezone(centre.timezone)) for moment in times)
        facts.append([words.say("slip.summary.open"), f"{start}–{end}"])
    return facts


def _cells(day: Tally, words: Texts) -> list[list[str]]:
    unit = words.say("slip.minutes.unit")
    return [
        [words.number(day.called), ""],
        [words.number(day.served), _share(day, day.served, words)],
        [words.number(day.missed), _share(day, day.missed, words)],
        [_figure(day.mean_wait, words), unit],
        [_figure(day.mean_serving, words), unit],
    ]


def _share(day: Tally, part: int, words: Texts) -> str:
    share = day.share(part)
    return "–" if share is None else words.percent(share).replace(" ", "\u00a0")


def _minutes(time: timedelta | None, words: Texts) -> str:
    if time is None:
        return "–"
    return words.say("slip.minutes", n=_figure(time, words))


def _figure(time: timedelta | None, words: Texts) -> str:
    """Minutes with one decimal."""
    return "–" if time is None else words.number(round(time.total_seconds() / 60, 1))
