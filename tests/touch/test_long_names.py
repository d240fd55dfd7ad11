"""An office of the longest names: 26 services of 120 letters each, and its own too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.tickets import Service
from tests.profile import LONG
from tests.touch.checks import faults_of, look_at
from tests.touch.conftest import SIZES
from tests.touch.contents import fill
from tests.touch.office import office
from tests.touch.scene import labels
from tests.touch.screens import SCREENS
from tests.touch.test_crawl import EVERY, Round, pairwise, visit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.touch.conftest import Open

LETTERS = 120
NAME = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất, chuyển nhượng, "
    "thừa kế, tặng cho, góp vốn, thế chấp"
)[:LETTERS].strip()
ONE_WORD = "Phườngtrungtâm" * 9
OFFICE = f"Trung tâm Phục vụ hành chính công {NAME}"[:LETTERS].strip()
REAL_OFFICE = "Bộ phận Tiếp nhận và Trả kết quả Chi nhánh Văn phòng Đăng ký đất đai khu vực Tân An"
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SERVICES = tuple(
    replace(
        # One has a name in Vietnamese only, and one a name without a space.
        Service(
            code,
            {"vi": ONE_WORD[:LETTERS] if code == "C" else f"{code} {NAME}"[:LETTERS]}
            | ({} if code == "B" else {"en": f"{code} registration of rights {NAME}"[:LETTERS]}),
            "map",
        ),
        returns_results=code == "F",
    )
    for code in PLAIN
)
NAMES = (
    "home",
    "home-no-paper",
    "home-refused",
    "home-after-closing",
    "ticket",
    "ticket-noted",
    "ticket-noted-no-paper",
    "place-waiting",
    "place-noted",
    "place-missed",
    "cancel",
    "closed",
    "ask",
    "dossier-ready",
    "procedure",
)
ROUNDS = [each for each in EVERY if each.language in ("vi", "en")]


def test_the_names_are_as_long_as_they_should_be() -> None:
    assert {len(service.names["vi"]) for service in SERVICES} == {LETTERS}
    assert len(OFFICE) in range(LETTERS - 5, LETTERS + 1)


@pytest.mark.parametrize("size", SIZES)
def test_names_of_120_letters_lie_over_nothing_on_any_screen(
    open_touch: Open, tmp_path: Path, size: str
) -> None:
    centre = office(
        tmp_path / "kiosk.db", SERVICES, public_url="https://mc.vn", name=OFFICE, parent=OFFICE
    )
    fill(centre)
    touch, _ = open_touch(centre, size)
    faults: list[str] = []
    for each in ROUNDS if LONG else _few(size):
        for name in NAMES if each.size == size else ():
            touch.bridge.fold(visit(touch, each))
            SCREENS[name].go(centre, touch.bridge)
            found = faults_of(look_at(touch, SIZES[size][1][0], picture=False, endless=True))
            faults += [f"{'-'.join(each)} {name}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("size", SIZES)
def test_services_of_nearly_the_same_long_name_can_be_told_apart(
    open_touch: Open, tmp_path: Path, size: str
) -> None:
    common = "Tiếp nhận hồ sơ đất đai, môi trường, xây dựng, nhà ở và hạ tầng của tổ chức, nhóm"
    alike = tuple(Service(code, {"vi": f"{common} {code}"}, "map") for code in PLAIN[:12])
    touch, _ = open_touch(office(tmp_path / "kiosk.db", alike, name=OFFICE[:85]), size)
    for mode in ("standard", "big"):
        touch.bridge.fold(visit(touch, Round(mode, "vi", size)))
        QCoreApplication.processEvents()
        shown = [one for one in labels(touch.window.contentItem()) if one.name.startswith(common)]
        assert len(shown) >= 2
        assert not [one.name for one in shown if one.item.property("truncated")], mode


@pytest.mark.parametrize("size", SIZES)
def test_an_office_of_the_longest_real_name_is_named_whole(
    open_touch: Open, tmp_path: Path, size: str
) -> None:
    touch, _ = open_touch(office(tmp_path / "kiosk.db", SERVICES[:6], name=REAL_OFFICE), size)
    for mode in ("standard", "big"):
        touch.bridge.fold(visit(touch, Round(mode, "vi", size)))
        QCoreApplication.processEvents()
        name = next(one for one in labels(touch.window.contentItem()) if one.name == REAL_OFFICE)
        assert not name.item.property("truncated"), mode


def _few(size: str) -> list[Round]:
    """In Vietnamese and as it comes, and with all that makes room scarce."""
    return [
        each for each in pairwise(ROUNDS) if each.size == size and each.mode in ("standard", "all")
    ]
