"""Whether each part of the hall is ready, told to the technician in one table."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from kiosk import troubles
from kiosk.calendar import utc_now
from kiosk.check_backup import backups, erasing
from kiosk.check_hall import (
    Finding,
    board_folder,
    displays,
    not_known,
    of_health,
    told_state,
    voice,
    windows,
)
from kiosk.check_machine import alerts, disks, feed
from kiosk.errors import Refused, Unavailable
from kiosk.installation.places import UNFINISHED
from kiosk.keypads.process import name_of
from kiosk.notices import Notices
from kiosk.office.centre import open_centre
from kiosk.office.clerks import list_clerks
from kiosk.office.devices import CLOCK_BACK, clock_back, clock_differs
from kiosk.office.dossiers import count_dossiers
from kiosk.office.hall import read_jobs, read_running
from kiosk.office.procedures import count_procedures
from kiosk.printer_report import missing_letters, roll_report, told_lost
from kiosk.printing import owned, place_of, settings_of
from kiosk.rescue import way_back
from kiosk.store.events import first_broken
from kiosk.texts import (
    added_languages,
    languages,
    operator_texts,
    texts,
    told_to_technician,
)
from kiosk.tls import told_term
from kiosk.urls import without_query
from kiosk.web.certificate import SERVES, read_term
from kiosk.web.sockets import listen
from printer.finding import Candidate, look_at
from printer.status import CAN_PRINT, Reason

if TYPE_CHECKING:
    from kiosk.board import DeviceHealth
    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJob
    from kiosk.texts import Texts
    from kiosk.web_config import Listening

SOME: Final = 12
"""Letters that are listed of all that a face lacks."""
EMBLEM: Final = "look.emblem"
SPARED: Final = {EMBLEM, "ticket.logo"}
"""Pictures without which windows and tickets look other than they should, and do their work."""
FONT_PACKAGE: Final = "fontpkg_be_vietnam_pro"


def inspect(config: Config) -> tuple[Finding, ...]:
    """Looks at every part; opens a device only when no running process owns it."""
    words = operator_texts()
    centre = open_centre(config)
    findings = [_config(config, words), *_languages(config, words), _services(centre, words)]
    findings.append(_font(centre, words))
    store, devices = _store(config, centre, words)
    findings += [
        store,
        backups(config, centre, devices, words),
        erasing(centre, devices, words),
        _notices(centre, words),
        *board_folder(config, words),
        *disks(config, words),
        *_clock(centre, words),
        *feed(devices, words),
        alerts(config, devices, words),
        *_name(devices, words),
        *_update(Path(UNFINISHED), words),
    ]
    findings += [_printer(config, devices, words), _scanner(config, devices, words)]
    findings += _keypads(config, devices, words)
    findings += [*_import(config, devices, words), *windows(config, devices, words)]
    findings.append(voice(config, centre, words))
    findings += [_web(config, devices, words), _public(config, devices, words)]
    findings.append(displays(config, centre, words))
    findings += _webhooks(config, devices, words)
    centre.database.close()
    return tuple(findings)


def table(findings: tuple[Finding, ...]) -> str:
    words = operator_texts()
    states = [words.say(f"cli.check.state.{finding.state}") for finding in findings]
    part_width = max(len(finding.part) for finding in findings)
    state_width = max(len(state) for state in states)
    return "\n".join(
        f"{finding.part:<{part_width}}  {state:<{state_width}}  {finding.detail}".rstrip()
        for finding, state in zip(findings, states, strict=True)
    )


def printer_report(centre: Centre) -> str:
    """How the printer is, and the slips that have not come out for certain, in lines."""
    words = operator_texts()
    known = read_running(centre).get("printer")
    lines = [_told_printer(known.reason, words) if known else words.say("cli.printer.unheard")]
    open_jobs = [job for job in read_jobs(centre) if job.kiosk == centre.kiosk]
    for job in open_jobs:
        at = job.created_at.astimezone(centre.timezone)
        kind = words.say(f"web.slip.{job.slip}")
        what = job.number or f"{kind} {job.dossier or ''}".rstrip()
        lines.append(f"  {what:<8} {at:%H:%M:%S}  {_told_job(job, words)}")
    if not open_jobs:
        lines.append(words.say("cli.printer.no_jobs"))
    lines.append(roll_report(centre))
    return "\n".join(line.rstrip() for line in lines)


def _config(config: Config, words: Texts) -> Finding:
    flaws = [flaw for flaw in config.flaws if flaw.where != EMBLEM]
    flaws += config.look.flaws(config.beside, draws=True)
    told = ": ".join([str(config.path.absolute()), *(flaw.told(words) for flaw in flaws)])
    part, stopped = words.say("cli.check.config"), [one for one in flaws if one.where not in SPARED]
    if stopped or not flaws:
        return Finding(part, not stopped, told)
    return Finding(part, True, told, "warning")


def _languages(config: Config, words: Texts) -> list[Finding]:
    """Each language must have every sentence of the first; one that the office added is told with
    its file, and with the letters that paper cannot show."""
    whole, added = texts(languages()[0]).keys(), added_languages()
    findings = []
    for language in config.office.languages:
        missing = len(whole - texts(language).keys())
        name = texts(language).say("language.name")
        told = [words.say("cli.check.sentences", name=name, n=len(whole) - missing, of=len(whole))]
        letters = ""
        if language in added:
            told.insert(0, str(added[language]))
            letters = missing_letters(texts(language).letters())
        if letters:
            few = letters[:SOME] + ("…" if len(letters) > SOME else "")
            told.append(words.say("cli.printer.boxes", letters=" ".join(few)))
        ready = not (missing or letters)
        findings.append(Finding(words.say("cli.check.languages"), ready, ": ".join(told)))
    return findings


def _services(centre: Centre, words: Texts) -> Finding:
    part = words.say("cli.check.services")
    alone = [code for code in centre.services if not centre.counters_of(code)]
    if alone:
        detail = words.say("cli.check.no_counter", services=", ".join(alone))
        return Finding(part, False, detail)
    counted = words.say(
        "cli.check.counted", services=len(centre.services), counters=len(centre.counters)
    )
    return Finding(part, True, counted)


def _font(centre: Centre, words: Texts) -> Finding:
    """Whether it is there, and has all letters of what the office calls itself and its services."""
    part = words.say("cli.check.font")
    if find_spec(FONT_PACKAGE) is None:
        return Finding(part, False, words.say("unavailable.font_missing"))
    names = [service.names for service in centre.services.values()]
    forms = [(form.title, form.footer) for form in centre.forms.values()]
    look = centre.ticket
    chosen = (
        centre.name,
        centre.parent,
        centre.names,
        centre.parents,
        names,
        look.heading,
        look.farewell,
        forms,
    )
    if letters := missing_letters(chosen):
        boxes = words.say("cli.printer.boxes", letters=" ".join(letters))
        return Finding(part, False, f"Be Vietnam Pro. {boxes}")
    return Finding(part, True, "Be Vietnam Pro")


def _store(config: Config, centre: Centre, words: Texts) -> tuple[Finding, dict[str, DeviceHealth]]:
    part, path = words.say("cli.check.store"), centre.database.place
    try:
        centre.database.prepare()
        if not centre.database.sound():
            raise Unavailable("store_damaged")
        centre.database.try_to_write()
        with centre.database.read() as query:
            broken = first_broken(query, centre.code)
        clerks = [clerk for clerk in list_clerks(centre) if not clerk.disabled]
        devices = read_running(centre)
        dossiers, procedures = count_dossiers(centre), count_procedures(centre)
    except (Unavailable, Refused) as error:
        told = told_to_technician(error, words)
        if error.code == "store_damaged":
            told = f"{told} {way_back(config, centre, words)}"
        elif config.store_path is not None and not config.store_path.parent.is_dir():
            told = words.say("cli.check.no_store_folder", folder=config.store_path.parent)
        return Finding(part, False, f"{path}: {told}"), {}
    if "data" in devices:
        told = f"{told_state(devices['data'], words)} {way_back(config, centre, words)}"
        return Finding(part, False, f"{path}: {told}"), devices
    if broken is not None:
        return Finding(
            part, False, f"{path}: {words.say('cli.check.altered', seq=broken)}"
        ), devices
    if not clerks:
        return Finding(part, False, f"{path}: {words.say('cli.check.no_clerk')}"), devices
    counted = words.say(
        "cli.check.dossiers",
        n=words.number(dossiers),
        procedures=words.number(procedures),
        clerks=len(clerks),
    )
    return Finding(part, True, f"{path}: {counted}"), devices


def _notices(centre: Centre, words: Texts) -> Finding:
    """How many pages of notices are shown, and which files are not, and why."""
    part, notices = words.say("cli.check.notices"), Notices(centre.notices)
    shown = len(notices.read())
    told = [words.say("cli.check.pages", n=shown)]
    told += [f"{flaw.file}: {words.say(flaw.key)}" for flaw in notices.flaws]
    return Finding(part, True, "; ".join(told), "warning" if notices.flaws else "")


def _update(note: Path, words: Texts) -> list[Finding]:
    """An update that a power cut broke off: what runs now has not proved itself."""
    if not note.exists():
        return []
    told = words.say("cli.check.update_unfinished")
    return [Finding(words.say("cli.check.update"), True, told, "warning")]


def _clock(centre: Centre, words: Texts) -> list[Finding]:
    """This machine's clock beside the server's, where there is one and it answered; and whether it
    was set back, where there is no other."""
    error = centre.database.clock_error()
    part = words.say("device.clock")
    if error is None:
        # What keeps the store away has a line of its own.
        with suppress(Unavailable, Refused):
            if clock_back(centre):
                return [Finding(part, False, troubles.told(CLOCK_BACK, words))]
        return []
    if not clock_differs(centre):
        return [Finding(part, True, words.say("device.ok"))]
    there = centre.wall().astimezone(centre.timezone)
    here, server = (f"{time:%Y-%m-%d %H:%M:%S}" for time in (there + error, there))
    return [Finding(part, False, words.say("cli.check.clock_differs", here=here, server=server))]


def _name(devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Only while a second machine has this kiosk's name."""
    told = devices.get("name")
    return [Finding(words.say("device.name"), False, told_state(told, words))] if told else []


