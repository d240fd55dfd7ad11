"""Events in the words of whoever reads the trail: each fact with its label, values by their names.

A key that is written into the details of an event gets a line in FACTS and the sentence
``trail.fact.KEY``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment
from kiosk.dossiers import Status
from kiosk.web.settings_form import label_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.audit import Entry
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

UNTOLD: Final = frozenset({"number", "counter", "job", "undone"})
"""What stands in a column of its own, and ids that stand nowhere else on the page."""

_NOTHING: Final = "–"
_LISTS: Final = {
    "counter.paused": "pause",
    "ticket.called": "call",
    "ticket.issued": "priority",
    "ticket.prioritised": "priority",
}
"""Which of the office's lists the reason of an event is from."""


@dataclass(frozen=True, slots=True)
class Reader:
    """An office and the language of whoever reads; what is looked up for every event is there."""

    centre: Centre
    words: Texts
    known: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]


def reader(centre: Centre, words: Texts) -> Reader:
    fields = [(part, field) for part in parts_of(centre, words) for field in part.fields]
    return Reader(
        centre,
        words,
        known={
            "device": words.under("device."),
            "event": words.under("event."),
            "evidence": words.under("trail.evidence."),
            "fact": words.under("trail.fact."),
            "line": words.under("trail.line."),
            "move": words.under("web.intake.move."),
            "reason": words.under("trail.reason."),
            "role": words.under("role."),
            "rule": words.under("trail.rule."),
            "scope": words.under("trail.scope."),
            "slip": words.under("web.slip."),
            "slips.why": words.under("web.slips.why."),
            "state": words.under("trail.state."),
            "unavailable": words.under("unavailable."),
        },
        settings={field.key: f"{part.title}: {label_of(field, words)}" for part, field in fields},
        choices={field.key: dict(field.choices) for _, field in fields},
    )


def told(reader: Reader, entry: Entry) -> tuple[str, ...]:
    """What is known of the event beside its columns: "lý do: nghỉ giải lao"."""
    columns = {"clerk": entry.about or "", "dossier": entry.dossier or ""}
    return _facts(reader, entry, {**columns, **entry.details})


def _facts(reader: Reader, entry: Entry, details: Mapping[str, Any]) -> tuple[str, ...]:
    """A fact about which there is nothing to say is left out. A key that another version wrote is
    told as it stands."""
    found = (
        (reader.known["fact"].get(key, key), FACTS.get(key, _plain)(reader, entry, value))
        for key, value in details.items()
        if key not in UNTOLD
    )
    return tuple(f"{label}: {value}" for label, value in found if value)


def _plain(reader: Reader, entry: Entry, value: Any) -> str:
    if isinstance(value, bool):
        return reader.words.say("trail.yes" if value else "trail.no")
    if isinstance(value, int | float):
        return reader.words.number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(reader, entry, one)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_plain(reader, entry, one) for one in value)
    return _NOTHING if value is None else str(value)


def _named(*lists: str) -> Callable[[Reader, Entry, Any], str]:
    """Values, one or several, that have a name in one of these lists."""

    def name(reader: Reader, entry: Entry, value: Any) -> str:
        values = value if isinstance(value, list) else [value]
        return ", ".join(_known(reader, str(one), *lists) for one in values)

    return name


def _known(reader: Reader, code: str, *lists: str) -> str:
    return next((reader.known[one][code] for one in lists if code in reader.known[one]), code)


def _services(reader: Reader, entry: Entry, value: Any) -> str:
    services = reader.centre.services
    return ", ".join(
        reader.words.name(services[code].names) if code in services else str(code)
        for code in (value if isinstance(value, list) else [value])
    )


def _priority(reader: Reader, entry: Entry, value: Any) -> str:
    known = reader.centre.priorities.get(value)
    return reader.words.name(known.names) if known else str(value)


def _outcome(reader: Reader, entry: Entry, value: Any) -> str:
    known = reader.centre.outcomes.get(value)
    return reader.words.name(known.names) if known else str(value)


def _level(reader: Reader, entry: Entry, value: Any) -> str:
    levels = (level for level in reader.centre.rating.levels if level.code == value)
    return next((level.name(reader.words) for level in levels), str(value))


def _to(reader: Reader, entry: Entry, value: Any) -> str:
    if entry.kind == "ticket.kept":
        return _day(reader, entry, value)
    if entry.kind == "ticket.returned":
        return _known(reader, value, "line")
    if isinstance(value, int):
        return _counter(reader, entry, value)
    return _services(reader, entry, value)


def _counter(reader: Reader, entry: Entry, value: Any) -> str:
    return reader.words.say("common.counter", counter=value)


