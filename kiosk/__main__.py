"""The command line."""

from __future__ import annotations

import sys
from datetime import datetime  # noqa: TC003 (typer reads it)
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kiosk.errors import Refused, Unavailable
from kiosk.processes import BAD_CONFIG, REFUSED, Role, guarded

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.database import Database
    from kiosk.mistakes import BadConfig
    from kiosk.office.centre import Centre
    from kiosk.tables import ImportReport

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="The counter hall of a one-stop shop: tickets, calls, dossiers.",
)  # fmt: skip
importing = typer.Typer(no_args_is_help=True, help="Bring data in from files.")
clerks = typer.Typer(no_args_is_help=True, help="Clerks and their PINs.")
printers = typer.Typer(no_args_is_help=True, help="The ticket printer.")
app.add_typer(importing, name="import")
app.add_typer(clerks, name="clerk")
app.add_typer(printers, name="printer")

ConfigPath = Annotated[Path, typer.Option("--config", help="The configuration file.")]
DEFAULT_CONFIG = Path("kiosk.toml")


@app.command()
def run(
    config: ConfigPath = DEFAULT_CONFIG,
    role: Annotated[
        list[Role] | None, typer.Option(help="Only this part; may stand several times.")
    ] = None,
) -> None:
    """Run the hall, or the parts of it that --role names."""
    from kiosk.child import play
    from kiosk.processes import grouped, supervise

    groups = grouped(role or list(Role))
    if len(groups) > 1:
        raise typer.Exit(supervise(config, groups, lambda: _usable(config)))
    raise typer.Exit(play(_load(config), groups[0], child=False))


@app.command()
def demo(
    folder: Annotated[
        Path, typer.Option(help="Where the demo office keeps its store and slips.")
    ] = Path("demo"),
    config: Annotated[
        Path | None, typer.Option("--config", help="Another office than the built-in one.")
    ] = None,
) -> None:
    """Open both windows and the web page on an invented office."""
    from kiosk.demo import run_demo

    raise typer.Exit(run_demo(folder, config))


