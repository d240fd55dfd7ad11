from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kiosk.calendar import Calendar
from kiosk.errors import Refused
from kiosk.office.calls import call_next, finish
from kiosk.office.clerks import add_clerk
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.simulation import plot
from kiosk.simulation.command import alike, simulate
from kiosk.simulation.figures import study, with_one_less, with_one_more
from kiosk.simulation.hall import Desk
from kiosk.simulation.people import Rate
from kiosk.simulation.plan import rated_scenes
from kiosk.simulation.report import conclusions
from kiosk.texts import texts
from kiosk.tickets import Counter, Hours

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.simulation.figures import Staffing, Study
    from kiosk.texts import Texts
    from tests.hall import Clock

RATES = "hour,service,people,minutes\n8,A,22,5\n9,A,24,5\n10,A,20,5\n9,B,2,6\n9,F,4,2\n"


def simulated(centre: Centre, language: str = "en", **options: object) -> str:
    known: dict[str, object] = {
        "day": None, "days": 20, "rates": None, "runs": 6, "seed": 1, "target": 20, "picture": None,
    }  # fmt: skip
    return simulate(centre, texts(language), **{**known, **options})


@pytest.fixture
def rates(tmp_path: Path) -> Path:
    path = tmp_path / "rates.csv"
    path.write_text(RATES, "utf-8")
    return path


def live_a_day(centre: Centre, clock: Clock, idle: int = 0) -> None:
    """Fifteen people come before the counter opens; each waits for the one before, and for the
    clerk, who goes away for ``idle`` minutes after each."""
    for _ in range(15):
        take_ticket(centre, service="A", actor="touch")
        clock.forward(minutes=2)
    add_clerk(centre, "an", "An", "135790")
    sign_in(centre, "an", "135790", 2)
    for _ in range(15):
        call_next(centre, 2, clerk="an")
        clock.forward(minutes=4)
        finish(centre, 2, clerk="an")
        clock.forward(minutes=idle)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_table_gives_a_report_and_a_picture(
    centre: Centre, rates: Path, tmp_path: Path, language: str
) -> None:
    picture = tmp_path / "plot.png"
    told = simulated(centre, language, rates=rates, picture=picture)
    words = texts(language)

    assert "rates.csv" in told
    assert words.say("cli.simulate.conclusion") in told
    assert words.say("cli.simulate.no_counter_left") in told
    assert centre.services["A"].names[language] in told
    with Image.open(picture) as drawn:
        assert drawn.size[0] == 1800
        colours = drawn.convert("RGB").getcolors(1_000_000)
    assert len(colours) > 50


def test_the_same_seed_says_the_same_and_another_seed_another_chance(
    centre: Centre, rates: Path
) -> None:
    first = simulated(centre, rates=rates)

    assert simulated(centre, rates=rates) == first
    assert simulated(centre, rates=rates, seed=2) != first


def test_recorded_days_are_simulated_and_checked_against_what_was(
    centre: Centre, clock: Clock
) -> None:
    live_a_day(centre, clock)
    told = simulated(centre, day=date(2026, 11, 23))

    assert "after the records of 23/11/2026" in told
    assert "really waited 44 minutes on average; simulating the very same days gives 44" in told


@pytest.mark.parametrize("language", ["vi", "en"])
def test_where_the_simulation_is_not_like_the_days_it_warns_and_advises_nothing(
    centre: Centre, clock: Clock, language: str
) -> None:
    live_a_day(centre, clock, idle=6)
    told = simulated(centre, language, day=date(2026, 11, 23))
    words = texts(language)
    advice = words.say("cli.simulate.says.no_more")

    assert words.say("cli.simulate.unlike", real="86", simulated="44") in told
    assert words.say("cli.simulate.says.no_advice") in told
    assert advice not in told


@pytest.mark.parametrize(
    ("real", "simulated", "so"),
    [
        (1200, 1590, True),
        (1200, 1610, False),
        (1200, 790, False),
        (60, 230, True),
        (60, 250, False),
    ],
)
def test_waits_are_alike_within_a_third_or_three_minutes(
    real: float, simulated: float, so: bool
) -> None:
    assert alike(real, simulated) is so


def test_the_last_recorded_days_are_taken_without_a_day(centre: Centre, clock: Clock) -> None:
    live_a_day(centre, clock)

    assert "after the records of 23/11/2026" in simulated(centre)


def test_without_records_a_table_is_needed(centre: Centre) -> None:
    with pytest.raises(Refused, match="no_recorded_days"):
        simulated(centre)
    with pytest.raises(Refused, match="no_recorded_days"):
        simulated(centre, day=date(2026, 11, 23))


def test_a_day_that_is_not_recorded_is_told_beside_those_that_are(
    centre: Centre, clock: Clock
) -> None:
    live_a_day(centre, clock)
    with pytest.raises(Refused) as refused:
        simulated(centre, day=date(2026, 11, 1))

    assert refused.value.code == "day_not_recorded"
    assert refused.value.facts["known"] == "2026-11-23"


