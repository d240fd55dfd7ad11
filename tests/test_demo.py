"""The demo office: at work when it opens, and every counter free for who tries it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from kiosk.config import load
from kiosk.demo import LOGIN, prepare
from kiosk.office.centre import open_centre
from kiosk.office.hall import read_board
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket

if TYPE_CHECKING:
    from pathlib import Path

PIN = "482913"
LARGE = "".join(
    f'[[service]]\ncode = "K{letter}"\nname = {{ vi = "Lĩnh vực {letter}" }}\nicon = "file"\n'
    f'[[counter]]\nnumber = {number}\nservices = ["K{letter}"]\n'
    for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 20)
)


@pytest.mark.parametrize("more", ["", LARGE], ids=["as it ships", "with 32 counters"])
def test_every_counter_is_open_and_can_be_taken_over(tmp_path: Path, more: str) -> None:
    own = tmp_path / "kiosk.toml"
    shipped = (files("assets") / "demo" / "kiosk.toml").read_text("utf-8")
    head, found, tail = shipped.partition("[[priority]]")
    own.write_text(head + more + found + tail, "utf-8")
    config = load(own)
    prepare(config, PIN)
    centre = open_centre(config)
    try:
        lines = read_board(centre).lines
        assert [line.code for line in lines if not line.open_counters or line.warning] == []
        assert sum(line.waiting for line in lines) == 30
        with centre.database.read() as query:
            slips = query.all("SELECT state, count(*) AS n FROM print_job GROUP BY state")
            given = query.one("SELECT count(*) AS n FROM ticket")
        assert [(row["state"], row["n"]) for row in slips] == [("printed", given["n"])]
        elderly = take_ticket(centre, service="C", priority="NCT", actor="test").place
        assert elderly.ahead == 0
        for number in centre.counters:
            assert sign_in(centre, LOGIN, PIN, number).counter == number
    finally:
        centre.database.close()
