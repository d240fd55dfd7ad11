"""Whatever colours an office chooses: they are refused, or everything can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import load
from kiosk.look import (
    CONTROL,
    TEXT,
    Look,
    Pair,
    contrast,
    eased,
    luminance,
    mixed,
    nearest,
    pairs_of,
    palettes,
    weaknesses,
)
from kiosk.mistakes import BadConfig
from kiosk.texts import texts

if TYPE_CHECKING:
    from kiosk.look_config import LookConfig

SHIPPED = Path(__file__).parents[1] / "kiosk.toml"

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")
LOOKS = st.builds(
    Look,
    action=COLOURS,
    ground=COLOURS,
    emblem_colour=COLOURS,
    board_ground=COLOURS,
    board_call=COLOURS,
)


def unreadable(look: Look) -> list[tuple[str, Pair]]:
    return [
        (name, pair)
        for name, colours in palettes(look).items()
        for pair in pairs_of(name)
        if contrast(colours[pair[0]], colours[pair[1]]) < pair[2]
    ]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21), ("#777777", "#FFFFFF", 4.48), ("#FFFFFF", "#FFFFFF", 1)],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_the_house_s_own_colours_can_be_read() -> None:
    assert weaknesses(Look()) == ()
    assert unreadable(Look()) == []


@given(LOOKS)
def test_colours_are_refused_or_everything_can_be_read(look: Look) -> None:
    assert weaknesses(look) or unreadable(look) == []


@given(LOOKS)
def test_who_takes_the_nearest_colours_has_what_can_be_read(look: Look) -> None:
    mended = replace(look, **{weak.key: weak.near for weak in weaknesses(look)})

    assert weaknesses(mended) == ()
    assert unreadable(mended) == []


@given(LOOKS)
def test_a_refusal_names_a_pair_that_fails(look: Look) -> None:
    for weak in weaknesses(look):
        assert contrast(weak.ink, weak.ground) == weak.ratio < weak.least
        assert getattr(look, weak.key) in (weak.ink, weak.ground)


@given(COLOURS, COLOURS, st.sampled_from([CONTROL, TEXT]))
def test_the_nearest_colour_passes_and_is_the_first_on_its_way(
    colour: str, other: str, least: float
) -> None:
    near = nearest(colour, [(other, least)])

    # Between the two there is a grey from which neither end is seven to one.
    possible = max(contrast("#000000", other), contrast("#FFFFFF", other)) >= least
    assert (contrast(near, other) >= least) is possible
    if contrast(colour, other) >= least:
        assert near == colour


@given(COLOURS, COLOURS, st.floats(0, 1))
def test_a_mixture_lies_between_its_two(one: str, other: str, share: float) -> None:
    low, high = sorted((luminance(one), luminance(other)))
    assert mixed(one, other, 0) == one
    assert mixed(one, other, 1) == other
    # Channels may cross, but none leaves the span of its two.
    assert 0 <= luminance(mixed(one, other, share)) <= 1
    assert eased(one, other, share, [(one, 22.0)]) == one
    assert low <= high


SECTION = """
[look]
action = "{action}"
board_ground = "#FFFFFF"
"""


def read(tmp_path: Path, lines: str) -> LookConfig:
    path = tmp_path / "kiosk.toml"
    shipped = SHIPPED.read_text("utf-8")
    head, _, rest = shipped.partition("[look]")
    path.write_text(head + lines + "\n[display]" + rest.partition("[display]")[2], "utf-8")
    return load(path).look


def refused(tmp_path: Path, lines: str) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, lines)
    return [problem.told(texts("en")) for problem in bad.value.problems]


def test_the_shipped_file_has_the_house_s_own_colours(tmp_path: Path) -> None:
    assert load(SHIPPED).look.chosen(tmp_path.joinpath) == Look()


def test_an_office_chooses_its_colours(tmp_path: Path) -> None:
    config = read(tmp_path, '[look]\naction = "#7a1022"\nemblem = "our.svg"')

    assert config.chosen(tmp_path.joinpath) == Look(action="#7A1022", emblem=tmp_path / "our.svg")


def test_an_emblem_that_cannot_be_shown_is_told_and_stops_nothing(tmp_path: Path) -> None:
    read(tmp_path, '[look]\nemblem = "none.png"')
    config = load(tmp_path / "kiosk.toml")

    (told,) = [flaw.told(texts("en")) for flaw in config.flaws if flaw.where == "look.emblem"]
    assert told == (
        f"look.emblem: the file {tmp_path / 'none.png'} is not there or cannot be read. "
        "Screens show the drawn emblem."
    )


def test_a_colour_that_cannot_be_read_is_refused_with_its_pair_and_the_nearest(
    tmp_path: Path,
) -> None:
    (told,) = refused(tmp_path, '[look]\naction = "#E53935"')

    assert told.startswith("look.action: ")
    assert "#E53935, with #FFFFFF has a contrast of only 4.22:1" in told
    near = told.split('"')[-2]
    assert read(tmp_path, f'[look]\naction = "{near}"').action == near


def test_every_colour_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    lines = '[look]\nground = "#666666"\nboard_ground = "#FFFFFF"\nemblem_colour = "#FFFF00"'

    told = refused(tmp_path, lines)

    places = [one.split(":")[0] for one in told]
    assert places == ["look.ground", "look.emblem_colour", "look.board_ground"]
    assert "or add board_call" in told[2]
    (own,) = refused(tmp_path, '[look]\nboard_ground = "#FFFFFF"\nboard_call = "#FFD54A"')
    assert own.startswith("look.board_call: a call in #FFD54A on the board #FFFFFF")


def test_a_board_without_a_colour_of_its_call_is_refused_once_for_its_ground(
    tmp_path: Path,
) -> None:
    (told,) = refused(tmp_path, '[look]\nboard_ground = "#777777"')
    assert told.startswith("look.board_ground: ")
    near = told.split('"')[-2]
    assert read(tmp_path, f'[look]\nboard_ground = "{near}"').board_ground == near


@pytest.mark.parametrize("value", ["red", "#FFF", "#12345G", "0E2F52"])
def test_what_is_no_colour_is_told(tmp_path: Path, value: str) -> None:
    assert refused(tmp_path, f'[look]\naction = "{value}"') == [
        f'look.action: {value} is no colour. Write # and six hexadecimal digits, such as "#0E2F52".'
    ]