def _printer(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> Finding:
    part, where = words.say("cli.check.printer"), place_of(config)
    if "printer" in devices:
        health = devices["printer"]
        told = _told_printer(health.reason, words)
        doubt: Literal["", "warning"] = "warning" if health.state == "warning" else ""
        return Finding(part, health.state != "fault", f"{where}: {told}", doubt)
    try:
        with owned(config):
            found = look_at(Candidate(settings_of(config)))
    except (Refused, PermissionError):
        # Its process is only starting, or another user's.
        return Finding(part, False, f"{where}: {words.say('refused.printer_owned')}")
    if found.lost:
        return Finding(part, False, f"{where}: {told_lost(found.lost, found.detail, words)}")
    if not found.candidate.settings.answers:
        return Finding(part, True, where)
    reason = found.status.reason if found.answers else Reason.SILENT
    ready = found.status.state in CAN_PRINT
    return Finding(part, ready, f"{where}: {_told_printer(reason, words)}")


def _scanner(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> Finding:
    part, section = words.say("cli.check.scanner"), config.scanner
    if section.connection == "none":
        return Finding(part, True, words.say("cli.check.unused"))
    if section.connection == "keyboard":
        return Finding(part, True, "keyboard")
    where = f"serial {section.device}"
    if "scanner" in devices:
        return of_health(part, devices["scanner"], words, where)
    if not Path(section.device).exists():
        return Finding(part, False, f"{where}: {troubles.told('unplugged', words)}")
    return Finding(part, True, where)


def _keypads(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Each line of call keypads, and each keypad on it that is out of order."""
    findings = []
    for number, section in enumerate(config.keypad_line, 1):
        here = [counter for counter in config.counter if counter.line == number]
        pads = [counter.number for counter in here if counter.keypad is not None]
        boards = sum(counter.led is not None for counter in here)
        where = words.say(
            "cli.check.keypad_line", device=section.device, keypads=len(pads), boards=boards
        )
        part, health = words.say("cli.check.keypads"), devices.get(name_of(number))
        if health is None:
            if Path(section.device).exists():
                findings.append(not_known(part, words, where))
            else:
                told = f"{where}: {troubles.told('unplugged', words)}"
                findings.append(Finding(part, False, told))
            continue
        findings.append(
            Finding(part, health.state == "ok", f"{where}: {told_state(health, words)}")
        )
        for pad in pads:
            known = devices.get(f"keypad {pad}")
            if known is not None and known.state != "ok":
                name = f"{words.say('device.keypad')} {pad}"
                findings.append(Finding(name, False, told_state(known, words)))
    return findings


def _web(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> Finding:
    part = words.say("cli.check.web")
    return _site(config, config.web, part, devices.get("web"), "plain_http", words)


def _public(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> Finding:
    part = words.say("cli.check.public")
    if not config.public.enabled:
        return Finding(part, True, words.say("cli.check.unused"))
    if config.public.port == config.web.port:
        return Finding(part, False, troubles.told("public_port", words))
    health = devices.get("public")
    return _site(config, config.public_site, part, health, "public_plain_http", words)


def _site(
    config: Config,
    web: Listening,
    part: str,
    health: DeviceHealth | None,
    withheld: str,
    words: Texts,
) -> Finding:
    """Where it is served, or could be, and for how long its certificate is good."""
    facts = {"url": f"{web.scheme}://{web.served_host}", "port": web.port}
    told, ready = [], not web.is_withheld
    try:
        if health is not None and (health.state != "fault" or health.reason in SERVES):
            told.append(words.say("cli.check.web_runs", **facts))
        else:
            listen(web.served_host, web.port).close()
            told.append(words.say("cli.check.web_free", **facts))
        if web.is_withheld:
            told.append(troubles.told(withheld, words))
        if files := config.pair_of(web):
            term = read_term(files)
            state, reason = term.judged(utc_now())
            told.append(told_term(term, words))
            told += [troubles.told(reason, words)] if reason else []
            ready = state == "ok"
    except Unavailable as error:
        return Finding(part, False, "; ".join([*told, told_to_technician(error, words)]))
    return Finding(part, ready, "; ".join(told))


def _import(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Where dossiers come from by themselves, as the process that takes them in says."""
    settings = config.imports
    if not settings.has_work:
        return []
    part, health = words.say("cli.check.import"), devices.get("import")
    folder = [str(config.beside(settings.folder))] if settings.folder else []
    url = [without_query(settings.url)] if settings.url else []
    where = ", ".join(folder + url)
    if health is not None:
        return [Finding(part, health.state == "ok", f"{where}: {told_state(health, words)}")]
    if folder and not Path(*folder).is_dir():
        told = troubles.told("import_folder_missing", words)
        return [Finding(part, False, f"{where}: {told}")]
    return [Finding(part, True, where)]


def _webhooks(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Each as the process that tells it says."""
    findings = []
    for hook in config.webhooks():
        part = words.say("cli.check.webhook", name=hook.name)
        health = devices.get(hook.device)
        if not hook.secret:
            told = troubles.told("webhook_secret", words)
            findings.append(Finding(part, False, f"{hook.url}: {told}"))
        elif health is None:
            findings.append(not_known(part, words, hook.url))
        else:
            findings.append(of_health(part, health, words, hook.url))
    return findings


def _told_job(job: OpenJob, words: Texts) -> str:
    state = words.say(f"web.slips.state.{job.state}")
    if not job.reason:
        return f"{state}."
    if words.has(key := f"web.slips.why.{job.reason}"):
        return f"{state}. {words.say(key)}"
    if words.has(f"device.{job.reason}"):
        return f"{state}. {troubles.told(job.reason, words)}"
    return f"{state}. {words.say('web.slips.why.undrawable')} ({job.reason})"


def _told_printer(reason: str, words: Texts) -> str:
    told = troubles.told(reason, words)
    return f"{told} {words.say('cli.printer.never_answers')}" if reason == Reason.SILENT else told
