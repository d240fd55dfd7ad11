"""The sections [ticket] and [forms]: what they change, and how their mistakes are told."""

from __future__ import annotations

import re
import tomllib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kiosk.check import inspect
from kiosk.config import Config, load
from kiosk.mistakes import BadConfig
from kiosk.paper import TicketLook
from kiosk.paper_config import FormsConfig, TicketWords
from kiosk.texts import languages, texts
from tests.printer.samples import LOGO
from tests.printer.test_logo import png_of
from tests.test_config import LEAST, SHIPPED

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST + text, "utf-8")
    return load(path)


def told(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, text)
    assert all(problem.told(texts("vi")) for problem in bad.value.problems)
    return [problem.told(texts("en")) for problem in bad.value.problems]


def test_a_ticket_that_is_not_described_is_the_usual_one(tmp_path: Path) -> None:
    assert read(tmp_path, "").ticket_look() == TicketLook()
    assert load(SHIPPED).ticket_look() == TicketLook()
    assert TicketLook().facts() == {}


def test_the_ticket_is_as_it_is_described(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(LOGO.read_bytes())
    look = read(
        tmp_path,
        """
[ticket]
order = ["logo", "number", "farewell"]
heading = "Số của bạn"
farewell = { vi = ["Một", "Hai"], en = "One" }
logo = "logo.png"
number_mm = 30
""",
    ).ticket_look()

    assert look.heading == {"vi": "Số của bạn"}
    assert look.farewell == {"vi": ("Một", "Hai"), "en": ("One",)}
    assert look.facts() == {
        "order": ("logo", "number", "farewell"),
        "logo": str(tmp_path / "logo.png"),
        "number_mm": 30,
    }


def test_titles_and_footers_are_the_offices_own(tmp_path: Path) -> None:
    words = read(
        tmp_path,
        """
[forms]
apology.title.vi = "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"
receipt = { footer = { vi = ["Một", "Hai"] } }
""",
    ).forms.words()

    assert words["apology"].title == {"vi": "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"}
    assert words["receipt"].footer == {"vi": ("Một", "Hai")}
    assert words["refusal"].title == {}


def test_the_shipped_file_shows_the_words_that_are_used_without_it() -> None:
    text = SHIPPED.read_text("utf-8").split("\n[forms]\n")[1].split("\n[")[0]
    shown = tomllib.loads(re.sub(r"^# ", "", text, flags=re.MULTILINE))

    assert shown.keys() == FormsConfig.model_fields.keys()
    assert shown.pop("place") == ""
    for kind, form in shown.items():
        for language in languages():
            words = texts(language)
            footer = f"slip.{kind}.footer"
            assert form["title"][language] == plain(words.say(f"slip.{kind}.title"))
            assert form["footer"][language] == (words.say(footer) if words.has(footer) else "")


def test_the_shipped_file_shows_the_words_of_the_ticket() -> None:
    text = SHIPPED.read_text("utf-8").split("\n[ticket]\n")[1].split("\n[")[0]
    known = r"^# ((?:heading|farewell|words\.\w+\.vi) = .*)$"
    shown = tomllib.loads("\n".join(re.findall(known, text, re.M)))

    fields = {name: f"{{{name}}}" for name in ("wait", "time", "date")}
    assert {key: words["vi"] for key, words in shown["words"].items()} == {
        key: texts("vi").say(f"slip.{key}", **fields) for key in TicketWords.model_fields
    }
    for language in languages():
        words = texts(language)
        assert shown["heading"][language] == words.say("slip.heading")
        assert shown["farewell"][language] == [words.say("slip.keep"), words.say("slip.thanks")]


def plain(title: str) -> str:
    return title.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ("[ticket]\nheadin = 'x'", "ticket.headin: there is no such key. Did you mean “heading”?"),
        ("[ticket]\nnumber_mm = 60", "ticket.number_mm: must be at most 40, not 60"),
        ("[ticket]\nnumber_mm = '22'", "ticket.number_mm: must be a number, not '22'"),
        ("[ticket]\nletters = 0.5", "ticket.letters: must be at least 0.8, not 0.5"),
        ("[ticket]\nlogo_mm = nan", "ticket.logo_mm: "),
        ("[ticket]\nheading.fr = 'x'", "ticket.heading: only these languages can be used: vi, en"),
        ("[ticket]\nheading = 3", "ticket.heading: "),
        (
            "[ticket]\nwords.aheda = 'x'",
            "ticket.words.aheda: there is no such key. Did you mean “a",
        ),
        (
            "[ticket]\nwords.wait = '{n} min'",
            "ticket.words.wait: this sentence has a field in braces",
        ),
        ("[ticket]\nwords.go_to = '{'", "ticket.words.go_to: this sentence has a field in braces"),
        ("[ticket]\nwords.wait = '{wait:>999999999}'", "ticket.words.wait: this sentence has a f"),
        ("[ticket]\nwords.wait = '{wait!r}'", "ticket.words.wait: this sentence has a field"),
        ("[ticket]\nwords.ahead = '{}'", "ticket.words.ahead: this sentence has a field"),
        ("[ticket]\nwords.wait.en = '{wait.x}'", "ticket.words.wait: this sentence has a field"),
        ("[ticket]\nfarewell.vi = [1]", "ticket.farewell.vi[1]: must be text in quotes"),
        (
            '[ticket]\norder = ["number", "nmber"]',
            "ticket.order[2]: 'nmber' cannot be used; choose one of: 'logo', 'office'",
        ),
        ('[ticket]\norder = ["number", "code", "code"]', "ticket.order: each part can stand only"),
        ('[ticket]\norder = ["code"]', 'ticket.order: the number must stand on the ticket: add "'),
        ("[forms]\nreciept.title.vi = 'x'", "forms.reciept: there is no such key. Did you mean “r"),
        (
            "[forms]\nreceipt.titel.vi = 'x'",
            "forms.receipt.titel: there is no such key. Did you mean “title”?",
        ),
        ("[forms]\nreceipt.title.de = 'x'", "forms.receipt.title: only these languages can be"),
        ("[printer]\ndpi = 300", "printer.dpi: 300 cannot be used; choose one of: 203, 180"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_right_key(
    tmp_path: Path, more: str, start: str
) -> None:
    (problem,) = told(tmp_path, more)

    assert problem.startswith(start)


def pictured(colour: str) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", (40, 40), colour).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, "is not there or cannot be read"),
        (b"\xff\xd8\xff\xe0 a photograph in JPEG, and more of it", "is no PNG picture"),
        (png_of(10_000, 10_000), "is too large; at most 4000 points each way"),
        (LOGO.read_bytes()[:100], "is broken"),
        (pictured("lightyellow"), "would print all white or all black"),
        (pictured("navy"), "would print all white or all black"),
    ],
)
def test_a_logo_that_cannot_print_is_told_before_the_first_ticket(
    tmp_path: Path, data: bytes | None, expected: str
) -> None:
    if data is not None:
        (tmp_path / "logo.png").write_bytes(data)
    config = read(tmp_path, '[ticket]\nlogo = "logo.png"')
    (flaw,) = config.flaws
    problem = flaw.told(texts("en"))

    assert config.ticket_look().logo, "the office opens all the same"
    assert inspect(config)[0].state == "warning"
    assert problem.startswith("ticket.logo: ")
    assert expected in problem
