"""Checks the catalogues against each other and against the code.    python -m tools.translations

A key counts as used when it stands in a source as a whole, or below a prefix that some source reads
with ``under``, or when it fits a key that code composes (``f"device.{reason}"``).
"""

from __future__ import annotations

import ast
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Final

from babel.messages.pofile import PoFileError, read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

ROOT: Final = Path(__file__).resolve().parents[1]
CATALOGUES: Final = ROOT / "assets" / "translations"
SOURCES: Final = ("kiosk", "display", "printer", "bench", "tools")
KEY: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_-]+)+")
READERS: Final = {"say", "count"}
ERRORS: Final = {"Refused": "refused", "Unavailable": "unavailable"}


@dataclass(frozen=True, slots=True)
class Read:
    """A key that a source reads, with the facts it gives (None: cannot be told)."""

    key: str
    where: str
    facts: frozenset[str] | None


@dataclass(slots=True)
class Uses:
    """What the sources say about keys."""

    reads: list[Read] = field(default_factory=list)
    relative: list[tuple[str, str]] = field(default_factory=list)  # words["home.question"], where
    composed: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    literals: set[str] = field(default_factory=set)


def catalogues() -> dict[str, Catalog]:
    return {
        path.stem: read_po(BytesIO(path.read_bytes()), locale=path.stem, abort_invalid=True)
        for path in sorted(CATALOGUES.glob("*.po"))
    }


