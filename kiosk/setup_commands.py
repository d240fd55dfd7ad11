"""``kiosk setup``: from an installed program to a hall at work, without reading kiosk.toml."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path  # noqa: TC003 (typer reads it)
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath
from kiosk.processes import BAD_CONFIG, REFUSED

if TYPE_CHECKING:
    from kiosk.setup.keeping import Kept
    from kiosk.setup.sitting import Sitting
    from kiosk.texts import Texts

_TELLS: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class StepName(StrEnum):
    OFFICE = "office"
    SCREENS = "screens"
    PRINTER = "printer"
    SCANNER = "scanner"
    SOUND = "sound"
    SERVICES = "services"
    CLERK = "clerk"
    BACKUP = "backup"
    WEB = "web"


def setup(
    step: Annotated[
        list[StepName] | None, typer.Argument(help="Only these steps; all of them without.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="Ask nothing: a TOML or JSON file answers, and what it leaves out is as proposed."
        ),
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Ask on a page in this machine's browser instead.")
    ] = False,
    language: Annotated[
        str | None, typer.Option(help="vi or en; else that of the terminal, or it is asked.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Set the hall up: office, screens, printer, scanner, sound, services, first clerk, backups."""
    from kiosk.commands import tell
    from kiosk.mistakes import BadConfig

    if page and answers is not None:
        raise typer.BadParameter("--page | --answers FILE")
    try:
        given = _answers(answers)
        words = _language(language or given.get("language"), interactive=answers is None)
        sitting = _sitting(config, words)
        # A new file is made as a whole: half an office would not run.
        step = step if config.exists() else None
        steps = _steps(step)
        if answers is not None:
            raise typer.Exit(_from_file(sitting, given, steps))
        if sitting.flaws:
            tell(BadConfig(config, sitting.flaws))
        if page:
            from kiosk.setup.keeping import recall
            from kiosk.setup.page import run_page

            before = recall(config) if not step else None
            if before is not None:
                sitting.restore(before.answers, before.done)
            raise typer.Exit(run_page(sitting, steps))
        raise typer.Exit(_in_terminal(sitting, steps, whole=not step))
    except BadConfig as bad:
        tell(bad)
        raise typer.Exit(BAD_CONFIG) from None


def _answers(path: Path | None) -> dict[str, object]:
    from kiosk.setup.answered import read_answers

    return read_answers(path) if path is not None else {}


def _steps(wanted: list[StepName] | None) -> tuple[str, ...]:
    from kiosk.setup.terminal import known_steps

    return known_steps([one.value for one in wanted or ()])


def _language(named: object, *, interactive: bool) -> Texts:
    """The one that is named, or that the terminal speaks; else it is the first question. All that
    setup starts speaks it too."""
    from kiosk.texts import FIRST, languages, texts

    if named is not None and named not in languages():
        raise typer.BadParameter(" | ".join(languages()))
    spoken = (re.match(r"[a-z]*", os.environ.get(name, "")) for name in _TELLS)
    known = next((one[0] for one in spoken if one and one[0] in languages()), None)
    code = str(named) if named is not None else known
    if code is None and interactive:
        for number, one in enumerate(languages(), 1):
            typer.echo(f"  {number}  {texts(one).say('language.name')}")
        while code is None:
            typed = str(typer.prompt("[1]", default="1", show_default=False)).strip()
            if typed.isdecimal() and 0 < int(typed) <= len(languages()):
                code = languages()[int(typed) - 1]
            elif typed in languages():
                code = typed
    code = code or FIRST
    os.environ["LANGUAGE"] = code
    return texts(code)


def _sitting(path: Path, words: Texts) -> Sitting:
    """BadConfig where there is a file that is no TOML: nobody's work is thrown away."""
    from kiosk.setup.machine import first_facts
    from kiosk.setup.sitting import Sitting
    from kiosk.shipped import shipped_text

    facts = first_facts(path)
    base = path.read_text("utf-8-sig") if path.exists() else shipped_text()
    return Sitting(path, words, base, facts)


def _from_file(sitting: Sitting, given: dict[str, object], steps: tuple[str, ...]) -> int:
    from kiosk.setup.answered import take
    from kiosk.setup.keeping import keep
    from kiosk.setup.machine import numbers

    with numbers() as shown:
        wrong = take(sitting, given, steps, shown)
    if wrong:
        typer.echo(sitting.words.count("setup.answers_wrong", len(wrong)), err=True)
        for sentence in wrong:
            typer.echo(f"  {sentence}", err=True)
        return BAD_CONFIG
    return told_end(keep(sitting), sitting.words)


def _in_terminal(sitting: Sitting, steps: tuple[str, ...], *, whole: bool) -> int:
    from kiosk.setup.keeping import keep, recall
    from kiosk.setup.machine import numbers
    from kiosk.setup.terminal import Terminal

    words, path = sitting.words, sitting.path
    typer.echo(words.say("setup.title"))
    key = "setup.changes" if path.exists() else "setup.makes"
    typer.echo(words.say(key, path=path.absolute()))
    try:
        with numbers() as shown:
            terminal = Terminal(sitting, shown)
            before = recall(path) if whole else None
            if before is not None:
                at = words.when(before.at)
                if terminal.asks(words.say("setup.resume", at=at)):
                    sitting.restore(before.answers, before.done)
            terminal.walk(steps)
            if not terminal.confirmed(steps):
                typer.echo(words.say("setup.not_written", path=path))
                return REFUSED
    except (typer.Abort, KeyboardInterrupt):
        typer.echo(f"\n{words.say('setup.stopped', path=path)}")
        return REFUSED
    return told_end(keep(sitting), words)


def told_end(kept: Kept, words: Texts) -> int:
    """What was written, what was not, and how to go on."""
    from kiosk.setup.keeping import end_lines

    for sentence in end_lines(kept, words):
        typer.echo(sentence)
    for sentence in kept.short:
        typer.echo(sentence, err=True)
    return REFUSED if kept.short else 0
