"""The command with which the office forgets a person who asks for it."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk import masking, set_aside
from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.office.erasing import Known
    from kiosk.texts import Texts


def forget(
    dossier: Annotated[str | None, typer.Option(help="The code of a dossier.")] = None,
    phone: Annotated[
        bool, typer.Option("--phone", help="A telephone number, one line on standard input.")
    ] = False,
    citizen_id: Annotated[
        bool, typer.Option("--citizen-id", help="An ID number, one line on standard input.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase it; without it is only told what there is.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Tell what is known of a person, in counts, and with --yes erase it; what has to be kept is
    told with its reason."""
    from kiosk.office import erasing
    from kiosk.texts import operator_texts

    if (dossier is not None) + phone + citizen_id != 1:
        raise typer.BadParameter("--dossier CODE | --phone | --citizen-id")
    settings, words = read_config(config), operator_texts()
    centre, kept = centre_of(settings), settings.retention
    try:
        if dossier is not None:
            known = erasing.find_dossier(centre, kept, dossier)
        elif phone:
            known = erasing.find_phone(centre, kept, _asked(words, "cli.ask_phone"))
        else:
            known = erasing.find_citizen(centre, kept, _asked(words, "cli.ask_citizen"))
        _tell(known, settings, words)
        if not known.erasable:
            raise Refused("forget_open" if known.open else "forget_own")
        if yes:
            _erase(centre, known, settings, words)
        else:
            print(words.say("cli.forget_dry"))
    finally:
        centre.database.close()


def _erase(centre: Centre, known: Known, settings: Config, words: Texts) -> None:
    from kiosk.office import erasing

    _remember(settings, known, centre.clock())
    erased = erasing.forget(centre, known)
    print(words.count("cli.forgotten", erased.get("dossiers", 0)))
    if not centre.database.scrub():
        print(words.say("cli.forgotten_later"))
    if settings.store_path is None:
        print(words.say("cli.forgotten_server"))
    elif settings.backup.folder:
        print(words.say("cli.forgotten_copies", days=settings.backup.keep_days))
    if places := _elsewhere(settings):
        print(words.say("cli.forgotten_files", places=", ".join(map(str, places))))


def _elsewhere(settings: Config) -> list[Path | str]:
    """Files and places that nobody looks through, which may tell of the person all the same."""
    places: list[Path | str] = []
    if settings.imports is not None and settings.imports.folder:
        folder = settings.beside(settings.imports.folder)
        places += [one for one in (folder / "done", folder / "failed") if one.is_dir()]
    if settings.printer is not None and settings.printer.folder:
        slips = settings.beside(settings.printer.folder)
        places += [slips] if slips.is_dir() else []
    if (store := settings.store_path) is not None:
        places += sorted(
            one for one, _ in set_aside.there_are(store) if not one.name.endswith(("-wal", "-shm"))
        )
        places += [masking.only_hosts(settings.backup.stream)] if settings.backup.stream else []
    return places


def _tell(known: Known, settings: Config, words: Texts) -> None:
    if known.dossiers:
        print(words.count("cli.forget_dossiers", len(known.dossiers)))
    if known.wishes:
        print(words.count("cli.forget_wishes", len(known.wishes)))
    if known.open:
        print(words.count("cli.forget_open", len(known.open)))
    if known.own:
        until = max(known.own.values()).astimezone(settings.zone).date()
        print(words.count("cli.forget_own", len(known.own), until=words.date(until)))


def _remember(settings: Config, known: Known, now: datetime) -> None:
    """Before anything is erased, so that no copy that is put back brings it to light again. The
    list among the copies follows with the next one where their medium is away."""
    from kiosk.forgotten import Forgotten, among_copies, beside, note

    store = settings.store_path
    if store is None:
        return
    more = Forgotten(dict.fromkeys(known.dossiers, now), frozenset(known.wishes))
    note(beside(store), more)
    if settings.backup.folder:
        folder = settings.beside(settings.backup.folder)
        with suppress(OSError):
            note(among_copies(folder, settings.office.unit_code), more)


def _asked(words: Texts, key: str) -> str:
    """One line, which is not shown where somebody types it and stands in no list of processes."""
    import getpass

    if sys.stdin.isatty():
        return getpass.getpass(words.say(key))
    return sys.stdin.readline().strip()
