"""Reads a file of settings as TOML, and says where it is none."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from kiosk.mistakes import BadConfig, Problem

if TYPE_CHECKING:
    from pathlib import Path

_AT: Final = re.compile(r"line (\d+),? col(?:umn)? (\d+)")
_CAUSES: Final = {
    "syntax_twice": ("overwrite", "declare", "mutate", "already", "twice"),
    "syntax_quote": ("Unterminated string", "Illegal character '\\n'"),
}


def read_toml(path: Path) -> dict[str, Any]:
    """What stands in the file; BadConfig where that is none."""
    text = ""
    try:
        text = path.read_text("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise BadConfig(path, [Problem(str(path), "missing_file", {})]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(path, [misspelt(path, text, error)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(path, [Problem(str(path), "unreadable", {"why": error})]) from None


def misspelt(path: Path, text: str, error: Exception) -> Problem:
    """A text that a parser refused, in our own words: at which line and column (from 1), and why
    as far as a technician can do something with it."""
    why = str(error)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as known:
        why = str(known)
    at = _AT.search(why)
    if at is None:
        return Problem(path.name, "syntax_end", {})
    keys = [key for key, words in _CAUSES.items() if any(word in why for word in words)]
    return Problem(path.name, keys[0] if keys else "syntax", {"line": at[1], "column": at[2]})
