"""What the answers mean in kiosk.toml: the text with the answers in it, and all else as it was."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.items import AoT, Comment, Table, Whitespace

from kiosk.config import checked
from kiosk.config_file import set_keys, taken_tail
from kiosk.loopback import HERE, is_loopback
from kiosk.mistakes import BadConfig, Problem
from kiosk.setup.offices import OWN, own_office
from kiosk.setup.questions import Answers, Facts, Unread
from kiosk.setup.steps import (
    KEYBOARD,
    NETWORK,
    NONE,
    PREVIEW,
    SCAN,
    SYSTEM,
    counters_wanted,
    spread,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit import TOMLDocument

    from kiosk.config import Config
    from kiosk.setup.offices import Office

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 (written where the technician wants it)
_SERIAL: Final = re.compile(r"(\S+)(?: (\d{3,6})(?: (rtscts|xonxoff|none))?)?")
_HOST: Final = re.compile(r"([^\s:]+)(?::(\d{1,5}))?")
_OF_ENTRY: Final = ("name", "icon", "group", "fields", "returns_results")
"""What an office to begin with says of a service."""


def with_answers(text: str, answers: Answers, facts: Facts) -> str:
    """The text of a kiosk.toml with the answers in it. Raises as ``printer_keys``, and
    Refused("section_unwritable")."""
    document = tomlkit.parse(text)
    for section, keys in _keys(answers, facts).items():
        if keys:
            set_keys(document, section, keys)
    for name, entries in _lists(tomllib.loads(text), answers, facts).items():
        _set_entries(document, name, entries)
    return tomlkit.dumps(document)


def meant(raw: Mapping[str, Any], answers: Answers, facts: Facts) -> dict[str, Any]:
    """What that text would mean, without making it: for what is only tried. ``raw`` is what the
    text before means. Raises as ``printer_keys``."""
    found = dict(raw)
    for section, keys in _keys(answers, facts).items():
        if keys:
            before = found.get(section)
            found[section] = {**(before if isinstance(before, Mapping) else {}), **keys}
    for name, entries in _lists(raw, answers, facts).items():
        if entries:
            found[name] = entries
        else:
            found.pop(name, None)
    return found


def problems_in(path: Path, raw: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Every mistake that a file with this content would have at this path."""
    try:
        checked(path, dict(raw))
    except BadConfig as bad:
        return bad.problems
    return ()


def untouched(before: Config, after: Config, answers: Answers) -> bool:
    """Whether no section changed that the answers say nothing of."""
    heads = {name.partition(".")[0] for name in answers}
    mine = {section for head in heads for section in TOUCHED.get(head, ())}
    return all(
        getattr(before, name) == getattr(after, name)
        for name in type(before).model_fields
        if name not in mine
    )


TOUCHED: Final[Mapping[str, tuple[str, ...]]] = {
    "office": ("office", "kiosk"),
    "screens": ("touch", "board"),
    "printer": ("printer",),
    "scanner": ("scanner",),
    "sound": ("board", "voice", "touch"),
    "services": ("service", "counter", "group", "calendar"),
    "backup": ("backup",),
    "web": ("web",),
}


