"""kiosk.toml as a stranger may read it: without comments, and with every secret masked; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import tomlkit

from kiosk import veil
from kiosk.urls import without_password, without_query

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK: Final = "***"
SECRET: Final = re.compile(
    r"(?:^|[_-])(?:secret|password|passwd|passphrase|token|pin|credential|api_?key|access_?key)s?"
    r"(?:$|[_-])",
    re.IGNORECASE,
)
"""Keys whose value is a secret, or the name of a file that holds one: a whole word of their name,
so that "mapping" is none."""
_NO_SECRET: Final = re.compile(r"_file$|^key_file$")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://|^postgres|@", re.IGNORECASE)
_MAIL: Final = re.compile(r"^[^@\s:/]+@([A-Za-z0-9.-]+)$")
_WHOLE: Final = {("webhook", "url"), ("alerts", "webhook", "url")}
"""Addresses of which the path itself lets in, as chat programs give them."""
_USERS: Final = {("alerts", "email", "user")}


def masked(text: str) -> str:
    """The file's content without what is secret. ValueError where it is no TOML."""
    return tomlkit.dumps(_table(tomlkit.parse(text).unwrap(), ()))


def _table(table: Mapping[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
    return {key: _value(value, (*above, key)) for key, value in table.items()}


def _value(value: Any, where: tuple[str, ...]) -> Any:
    secret = _is_secret(where)
    if isinstance(value, dict):
        return MASK if secret else _table(value, where)
    if isinstance(value, list):
        return [_value(one, where) for one in value]
    if secret or where in _USERS:
        return MASK if value else value
    return _text(value, where) if isinstance(value, str) else value


def _text(text: str, where: tuple[str, ...]) -> str:
    if mail := _MAIL.match(text):
        return f"{MASK}@{mail[1]}"
    if where in _WHOLE and text:
        return host_of(text)
    return without_query(without_password(veil.masked(text))) if _URL.search(text) else text


def _is_secret(where: tuple[str, ...]) -> bool:
    return bool(SECRET.search(where[-1])) and not _NO_SECRET.search(where[-1])


def shown(key: str, value: Any) -> Any:
    """The value of one key, such as "webhook[tv].url", as logs and the trail may keep it."""
    where = tuple(re.sub(r"\[[^\]]*\]", "", key).split("."))
    if value and (_is_secret(where) or where in _USERS):
        return veil.HIDDEN
    if isinstance(value, dict):
        return {name: shown(f"{key}.{name}", one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [shown(key, one) for one in value]
    if not isinstance(value, str):
        return value
    return host_of(value) if value and where in _WHOLE else veil.masked(value)


def only_hosts(text: str) -> str:
    """The text with every address in it, of the web or of a person, cut down to where it leads."""
    address = r"\b[a-z][a-z0-9+.-]*://[^\s,;\"'<>]+"
    without = re.sub(address, lambda found: host_of(found[0].rstrip(":")), text)
    return re.sub(r"[^\s,;:/@]+@([A-Za-z0-9.-]+)", rf"{MASK}@\1", without)


def host_of(url: str) -> str:
    """Only where an address leads."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or ''}{port}/{MASK}"
    except ValueError:
        return MASK
