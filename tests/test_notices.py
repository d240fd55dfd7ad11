"""Markdown files become plain structured pages; what is odd in them is told, and harms nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.check import inspect
from kiosk.config import load
from kiosk.notices import LARGEST, LONGEST_BLOCK, Block, Flaw, Notices, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

DEMO = Path(__file__).parents[1] / "assets" / "demo" / "notices"


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_headings_paragraphs_lists_and_tables_become_blocks() -> None:
    page = read_page(
        "# Nội quy *chung*\n\nĐoạn **một**\ntiếp theo.  \nDòng mới.\n\n## Mục\n\n- một\n"
        "  1. trong\n  2. nữa\n- hai\n\n| Ngày | Giờ |\n|---|---|\n| Thứ Hai | 8:00 |\n\n"
        "> lời\n\n```\nmã\n```\n"
    )

    assert page.title == "Nội quy chung"
    assert page.blocks == (
        Block("text", "Đoạn một tiếp theo."),
        Block("text", "Dòng mới."),
        Block("heading", "Mục"),
        Block("item", "một", "•"),
        Block("item", "trong", "1.", 1),
        Block("item", "nữa", "2.", 1),
        Block("item", "hai", "•"),
        Block("head", cells=("Ngày", "Giờ")),
        Block("row", cells=("Thứ Hai", "8:00")),
        Block("text", "lời"),
        Block("text", "mã"),
    )


def test_html_addresses_and_pictures_are_words_only() -> None:
    page = read_page(
        '# T\n\n<img src="http://evil.example/x.png"><script>alert(1)</script>\n\n'
        "[Cổng](javascript:alert(1)) ![ảnh](http://evil.example/x.png)\n"
    )

    assert [block.text for block in page.blocks] == [
        '<img src="http://evil.example/x.png"><script>alert(1)</script>',
        "[Cổng](javascript:alert(1)) ảnh",
    ]


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    page = read_page("# T\n\n" + "Một câu vừa phải ở đây. " * 60)

    assert len(page.blocks) > 3
    assert all(len(block.text) <= LONGEST_BLOCK for block in page.blocks)
    assert all(block.text.endswith(".") for block in page.blocks)


@given(st.text(max_size=300))
def test_any_text_makes_a_page(text: str) -> None:
    page = read_page(text, "name")

    assert all(block.text or block.cells for block in page.blocks if block.kind != "row")


def names(notices: Notices, language: str = "vi") -> Sequence[str]:
    return [notice.page(language).title for notice in notices.read()]


def test_pages_stand_in_the_order_of_their_files_each_in_its_language(tmp_path: Path) -> None:
    put(tmp_path, "2-b.md", "# Hai\n\nx")
    put(tmp_path, "1-a.md", "# Một\n\nx")
    put(tmp_path, "1-a.en.md", "# One\n\nx")
    put(tmp_path, "3-only.en.md", "# Three\n\nx")
    put(tmp_path, "notes.txt", "no page")
    put(tmp_path, "4-no_title.md", "Chỉ có chữ")
    notices = Notices(tmp_path)

    assert names(notices) == ["Một", "Hai", "Three", "4 no title"]
    assert names(notices, "en") == ["One", "Hai", "Three", "4 no title"]
    assert notices.flaws == ()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"# T\n\n\xff\xfe\x00", "notices.unreadable"),
        ("x" * (LARGEST + 1), "notices.too_long"),
        ("# Chỉ có tiêu đề", "notices.empty"),
        ("", "notices.empty"),
    ],
)
def test_what_cannot_be_shown_is_told_and_the_others_are_shown(
    tmp_path: Path, content: str | bytes, key: str
) -> None:
    put(tmp_path, "bad.md", content)
    put(tmp_path, "good.md", "# Tốt\n\nx")
    notices = Notices(tmp_path)

    assert names(notices) == ["Tốt"]
    assert notices.flaws == (Flaw("bad.md", key),)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, "a.md", "# Cũ\n\nx")
    notices = Notices(tmp_path)
    before = names(notices)
    put(tmp_path, "a.md", "# Mới\n\nx")
    os.utime(path, (1, 1))
    put(tmp_path, "b.md", "# Thêm\n\nx")

    assert before == ["Cũ"]
    assert names(notices) == ["Mới", "Thêm"]
    path.unlink()
    assert names(notices) == ["Thêm"]


@pytest.mark.parametrize("folder", [None, Path("/nowhere/at/all")])
def test_no_folder_has_no_pages(folder: Path | None) -> None:
    notices = Notices(folder)

    assert (notices.read(), notices.flaws) == ((), ())


def test_the_demo_notices_are_whole_in_both_languages() -> None:
    notices = Notices(DEMO)
    read = notices.read()

    assert len(read) == 4
    assert notices.flaws == ()
    assert all(set(notice.pages) == {"", "en"} for notice in read)


def test_check_names_a_file_that_cannot_be_shown(tmp_path: Path) -> None:
    shutil.copy(DEMO.parents[2] / "kiosk.toml", tmp_path)
    (tmp_path / "notices").mkdir()
    put(tmp_path / "notices", "good.md", "# Tốt\n\nx")
    put(tmp_path / "notices", "bad.md", b"\xff\xfe\x00")
    (found,) = [one for one in inspect(load(tmp_path / "kiosk.toml")) if "bad.md" in one.detail]

    assert found.state == "warning"
    assert found.detail.startswith("1 ")
