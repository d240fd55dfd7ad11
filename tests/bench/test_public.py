from __future__ import annotations

from typing import TYPE_CHECKING

from bench import public
from bench.office import office

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_clerks_and_strangers_are_measured_beside_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = {one.name: one for one in public.measure(office(tmp_path / "public"), turns=1)}

    quiet = figures["floor: next, nobody looks up"]
    for way in (f"{public.RATE} look-ups a second", "as many as are answered"):
        assert len(figures[f"next, {way}"].samples) > 20
        assert figures[f"next, {way}"].floor == quiet.median
        assert len(figures[f"a page, {way}"].samples) > 20
    printed = capsys.readouterr().out
    assert "200:" in printed
    assert "404:" in printed
    for kind in ("a wrong secret", "no such code"):
        assert min(figures[f"its page: {kind}"].samples) >= 250
