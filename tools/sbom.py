"""Writes what the wheel needs from elsewhere as a CycloneDX list: ``python -m tools.sbom``.

Packages, versions and hashes are those of the locks, licences those that the installed packages
name; nothing in it depends on when or where it was written. ``--check`` only says whether it is
still true.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

if TYPE_CHECKING:
    from cyclonedx.model.license import License

ROOT: Final = Path(__file__).resolve().parents[1]
LIST: Final = ROOT / "requirements" / "sbom.cdx.json"
_PIN: Final = re.compile(r"([\w.-]+)==([^\s;\\]+)")
_VIA: Final = re.compile(r"^    # via (.+)$", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_FAMILIES: Final = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
"""SPDX names of the classifiers of packages that do not name them themselves."""


class Pin(NamedTuple):
    """A line of a lock: ``needed_by`` are names of packages, this project's among them."""

    version: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]


def written() -> str:
    """The list as JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required, every = _pins("runtime"), _pins("postgres")
    ours = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        purl=PackageURL("pypi", None, project["name"], project["version"]),
        bom_ref=project["name"],
        licenses=[LicenseExpression(project["license"])],
    )
    found = {
        name: _component(
            name, pin, ComponentScope.REQUIRED if name in required else ComponentScope.OPTIONAL
        )
        for name, pin in every.items()
    }
    told = repr(sorted(every.items())) + project["version"]
    bom = Bom(
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, told),
        metadata=BomMetaData(component=ours),
        components=found.values(),
    )
    for needing, component in ((project["name"], ours), *found.items()):
        needs = [found[name] for name, pin in every.items() if needing in pin.needed_by]
        bom.register_dependency(component, needs)
    known = json.loads(JsonV1Dot6(bom).output_as_string())
    del known["metadata"]["timestamp"]
    return json.dumps(known, ensure_ascii=False, indent=1) + "\n"


def _pins(lock: str) -> dict[str, Pin]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    found = {}
    for entry in re.split(r"\n(?=[a-zA-Z0-9])", text):
        if start := _PIN.match(entry):
            via = _VIA.search(entry)
            parents = [each.split()[0] for each in via[1].split(", ")] if via else []
            found[start[1].lower()] = Pin(
                start[2], tuple(sorted(_HASH.findall(entry))), tuple(parents)
            )
    return found


def _component(name: str, pin: Pin, scope: ComponentScope) -> Component:
    purl = PackageURL("pypi", None, name, pin.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=pin.version,
        purl=purl,
        bom_ref=str(purl),
        scope=scope,
        licenses=_licences(name),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
    )


def _licences(name: str) -> list[License]:
    """What the package says of itself: an expression, or else what its classifiers say."""
    try:
        told = metadata(name)
    except ModuleNotFoundError:
        return []  # a package of another system
    make = LicenseFactory().make_from_string
    if "License-Expression" in told:
        return [make(told["License-Expression"])]
    families = [_FAMILIES[each] for each in told.get_all("Classifier") or () if each in _FAMILIES]
    if families:
        return [make(" OR ".join(dict.fromkeys(families)))]
    text = str(told.json.get("license", ""))
    return [make(text)] if text and "\n" not in text else []


def main() -> int:
    text = written()
    if "--check" in sys.argv:
        true = LIST.read_text("utf-8") == text
        print(f"{LIST.relative_to(ROOT)}: {'true' if true else 'no longer true; run make lock'}")
        return 0 if true else 1
    LIST.write_text(text, "utf-8")
    print(f"{LIST.relative_to(ROOT)}: {text.count(chr(34) + 'purl')} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