def _reason(reader: Reader, entry: Entry, value: Any) -> str:
    if isinstance(value, Mapping):
        rule = _known(reader, str(value.get("rule")), "rule")
        said = {"rule", "reason"} if value.get("one_in") != 1 else {"rule", "reason", "one_in"}
        more = {key: one for key, one in value.items() if key not in said}
        # The rule and the clerk's words are one reason, under one label.
        given = [_reason(reader, entry, value["reason"])] if value.get("reason") else []
        return ", ".join((rule, *given, *_facts(reader, entry, more)))
    listed = _LISTS.get(entry.kind)
    for reason in reader.centre.reasons:
        if (reason.kind, reason.code) == (listed, value):
            return reader.words.name(reason.names)
    if entry.kind == "webhook.skipped" and value.startswith("refused_"):
        return reader.words.say("trail.refused", status=value.removeprefix("refused_"))
    if entry.kind.startswith("job."):
        return _known(reader, value, "reason", "slips.why", "device")
    return _known(reader, value, "reason", "device", "unavailable")


def _device(reader: Reader, entry: Entry, value: Any) -> str:
    """ "keypad 3" is the one at counter 3."""
    kind, *number = str(value).split(" ")
    return " ".join((_known(reader, kind, "device"), *number))


def _changed(reader: Reader, entry: Entry, value: Any) -> str:
    """What something was, or is now."""
    if entry.kind == "clerk.role_changed":
        return _known(reader, value, "role")
    if entry.kind == "hall.services_changed":
        return _services(reader, entry, value)
    choices = reader.choices.get(entry.details.get("key", ""), {})
    values = value if isinstance(value, list) else [value]
    said = (choices.get(one, one) if isinstance(one, str) else one for one in values)
    return ", ".join(_plain(reader, entry, one) for one in said) or _NOTHING


def _setting(reader: Reader, entry: Entry, value: Any) -> str:
    """What has no field on the page of settings is called as in kiosk.toml."""
    return reader.settings.get(value, str(value))


def _road(reader: Reader, entry: Entry, value: Any) -> str:
    """How somebody was told."""
    return reader.words.say(f"trail.road.{value}") if value in ("email", "webhook") else str(value)


def _moment(reader: Reader, entry: Entry, value: Any) -> str:
    at = moment(value).astimezone(reader.centre.timezone)
    return f"{reader.words.clock(at)} {reader.words.date(at.date())}"


def _status(reader: Reader, entry: Entry, value: Any) -> str:
    return reader.words.say(Status(value).key)


def _channel(reader: Reader, entry: Entry, value: Any) -> str:
    return reader.words.say(f"web.intake.channel.{value}")


def _day(reader: Reader, entry: Entry, value: Any) -> str:
    return reader.words.date(date.fromisoformat(value))


def _span(reader: Reader, entry: Entry, value: Any) -> str:
    minutes, seconds = divmod(value, 60)
    return reader.words.say("trail.span", minutes=minutes, seconds=seconds)


def _series(reader: Reader, entry: Entry, value: Any) -> str:
    """The last number of each service."""
    return ", ".join(f"{code}{last:03d}" for code, last in value.items())


def _erased(reader: Reader, entry: Entry, value: Any) -> str:
    """How many of each kind."""
    return ", ".join(
        f"{reader.words.say(f'retention.{kind}')}: {reader.words.number(n)}"
        for kind, n in value.items()
    )


FACTS: Final[Mapping[str, Callable[[Reader, Entry, Any], str]]] = {
    "after": _named("state", "reason"),
    "asked": _services,
    "before": _named("state"),
    "behind": _plain,
    "authorised": _plain,
    "calls": _plain,
    "came": _plain,
    "channel": _channel,
    "class": _priority,
    "clerk": _plain,
    "code": _plain,
    "day": _day,
    "device": _device,
    "dossier": _plain,
    "due_at": _moment,
    "early": _plain,
    "erased": _erased,
    "evidence": _named("evidence"),
    "exported": _plain,
    "file": _plain,
    "first": _plain,
    "form": _named("slip"),
    "from": _services,
    "journey": _services,
    "kept": _plain,
    "kept_place": _plain,
    "key": _setting,
    "kind": _named("event"),
    "kiosk": _plain,
    "last": _plain,
    "left": _plain,
    "left_at": _counter,
    "level": _level,
    "limit": _span,
    "millimetres": _plain,
    "missed_appointments": _plain,
    "misses": _plain,
    "move": _named("move"),
    "name": _plain,
    "new": _changed,
    "old": _changed,
    "one_in": _plain,
    "outcome": _outcome,
    "place": _plain,
    "priority": _priority,
    "reason": _reason,
    "procedure": _plain,
    "proved": _plain,
    "removed": _plain,
    "road": _road,
    "role": _named("role"),
    "scopes": _named("scope"),
    "series": _series,
    "service": _services,
    "services": _services,
    "slips": _plain,
    "source": _plain,
    "state": _named("state"),
    "status": _status,
    "stored": _plain,
    "times": _plain,
    "to": _to,
    "unchanged": _plain,
    "waited": _span,
    "was": _status,
    "webhook": _plain,
    "whole": _plain,
    "why": _reason,
}
"""How the value of each key is said."""
