"""The steps of setup: which questions there are, given what was answered so far.

Pure: each step is a function of the answers and of what is known of the machine. A question that an
answer brings up stands after it, so that a face asks the first one that has no answer yet, and
looks again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kiosk.loopback import HERE, is_loopback
from kiosk.rights import StaffRole
from kiosk.setup.offices import OWN, own_office
from kiosk.setup.questions import Answers, Choice, Facts, Question, Value
from kiosk.texts import FIRST

if TYPE_CHECKING:
    from kiosk.setup.offices import Office
    from kiosk.setup.questions import Screen
    from kiosk.texts import Texts

TOUCH_MM: Final = (268.0, 476.4)
BOARD_MM: Final = (1210.0, 680.6)
SESSIONS: Final = "mon-fri 07:30-11:30; mon-fri 13:30-17:00"
MOST_COUNTERS: Final = 99
PREVIEW: Final = "preview"
NETWORK: Final = "network"
SCAN: Final = "scan"
NONE: Final = "none"
KEYBOARD: Final = "keyboard"
SYSTEM: Final = "system"
"""The output for sound that the system prefers."""

Step = Callable[[Answers, Facts, "Texts"], tuple[Question, ...]]


def office(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    spoken = tuple(Choice(code, name) for code, name in facts.languages)
    known = _listed(facts.of("office", "languages")) or tuple(code for code, _ in facts.languages)
    spoken_first = _listed(_given(answers, "office.languages", known))
    # kiosk.toml wants every name in Vietnamese, whatever people may choose.
    named_in = (FIRST, *(code for code in spoken_first if code != FIRST))
    asked = [_ask("office.languages", "ticks", words, known, choices=spoken)]
    for part in ("name", "parent"):
        now = facts.of("office", part)
        for n, code in enumerate(named_in):
            told = words.say(
                f"setup.ask.office.{part}", language=dict(facts.languages).get(code, code)
            )
            said = now.get(code) if isinstance(now, Mapping) else now if n == 0 else None
            needed = part == "name" and n == 0
            asked.append(
                _ask(f"office.{part}.{code}", "text", words, _or(said, None if needed else ""),
                     label=told, needed=needed)
            )  # fmt: skip
    return (
        *asked,
        _ask("office.unit_code", "text", words, facts.of("office", "unit_code")),
        _ask("office.kiosk", "text", words, facts.of("kiosk", "name", "kiosk-1")),
    )


def screens(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    """Without a display only sizes are asked; names may come from a file of answers."""
    there = tuple(Choice(one.name, _told_screen(one, words)) for one in facts.screens)
    listed = (*there, Choice("", words.say("setup.screens.main")))
    main = next((one.name for one in facts.screens if one.primary), "")
    touch = facts.of("touch", "screen") or (main if len(there) > 1 else "")
    asked = [_ask("screens.touch", "choice", words, touch, choices=listed, open=True,
                  asked=len(there) > 1)]  # fmt: skip
    touch = str(_given(answers, "screens.touch", touch))
    used = _screen(facts, touch or main)
    mine = used.name if used else touch
    left = tuple(choice for choice in there if choice.value != mine)
    boards = tuple(one for one in _listed(facts.of("board", "screen")) if one and one != mine)
    boards = boards or tuple(choice.value for choice in left)
    asked.append(_ask("screens.boards", "ticks", words, boards, choices=left, open=True,
                      needed=False, asked=bool(left)))  # fmt: skip
    chosen = _listed(_given(answers, "screens.boards", boards))
    board = _screen(facts, chosen[0]) if chosen else None
    return (
        *asked,
        _size("touch", used, facts, TOUCH_MM, words),
        _size("board", board, facts, BOARD_MM, words, asked=bool(chosen) or not facts.seen),
        _ask("screens.board_distance", "number", words, facts.of("board", "viewing_distance_m", 6),
             asked=bool(chosen) or not facts.seen),
    )  # fmt: skip


def _size(
    part: str,
    screen: Screen | None,
    facts: Facts,
    otherwise: tuple[float, float],
    words: Texts,
    *,
    asked: bool = True,
) -> Question:
    """As the screen says; where it does not, as the file has it."""
    file = facts.of(part, "screen_mm", otherwise)
    said = screen.mm if screen else None
    default = said or (file if _is_size(file) else otherwise)
    wide, high = default
    size = (float(wide), float(high))
    return _ask(f"screens.{part}_mm", "millimetres", words, size, asked=asked and said is None)


def printer(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    own = own_printer(facts)
    there = [Choice(one.place, f"{one.place}  {one.told}") for one in facts.printers]
    if own not in (PREVIEW, *(choice.value for choice in there)):
        there.append(Choice(own, words.say("setup.printer.own", place=own)))
    more = (SCAN, NETWORK, PREVIEW)
    listed = (*there, *(Choice(one, words.say(f"setup.printer.{one}")) for one in more))
    ready = next((one.place for one in facts.printers if one.ready), PREVIEW)
    default = own if own != PREVIEW else ready
    asked = [_ask("printer.place", "choice", words, default, choices=listed, open=True)]
    place = str(_given(answers, "printer.place", default))
    if place == NETWORK:
        asked.append(_ask("printer.address", "text", words, facts.of("printer", "host") or None))
    papers = tuple(Choice(one, f"{one} mm") for one in ("80", "58"))
    width = str(facts.of("printer", "paper_mm", 80))
    asked.append(_ask("printer.paper_mm", "choice", words, width, choices=papers))
    if place != PREVIEW:
        asked.append(_ask("printer.test", "yes_no", words, True, trial="printer"))
        if answers.get("printer.test") is True:
            asked.append(_ask("printer.came_out", "yes_no", words, True))
    return tuple(asked)


def own_printer(facts: Facts) -> str:
    """The printer of the file, as ``kiosk.printing.place_of_settings`` writes it."""
    kind = str(facts.of("printer", "connection", PREVIEW))
    device = str(facts.of("printer", "device", ""))
    match kind:
        case "network":
            host, port = facts.of("printer", "host", ""), facts.of("printer", "port", 9100)
            return f"network {host}:{port}"
        case "serial":
            baudrate, flow = (
                facts.of("printer", key, otherwise)
                for key, otherwise in (("baudrate", 115200), ("flow", "rtscts"))
            )
            return f"serial {device} {baudrate} {flow}"
        case "preview":
            return PREVIEW
    return f"{kind} {device}"


def scanner(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    printer_there = str(answers.get("printer.place", own_printer(facts)))
    ports = [one for one in facts.ports if one.place not in printer_there.split()]
    there = [Choice(f"serial {one.place}", f"{one.place}  {one.told}") for one in ports]
    own = str(facts.of("scanner", "connection", ""))
    own = f"serial {facts.of('scanner', 'device', '')}" if own == "serial" else own
    if own and own not in (KEYBOARD, NONE, *(choice.value for choice in there)):
        there.append(Choice(own, words.say("setup.scanner.own", place=own)))
    listed = (*there, *(Choice(one, words.say(f"setup.scanner.{one}")) for one in (KEYBOARD, NONE)))
    default = own or KEYBOARD
    asked = [_ask("scanner.place", "choice", words, default, choices=listed, open=True)]
    if _given(answers, "scanner.place", default) != NONE:
        asked.append(_ask("scanner.try", "yes_no", words, True, trial="scanner"))
    return tuple(asked)


def sound(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    there = tuple(Choice(one.place, one.told) for one in facts.outputs)
    ends = (SYSTEM, NONE)
    listed = (*there, *(Choice(one, words.say(f"setup.sound.{one}")) for one in ends))
    silent = facts.of("board", "sound") == "none"
    own = NONE if silent else facts.of("board", "sound_card") or SYSTEM
    asked = [_ask("sound.card", "choice", words, own, choices=listed, open=True)]
    card = _given(answers, "sound.card", own)
    loud = facts.of("board", "volume", 0.8)
    loud = round(loud * 100) if isinstance(loud, int | float) else 80
    if card != NONE:
        spoken = tuple(Choice(code, name) for code, name in facts.languages)
        calls = _listed(facts.of("voice", "languages")) or (FIRST,)
        regions = tuple(
            Choice(one, words.say(f"setup.sound.region.{one}"))
            for one in ("north", "central", "south")
        )
        region = str(facts.of("voice", "region", "north"))
        asked += [
            _ask("sound.languages", "ticks", words, calls, choices=spoken),
            _ask("sound.region", "choice", words, region, choices=regions),
            _ask("sound.volume", "number", words, loud),
            _ask("sound.test", "yes_no", words, True, trial="sound"),
        ]
        if answers.get("sound.test") is True:
            asked.append(_ask("sound.heard", "yes_no", words, True))
    kinds = tuple(
        Choice(one, words.say(f"setup.sound.earphones.{one}"))
        for one in ("never", "plug", "always")
    )
    ears = str(facts.of("touch", "earphones", "never"))
    asked.append(_ask("sound.earphones", "choice", words, ears, choices=kinds))
    if _given(answers, "sound.earphones", ears) != "never":
        others = tuple(choice for choice in there if choice.value != card)
        known = facts.of("touch", "earphones_device") or (others[0].value if others else None)
        asked.append(_ask("sound.earphones_device", "choice", words, known, choices=others,
                          open=True, typed=True))  # fmt: skip
    return tuple(asked)


def services(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    own = own_office(facts.file)
    known = {**({OWN: own} if own else {}), **facts.offices}
    titles = tuple(
        Choice(name, words.name(one.titles) if one.titles else words.say("setup.services.own"))
        for name, one in known.items()
    )
    default = next(iter(known))
    asked = [_ask("services.office", "choice", words, default, choices=titles)]
    chosen = known.get(str(_given(answers, "services.office", default)))
    if chosen is None:
        return tuple(asked)
    names = named(chosen, words)
    ticks = tuple(Choice(code, f"{code}  {name}") for code, name in names.items())
    asked.append(_ask("services.on", "ticks", words, tuple(names), choices=ticks))
    on = _listed(_given(answers, "services.on", tuple(names)))
    asked.append(_ask("services.counters", "number", words, len(chosen.counters)))
    n = counters_wanted(_given(answers, "services.counters", len(chosen.counters)))
    proposed = spread(chosen, on, n)
    told = "\n".join(
        f"{number}: {', '.join(names.get(code, code) for code in codes)}"
        for number, codes in proposed.items()
    )
    asked.append(_ask("services.as_proposed", "yes_no", words, True,
                      hint=words.say("setup.services.proposed", told=told)))  # fmt: skip
    if answers.get("services.as_proposed") is False:
        ticked = tuple(choice for choice in ticks if choice.value in on)
        asked += [
            _ask(f"services.counter.{number}", "ticks", words, codes, choices=ticked,
                 label=words.say("common.counter", counter=number))
            for number, codes in proposed.items()
        ]  # fmt: skip
    sessions = facts.of("calendar", "sessions")
    now = "; ".join(map(str, sessions)) if isinstance(sessions, list) else ""
    hours = now if facts.file else SESSIONS
    asked.append(_ask("services.sessions", "text", words, hours, needed=False))
    return tuple(asked)


def named(chosen: Office, words: Texts) -> dict[str, str]:
    """The services by code, in the reader's words."""
    return {
        str(one["code"]): words.name(name) if isinstance(name, Mapping) else str(name)
        for one in chosen.services
        for name in (one.get("name", one["code"]),)
    }