def _keys(answers: Answers, facts: Facts) -> dict[str, dict[str, Any]]:
    """By section; only what was answered."""
    found: dict[str, dict[str, Any]] = {
        name: {} for names in TOUCHED.values() for name in names if name not in _NAMED
    }

    def put(section: str, key: str, name: str, read: Any = lambda value: value) -> None:
        if name in answers:
            found[section][key] = read(answers[name])

    put("office", "languages", "office.languages", list)
    put("office", "unit_code", "office.unit_code")
    put("kiosk", "name", "office.kiosk")
    for part in ("name", "parent"):
        if (names := _names(part, answers, facts)) is not None:
            found["office"][part] = names
    put("touch", "screen", "screens.touch")
    put("touch", "screen_mm", "screens.touch_mm", list)
    put("board", "screen", "screens.boards", _screens)
    put("board", "screen_mm", "screens.board_mm", list)
    put("board", "viewing_distance_m", "screens.board_distance")
    place = str(answers.get("printer.place", PREVIEW))
    if place == NETWORK and "printer.address" in answers:
        place = f"network {answers['printer.address']}"
    if "printer.place" in answers and place not in (NETWORK, SCAN):
        found["printer"] |= printer_keys(place)
    put("printer", "paper_mm", "printer.paper_mm", lambda width: int(str(width)))
    if "scanner.place" in answers:
        found["scanner"] |= scanner_keys(str(answers["scanner.place"]))
    card = answers.get("sound.card")
    if card is not None:
        found["board"]["sound"] = "none" if card == NONE else "card"
        found["board"]["sound_card"] = "" if card in (NONE, SYSTEM) else str(card)
    put("board", "volume", "sound.volume", lambda percent: round(float(percent) / 100, 3))
    put("voice", "languages", "sound.languages", list)
    put("voice", "region", "sound.region")
    put("touch", "earphones", "sound.earphones")
    put("touch", "earphones_device", "sound.earphones_device")
    put("calendar", "sessions", "services.sessions", _stretches)
    put("backup", "folder", "backup.folder", lambda folder: "" if folder == NONE else folder)
    put("backup", "every_minutes", "backup.every_minutes")
    put("web", "port", "web.port")
    put("web", "host", "web.reach", lambda reach: _host(reach, facts))
    return found


_NAMED: Final = {"service": "code", "counter": "number", "group": "code"}
"""What tells the entries of each list apart."""


def _names(part: str, answers: Answers, facts: Facts) -> Any:
    """A name in one language stands as it is, in several in a table; a language that nobody was
    asked for keeps its name."""
    given = {
        name.rpartition(".")[2]: str(value)
        for name, value in answers.items()
        if name.startswith(f"office.{part}.")
    }
    if not given:
        return None
    before = facts.of("office", part, {})
    names = {**(before if isinstance(before, Mapping) else {}), **given}
    names = {code: name for code, name in names.items() if name}
    if set(names) <= {"vi"}:
        return names.get("vi", "")
    table = tomlkit.inline_table()
    table.update(names)
    return table


def _screens(boards: Sequence[str]) -> str | list[str]:
    return next(iter(boards), "") if len(boards) < 2 else list(boards)


