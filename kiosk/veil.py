"""The secrets of kiosk.toml: hidden before its text is shown, put back when that text returns.

Those that stand in comments are hidden too: a webhook that is switched off with a "#" is one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import tomlkit

from kiosk.urls import without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tomlkit import TOMLDocument

HIDDEN: Final = "••••••••"
"""In place of a secret, which is on no page; where it comes back the old one is meant."""

_COMMENT: Final = re.compile(
    r"""^((?:[^"'#\n]|"(?:\\.|[^"\\\n])*"|'[^'\n]*')*)(\#[^\r\n]*)""", re.MULTILINE | re.VERBOSE
)
"""What a line says, and the comment behind it."""
_SECRET: Final = re.compile(r"""(\bsecret\s*=\s*)("[^"]+"?|'[^']+'?|[^\s"'#]\S*)""")


def veiled(document: TOMLDocument) -> str:
    """The text of the document with its secrets hidden, those in comments too."""
    shown = tomlkit.parse(tomlkit.dumps(document))
    for hook in _hooks(shown):
        if "secret" in hook:
            hook["secret"] = HIDDEN
    store = shown.get("store")
    if isinstance(store, dict) and isinstance(url := store.get("url"), str):
        told = without_password(url)
        if told != url:
            store["url"] = told
    return _with_comments(tomlkit.dumps(shown), _veiled_comment)


def unveiled(after: TOMLDocument, before: TOMLDocument) -> str:
    """The text of ``after``, with what is hidden in it as it stands in ``before``."""
    known = {hook.get("name"): hook.get("secret") for hook in _hooks(before)}
    for hook in _hooks(after):
        old = known.get(hook.get("name"))
        if hook.get("secret") == HIDDEN and old is not None:
            hook["secret"] = old
    store, old_store = after.get("store"), before.get("store")
    if isinstance(store, dict) and isinstance(old_store, dict):
        url = old_store.get("url")
        if isinstance(url, str) and store.get("url") == without_password(url) != url:
            store["url"] = url
    meant: dict[str, list[str]] = defaultdict(list)
    for _, comment in _COMMENT.findall(tomlkit.dumps(before)):
        meant[_veiled_comment(comment)].append(comment)

    def meant_by(comment: str) -> str:
        """Of several that look alike the first that has not been put back."""
        return meant[comment].pop(0) if meant.get(comment) else comment

    return _with_comments(tomlkit.dumps(after), meant_by)


def _hooks(document: Mapping[str, Any]) -> list[Any]:
    found = document.get("webhook", [])
    return [hook for hook in found if isinstance(hook, dict)] if isinstance(found, list) else []


def _with_comments(text: str, told: Callable[[str], str]) -> str:
    return _COMMENT.sub(lambda found: found[1] + told(found[2]), text)


def _veiled_comment(comment: str) -> str:
    return without_password(_SECRET.sub(rf'\1"{HIDDEN}"', comment))
