"""The staff door as staff meet it, and as everybody else does."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk.config import load
from kiosk.office.clerks import add_clerk, disable_clerk
from kiosk.office.devices import report
from kiosk.office.hall import read_home
from kiosk.office.jobs import mark_sending, next_job, settle
from kiosk.office.tickets import take_ticket
from kiosk.rights import StaffRole
from kiosk.touch.powers import Powers
from kiosk.touch.state import DOOR_SECONDS, Screen
from tests.hall import Clock
from tests.touch.failing import Failing
from tests.touch.office import CODE, office
from tests.touch.scene import at, buttons, press, texts

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open

PIN: Final = "135790"
ROLES: Final = {
    "lan": StaffRole.CLERK,
    "hoa": StaffRole.SUPERVISOR,
    "tu": StaffRole.TECHNICIAN,
}
SHIPPED: Final = Path(__file__).parents[2] / "kiosk.toml"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    made = office(tmp_path / "kiosk.db", clock=clock)
    for login, role in ROLES.items():
        add_clerk(made, login, f"Người {login}", PIN, role)
    return made


def kinds_of(centre: Centre, actor: str = "") -> list[str]:
    """What was written down, in order; of that actor alone."""
    with centre.database.read() as query:
        rows = query.all("SELECT kind, actor FROM event ORDER BY seq")
    return [row["kind"] for row in rows if actor in ("", row["actor"])]


def hold(window: TouchWindow, seconds: Seconds, how_long: float = 3.0) -> None:
    """A finger on the office's sign."""
    sign = QPoint(round(window.window.width() * 0.1), round(window.window.height() * 0.05))
    QTest.mousePress(window.window, Qt.MouseButton.LeftButton, pos=sign)
    seconds.now += how_long
    window.bridge.tick()
    QTest.mouseRelease(window.window, Qt.MouseButton.LeftButton, pos=sign)
    seconds.now += 1


def type_in(window: TouchWindow, seconds: Seconds, qtbot, text: str, then: str) -> None:
    window.window.grabWindow()
    for sign in text:
        press(window.window, sign)
    press(window.window, then)
    # The pauses after wrong PINs go by the same clock.
    answered(window, qtbot)
    seconds.now += 1


def answered(window: TouchWindow, qtbot) -> None:
    qtbot.waitUntil(lambda: window.bridge.state.busy_since is None)


def enter(window: TouchWindow, seconds: Seconds, qtbot, login: str = "hoa", pin: str = PIN) -> None:
    hold(window, seconds)
    type_in(window, seconds, qtbot, login, "Tiếp")
    type_in(window, seconds, qtbot, pin, "Mở")


def inside(window: TouchWindow, seconds: Seconds, qtbot, login: str = "hoa") -> None:
    enter(window, seconds, qtbot, login)
    qtbot.waitUntil(lambda: at(window, "door"))
    seconds.now += 1


def line(window: TouchWindow, *parts: str) -> str:
    """The spoken name of the line that has all of these in it."""
    window.window.grabWindow()
    names = [piece.name for piece in buttons(window.window.contentItem())]
    found = [name for name in names if all(part in name for part in parts)]
    assert len(found) == 1, (parts, names)
    return found[0]


def choose(window: TouchWindow, seconds: Seconds, qtbot, *parts: str) -> None:
    seconds.now += 1
    press(window.window, line(window, *parts))
    answered(window, qtbot)


def test_a_short_touch_of_the_sign_opens_nothing(open_touch: Open, centre, qtbot) -> None:
    window, seconds = open_touch(centre)
    hold(window, seconds, 2.9)
    seconds.now += 5
    window.bridge.tick()
    short = at(window, "home")
    hold(window, seconds)

    assert short
    assert at(window, "staff")
    assert "Công dân vui lòng bấm Quay lại." in " ".join(texts(window.window))


def test_a_key_that_is_held_is_the_other_way(open_touch: Open, centre) -> None:
    window, seconds = open_touch(centre)
    QTest.keyPress(window.window, Qt.Key.Key_F10)
    seconds.now += 3
    window.bridge.tick()
    QTest.keyRelease(window.window, Qt.Key.Key_F10)

    assert at(window, "staff")


