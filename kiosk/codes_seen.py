"""Which codes of a long file came already, exactly and in little memory."""

from __future__ import annotations

_BLOCK = 1024


class CodesSeen:
    """A set of codes to which one can only add.

    Codes of one day differ in their last number, which is one bit here: ten million of them take
    a few megabytes. Any other code is kept as it is.
    """

    def __init__(self) -> None:
        self._bits: dict[tuple[str, int, int], bytearray] = {}
        self._others: set[str] = set()

    def add(self, code: str) -> bool:
        """False when it was there."""
        head, dash, tail = code.rpartition("-")
        if not (dash and tail.isdecimal() and tail.isascii() and len(tail) <= 7):
            before = len(self._others)
            self._others.add(code)
            return len(self._others) > before
        block, at = divmod(int(tail), _BLOCK)
        # How long the number is tells 0001 from 001.
        key = head, len(tail), block
        bits = self._bits.get(key)
        if bits is None:
            bits = self._bits[key] = bytearray()
        byte, mask = at >> 3, 1 << (at & 7)
        if byte >= len(bits):
            bits.extend(bytes(byte + 1 - len(bits)))
        elif bits[byte] & mask:
            return False
        bits[byte] |= mask
        return True
