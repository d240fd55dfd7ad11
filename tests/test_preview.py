from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.office.examples import KINDS
from printer.slip import HEADS

if TYPE_CHECKING:
    from pathlib import Path

LEAST = """
[office]
name = "Một cửa"
unit_code = "H15.50.05"
[[service]]
code = "A"
name.vi = "Chứng thực"
[[counter]]
number = 1
"""


def preview(tmp_path: Path, more: str = "", *options: str) -> tuple[int, str]:
    config = tmp_path / "kiosk.toml"
    config.write_text(LEAST + more, "utf-8")
    done = CliRunner().invoke(app, ["printer", "preview", "--config", str(config), *options])
    return done.exit_code, done.output


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_saved_as_it_will_print_and_told_where(
    kind: str, language: str, tmp_path: Path
) -> None:
    out = tmp_path / "seen.png"
    code, told = preview(tmp_path, "", "--kind", kind, "--language", language, "--out", str(out))

    assert code == 0, told
    assert re.sub(r"\s", "", str(out)) in re.sub(r"\s", "", told)
    with Image.open(out) as picture:
        assert (picture.mode, picture.width) == ("1", 576)
    assert not (tmp_path / "kiosk.db").exists()


def test_the_picture_is_that_of_the_offices_own_printer(tmp_path: Path) -> None:
    for paper in (58, 80):
        for dpi in (180, 203):
            out = tmp_path / f"{paper}-{dpi}.png"
            preview(tmp_path, f"[printer]\npaper_mm = {paper}\ndpi = {dpi}\n", "--out", str(out))
            with Image.open(out) as picture:
                assert picture.width == HEADS[dpi][paper]


def test_what_the_office_chose_is_seen(tmp_path: Path) -> None:
    pictures = []
    for n, more in enumerate(
        (
            "",
            "[ticket]\nletters = 1.3\n",
            '[ticket]\norder = ["number"]\n',
            "[ticket]\nnumber_mm=9\n",
        )
    ):
        out = tmp_path / f"{n}.png"
        assert preview(tmp_path, more, "--out", str(out))[0] == 0
        pictures.append(out.read_bytes())

    assert len(set(pictures)) == 4


@pytest.mark.parametrize(
    ("options", "told"),
    [(("--kind", "tiket"), "receipt"), (("--language", "fr"), "vi")],
)
def test_a_wrong_word_is_told_with_the_right_ones(
    options: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    code, output = preview(tmp_path, "", *options)

    assert code == 2
    assert told in output


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(LEAST, "utf-8")
    out = tmp_path / "no" / "a.png"
    result = CliRunner().invoke(
        app, ["printer", "preview", "--config", str(config), "--out", str(out)]
    )

    assert result.exit_code != 0
    assert getattr(result.exception, "code", None) == "folder_unwritable"
