"""A running kiosk that is killed in the middle of telling another program."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.e2e.running import Hall, until
from tests.receiving import receiving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.receiving import Handler


def test_kill_9_in_the_middle_loses_no_event(tmp_path: Path) -> None:
    taken_before_the_end = 3

    def fail_later(handler: Handler) -> None:
        receiver = handler.server.receiver
        if len(receiver.taken) >= taken_before_the_end:
            handler.say(503)
        else:
            receiver.taken.append(receiver.got[-1])
            handler.say(200)

    hall = Hall(tmp_path, printer=9)
    with receiving() as receiver:
        receiver.answer = fail_later
        (tmp_path / "signage.secret").write_text("a secret of this test", "utf-8")
        (tmp_path / "signage.secret").chmod(0o600)
        hook = f"""
[[webhook]]
name = "signage"
url = "{receiver.url}"
events = ["ticket.issued"]
secret_file = "signage.secret"
"""
        hall.config.write_text(hall.config.read_text("utf-8") + hook, "utf-8")
        hall.start("web")
        hall.wait()
        hall.wait_for_device("webhook signage", "ok")
        numbers = [hall.take()["number"] for _ in range(6)]
        until(lambda: len(receiver.got) > taken_before_the_end, "some are told")
        assert hall.process is not None
        hall.process.send_signal(signal.SIGKILL)
        hall.process.wait()
        receiver.answer = None
        hall.start("web")
        hall.wait()
        numbers.append(hall.take()["number"])
        until(lambda: receiver.taken[-1].told["number"] == numbers[-1], "the rest is told")
        told = [got.told["number"] for got in receiver.taken]
        hall.stop()
    hall.close()
    # At least once, each first time in order.
    assert list(dict.fromkeys(told)) == numbers