@app.command()
def check(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say for each part whether it is ready, in one table."""
    from kiosk.check import inspect, table

    findings = inspect(_load(config))
    print(table(findings))
    if any(not finding.ready for finding in findings):
        raise typer.Exit(REFUSED)


@app.command()
def migrate(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make the store, or bring its tables up to date."""
    from kiosk.office.centre import open_centre
    from kiosk.schema import MIGRATIONS
    from kiosk.texts import operator_texts

    store = open_centre(_load(config)).database
    before = _prepare(store)
    store.close()
    key = "cli.up_to_date" if before == len(MIGRATIONS) else "cli.migrated"
    print(operator_texts().say(key, place=store.place, before=before, now=len(MIGRATIONS)))


@app.command()
def copy(
    to: Annotated[str | None, typer.Option(help="The store's URL to copy the office to.")] = None,
    origin: Annotated[
        str | None, typer.Option("--from", help="The store's URL to copy the office from.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Copy the office from one store to another, which must not hold it yet; prove the copy."""
    from kiosk.copying import copy_office
    from kiosk.texts import operator_texts

    if (to is None) == (origin is None):
        raise typer.BadParameter("--to URL | --from URL")
    settings = _load(config)
    if origin is not None and not _is_there(settings, origin):
        raise Refused("copy_empty", place=origin)
    ours, other = _centre(settings), _centre(settings, to or origin)
    source, target = (ours, other) if to else (other, ours)
    copied = copy_office(source, target)
    for centre in (ours, other):
        centre.database.close()
    words = operator_texts()
    for table, rows in copied.items():
        print(f"  {table:<16} {words.number(rows)}")
    places = {"source": source.database.place, "target": target.database.place}
    print(words.say("cli.copied", rows=words.number(sum(copied.values())), **places))


@app.command()
def bench(
    parts: Annotated[
        list[str] | None,
        typer.Argument(help="store, store-full, http, offices, hall, start, estimate; most."),
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Measure this machine, on an office of its own (from the source checkout only)."""
    try:
        from bench.__main__ import measure
    except ModuleNotFoundError as error:
        raise Refused("no_bench") from error
    measure(parts or [], config)


@app.command()
def simulate(
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="One recorded day; or a table's day."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=250, help="The last recorded days.")] = 20,
    rates: Annotated[
        Path | None,
        typer.Option(
            help="People per hour, CSV or TOML: hour, service, people[, minutes, priority]."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another chance.")] = 1,
    runs: Annotated[int, typer.Option(min=5, max=500, help="How many days to simulate.")] = 20,
    target: Annotated[
        float, typer.Option(min=1, max=480, help="Who waits longer, in minutes, is counted.")
    ] = 30,
    plot: Annotated[Path | None, typer.Option(help="Save the chart here, as PNG.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Let days like the recorded ones, or like a table, through the rules: who waits how long, and
    what one counter more or less would do."""
    from kiosk.simulation.command import simulate as simulated
    from kiosk.texts import operator_texts

    centre = _centre(_load(config))
    when = day.date() if day else None
    told = simulated(
        centre, operator_texts(), day=when, days=days, rates=rates, runs=runs, seed=seed,
        target=target, picture=plot, progress=_progress,
    )  # fmt: skip
    print(told)


@importing.command("dossiers")
def import_dossiers(
    file: Annotated[Path, typer.Argument(help="A CSV file, one dossier a row.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Read dossiers from FILE; rows that cannot be used are set aside beside it."""
    from kiosk.imports import import_dossiers
    from kiosk.texts import operator_texts

    report = import_dossiers(_centre(_load(config)), file)
    print(operator_texts().say("cli.imported", read=report.read, stored=report.stored))
    _tell_rejected(report, file)


@importing.command("appointments")
def import_appointments(
    file: Annotated[Path, typer.Argument(help="A CSV file, one appointment a row.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Read appointments from FILE; a known code with another time is moved."""
    from kiosk.import_appointments import import_appointments
    from kiosk.texts import operator_texts

    report = import_appointments(_centre(_load(config)), file)
    counted = {"read": report.read, "stored": report.stored, "unchanged": report.unchanged}
    print(operator_texts().say("cli.appointments_imported", **counted))
    _tell_rejected(report, file)


@clerks.command("add")
def add_clerk(
    login: str,
    name: Annotated[str, typer.Option(help="The clerk's full name.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Add a clerk; the PIN is one line on standard input."""
    import getpass

    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    centre = _centre(_load(config))
    words = operator_texts()
    if sys.stdin.isatty():
        pin = getpass.getpass(words.say("cli.ask_pin"))
    else:
        pin = sys.stdin.readline().strip()
    clerk = office.add_clerk(centre, login, name, pin)
    print(words.say("cli.clerk_added", login=clerk.login, name=clerk.name))


@clerks.command("list")
def list_clerks(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """List the clerks."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    words = operator_texts()
    for clerk in office.list_clerks(_centre(_load(config))):
        mark = words.say("cli.clerk_disabled") if clerk.disabled else ""
        print(f"{clerk.login:<16} {clerk.name} {mark}".rstrip())


@clerks.command("disable")
def disable_clerk(login: str, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Shut a clerk out, at once."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    office.disable_clerk(_centre(_load(config)), login)
    print(operator_texts().say("cli.clerk_shut_out", login=login))


@printers.command("status")
def printer_status(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say how the printer is, and which slips have not come out for certain."""
    from kiosk.check import printer_report

    print(printer_report(_centre(_load(config))))


@printers.command("test")
def printer_test(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Queue a test page."""
    from kiosk.office.jobs import queue_test_page
    from kiosk.texts import operator_texts

    words = operator_texts()
    queue_test_page(_centre(_load(config)), words)
    print(words.say("cli.test_queued"))


@printers.command("virtual")
def virtual_printer(
    tcp: Annotated[int | None, typer.Option(help="Listen on this port of loopback.")] = None,
    pty: Annotated[bool, typer.Option("--pty", help="Stand behind a serial line.")] = False,
    folder: Annotated[Path, typer.Option(help="Where each slip is saved.")] = Path("slips"),
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Be an ESC/POS printer that saves each slip as a picture and fails on request."""
    del config
    if (tcp is None) == (not pty):
        raise typer.BadParameter("--tcp PORT | --pty")
    from kiosk.child import printing

    raise typer.Exit(printing().run_virtual(tcp, folder))


def _progress(share: float) -> None:
    """A share of 1 that is done, for whoever waits at a terminal; wiped off at the end."""
    if sys.stderr.isatty():
        told = "" if share >= 1 else f"{share:4.0%}"
        print(f"\r{told:<5}\r{told}", end="", file=sys.stderr, flush=True)


def _load(path: Path) -> Config:
    """The configuration; or every mistake on standard error, and exit code 2."""
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        return load(path)
    except BadConfig as bad:
        _tell(bad)
        raise typer.Exit(BAD_CONFIG) from None


def _tell_rejected(report: ImportReport, file: Path) -> None:
    from kiosk.tables import rejected_path
    from kiosk.texts import operator_texts

    if report.rejected:
        aside = rejected_path(file)
        print(operator_texts().say("cli.set_aside", n=len(report.rejected), path=aside))


def _usable(path: Path) -> bool:
    """Whether the configuration has no mistakes; tells them on standard error."""
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        load(path)
    except BadConfig as bad:
        _tell(bad)
        return False
    return True


def _tell(bad: BadConfig) -> None:
    from kiosk.texts import operator_texts

    words = operator_texts()
    print(words.say("cli.bad_config", path=bad.path, n=len(bad.problems)), file=sys.stderr)
    for problem in bad.problems:
        print(f"  {problem.told(words)}", file=sys.stderr)


def _is_there(config: Config, url: str) -> bool:
    """Whether a store in a file is there: to open it would make it."""
    path = config.located(url).removeprefix("sqlite:///")
    return path == url or Path(path).exists()


def _centre(config: Config, url: str | None = None) -> Centre:
    """The office on its own store, or on another one."""
    from kiosk.config import with_store
    from kiosk.mistakes import BadConfig
    from kiosk.office.centre import open_centre
    from kiosk.texts import operator_texts

    try:
        centre = open_centre(with_store(config, url) if url else config)
    except BadConfig as bad:
        raise typer.BadParameter(bad.problems[0].told(operator_texts())) from None
    _prepare(centre.database)
    return centre


def _prepare(store: Database) -> int:
    """The version that the tables had; Unavailable names the store."""
    try:
        return store.prepare()
    except Unavailable as error:
        raise Unavailable(error.code, **{**error.facts, "store": store.place}) from error


def _command() -> int:
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def main() -> NoReturn:
    sys.exit(guarded(_command))


if __name__ == "__main__":
    main()
