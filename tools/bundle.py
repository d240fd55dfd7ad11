"""Makes the bundle that ``kiosk update`` takes, and the pair of keys that it is signed with.

``python -m tools.bundle key PRIVATE PUBLIC``: a pair; the private one stays with who makes bundles,
the public one goes to each machine (``kiosk install --update-key PUBLIC``).
``python -m tools.bundle make WHEELS PRIVATE FILE``: the bundle of a folder of wheels
(tools/wheels.sh), the kiosk's own among them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.installation.bundle import FORM, MANIFEST, SIGNATURE, WHEELS
from kiosk.installation.version import LOCK, offered
from kiosk.schema import FITS

_MINOR: Final = re.compile(r"-cp3(\d+)-cp3\d+-")
_EPOCH: Final = (2020, 1, 1, 0, 0, 0)
"""Of every file inside: the same wheels make the same bundle."""


def make_keys(private: Path, public: Path) -> None:
    key = Ed25519PrivateKey.generate()
    private.touch(0o600, exist_ok=False)
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    told = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(told)


def make_bundle(wheels: Path, private: Path, target: Path) -> None:
    """``wheels`` hold one version of the kiosk and, with their hashes, all that it stands on."""
    key = load_pem_private_key(private.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{private} is no Ed25519 key; make one: python -m tools.bundle key …")
    inside = sorted([*wheels.glob("*.whl"), wheels / LOCK])
    manifest = json.dumps(
        {
            "form": FORM,
            "version": offered(wheels),
            "pythons": pythons(inside),
            "fits": FITS,
            "files": {WHEELS + path.name: digest(path) for path in inside},
        },
        indent=1,
    ).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in ((MANIFEST, manifest), (SIGNATURE, base64.b64encode(key.sign(manifest)))):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
        for path in inside:  # wheels are packed already
            archive.writestr(zipfile.ZipInfo(WHEELS + path.name, _EPOCH), path.read_bytes())


def pythons(wheels: list[Path]) -> list[str]:
    """Those for which the wheels that are made for one Python alone are there; ours with none."""
    found = {int(match[1]) for path in wheels if (match := _MINOR.search(path.name))}
    return [f"3.{minor}" for minor in sorted(found)] or [
        f"{sys.version_info.major}.{sys.version_info.minor}"
    ]


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    match sys.argv[1:]:
        case ["key", private, public]:
            make_keys(Path(private), Path(public))
        case ["make", wheels, private, target]:
            make_bundle(Path(wheels), Path(private), Path(target))
            print(f"{target}: {Path(target).stat().st_size / 1e6:.1f} MB")
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
