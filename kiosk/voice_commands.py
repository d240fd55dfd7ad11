"""The commands about the hall's voice: what to record, making clips of it, and hearing a call."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path  # noqa: TC003 (typer reads it)
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from kiosk import troubles
from kiosk.commands import DEFAULT_CONFIG, ConfigPath, read_config
from kiosk.errors import Refused, Unavailable
from kiosk.processes import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from display.recording import Made
    from display.voices import Order
    from kiosk.config import Config
    from kiosk.texts import Texts

NUMBER: Final = re.compile(r"[A-ZĐ]{1,4}\d{1,6}")
OWN: Final = "voice"
"""The folder beside kiosk.toml in which clips are made when [voice] names none."""

voice = typer.Typer(no_args_is_help=True, help="The hall's voice.")
Language = Annotated[
    str | None, typer.Option(help="The language, such as vi; else the first of [voice] languages.")
]


@voice.command("list")
def list_clips(language: Language = None, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """List what a person records for the calls of this office: file names and words."""
    from display.voices import clip_words

    settings = read_config(config)
    code = _language(settings, language)
    for name, words in clip_words(_order(settings, code), code).items():
        print(f"{name + '.wav':<40} {words}")


@voice.command("build")
def build(
    origin: Annotated[
        Path | None, typer.Option("--from", help="A folder of recordings, one WAV file each.")
    ] = None,
    engine: Annotated[
        Literal["espeak", "piper"] | None,
        typer.Option(
            help="A program that speaks them; without --from too: espeak, what is missing."
        ),
    ] = None,
    model: Annotated[Path | None, typer.Option(help="The voice of piper, an .onnx file.")] = None,
    to: Annotated[
        Path | None, typer.Option(help="Where the clips go; else [voice] clips, or voice.")
    ] = None,
    language: Language = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make clips of recordings, or with a program: cut, level, and what is wrong with each."""
    from display.engines import Piper, espeak
    from display.recording import from_engine, from_folder
    from display.voices import clip_words, missing_words, shipped_share
    from kiosk.texts import operator_texts

    words = operator_texts()
    if origin and engine:
        raise typer.BadParameter(words.say("cli.voice.one_origin"))
    if engine == "piper" and model is None:
        raise typer.BadParameter(words.say("cli.voice.needs_model"))
    if model is not None and engine != "piper":
        raise typer.BadParameter(words.say("cli.voice.model_alone"))
    settings = read_config(config)
    code = _language(settings, language)
    order = _order(settings, code)
    folder = to or order.folder or settings.beside(OWN)
    wanted = clip_words(order, code)
    if origin is None and engine is None:
        wanted = missing_words(replace(order, folder=folder), code)
        if not wanted:
            print(words.say("cli.voice.complete"))
            return
    into = folder / code
    speaks = Piper(model) if model else espeak(code, order.region)
    made = from_folder(wanted, origin, into) if origin else from_engine(wanted, speaks, into)
    usable = _told(made, words)
    print(words.say("cli.voice.built", n=usable, of=len(wanted), folder=into))
    others, needed = shipped_share(replace(order, folder=folder), code)
    if origin and others:
        print(words.say("cli.voice.shipped", language=code, n=others, of=needed))
    if usable and to is None and order.folder is None:
        print(words.say("cli.voice.name_them", folder=OWN))
    if usable < len(wanted):
        raise typer.Exit(REFUSED)


@voice.command("say")
def say(
    number: Annotated[str, typer.Argument(help="A number as on a ticket, such as A025.")],
    counter: Annotated[int, typer.Argument(min=1, max=999, help="The counter it is called to.")],
    language: Language = None,
    to: Annotated[
        Path | None, typer.Option(help="Write the call into this WAV file instead.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Let a call be heard, as the hall hears it, on the sound card; or write it into a file."""
    from display.chime import header
    from kiosk.sample_call import sample_call
    from kiosk.texts import operator_texts

    settings, words = read_config(config), operator_texts()
    if NUMBER.fullmatch(number.upper()) is None:
        raise typer.BadParameter("A025")
    codes = [_language(settings, language)] if language else list(settings.voice.languages)
    pcm, lacks = sample_call(_order(settings, *codes), number.upper(), counter)
    for lack in lacks:
        print(_told_lack(lack.code, lack.language, lack.what, words))
    if to is None:
        from display.sound import play_to_end
        from kiosk.ui.outputs import touch_outputs

        board, others = settings.board, touch_outputs(settings.touch)
        state, reason = play_to_end(pcm, board.volume, board.sound_card, others)
        if state != "ok":
            raise Unavailable("sound", told=troubles.told(reason, words))
        return
    try:
        to.write_bytes(header(len(pcm)) + pcm)
    except OSError as error:
        raise Unavailable("clips_unwritable", path=str(to), why=error.strerror or "") from error
    print(to)


def _told(all_made: Iterable[Made], words: Texts) -> int:
    """Tells what is wrong with each; returns how many can be used."""
    usable = 0
    for made in all_made:
        usable += bool(made.name) and made.is_usable and "twice" not in made.wrong
        what = made.file or f"{made.name}.wav"
        for wrong in made.wrong:
            named = f"{what} ({made.words})" if made.words else what
            print(f"  {named}: {words.say(f'cli.voice.wrong.{wrong}')}")
    return usable


def _told_lack(code: str, language: str, what: tuple[str, ...], words: Texts) -> str:
    return words.say(f"cli.voice.{code}", language=language, what=", ".join(what))


def _language(settings: Config, language: str | None) -> str:
    from kiosk.texts import languages

    code = language or next(iter(settings.voice.languages), settings.office.languages[0])
    if code not in languages():
        raise Refused("voice_language", language=code, known=", ".join(languages()))
    return code


def _order(settings: Config, *languages: str) -> Order:
    order = settings.voice.order(settings.services(), settings.counters(), settings.beside)
    return replace(order, languages=languages)
