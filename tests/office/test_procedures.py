"""Procedures are found as one types, on either store, and their catalogue comes in once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel
from kiosk.errors import Refused
from kiosk.office.procedures import (
    Found,
    Stored,
    read_fields,
    read_procedure,
    search,
    service_of,
    store_procedures,
)
from kiosk.procedures import ChannelTerms, Level, Procedure, RequiredDocument
from kiosk.store import events

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.office.centre import Centre

MARRIAGE = Procedure(
    "1.000894",
    "Đăng ký kết hôn",
    "Hộ tịch",
    level=Level.PART,
    audience="Công dân Việt Nam",
    agency="Ủy ban nhân dân cấp xã",
    result="Giấy chứng nhận kết hôn",
    legal_basis="Luật Hộ tịch 2014\nNghị định 123/2015/NĐ-CP",
    conditions="Nam từ đủ 20 tuổi",
    keywords="cưới, hôn thú",
    decision="QĐ 1/2026",
    address="Quầy 5",
    service="B",
    checked_on=date(2026, 10, 1),
    channels=(
        ChannelTerms(Channel.IN_PERSON, "5 ngày làm việc", Term(Unit.WORKING_DAYS, 5), "Miễn", 0),
        ChannelTerms(Channel.ONLINE, "theo hẹn", None, "", None),
    ),
    documents=(
        RequiredDocument("Tờ khai đăng ký kết hôn", 1, 0, "https://example.vn/to-khai"),
        RequiredDocument("Thẻ căn cước", 0, 2),
    ),
)
CATALOGUE = (
    MARRIAGE,
    Procedure("1.004746", "Đăng ký lại kết hôn", "Hộ tịch"),
    Procedure("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "HỘ TỊCH", keywords="kết hôn"),
    Procedure("1.013949", "Giao đất, cho thuê đất", "Đất đai"),
    Procedure("2.000815", "Chứng thực bản sao", "Chứng thực"),
    Procedure("1.001612", "Thành lập hộ kinh doanh bán hàng", "Hộ kinh doanh"),
    Procedure("C08_XPHCDB", "Xử phạt", "Giao thông"),
)
WHOLE = {field: True for field in Procedure.__dataclass_fields__}


def put(centre: Centre, procedures: Iterable[Procedure] = CATALOGUE, **more: object) -> Stored:
    return store_procedures(centre, [(one, WHOLE) for one in procedures], source="test", **more)


def names(found: Found) -> list[str]:
    return [hit.name for hit in found.hits]


def told(centre: Centre) -> list[dict[str, object]]:
    with centre.database.read() as query:
        found = events.of_late(query, centre.code, "procedures.imported", "import", centre.clock())
    return [dict(one) for one in found]


def test_what_is_posted_comes_back_whole(centre: Centre) -> None:
    put(centre)

    assert read_procedure(centre, "1.000894") == MARRIAGE
    assert read_procedure(centre, " c08_xphcdb ").name == "Xử phạt"
    with pytest.raises(Refused, match="no_such_procedure"):
        read_procedure(centre, "9.999999")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ket hon", "Đăng ký kết hôn"),
        ("KẾT HÔN", "Đăng ký kết hôn"),
        ("hon ket dang", "Đăng ký kết hôn"),
        ("dang ky ke", "Đăng ký kết hôn"),
        ("đăng", "Đăng ký kết hôn"),
        ("cuoi", "Đăng ký kết hôn"),
        ("dat", "Giao đất, cho thuê đất"),
        ("đất", "Giao đất, cho thuê đất"),
        ("1.000894", "Đăng ký kết hôn"),
        ("000894", "Đăng ký kết hôn"),
        ("1000894", "Đăng ký kết hôn"),
        ("894", "Đăng ký kết hôn"),
        ("c08", "Xử phạt"),
        ("giao thong", "Xử phạt"),
        ("tịch", "Đăng ký kết hôn"),
        ("KẾT", "Đăng ký kết hôn"),
    ],
)
def test_the_beginning_of_any_word_finds_it(centre: Centre, typed: str, first: str) -> None:
    put(centre)

    assert names(search(centre, typed))[0] == first


def test_accents_that_are_typed_count_and_those_that_are_not_do_not(centre: Centre) -> None:
    put(centre)

    assert names(search(centre, "ban")) == [
        "Chứng thực bản sao",
        "Thành lập hộ kinh doanh bán hàng",
    ]
    assert names(search(centre, "bán")) == ["Thành lập hộ kinh doanh bán hàng"]
    assert names(search(centre, "bản")) == ["Chứng thực bản sao"]
    assert names(search(centre, "bạn")) == names(search(centre, "ban"))


def test_the_name_goes_before_the_field_and_the_key_words(centre: Centre) -> None:
    put(centre)

    assert names(search(centre, "kết hôn")) == [
        "Đăng ký kết hôn",
        "Đăng ký lại kết hôn",
        "Cấp Giấy xác nhận tình trạng hôn nhân",
    ]
    assert names(search(centre, "giao"))[0] == "Giao đất, cho thuê đất"
    assert names(search(centre, "thành lập hộ")) == ["Thành lập hộ kinh doanh bán hàng"]


def test_fields_are_counted_however_they_are_spelled(centre: Centre) -> None:
    put(centre)
    counted = {field.name: field.size for field in read_fields(centre)}

    assert counted == {
        "Chứng thực": 1,
        "Đất đai": 1,
        "Giao thông": 1,
        "Hộ kinh doanh": 1,
        "Hộ tịch": 3,
    }
    assert search(centre, "", field="hộ tịch").total == 3
    assert search(centre, "lại", field="ho tich").total == 1
    assert search(centre, "", field="!").total == 0


def test_pages_go_through_all_of_it(centre: Centre) -> None:
    put(centre)
    pages = [search(centre, "", limit=3, offset=offset) for offset in (0, 3, 6)]

    assert [page.total for page in pages] == [7, 7, 7]
    assert len({hit.code for page in pages for hit in page.hits}) == 7
    assert search(centre, "", limit=3, offset=30) == Found((), 7)
    assert [search(centre, "bạn", limit=1, offset=at).total for at in (0, 1)] == [2, 2]


@pytest.mark.parametrize(
    "typed",
    ['a" OR *', '"', "'", "'); DROP TABLE procedure; --", "ket-hon", "NEAR(a b)", "*", "ket:*",
     "%", "_", "\\", "a & | !", "()", "words:ket", "AND", "hôn\u0301", "\u200b", "kết hôn   "],
)  # fmt: skip
def test_whatever_is_typed_is_only_words(centre: Centre, typed: str) -> None:
    put(centre)
    search(centre, typed, field=typed)
    found = search(centre, typed)

    assert found.total == len(found.hits)
    assert search(centre, "").total == 7


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_no_text_at_all_breaks_the_search(centre: Centre, typed: str) -> None:
    typed = typed.replace("\0", "")
    put(centre)

    assert search(centre, typed).total <= 7


def test_what_a_name_was_before_finds_nothing_any_more(centre: Centre) -> None:
    put(centre)
    put(centre, [replace(MARRIAGE, name="Ghi chú ly hôn", keywords="")])

    assert names(search(centre, "ly")) == ["Ghi chú ly hôn"]
    assert "1.000894" not in [hit.code for hit in search(centre, "kết hôn").hits]
    assert search(centre, "000894").total == 1


def test_the_same_catalogue_twice_changes_nothing_and_tells_nothing(centre: Centre) -> None:
    first, second = put(centre), put(centre)

    assert (first.stored, first.unchanged) == (7, 0)
    assert (second.stored, second.unchanged) == (0, 7)
    assert told(centre) == [
        {"source": "test", "stored": 7, "unchanged": 0, "removed": [], "whole": True}
    ]


def test_what_is_not_told_stays_as_it_was(centre: Centre) -> None:
    put(centre)
    changed = Procedure("1.000894", "Kết hôn", legal_basis="Luật mới")
    store_procedures(centre, [(changed, {"name", "legal_basis"})], source="names")

    assert read_procedure(centre, "1.000894") == replace(
        MARRIAGE, name="Kết hôn", legal_basis="Luật mới"
    )


def test_what_a_catalogue_leaves_out_stays_unless_it_is_the_whole_one(centre: Centre) -> None:
    put(centre)
    kept = put(centre, [MARRIAGE])
    unsure = put(centre, [MARRIAGE], is_whole=lambda: False)

    assert (len(kept.absent), kept.removed, unsure.removed) == (6, False, False)
    assert search(centre, "").total == 7

    gone = put(centre, [MARRIAGE], is_whole=lambda: True)

    assert (len(gone.absent), gone.removed) == (6, True)
    assert names(search(centre, "")) == ["Đăng ký kết hôn"]
    assert search(centre, "dat").total == 0
    assert len(told(centre)[0]["removed"]) == 6
    assert put(centre, [], is_whole=lambda: True).removed is False


def test_what_came_before_a_break_is_kept_and_told(centre: Centre) -> None:
    def broken() -> Iterable[tuple[Procedure, object]]:
        for n in range(120):
            yield Procedure(f"1.{n:06d}", f"Thủ tục {n}"), WHOLE
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_procedures(centre, broken(), source="broken")

    assert search(centre, "").total == 120
    assert told(centre)[0]["whole"] is False


def test_a_procedure_leads_to_the_service_of_its_own_or_of_its_field(centre: Centre) -> None:
    services = dict(centre.services)
    services["A"] = replace(services["A"], fields=("chung thuc", "Hộ tịch"))
    office = replace(centre, services=services)
    found = [service_of(office, one) for one in CATALOGUE]

    assert [service.code if service else None for service in found] == [
        "B", "A", "A", None, "A", None, None,
    ]  # fmt: skip
    assert service_of(office, replace(MARRIAGE, service="gone")).code == "A"


def test_the_offices_of_one_store_know_nothing_of_each_others(centre: Centre) -> None:
    put(centre)
    other = replace(centre, code="H15.50.06")

    assert search(other, "ket").total == 0
    put(other, [replace(MARRIAGE, name="Kết hôn ở nơi khác")])
    put(other, [replace(MARRIAGE, name="Khai tử ở nơi khác")])
    assert names(search(centre, "ket"))[0] == "Đăng ký kết hôn"
    assert names(search(other, "khai")) == ["Khai tử ở nơi khác"]