def counters_wanted(given: Value) -> int:
    n = int(given) if isinstance(given, int | float) else 1
    return min(max(n, 1), MOST_COUNTERS)


def spread(chosen: Office, on: Sequence[str], n: int) -> dict[int, tuple[str, ...]]:
    """So many counters, each with something to do, and each service that is on with a counter: as
    the office has it as far as it goes, what is left over to those that have the least."""
    before = chosen.served()
    numbers = list(before)[:n]
    while len(numbers) < n:
        numbers.append(max(numbers, default=0) + 1)
    every = [code for code in on if code] or [str(chosen.services[0]["code"])]
    found = {number: [c for c in before.get(number, ()) if c in every] for number in numbers}
    served = {code for codes in found.values() for code in codes}
    for code in every:
        if code not in served:
            least = min(numbers, key=lambda number: len(found[number]))
            found[least].append(code)
    idle = [number for number in numbers if not found[number]]
    for place, number in enumerate(idle):
        found[number] = [every[place % len(every)]]
    return {number: tuple(codes) for number, codes in found.items()}


def clerk(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    """The first one is needed; later ones are asked for."""
    first = not facts.logins
    there = "" if first else words.count("setup.clerk.there", len(facts.logins))
    asked = [_ask("clerk.add", "yes_no", words, first, asked=not first, hint=there)]
    if _given(answers, "clerk.add", first) is not True:
        return tuple(asked)
    posts = tuple(
        Choice(role.value, _capital(words.say(f"role.{role.value}")))
        for role in (StaffRole.SUPERVISOR, StaffRole.TECHNICIAN, StaffRole.CLERK)
    )
    return (
        *asked,
        _ask("clerk.name", "text", words, None),
        _ask("clerk.login", "text", words, None),
        _ask("clerk.role", "choice", words, posts[0].value, choices=posts),
        _ask("clerk.pin", "secret", words, None),
    )


def backup(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    own = str(facts.of("backup", "folder", ""))
    there = [Choice(one.place, f"{one.place}  {one.told}") for one in facts.media]
    if own and own not in [choice.value for choice in there]:
        there.append(Choice(own, words.say("setup.backup.own", place=own)))
    there.append(Choice(NONE, words.say("setup.backup.none")))
    default = own or (NONE if facts.file else there[0].value)
    asked = [
        _ask("backup.folder", "choice", words, default, choices=tuple(there), open=True, typed=True)
    ]
    if _given(answers, "backup.folder", default) != NONE:
        every = facts.of("backup", "every_minutes", 15)
        asked.append(_ask("backup.every_minutes", "number", words, every))
    return tuple(asked)


def web(answers: Answers, facts: Facts, words: Texts) -> tuple[Question, ...]:
    listed = tuple(Choice(one, words.say(f"setup.web.{one}")) for one in ("here", "network"))
    own = "here" if is_loopback(str(facts.of("web", "host", HERE))) else "network"
    return (
        _ask("web.reach", "choice", words, own, choices=listed),
        _ask("web.port", "number", words, facts.of("web", "port", 8080)),
    )


STEPS: Final[Mapping[str, Step]] = {
    "office": office,
    "screens": screens,
    "printer": printer,
    "scanner": scanner,
    "sound": sound,
    "services": services,
    "clerk": clerk,
    "backup": backup,
    "web": web,
}
"""In the order in which they are asked."""

AGAIN: Final = {"printer.came_out": "printer.", "sound.heard": "sound."}
"""A "no" to these begins the questions with that head anew."""


def _ask(
    name: str,
    kind: Any,
    words: Texts,
    default: Any,
    *,
    label: str = "",
    hint: str = "",
    **more: Any,
) -> Question:
    key = f"setup.ask.{name}"
    if not hint and words.has(f"{key}.hint"):
        hint = words.say(f"{key}.hint")
    return Question(name, kind, label or words.say(key), default, hint=hint, **more)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _given(answers: Answers, name: str, otherwise: Any) -> Any:
    return answers.get(name, otherwise)


def _or(said: object, otherwise: str | None) -> str | None:
    return said if isinstance(said, str) and said else otherwise


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _is_size(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(one, int | float) for one in value)
    )


def _screen(facts: Facts, name: str) -> Screen | None:
    return next((one for one in facts.screens if one.name == name), None)


def _told_screen(screen: Screen, words: Texts) -> str:
    wide, high = screen.pixels
    size = f"{screen.mm[0]:.0f} × {screen.mm[1]:.0f} mm" if screen.mm else ""
    told = " · ".join(
        part for part in (screen.name, screen.model, f"{wide} × {high}", size) if part
    )
    return words.say("setup.screens.number", number=screen.number, told=told)