def test_a_picture_that_cannot_be_written_is_refused(
    centre: Centre, rates: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="plot_unwritable"):
        simulated(centre, rates=rates, picture=tmp_path / "none" / "plot.png")


def test_counters_work_in_the_hours_of_their_services(centre: Centre, rates: Path) -> None:
    table = [Rate(8, "A", 5, 3.0), Rate(10, "C", 5, 3.0)]
    scene = rated_scenes(centre, table, date(2026, 11, 23), 1, 1)[0]
    shifts = {desk.counter.number: desk.shifts for desk in scene.desks}

    assert shifts[3] == ((7.5 * 3600, 11.5 * 3600),)
    assert shifts[1] == ((8 * 3600, 11 * 3600),)


@pytest.mark.parametrize("with_hours", ["ABCDF", "AB"])
def test_a_closed_day_is_refused_and_else_the_next_open_one_is_taken(
    centre: Centre, with_hours: str
) -> None:
    week = (Hours(time(8), time(11), frozenset({2})),)
    services = {
        code: replace(entry, hours=week if code in with_hours else ())
        for code, entry in centre.services.items()
    }
    centre = replace(centre, services=services)
    table = [Rate(8, "A", 5, 3.0)]

    with pytest.raises(Refused, match="closed_day"):
        rated_scenes(centre, table, date(2026, 11, 23), 1, 1)
    (scene,) = rated_scenes(centre, table, None, 1, 1)
    assert scene.office.starts_at.astimezone(centre.timezone).date() == date(2026, 11, 24)


def test_the_offices_own_sessions_say_on_which_days_it_works(centre: Centre, rates: Path) -> None:
    services = {code: replace(entry, hours=()) for code, entry in centre.services.items()}
    sessions = (Hours(time(8), time(11), frozenset({2})),)
    centre = replace(centre, services=services, calendar=Calendar(sessions=sessions))
    table = [Rate(8, "A", 5, 3.0)]

    with pytest.raises(Refused, match="closed_day"):
        rated_scenes(centre, table, date(2026, 11, 23), 1, 1)
    (scene,) = rated_scenes(centre, table, None, 1, 1)
    assert scene.office.starts_at.astimezone(centre.timezone).date() == date(2026, 11, 24)
    assert {desk.shifts for desk in scene.desks} == {((8 * 3600, 11 * 3600),)}
    assert "Services without hours" not in simulated(centre, rates=rates)


def found(centre: Centre, runs: int = 12) -> Study:
    table = [Rate(hour, "A", 22, 5.0) for hour in (8, 9, 10)]
    table += [Rate(hour, "F", 3, 2.0) for hour in (8, 9, 10)]
    table += [Rate(8, code, 0) for code in "BCD"]
    return study(rated_scenes(centre, table, date(2026, 11, 23), runs, 1), 1200)


def of(known: Study, services: tuple[str, ...]) -> Staffing:
    return next(group for group in known.staffing if group.services == services)


def test_a_counter_more_helps_where_people_wait_and_nowhere_else(centre: Centre) -> None:
    known = found(centre)
    crowded, quiet = of(known, ("A",)), of(known, ("C", "D", "F"))

    assert crowded.more is not None
    assert crowded.more.clear
    assert crowded.more.seconds < 0
    assert crowded.fewer is not None
    assert crowded.fewer.clear
    assert crowded.fewer.seconds > 0
    assert quiet.more is not None
    assert not quiet.more.clear
    assert quiet.fewer is None


def test_who_is_called_at_all_weighs_more_than_a_wait(centre: Centre) -> None:
    table = [Rate(8, "A", 300, 6.0), *(Rate(8, code, 0) for code in "BCDF")]
    known = study(rated_scenes(centre, table, date(2026, 11, 23), 4, 1), 1200)
    words = texts("en")
    more = of(known, ("A",)).more
    assert more is not None
    told = conclusions(known, centre.services, words, "20", advise=True)

    assert more.left < -5
    wanted = words.say(
        "cli.simulate.says.more_called",
        services=words.name(centre.services["A"].names),
        n=words.number(-round(more.left)),
    )
    assert wanted in told


LATE = "hour,service,people,minutes\n8,A,22,5\n9,A,24,5\n10,A,20,5\n14,C,30,5\n"
TURNED_AWAY = {
    "en": "come when no numbers are given, and are turned away: Đất đai (en) (",
    "vi": "người đến khi không phát số nên không lấy được số: Đất đai (",
}


