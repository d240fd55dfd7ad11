"""The secrets of kiosk.toml: hidden before its text is shown, put back when that text returns.

Those in comments are hidden too: a webhook that is switched off with a "#" is one. Each gets a
number of its own, so that it is known wherever the text brings it back: in a line that was moved,
commented out or taken in again.
"""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "••••••••"
"""In place of a secret, with its number behind it; where it comes back the old one is meant."""

_VALUE: Final = (
    r"""(?P<value>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])+"?|'[^'\n]+'?"""
    r"""|[^\s"'#,}][^\s,}]*)"""
)
_SECRET: Final = re.compile(
    rf"""(?:\bsecret|"secret"|'secret')\s*=\s*{_VALUE}""", re.DOTALL | re.IGNORECASE
)
_PASSWORD: Final = re.compile(
    r"""(?:\bpostgres\w*:?/*|\b[a-z][a-z0-9+.-]*://)[^\s:@/"']*:(?!//|\d+[/"'\s])"""
    r"""(?P<value>[^"'\n]+)@""",
    re.IGNORECASE,
)
"""It may hold spaces, "@" and "/": all between its colon and the last "@" goes."""
_IN_ADDRESS: Final = re.compile(
    r"""(?:[?&;](?:access_token|token|api_?key|key|secret|password|pass|pwd|sig|signature)=|\bpassword\s*=\s*)"""
    r"""(?P<value>[^&#;"'\s]+)""",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(rf'"{HIDDEN}(\d+)"|{HIDDEN}(\d+)')


def veiled(text: str) -> str:
    """The text with each secret hidden: the values of ``secret``, the passwords and keys in
    addresses."""
    parts, end = [], 0
    for n, (start, stop, whole) in enumerate(_secrets_in(text), 1):
        parts += [text[end:start], f'"{HIDDEN}{n}"' if whole else f"{HIDDEN}{n}"]
        end = stop
    return "".join([*parts, text[end:]])


def unveiled(text: str, before: str) -> str:
    """The text with what is hidden in it as it stands in ``before``."""
    known = [(before[start:stop], whole) for start, stop, whole in _secrets_in(before)]

    def meant(found: re.Match[str]) -> str:
        n = int(found[1] or found[2])
        if not 1 <= n <= len(known):
            return found[0]
        secret, whole = known[n - 1]
        if found[1]:
            return secret if whole else f'"{secret}"'
        return secret.strip("\"'") if whole else secret

    return _HIDDEN.sub(meant, text)


def still_hidden(text: str) -> bool:
    """Whether something in the text only stands for a secret."""
    return _HIDDEN.search(text) is not None


def masked(value: str) -> str:
    """One value as it may be kept for others to read, without passwords and keys."""
    parts, end = [], 0
    for start, stop, _ in _secrets_in(value):
        parts += [value[end:start], HIDDEN]
        end = stop
    return "".join([*parts, value[end:]])


def _secrets_in(text: str) -> list[tuple[int, int, bool]]:
    """Where they stand, in order, and whether one is a value as a whole, quotes and all; what
    overlaps is one with what began before it."""
    spans = [(*found.span("value"), True) for found in _SECRET.finditer(text)]
    for rule in (_IN_ADDRESS, _PASSWORD):
        spans += [(*found.span("value"), False) for found in rule.finditer(text)]
    kept: list[tuple[int, int, bool]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
