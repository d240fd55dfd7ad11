"""`[ticket] letters` is one factor for all letters of a ticket but those of its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from printer.slip import PRINTABLE_DOTS, pieces
from printer.slips import draw
from tests.printer.samples import SLIPS
from tests.printer.test_hard_names import written

if TYPE_CHECKING:
    from printer.marks import Run


def sizes_of(runs: list[Run], words: str) -> set[int]:
    """The sizes of the lines that ``words`` stand on."""
    found = {run.size for run in runs if run.text and run.text in words}
    assert found, words
    return found


@pytest.mark.parametrize("paper_mm", sorted(PRINTABLE_DOTS))
@pytest.mark.parametrize("name", ["ticket-en", "ticket-reprint", "ticket-noted-en", "ticket-long"])
def test_larger_letters_are_larger_alike_and_nothing_is_cut(name: str, paper_mm: int) -> None:
    kind, data = SLIPS[name]
    for factor in (0.8, 1.0, 1.25, 1.5):
        (piece,) = pieces(draw(kind, {**data, "letters": factor}))
        runs = [one for one in written(piece, paper_mm, 203) if one.text != data["number"]]

        body = round(max(2.5, 3.0 * factor) * 8)
        for sentence in (*data["lines"], *data["farewell"], data["caption"], data["url_caption"]):
            assert sizes_of(runs, sentence) == {body}
        labels, values = zip(*data["facts"], strict=True)
        for texts in (labels, values, [data["parent"], data["office"]]):
            assert len({size for text in texts for size in sizes_of(runs, text)}) == 1
