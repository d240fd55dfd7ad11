"""Power fails under a whole running hall: what the web had answered, the store still knows."""

from __future__ import annotations

import json
import threading
from random import Random
from typing import TYPE_CHECKING, Any, Final

import psutil
import pytest

from kiosk.office.tickets import take_ticket
from kiosk.store import events
from printer.virtual import VirtualPrinter
from tests.e2e.running import PIN, Hall, free_port, until
from tests.faults.cutting import STATES, cut_often
from tests.faults.disk import CALLS, STRACE, Disk, as_found, read_trace
from tests.faults.findings import found
from tests.profile import chosen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from kiosk.office.centre import Centre
    from tests.faults.cutting import Told
    from tests.faults.disk import Act

CUTS: Final = chosen(100, 5000)
STARTS: Final = chosen(2, 20)
TICKETS: Final = 100
"""Of each of two citizens."""
REACHED: Final = {state: kind for kind, state in STATES.items() if state != "waiting"}
"""What must have happened to a ticket of which somebody was told that it is so."""
STORE: Final = '\n[store]\nurl = "sqlite:///store/kiosk.db"\n'


def record(folder: Path) -> tuple[list[Act], dict[str, str]]:
    """The acts of ``kiosk run`` under people; and by what key each ticket was asked for."""
    store, trace = folder / "store", folder / "trace"
    store.mkdir()
    with VirtualPrinter(tcp=0) as printer:
        hall = Hall(folder, printer.port)
        hall.config.write_text(hall.config.read_text("utf-8") + STORE, "utf-8")
        for login in ("hoa", "an"):
            assert hall.kiosk("clerk", "add", login, "--name", login, given=PIN).returncode == 0
        before = as_found(store)
        hall.start("web", "print", under=(*STRACE, "-D", "-e", f"trace={CALLS}", "-o", str(trace)))
        try:
            hall.wait()
            asked, heard = _people(hall)
            hall.wait_for_device("printer", "ok")
            assert hall.stop() == 0
        finally:
            hall.close()
    until(lambda: not _traced(trace), "all is written down")
    acts = read_trace(trace, store.resolve(), before)
    told = {fact["id"] for fact in _facts(acts)}
    assert heard <= told, "strace has not seen all that was answered"
    moved = [a for a in acts if (a.kind, a.name, a.at) == ("write", "kiosk.db", 0)]
    assert len(moved) > 3, "the log was hardly ever moved into the store"
    return acts, asked


def _traced(trace: Path) -> bool:
    return any(str(trace) in (one.info["cmdline"] or ()) and one.info["name"] == "strace"
               for one in psutil.process_iter(["cmdline", "name"]))  # fmt: skip


def _facts(acts: list[Act]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(
        act.data for act in acts if act.kind == "tell").splitlines()]  # fmt: skip