def forms(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    """The sentences by key: one, or one for each plural form."""
    return {key_of(message): sentences_of(message) for message in catalogue if message.id}


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def sentences_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def facts_in(sentences: tuple[str, ...]) -> set[str]:
    return {name for text in sentences for _, name, _, _ in Formatter().parse(text) if name}


def problems_of(language: str, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one catalogue by itself."""
    text = (CATALOGUES / f"{language}.po").read_text("utf-8")
    where = f"{language}.po"
    for key, times in Counter(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)).items():
        if times > 1:
            yield f"{where}: {key} stands {times} times; keep one"
    for number, line in enumerate(text.splitlines(), 1):
        if unicodedata.normalize("NFC", line) != line:
            yield f"{where}:{number}: not in Unicode's composed form (NFC); type the letters anew"
    if catalogue.obsolete:
        yield f"{where}: remove the obsolete entries: {', '.join(map(str, catalogue.obsolete))}"
    for message in catalogue:
        if not message.id:
            continue
        plural = not isinstance(message.id, str)
        key, sentences = key_of(message), sentences_of(message)
        if message.fuzzy:
            yield f"{where}: {key} is fuzzy; read it and remove the mark"
        if not KEY.fullmatch(key):
            yield f"{where}: {key} is no key; keys are dotted and lower case"
        if not sentences or not all(sentences):
            yield f"{where}: {key} is empty; write its sentence"
            continue
        if len(sentences) != (catalogue.num_plurals if plural else 1):
            yield f"{where}: {key} needs {catalogue.num_plurals} plural forms"
        if any(text != text.strip() and not text.endswith(": ") for text in sentences):
            yield f"{where}: {key} begins or ends with a space; the layout makes room, not the text"
        try:
            facts_in(sentences)
        except ValueError as error:
            yield f"{where}: {key} has a broken brace ({error})"


def problems_between(all_forms: dict[str, dict[str, tuple[str, ...]]]) -> Iterator[str]:
    """Where the languages differ in what they say."""
    first, *others = sorted(all_forms, key=lambda language: (language != "vi", language))
    for other in others:
        for key in sorted(all_forms[first].keys() - all_forms[other].keys()):
            yield f"{other}.po: {key} is missing; {first}.po has it"
        for key in sorted(all_forms[other].keys() - all_forms[first].keys()):
            yield f"{first}.po: {key} is missing; {other}.po has it"
        for key in sorted(all_forms[first].keys() & all_forms[other].keys()):
            ours, theirs = facts_in(all_forms[first][key]), facts_in(all_forms[other][key])
            if ours != theirs:
                yield (
                    f"{other}.po: {key} tells {sorted(theirs)}, {first}.po {sorted(ours)}; "
                    "both must tell the same facts"
                )


def constants(node: ast.expr) -> Iterator[str]:
    """The strings an argument can be: itself, or the branches of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def composed(node: ast.AST) -> re.Pattern[str] | None:
    """The pattern of an f-string or a sum that begins as a key does."""
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.-]+"
            for part in node.values
        ]
        starts = isinstance(node.values[0], ast.Constant) if node.values else False
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        if not (isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
            return None
        parts, starts = [re.escape(node.left.value), r"[\w.-]+"], True
    else:
        return None
    pattern = "".join(parts)
    known = r"[a-z][a-z0-9_]*\\\.(?:[\w\\.-]|\[\\w\.-\]\+)*"
    return re.compile(pattern) if starts and re.fullmatch(known, pattern) else None


def read_python(path: Path, uses: Uses) -> None:
    where = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            uses.literals.add(node.value)
        if pattern := composed(node):
            uses.composed.append((pattern, f"{where}:{getattr(node, 'lineno', 0)}"))
        if isinstance(node, ast.Subscript) and named(node.value).endswith("words"):
            uses.relative += [
                (key, f"{where}:{node.lineno}") for key in constants(node.slice) if "." in key
            ]
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = named(node.func)
        facts = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
        given = None if any(keyword.arg is None for keyword in node.keywords) else facts
        at = f"{where}:{node.lineno}"
        for text in constants(node.args[0]):
            if isinstance(node.func, ast.Attribute) and name in READERS and KEY.fullmatch(text):
                counted = frozenset({"n"}) if name == "count" else frozenset[str]()
                uses.reads.append(Read(text, at, None if given is None else given | counted))
            elif isinstance(node.func, ast.Attribute) and name == "under":
                uses.prefixes.add(text)
            elif name in ERRORS:
                uses.reads.append(Read(f"{ERRORS[name]}.{text}", at, given))


def named(node: ast.expr) -> str:
    """The last name of ``a.b.c``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def read_page(path: Path, uses: Uses) -> None:
    """QML, JavaScript, templates: quoted keys, and what stands after ``words``."""
    text = path.read_text("utf-8")
    where = str(path.relative_to(ROOT))
    uses.literals.update(re.findall(r"""["'`]([\w.-]+)["'`]""", text))
    for match in re.finditer(r"""\b(say|count)\(\s*["']([\w.-]+)["']""", text):
        if KEY.fullmatch(match[2]):
            uses.reads.append(Read(match[2], where, None))
    for match in re.finditer(r"""\bwords(?:\[["']([\w.-]+)["']\]|\.([a-z]\w+)\b(?!\())""", text):
        key = match[1] or match[2]
        if match[2]:
            uses.literals.add(key)
        else:
            uses.relative.append((key, where))
    for match in re.finditer(r"""["']([a-z]\w*\.(?:[\w-]+\.)*)["']\s*[+~]""", text):
        uses.composed.append((re.compile(re.escape(match[1]) + r"[\w.-]+"), where))


def read_sources() -> Uses:
    uses = Uses()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py":
                read_python(path, uses)
            elif path.suffix in {".qml", ".js", ".mjs", ".html", ".jinja", ".j2"}:
                read_page(path, uses)
    return uses


def problems_in_use(sentences: dict[str, tuple[str, ...]], uses: Uses) -> Iterator[str]:
    """Keys that are read and do not exist, exist and are not read, or miss a fact."""
    keys = sentences.keys()
    for read in uses.reads:
        if read.key not in keys:
            yield f"{read.where}: there is no sentence {read.key}; add it to every catalogue"
        elif read.facts is not None and (missing := facts_in(sentences[read.key]) - read.facts):
            yield f"{read.where}: {read.key} needs {', '.join(sorted(missing))}; pass it"
    prefixes = uses.prefixes | {""}
    for key, where in uses.relative:
        if not any(prefix + key in keys for prefix in prefixes):
            yield f"{where}: there is no sentence {key} below any of {sorted(uses.prefixes)}"
    for pattern, where in uses.composed:
        if pattern.pattern.split("\\.")[0] in {key.split(".")[0] for key in keys} and not any(
            map(pattern.fullmatch, keys)
        ):
            yield f"{where}: no sentence fits {pattern.pattern}"
    used = uses.literals | {read.key for read in uses.reads}
    prefixes |= {f"{error}." for error in ERRORS.values()}
    used |= {prefix + name for prefix in prefixes for name in uses.literals}
    for key in sorted(keys - used):
        if not any(pattern.fullmatch(key) for pattern, _ in uses.composed):
            yield f"{key}: nothing reads this sentence; remove it from every catalogue"


def problems() -> list[str]:
    """Everything wrong with the catalogues, each with its mend."""
    try:
        found = catalogues()
    except PoFileError as error:
        return [f"{CATALOGUES.relative_to(ROOT)}: {error}"]
    own = [problem for language in found for problem in problems_of(language, found[language])]
    if own:
        return own
    all_forms = {language: forms(catalogue) for language, catalogue in found.items()}
    return [
        *problems_between(all_forms),
        *problems_in_use(all_forms["vi"], read_sources()),
    ]


def main() -> int:
    found = problems()
    print("\n".join(found) or f"{', '.join(catalogues())}: the sentences are complete and used")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
