"""The words of an alert: a message for a person, and the same for a program; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk import troubles
from kiosk.alerts import News

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from kiosk.alerts import Trouble
    from kiosk.texts import Texts

NAMED: Final = 3
"""How many devices a subject names."""
KIND: Final = "alert"
SAMPLE: Final = "alert.test"


@dataclass(frozen=True, slots=True)
class Office:
    """Who speaks: the office's code and name, the kiosk that sends, and where clocks are."""

    code: str
    name: str
    kiosk: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: ``body`` is the same for a program, in JSON, and ``kind`` what it is of."""

    kind: str
    at: datetime
    subject: str
    text: str
    body: bytes


def letter(news: News, office: Office, words: Texts, now: datetime) -> Letter:
    """What ``news`` tell, with what broke in the subject before what is well."""
    kind = "broke" if news.broke else "well"
    named = [_name(one, office, words) for one in (news.broke or news.well)]
    more = len(named) - NAMED
    devices = ", ".join(named[:NAMED]) + (f", +{more}" if more > 0 else "")
    subject = words.say(f"alert.subject.{kind}", devices=devices, office=_line(office.name))
    text = "\n".join(_lines(news, office, words, now)) + "\n"
    body = _body(KIND, subject, text, news, office, words, now)
    return Letter(KIND, now, subject, text, body)


def sample(office: Office, words: Texts, now: datetime) -> Letter:
    """What ``kiosk alerts test`` sends."""
    subject = words.say("alert.subject.test", office=_line(office.name))
    text = "\n".join((words.say("alert.test"), "", _signed(office, words))) + "\n"
    body = _body(SAMPLE, subject, text, News(), office, words, now)
    return Letter(SAMPLE, now, subject, text, body)


def _body(
    kind: str, subject: str, text: str, news: News, office: Office, words: Texts, at: datetime
) -> bytes:
    """``text`` is the whole message, which chat programs show as it is."""
    whole = {
        "office": office.code,
        "event": kind,
        "at": at.astimezone(office.zone).isoformat(),
        "text": f"{subject}\n\n{text}",
        "broke": [_facts(one, office, words) for one in news.broke],
        "well": [_facts(one, office, words) for one in news.well],
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _lines(news: News, office: Office, words: Texts, now: datetime) -> Iterator[str]:
    for kind, listed in (("broke", news.broke), ("well", news.well)):
        if listed:
            yield words.say(f"alert.heading.{kind}")
        for one in listed:
            since = words.when(one.since.astimezone(office.zone), now)
            told = words.say(f"alert.line.{kind}", device=_name(one, office, words), since=since)
            yield f"  • {told}"
            if kind == "broke":
                yield f"    {troubles.what(one.reason, words)}"
                yield from [f"    {todo}"] if (todo := troubles.mend(one.reason, words)) else []
        if listed:
            yield ""
    yield words.say("alert.foot")
    yield _signed(office, words)


def _signed(office: Office, words: Texts) -> str:
    return words.say("alert.signed", office=office.name, code=office.code, kiosk=office.kiosk)


def _name(one: Trouble, office: Office, words: Texts) -> str:
    name = troubles.name_of(one.key.device, words)
    return name if one.key.kiosk == office.kiosk else f"{name} ({one.key.kiosk})"


def _facts(one: Trouble, office: Office, words: Texts) -> dict[str, str]:
    return {
        "kiosk": one.key.kiosk,
        "device": one.key.device,
        "name": troubles.name_of(one.key.device, words),
        "state": one.state,
        "reason": one.reason,
        "told": troubles.what(one.reason, words),
        "do": troubles.mend(one.reason, words),
        "since": one.since.astimezone(office.zone).isoformat(),
    }


def _line(text: str) -> str:
    """In a header nothing begins a new line."""
    return " ".join(text.split())
