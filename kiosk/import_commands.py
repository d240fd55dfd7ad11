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
    from collections.abc import Iterator

    from kiosk.import_mapping import Words
    from kiosk.tables import ImportReport
    from kiosk.texts import Texts

importing = typer.Typer(no_args_is_help=True, help="Bring data in from files.")

_SHOWN: Final = 10
"""How many of the bad rows are told at once."""


@importing.command("dossiers")
def import_dossiers(
    file: Annotated[
        Path,
        typer.Argument(
            help="A CSV file or a workbook, one dossier a row; or JSON records of the portal."
        ),
    ],
    config: ConfigPath = DEFAULT_CONFIG,
    mapping: Annotated[
        Path | None,
        typer.Option(help="What columns and words of your own mean; else that of [import]."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is good and bad; store nothing.")
    ] = False,
) -> None:
    """Read dossiers from FILE; what cannot be used is set aside beside it, with its reason."""
    from kiosk import imports
    from kiosk.texts import operator_texts

    settings = read_config(config)
    own = _words(mapping)
    report = imports.import_dossiers(
        centre_of(settings), file, words=own, dry=dry_run, progress=_told_bytes
    )
    for line in told_report(report, operator_texts(), imports.aside_of(file), dry=dry_run):
        print(line)


def told_report(report: ImportReport, words: Texts, aside: Path, *, dry: bool) -> Iterator[str]:
    """What an operator reads about one file."""
    facts = {
        "read": report.read,
        "new": report.new,
        "changed": report.stored - report.new,
        "unchanged": report.unchanged,
    }
    yield words.say("cli.import_dry" if dry else "cli.imported", **facts)
    if report.columns and dry:
        known = ", ".join(f"{title} = {field}" for title, field in report.columns)
        yield words.say("cli.import_columns", columns=known)
    if report.unread:
        yield words.say("cli.import_unread", columns=", ".join(report.unread))
    if report.bad:
        yield words.say("cli.set_aside", n=report.bad, path=aside)
        yield from (f"  {line}: {reason}" for line, reason in report.rejected[:_SHOWN])


@importing.command("appointments")
def import_appointments(
    file: Annotated[Path, typer.Argument(help="A CSV file or a workbook, one appointment a row.")],
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


def _words(mapping: Path | None) -> Words | None:
    from kiosk.import_mapping import load_words
    from kiosk.mistakes import BadConfig

    if mapping is None:
        return None
    try:
        return load_words(mapping)
    except BadConfig as bad:
        tell(bad)
        raise typer.Exit(BAD_CONFIG) from None


def _told_bytes(done: int, of: int) -> None:
    show_progress(done / of if of else 1)
