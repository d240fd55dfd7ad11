"""Programs that turn a sentence into sound: espeak-ng, or piper with a model.

They run beside this program (espeak-ng is under the GPL), get the sentence on standard input and
answer with a WAV file on standard output. The hall's calls never need them: those are clips.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import tempfile
import time
import unicodedata
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Protocol

from display.pcm import read_wav, resampled, to_bytes
from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

REGIONS: Final = ("north", "central", "south")
VOICES: Final = {
    ("vi", "north"): "vi",
    ("vi", "central"): "vi-vn-x-central",
    ("vi", "south"): "vi-vn-x-south",
}
WORDS_PER_MINUTE: Final = 150
ESPEAK_SECONDS: Final = 10.0
PIPER_SECONDS: Final = 60.0
NO_VOICE: Final = "espeak-ng voice does not exist"
"""What espeak-ng writes of a language that it does not speak; it translates nothing."""
MOST_BYTES: Final = 50_000_000
"""Of one answer: nine minutes of 48 kHz sound."""


class Engine(Protocol):
    """Speaks one language with one voice."""

    @property
    def name(self) -> str: ...

    def speak(self, text: str) -> bytes:
        """The sentence as the hall's PCM (16-bit mono, ``display.chime.RATE``); waits for it.

        Raises Unavailable: "speech_missing" (no such program), "speech_voice" (it has no voice for
        the language), "speech_silent" (it did not end in time), "speech_failed" (it ended badly),
        "speech_garbage" (what it gave is no sound). An empty sentence is b"".
        """


@dataclass(frozen=True, slots=True)
class Espeak:
    """``voice`` is espeak-ng's own name of it; see ``espeak``."""

    voice: str
    words_per_minute: int = WORDS_PER_MINUTE
    program: str = "espeak-ng"
    seconds: float = ESPEAK_SECONDS
    name: str = "espeak"

    def speak(self, text: str) -> bytes:
        # Without -m it reads no markup, and [[ ]] would be phonemes.
        told = plain(text).replace("[[", "[ [")
        speed = str(self.words_per_minute)
        options = ["-b", "1", "-v", self.voice, "-s", speed, "--stdin", "--stdout"]
        try:
            return _spoken([self.program, *options], told, self.seconds)
        except Unavailable as error:
            if NO_VOICE not in str(error.facts.get("why", "")):
                raise
            raise Unavailable("speech_voice", program=self.program, voice=self.voice) from error


@dataclass(frozen=True, slots=True)
class Piper:
    """``model`` is a voice's .onnx file, with its .onnx.json beside it."""

    model: Path
    program: str = "piper"
    seconds: float = PIPER_SECONDS
    name: str = "piper"

    def speak(self, text: str) -> bytes:
        if not self.model.is_file():
            raise Unavailable("speech_model", path=str(self.model))
        options = ["--model", str(self.model.absolute()), "--output_file", "-"]
        return _spoken([self.program, *options], plain(text), self.seconds)


def espeak(
    language: str, region: str = "north", words_per_minute: int = WORDS_PER_MINUTE
) -> Espeak:
    """espeak-ng for a language of the catalogue; a region counts where the language has some."""
    return Espeak(VOICES.get((language, region), language), words_per_minute)


def trouble_of(engine: Engine) -> str:
    """The code of what keeps it from speaking, "" when it speaks; waits for it."""
    try:
        engine.speak("a")
    except Unavailable as error:
        return error.code
    return ""


def plain(text: str) -> str:
    """One line without control characters: what an engine would take for a command or a pause."""
    composed = unicodedata.normalize("NFC", text)
    letters = (" " if unicodedata.category(c).startswith(("C", "Z")) else c for c in composed)
    return " ".join("".join(letters).split())


def _spoken(command: list[str], text: str, seconds: float) -> bytes:
    if not text:
        return b""
    answer = _answer(command, text, seconds)
    try:
        samples, rate = read_wav(answer)
    except ValueError as error:
        raise Unavailable("speech_garbage", program=command[0]) from error
    return to_bytes(resampled(samples, rate))


def _answer(command: list[str], text: str, seconds: float) -> bytes:
    """What the program writes until it ends; which is made to when it takes or says too much."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaint:
        said.write(f"{text}\n".encode())
        said.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 (no shell; the text is on its standard input)
                command, stdin=said, stdout=subprocess.PIPE, stderr=complaint
            )
        except OSError as error:
            raise Unavailable("speech_missing", program=command[0]) from error
        with process:
            assert process.stdout is not None
            answer = _read(process.stdout, time.monotonic() + seconds)
            if answer is not None and len(answer) > MOST_BYTES:
                process.kill()
                raise Unavailable("speech_garbage", program=command[0])
            if answer is None or not _ends(process, seconds):
                process.kill()
                raise Unavailable("speech_silent", program=command[0], seconds=round(seconds))
        complaint.seek(0)
        lines = complaint.read(2000).decode("utf-8", "replace").split("\n")
    if process.returncode != 0:
        why = next((line.strip() for line in reversed(lines) if line.strip()), "")
        raise Unavailable(
            "speech_failed", program=command[0], status=process.returncode, why=why[:200]
        )
    return answer


def _read(source: IO[bytes], until: float) -> bytes | None:
    """All of it, or a little more than MOST_BYTES, or None when the time is over."""
    found = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        while len(found) <= MOST_BYTES:
            if not selector.select(max(0.0, until - time.monotonic())):
                return None
            part = os.read(source.fileno(), 65536)
            if not part:
                break
            found += part
    return bytes(found)


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
