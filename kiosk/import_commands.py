"""The commands that bring data in from files."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads it)
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.commands import (
    DEFAULT_CONFIG,
    ConfigPath,
    centre_of,
    read_config,
    show_progress,
    tell,
)
from kiosk.processes import BAD_CONFIG

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.import_mapping import Words

importing = typer.Typer(no_args_is_help=True, help="Bring data in from files.")

# Files are not asked about before they are opened, hence readable=False: access(2) knows nothing of
# the right to read all files, which root gives along to the kiosk's user.

_NAMED: Final = 12
"""How many procedures are named that a file does not list."""


@importing.command("dossiers")
def import_dossiers(
    file: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help="A CSV file or a workbook, one dossier a row; or JSON records of the portal.",
        ),
    ],
    config: ConfigPath = DEFAULT_CONFIG,
    mapping: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            help="What columns and words of your own mean; else that of [import].",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is good and bad; store nothing.")
    ] = False,
) -> None:
    """Read dossiers from FILE; what cannot be used is set aside beside it, with its reason."""
    from kiosk import imports
    from kiosk.import_report import told_report
    from kiosk.texts import operator_texts

    settings = read_config(config)
    own = _words(settings, mapping)
    report = imports.import_dossiers(
        centre_of(settings), file, words=own, dry=dry_run, progress=_told_bytes
    )
    for line in told_report(report, operator_texts(), imports.aside_of(file), dry=dry_run):
        print(line)


@importing.command("procedures")
def import_procedures(
    file: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help="A CSV file or a workbook, one procedure a row; or JSON records of the portal.",
        ),
    ],
    config: ConfigPath = DEFAULT_CONFIG,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is good and bad; store nothing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the procedures that FILE does not list.")
    ] = False,
) -> None:
    """Read the catalogue of procedures from FILE; what cannot be used is set aside beside it."""
    from kiosk.import_procedures import aside_of, import_procedures
    from kiosk.texts import operator_texts

    centre, words = centre_of(read_config(config)), operator_texts()
    report = import_procedures(centre, file, dry=dry_run, replacing=replace, progress=_told_bytes)
    bad = report.bad
    if dry_run:
        print(words.say("cli.procedures_dry", read=report.read, good=report.read - bad, bad=bad))
    else:
        counted = {"read": report.read, "stored": report.stored, "unchanged": report.unchanged}
        print(words.say("cli.procedures_imported", **counted))
    if report.absent:
        key = "removed" if report.removed else "kept_whole" if replace else "kept"
        told = ", ".join(report.absent[:_NAMED]) + ("…" if len(report.absent) > _NAMED else "")
        print(words.say(f"cli.procedures_{key}", n=len(report.absent), codes=told))
    if bad:
        print(words.say("cli.set_aside", n=bad, path=aside_of(file)))


@importing.command("appointments")
def import_appointments(
    file: Annotated[
        Path,
        typer.Argument(readable=False, help="A CSV file or a workbook, one appointment a row."),
    ],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Read appointments from FILE; a known code with another time is moved."""
    from kiosk.import_appointments import import_appointments
    from kiosk.tables import rejected_path
    from kiosk.texts import operator_texts

    report, words = import_appointments(centre_of(read_config(config)), file), operator_texts()
    counted = {"read": report.read, "stored": report.stored, "unchanged": report.unchanged}
    print(words.say("cli.appointments_imported", **counted))
    if report.bad:
        print(words.say("cli.set_aside", n=report.bad, path=rejected_path(file)))


def _words(settings: Config, mapping: Path | None) -> Words:
    from kiosk.import_mapping import load_words
    from kiosk.mistakes import BadConfig

    try:
        return load_words(mapping) if mapping else settings.imports.words(settings.beside)
    except BadConfig as bad:
        tell(bad)
        raise typer.Exit(BAD_CONFIG) from None


def _told_bytes(done: int, of: int) -> None:
    show_progress(done / of if of else 1)
