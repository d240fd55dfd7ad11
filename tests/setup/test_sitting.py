"""Whatever is typed or sent: it is taken, or refused in a sentence, and the file stays good."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.installation.first_config import first_config
from kiosk.setup.document import problems_in
from kiosk.setup.form import Walk
from kiosk.setup.keeping import recall, remember
from kiosk.setup.machine import Numbers, first_facts
from kiosk.setup.offices import offices
from kiosk.setup.questions import Facts, Found, Screen, by_number, shown
from kiosk.setup.sitting import Sitting
from kiosk.setup.steps import STEPS
from kiosk.shipped import shipped_text
from kiosk.texts import texts
from tests.profile import chosen
from tests.setup.test_steps import OWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.setup.questions import Question

PLACE = Path("/nowhere/kiosk.toml")
THERE = Facts(
    offices=offices(),
    languages=(("vi", "Tiếng Việt"), ("en", "English")),
    seen=True,
    screens=(
        Screen(1, "HDMI-1", "", (1080, 1920), (268.0, 476.4), primary=True),
        Screen(2, "DP-1", "LG", (1920, 1080), None),
    ),
    printers=(Found("network 10.0.0.5:9100", "Ready", ready=True),),
    ports=(Found("/dev/ttyACM0", "Scanner"),),
    outputs=(Found("alsa_output.x", "Hall"), Found("alsa_output.y", "Ears")),
)
ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["1", "2", "9", "1,2", "-", "0", "99", "1e9", "268x476", "h15", "A B", "\x00", "246810",
         "mon-fri 25:00-26:00", "serial a b", "network x:99999", "H15.50.05"]
    ),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.lists(st.one_of(st.text(max_size=3), st.integers()), max_size=3),
    st.none(),
)  # fmt: skip


def sitting(*, own: bool) -> Sitting:
    base = OWN if own else shipped_text()
    facts = Facts(
        **{
            **{name: getattr(THERE, name) for name in Facts.__slots__},
            "file": tomllib.loads(OWN) if own else {},
        }
    )
    return Sitting(PLACE, texts("en"), base, facts)


def good(question: Question) -> object:
    """Something that can be taken."""
    known = {"clerk.login": "lan", "clerk.pin": "246810", "office.unit_code": "H15.50.05"}
    default = known.get(question.id, question.default)
    return "10.0.0.7" if default is None else default


@settings(max_examples=chosen(6, 1000), deadline=None)
@given(data=st.data(), own=st.booleans(), as_typed=st.booleans())
def test_whatever_is_answered_the_file_has_no_mistake(
    data: st.DataObject, own: bool, as_typed: bool
) -> None:
    seat = sitting(own=own)
    for step in STEPS:
        seat.begin(step)
        while (question := seat.next_question(step)) is not None:
            odd: Any = data.draw(ODD)
            odd = by_number(question, odd) if as_typed and isinstance(odd, str) else odd
            before = dict(seat.answers)
            why = seat.give(question, odd)
            assert (question.id in seat.answers) == (not why)
            if why:
                assert seat.answers == before
                refused = seat.give(question, good(question))
                assert not refused, (question.id, refused)
        seat.done.append(step)
    assert problems_in(PLACE, tomllib.loads(seat.text())) == ()
    assert "246810" not in seat.text()


@settings(max_examples=chosen(6, 1000), deadline=None)
@given(data=st.data())
def test_whatever_is_sent_to_the_page_a_form_comes_back(data: st.DataObject) -> None:
    seat = sitting(own=False)
    walk = Walk(seat, tuple(STEPS), Numbers(), _looked=set(STEPS))
    step = data.draw(st.sampled_from(["office", "services", "clerk", "web", "sound"]))
    first = walk.shown(step)
    names = [item.question.id for item in first.items]
    some = st.lists(st.sampled_from(["a", "A", "F", "2", "no", "yes", "ward", "none", "", "\x00"]))
    form = data.draw(st.dictionaries(st.sampled_from([*names, "x"]), some.filter(bool)))
    again = walk.taken(step, form)

    assert again is None or [item.question.id for item in again.items]
    assert problems_in(PLACE, tomllib.loads(seat.text())) == ()


JUNK = st.one_of(ODD, st.dictionaries(st.text(max_size=3), st.integers(), max_size=2))
TOLD = tomllib.loads(shipped_text())


@settings(max_examples=chosen(20, 2000), deadline=None)
@given(data=st.data())
def test_a_file_that_holds_nonsense_is_asked_about_all_the_same(data: st.DataObject) -> None:
    file = dict(TOLD)
    sections = [name for name, held in TOLD.items() if isinstance(held, dict)]
    for name in data.draw(st.lists(st.sampled_from(sections), max_size=6)):
        key = data.draw(st.sampled_from(list(TOLD[name])))
        file[name] = data.draw(st.one_of(st.just({**TOLD[name], key: data.draw(JUNK)}), JUNK))
    for name in ("service", "counter", "group"):
        entries = st.lists(st.dictionaries(st.sampled_from(["code", "number", "name", "services"]),
                                           JUNK, max_size=3), max_size=2)  # fmt: skip
        if data.draw(st.booleans()):
            file[name] = data.draw(st.one_of(entries, JUNK))
    for step in STEPS.values():
        asked = step({}, Facts(file=file, offices=offices()), texts("en"))
        assert all(isinstance(shown(one, one.default), str) for one in asked)


def test_answers_are_kept_between_runs_but_for_secrets(sit: Callable[[], Sitting]) -> None:
    seat = sit()
    for step in ("office", "clerk"):
        while (question := seat.next_question(step)) is not None:
            assert not seat.give(question, good(question))
        seat.done.append(step)
    remember(seat)

    kept = recall(seat.path)
    assert kept is not None
    assert "clerk.pin" not in kept.answers
    other = sit()
    other.restore(kept.answers, kept.done)
    assert other.done == ["office"]
    assert other.answers["office.unit_code"] == "H15.50.05"
    assert other.questions("clerk")[2].default == "lan"


@pytest.mark.parametrize("text", ["", "[]", '{"answers": 3}', '{"answers": {"a": null}}', "\xff"])
def test_a_damaged_record_of_an_earlier_run_is_no_record(path: Path, text: str) -> None:
    path.with_name("kiosk.toml.setup").write_text(text, "latin-1")
    assert recall(path) is None


def test_the_example_of_an_installed_machine_is_nobodys_office(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(first_config(), "utf-8")
    assert first_facts(path).file == {}
    path.write_text(first_config().replace("H15.50.05", "H15.50.06"), "utf-8")
    assert first_facts(path).of("office", "unit_code") == "H15.50.06"
