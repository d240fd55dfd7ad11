"""The commands about the ticket printer."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime  # noqa: TC003 (typer reads it)
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.errors import Refused
from kiosk.printer_setup import setup

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.texts import Texts
    from printer.virtual import Model

Chosen = TypeVar("Chosen", str, int)
Language = Annotated[str | None, typer.Option(help="Else the first of the office.")]

printers = typer.Typer(no_args_is_help=True, help="The ticket printer.")
printers.add_typer(setup)


@printers.command("status")
def printer_status(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say how the printer is, and which slips have not come out for certain."""
    from kiosk.check import printer_report

    print(printer_report(centre_of(read_config(config))))


@printers.command("test")
def printer_test(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Queue a test page."""
    from kiosk.office.jobs import queue_test_page
    from kiosk.printer_report import queued_report
    from kiosk.texts import operator_texts

    words = operator_texts()
    centre = centre_of(read_config(config))
    queue_test_page(centre, words)
    print(queued_report(centre, words.say("cli.test_queued")))


@printers.command("summary")
def printer_summary(
    counter: Annotated[int, typer.Option(help="Whose day.")],
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Else the running one.")
    ] = None,
    language: Language = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Queue the summary of a counter's day."""
    from kiosk.office.form_jobs import queue_summary
    from kiosk.printer_report import queued_report
    from kiosk.texts import operator_texts

    settings = read_config(config)
    asked = day.date() if day else None
    spoken = _language(settings, language)
    centre = centre_of(settings)
    queue_summary(centre, counter, asked, actor="operator", language=spoken)
    told = operator_texts().say("cli.summary_queued", counter=counter)
    print(queued_report(centre, told))


@printers.command("form")
def printer_form(
    kind: Annotated[str, typer.Argument(help="receipt, supplement, refusal, apology or handover.")],
    code: Annotated[str, typer.Argument(help="The dossier's; a refusal may do without.")] = "",
    citizen: Annotated[str, typer.Option(help="Who hands papers in, or takes the result.")] = "",
    clerk: Annotated[str, typer.Option(help="Who signs for the office.")] = "",
    paper: Annotated[
        list[str] | None,
        typer.Option(
            help='A paper: "name", "name=how many", or "name=1/2/0" of originals, certified and'
            " plain copies; repeatable."
        ),
    ] = None,
    reason: Annotated[list[str] | None, typer.Option(help="Why; repeatable.")] = None,
    advice: Annotated[list[str] | None, typer.Option(help="What to do; repeatable.")] = None,
    number: Annotated[str, typer.Option(help="The office's own number of an apology.")] = "",
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%d %H:%M"],
            help="When a supplement is due; of a receipt, the result, instead of the stored date.",
        ),
    ] = None,
    sets: Annotated[int, typer.Option(min=0, max=99, help="How many sets a receipt is for.")] = 0,
    days: Annotated[
        int, typer.Option(min=0, max=999, help="Working days that the law gives, for a receipt.")
    ] = 0,
    subject: Annotated[str, typer.Option(help="Of a refusal about no stored dossier.")] = "",
    language: Language = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Queue a form about a stored dossier; a refusal also about papers that never became one."""
    from kiosk.office.form_facts import FORM_KINDS, Given, check_length, form_of
    from kiosk.office.form_jobs import (
        is_overdue,
        queue_form,
        queue_refusal_at_counter,
        status_against,
    )
    from kiosk.office.forms import Refusal
    from kiosk.printer_report import queued_report
    from kiosk.texts import operator_texts

    settings = read_config(config)
    spoken = _language(settings, language)
    moment = until.replace(tzinfo=settings.zone) if until else None
    given = Given(
        citizen=citizen.strip(),
        clerk=clerk.strip(),
        paper=_said(paper),
        reason=_said(reason),
        advice=_said(advice),
        number=number.strip(),
        until=moment,
        sets=sets,
        days=days,
    )
    form = form_of(_one_of(kind, FORM_KINDS, "KIND"), given)
    check_length("subject", subject)
    if not code and not isinstance(form, Refusal):
        raise Refused("form_lacks", kind=kind, options="CODE")
    if bool(code) == bool(subject.strip()):
        lacks = "form_has_no" if code else "form_lacks"
        raise Refused(lacks, kind=kind, options="--subject" if code else "CODE | --subject")
    centre = centre_of(settings)
    if code:
        queue_form(centre, code, form, actor="operator", language=spoken)
    elif isinstance(form, Refusal):
        queue_refusal_at_counter(centre, subject.strip(), form, actor="operator", language=spoken)
    words = operator_texts()
    print(queued_report(centre, words.say("cli.form_queued", kind=words.say(f"web.slip.{kind}"))))
    against = status_against(centre, code, kind) if code else None
    if against is not None:
        print(words.say("cli.form_unusual", code=code, status=words.say(against.key)))
    if kind == "receipt" and moment is None and is_overdue(centre, code):
        print(words.say("cli.form_overdue", code=code))
    told = (given.citizen, given.clerk, given.paper, given.reason, given.advice, subject)
    _warn_of_boxes(told, words)


@printers.command("preview")
def printer_preview(
    kind: Annotated[str, typer.Option(help="Which slip; ? lists them.")] = "ticket",
    language: Language = None,
    out: Annotated[Path | None, typer.Option(help="The picture's file, a PNG.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Save the picture of a slip with invented facts, as it will print."""
    from kiosk.office.examples import KINDS
    from kiosk.preview import save_preview
    from kiosk.texts import operator_texts

    settings = read_config(config)
    _one_of(kind, KINDS, "--kind")
    language = _language(settings, language)
    out = out or Path(f"{kind}-{language}.png")
    if out.suffix.lower() != ".png":
        raise typer.BadParameter("--out FILE.png")
    words = operator_texts()
    paths, data = save_preview(settings, kind, language, out)
    for path in paths:
        print(words.say("cli.preview_saved", path=path.absolute()))
    _warn_of_boxes(data, words)


