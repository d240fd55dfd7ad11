"""A person's keys are told from a scanner's, however either of them types."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.touch.keys import HOLD_SECONDS, Keyboard, Press, Stroke, meaning

ENTER = Stroke("\r", "enter")
CODE = "H15.50.05-261118-0007"


def pressed(
    strokes: list[Stroke], gaps: list[float], double: float = 0.5
) -> tuple[list[bytes], list[Stroke]]:
    """Frames and a person's strokes when each key follows the one before after its gap."""
    keyboard, now = Keyboard(double), 100.0
    frames: list[bytes] = []
    known: list[Stroke] = []
    for stroke, gap in zip(strokes, gaps, strict=True):
        known += keyboard.tick(now + gap - 0.001) if gap > HOLD_SECONDS else []
        now += gap
        frame, strokes_known = keyboard.press(stroke, now)
        known += strokes_known
        frames += [frame] if frame is not None else []
    known += keyboard.tick(now + 10)
    return frames, known


def typed(text: str) -> list[Stroke]:
    return [Stroke(sign) for sign in text]


@given(
    st.text("0123456789*#+-/.ABZ |", min_size=2, max_size=60),
    st.lists(st.sampled_from([0.0, 0.001, 0.02, 0.05]), min_size=61, max_size=61),
    st.sampled_from([[], [ENTER], [Stroke("\t", "tab")], [ENTER, Stroke("\n", "enter")]]),
)
def test_nothing_that_a_scanner_types_is_ever_a_persons(text, gaps, ends) -> None:
    strokes = [*typed(text), *ends]
    frames, known = pressed(strokes, [1.0, *gaps][: len(strokes)])

    assert known == []
    assert len(frames) <= 1


@given(
    st.lists(st.sampled_from("0123456789*#"), min_size=1, max_size=40),
    st.lists(st.floats(0.08, 3), min_size=40, max_size=40),
)
def test_a_persons_keys_are_never_a_scan(keys, gaps) -> None:
    strokes = [*typed("".join(keys)), ENTER]
    frames, known = pressed(strokes, [*gaps[: len(keys)], 0.2], double=0.0)

    assert frames == []
    assert known == strokes


def test_a_scan_is_read_while_somebody_walks() -> None:
    strokes = [Stroke("6"), *typed(CODE), ENTER, Stroke("5")]
    gaps = [1.0, 1.0, *[0.01] * len(CODE), 1.0]
    frames, known = pressed(strokes, gaps)

    assert frames == [CODE.encode()]
    assert known == [Stroke("6"), Stroke("5")]


def test_two_keys_at_once_are_nobodys() -> None:
    assert pressed(typed("56"), [1.0, 0.03]) == ([], [])


def test_a_key_that_strikes_twice_counts_once() -> None:
    same = typed("5555")
    assert pressed(same, [1.0, 0.3, 0.3, 0.3])[1] == [Stroke("5"), Stroke("5")]
    assert pressed(same, [1.0, 0.3, 0.3, 0.3], double=0.2)[1] == same
    assert pressed(typed("5656"), [1.0, 0.3, 0.3, 0.3])[1] == typed("5656")


def test_the_middle_row_is_the_same_on_every_pad() -> None:
    meant = {key: meaning(Stroke(key)) for key in "456"}
    assert meant == {"4": Press.PREVIOUS, "5": Press.CHOOSE, "6": Press.NEXT}


def test_a_key_with_ctrl_or_alt_means_nothing() -> None:
    assert meaning(Stroke("5", "modified")) is None
