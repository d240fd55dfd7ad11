"""The test page: what a technician looks at before letting people in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from printer.slip import Align, Code, Cut, Feed, Number, Qr, Rule, Ruler, Slip, Text, Weight
from printer.slips.fields import refuse_unknown, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

GLYPHS = (
    "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY",
    "ÀẢÃÁẠ ẰẲẴẮẶ ẦẨẪẤẬ ÈẺẼÉẸ ỀỂỄẾỆ ÌỈĨÍỊ",
    "ÒỎÕÓỌ ỒỔỖỐỘ ỜỞỠỚỢ ÙỦŨÚỤ ỪỬỮỨỰ ỲỶỸÝỴ",
    "àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị",
    "òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ",
    "0123456789 đ ₫ % & / · – “ ”",
)
"""Every letter of Vietnamese with every tone; not a sentence, so it belongs to no language file."""


@dataclass(frozen=True, slots=True)
class TestPageData:
    """What the test page says, as ready sentences."""

    __test__ = False

    title: str
    lines: tuple[str, ...]
    code: str
    url: str


def read(data: Mapping[str, object]) -> TestPageData:
    """The page in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    refuse_unknown(data, [field.name for field in fields(TestPageData)])
    return TestPageData(
        title=text(data, "title"),
        lines=texts(data, "lines"),
        code=text(data, "code"),
        url=text(data, "url"),
    )


def draw(page: TestPageData) -> Slip:
    return Slip(
        (
            Ruler(),
            Feed(1.5),
            Text(page.title, 4.5, Weight.BOLD),
            *(Text(line) for line in page.lines),
            Feed(1.5),
            Rule(),
            Feed(1.0),
            *(Text(glyphs, 3.2, align=Align.LEFT, floor=2.8) for glyphs in GLYPHS),
            *(Text(weight.value, 3.0, weight, Align.LEFT) for weight in Weight),
            Feed(1.0),
            Rule(0.125),
            Feed(1.0),
            Rule(0.25),
            Feed(1.0),
            Rule(0.375),
            Feed(2.0),
            Number("A025"),
            Feed(2.5),
            Code(page.code, page.code),
            Feed(1.5),
            Qr(page.url, page.url),
            Feed(1.5),
            Ruler(),
            Feed(2.0),
            Cut(),
        )
    )
