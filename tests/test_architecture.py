"""The house's rules about who imports whom and what QML may hold. Each failure names its mend."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("kiosk", "printer", "display", "assets")
MOST_LINES: Final = 450

# From the top down. A module imports what stands lower, and its own entry; entries of one line do
# not know each other, but for the last line's. The longest name that fits counts.
LAYERS: Final = (
    ("kiosk.__main__",),
    (
        "kiosk.import_commands",
        "kiosk.export_commands",
        "kiosk.printer_commands",
        "kiosk.program_commands",
        "kiosk.staff_commands",
        "kiosk.keypad_commands",
        "kiosk.voice_commands",
        "kiosk.window_commands",
        "kiosk.backup_commands",
        "kiosk.install_commands",
        "kiosk.update_commands",
        "kiosk.trial",
        "kiosk.alert_commands",
        "kiosk.bundle_commands",
        "kiosk.setup_commands",
        "kiosk.forget_commands",
    ),
    ("kiosk.printer_setup", "kiosk.tls_commands", "kiosk.virtual_keypads"),
    ("bench", "kiosk.child"),
    ("kiosk.commands", "kiosk.preview"),
    ("kiosk.bundle",),
    ("kiosk.app", "kiosk.demo", "kiosk.check", "kiosk.simulation"),
    ("kiosk.setup",),
    ("kiosk.check_backup", "kiosk.check_machine", "kiosk.supervisor"),
    ("kiosk.check_hall",),
    ("kiosk.printer_report", "kiosk.printer_search", "kiosk.tls"),
    ("kiosk.touch", "kiosk.counter", "display.window"),
    ("display.face",),
    ("display.sound", "display.speaker"),
    ("kiosk.ui", "display.bridge"),
    (
        "kiosk.web",
        "kiosk.printing",
        "kiosk.virtual",
        "kiosk.scanner",
        "kiosk.keypads",
        "kiosk.import_process",
        "kiosk.upkeep",
    ),
    ("kiosk.leftovers", "kiosk.streaming"),
    ("kiosk.serving",),
    ("kiosk.alerting",),
    ("kiosk.rescue",),
    ("kiosk.restoring",),
    ("kiosk.backups",),
    (
        "kiosk.health",
        "kiosk.imports",
        "kiosk.exports",
        "kiosk.import_appointments",
        "kiosk.import_procedures",
        "kiosk.copying",
        "printer.worker",
    ),
    ("kiosk.office",),
    ("kiosk.store",),
    ("kiosk.settings", "kiosk.renewal", "kiosk.installation"),
    ("kiosk.database", "kiosk.processes", "kiosk.config_file"),
    ("kiosk.schema", "kiosk.config"),
    ("kiosk", "kiosk.installation.places", "display", "printer", "assets"),
)
WITH_QT: Final = (
    "kiosk.ui",
    "kiosk.touch",
    "kiosk.counter",
    "kiosk.app",
    "display.window",
    "display.face",
    "display.bridge",
    "display.sound",
    "display.still",
)
WITHOUT_QT: Final = (
    "kiosk.web",
    "kiosk.office",
    "kiosk.store",
    "kiosk.scanner",
    "kiosk.keypads",
    "printer",
)

# What stands in no Python source of the product, and what stands there instead.
NOT_IN_PYTHON: Final = {
    r"\bsetContext(Property|Object)\b": "hand it over as an initial property of the window",
    r"\b(QQuickView|QQuickWidget)\b": "use kiosk.ui.engine.Engine",
    r"\bqInstallMessageHandler\b": "leave it out: in Python it can deadlock QML loading",
    r"\binstallTranslator\b": "a translator serves the whole process; use kiosk.texts",
    r"\.loadData\(": "write the QML to a file and load its module",
    r"\.atomic\(": "use Database.write(); atomic() fails when two read and then write",
    r"\bpaper_status\(": "it calls a silent printer well; use printer.status",
    r"\bclass \w+\(QThread\)": "use threading.Thread and kiosk.ui.threads.GuiPost",
}

# The same for QML.
NOT_IN_QML: Final = {
    r"(?m)^\s*Text\s*\{": "use Words: a bare Text is missing for screen readers",
    r"\bMouseArea\b": "use ActionButton: a MouseArea is missing for screen readers",
    r"\bText\.(RichText|StyledText|MarkdownText|AutoText)\b": "use Text.PlainText: names are data",
    r"\b(MultiEffect|DropShadow|ShaderEffect|GaussianBlur)\b": "the software renderer has none",
    r"\blayer\.(enabled|effect)\b": "the software renderer has no layers; use a nine-patch picture",
    r"\bqsTr(Id)?\(": "take the sentence from the view model",
    r'\b(text|title|placeholderText|Accessible\.name):\s*"[^"#]*[^\W\d_]{2}': (
        "take the sentence from the view model, which has it from the catalogue"
    ),
    r"(?m)^import QtQuick\.Controls\s*$": "import QtQuick.Controls.Basic: the style is ours alone",
}

# And for the web pages.
NOT_IN_PAGES: Final = {
    r"\|\s*safe\b": "leave it out: data is escaped",
    r"\b(src|href|action)\s*=\s*[\"']?(https?:)?//": "ship the file: pages load nothing from afar",
    r"@import|url\(\s*[\"']?https?:": "ship the file: pages load nothing from afar",
    r"\.(innerHTML|outerHTML|insertAdjacentHTML)\b": "use textContent: names are data",
}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for package in (*PACKAGES, "bench"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def files(*suffixes: str) -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes
    )


@cache
def imports(name: str) -> tuple[tuple[str, int], ...]:
    """What the module imports, for the type checker too, each with its line."""
    found = []
    for node in ast.walk(ast.parse(modules()[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.append((inner if inner in modules() else node.module, node.lineno))
    return tuple(found)


def below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def place(name: str) -> tuple[int, str]:
    """The module's layer, 0 at the top, and the entry that placed it there."""
    return max(
        (
            (level, entry)
            for level, layer in enumerate(LAYERS)
            for entry in layer
            if below(name, entry)
        ),
        key=lambda found: len(found[1]),
    )


