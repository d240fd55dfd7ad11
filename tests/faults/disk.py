"""A disk that loses power: what a program wrote, replayed up to a cut, with only what was synced
certain to be there.

The model is harsher than a journaling file system: of the writes since the last sync any subset
of 512-byte sectors has arrived, in any order; a file's length, its name's appearance and its
name's removal are each on their own. A sector is never half old, half new, which is what SQLite
asks of a disk ("powersafe overwrite") and what disks give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from random import Random

SECTOR: Final = 512
CALLS: Final = (
    "openat,write,sendto,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink"
)
STRACE: Final = (
    "strace",
    "-f",
    "--seccomp-bpf",
    "-y",
    "-xx",
    "-s",
    "1000000",
    "-qq",
    "-e",
    "signal=none",
)

STORE: Final = ("", "kiosk.db", "kiosk.db-wal", "kiosk.db-shm", "kiosk.db-journal")
"""The folder, and the files of the store in it; what else lies there is a lock or a note."""
TICKET: Final = b'{"id":'
"""How an answer of the web about a ticket begins."""
_KINDS: Final = {
    "openat": "create",
    "pwrite64": "write",
    "ftruncate": "resize",
    "fsync": "sync",
    "fdatasync": "sync",
    "unlink": "remove",
    "rename": "rename",
}
_LINE: Final = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()")
_FD: Final = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_ANSWER: Final = re.compile(r"\) += (-?\d+)")
_OFFSET: Final = re.compile(r", (\d+)\)? +(?:=|<unfinished)")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the program asked of the disk, or told (``kind`` "tell").

    ``kind`` is create, write, resize, sync (the name "" is the folder), remove, rename or tell;
    ``at`` an offset or a length in bytes; ``covers`` how many acts had ended when a sync began.
    What was told is one JSON value a line.
    """

    kind: str
    name: str
    at: int = 0
    data: bytes = b""
    covers: int = 0


def read_trace(trace: Path, folder: Path, before: Sequence[Act] = ()) -> list[Act]:
    """The acts of a recording on the store's files in the folder, and what was told: on standard
    output, or by HTTP about a ticket. ``before`` is what made the folder as it was found.

    Told counts from the beginning of the call, a write from its end, and a sync from its end for
    what had ended before it began: what two processes do at one moment is judged the harsh way.
    """
    acts = list(before)
    begun: dict[str, tuple[str, int]] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match is None:
                continue
            process, resumed, call = match.groups()
            if resumed:
                start, covers = begun.pop(process)
                acts += _done(resumed, start, line, covers, folder)
                continue
            acts += _told(call, line)
            if "<unfinished" in line:
                begun[process] = (line, len(acts))
            else:
                acts += _done(call, line, line, len(acts), folder)
    return acts


def _told(call: str, line: str) -> Iterator[Act]:
    match = _FD.search(line)
    if call == "write" and match is not None and match[1] == "1":
        yield Act("tell", "", data=_bytes(_one(_TEXT, line)))
    elif call == "sendto":
        said = _bytes(_one(_TEXT, line))
        body = said.rpartition(b"\r\n\r\n")[2]
        if body.startswith(TICKET) and body.endswith(b"}"):
            yield Act("tell", "", data=body + b"\n")


def as_found(folder: Path) -> list[Act]:
    """What makes the files of the folder as they are, all of it sure."""
    acts: list[Act] = []
    for path in sorted(folder.iterdir()):
        if path.name in STORE:
            acts.append(Act("create", path.name, data=path.name.encode()))
            acts.append(Act("write", path.name, data=path.read_bytes()))
            acts.append(Act("sync", path.name, covers=len(acts)))
    return [*acts, Act("sync", "", covers=len(acts))]


def _done(call: str, start: str, end: str, covers: int, folder: Path) -> Iterator[Act]:
    """What has been answered; ``start`` and ``end`` are one line unless another came between."""
    if int(_one(_ANSWER, end)) < 0:
        return
    if call in ("openat", "unlink", "rename"):
        if call == "openat" and "O_CREAT" not in start:
            return
        names = [_inside(text, folder) for text in _TEXT.findall(start)]
        if names[0] in STORE:
            yield Act(_KINDS[call], names[0], data=str(names[-1]).encode())
        return
    match = _FD.search(start)
    name = _inside(match[2], folder) if match else None
    if name not in STORE:
        return
    assert call in _KINDS, f"the model knows no {call}: {start[:200]}"
    data = _bytes(_one(_TEXT, start)) if call == "pwrite64" else b""
    at = int(_one(_OFFSET, start)) if call in ("pwrite64", "ftruncate") else 0
    yield Act(_KINDS[call], name, at=at, data=data, covers=covers)


