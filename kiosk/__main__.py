"""The command line."""

from __future__ import annotations

import sys
from datetime import datetime  # noqa: TC003 (typer reads it)
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kiosk.alert_commands import alerts
from kiosk.backup_commands import backup, restore
from kiosk.bundle_commands import report_bundle
from kiosk.commands import (
    DEFAULT_CONFIG,
    ConfigPath,
    centre_of,
    prepare,
    read_config,
    show_progress,
    usable,
)
from kiosk.errors import Refused
from kiosk.export_commands import exporting
from kiosk.forget_commands import forget
from kiosk.import_commands import importing
from kiosk.install_commands import install, uninstall
from kiosk.keypad_commands import keypads
from kiosk.printer_commands import printers
from kiosk.processes import BAD_CONFIG, REFUSED, Role, guarded
from kiosk.program_commands import keys, webhooks
from kiosk.setup_commands import setup
from kiosk.staff_commands import clerks, devices
from kiosk.tls_commands import tls
from kiosk.update_commands import update
from kiosk.voice_commands import voice
from kiosk.window_commands import (
    AuthorityPath,
    CounterNumber,
    ServerUrl,
    wants_window,
    window_settings,
)

if TYPE_CHECKING:
    from kiosk.config import Config

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it takes the name of a section, [voice], for markup and leaves it out
    help="The counter hall of a one-stop shop: tickets, calls, dossiers.",
)  # fmt: skip
app.add_typer(importing, name="import")
app.add_typer(exporting, name="export")
app.add_typer(clerks, name="clerk")
app.add_typer(devices, name="device")
app.add_typer(keys, name="key")
app.add_typer(webhooks, name="webhook")
app.add_typer(printers, name="printer")
app.add_typer(tls, name="tls")
app.add_typer(keypads, name="keypad")
app.add_typer(voice, name="voice")
app.add_typer(alerts, name="alerts")
app.command()(backup)
app.command()(report_bundle)
app.command()(restore)
app.command()(install)
app.command()(uninstall)
app.command()(update)
app.command()(setup)
app.command()(forget)


@app.command()
def run(
    config: ConfigPath = DEFAULT_CONFIG,
    role: Annotated[
        list[Role] | None, typer.Option(help="Only this part; may stand several times.")
    ] = None,
    server: ServerUrl = None,
    counter: CounterNumber = None,
    authority: AuthorityPath = None,
) -> None:
    """Run the hall, or the parts of it that --role names; "counter" is the window of a clerk's PC,
    which needs no kiosk.toml."""
    if wants_window(role, server, counter, authority):
        settings = window_settings(config, server, counter, authority)
        from kiosk.counter.process import run_counter

        raise typer.Exit(run_counter(settings))
    from kiosk.child import keep_log
    from kiosk.notify import Manager
    from kiosk.processes import grouped, nothing_asks_for, roles_of
    from kiosk.supervisor import supervise

    manager, groups = Manager(), grouped(role or roles_of(config))
    # A service waits until its part is asked for; who typed the command is told.
    if (refusal := nothing_asks_for(config, groups)) and not manager.asked:
        read_config(config)
        raise Refused(refusal)
    valid = partial(usable, config, partial(keep_log, process="supervisor"))
    raise typer.Exit(supervise(config, groups, valid, whole=not role, manager=manager))


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
def check(
    config: ConfigPath = DEFAULT_CONFIG,
    role: Annotated[
        list[Role] | None, typer.Option(help='"counter": whether a clerk\'s PC is ready.')
    ] = None,
    server: ServerUrl = None,
    authority: AuthorityPath = None,
) -> None:
    """Say for each part whether it is ready, in one table."""
    from kiosk.check import inspect, table
    from kiosk.check_hall import Finding

    if role and set(role) != {Role.COUNTER}:
        raise typer.BadParameter("--role counter")
    if wants_window(role, server, authority):
        from kiosk.counter.inspection import inspect_window
        from kiosk.texts import operator_texts

        settings = window_settings(config, server, None, authority)
        found = inspect_window(settings, operator_texts())
        findings = tuple(Finding(one.part, one.ready, one.detail) for one in found)
    else:
        findings = inspect(read_config(config))
    print(table(findings))
    if any(not finding.ready for finding in findings):
        raise typer.Exit(REFUSED)


@app.command()
def migrate(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make the store, or bring its tables up to date."""
    from kiosk.office.centre import open_centre
    from kiosk.schema import MIGRATIONS
    from kiosk.texts import operator_texts

    store = open_centre(read_config(config)).database
    before = prepare(store)
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
    settings = read_config(config)
    if origin is not None and not _is_there(settings, origin):
        raise Refused("copy_empty", place=origin)
    ours, other = centre_of(settings), centre_of(settings, to or origin)
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
        typer.Argument(
            help="store, http, offices, paper, hall, counters, public, start, estimate, procedures,"
            " dossiers, voice, or all of them; store-full, counters-full, dossiers-full."
        ),
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Measure this machine, on an office of its own (from the source checkout only)."""
    try:
        from bench.__main__ import LONGER, PARTS, measure
    except ModuleNotFoundError as error:
        raise Refused("no_bench") from error
    if not {*(parts or ())} <= {*PARTS, *LONGER}:
        raise typer.BadParameter(" | ".join((*PARTS, *LONGER)))
    if config != DEFAULT_CONFIG:
        read_config(config)
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

    centre = centre_of(read_config(config))
    when = day.date() if day else None
    told = simulated(
        centre, operator_texts(), day=when, days=days, rates=rates, runs=runs, seed=seed,
        target=target, picture=plot, progress=show_progress,
    )  # fmt: skip
    print(told)


def _is_there(config: Config, url: str) -> bool:
    """Whether a store in a file is there: to open it would make it."""
    path = config.located(url).removeprefix("sqlite:///")
    return path == url or Path(path).exists()


def _command() -> int:
    if (untold := next((word for word in sys.argv[1:] if not _is_text(word)), None)) is not None:
        from kiosk.texts import operator_texts

        told = untold.encode("utf-8", "backslashreplace").decode()
        print(operator_texts().say("cli.not_text", word=told), file=sys.stderr)
        return BAD_CONFIG
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def _is_text(word: str) -> bool:
    """Whether an argument came as UTF-8; other bytes can neither be printed nor stored."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def main() -> NoReturn:
    sys.exit(guarded(_command))


if __name__ == "__main__":
    main()