def test_the_pin_is_shown_nowhere_and_kept_nowhere(open_touch: Open, centre, qtbot) -> None:
    window, seconds = open_touch(centre)
    hold(window, seconds)
    type_in(window, seconds, qtbot, "hoa", "Tiếp")
    window.window.grabWindow()
    for sign in PIN:
        press(window.window, sign)
        assert window.bridge.view.keypad.entry == "•" * len(window.bridge.state.entry)
    typed = repr(window.bridge.view) + repr(window.bridge.state)
    press(window.window, "Mở")
    answered(window, qtbot)

    assert PIN not in typed
    assert window.bridge.state.entry == ""
    assert at(window, "door")


def test_wrong_pins_are_told_written_down_and_slowed_as_everywhere(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(centre)
    hold(window, seconds)
    type_in(window, seconds, qtbot, "hoa", "Tiếp")
    for _ in range(5):
        type_in(window, seconds, qtbot, "000000", "Mở")
    told = "Tên đăng nhập hoặc mã PIN không đúng." in texts(window.window)
    seconds.now -= 1
    type_in(window, seconds, qtbot, PIN, "Mở")
    slowed = "Sai quá nhiều lần." in " ".join(texts(window.window))
    seconds.now += 60
    type_in(window, seconds, qtbot, PIN, "Mở")

    assert told
    assert slowed
    assert at(window, "door")
    kinds = kinds_of(centre)
    assert kinds.count("clerk.refused") == 5
    assert kinds[-1] == "door.opened"


@pytest.mark.parametrize(
    ("login", "pages"),
    [
        ("lan", {"Tình trạng thiết bị", "Giấy và phiếu"}),
        ("tu", {"Tình trạng thiết bị", "Giấy và phiếu", "Âm lượng gọi số", "Máy"}),
        (
            "hoa",
            {"Tình trạng thiết bị", "Giấy và phiếu", "Âm lượng gọi số", "Cấp số", "Máy"},
        ),
    ],
)
def test_each_post_finds_what_it_may_do(
    open_touch: Open, centre, qtbot, login: str, pages: set[str]
) -> None:
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot, login)

    assert {row.title for row in window.bridge.door_bridge.view.rows.lines} == pages


def test_health_tells_what_is_wrong_since_when_and_what_to_do(
    open_touch: Open, centre, qtbot
) -> None:
    report(centre, "printer", "fault", "paper_out")
    report(centre, "sound", "ok")
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot, "lan")
    qtbot.waitUntil(lambda: "1 thiết bị cần xem" in texts(window.window))
    choose(window, seconds, qtbot, "Tình trạng thiết bị")
    before = texts(window.window)
    report(centre, "printer", "ok")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "Hết giấy" not in " ".join(texts(window.window)))

    assert "Hết giấy. Hãy thay cuộn giấy. Từ 08:42." in before
    assert before.count("Sẵn sàng") == 1


def test_a_test_page_and_a_marked_reprint_wait_for_the_printer(
    open_touch: Open, centre, qtbot
) -> None:
    take_ticket(centre, service="A", actor="test")
    job = next_job(centre)
    assert job is not None
    mark_sending(centre, job.id)
    settle(centre, job.id, "unknown", reason="paper_out")
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot, "lan")
    choose(window, seconds, qtbot, "Giấy và phiếu")
    choose(window, seconds, qtbot, "Trang thử")
    told = "Trang thử đã vào hàng chờ in." in texts(window.window)
    test = next_job(centre)
    assert test is not None
    mark_sending(centre, test.id)
    settle(centre, test.id, "printed", "ack")
    choose(window, seconds, qtbot, "In lại", "A001")

    assert told
    assert test.slip == "test"
    again = next_job(centre)
    assert again is not None
    assert again.data is not None
    assert again.data["copy_mark"] == "BẢN IN LẠI 1"
    assert {"job.tested", "job.reprinted"} <= set(kinds_of(centre, actor="clerk:lan"))
    assert "Đang chờ in · BẢN IN LẠI 1" in texts(window.window)