def _inside(text: str, folder: Path) -> str | None:
    """The file's name in the folder, "" for the folder itself; None when it is elsewhere."""
    path, head = _bytes(text).decode(), str(folder)
    if path == head:
        return ""
    return path.removeprefix(f"{head}/") if path.startswith(f"{head}/") else None


def _one(pattern: re.Pattern[str], line: str) -> str:
    match = pattern.search(line)
    assert match is not None, f"strace said something new: {line[:200]}"
    return match[1]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(slots=True)
class _File:
    """A file as the disk surely holds it, and what has been asked of it since."""

    sure: bytearray = field(default_factory=bytearray)
    open: list[tuple[int, Act]] = field(default_factory=list)

    def sync(self, covers: int) -> None:
        for number, act in self.open:
            if number < covers:
                _apply(self.sure, act)
        self.open = [entry for entry in self.open if entry[0] >= covers]

    def torn(self, random: Random) -> bytes:
        """What is found after the cut: each sector at some moment since the last sync."""
        whole = bytearray(self.sure)
        sizes = [len(whole)]
        versions: dict[int, list[bytes]] = {}
        for _, act in self.open:
            before = len(whole)
            _apply(whole, act)
            sizes.append(len(whole))
            first = min(act.at, before) // SECTOR
            last = max(len(whole), before) if act.kind == "resize" else act.at + len(act.data)
            for sector in range(first, -(-last // SECTOR)):
                old = versions.setdefault(sector, [_sector(self.sure, sector)])
                old.append(_sector(whole, sector))
        arrives = random.choice((0.0, 0.05, 0.5, 0.95, 1.0))
        found = bytearray(self.sure)
        for sector, known in versions.items():
            chosen = random.choice(known[1:]) if random.random() < arrives else known[0]
            _put(found, sector * SECTOR, chosen)
        # A length may lag behind the bytes or run ahead of them.
        size = sizes[-1] if random.random() < arrives else sizes[0]
        if random.random() < 0.3:
            size = random.choice(sizes)
        found.extend(bytes(max(0, size - len(found))))
        return bytes(found[:size])


def _apply(content: bytearray, act: Act) -> None:
    if act.kind == "resize":
        content.extend(bytes(max(0, act.at - len(content))))
        del content[act.at :]
    else:
        _put(content, act.at, act.data)


def _put(content: bytearray, at: int, data: bytes) -> None:
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data


def _sector(content: bytearray, number: int) -> bytes:
    return bytes(content[number * SECTOR : (number + 1) * SECTOR]).ljust(SECTOR, b"\0")


class Disk:
    """Plays acts one by one; ``cut`` writes what a machine would find if power failed now."""

    def __init__(self, *, syncs: bool = True) -> None:
        self._syncs = syncs
        self._names: dict[str, _File] = {}
        """What the running program sees."""
        self._sure_names: dict[str, _File] = {}
        """What the folder on the disk surely holds."""
        self._open_names: list[tuple[int, str, _File | None]] = []
        self._played = 0
        self.told: list[bytes] = []

    def play(self, act: Act) -> None:
        number = self._played
        self._played += 1
        if act.kind == "tell":
            self.told.append(act.data)
        elif act.kind == "create":
            if act.name not in self._names:
                self._name(number, act.name, _File())
        elif act.kind == "remove":
            self._name(number, act.name, None)
        elif act.kind == "rename":
            self._name(number, act.data.decode(), self._names[act.name])
            self._name(number, act.name, None)
        elif act.kind == "sync":
            if self._syncs:
                self._sync(act)
        elif act.name in self._names:
            self._names[act.name].open.append((number, act))

    def _name(self, number: int, name: str, file: _File | None) -> None:
        self._open_names.append((number, name, file))
        if file is None:
            self._names.pop(name, None)
        else:
            self._names[name] = file

    def _sync(self, act: Act) -> None:
        if act.name:
            if act.name in self._names:
                self._names[act.name].sync(act.covers)
            return
        for number, name, file in self._open_names:
            if number < act.covers:
                _rename(self._sure_names, name, file)
        self._open_names = [entry for entry in self._open_names if entry[0] >= act.covers]

    def cut(self, folder: Path, random: Random) -> None:
        names = dict(self._sure_names)
        versions: dict[str, list[_File | None]] = {}
        for _, name, file in self._open_names:
            versions.setdefault(name, []).append(file)
        for name, files in versions.items():
            if random.random() < 0.5:
                _rename(names, name, random.choice(files))
        for name, file in names.items():
            (folder / name).write_bytes(file.torn(random))


def _rename(names: dict[str, _File], name: str, file: _File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file
