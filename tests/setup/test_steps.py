"""What setup asks, and what an answer means in kiosk.toml, without any face or device."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.config import checked
from kiosk.setup.document import (
    meant,
    printer_keys,
    problems_in,
    scanner_keys,
    with_answers,
)
from kiosk.setup.offices import offices, own_office
from kiosk.setup.questions import Choice, Facts, Question, Screen, Unread, by_number, read_answer
from kiosk.setup.steps import STEPS, own_printer, spread
from kiosk.shipped import shipped_text
from kiosk.texts import texts
from kiosk.ui.numbers import physical_mm
from tests.profile import chosen
from tests.test_config import LEAST

if TYPE_CHECKING:
    from kiosk.setup.questions import Value

PLACE = Path("kiosk.toml")
WORDS = texts("en")
OFFICES = offices()
AB = (Choice("a", "Alpha"), Choice("b", "Beta"))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  Một   cửa ", "Một cửa"),
        ("number", "6,5", 6.5),
        ("number", " 70 ", 70),
        ("yes_no", "C", True),
        ("yes_no", "không", False),
        ("millimetres", "268 x 476,4 mm", (268.0, 476.4)),
        ("millimetres", [300, 500.5], (300.0, 500.5)),
        ("choice", "2", "b"),
        ("choice", "a", "a"),
        ("ticks", "2, 1 2", ("b", "a")),
        ("secret", " 246810", " 246810"),
    ],
)
def test_an_answer_is_read_as_people_type_it(kind: Any, typed: object, value: Value) -> None:
    question = Question("q", kind, "?", choices=AB)
    meant = by_number(question, typed) if isinstance(typed, str) else typed
    assert read_answer(question, meant) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", ""),
        ("text", "a\x1b[2J"),
        ("text", "x" * 501),
        ("text", 3),
        ("number", "six"),
        ("number", True),
        ("number", float("inf")),
        ("yes_no", "perhaps"),
        ("millimetres", "268"),
        ("millimetres", ["a", 1]),
        ("choice", "3"),
        ("choice", ["a"]),
        ("ticks", "1 3"),
        ("ticks", []),
        ("ticks", None),
    ],
)
def test_what_is_no_answer_is_told_in_a_sentence(kind: Any, typed: object) -> None:
    question = Question("q", kind, "?", choices=AB)
    meant = by_number(question, typed) if isinstance(typed, str) else typed
    with pytest.raises(Unread) as bad:
        read_answer(question, meant)
    assert WORDS.say(bad.value.key, **bad.value.facts)


@pytest.mark.parametrize("name", OFFICES)
@pytest.mark.parametrize("both", [True, False])
def test_an_office_to_begin_with_is_one_at_once_and_loses_no_comment(name: str, both: bool) -> None:
    base = shipped_text()
    answers: dict[str, Value] = {"services.office": name, "office.name.vi": "Một cửa phường Thử"}
    if both:
        answers["office.name.en"] = "One-stop shop"
    text = with_answers(base, answers, Facts(offices=OFFICES))

    config = checked(PLACE, tomllib.loads(text))
    office = OFFICES[name]
    assert list(config.services()) == [one["code"] for one in office.services]
    assert {n: c.services for n, c in config.counters().items()} == office.served()
    assert config.office.name.get("en") == ("One-stop shop" if both else None)
    comments = [line for line in base.splitlines() if line.startswith("#")]
    assert not [line for line in comments if line not in text.splitlines()]
    assert "\n\n\n" not in text


OWN = """\
# ours
[office]
name = "Một cửa"            # as on the door
unit_code = "H15.50.05"

[queue]
late_minutes = 5 # as the head of office wants

[[service]]
code = "A"
name.vi = "Chứng thực"
daily_limit = 40
[[service]]
code = "X"
name.vi = "Việc riêng"