def advice(told: str, words: Texts, key: str) -> list[str]:
    """The lines that advise, which begin as the sentence does."""
    start = words.say(f"cli.simulate.says.{key}", services="|", then="", now="").partition("|")[0]
    return [line for line in told.splitlines() if start in line]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_who_comes_outside_the_hours_is_told_with_the_service(
    centre: Centre, rates: Path, language: str
) -> None:
    rates.write_text(LATE, "utf-8")
    words = texts(language)
    told = simulated(centre, language, rates=rates)
    (sentence,) = (line for line in told.splitlines() if TURNED_AWAY[language] in line)
    (row,) = (line for line in told.splitlines() if line.strip().startswith("C  Đất đai"))
    count = sentence.rpartition("(")[2].rstrip(").")

    assert 24 < int(count) < 36
    assert f" {count} " in sentence
    assert row.split()[-1] == count
    assert row.split().count("–") == 4
    assert words.say("cli.simulate.head.refused") in told
    rates.write_text(RATES, "utf-8")
    everybody = simulated(centre, language, rates=rates)
    assert TURNED_AWAY[language].partition(":")[0] not in everybody


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_advised_for_services_that_were_not_simulated(
    centre: Centre, rates: Path, language: str
) -> None:
    rates.write_text(LATE, "utf-8")
    words = texts(language)
    told = simulated(centre, language, rates=rates)
    names = [words.name(centre.services[code].names) for code in "ABCDF"]
    a, b, c, d, f = names

    assert words.say("cli.simulate.untold", services=f"{b}, {d}, {f}") in told
    assert words.say("cli.simulate.says.unknown", services=f"{b}, {c}, {d}, {f}") in told
    assert told.count(words.say("cli.simulate.not_simulated", services="B")) == 2
    assert told.count(words.say("cli.simulate.not_simulated", services="C, D, F")) == 2
    assert len(advice(told, words, "more")) == 1
    for line in [*advice(told, words, "more"), *advice(told, words, "fewer")]:
        assert a in line
        assert not [name for name in (b, c, d, f) if name in line]


def test_a_row_of_nobody_makes_a_service_known(centre: Centre, rates: Path) -> None:
    rates.write_text(f"{RATES}9,C,0,\n9,D,0,\n", "utf-8")
    words = texts("en")
    told = simulated(centre, rates=rates)

    assert words.say("cli.simulate.untold", services="|").partition("|")[0] not in told
    assert words.say("cli.simulate.not_simulated", services="|").partition("|")[0] not in told


def test_a_service_to_which_a_simulated_one_leads_is_known(centre: Centre) -> None:
    services = {**centre.services, "A": replace(centre.services["A"], then=("B",))}
    centre = replace(centre, services=services)
    (scene,) = rated_scenes(centre, [Rate(8, "A", 0, 3.0)], None, 1, 1)

    assert scene.unknown == {"C", "D", "F"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_where_nobody_gets_a_number_there_is_nothing_to_advise(
    centre: Centre, rates: Path, tmp_path: Path, language: str
) -> None:
    rates.write_text("hour,service,people,minutes\n14,C,30,5\n", "utf-8")
    words = texts(language)
    picture = tmp_path / "plot.png"
    told = simulated(centre, language, rates=rates, picture=picture)

    assert words.say("cli.simulate.says.nobody") in told
    assert TURNED_AWAY[language] in told
    for key in ("more", "fewer", "no_more", "no_more.known"):
        assert not advice(told, words, key)
    assert picture.exists()


def test_the_picture_says_who_was_turned_away_and_what_was_not_simulated(
    centre: Centre, rates: Path, tmp_path: Path
) -> None:
    heights = []
    for table in (LATE, f"{LATE}9,B,0,\n9,D,0,\n9,F,0,\n"):
        rates.write_text(table, "utf-8")
        simulated(centre, rates=rates, picture=tmp_path / "plot.png")
        with Image.open(tmp_path / "plot.png") as drawn:
            heights.append(drawn.size[1])

    assert heights[0] - heights[1] == plot.NOTE


def test_the_wait_is_told_by_service_and_over_the_target(centre: Centre) -> None:
    known = found(centre)
    everybody = known.whole

    assert {(waits.service, waits.priority) for waits in known.waits} == {("A", ""), ("F", "")}
    assert sum(waits.people for waits in known.waits) == pytest.approx(everybody.people)
    assert everybody.median <= everybody.ninety <= everybody.longest
    assert 0 < everybody.over < 1
    assert max(use.busy for use in known.uses) <= 1
    assert max(map(max, known.lines)) > 3


def test_staffing_changes_only_the_counters_of_one_kind() -> None:
    desks = [
        Desk(Counter(n, services, "hall"), ((0, 60),))
        for n, services in enumerate([("A",), ("B",), ("A",)], 1)
    ]

    assert [desk.counter.number for desk in with_one_less(desks, ("A",))] == [1, 2]
    more = with_one_more(desks, ("B",))[-1]
    assert (more.counter.number, more.counter.services, more.shifts) == (4, ("B",), ((0, 60),))
