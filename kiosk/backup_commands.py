"""The commands about copies of the store: made, listed, and put back."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.config import Config


def backup(
    to: Annotated[
        Path | None, typer.Option(help="Another folder than that of [backup] in kiosk.toml.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Copy the whole store now, while the hall runs, and look whether the copy is whole."""
    from kiosk.backups import back_up
    from kiosk.texts import operator_texts

    settings = read_config(config)
    folder = to or _folder(settings)
    if folder is None:
        raise Refused("no_backup")
    centre = centre_of(settings)
    made = back_up(centre, folder.absolute())
    centre.database.close()
    words = operator_texts()
    size = words.number(round(made.size / 1e6, 1))
    took = words.number(round(made.seconds, 1))
    print(words.say("cli.backed_up", path=made.copy.path, size=size, seconds=took, seq=made.seq))


def restore(
    copy: Annotated[
        Path | None,
        typer.Argument(help="The copy; without it the copies that there are, the latest first."),
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="What litestream sent to [backup] stream.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Put a copy in the place of the store, once it is proved to be whole; what stood there stays
    beside it."""
    from kiosk.office.centre import open_centre
    from kiosk.restoring import restore as put_back
    from kiosk.texts import operator_texts

    settings = read_config(config)
    words = operator_texts()
    if stream == (copy is not None):
        if stream:
            raise typer.BadParameter("COPY | --stream")
        _list(settings)
        return
    centre = open_centre(settings)
    with _fetched(settings) if copy is None else nullcontext(copy) as found:
        done = put_back(centre, found.absolute(), settings.retention)
    at = words.when(done.until.astimezone(settings.zone), centre.wall()) if done.until else "–"
    print(words.say("cli.restored", path=settings.store_path, at=at))
    if done.lost is None:
        print(words.say("cli.restored_unknown"))
    else:
        print(words.count("cli.restored_lost", done.lost))
    for code, last in done.series.items():
        print(words.say("cli.restored_series", service=code, last=last))
    if done.erased:
        print(words.count("cli.restored_erased", done.erased))
    if done.kept is not None:
        print(words.say("cli.restored_kept", path=done.kept))


@contextmanager
def _fetched(settings: Config) -> Iterator[Path]:
    """What the stream has, in a file beside the store that goes again."""
    from kiosk.streaming import fetch

    place = settings.store_path.parent if settings.store_path else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        copy = Path(folder) / "stream.db"
        fetch(settings, copy)
        yield copy


def _folder(settings: Config) -> Path | None:
    return settings.beside(settings.backup.folder) if settings.backup.folder else None


def _list(settings: Config) -> None:
    """The copies in the folder of kiosk.toml. Refused: no_backup, no_copies (folder)."""
    from kiosk.backups import copies

    folder = _folder(settings)
    if folder is None:
        raise Refused("no_backup")
    found = copies(folder, settings.office.unit_code)
    if not found:
        raise Refused("no_copies", folder=folder)
    for one in found:
        print(f"{one.at.astimezone(settings.zone):%Y-%m-%d %H:%M:%S}  {one.path}")