# the first one by the door
[[counter]]
number = 3
zone = "cua"
[[counter]]
number = 7
services = ["X"]
"""


def test_a_file_that_is_there_keeps_all_that_nobody_was_asked() -> None:
    facts = Facts(file=tomllib.loads(OWN), offices=OFFICES)
    same = with_answers(OWN, {"services.office": "own", "services.on": ("A", "X")}, facts)
    assert same == OWN

    text = with_answers(OWN, {"printer.place": "network 10.0.0.5:9100", "web.reach": "here"}, facts)
    assert text.startswith(OWN.rstrip("\n")[: OWN.index("[[counter]]")])
    config = checked(PLACE, tomllib.loads(text))
    assert (config.printer.host, config.queue.late_minutes) == ("10.0.0.5", 5)

    less = with_answers(
        OWN, {"services.office": "own", "services.on": ("A",), "services.counters": 3}, facts
    )
    config = checked(PLACE, tomllib.loads(less))
    assert config.services()["A"].daily_limit == 40
    assert list(config.counters()) == [3, 7, 8]
    assert config.counters()[3].zone == "cua"
    assert "# the first one by the door" in less

    other = with_answers(OWN, {"services.office": "ward"}, facts)
    service = checked(PLACE, tomllib.loads(other)).services()["A"]
    assert (service.daily_limit, service.icon) == (40, "stamp")


@given(
    name=st.sampled_from(list(OFFICES)),
    off=st.sets(st.integers(0, 12)),
    n=st.integers(1, 99),
)
def test_every_service_has_a_counter_and_every_counter_a_service(
    name: str, off: set[int], n: int
) -> None:
    office = OFFICES[name]
    on = [one["code"] for k, one in enumerate(office.services) if k not in off]
    served = spread(office, on, n)

    assert len(served) == n
    assert all(served.values())
    assert {code for codes in served.values() for code in codes} >= set(on)
    if on:
        assert {code for codes in served.values() for code in codes} == set(on)


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "office.name.vi": st.text("Aạ \"'\\#{}", min_size=1, max_size=9).filter(str.strip),
        "office.parent.vi": st.sampled_from(["", "UBND"]),
        "screens.touch": st.sampled_from(["", "HDMI-1", 'a"b']),
        "screens.boards": st.sampled_from([(), ("DP-1",), ("DP-1", "DP-2")]),
        "screens.touch_mm": st.just((300.0, 500.5)),
        "printer.place": st.sampled_from(
            ["preview", "usb 0dd4:01a8", "serial /dev/ttyS0 9600 none", "cups hall", "scan"]
        ),
        "printer.paper_mm": st.sampled_from(["58", "80"]),
        "scanner.place": st.sampled_from(["none", "keyboard", "serial /dev/ttyACM0"]),
        "sound.card": st.sampled_from(["system", "none", "alsa_output.x"]),
        "sound.volume": st.integers(0, 100),
        "services.office": st.sampled_from(list(OFFICES)),
        "services.counters": st.integers(1, 40),
        "services.sessions": st.sampled_from(["", "mon-fri 07:30-11:30; sat 07:30-11:00"]),
        "backup.folder": st.sampled_from(["none", "/media/usb"]),
        "web.reach": st.sampled_from(["here", "network"]),
    },
)


@settings(max_examples=chosen(20, 2000), deadline=None)
@given(answers=ANSWERS, own=st.booleans())
def test_the_same_answers_again_change_nothing(answers: dict[str, Value], own: bool) -> None:
    """And the file that they make has no mistake."""
    base = OWN if own else shipped_text()
    facts = Facts(file=tomllib.loads(OWN) if own else {}, offices=OFFICES)
    once = with_answers(base, answers, facts)
    assert problems_in(PLACE, tomllib.loads(once)) == ()
    # What is tried at each question means the same as what is written at the end.
    assert meant(tomllib.loads(base), answers, facts) == tomllib.loads(once)

    after = Facts(file=tomllib.loads(once), offices=OFFICES)
    assert tomllib.loads(with_answers(once, answers, after)) == tomllib.loads(once)


@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("network 10.0.0.5", {"connection": "network", "host": "10.0.0.5", "port": 9100}),
        ("usb 0dd4:01a8", {"connection": "usb", "device": "0dd4:01a8"}),
        ("serial /dev/ttyS0", {"connection": "serial", "device": "/dev/ttyS0"}),
    ],
)
def test_a_place_is_what_the_file_has_for_it(place: str, keys: dict[str, Any]) -> None:
    assert printer_keys(place) == keys
    facts = Facts(file={"printer": keys})
    assert printer_keys(own_printer(facts)).items() >= keys.items()


@pytest.mark.parametrize("place", ["", "network", "usb", "fax 12", "serial a b c d", "none"])
def test_what_is_no_place_of_a_printer_is_refused(place: str) -> None:
    with pytest.raises(Unread):
        printer_keys(place)
    if place != "none":
        with pytest.raises(Unread):
            scanner_keys(place)


TOUCH = Screen(1, "HDMI-1", "", (1080, 1920), (268.0, 476.4), primary=True)
HALL = Screen(2, "DP-1", "LG", (1920, 1080), None)


def questions(step: str, facts: Facts, **answers: Value) -> dict[str, Question]:
    given = {name.replace("__", "."): value for name, value in answers.items()}
    return {one.id: one for one in STEPS[step](given, facts, WORDS)}


def test_a_screen_that_tells_its_size_is_not_asked_for_it() -> None:
    asked = questions("screens", Facts(seen=True, screens=(TOUCH, HALL)))

    assert asked["screens.touch"].default == "HDMI-1"
    assert asked["screens.boards"].default == ("DP-1",)
    assert asked["screens.touch_mm"].default == (268.0, 476.4)
    assert not asked["screens.touch_mm"].asked
    assert asked["screens.board_mm"].asked
    other = questions("screens", Facts(seen=True, screens=(TOUCH, HALL)), screens__touch="DP-1")
    assert other["screens.boards"].default == ("HDMI-1",)
    assert other["screens.touch_mm"].asked


def test_without_a_display_only_sizes_are_asked() -> None:
    asked = [one.id for one in questions("screens", Facts()).values() if one.asked]
    assert asked == ["screens.touch_mm", "screens.board_mm", "screens.board_distance"]


@pytest.mark.parametrize(
    ("pixels", "mm", "platform", "told"),
    [
        ((1080, 1920), (268.0, 476.0), "xcb", (268.0, 476.0)),
        ((1080, 1920), (476.0, 268.0), "xcb", (268.0, 476.0)),
        ((1920, 1080), (508.0, 285.8), "xcb", None),
        ((1920, 1080), (0.0, 0.0), "xcb", None),
        ((1920, 1080), (300.0, 300.0), "wayland", None),
        ((1920, 1080), (160.0, 90.0), "xcb", None),
        ((1080, 1920), (1080.0, 1920.0), "wayland", None),
        ((1920, 1080), (1210.0, 680.0), "wayland", (1210.0, 680.0)),
        ((800, 800), (200.0, 200.0), "offscreen", None),
    ],
)
def test_a_size_that_nobody_measured_is_not_believed(
    pixels: tuple[int, int], mm: tuple[float, float], platform: str, told: object
) -> None:
    assert physical_mm(pixels, mm, platform) == told


def test_the_first_of_the_staff_is_needed_and_later_ones_are_offered() -> None:
    first = questions("clerk", Facts())
    assert not first["clerk.add"].asked
    assert first["clerk.pin"].default is None
    later = questions("clerk", Facts(logins=("lan",)))
    assert list(later) == ["clerk.add"]
    assert later["clerk.add"].default is False


def test_the_office_of_a_file_is_known_as_far_as_it_can_be_read() -> None:
    own = own_office(tomllib.loads(LEAST))
    assert own is not None
    assert own.served() == {1: ("A",)}
    for broken in ({}, {"service": []}, {"service": [{"code": "A"}], "counter": ["x"]}):
        assert own_office(broken) is None
