"""Checks all QML: types, lint, format.    python -m tools.qml [--format]

qmllint knows Python's types only from type files, so those are made first, in build/qml: one module
for each ``QML_IMPORT_NAME`` in the sources.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import PySide6
from PySide6.QtCore import QByteArray, QMetaMethod, QObject

ROOT: Final = Path(__file__).resolve().parents[1]
BUILD: Final = ROOT / "build" / "qml"
QT: Final = Path(PySide6.__path__[0])
PACKAGES: Final = ("kiosk", "display")
FORMAT: Final = ("--newline", "unix")


def sources(suffix: str) -> list[Path]:
    return sorted(
        path for package in PACKAGES for path in (ROOT / package).rglob(f"*{suffix}")
    ) + sorted((ROOT / "tests").rglob("*.qml") if suffix == ".qml" else ())


def import_name(source: Path) -> str | None:
    """The QML module that the Python file registers its types in."""
    found = re.search(
        r'^QML_IMPORT_NAME(?:: \w+)? = "([\w.]+)"', source.read_text("utf-8"), re.MULTILINE
    )
    return found[1] if found else None


def write_types() -> None:
    """Writes build/qml/<module>/{qmldir,*.qmltypes} for the Python types that QML uses.

    Made from the living classes: pyside6-metaobjectdump reads the source and knows no
    ``name = Property("QVariantMap", getter)``.
    """
    modules: dict[str, list[str]] = defaultdict(list)
    for source in sources(".py"):
        if name := import_name(source):
            loaded = import_module(".".join(source.relative_to(ROOT).with_suffix("").parts))
            modules[name] += [
                component(each, name)
                for each in vars(loaded).values()
                if isinstance(each, type)
                and issubclass(each, QObject)
                and each.__module__ == loaded.__name__
            ]
    for name, components in modules.items():
        folder = BUILD.joinpath(*name.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        body = "".join(components)
        (folder / "python.qmltypes").write_text(
            f"import QtQuick.tooling 1.2\n\nModule {{\n{body}}}\n", "utf-8"
        )
        (folder / "qmldir").write_text(f"module {name}\ntypeinfo python.qmltypes\n", "utf-8")


def component(each: type[QObject], module: str) -> str:
    """The class as qmllint reads it."""
    meta: Any = vars(each)["staticMetaObject"]  # the stubs know neither it nor its texts
    above = meta.superClass()
    lines = [
        f'name: "{meta.className()}"',
        'accessSemantics: "reference"',
        f'prototype: "{above.className() if above else "QObject"}"',
        f'exports: ["{module}/{meta.className()} 1.0"]',
        "exportMetaObjectRevisions: [256]",
        "isCreatable: false",
    ]
    for index in range(meta.propertyOffset(), meta.propertyCount()):
        part = meta.property(index)
        marks = [
            f'name: "{part.name()}"; {typed(part.typeName())}; index: {index}',
            f'read: "{part.name()}"',
        ]
        if part.hasNotifySignal():
            marks.append(f'notify: "{text(part.notifySignal().name())}"')
        marks.append(f'write: "{part.name()}"' if part.isWritable() else "isReadonly: true")
        if part.isConstant():
            marks.append("isPropertyConstant: true")
        lines.append(f"Property {{ {'; '.join(marks)} }}")
    for index in range(meta.methodOffset(), meta.methodCount()):
        method = meta.method(index)
        word = "Signal" if method.methodType() == QMetaMethod.MethodType.Signal else "Method"
        parameters = "".join(
            f' Parameter {{ name: "{text(name) or f"a{at}"}"; {typed(text(kind))} }}'
            for at, (name, kind) in enumerate(
                zip(method.parameterNames(), method.parameterTypes(), strict=True)
            )
        )
        answer = "" if method.typeName() == "void" else f" {typed(method.typeName())};"
        lines.append(f'{word} {{ name: "{text(method.name())}";{answer}{parameters} }}')
    return "    Component {\n" + "".join(f"        {line}\n" for line in lines) + "    }\n"


def text(name: QByteArray | bytes) -> str:
    return QByteArray(name).toStdString()


def typed(kind: str) -> str:
    """The type of a value; of maps and Python's own objects qmllint knows no members."""
    if kind in {"QVariantMap", "PyObject"}:
        kind = "QVariant"
    pointer = kind.endswith("*")
    return f'type: "{kind.removesuffix("*")}"' + ("; isPointer: true" if pointer else "")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def lint(files: list[Path]) -> str:
    """qmllint's complaints; empty when there are none."""
    done = subprocess.run(
        [str(QT / "qmllint"), "-W", "0", "-I", str(ROOT), "-I", str(BUILD), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = (done.stdout + done.stderr).replace(f"{ROOT}/", "").strip()
    return complaints or ("qmllint failed and did not say why" if done.returncode else "")


def formatted(path: Path) -> str:
    return run(str(QT / "qmlformat"), *FORMAT, str(path))


def misformatted(path: Path) -> str:
    name = str(path.relative_to(ROOT))
    return "".join(
        unified_diff(
            path.read_text("utf-8").splitlines(keepends=True),
            formatted(path).splitlines(keepends=True),
            name,
            f"{name} (make format)",
        )
    )


def unlisted() -> list[str]:
    """QML files that their folder's qmldir does not name, and names without a file."""
    problems = []
    for folder in sorted({path.parent for path in sources(".qml")} - {ROOT / "tests" / "qml"}):
        qmldir = folder / "qmldir"
        where = qmldir.relative_to(ROOT)
        if not qmldir.exists():
            problems.append(f"{where} is missing: it makes the folder a QML module")
            continue
        lines = [line.split() for line in qmldir.read_text("utf-8").splitlines()]
        module = ".".join(folder.relative_to(ROOT).parts)
        if ["module", module] not in lines:
            problems.append(f'{where} must say "module {module}"')
        listed = {line[-1] for line in lines if line[:1] != ["module"] and line[-1:]}
        listed = {name for name in listed if name.endswith(".qml")}
        present = {path.name for path in folder.glob("*.qml")}
        problems += [f"{where} does not name {name}" for name in sorted(present - listed)]
        problems += [
            f"{where} names {name}, which is not there" for name in sorted(listed - present)
        ]
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks all QML: types, lint, format.")
    parser.add_argument("--format", action="store_true", help="rewrite the files in the one format")
    wants_format = parser.parse_args().format
    files = sources(".qml")
    if not files:
        print("no QML found")
        return 1
    if wants_format:
        run(str(QT / "qmlformat"), "--inplace", *FORMAT, *map(str, files))
        print(f"{len(files)} QML files formatted")
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    write_types()
    with ThreadPoolExecutor(2) as pool:
        complaints = pool.submit(lint, files)
        problems = [*unlisted(), *filter(None, pool.map(misformatted, files))]
    problems += filter(None, [complaints.result()])
    print("\n".join(problems) or f"{len(files)} QML files: lint and format are clean")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
