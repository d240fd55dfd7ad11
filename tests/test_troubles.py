"""Each code that a device can be told to be in has its two sentences, in every language."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from kiosk.texts import texts
from kiosk.troubles import mend, name_of, told, what
from printer.status import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
STATES: Final = {"warning", "fault"}
TELLERS: Final = {"report", "_report", "tell", "_tell", "report_language", "_report_language"}
FAILING: Final = (
    "kiosk/database/sqlite.py",
    "kiosk/database/postgres.py",
    "kiosk/database/server.py",
    "kiosk/database/turn.py",
    "kiosk/backups.py",
    "kiosk/posting.py",
    "kiosk/import_process.py",
    "kiosk/import_folder.py",
    "kiosk/import_url.py",
    "kiosk/web/certificate.py",
    "kiosk/web/sockets.py",
    "display/engines.py",
)
"""What raises an Unavailable whose code becomes the reason of a device."""
NO_DEVICE: Final = {"speech_model", "unknown", "warningTint"}
"""Told to who works by hand; a state; a colour."""
TABLES: Final = {"_KNOWN", "_DENIED"}
"""Tables in these from what a library says to such a code."""
BESIDE: Final = {"voice_mute", "voice_words", "voice_clips", "voice_folder", "not_running"}
"""What is handed on under another name: lacks of the voice, and who is not heard any more."""


@cache
def trees() -> dict[str, ast.Module]:
    """Of what may tell a device's state, or a code of one; the rest of the house is left unread."""
    found = {}
    for package in ("kiosk", "display", "printer"):
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text("utf-8")
            if re.search(r"[\"']fault[\"']|[\"']warning[\"']|Unavailable\(|device\.", text):
                found[str(path.relative_to(ROOT))] = ast.parse(text)
    return found


@cache
def constants() -> dict[str, str]:
    """The texts that have a name of their own: NAME_TAKEN is "name_taken"."""
    found = {}
    for tree in trees().values():
        for node in tree.body:
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                    found[name] = text
    return found


def text_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants().get(node.id) if isinstance(node, ast.Name) else None


def pairs(node: ast.AST) -> Iterator[list[ast.expr]]:
    """What is said together: the parts of a tuple, the arguments of who tells."""
    if isinstance(node, ast.Tuple):
        yield node.elts
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in TELLERS:
            yield node.args


def said() -> Iterator[str]:
    """The code that follows a state, wherever both stand."""
    for tree in trees().values():
        for node in ast.walk(tree):
            for parts in pairs(node):
                for state, reason in pairwise(parts):
                    if text_of(state) in STATES and (code := text_of(reason)):
                        yield code


def raised() -> Iterator[str]:
    for path in FAILING:
        for node in ast.walk(trees()[path]):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Unavailable":
                code = text_of(node.args[0])
                yield from [code] if code else []
            if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in TABLES:
                assert isinstance(node.value, ast.Dict)
                yield from filter(None, map(text_of, node.value.values))


def shown() -> Iterator[str]:
    """What stands as a whole key: the flaws of the board's folder."""
    for tree in trees().values():
        for node in ast.walk(tree):
            text = text_of(node) if isinstance(node, ast.Constant) else None
            if text and text.startswith("device.media_"):
                yield text.removeprefix("device.")


def returned() -> Iterator[str]:
    """What a function named after it gives: why a process was started again."""
    for tree in trees().values():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name == "reason_of":
                for node in ast.walk(function):
                    if isinstance(node, ast.Return | ast.IfExp):
                        parts = [node.value] if isinstance(node, ast.Return) else [
                            node.body, node.orelse]  # fmt: skip
                        yield from filter(None, (text_of(one) for one in parts if one))


@cache
def codes() -> frozenset[str]:
    found = {
        *said(),
        *raised(),
        *shown(),
        *returned(),
        *BESIDE,
        *(one.value for one in Reason if one.value),
    }
    return frozenset(found) - NO_DEVICE - STATES


def test_the_walk_finds_what_is_known_to_be_told() -> None:
    known = {
        "paper_out", "unplugged", "name_taken", "not_running", "plain_http", "store_damaged",
        "backup_full", "certificate_expired", "webhook_silent", "media_broken", "second_master",
        "import_failed", "disk_readonly", "clock_back", "feed_deaf", "settings_mistakes", "hung",
        "emblem_unusable", "board_not_current", "webhook_secret", "disk_away",
        "process_hung", "process_died", "process_often",
    }  # fmt: skip
    assert known <= codes()
    assert len(codes()) > 80


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_code_says_what_happened_and_what_to_do(language: str) -> None:
    own = texts(language).keys()
    lacking = {code for code in codes() if f"device.{code}" not in own}
    helpless = {code for code in codes() if f"device.{code}.do" not in own}

    assert lacking == set()
    assert helpless == set()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_are_sentences_of_their_own(language: str) -> None:
    words = texts(language)
    for key in sorted(words.keys()):
        if key.startswith("device.") and key.endswith(".do"):
            code = key.removeprefix("device.").removesuffix(".do")
            for sentence in (what(code, words), mend(code, words)):
                assert sentence[0].isupper() or sentence.startswith(("kiosk", "[")), sentence
                assert sentence.endswith("."), sentence
            assert told(code, words) == f"{what(code, words)} {mend(code, words)}"


def test_a_code_and_a_device_without_a_sentence_stand_for_themselves() -> None:
    words = texts("vi")

    assert told("meteor", words) == "meteor"
    assert told("", words) == "Sẵn sàng"
    assert name_of("keypad 3", words) == "Bàn phím gọi số ở quầy 3"
    assert name_of("lighthouse", words) == "lighthouse"
