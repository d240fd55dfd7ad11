"""A bundle: the next version of the program in one file, signed by who made it.

A zip file with ``manifest.json``, ``manifest.sig`` (the Ed25519 signature of the manifest's bytes,
base64) and ``wheels/``: every file in it has its SHA-256 in the manifest. Nothing of it is unpacked
before the signature holds, and nothing is used whose digest does not.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sys
import zipfile
import zlib
from binascii import Error as NotBase64
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from kiosk.errors import Refused, Unavailable
from kiosk.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORM: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
WHEELS: Final = "wheels/"
MOST_MANIFEST: Final = 1_000_000
"""Bytes; a real one has some twenty thousand."""
_FILE: Final = re.compile(r"wheels/[\w.+!-]+\.(whl|txt)", re.ASCII)
_VERSION: Final = re.compile(r"\d+(\.\d+)*", re.ASCII)
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """``pythons`` such as "3.11" can run it; ``fits`` is ``schema.FITS`` of the new version;
    ``files`` are names in the zip file with their digests; ``size`` in bytes, unpacked."""

    path: Path
    version: str
    pythons: tuple[str, ...]
    fits: int
    files: Mapping[str, str]
    size: int


def rank(version: str) -> tuple[int, ...]:
    """What tells the newer of two versions."""
    return tuple(int(part) for part in version.split("."))


def read_bundle(path: Path, keys: Path) -> Bundle:
    """What the bundle says, once one of the public keys (``*.pem``) in the folder has proved it.

    Refused: bundle_no_file, bundle_unreadable, bundle_no_keys (folder), bundle_untrusted.
    """
    if not path.is_file():
        raise Refused("bundle_no_file", path=path)
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if sizes.get(MANIFEST, 0) > MOST_MANIFEST or sizes.get(SIGNATURE, 0) > MOST_MANIFEST:
                raise Refused("bundle_unreadable", path=path)
            manifest, signature = archive.read(MANIFEST), archive.read(SIGNATURE)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, NotImplementedError) as error:
        raise Refused("bundle_unreadable", path=path) from error
    _prove(manifest, signature, keys, path)
    try:
        return _bundle(path, json.loads(manifest), sizes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("bundle_unreadable", path=path) from error


def check_bundle(bundle: Bundle, running: str) -> None:
    """Refused: bundle_not_newer, bundle_python, bundle_too_far (the version between is needed)."""
    if rank(bundle.version) <= rank(running):
        raise Refused("bundle_not_newer", version=bundle.version, running=running)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if python not in bundle.pythons:
        raise Refused("bundle_python", python=python, pythons=", ".join(bundle.pythons))
    if bundle.fits > len(MIGRATIONS):
        raise Refused("bundle_too_far", version=bundle.version, running=running)


def unpack(bundle: Bundle, folder: Path) -> None:
    """The wheels into the folder, which is made anew. Refused("bundle_damaged", name);
    Unavailable("bundle_not_unpacked", path, why)."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        with zipfile.ZipFile(bundle.path) as archive:
            for name, digest in bundle.files.items():
                if _unpacked(archive, name, folder / Path(name).name) != digest:
                    raise Refused("bundle_damaged", name=name)
    except (zipfile.BadZipFile, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unavailable("bundle_not_unpacked", path=folder, why=why) from error


def _unpacked(archive: zipfile.ZipFile, name: str, to: Path) -> str:
    """The digest of what was written."""
    seen = hashlib.sha256()
    try:
        with archive.open(name) as packed, to.open("wb") as out:
            while block := packed.read(_BLOCK):
                seen.update(block)
                out.write(block)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise Refused("bundle_damaged", name=name) from error
    return seen.hexdigest()


def _prove(manifest: bytes, signature: bytes, keys: Path, path: Path) -> None:
    known = _keys(keys)
    if not known:
        raise Refused("bundle_no_keys", folder=keys)
    with suppress(NotBase64, ValueError):
        signed = base64.b64decode(signature, validate=True)
        for key in known:
            with suppress(InvalidSignature):
                key.verify(signed, manifest)
                return
    raise Refused("bundle_untrusted", path=path)


def _keys(folder: Path) -> Sequence[Ed25519PublicKey]:
    found = []
    for path in sorted(folder.glob("*.pem")):
        with suppress(ValueError, UnsupportedAlgorithm, OSError):
            key = load_pem_public_key(path.read_bytes())
            if isinstance(key, Ed25519PublicKey):
                found.append(key)
    return found


def _bundle(path: Path, told: Mapping[str, Any], sizes: Mapping[str, int]) -> Bundle:
    files = {str(name): str(digest) for name, digest in told["files"].items()}
    version = str(told["version"])
    strange = sizes.keys() - files.keys() - {MANIFEST, SIGNATURE}
    if (
        told["form"] != FORM
        or _VERSION.fullmatch(version) is None
        or strange
        or not files.keys() <= sizes.keys()
        or not all(_FILE.fullmatch(name) for name in files)
    ):
        raise Refused("bundle_unreadable", path=path)
    pythons = tuple(str(python) for python in told["pythons"])
    size = sum(sizes[name] for name in files)
    return Bundle(path, version, pythons, int(told["fits"]), files, size)
