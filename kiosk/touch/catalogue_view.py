"""What QML is given of the catalogue, and how it follows from the state; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

from kiosk.notices import parts
from kiosk.office.procedure_slips import copies, terms
from kiosk.office.procedures import service_of
from kiosk.procedures import folded
from kiosk.texts import languages, texts
from kiosk.touch.home_view import icon_named
from kiosk.touch.lines import Line, ListView
from kiosk.touch.phrases import at_counters, people_waiting, prints, refusal_of, warning_of
from kiosk.touch.reading import Piece, ReadingView, fact, titles
from kiosk.touch.state import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kiosk.notices import Notice
    from kiosk.office.centre import Centre
    from kiosk.procedures import Procedure
    from kiosk.texts import Texts
    from kiosk.touch.catalogue_state import Catalogue
    from kiosk.touch.state import State


@dataclass(frozen=True, slots=True)
class EntryView:
    """The key on the home screen; "" where there is nothing to look at."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class BrowseView:
    """The fields and the notices; or, with ``open``, the procedures of one field."""

    title: str = ""
    hint: str = ""
    open: bool = False
    search: str = ""
    main: ListView = field(default_factory=ListView)
    notices_title: str = ""
    notices: ListView = field(default_factory=ListView)


@dataclass(frozen=True, slots=True)
class SearchView:
    title: str = ""
    hint: str = ""
    entry: str = ""
    empty: str = ""
    rows: tuple[str, ...] = ()
    layout: str = ""
    space: str = ""
    clear: str = ""
    erase: str = ""
    main: ListView = field(default_factory=ListView)


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """Beside the text: where the number is taken, or why none is; the key of the list of papers,
    or ``printed``, what became of it. ``tone`` is "calm" or "warn"."""

    text: ReadingView = field(default_factory=ReadingView)
    label: str = ""
    service: str = ""
    queue: str = ""
    tone: str = "calm"
    take: str = ""
    print: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class View:
    entry: EntryView = field(default_factory=EntryView)
    browse: BrowseView = field(default_factory=BrowseView)
    search: SearchView = field(default_factory=SearchView)
    procedure: ProcedureView = field(default_factory=ProcedureView)
    page: ReadingView = field(default_factory=ReadingView)
    keys: tuple[str, str] = ("", "")
    """What turns a page back and on."""


PARTS: Final = tuple(part.name for part in fields(View))

LETTER_ROWS: Final = ("ABCDEFG", "HIJKLMN", "OPQRSTU", "VWXYZ")
DIGIT_ROWS: Final = ("123", "456", "789", "0.")


def derive(catalogue: Catalogue, state: State, screen: Screen, centre: Centre) -> View:
    """All that is shown of the catalogue on that screen."""
    words = texts(state.language)
    empty = View()
    browsing, searching = screen is Screen.CATALOGUE, screen is Screen.SEARCH
    return View(
        entry=_entry(catalogue, words),
        browse=_browse(catalogue, centre, words) if browsing else empty.browse,
        search=_search(catalogue, words) if searching else empty.search,
        procedure=(
            _procedure(catalogue.procedure, catalogue, state, centre, words)
            if screen is Screen.PROCEDURE and catalogue.procedure
            else empty.procedure
        ),
        page=_page(catalogue, state.language) if screen is Screen.PAGE else empty.page,
        keys=(words.say("touch.home.previous"), words.say("touch.home.more")),
    )


def _entry(catalogue: Catalogue, words: Texts) -> EntryView:
    if not catalogue.known:
        return EntryView()
    key = "entry" if catalogue.fields else "notices_entry"
    return EntryView(words.say(f"touch.catalogue.{key}"))


def _hint(words: Texts) -> str:
    """That procedures are told in Vietnamese, to who reads another language."""
    return "" if words.language == languages()[0] else words.say("touch.catalogue.language")


def _browse(catalogue: Catalogue, centre: Centre, words: Texts) -> BrowseView:
    if catalogue.field:
        opened = next((one for one in catalogue.fields if one.key == catalogue.field), None)
        name = opened.name if opened else ""
        return BrowseView(title=name, hint=_hint(words), open=True, main=_found(catalogue, words))
    icons = {
        folded(name): service.icon
        for service in reversed(tuple(centre.services.values()))
        for name in service.fields
    }
    lines = tuple(
        _line(
            one.key,
            icon_named(icons.get(one.key, "")),
            one.name,
            words.count("touch.catalogue.count", one.size),
        )
        for one in catalogue.fields
    )
    return BrowseView(
        title=words.say("touch.catalogue.title" if lines else "touch.catalogue.notices"),
        hint=_hint(words) if lines else "",
        search=words.say("touch.catalogue.search") if lines else "",
        main=ListView(lines, catalogue.page),
        notices_title=words.say("touch.catalogue.notices") if lines and catalogue.notices else "",
        notices=ListView(_notices(catalogue.notices, words), catalogue.aside),
    )


def _notices(notices: Iterable[Notice], words: Texts) -> tuple[Line, ...]:
    return tuple(
        _line(one.name, "megaphone", one.page(words.language).title, "") for one in notices
    )