def _people(hall: Hall) -> tuple[dict[str, str], set[str]]:
    """Two citizens and two clerks, each as fast as the answers come; the key of each ticket, and
    the ids of all tickets that somebody was told of."""
    asked: dict[str, str] = {}
    heard: set[str] = set()
    bugs: list[str] = []

    def citizen(name: str) -> None:
        for n in range(TICKETS):
            key = f"{name}-tap-{n}"
            answer = hall.take(request_id=key)
            asked[answer["id"]] = key
            heard.add(answer["id"])

    def clerk(client: httpx.Client, counter: int) -> None:
        for n in range(TICKETS):
            path = f"/api/counters/{counter}"
            answers = [client.post(f"{path}/next", json={"request_id": f"{counter}-press-{n}"})]
            if answers[0].status_code == 204:
                continue
            steps: tuple[tuple[str, dict[str, str]], ...] = (
                (("start", {}), ("finish", {})), (("park", {}),),
                (("transfer", {"service": "F"}),), (("recall", {}), ("no-show", {})),
            )[n % 4]  # fmt: skip
            answers += [client.post(f"{path}/{step}", json=more) for step, more in steps]
            heard.update(answer.json()["id"] for answer in answers if answer.is_success)

    def run(work: Callable[..., None], *given: object) -> None:
        try:
            work(*given)
        except Exception as error:  # of a thread, told in the test
            bugs.append(repr(error))

    clerks = [(hall.sign_in("hoa", 1), 1), (hall.sign_in("an", 2), 2)]
    threads = [threading.Thread(target=run, args=(citizen, name)) for name in ("lan", "minh")]
    threads += [threading.Thread(target=run, args=(clerk, *one)) for one in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client, _ in clerks:
        client.close()
    assert not bugs
    return asked, heard


def lost(centre: Centre, told: Told) -> str | None:
    """What somebody was answered and the store does not know."""
    with centre.database.read() as query:
        tickets = {row["id"]: row["number"] for row in query.all("SELECT id, number FROM ticket")}
        happened = {
            (row["ticket"], row["kind"]) for row in query.all("SELECT ticket, kind FROM event")
        }
    for fact in told:
        match fact:
            case {"id": ticket, "number": number, "state": state}:
                known = tickets.get(ticket) == number
                known = known and (ticket, REACHED.get(state, "ticket.issued")) in happened
                if not known:
                    return f"the store does not know {fact}"
    return None


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Act], dict[str, str]]:
    return record(tmp_path_factory.mktemp("power"))


def test_a_power_cut_under_a_running_hall_loses_nothing_that_the_web_had_answered(
    recording: tuple[list[Act], dict[str, str]], tmp_path: Path
) -> None:
    acts, asked = recording

    def go_on(centre: Centre, told: Told) -> None:
        """The last tap repeated gives its ticket, a new one a number that nobody has."""
        taps = [fact["id"] for fact in told if fact["id"] in asked]
        if taps:
            again = take_ticket(centre, service="A", actor="web", request_id=asked[taps[-1]])
            assert (again.new, again.place.ticket.id) == (False, taps[-1])
        with centre.database.read() as query:
            given = {row["number"] for row in query.all("SELECT number FROM ticket")}
        assert take_ticket(centre, service="A", actor="touch").place.ticket.number not in given
        with centre.database.read() as query:
            assert events.first_broken(query, centre.code) is None

    findings = cut_often(acts, CUTS, tmp_path / "cuts", lost, go_on)
    findings.are_none(CUTS)
    found(
        "store",
        "the power fails while people take numbers and clerks call them",
        "the writes (strace) of `kiosk run`, its web and its printing process; cut at random"
        " points, unsynced ones torn or gone",
        CUTS,
        "after the next start all that the web had answered still holds",
        f"nothing of {findings.told} answers",
    )


def test_the_hall_itself_starts_on_what_a_power_cut_has_left(
    recording: tuple[list[Act], dict[str, str]], tmp_path: Path
) -> None:
    acts, _ = recording
    random, disk, played = Random(STARTS), Disk(), 0
    for number, point in enumerate(sorted(random.choices(range(len(acts)), k=STARTS))):
        for act in acts[played:point]:
            disk.play(act)
        played = point
        folder = tmp_path / f"{number}"
        (folder / "store").mkdir(parents=True)
        disk.cut(folder / "store", random)
        hall = Hall(folder, free_port())
        hall.config.write_text(hall.config.read_text("utf-8") + STORE, "utf-8")
        hall.start("web")
        try:
            hall.wait()
            told = [json.loads(line) for line in b"".join(disk.told).splitlines()]
            given = {fact["number"] for fact in told}
            assert hall.take()["number"] not in given
            hall.sign_in("hoa", 1).close()
            assert hall.stop() == 0
        finally:
            hall.close()


def test_a_disk_that_syncs_nothing_is_seen_to_damage_the_store(
    recording: tuple[list[Act], dict[str, str]], tmp_path: Path
) -> None:
    findings = cut_often(recording[0], 60, tmp_path / "cuts", lost, lambda _, __: None, syncs=False)

    assert findings.lost
    assert findings.damaged
