"""A language made by machine, to see what any other would do to the screens.

    python -m tools.pseudo [FOLDER] [--like vi|en]

Writes FOLDER/qps.po (without a FOLDER translations/qps.po), where a kiosk.toml beside that folder
finds it: ``languages = ["vi", "qps"]``. Every sentence stands in brackets, so that a lost end is
seen, bears accents, so that cut letters are seen, and is 40 % longer. Facts in braces and the forms
of plurals stay.
"""

from __future__ import annotations

import argparse
import math
import re
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po, write_po

from kiosk.texts import FIRST
from tools.translations import CATALOGUES

LANGUAGE: Final = "qps"
"""Kept free by ISO 639-2 for own uses, and unknown to CLDR: numbers and dates are Vietnamese."""
LONGER: Final = 0.4
FILLING: Final = ("ộng", "ỹ", "ấy", "Ẫng", "ỗ", "ướng")
ACCENTS: Final = str.maketrans(
    "aeiouyAEIOUYdD",
    "ẫễĩỗữỹẪỄĨỖỮỸđĐ",
)
_FACT: Final = re.compile(r"\{[^{}]*\}")


def pseudo(text: str) -> str:
    """The sentence in the made language; one without any letters stays as it is."""
    if not any(letter.isalpha() for letter in _FACT.sub("", text)):
        return text
    ends = ": " if text.endswith(": ") else ""
    body = text.removesuffix(ends)
    shown = _FACT.sub("", body)
    wanted = math.ceil(len(shown) * LONGER)
    filled = _filling(wanted, len(shown))
    return f"[{_accented(body)}{filled}]{ends}"


def _accented(text: str) -> str:
    """With accents on every plain vowel, but in facts."""
    parts = re.split(f"({_FACT.pattern})", text)
    return "".join(part if n % 2 else part.translate(ACCENTS) for n, part in enumerate(parts))


def _filling(letters: int, start: int) -> str:
    """So many letters more, the brackets counted, in words of several lengths."""
    made, at = "", start
    while len(made) < letters - 2:
        made += f" {FILLING[at % len(FILLING)]}"
        at += 1
    return made


def catalogue(like: str = FIRST) -> bytes:
    """The whole catalogue of the made language, after one that we have."""
    source = read_po(BytesIO((CATALOGUES / f"{like}.po").read_bytes()), locale=like)
    for message in source:
        if not message.id:
            continue
        if isinstance(message.string, str):
            message.string = pseudo(message.string)
        else:
            message.string = tuple(map(pseudo, message.string or ()))
    source.locale = None
    out = BytesIO()
    write_po(out, source, width=0)
    return unicodedata.normalize("NFC", out.getvalue().decode()).encode()


def write(folder: Path, like: str = FIRST) -> Path:
    """Writes the catalogue into the folder and returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{LANGUAGE}.po"
    path.write_bytes(catalogue(like))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a language made by machine.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("translations"))
    parser.add_argument("--like", choices=("vi", "en"), default=FIRST)
    given = parser.parse_args()
    print(write(given.folder, given.like))


if __name__ == "__main__":
    main()