def test_services_are_paused_for_the_day_one_or_all_and_people_are_told(
    open_touch: Open, centre, clock: Clock, qtbot
) -> None:
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot)
    choose(window, seconds, qtbot, "Cấp số")
    choose(window, seconds, qtbot, "Tạm ngừng", "Hộ tịch")
    one = {row.code: row.refusal for row in read_home(centre).board.lines}
    choose(window, seconds, qtbot, "Tạm ngừng", "Tất cả dịch vụ")
    every = {row.refusal for row in read_home(centre).board.lines}
    seconds.now += 1
    press(window.window, "Quay lại")
    seconds.now += 1
    press(window.window, "Xong")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: texts(window.window).count("Tạm ngừng cấp số") == 6)
    seconds.now += 1
    press(window.window, line(window, "Chứng thực"))

    assert one == dict.fromkeys("ACDEF") | {"B": "service_paused"}
    assert every == {"service_paused"}
    assert at(window, "paused")
    clock.forward(days=1)
    assert {row.refusal for row in read_home(centre).board.lines} == {None}
    assert kinds_of(centre, actor="clerk:hoa").count("hall.services_paused") == 2


def test_the_volume_of_the_hall_is_kept_in_kiosk_toml_and_in_the_trail(
    open_touch: Open, centre, tmp_path: Path, qtbot
) -> None:
    path = tmp_path / "kiosk.toml"
    shutil.copy(SHIPPED, path)
    window, seconds = open_touch(centre, powers=Powers(config=path))
    inside(window, seconds, qtbot, "tu")
    qtbot.waitUntil(lambda: window.bridge.door_bridge.state.facts.volume == 0.8)
    choose(window, seconds, qtbot, "Âm lượng")
    choose(window, seconds, qtbot, "To hơn")

    assert load(path).board.volume == 0.9
    assert "Hiện nay 90 %" in texts(window.window)
    with centre.database.read() as query:
        (row,) = query.all("SELECT * FROM event WHERE kind = 'settings.changed'")
    assert row["actor"] == "clerk:tu"
    assert '"board.volume"' in row["details"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (True, "Loa đang đọc lời gọi thử."),
        (False, "Loa đang gọi số khác. Xin thử lại sau ít giây."),
    ],
)
def test_a_new_volume_can_be_listened_to_before_the_door_is_left(
    open_touch: Open, centre, tmp_path: Path, qtbot, said: bool, told: str
) -> None:
    path, heard = tmp_path / "kiosk.toml", []
    shutil.copy(SHIPPED, path)

    def sample(volume: float) -> bool:
        heard.append(volume)
        return said

    window, seconds = open_touch(centre, powers=Powers(config=path, sample=sample))
    inside(window, seconds, qtbot, "tu")
    qtbot.waitUntil(lambda: window.bridge.door_bridge.state.facts.volume == 0.8)
    choose(window, seconds, qtbot, "Âm lượng")
    choose(window, seconds, qtbot, "Nhỏ hơn")
    choose(window, seconds, qtbot, "Lời gọi thử")

    assert heard == [0.7]
    assert told in texts(window.window)


def test_a_kiosk_toml_with_mistakes_is_left_as_it_is(
    open_touch: Open, centre, tmp_path: Path, qtbot
) -> None:
    path = tmp_path / "kiosk.toml"
    shutil.copy(SHIPPED, path)
    window, seconds = open_touch(centre, powers=Powers(config=path))
    inside(window, seconds, qtbot, "tu")
    qtbot.waitUntil(lambda: window.bridge.door_bridge.state.facts.volume == 0.8)
    choose(window, seconds, qtbot, "Âm lượng")
    spoilt = path.read_text("utf-8").replace("volume = 0.8", "volume = 80")
    path.write_text(spoilt, "utf-8")
    choose(window, seconds, qtbot, "To hơn")

    assert "Không ghi được: kiosk.toml có lỗi hoặc không đọc được." in texts(window.window)
    assert path.read_text("utf-8") == spoilt