@printers.command("virtual")
def virtual_printer(
    tcp: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Listen on this port of loopback.")
    ] = None,
    pty: Annotated[
        bool,
        typer.Option("--pty", help="Stand behind a serial line; hang_up pulls it out for good."),
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where each slip is saved.")] = Path("slips"),
    control: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Take faults by HTTP on this port of loopback."),
    ] = None,
    model: Annotated[
        str, typer.Option(help="What it can answer: epson, clone, custom, one-way.")
    ] = "epson",
    without: Annotated[
        list[str] | None,
        typer.Option(
            help="What it cannot: echo, doubles, paper_sensor, auto_status, identity, realtime."
        ),
    ] = None,
    paper: Annotated[int, typer.Option(help="Width of the paper, 58 or 80 mm.")] = 80,
    speed: Annotated[
        float | None, typer.Option(min=1, help="Print so many mm a second; else at once.")
    ] = None,
    buffer: Annotated[
        float | None, typer.Option(min=0.25, help="Hold so many kB; a full buffer stops the host.")
    ] = None,
    baud: Annotated[int | None, typer.Option(min=300, help="Speed of the serial line.")] = None,
    roll: Annotated[float | None, typer.Option(min=0.1, help="Metres of paper on a roll.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Be an ESC/POS printer that saves each slip as a picture and fails on request."""
    del config
    if (tcp is None) == (not pty):
        raise typer.BadParameter("--tcp PORT | --pty")
    from kiosk.virtual import Virtual, run_virtual

    settings = Virtual(
        tcp=tcp,
        folder=folder,
        control=control,
        model=_model(model, without or []),
        paper_mm=_one_of(paper, (58, 80), "--paper"),
        speed=speed,
        buffer_kb=buffer,
        baud=baud,
        roll_m=roll,
    )
    raise typer.Exit(run_virtual(settings))


def _warn_of_boxes(told: object, words: Texts) -> None:
    from kiosk.printer_report import missing_letters

    if letters := missing_letters(told):
        print(words.say("cli.printer.boxes", letters=" ".join(letters)))


def _said(texts: list[str] | None) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts or () if text.strip())


def _language(settings: Config, chosen: str | None) -> str:
    from kiosk.texts import languages

    return _one_of(chosen or settings.office.languages[0], tuple(languages()), "--language")


def _model(name: str, without: list[str]) -> Model:
    from printer.virtual import MODELS

    model = MODELS[_one_of(name, tuple(MODELS), "--model")]
    able = tuple(one.name for one in fields(model) if isinstance(getattr(model, one.name), bool))
    lacks: dict[str, Any] = {_one_of(one, able, "--without"): False for one in without}
    return replace(model, **lacks)


def _one_of(value: Chosen, known: tuple[Chosen, ...], option: str) -> Chosen:
    if value not in known:
        raise typer.BadParameter(f"{option} {' | '.join(map(str, known))}")
    return value
