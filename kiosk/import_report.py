"""What an operator reads about a file that was taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.tables import ImportReport
    from kiosk.texts import Texts

_SHOWN: Final = 10
"""How many of the bad rows are told at once."""


def told_report(report: ImportReport, words: Texts, aside: Path, *, dry: bool) -> Iterator[str]:
    """In lines; ``aside`` is where all bad rows stand."""
    facts = {
        "read": report.read,
        "new": report.new,
        "changed": report.stored - report.new,
        "unchanged": report.unchanged,
    }
    yield words.say("cli.import_dry" if dry else "cli.imported", **facts)
    if report.own:
        yield words.count("cli.import_own", report.own)
    if report.columns and dry:
        known = ", ".join(f"{title} = {field}" for title, field in report.columns)
        yield words.say("cli.import_columns", columns=known)
    if report.unread:
        yield words.say("cli.import_unread", columns=", ".join(report.unread))
    if report.bad:
        yield words.say("cli.set_aside", n=report.bad, path=aside)
        yield from (f"  {line}: {reason}" for line, reason in report.rejected[:_SHOWN])
