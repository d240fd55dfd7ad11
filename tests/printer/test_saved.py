from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from printer.saved import newest, save_slip

if TYPE_CHECKING:
    from pathlib import Path

SLIP = Image.new("1", (576, 40), 1)


class Watched(Image.Image):
    """A picture that looks, while it is saved, at what a reader of the folder would find."""

    def __init__(self, folder: Path, error: OSError | None = None) -> None:
        super().__init__()
        self.folder = folder
        self.error = error
        self.seen: list[str] = []

    def save(self, file: object, format: str | None = None, **_: object) -> None:
        file.write(b"half")  # type: ignore[attr-defined]
        self.seen = [path.name for path in self.folder.glob("slip-*.png")]
        if self.error is not None:
            raise self.error


def test_slips_are_numbered_on_from_the_highest_number_and_past_five_digits(
    tmp_path: Path,
) -> None:
    assert newest(tmp_path) is None
    for before, expected in ((0, 1), (8, 9), (99_998, 99_999), (0, 100_000), (0, 100_001)):
        if before:
            (tmp_path / f"slip-{before:05}.png").touch()
        assert save_slip(tmp_path, SLIP).name == f"slip-{expected:05}.png"
        assert newest(tmp_path) == tmp_path / f"slip-{expected:05}.png"


def test_a_slip_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    slip = Watched(tmp_path)
    save_slip(tmp_path, slip)

    assert slip.seen == []
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"half"]


def test_a_slip_that_cannot_be_saved_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"):
        save_slip(tmp_path, Watched(tmp_path, OSError("full")))

    assert list(tmp_path.iterdir()) == []


def test_what_a_power_cut_left_half_done_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "slip-00001.part").touch()

    assert save_slip(tmp_path, SLIP).name == "slip-00002.png"