def expect_none(problems: Iterable[str]) -> None:
    if found := "\n".join(problems):
        pytest.fail(found, pytrace=False)


def test_imports_go_down_only() -> None:
    def problems() -> Iterator[str]:
        for name in modules():
            level, entry = place(name)
            for imported, line in imports(name):
                if imported.split(".")[0] not in {*PACKAGES, "bench"}:
                    continue
                its_level, its_entry = place(imported)
                if its_level > level or its_entry == entry or its_level == len(LAYERS) - 1:
                    continue
                yield (
                    f"{modules()[name].relative_to(ROOT)}:{line} imports {imported}, which stands "
                    f"{'beside' if its_level == level else 'above'} it; move what both need down, "
                    "or hand it in from above (order: LAYERS in tests/test_architecture.py)"
                )

    expect_none(problems())


def test_the_printer_knows_nothing_of_the_queue() -> None:
    def problems() -> Iterator[str]:
        for name in modules():
            for imported, line in imports(name) if below(name, "printer") else ():
                if imported.split(".")[0] in {"kiosk", "display", "bench"}:
                    yield (
                        f"{modules()[name].relative_to(ROOT)}:{line} imports {imported}; "
                        "hand it plain data or a callable instead"
                    )

    expect_none(problems())


def test_qt_stays_in_the_windows() -> None:
    def problems() -> Iterator[str]:
        for name in modules():
            if any(below(name, window) for window in WITH_QT) or below(name, "bench"):
                continue
            for imported, line in imports(name):
                if below(imported, "PySide6") or below(imported, "shiboken6"):
                    yield (
                        f"{modules()[name].relative_to(ROOT)}:{line} imports {imported}; "
                        f"Qt belongs in {', '.join(WITH_QT)} alone"
                    )

    expect_none(problems())


