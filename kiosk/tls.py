"""Makes the certificate of this machine's web, and says what there is and what clerks' PCs need."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kiosk import troubles
from kiosk.calendar import utc_now
from kiosk.config_file import write_section
from kiosk.errors import Refused, Unavailable
from kiosk.loopback import HERE, is_loopback
from kiosk.replacing import put
from kiosk.texts import operator_texts, told_to_technician
from kiosk.web.certificate import read_term
from printer.finding import own_networks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from kiosk.authority import Authority
    from kiosk.config import Config
    from kiosk.texts import Texts
    from kiosk.web.certificate import Term

ALWAYS: Final = ("localhost", HERE, "::1")
RENEWED_BEFORE: Final = timedelta(days=90)
"""How long before its end an authority gives no more: its certificates would end with it."""
_SECRET: Final = 0o600
_PUBLIC: Final = 0o644
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Files:
    """Where they stand, beside kiosk.toml. Windows opens a .crt by a double click, a .pem not."""

    authority: Path
    authority_key: Path
    certificate: Path
    key: Path


def files_of(config: Config) -> Files:
    names = ("kiosk-ca.crt", "kiosk-ca.key", "kiosk-web.pem", "kiosk-web.key")
    return Files(*map(config.beside, names))


def make_certificate(config: Config, names: Sequence[str], *, anew: bool) -> str:
    """Makes what is missing, ``anew`` the certificate too; names it in kiosk.toml; tells of it.

    The authority is made once and kept, so that clerks' PCs that trust it need nothing when the
    certificate is renewed. Refused: bad_tls_name, tls_other (path), tls_there (path, why),
    tls_authority_half, tls_authority_broken, tls_authority_names; Unavailable: folder_unwritable.
    """
    words, now, files = operator_texts(), utc_now(), files_of(config)
    asked = [*dict.fromkeys(host_of(name) for name in names)]
    every = [*found_names(config), *(_names_before(files) if anew else ())]
    found = [name for name in dict.fromkeys(every) if name not in asked]
    given = config.certificate_files
    if given is not None and given[0] != files.certificate and not anew:
        raise Refused("tls_other", path=given[0])
    told = []
    if anew or not (files.certificate.exists() or files.key.exists()):
        told += _make(config, files, asked, found, now)
    else:
        told += _keep(files, asked, found, now)
    changed = {"certificate": files.certificate.name, "key": files.key.name}
    if given != (files.certificate, files.key):
        config = write_section(config, "web", {**changed})
        told.append(words.say("cli.tls.written", path=config.path))
    return "\n".join([*told, "", tell_certificate(config)])


def _names_before(files: Files) -> tuple[str, ...]:
    """What the certificate held so far: a renewal forgets no name that was asked for once."""
    from kiosk.authority import names_in

    with suppress(OSError, ValueError):
        return names_in(files.certificate.read_bytes())
    return ()


def _make(
    config: Config, files: Files, asked: Sequence[str], found: Sequence[str], now: datetime
) -> list[str]:
    from kiosk.authority import issue, new_authority, pem_of, pem_of_key

    words = operator_texts()
    authority = _known_authority(files, now)
    told = [words.say("cli.tls.renewed")]
    if authority is None:
        title = f"Kiosk {config.office.unit_code} {config.kiosk.name} {now:%Y-%m-%d}"
        office = words.name(config.office.name)
        authority = new_authority(title, office, [*asked, *found], now)
        _write(files.authority_key, pem_of_key(authority.key), _SECRET)
        _write(files.authority, pem_of(authority.certificate), _PUBLIC)
        told = [words.say("cli.tls.made")]
    if beyond := [name for name in asked if not authority.permits(name)]:
        raise Refused("tls_authority_names", names=_listed(beyond), path=files.authority)
    if left := [name for name in found if not authority.permits(name)]:
        told.append(words.say("cli.tls.left_out", names=_listed(left), path=files.authority))
    chain, key = issue(authority, [*asked, *(name for name in found if name not in left)], now)
    _write(files.key, key, _SECRET)
    _write(files.certificate, chain, _PUBLIC)
    return told


def _known_authority(files: Files, now: datetime) -> Authority | None:
    """The one that was made before, unless there is none or it is about to end."""
    from kiosk.authority import read_authority

    pair = (files.authority, files.authority_key)
    missing = [path for path in pair if not path.exists()]
    if len(missing) == len(pair):
        return None
    if missing:
        (kept,) = {*pair} - {*missing}
        raise Refused("tls_authority_half", path=missing[0], kept=kept)
    try:
        authority = read_authority(*(path.read_bytes() for path in pair))
    except (ValueError, OSError) as error:
        where = {"path": files.authority, "secret": files.authority_key}
        raise Refused("tls_authority_broken", **where) from error
    ends = authority.certificate.not_valid_after_utc
    return authority if now < ends - RENEWED_BEFORE else None


def _keep(files: Files, asked: Sequence[str], found: Sequence[str], now: datetime) -> list[str]:
    """What was made before stays as it is, and is told when it does not do any more."""
    words = operator_texts()
    try:
        term = read_term((files.certificate, files.key))
    except Unavailable as error:
        why = told_to_technician(error, words)
        raise Refused("tls_there", path=files.certificate, why=why) from error
    lacks = [name for name in asked if name not in term.names]
    state, reason = term.judged(now)
    if lacks or state != "ok":
        missing = words.say("cli.tls.lacks", names=_listed(lacks))
        why = missing if lacks else troubles.told(reason, words)
        raise Refused("tls_there", path=files.certificate, why=why)
    told = [words.say("cli.tls.kept")]
    if lacks := [name for name in found if name not in term.names]:
        told.append(words.say("cli.tls.lacks", names=_listed(lacks)))
    return told


def tell_certificate(config: Config) -> str:
    """The certificate in kiosk.toml, and how clerks' PCs come to trust it.

    Refused: tls_none. Raises as ``read_term``.
    """
    words, own = operator_texts(), files_of(config)
    files = config.certificate_files
    if files is None:
        raise Refused("tls_none")
    term = read_term(files)
    told = [f"{files[0]}: {told_term(term, words)}"]
    state, reason = term.judged(utc_now())
    if state != "ok":
        told.append(troubles.told(reason, words))
    if is_loopback(config.web.host):
        told.append(words.say("cli.tls.only_here"))
    if files[0] == own.certificate and own.authority.exists():
        told += ["", *_told_authority(config, own, term, words)]
    return "\n".join(told)


def told_term(term: Term, words: Texts) -> str:
    until = words.date(term.ends.astimezone().date())
    return words.say("cli.tls.term", until=until, names=_listed(term.names))


def _told_authority(config: Config, own: Files, term: Term, words: Texts) -> list[str]:
    try:
        der = ssl.PEM_cert_to_DER_cert(own.authority.read_text("ascii").strip())
    except (ValueError, OSError) as error:
        raise Refused(
            "tls_authority_broken", path=own.authority, secret=own.authority_key
        ) from error
    names = [_shown(name) for name in term.names if not is_loopback(name)]
    urls = [f"https://{f'[{name}]' if ':' in name else name}:{config.web.port}" for name in names]
    return [
        words.say("cli.tls.trust", path=own.authority, urls=", ".join(urls)),
        f"  SHA-256: {_fingerprint(hashlib.sha256(der).digest())}",
        f"  SHA-1:   {_fingerprint(hashlib.sha1(der, usedforsecurity=False).digest())}",
        words.say("cli.tls.secret", path=own.authority_key),
    ]


def found_names(config: Config) -> list[str]:
    """The hosts and addresses of this machine and of kiosk.toml, as far as they can be used."""
    host = socket.gethostname()
    public = ""
    with suppress(ValueError):
        public = urlsplit(config.web.public_url or "").hostname or ""
    every = config.web.host if config.web.host not in ("0.0.0.0", "::") else ""  # noqa: S104
    own = [str(interface.ip) for interface in own_networks()]
    local = [] if "." in host else [f"{host}.local"]
    found = []
    for name in (public, host, *local, every, *own, *ALWAYS):
        with suppress(Refused):
            found.append(host_of(name))
    return [*dict.fromkeys(found)]


def host_of(text: str) -> str:
    """A host as certificates write it, in ASCII, or an address. Refused: bad_tls_name."""
    name = text.strip().removeprefix("[").removesuffix("]").rstrip(".")
    with suppress(ValueError):
        if "%" not in name:
            return str(ip_address(name))
    with suppress(UnicodeError):
        name = name.encode("idna").decode("ascii").lower()
        # What ends in a number is an address gone wrong, for browsers too.
        if all(map(_LABEL.fullmatch, name.split("."))) and not name.rpartition(".")[2].isdecimal():
            return name
    raise Refused("bad_tls_name", name=text)


def _shown(name: str) -> str:
    with suppress(UnicodeError):
        return name.encode("ascii").decode("idna")
    return name


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_shown, names)) or "–"


def _fingerprint(digest: bytes) -> str:
    return digest.hex(":").upper()


def _write(path: Path, content: bytes, rights: int) -> None:
    """From root's hands it goes to the owner of the folder, who runs the kiosk and must read it.
    Unavailable: folder_unwritable."""
    folder = path.parent
    try:
        put(path, content, rights, owner=folder)
    except OSError as error:
        raise Unavailable("folder_unwritable", path=folder) from error