def test_what_ends_everything_asks_twice(open_touch: Open, centre, tmp_path: Path, qtbot) -> None:
    done: list[str] = []
    mark = tmp_path / "off"
    powers = Powers(power_off=("touch", str(mark)), restart=lambda: done.append("restart"))
    window, seconds = open_touch(centre, powers=powers)
    inside(window, seconds, qtbot, "tu")
    choose(window, seconds, qtbot, "Máy", "Khởi động lại chương trình")
    choose(window, seconds, qtbot, "Tắt máy")
    choose(window, seconds, qtbot, "Khởi động lại")
    early = (list(done), mark.exists())
    choose(window, seconds, qtbot, "Chắc chắn", "Chương trình")
    choose(window, seconds, qtbot, "Tắt máy")
    choose(window, seconds, qtbot, "Chắc chắn", "Máy tính")

    assert early == ([], False)
    assert done == ["restart"]
    assert mark.exists()
    assert {"door.restarted", "door.shut_down"} <= set(kinds_of(centre, actor="clerk:tu"))


@pytest.mark.parametrize("command", [("false",), ("/no/such/program",)])
def test_a_system_that_lets_nobody_shut_it_down_is_told(
    open_touch: Open, centre, qtbot, command: tuple[str, ...]
) -> None:
    window, seconds = open_touch(centre, powers=Powers(power_off=command))
    inside(window, seconds, qtbot, "tu")
    choose(window, seconds, qtbot, "Máy", "Khởi động lại chương trình")
    choose(window, seconds, qtbot, "Tắt máy")
    choose(window, seconds, qtbot, "Chắc chắn")

    assert "Hệ thống không cho phép tắt máy từ đây." in " ".join(texts(window.window))


def test_an_account_that_was_shut_meanwhile_does_nothing_more(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot)
    choose(window, seconds, qtbot, "Cấp số")
    disable_clerk(centre, "hoa")
    choose(window, seconds, qtbot, "Tạm ngừng", "Hộ tịch")

    assert "Tài khoản này không còn được làm việc đó." in texts(window.window)
    assert {row.refusal for row in read_home(centre).board.lines} == {None}


@pytest.mark.parametrize("leaves", ["idle", "scan", "done"])
def test_the_door_shuts_behind_whoever_goes(open_touch: Open, centre, qtbot, leaves: str) -> None:
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot)
    seconds.now += DOOR_SECONDS - 3
    window.bridge.tick()
    warned = window.bridge.view.warn.shown
    if leaves == "idle":
        seconds.now += 5
        window.bridge.tick()
    elif leaves == "scan":
        window.scanned(CODE.encode())
        qtbot.waitUntil(lambda: not at(window, "door"))
    else:
        window.bridge.stay()
        press(window.window, "Xong")
    qtbot.waitUntil(lambda: kinds_of(centre)[-1] == "door.closed")

    assert warned
    assert window.bridge.door_bridge.state.clerk is None
    window.bridge.fold(replace(window.bridge.state, screen=Screen.DOOR))
    assert window.bridge.door_bridge.view.rows.lines == ()


def test_nothing_of_a_citizen_stands_behind_the_door(open_touch: Open, centre, qtbot) -> None:
    take_ticket(centre, service="A", actor="test", priority="NCT")
    window, seconds = open_touch(centre)
    inside(window, seconds, qtbot)
    seen = []
    for page in ("Tình trạng", "Giấy và phiếu", "Âm lượng", "Cấp số", "Khởi động lại chương"):
        choose(window, seconds, qtbot, page)
        window.window.grabWindow()
        seen += texts(window.window)
        seconds.now += 1
        press(window.window, "Quay lại")

    assert not re.search(r"cao tuổi|NCT|H15\.50", " ".join(seen))


def test_without_a_store_the_lock_says_why_it_stays_shut(open_touch: Open, centre, qtbot) -> None:
    failing = Failing(centre.database)
    window, seconds = open_touch(replace(centre, database=failing))
    failing.down = True
    window.bridge.refresh()
    qtbot.waitUntil(lambda: at(window, "unavailable"))
    seen = texts(window.window)
    enter(window, seconds, qtbot)

    assert "Mã sự cố cho nhân viên: store_full" in seen
    assert at(window, "staff_pin")
    assert "Cơ sở dữ liệu không trả lời" in " ".join(texts(window.window))
