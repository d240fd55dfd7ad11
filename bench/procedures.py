"""Search as one types over a whole catalogue, on both stores: each key pressed is one search.

The floor is one row read by its key in a read of its own, on the same store in the same run.
"""

from __future__ import annotations

import random
from contextlib import closing
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Final

from bench.crew import configure, open_bench
from bench.figures import Figure, took
from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel
from kiosk.office.procedures import read_fields, search, store_procedures
from kiosk.procedures import ChannelTerms, Procedure, RequiredDocument
from kiosk.store import events
from tools.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre

SIZE: Final = 5_000
SHOWN: Final = 100
"""As many as the touch window asks for."""
TARGET: Final = "median <= 30 ms"

_DEEDS: Final = (
    "Đăng ký", "Đăng ký lại", "Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Thay đổi", "Chấm dứt",
    "Công nhận", "Xác nhận", "Điều chỉnh", "Thu hồi", "Thẩm định", "Phê duyệt", "Giải quyết",
)  # fmt: skip
_THINGS: Final = (
    "khai sinh", "kết hôn", "khai tử", "giám hộ", "nuôi con nuôi", "hộ kinh doanh", "hợp tác xã",
    "giấy phép xây dựng", "quyền sử dụng đất", "chuyển mục đích sử dụng đất", "trợ cấp xã hội",
    "giấy chứng nhận an toàn thực phẩm", "giấy phép quảng cáo", "mức độ khuyết tật", "hộ nghèo",
    "người có công", "bản sao từ sổ gốc", "chứng thực chữ ký", "giấy phép môi trường",
    "tạm trú", "thường trú", "quy hoạch", "giấy phép kinh doanh rượu",
)  # fmt: skip
_CASES: Final = (
    "", "có yếu tố nước ngoài", "cho người đã có hồ sơ, giấy tờ cá nhân", "lưu động",
    "đối với tổ chức, doanh nghiệp nhà nước", "tại khu vực biên giới", "theo quyết định của Tòa án",
    "trong trường hợp thay đổi nơi cư trú", "cho hộ gia đình, cá nhân", "liên thông",
    "đối với dự án nhóm C", "trong khu công nghiệp", "qua dịch vụ bưu chính", "cho người cao tuổi",
    "trong thời gian giải quyết khiếu nại",
)  # fmt: skip
_FIELDS: Final = ("Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Hộ kinh doanh", "Môi trường",
                  "Bảo trợ xã hội", "Người có công", "Cư trú", "An toàn thực phẩm")  # fmt: skip
_TYPED: Final = (
    "dang ky ket hon", "cap lai khai sinh", "kết hôn có yếu tố", "quyen su dung dat", "đất đai",
    "1.001234", "ho kinh doanh", "giay phep xay dung", "c", "tro cap nguoi cao tuoi",
)  # fmt: skip


def measure(shipped: Path, folder: Path) -> list[Figure]:
    """``shipped`` is the office's kiosk.toml, ``folder`` where the stores are built."""
    folder.mkdir()
    figures = _measure(
        "SQLite", open_bench(configure(shipped, folder / "sqlite", f"sqlite:///{folder}/p.db"))
    )
    with closing(Server(synced=True)) as server:
        server.start()
        server.run("CREATE DATABASE procedures")
        config = configure(shipped, folder / "postgres", server.url("procedures"))
        figures += _measure("PostgreSQL", open_bench(config))
    return figures


def _measure(name: str, centre: Centre) -> list[Figure]:
    told = frozenset(Procedure.__dataclass_fields__)
    taken = took(
        lambda: store_procedures(centre, ((one, told) for one in _catalogue()), source="bench")
    )
    keys = [typed[: n + 1] for typed in _TYPED for n in range(len(typed))]
    random.Random(1).shuffle(keys)
    floor, typed = [], []
    for key in keys * 3:
        floor.append(took(partial(_one_row, centre)))
        typed.append(took(partial(search, centre, key, limit=SHOWN)))
    fields = [took(partial(read_fields, centre)) for _ in range(50)]
    centre.database.close()
    least = sorted(floor)[len(floor) // 2]
    many = f"{name}, {SIZE:,} procedures"
    return [
        Figure(f"floor: {name}, one row by its key", floor),
        Figure(f"{many}: search at each key", typed, floor=least, target=TARGET),
        Figure(f"{many}: fields and their counts", fields, floor=least),
        Figure(f"{many}: taken in", [taken / 1000], "s"),
    ]


def _one_row(centre: Centre) -> None:
    with centre.database.read() as query:
        events.last(query, centre.code)


def _catalogue() -> Iterator[Procedure]:
    """Invented procedures with names as long as real ones, each with three papers."""
    chosen = random.Random(2)
    names = [" ".join(filter(None, parts)) for parts in product(_DEEDS, _THINGS, _CASES)]
    for n, name in enumerate(chosen.sample(names, SIZE)):
        term = Term(Unit.WORKING_DAYS, 1 + n % 30)
        yield Procedure(
            code=f"{1 + n % 2}.{1000 + n:06d}",
            name=name,
            field=_FIELDS[n % len(_FIELDS)],
            legal_basis="Nghị định 118/2025/NĐ-CP",
            keywords=chosen.choice(_THINGS),
            channels=(ChannelTerms(Channel.IN_PERSON, f"{term.amount} ngày làm việc", term),),
            documents=tuple(RequiredDocument(f"Giấy tờ {m}", 1) for m in range(3)),
        )
