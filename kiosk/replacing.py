"""Puts a file in the place of another one, at once or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def put(
    path: Path,
    raw: bytes,
    rights: int,
    *,
    owner: Path | None = None,
    prove: Callable[[Path], object] | None = None,
) -> None:
    """Makes ``raw`` the content of ``path``; whoever reads it meanwhile, or after a power cut,
    finds the old one or the new one.

    Nobody else reads the new file before it has these rights and, as far as the system lets us,
    the owner of the file or folder ``owner``. ``prove`` reads it back before it takes the place;
    what that raises leaves the old one there. OSError.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(descriptor)
            if prove is not None:
                prove(unfinished)
            if owner is not None:
                _give(descriptor, owner)
            os.fchmod(descriptor, rights)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink()
        raise


def _give(descriptor: int, owner: Path) -> None:
    whose = owner.stat()
    with suppress(PermissionError):
        os.fchown(descriptor, whose.st_uid, whose.st_gid)
