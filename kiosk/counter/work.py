"""A clerk's work at the window: what a press asks of the server, and what its answer changes.

Nothing is assumed: after a lost answer the stream begins anew and says how things are. The same
behaviour as the clerk's page has (kiosk/web/static/clerk.js). One thread calls all of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from kiosk.counter.after import after
from kiosk.counter.changes import BEGUN, LOST, OVER
from kiosk.counter.client import Lost, Said
from kiosk.counter.desk import read_desk, read_dossier, read_office
from kiosk.counter.orders import Order, order_of
from kiosk.counter.state import (
    Link,
    Screen,
    Sheet,
    State,
    Unfinished,
    allowed,
    begun,
    cut,
    heard,
    locked,
    present,
    signed_out,
)
from kiosk.texts import texts
from kiosk.tickets import TicketState, new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.counter.client import Client

TRIES: Final = 3
AGAIN_SECONDS: Final = 1.5
TWICE_SECONDS: Final = 0.4
"""So soon nobody has seen who was called: a hand that trembles presses twice."""
STAY_SECONDS: Final = 60.0
OPENING: Final = {"transfer": Sheet.TRANSFER, "park": Sheet.HOLD}


class Stream(Protocol):
    """What hears the changes: kiosk.counter.changes.Changes."""

    def follow(self) -> None: ...

    def rest(self) -> None: ...


class Desk(Protocol):
    """Who holds the state, shows it, and lets answers and time come back on its own thread."""

    state: State

    def fold(self, state: State) -> None: ...

    def now(self) -> float: ...

    def ask(self, order: Order, done: Callable[[Said | Lost], None]) -> None: ...

    def later(self, seconds: float, call: Callable[[], None]) -> None: ...


class Work:
    """One action at a time; ``stream`` is set before anybody signs in."""

    stream: Stream

    def __init__(self, desk: Desk, client: Client, *, again_seconds: float = AGAIN_SECONDS) -> None:
        self._desk = desk
        self._client = client
        self._again = again_seconds
        self._stayed = -STAY_SECONDS
        self._called = -TWICE_SECONDS
        self._asking_office = False
        self._looked_up: str | None = None

    @property
    def state(self) -> State:
        return self._desk.state

    # Hearing

    def heard(self, name: str, said: Mapping[str, Any]) -> None:
        """One event of the stream, or what became of the stream itself."""
        state = self.state
        if state.screen in (Screen.SIGN_IN, Screen.ENROL):
            return
        match name:
            case "counter":
                self._show(said)
            case "locked":
                self._fold(locked(replace(state, link=Link.LIVE, lost="", trouble="")))
            case "unavailable":
                self._fold(replace(cut(state, "busy"), trouble=str(said.get("code", ""))))
            case "signed-out":
                self._leave(ended=state.busy != "sign_out")
            case _ if name == OVER:
                self._leave(ended=state.busy != "sign_out")
            case _ if name == BEGUN:
                self._fold(begun(state))
            case _ if name == LOST:
                self._fold(cut(state, str(said["why"])))

    def _show(self, said: Mapping[str, Any]) -> None:
        try:
            desk = read_desk(said)
        except (KeyError, TypeError, ValueError):
            self._fold(cut(self.state, "not_ours"))
            return
        self._fold(heard(self.state, desk, self._desk.now()))
        self._look_up()

    def _look_up(self) -> None:
        """Asks once what is known of the dossier of whoever is at the counter now; without an
        answer its code stands there alone."""
        here = self.state.desk.current if self.state.desk else None
        code = here.dossier if here else None
        if code == self._looked_up:
            return
        self._looked_up = code
        if code is not None:
            order = Order("POST", "/api/dossiers/lookup", {"code": code})
            self._desk.ask(order, self._on_looked_up)

    def _on_looked_up(self, said: Said | Lost) -> None:
        if isinstance(said, Lost):
            self._looked_up = None
        elif said.done and self.state.desk is not None:
            self._fold(replace(self.state, dossier=read_dossier(said.body)))

    def probe(self) -> None:
        """Asks for the office until it is known: so that the entrance says whether the server is
        there, and a session that has just begun knows the names."""
        state = self.state
        known = state.office is not None or (state.link is Link.LIVE and not self._client.session)
        if not (state.busy or known or self._asking_office or state.screen is Screen.ENROL):
            self._asking_office = True
            self._desk.ask(Order("GET", "/api/office"), self._on_office)

    def _on_office(self, said: Said | Lost) -> None:
        self._asking_office = False
        state = self.state
        entrance = state.screen in (Screen.SIGN_IN, Screen.ENROL)
        if isinstance(said, Lost):
            if entrance:
                self._fold(cut(state, said.why))
            return
        if entrance:
            state = replace(state, link=Link.LIVE, lost="")
        if said.done and self._client.session:
            state = replace(state, office=read_office(said.body))
        self._fold(state)

    # Coming and going

    def sign_in(self, login: str, pin: str, counter: str) -> None:
        if self.state.busy:
            return
        state = replace(self.state, login=login.strip(), counter=counter.strip(), ended=False)
        if not (state.login and pin and state.counter.isdecimal() and state.counter.isascii()):
            self._fold(replace(state, alert=self._say("web.sign_in.missing")))
            return
        body = {"clerk": state.login, "pin": pin, "counter": int(state.counter)}
        self._fold(state)
        self._begin("sign_in")
        self._desk.ask(Order("POST", "/api/session", body), self._on_signed_in)

    def enrol(self, code: str) -> None:
        if not self.state.busy and code.strip():
            self._begin("enrol")
            order = Order("POST", "/api/device", {"code": code.strip()})
            self._desk.ask(order, self._on_enrolled)

    def unlock(self, pin: str) -> None:
        if self.state.busy:
            return
        if not pin:
            self._fold(replace(self.state, alert=self._say("web.lock.missing")))
            return
        self._begin("unlock")
        self._desk.ask(Order("POST", "/api/session/resume", {"pin": pin}), self._on_unlocked)

    def sign_out(self) -> None:
        if not self.state.busy:
            self._move("sign_out", None)

    def stay(self) -> None:
        """Somebody is at work here: told at most once a minute, and not before a press."""
        state, now = self.state, self._desk.now()
        idle = state.screen is Screen.DESK and not state.busy and state.link is Link.LIVE
        if idle and now - self._stayed >= STAY_SECONDS:
            self._stayed = now
            self._desk.ask(Order("POST", "/api/session/stay"), self._on_stayed)

    def _on_signed_in(self, said: Said | Lost) -> None:
        state = replace(self.state, busy="")
        if isinstance(said, Lost) or not said.done:
            self._client.forget()
            unknown = isinstance(said, Said) and said.code == "device_not_enrolled"
            self._failed(replace(state, enrolled=state.enrolled and not unknown), said)
            return
        self._client.csrf = str(said.body["csrf_token"])
        clerk, counter = str(said.body["name"]), str(said.body["counter"])
        known = replace(state, screen=Screen.DESK, clerk=clerk, counter=counter, office=None)
        self._fold(replace(known, link=Link.CONNECTING))
        self._stayed = self._desk.now()
        self.stream.follow()
        self.probe()

    def _on_enrolled(self, said: Said | Lost) -> None:
        state = replace(self.state, busy="")
        if isinstance(said, Lost) or not said.done:
            self._failed(state, said)
            return
        counter = said.body.get("counter")
        known = replace(state, screen=Screen.SIGN_IN, enrolled=True)
        self._fold(replace(known, counter=str(counter) if counter else state.counter))

    def _on_unlocked(self, said: Said | Lost) -> None:
        state = replace(self.state, busy="")
        if isinstance(said, Said) and said.code == "wrong_pin":
            self._fold(replace(state, alert=self._say("web.lock.wrong")))
        elif isinstance(said, Lost) or not said.done:
            self._failed(state, said)
        else:
            self._fold(replace(state, screen=Screen.DESK, alert="", link=Link.CONNECTING))
            self.stream.follow()

    def _on_stayed(self, said: Said | Lost) -> None:
        if isinstance(said, Lost) or not said.done:
            self._stayed = -STAY_SECONDS
            if isinstance(said, Said) and said.code == "locked":
                self._fold(locked(self.state))

    def _leave(self, *, ended: bool) -> None:
        self.stream.rest()
        self._client.forget()
        self._fold(signed_out(self.state, ended=ended))

    # Doing

    def press(self, action: str) -> None:
        """A key that does something. While an answer is on its way it waits for it; the same key
        once more is the same press."""
        state = self.state
        if state.busy:
            if action != state.busy:
                self._desk.state = replace(state, kept=action)
            return
        if action not in allowed(state, self._desk.now()):
            return
        if action in OPENING:
            self.open(OPENING[action])
        elif action == "next":
            self._call_next()
        elif action == "finish" and state.office is not None and state.office.outcomes:
            self.open(Sheet.OUTCOME)
        elif action == "pause":
            self._pause_or_go_on()
        elif action == "alarm" and state.desk is not None and state.desk.alarm is not None:
            self.open(Sheet.ALARMING)
        else:
            self._move(action, present(state))

    def open(self, sheet: Sheet) -> None:
        """A sheet, which is about whoever is at the counter now."""
        state = self.state
        if not state.busy and state.desk is not None:
            about = present(state)
            self._fold(replace(state, sheet=sheet, about=about, keep_place=True, alert=""))

    def close(self) -> None:
        self._fold(replace(self.state, sheet=Sheet.NONE, alert=""))

    def choose(self, key: str) -> None:
        """One answer of the sheet that is open."""
        state = self.state
        kind, _, which = key.partition(":")
        if state.sheet is Sheet.NONE:
            return
        if kind == "language":
            self._fold(replace(state, language=which, sheet=Sheet.NONE))
            return
        if state.busy:
            return
        here = state.desk.current if state.desk else None
        if kind == "sign_out" and here is not None and here.state is TicketState.SERVING:
            self.open(Sheet.LEAVING)
            return
        self._fold(replace(state, sheet=Sheet.NONE))
        self._move(key, state.about)

    def give(self, reason: str) -> None:
        """A reason for a pause in words, where the office has no list of them."""
        if not reason.strip():
            self._fold(replace(self.state, alert=self._say("web.pause.missing")))
        elif not self.state.busy:
            self._fold(replace(self.state, sheet=Sheet.NONE, alert=""))
            self._move(f"reason:{reason.strip()}", None)

    def _pause_or_go_on(self) -> None:
        desk = self.state.desk
        if desk is not None and desk.paused is not None:
            self._move("continue", None)
        elif present(self.state) is not None:
            self._fold(replace(self.state, alert=self._say("web.pause.somebody")))
        else:
            self.open(Sheet.PAUSING)

    def _call_next(self) -> None:
        """A press that got no answer is repeated under the same id, so nobody is called twice; one
        that comes right after a call is the same press."""
        if self._desk.now() - self._called < TWICE_SECONDS:
            return
        state = self.state
        if state.unfinished is None:
            self._desk.state = replace(state, unfinished=Unfinished(new_id(), present(state)))
        self._begin("next")
        self._try_next(1)

    def _try_next(self, tries: int) -> None:
        wish = self.state.unfinished
        if wish is None or self.state.busy != "next":
            return

        def done(said: Said | Lost) -> None:
            waiting = self.state.busy == "next"
            if isinstance(said, Lost) and waiting and tries < TRIES:
                self._fold(cut(self.state, said.why))
                self._desk.later(self._again, lambda: self._try_next(tries + 1))
                return
            if isinstance(said, Said):
                self._desk.state = replace(self.state, unfinished=None)
            self._on_moved("next", said)

        body = {"request_id": wish.request_id, "present": wish.present}
        self._desk.ask(Order("POST", f"/api/counters/{self.state.counter}/next", body), done)

    def _move(self, choice: str, about: str | None) -> None:
        """What a key or an answer of a sheet does; ``about`` is who was at the counter when it was
        asked, and not who may be there by now."""
        order = order_of(self.state, choice, about)
        self._begin(order.name)
        self._desk.ask(order, lambda said: self._on_moved(order.name, said))

    def _on_moved(self, name: str, said: Said | Lost) -> None:
        if self.state.busy != name:
            return
        kept, state = self.state.kept, replace(self.state, busy="", kept="")
        if isinstance(said, Lost) or not said.done:
            # The key pressed meanwhile was meant for what did not happen.
            self._failed(state, said, leaving=name == "sign_out")
        elif name == "sign_out":
            self._leave(ended=False)
        else:
            self._fold(after(state, name, said))
            self._look_up()
            if kept:
                self.press(kept)

    def _failed(self, state: State, said: Said | Lost, *, leaving: bool = False) -> None:
        """Tells why nothing was done, or that nobody knows whether something was."""
        self._called = -TWICE_SECONDS
        if isinstance(said, Lost):
            alert = self._say("web.link.no_answer")
            self._fold(replace(cut(state, said.why), alert=alert))
            if state.screen in (Screen.DESK, Screen.LOCKED):
                self.stream.follow()
        elif said.code == "locked":
            self._fold(locked(state))
        elif said.code == "not_signed_in" and self._client.session:
            self._desk.state = state
            self._leave(ended=not leaving)
        else:
            self._fold(replace(state, alert=said.message or self._say("web.refused")))

    def _begin(self, name: str) -> None:
        desk = self.state.desk
        self._called = self._desk.now() if name in ("next", "resume") else -TWICE_SECONDS
        known = replace(
            self.state,
            busy=name,
            busy_since=self._desk.now(),
            asked=desk.seq if desk else 0,
            kept="",
        )
        self._fold(replace(known, alert="", told=""))

    def _fold(self, state: State) -> None:
        self._desk.fold(state)

    def _say(self, key: str, **facts: object) -> str:
        return texts(self.state.language).say(key, **facts)
