"""Codes in whole dots: Code 128 and QR modules, and which of the two fits the paper.

Bars narrower than two dots die of the ink's growth (0 of 20 read at +0.25 dot an edge; 20 of 20 at
two dots), QR modules want three. python-barcode's tables and qrcode supply the modules; their
picture writers round to pixels and are never used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from barcode.charsets import code128 as charsets
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from printer.errors import SlipError

BAR_DOTS = 2
QR_LEAST_DOTS = 3
QR_MOST_DOTS = 6
BAR_QUIET = 10
"""Modules of white that Code 128 needs on both sides."""
QR_QUIET = 4


@dataclass(frozen=True, slots=True)
class Bars:
    """Code 128 without its quiet zones: one character a module, "1" is a bar."""

    modules: str
    dots: int

    @property
    def width(self) -> int:
        return len(self.modules) * self.dots

    @property
    def quiet(self) -> int:
        return BAR_QUIET * self.dots


@dataclass(frozen=True, slots=True)
class Matrix:
    """A QR code without its quiet zone: rows of modules, "1" is dark."""

    rows: tuple[str, ...]
    dots: int

    @property
    def width(self) -> int:
        return len(self.rows) * self.dots

    @property
    def quiet(self) -> int:
        return QR_QUIET * self.dots


def code128(text: str) -> str:
    """The fewest modules that say ``text``; SlipError("code_unencodable") for what none can say."""
    if not text or not all(" " <= letter <= "~" for letter in text):
        raise SlipError("code_unencodable", text=text)
    symbols = _symbols(text)
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % 103
    bars: str = "".join(charsets.CODES[symbol] for symbol in (*symbols, check))
    return f"{bars}{charsets.STOP}11"


def _symbols(text: str) -> tuple[int, ...]:
    """The start symbol and the shortest way through sets B and C, found from the end.

    python-barcode's own encoder takes a leading 99 for a change of set and drops it (0.16.1), and
    is a symbol too long on some dossier codes; its tables are used, its encoder is not.
    """
    to_b, to_c = charsets.C["TO_B"], charsets.B["TO_C"]
    in_b: list[tuple[int, ...]] = [()]
    in_c: list[tuple[int, ...]] = [()]
    for start in reversed(range(len(text))):
        single = (charsets.B[text[start]], *in_b[-1])
        best_b, best_c = single, (to_b, *single)
        pair = text[start : start + 2]
        if len(pair) == 2 and pair.isdigit():
            double = (int(pair), *in_c[-2])
            best_b = min(single, (to_c, *double), key=len)
            best_c = min(double, (to_b, *single), key=len)
        in_b.append(best_b)
        in_c.append(best_c)
    start_b = (charsets.START_CODES["B"], *in_b[-1])
    return min(start_b, (charsets.START_CODES["C"], *in_c[-1]), key=len)


@lru_cache(maxsize=64)
def qr(text: str) -> tuple[str, ...]:
    """The rows of the smallest QR code of ``text`` that stands 15 % of damage."""
    if not text:
        raise SlipError("code_unencodable", text=text)
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise SlipError("code_too_long", text=text) from error
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.get_matrix())


def fit_qr(text: str, width: int, *, most: int = QR_MOST_DOTS) -> Matrix:
    """The largest QR code of ``text`` that fits ``width`` dots with its quiet zone."""
    rows = qr(text)
    dots = min(most, width // (len(rows) + 2 * QR_QUIET))
    if dots < QR_LEAST_DOTS:
        raise SlipError("code_too_long", text=text)
    return Matrix(rows, dots)


def fit(text: str, width: int) -> Bars | Matrix:
    """Code 128 if ``text`` fits ``width`` dots with its quiet zones, else QR.

    SlipError("code_too_long") when neither fits.
    """
    if text.isascii() and text.isprintable():
        bars = Bars(code128(text), BAR_DOTS)
        if bars.width + 2 * bars.quiet <= width:
            return bars
    return fit_qr(text, width)