def _stretches(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _host(reach: str, facts: Facts) -> str:
    own = str(facts.of("web", "host", HERE))
    if reach == "here":
        return own if is_loopback(own) else HERE
    return EVERYWHERE if is_loopback(own) else own


def printer_keys(place: str) -> dict[str, Any]:
    """The keys of [printer] for a place such as "network 10.0.0.5:9100", "usb /dev/usb/lp0", or
    "serial /dev/ttyS0 19200 none". Unread("setup.bad.place") where it is none."""
    kind, _, rest = place.strip().partition(" ")
    rest = rest.strip()
    match kind:
        case "preview":
            return {"connection": kind}
        case "network" if match := _HOST.fullmatch(rest):
            return {"connection": kind, "host": match[1], "port": int(match[2] or 9100)}
        case "serial" if match := _SERIAL.fullmatch(rest):
            speed = {"baudrate": int(match[2])} if match[2] else {}
            flow = {"flow": match[3]} if match[3] else {}
            return {"connection": kind, "device": match[1], **speed, **flow}
        case "usb" | "cups" | "file" if rest:
            return {"connection": kind, "device": rest}
    raise Unread("setup.bad.place", place=place)


def scanner_keys(place: str) -> dict[str, Any]:
    """The same for [scanner]: "keyboard", "none", or "serial /dev/ttyACM0 9600"."""
    kind, _, rest = place.strip().partition(" ")
    if place in (KEYBOARD, NONE):
        return {"connection": place}
    if kind == "serial" and (match := _SERIAL.fullmatch(rest)) and not match[3]:
        speed = {"baudrate": int(match[2])} if match[2] else {}
        return {"connection": kind, "device": match[1], **speed}
    raise Unread("setup.bad.place", place=place)


def chosen_office(answers: Answers, facts: Facts) -> Office | None:
    name = answers.get("services.office")
    if name is None:
        return None
    return own_office(facts.file) if name == OWN else facts.offices.get(str(name))


def _lists(
    raw: Mapping[str, Any], answers: Answers, facts: Facts
) -> dict[str, list[dict[str, Any]]]:
    """The whole lists of services, counters and groups, where there was an answer to them. An entry
    that was there keeps what the office to begin with says nothing of."""
    office = chosen_office(answers, facts)
    if office is None:
        return {}
    every = tuple(str(one["code"]) for one in office.services)
    on = _ticks(answers.get("services.on", every))
    n = counters_wanted(answers.get("services.counters", len(office.counters)))
    served = spread(office, on, n)
    if answers.get("services.as_proposed") is False:
        for number in served:
            given = _ticks(answers.get(f"services.counter.{number}", served[number]))
            served[number] = tuple(code for code in given if code in on)
    own = answers["services.office"] == OWN
    services = [dict(one) for one in office.services if one["code"] in on]
    if not own:
        services = [
            _merged(raw, "service", {key: one[key] for key in ("code", *_OF_ENTRY) if key in one})
            for one in services
        ]
    before = office.served()
    listed = {int(one["number"]): one for one in office.counters}
    counters = [
        # Who names no service takes all of them, and does so still.
        dict(listed[number])
        if own and number in listed and set(codes) == set(before[number])
        else _merged(raw, "counter", {"number": number, "services": list(codes)})
        for number, codes in served.items()
    ]
    used = {one.get("group") for one in services}
    groups = [dict(one) for one in office.groups if one["code"] in used]
    found = {"service": services, "counter": counters}
    return found if own and not office.groups else {"group": groups, **found}


def _merged(raw: Mapping[str, Any], name: str, entry: dict[str, Any]) -> dict[str, Any]:
    key = _NAMED[name]
    listed = raw.get(name)
    known = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    kept = next((one for one in known if one.get(key) == entry[key]), {})
    drops = _OF_ENTRY if name == "service" else ()
    return {**{k: value for k, value in kept.items() if k not in drops}, **entry}


def _ticks(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _set_entries(document: TOMLDocument, name: str, wanted: Sequence[Mapping[str, Any]]) -> None:
    """The list of tables holds these, in this order. No comment is lost: what stood behind an entry
    that goes moves to the last one, and the first table stays the first, for in it the keys are
    explained."""
    if not wanted:
        document.pop(name, None)
        return
    key, known = _NAMED[name], document.get(name)
    tables = list(known) if isinstance(known, AoT) else []
    by_key = {table.get(key): table for table in tables[1:]}
    end = taken_tail(tables[-1]) if tables else []
    made: list[Table] = []
    for place, entry in enumerate(wanted):
        table = tables[0] if place == 0 and tables else by_key.get(entry[key])
        table = tomlkit.table() if table is None else table
        _fill(table, entry)
        made.append(table)
    spare = [taken_tail(table) for table in tables[1:] if not any(table is one for one in made)]
    words = [one for one in spare if any(isinstance(item, Comment) for item in one)]
    listed = tomlkit.aot()
    for table in made:
        is_new = not any(table is one for one in tables)
        indent = table.trivia.indent
        listed.append(table)
        table.trivia.indent = indent
        if is_new and len(listed) > 1 and not _ends_blank(made[len(listed) - 2]):
            table.trivia.indent = f"\n{indent}"
    gap = bool(end) and isinstance(end[0], Whitespace)
    if gap and _ends_blank(made[-1]):
        end = end[1:]
    elif end and not gap and not _ends_blank(made[-1]):
        made[-1].add(tomlkit.nl())
    for item in (item for one in [*words, end] for item in one):
        made[-1].add(item)
    document[name] = listed


def _ends_blank(table: Table) -> bool:
    body = table.value.body
    return bool(body) and isinstance(body[-1][1], Whitespace)


def _fill(table: Table, values: Mapping[str, Any]) -> None:
    """Sets these keys and no others, each where it stands."""
    tail = taken_tail(table)
    for key in [key for key in table if key not in values]:
        table.remove(key)
    for key, value in values.items():
        known: Any = table.get(key)
        if known == value:
            continue
        if isinstance(value, Mapping) and isinstance(known, dict):
            for gone in [one for one in known if one not in value]:
                known.pop(gone)
            for one, said in value.items():
                known[one] = said
        elif isinstance(value, Mapping):
            inner = tomlkit.inline_table()
            inner.update(value)
            table[key] = inner
        else:
            table[key] = value
    for item in tail:
        table.add(item)
