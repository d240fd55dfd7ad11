"""What stands in the repository besides code keeps its promises too."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import typer.main
from typer.testing import CliRunner

from kiosk.__main__ import app

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("build", "dev", "postgres", "runtime")
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("assets/*.md")])
SECTIONS: Final = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)", text, re.MULTILINE | re.IGNORECASE))


def declared() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {"runtime": project["dependencies"], **project["optional-dependencies"]}


def bare(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match
    return re.sub(r"[-_.]+", "-", match[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")

    assert "://" not in text, "make lock writes it without addresses"
    assert "index-url" not in text
    assert pins(lock)
    for entry in re.split(r"\n(?=[a-zA-Z0-9])", text)[1:]:
        assert "--hash=sha256:" in entry, f"{entry.splitlines()[0]} has no hash; run make lock"


def test_make_faults_runs_every_test_that_has_a_long_form() -> None:
    """Read from ``make --dry-run``; a test has one where it asks the profile, or chance, or for the
    cells of the board's helper."""
    told = subprocess.run(
        ["make", "--dry-run", "faults"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    runs = re.findall(r"KIOSK_FAULTS=long \S+ -m pytest (.+)", told)
    assert len(runs) == 2
    listed = subprocess.run(
        ["bash", "-c", "".join(f"printf '%s\\n' {run}\n" for run in runs)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert "tests/faults" in listed
    longer = re.compile(
        r"^from tests(\.profile import| import .*\bprofile\b)|\bCEL{2}S\b|@giv(?:en)", re.M
    )
    for path in sorted(ROOT.glob("tests/**/test_*.py")):
        name = str(path.relative_to(ROOT))
        if not name.startswith("tests/faults/") and path != Path(__file__).resolve():
            asked = longer.search(path.read_text("utf-8"))
            assert not asked or name in listed, f"{name} asks for it: {asked}"


def test_the_locks_hold_every_declared_dependency() -> None:
    wanted = declared()
    for lock, groups in {
        "runtime": ("runtime",),
        "postgres": ("runtime", "postgres"),
        "dev": ("runtime", "postgres", "dev"),
    }.items():
        there = {bare(name) for name in pins(lock)}
        missing = {bare(each) for group in groups for each in wanted[group]} - there
        assert not missing, f"requirements/{lock}.txt lacks {sorted(missing)}; run make lock"


def test_one_environment_can_hold_all_locks() -> None:
    whole = pins("dev")
    for lock in LOCKS:
        assert pins(lock).items() <= whole.items(), (
            f"{lock}.txt differs from dev.txt; run make lock"
        )


def test_everything_imported_is_declared() -> None:
    standard = {"PySide6": "pyside6-essentials", "serial": "pyserial", "PIL": "pillow"}
    standard |= {
        "usb": "pyusb",
        "escpos": "python-escpos",
        "barcode": "python-barcode",
        "argon2": "argon2-cffi",
        "markdown_it": "markdown-it-py",
    }
    allowed = {bare(each) for each in declared()["runtime"] + declared()["postgres"]}
    # Parts of declared packages that are imported by their own name.
    allowed |= {"starlette", "click", "pydantic-core", "shiboken6"}
    for package in ("kiosk", "printer", "display", "assets"):
        for path in (ROOT / package).rglob("*.py"):
            for name in imported(path):
                if (
                    name in {"kiosk", "printer", "display", "assets", "bench"}
                    or name in sys.stdlib_module_names
                ):
                    continue
                assert bare(standard.get(name, name)) in allowed, (
                    f"{path.relative_to(ROOT)} imports {name}; declare it in pyproject.toml"
                )


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_links_in_the_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} points to {target}, which is not there"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert not broken, "\n".join(broken)


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    told = set(re.findall(r"`kiosk ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", readme))

    assert set(commands(typer.main.get_command(app))) <= told | {"bench"}


def commands(command: Any, name: str = "") -> Iterator[str]:
    inside = getattr(command, "commands", {})
    for inner in inside.values():
        yield from commands(inner, f"{name} {inner.name}".strip())
    if not inside:
        yield name


def test_the_help_leaves_no_section_of_the_settings_out() -> None:
    """A name in brackets, as the source has it, is on the page that a person reads."""
    named = []
    for name in commands(typer.main.get_command(app)):
        words = name.split()
        command = typer.main.get_command(app)
        for word in words:
            command = command.commands[word]  # type: ignore[attr-defined]
        texts = [command.help or "", *(getattr(one, "help", "") or "" for one in command.params)]
        wanted = [one for text in texts for one in re.findall(r"\[[a-z_.]+\]", text)]
        if wanted:
            page = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200"}).output
            named += [(name, one) for one in wanted]
            assert [one for one in wanted if one not in page] == [], name
    assert ("voice build", "[voice]") in named


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert versions[0] == "Unreleased"
    assert versions[1:] == [] or versions[1] == version
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= set(SECTIONS)


def test_every_decision_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    pages = {page.name for page in (ROOT / "docs" / "decisions").glob("*.md")} - {"README.md"}

    assert pages == set(re.findall(r"\]\((\w[\w-]*\.md)\)", index))


def test_every_icon_that_is_asked_for_is_there() -> None:
    there = {path.stem for path in (ROOT / "assets" / "icons").glob("*.svg")}
    asked = {
        (icon, path.name)
        for path in [ROOT / "kiosk.toml", *(ROOT / "assets").glob("*/*.toml")]
        for icon in re.findall(r'^#? ?icon = "(.+)"', path.read_text("utf-8"), re.MULTILINE)
    }

    assert not {pair for pair in asked if pair[0] not in there}


def kept() -> list[str]:
    """The names of all files of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split("\0")
    return listed if any(listed) else [str(path.relative_to(ROOT)) for path in PAGES]


SECRETS: Final = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}",
    "a key of a cloud": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token": r"\b(gh[pousr]_\w{36}|github_pat_\w{22}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10}|"
    r"pypi-[\w-]{40}|sk_live_\w{16}|eyJhbGciOi[\w-]{20,}\.)",
    "a password in an address": r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"{}<]+:(?!\*|\.\.\.|…)[^\s/@'\"{}<]{6,}@",
    "a password": r"(?i)^\s*(password|passwd|secret|token|api_key)\s*=\s*[\"'][^\"'{}<]{6,}[\"']",
}
TRIED_WITH: Final = "tests/"
MADE_UP: Final = ("a password in an address", "a password")
"""Tests need passwords of their own, which open nothing; keys and tokens they make anew."""


def secrets_in(text: str, but: Collection[str] = ()) -> list[str]:
    return [
        f"{what}: {found[0][:12]}…"
        for what, pattern in SECRETS.items()
        if what not in but
        for found in re.finditer(pattern, text, re.MULTILINE)
    ]


def test_no_secret_is_in_the_repository() -> None:
    found = [
        f"{name}: {secret}"
        for name in kept()
        if (ROOT / name).is_file()
        for secret in secrets_in(
            (ROOT / name).read_bytes().decode("utf-8", "ignore"),
            MADE_UP if name.startswith(TRIED_WITH) else (),
        )
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIODq0Z3vXc",
        "aws = AKIA" + "ABCDEFGHIJKLMNOP",
        "token: ghp_" + "a1" * 18,
        'url = "postgresql://kiosk:' + 'hunter22@db/office"',
        'password = "' + 'correct horse"',
    ],
)
def test_a_secret_is_seen(text: str) -> None:
    assert secrets_in(text)


def test_nothing_from_the_builders_machine_is_in_the_repository() -> None:
    home = re.compile(r"(?<![\w.])/(root|home/\w+)/[\w.]|file:///\w", re.ASCII)
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name in kept()
        if (path := ROOT / name).is_file()
        and path.suffix in {".py", ".qml", ".md", ".toml", ".txt", ".sh", ".html", ".js", ".po", ""}
        for number, line in enumerate(path.read_text("utf-8", "ignore").splitlines(), 1)
        if home.search(line)
    ]

    assert not found, "\n".join(found)