def _search(catalogue: Catalogue, words: Texts) -> SearchView:
    return SearchView(
        title=words.say("touch.catalogue.search_title"),
        hint=words.say("touch.catalogue.search_hint"),
        entry=catalogue.entry.upper(),
        empty=words.say("touch.catalogue.search_empty"),
        rows=LETTER_ROWS if catalogue.letters else DIGIT_ROWS,
        layout=words.say(
            "touch.keypad.letters" if not catalogue.letters else "touch.keypad.digits"
        ),
        space=words.say("touch.catalogue.space"),
        clear=words.say("touch.keypad.clear"),
        erase=words.say("touch.keypad.erase"),
        main=_found(catalogue, words),
    )


def _found(catalogue: Catalogue, words: Texts) -> ListView:
    if catalogue.failed:
        return ListView(empty=words.say("touch.catalogue.failed"))
    found = catalogue.found
    if found is None:
        return ListView(empty="" if catalogue.field else words.say("touch.catalogue.example"))
    if not found.hits:
        return ListView(empty=words.say("touch.catalogue.nothing"))
    rest = found.total - len(found.hits)
    lines = tuple(
        _line(
            hit.code,
            "file",
            hit.name,
            " · ".join(filter(None, (hit.code, "" if catalogue.field else hit.field))),
        )
        for hit in found.hits
    )
    more = words.count("touch.catalogue.rest", rest) if rest > 0 else ""
    return ListView(lines, catalogue.page, more=more)


def _line(key: str, icon: str, title: str, note: str) -> Line:
    return Line(key, icon, title, note, ", ".join(filter(None, (title, note))))


def _procedure(
    procedure: Procedure, catalogue: Catalogue, state: State, centre: Centre, words: Texts
) -> ProcedureView:
    service = service_of(centre, procedure)
    lines = state.home.board.lines if state.home else ()
    line = next((one for one in lines if service and one.code == service.code), None)
    refusal = refusal_of(line, state.home, centre.timezone, words) if line else ""
    warning = warning_of(line, centre.timezone, words) if line else ""
    queue = (
        (
            people_waiting(line.waiting, words),
            # Never a word at the end of a line with its number on the next.
            at_counters(line.open_counters or line.counters, words).replace(" ", "\u00a0"),
        )
        if line
        else ()
    )
    paper = prints(state)
    key = "with" if line else "without"
    about = " · ".join(filter(None, (procedure.code, procedure.field, _checked(procedure, words))))
    return ProcedureView(
        text=ReadingView(
            procedure.name,
            about,
            (*titles(procedure.name), Piece("text", about)),
            tuple(_pieces(procedure, words)),
            catalogue.part,
        ),
        label=words.say(f"touch.procedure.{key}"),
        service=words.name(service.names) if service and line else _elsewhere(procedure, words),
        queue=refusal or warning or " · ".join(filter(None, queue)),
        tone="warn" if refusal or warning else "calm",
        take=words.say("touch.procedure.take") if line else "",
        print=words.say("touch.procedure.print") if paper and not catalogue.printed else "",
        printed=_printed(catalogue, words, paper=paper),
    )


def _elsewhere(procedure: Procedure, words: Texts) -> str:
    if procedure.agency:
        return words.say("touch.procedure.agency", agency=procedure.agency)
    return words.say("touch.procedure.desk")


def _printed(catalogue: Catalogue, words: Texts, *, paper: bool) -> str:
    if not paper:
        return words.say("touch.procedure.no_paper")
    if catalogue.printed in ("asked", "queued"):
        return words.say(f"touch.procedure.{catalogue.printed}")
    return catalogue.printed


def _checked(procedure: Procedure, words: Texts) -> str:
    day = procedure.checked_on
    return words.say("touch.procedure.checked", day=words.date(day)) if day else ""


def _pieces(procedure: Procedure, words: Texts) -> Iterator[Piece]:
    yield Piece("heading", words.say("procedure.papers"))
    if not procedure.documents:
        yield Piece("text", words.say("procedure.no_papers"))
    for n, one in enumerate(procedure.documents, 1):
        first, *further = parts(one.name)
        counts = copies(one, words)
        yield Piece("item", first, f"{n}.", note="" if further else counts)
        for m, part in enumerate(further, 1):
            yield Piece("item", part, note=counts if m == len(further) else "")
        if one.form:
            text = words.say("touch.procedure.form")
            yield Piece("form", text, qr=one.form)
    if by := terms(procedure, words):
        yield Piece("heading", words.say("procedure.terms"))
        for label, told in by:
            yield from fact(label, told)
    if procedure.level:
        yield from fact(
            words.say("procedure.label.level"),
            words.say(f"procedure.level.{procedure.level.value}"),
        )
    for name in ("result", "audience", "agency", "address", "conditions", "legal_basis"):
        if told := getattr(procedure, name):
            yield from fact(words.say(f"procedure.label.{name}"), told)
    if procedure.decision:
        yield from fact(words.say("procedure.label.decision"), procedure.decision)


def _page(catalogue: Catalogue, language: str) -> ReadingView:
    notice = next((one for one in catalogue.notices if one.name == catalogue.notice), None)
    if notice is None:
        return ReadingView()
    page = notice.page(language)
    pieces = tuple(
        Piece(block.kind, block.text, block.mark, depth=block.depth, cells=block.cells)
        for block in page.blocks
    )
    return ReadingView(page.title, pieces=pieces, part=catalogue.part)
