from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.folding import fold
from kiosk.history import Event
from kiosk.simulation.people import (
    Leg,
    Person,
    Rate,
    by_rates,
    read_rates,
    recorded,
    redrawn,
    times_taken,
)
from tests.hall import MORNING, service

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = {"A": service("A", "Chứng thực", then=("F",)), "F": service("F", "Trả kết quả")}
CSV = 'hour,service,people,minutes,priority\n8,A,12,5,\n9,A,"7,5",,NCT\n'
TOML = '[[rate]]\nhour = 8\nservice = "A"\npeople = 12\nminutes = 5\n'


def table(folder: Path, text: str, name: str = "rates.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_rate_table_is_read_as_people_write_it(tmp_path: Path) -> None:
    rates = read_rates(table(tmp_path, "\ufeff" + CSV), SERVICES, ["NCT"])
    with_semicolons = CSV.replace('"7,5"', "7.5").replace(",", ";")

    assert rates == (Rate(8, "A", 12, 5), Rate(9, "A", 7.5, None, "NCT"))
    assert read_rates(table(tmp_path, with_semicolons), SERVICES, ["NCT"]) == rates
    assert read_rates(table(tmp_path, TOML, "r.toml"), SERVICES, []) == rates[:1]
    in_vietnamese = CSV.replace(
        "hour,service,people,minutes,priority", "Giờ,Dịch vụ,Số người,PHÚT,Ưu tiên"
    )
    for hours in (in_vietnamese, in_vietnamese.replace("8,A", "08:00,A").replace("9,A", "9h,A")):
        assert read_rates(table(tmp_path, hours), SERVICES, ["NCT"]) == rates


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("hour,service\n8,A\n", "rates_columns", {"columns": "people"}),
        ("", "rates_unreadable", {}),
        ("hour,service,people\n", "rates_unreadable", {}),
        ("hour,service,people\n8,A,many\n", "rates_row", {"row": 2, "column": "people"}),
        ("hour,service,people\n8,A,nan\n", "rates_row", {"row": 2, "column": "people"}),
        ("hour,service,people\n8,A,1\n25,A,1\n", "rates_row", {"row": 3, "column": "hour"}),
        ("hour,service,people,prio\n8,A,1,NCT\n", "rates_unknown", {"columns": "prio"}),
        ("hour,service,people\n8,A,1,9\n", "rates_unknown", {"columns": "?"}),
        ("hour,service,people\n8:30,A,1\n", "rates_row", {"column": "hour", "usable": "0–23"}),
        ("hour,service,people\n8,X,1\n", "rates_row", {"value": "X", "usable": "A, F"}),
        ("hour,service,people\n8\n", "rates_row", {"column": "service"}),
        ("hour,service,people,minutes\n8,A,1,0\n", "rates_row", {"column": "minutes"}),
        ("hour,service,people,priority\n8,A,1,VIP\n", "rates_row", {"column": "priority"}),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_place(
    tmp_path: Path, text: str, code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        read_rates(table(tmp_path, text), SERVICES, ["NCT"])

    assert refused.value.code == code
    assert facts.items() <= refused.value.facts.items()


def test_a_table_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_such_file"):
        read_rates(tmp_path / "none.csv", SERVICES, [])


@pytest.mark.parametrize("name", ["broken.toml", "picture.csv", "wrong.toml"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str) -> None:
    table(tmp_path, "[[rate", "broken.toml")
    table(tmp_path, "rate = 3", "wrong.toml")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xfe\x00")

    with pytest.raises(Refused, match="rates_unreadable"):
        read_rates(tmp_path / name, SERVICES, [])


def test_rates_bring_as_many_people_as_they_say_each_with_the_journey() -> None:
    rates = [Rate(8, "A", 30, 5.0), Rate(10, "F", 6, 3.0)]
    days = [by_rates(rates, SERVICES, {}, Random(seed)) for seed in range(60)]
    people = [person for day in days for person in day]

    assert fmean(map(len, days)) == pytest.approx(36, rel=0.06)
    assert all(list(day) == sorted(day, key=lambda person: person.at) for day in days)
    assert {tuple(leg.service for leg in person.legs) for person in people} == {("A", "F"), ("F",)}
    certified = [person.legs[0].serve for person in people if len(person.legs) == 2]
    assert fmean(certified) == pytest.approx(300, rel=0.05)
    assert all(8 <= person.at / 3600 < 11 for person in people)


def test_a_service_without_known_times_is_refused() -> None:
    with pytest.raises(Refused, match="rates_minutes"):
        by_rates([Rate(8, "F", 30)], SERVICES, {}, Random(1))
    assert by_rates([Rate(8, "F", 30)], SERVICES, {"F": [60.0]}, Random(1))


def test_another_day_of_the_same_kind_has_about_as_many_people_at_about_the_same_times() -> None:
    people = [Person(28_800 + n * 60.0, "", (Leg("F", 5, n + 1.0),)) for n in range(100)]
    days = [redrawn(people, Random(seed)) for seed in range(40)]

    assert fmean(map(len, days)) == pytest.approx(100, rel=0.05)
    assert len({len(day) for day in days}) > 5
    assert all(
        abs(person.at - 28_800 - (person.legs[0].serve - 1) * 60) <= 300
        for day in days
        for person in day
    )
    assert redrawn([], Random(1)) == ()


def recorded_day() -> tuple[Event, ...]:
    def at(minute: float) -> object:
        return MORNING + timedelta(minutes=minute)

    told = [
        (0, "ticket.issued", "T1", None, {"number": "A001", "service": "A", "priority": "NCT"}),
        (1, "ticket.issued", "T2", None, {"number": "A002", "service": "A"}),
        (2, "ticket.issued", "T3", None, {"number": "A003", "service": "A"}),
        (3, "ticket.called", "T1", 1, {}),
        (4, "ticket.started", "T1", 1, {}),
        (9, "ticket.went_on", "T1", 1, {"to": "F"}),
        (9, "ticket.called", "T2", 1, {}),
        (11, "ticket.no_show", "T2", 1, {}),
        (12, "ticket.called", "T1", 2, {}),
        (14, "ticket.finished", "T1", 2, {}),
    ]
    return tuple(
        Event(seq, at(minute), kind, ticket, counter, None, details)
        for seq, (minute, kind, ticket, counter, details) in enumerate(told, 1)
    )


def test_the_people_of_a_recorded_day_bring_their_times_along() -> None:
    events = recorded_day()
    day = fold(events, events[0].at, events[-1].at)
    took = times_taken([day])
    first, missed, left = recorded(day, MORNING, SERVICES, took, Random(1))

    assert took == {"A": [300.0], "F": [120.0]}
    assert first == Person(0, "NCT", (Leg("A", 60, 300), Leg("F", 0, 120)))
    assert (missed.comes, missed.legs[0].walk) == (False, 120)
    assert (left.comes, left.legs[0].serve) == (True, 300.0)
