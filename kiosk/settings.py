"""kiosk.toml as staff change it: key by key or as a whole, checked before it takes the place of
the one before, with its comments, and every change told with what it was and what it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from kiosk.config import load
from kiosk.config_file import as_before, replaced
from kiosk.errors import Refused
from kiosk.masking import shown
from kiosk.mistakes import BadConfig, Problem
from kiosk.texts import languages
from kiosk.toml_file import misspelt
from kiosk.veil import still_hidden, unveiled, veiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tomlkit import TOMLDocument

    from kiosk.config import Config

_KEY: Final = re.compile(r"[a-z_]+(\[[^\]\[.]+\])?(\.[a-z_]+)+")
_KEYS: Final = {"counter": "number", "webhook": "name"}
"""What tells the entries of a list apart; "code" elsewhere."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The file as it may be shown; ``digest`` is that of the file, by which it is told whether
    somebody else has changed it since."""

    text: str
    digest: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """``key`` is such as "queue.late_minutes" or "service[A].daily_limit"; None takes it out."""

    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What one key was and is, None where it did not stand in the file."""

    key: str
    old: Any
    new: Any


def open_settings(path: Path) -> Opened:
    """BadConfig where the file cannot be read as TOML."""
    raw = path.read_bytes()
    told = _text(path, raw)
    _parsed(path, told)
    text = veiled(told)
    shown = _flat(_parsed(path, text).unwrap())
    values = {key: value for key, value in shown if not isinstance(value, dict)}
    return Opened(text, _digest(raw), values)


def wished(path: Path, wishes: Sequence[Wish]) -> str:
    """The file's text with these changes, its secrets hidden.

    Refused: no_such_setting (setting).
    """
    document = _parsed(path, open_settings(path).text)
    for wish in wishes:
        _set(document, wish)
    return tomlkit.dumps(document)


def changes_to(path: Path, text: str, digest: str) -> tuple[str, tuple[Change, ...]]:
    """The text as it is to be kept, and what that changes.

    Refused: settings_changed (somebody else has changed the file since it was opened). BadConfig
    where it is no TOML, where a secret is hidden that was not, and where the store's password
    would go to another address than the one that it was given for.
    """
    raw = path.read_bytes()
    if _digest(raw) != digest:
        raise Refused("settings_changed")
    told = _text(path, raw)
    before, hidden = _parsed(path, told).unwrap(), _parsed(path, text).unwrap()
    meant = unveiled(text, told)
    if still_hidden(meant) and not still_hidden(told):
        raise BadConfig(path, [Problem(path.name, "still_hidden", {})])
    after = _parsed(path, meant).unwrap()
    old, new, shown = (_store_url(known) for known in (before, after, hidden))
    if old != new and still_hidden(shown):
        raise BadConfig(path, [Problem("store.url", "password_again", {})])
    return meant, tuple(_changes(before, after))


def keep(path: Path, text: str) -> Config:
    """Puts the text in the file's place once it is proved; BadConfig with every mistake in it.

    Unavailable: folder_unwritable (path).
    """
    replaced(path, as_before(text, path.read_bytes().decode("utf-8")).encode(), load)
    return load(path)


def prove(path: Path, text: str) -> Config:
    """What the text would mean; nothing is kept.

    BadConfig with every mistake in it, and with what the hall would work without from then on.
    """
    try:
        replaced(path, text.encode(), _proved)
    except _Proved as proved:
        config, known = proved.config, [flaw.key for flaw in load(path).flaws]
        if new := [flaw for flaw in config.flaws if flaw.key not in known]:
            raise BadConfig(path, new) from None
        return config
    raise AssertionError


class _Proved(Exception):
    """The text has no mistakes, and was only to be tried."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config


def _proved(unfinished: Path) -> None:
    raise _Proved(load(unfinished))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = dict(_flat(before)), dict(_flat(after))
    _name_alike(old, new)
    _name_alike(new, old)
    for key in [*new, *(key for key in old if key not in new)]:
        if old.get(key) != new.get(key):
            yield Change(key, _shown(key, old.get(key)), _shown(key, new.get(key)))


def _name_alike(plain: dict[str, Any], other: Mapping[str, Any]) -> None:
    """A name in one language is the same name where the other file has it in several."""
    for key in [key for key in plain if f"{key}.{languages()[0]}" in other]:
        plain[f"{key}.{languages()[0]}"] = plain.pop(key)


def _store_url(settings: Mapping[str, Any]) -> str:
    store = settings.get("store")
    return str(store.get("url", "")) if isinstance(store, dict) else ""


def _shown(key: str, value: Any) -> Any:
    """A value as the trail may keep it."""
    if value is None:
        return None
    return _plain(shown(key, value))


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value if isinstance(value, str | int | float | bool) else str(value)


def _flat(raw: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its key: "queue.late_minutes", "service[A].name.vi"."""
    for key, value in raw.items():
        here = f"{head}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{here}.")
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            named = _KEYS.get(key, "code")
            for n, entry in enumerate(value, 1):
                yield from _flat(entry, f"{here}[{entry.get(named, f'#{n}')}].")
        else:
            yield here, value


def _set(document: TOMLDocument, wish: Wish) -> None:
    if _KEY.fullmatch(wish.key) is None:
        raise Refused("no_such_setting", setting=wish.key)
    *way, last = re.findall(r"[^.\[\]]+|\[[^\]]*\]", wish.key)
    place: Any = document
    for n, step in enumerate(way):
        if step.startswith("["):
            named = _KEYS.get(way[n - 1], "code")
            found = [one for one in place if str(one.get(named)) == step[1:-1]]
            if len(found) != 1:
                raise Refused("no_such_setting", setting=wish.key)
            place = found[0]
        else:
            place = _below(place, step, wish, is_list=n + 1 < len(way) and way[n + 1][0] == "[")
    if not isinstance(place, dict):
        raise Refused("no_such_setting", setting=wish.key)
    if wish.value is None:
        place.pop(last, None)
    elif place.get(last) != wish.value:
        place[last] = wish.value


def _below(place: Any, step: str, wish: Wish, *, is_list: bool) -> Any:
    """The table of that name, which is made where it is not there; a plain name gets languages."""
    found = place.get(step)
    if is_list:
        if not isinstance(found, AoT | list):
            raise Refused("no_such_setting", setting=wish.key)
        return found
    if found is None:
        place[step] = tomlkit.table()
    elif isinstance(found, str):
        named = tomlkit.inline_table()
        named[languages()[0]] = found
        place[step] = named
    elif not isinstance(found, dict | Table):
        raise Refused("no_such_setting", setting=wish.key)
    return place[step]


def _parsed(path: Path, text: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text.removeprefix("\ufeff"))
    except TOMLKitError as error:
        raise BadConfig(path, [misspelt(path, text, error)]) from None


def _text(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadConfig(path, [Problem(str(path.name), "unreadable", {"why": error})]) from None


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
