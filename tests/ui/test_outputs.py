"""Which outputs for sound are there, and whose they are."""

from __future__ import annotations

import pytest

from kiosk.touch_config import TouchConfig
from kiosk.ui.outputs import Output, cards, hall_output, is_of, touch_outputs

TOLD = """\
 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7e10000 irq 32
 1 [Device         ]: USB-Audio - USB Audio Device
                      C-Media Electronics Inc. USB Audio Device at usb-0000:00:14.0-2, full speed
"""
BUILT_IN = Output("alsa_output.pci-0000_00_1f.3.analog-stereo", "Built-in Audio Analog Stereo")
# As a data base of models calls it, and not the card itself.
STICK = Output(
    "alsa_output.usb-C-Media_Electronics_Inc._USB_Audio_Device-00.analog-stereo",
    "CM108 Audio Controller Analog Stereo",
)
HDMI = Output("alsa_output.pci-0000_00_1f.3.hdmi-stereo", "Built-in Audio Digital Stereo (HDMI)")


def test_a_card_is_known_by_the_names_that_it_gives() -> None:
    found = cards(TOLD)
    stick = next(card for card in found if "usb audio device" in card)

    assert len(found) == 2
    assert "c media electronics inc usb audio device" in stick
    assert is_of(STICK, stick)
    assert not any(is_of(BUILT_IN, card) for card in found)


@pytest.mark.parametrize("text", ["", "--- no soundcards ---\n", "\0\n 0 [", "0 []: - \n\n"])
def test_a_machine_without_cards_has_none(text: str) -> None:
    assert cards(text) == frozenset()


@pytest.mark.parametrize(
    ("outputs", "main", "name", "others", "wanted"),
    [
        ([BUILT_IN, STICK], 1, "", (), 1),
        ([BUILT_IN, STICK], 1, "", ("usb audio",), 0),
        ([BUILT_IN, STICK], 1, "", ("cm108",), 0),
        ([BUILT_IN, HDMI], 1, "", ("usb audio",), 1),
        # It was the system's own and has gone.
        ([BUILT_IN, STICK], -1, "", ("usb audio",), 0),
        ([STICK], 0, "", ("usb audio",), None),
        ([BUILT_IN, STICK], 0, STICK.key, (), 1),
        ([BUILT_IN, STICK], 0, STICK.name, (), 1),
        ([BUILT_IN], 0, STICK.key, (), None),
        ([], -1, "", (), None),
    ],
)
def test_calls_go_to_the_card_of_the_hall_and_to_none_of_the_touch_window(
    outputs: list[Output], main: int, name: str, others: tuple[str, ...], wanted: int | None
) -> None:
    assert hall_output(outputs, main, name, others) == wanted


def test_the_touch_window_keeps_only_what_it_uses() -> None:
    named = {"speaker": "Stick", "earphones_device": "USB"}

    assert touch_outputs(TouchConfig()) == ()
    assert touch_outputs(TouchConfig(**named, earphones="plug")) == ("USB", "Stick")
    assert touch_outputs(TouchConfig(**named)) == ("Stick",)
    assert touch_outputs(TouchConfig(**named, earphones="plug", speech="none")) == ()
