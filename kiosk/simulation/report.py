"""What a head of office reads: tables in minutes and people, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.simulation.figures import Change, Staffing, Study, WaitFigures
    from kiosk.texts import Texts
    from kiosk.tickets import Priority, Service

    Named = Mapping[str, Service] | Mapping[str, Priority]

BUSY: Final = 0.85
"""Where a counter has somebody for more of its time, a line grows at the slightest rush."""

SLIGHT_MORE: Final = 120
"""A mean wait that grows by less, in seconds, is hardly felt."""

MOST_LISTED: Final = 4


def told(
    study: Study,
    services: Mapping[str, Service],
    priorities: Mapping[str, Priority],
    words: Texts,
    *,
    advise: bool = True,
) -> str:
    """The whole report, for a terminal; without ``advise`` it says how it goes, not what to do."""
    target = minutes(study.target, words)
    parts = [
        words.say("cli.simulate.waits"),
        _table(_waits(study, services, priorities, words)),
        words.say("cli.simulate.counters"),
        _table(_counters(study, words)),
        words.say("cli.simulate.staffing", runs=words.number(study.runs)),
        _table(_staffing(study, words)),
        f"  {words.say('cli.simulate.sure')}",
        f"  {words.say('cli.simulate.lunch')}",
        "",
        words.say("cli.simulate.conclusion"),
        *(f"  • {sentence}" for sentence in conclusions(study, services, words, target, advise)),
    ]
    return "\n".join(parts)


def conclusions(
    study: Study, services: Mapping[str, Service], words: Texts, target: str, advise: bool
) -> list[str]:
    """What follows, in whole sentences: how it goes, where a counter is missing, where to spare."""
    whole = study.whole
    facts = {
        "half": minutes(whole.median, words),
        "ninety": minutes(whole.ninety, words),
        "over": words.percent(whole.over),
        "target": target,
    }
    told = [words.say(f"cli.simulate.says.{'whole' if whole.people else 'nobody'}", **facts)]
    if whole.left >= 0.5:
        told.append(words.say("cli.simulate.says.left", n=words.number(round(whole.left))))
    told += [f"{note}." for note in not_simulated(study, services, words)]
    if not whole.people:
        return told
    if not advise:
        return [*told, words.say("cli.simulate.says.no_advice")]
    known = [(group, group.more) for group in study.staffing if group.more is not None]
    helpful = [(group, more) for group, more in known if _helps(more)]
    # Who goes home without being called weighs more than any wait.
    helpful.sort(key=lambda found: (round(found[1].left), found[1].seconds * found[0].people))
    if helpful:
        best, more = helpful[0]
        listed = _services(best.services, services, words)
        if round(more.left) < 0:
            n = words.number(-round(more.left))
            told.append(words.say("cli.simulate.says.more_called", services=listed, n=n))
        else:
            then = minutes(best.mean, words)
            now = minutes(max(0.0, best.mean + more.seconds), words)
            told.append(words.say("cli.simulate.says.more", services=listed, then=then, now=now))
    elif known:
        everywhere = len(known) == len(study.staffing)
        told.append(words.say(f"cli.simulate.says.no_more{'' if everywhere else '.known'}"))
    unknown = {code for group in study.staffing for code in group.unknown}
    if unknown:
        listed = _services(sorted(unknown), services, words)
        told.append(words.say("cli.simulate.says.unknown", services=listed))
    spare = [
        _services(group.services, services, words)
        for group in study.staffing
        if group.fewer is not None
        and group.fewer.seconds + group.fewer.spread < SLIGHT_MORE
        and group.fewer.left < 0.5
    ]
    if spare:
        listed = "; ".join(spare[:MOST_LISTED]) + ("; …" if len(spare) > MOST_LISTED else "")
        told.append(words.say("cli.simulate.says.fewer", services=listed))
    full = [str(use.counter) for use in study.uses if use.busy > BUSY]
    if full:
        share = words.percent(BUSY)
        told.append(words.say("cli.simulate.says.busy", counters=", ".join(full), share=share))
    return told


def _helps(more: Change) -> bool:
    return round(more.left) < 0 or (more.clear and more.seconds < 0)


def not_simulated(study: Study, services: Mapping[str, Service], words: Texts) -> list[str]:
    """Who was turned away and which services nobody told of, each a sentence without its stop."""
    told = []
    refused: dict[str, float] = {}
    for found in study.waits:
        if found.service is not None and found.refused:
            refused[found.service] = refused.get(found.service, 0.0) + found.refused
    if refused:
        facts = {
            "n": _people(study.whole.refused, words),
            "services": ", ".join(
                f"{_services([code], services, words)} ({_people(n, words)})"
                for code, n in refused.items()
            ),
        }
        told.append(words.say("cli.simulate.refused", **facts))
    if study.untold:
        listed = _services(study.untold, services, words)
        told.append(words.say("cli.simulate.untold", services=listed))
    return told


def minutes(seconds: float, words: Texts) -> str:
    """Whole minutes, and one decimal below five."""
    value = seconds / 60
    return words.number(round(value, 1) if abs(value) < 5 else round(value))


def label(service: str, services: Mapping[str, Service], words: Texts) -> str:
    known = services.get(service)
    return f"{service}  {words.name(known.names)}" if known else service


def _services(codes: Sequence[str], services: Mapping[str, Service], words: Texts) -> str:
    return ", ".join(
        words.name(services[code].names) if code in services else code for code in codes
    )


def _waits(
    study: Study,
    services: Mapping[str, Service],
    priorities: Mapping[str, Priority],
    words: Texts,
) -> list[list[str]]:
    target = minutes(study.target, words)
    head = [
        words.say(f"cli.simulate.head.{key}", target=target)
        for key in (
            "service",
            "class",
            "people",
            "median",
            "ninety",
            "longest",
            "over",
            "left",
            "refused",
        )
    ]
    rows = [head]
    for found in (*study.waits, study.whole):
        if found.service is None:
            names = [words.say("cli.simulate.all"), ""]
        else:
            known = priorities.get(found.priority or "")
            ordinary = words.say("cli.simulate.ordinary")
            names = [
                label(found.service, services, words),
                words.name(known.names) if known else found.priority or ordinary,
            ]
        rows.append([*names, *_wait_cells(found, words)])
    return rows


def _wait_cells(found: WaitFigures, words: Texts) -> list[str]:
    waits = ["–"] * 4
    if found.people:
        waits = [minutes(n, words) for n in (found.median, found.ninety, found.longest)]
        waits.append(words.percent(found.over))
    left, refused = words.number(round(found.left, 1)), _people(found.refused, words)
    return [_people(found.people, words), *waits, left, refused]


def _people(count: float, words: Texts) -> str:
    """Whole people, and one decimal below ten; never none where there was somebody."""
    if 0 < count < 0.1:
        return f"< {words.number(0.1)}"
    return words.number(round(count, 1 if count < 10 else None))


def _counters(study: Study, words: Texts) -> list[list[str]]:
    rows = [
        [
            words.say(f"cli.simulate.head.{key}")
            for key in ("counter", "services", "open", "people", "busy")
        ]
    ]
    rows += [
        [
            str(use.counter),
            ", ".join(use.services),
            words.number(round(use.open_hours, 1)),
            words.number(round(use.people)),
            words.percent(use.busy),
        ]
        for use in study.uses
    ]
    return rows


def _staffing(study: Study, words: Texts) -> list[list[str]]:
    rows = [
        [
            words.say(f"cli.simulate.head.{key}")
            for key in ("services", "now", "mean", "more", "fewer")
        ]
    ]
    rows += [
        [
            ", ".join(group.services),
            ", ".join(map(str, group.counters)),
            minutes(group.mean, words) if group.people else "–",
            changed(group, group.more, words),
            changed(group, group.fewer, words),
        ]
        for group in study.staffing
    ]
    return rows


def changed(group: Staffing, change: Change | None, words: Texts) -> str:
    """The mean wait after a change, with its uncertainty; or why there is nothing to say."""
    if group.unknown:
        return words.say("cli.simulate.not_simulated", services=", ".join(group.unknown))
    if not group.people:
        return "–"
    if change is None:
        return words.say("cli.simulate.no_counter_left")
    sign = "−" if change.seconds < 0 else "+"
    facts = {
        "after": minutes(max(0.0, group.mean + change.seconds), words),
        "change": sign + minutes(abs(change.seconds), words),
        "spread": minutes(change.spread, words),
        "left": words.number(abs(round(change.left))),
    }
    if change.left <= -0.5:
        return words.say("cli.simulate.changed.called", **facts)
    if change.left >= 0.5:
        return words.say("cli.simulate.changed.left", **facts)
    return words.say("cli.simulate.changed" if change.clear else "cli.simulate.unclear", **facts)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of equal width; figures stand to the right under their heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    figures = [
        all(not row[column] or row[column][0] in "0123456789-–<" for row in rows[1:])
        for column in range(len(rows[0]))
    ]

    def line(row: Sequence[str]) -> str:
        cells = zip(row, widths, figures, strict=True)
        told = (cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells)
        return "  " + "  ".join(told).rstrip()

    rule = "  " + "  ".join("─" * width for width in widths)
    return "\n".join([line(rows[0]), rule, *map(line, rows[1:]), ""])