def loaded_by(names: list[str], package: str) -> str:
    """Which modules of ``package`` a fresh process holds after importing ``names``."""
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"    found = [module for module in sys.modules if module.split('.')[0] == {package!r}]\n"
        "    if found:\n"
        "        sys.exit(print(name, 'loads', found[0]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_web_store_office_and_printer_load_no_qt() -> None:
    names = [name for name in modules() if any(below(name, package) for package in WITHOUT_QT)]
    names += [name for name in modules() if name == "kiosk.__main__"]

    found = loaded_by(names, "PySide6")

    assert not found, f"{found}; import it inside the function that opens the window"


def test_certificates_are_served_without_the_library_that_makes_them() -> None:
    names = ["kiosk.web.process", "kiosk.check", "kiosk.tls", "kiosk.__main__"]

    found = loaded_by(names, "cryptography")

    assert not found, f"{found}; import kiosk.authority inside the function that makes one"


def test_the_printer_loads_without_the_kiosk() -> None:
    found = loaded_by([name for name in modules() if below(name, "printer")], "kiosk")

    assert not found, f"{found}; hand the printer plain data instead"


def test_no_module_is_longer_than_a_person_can_hold() -> None:
    long = [
        f"{path.relative_to(ROOT)} has {lines} lines; split it by subject (at most {MOST_LINES})"
        for path in [*modules().values(), *files(".qml", ".js", ".css")]
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    ]

    expect_none(long)


def breaches(paths: list[Path], rules: dict[str, str]) -> Iterator[str]:
    for path in paths:
        text = path.read_text("utf-8")
        for pattern, mend in rules.items():
            for match in re.finditer(pattern, text):
                line = text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip()))
                yield f"{path.relative_to(ROOT)}:{line + 1} has {match[0].strip()}; {mend}"


def test_python_leaves_out_what_is_known_to_hang_or_lie() -> None:
    expect_none(breaches(files(".py"), NOT_IN_PYTHON))


def test_qml_shows_plain_text_and_real_buttons() -> None:
    expect_none(breaches(files(".qml"), NOT_IN_QML))


def test_pages_escape_their_data_and_load_nothing_from_afar() -> None:
    expect_none(breaches(files(".html", ".js", ".css"), NOT_IN_PAGES))


def block(text: str, start: int) -> str:
    """The text from ``start`` to the brace that closes the first one after it."""
    depth = 0
    for at in range(text.index("{", start), len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start : at + 1]
    return text[start:]


def test_every_label_is_plain_text() -> None:
    def problems() -> Iterator[str]:
        for path in files(".qml"):
            text = path.read_text("utf-8")
            for match in re.finditer(r"\b(Label|TextEdit|TextArea)\s*\{", text):
                if "textFormat: Text" not in block(text, match.start()):
                    line = text.count("\n", 0, match.start()) + 1
                    yield (
                        f"{path.relative_to(ROOT)}:{line} has a {match[1]} that guesses its "
                        "format; use Words, or set textFormat: Text.PlainText"
                    )

    expect_none(problems())


def test_every_qml_file_binds_its_components() -> None:
    loose = [
        f"{path.relative_to(ROOT)} must begin with: pragma ComponentBehavior: Bound"
        for path in files(".qml")
        if not re.match(r"pragma (ComponentBehavior: Bound|Singleton)\n", path.read_text("utf-8"))
    ]

    expect_none(loose)


@pytest.mark.parametrize(
    ("rules", "source"),
    [
        (NOT_IN_QML, 'Item {\n    Text {\n        text: "x"\n    }\n}'),
        (NOT_IN_QML, "MouseArea {}"),
        (NOT_IN_QML, 'Words { text: "Xin chào" }'),
        (NOT_IN_QML, "import QtQuick.Controls\n"),
        (NOT_IN_PYTHON, 'engine.rootContext().setContextProperty("desk", desk)'),
        (NOT_IN_PAGES, '<script src="https://cdn.example/x.js"></script>'),
        (NOT_IN_PAGES, "{{ name | safe }}"),
    ],
)
def test_a_breach_is_seen(rules: dict[str, str], source: str) -> None:
    assert any(re.search(pattern, source) for pattern in rules)


def test_the_rules_see_the_whole_house() -> None:
    assert {"kiosk.tickets", "kiosk.database", "printer.slip"} <= modules().keys()
    assert files(".qml")
