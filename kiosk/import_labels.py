"""What exports of one-stop software call their columns, statuses and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.dossiers import Channel, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "Mã số hồ sơ",
        "Mã hồ sơ",
        "Số hồ sơ",
        "Mã HS",
        "dossier code",
        "code",
    ),
    "receipt_no": ("Số biên nhận", "Số phiếu", "receipt number"),
    "status": ("Trạng thái hồ sơ", "Trạng thái", "Tình trạng", "status"),
    "procedure_name": (
        "Tên thủ tục",
        "Tên TTHC",
        "Tên hồ sơ",
        "Thủ tục",
        "TTHC",
        "Nội dung hồ sơ",
        "Nội dung",
        "Về việc",
        "procedure name",
    ),
    "procedure_code": ("Mã thủ tục", "Mã TTHC", "procedure code"),
    "field": ("Lĩnh vực", "Tên lĩnh vực", "field"),
    "channel": ("Kênh thực hiện", "Phương thức nộp", "Hình thức nộp", "channel"),
    "receiving_unit": ("Nơi nộp hồ sơ", "Nơi tiếp nhận", "Đơn vị tiếp nhận", "receiving unit"),
    "resolving_unit": (
        "Cơ quan giải quyết",
        "Đơn vị xử lý",
        "Đơn vị chủ trì",
        "Phòng ban xử lý",
        "resolving unit",
    ),
    "handler": ("Người thụ lý", "Người xử lý", "Cán bộ", "Cán bộ thụ lý", "handler"),
    "owner_name": (
        "Chủ hồ sơ",
        "Họ tên chủ hồ sơ",
        "Công dân/Tổ chức",
        "Người nộp",
        "Họ tên",
        "Họ và tên",
        "owner name",
    ),
    "phone": ("Số điện thoại", "Điện thoại", "SĐT", "phone"),
    "address": ("Địa chỉ", "address"),
    "id_number": (
        "Số giấy tờ chủ hồ sơ",
        "Số CMND/CCCD",
        "Số CCCD",
        "Số giấy tờ",
        "Số định danh",
        "id number",
    ),
    "secret": ("Mã tra cứu", "secret"),
    "fee": ("Phí, lệ phí", "Lệ phí", "Phí", "fee"),
    "fee_paid": ("Đã nộp phí", "Đã nộp lệ phí", "Đã thanh toán", "fee paid"),
    "received_at": (
        "Ngày tiếp nhận",
        "Ngày nhận",
        "Nhận hồ sơ",
        "Ngày nhận hồ sơ",
        "Ngày nộp",
        "Ngày nộp hồ sơ",
        "received at",
    ),
    "due_at": (
        "Ngày hẹn trả",
        "Hẹn trả",
        "Ngày hẹn trả kết quả",
        "Hẹn trả kết quả",
        "Hạn trả",
        "Hạn giải quyết",
        "due at",
    ),
    "term": (
        "Thời hạn giải quyết",
        "Thời gian giải quyết",
        "Thời hạn",
        "Số ngày giải quyết",
        "term",
    ),
    "new_due_at": ("Ngày hẹn trả mới", "Ngày hẹn lại", "Hẹn lại", "new due at"),
    "finished_at": (
        "Ngày kết thúc xử lý",
        "Ngày có kết quả",
        "Ngày hoàn thành",
        "finished at",
    ),
    "returned_at": ("Ngày trả", "Ngày trả kết quả", "Ngày nhận kết quả", "returned at"),
}
"""Our field -> the headers that mean it, the surest first; ``term`` is how long the law gives, from
which the due date follows where there is none. Compared by ``squeeze``, so the names
of the national record (``MaHoSo``) and those without diacritics are the same words."""

APPOINTMENT_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "Mã lịch hẹn",
        "Mã hẹn",
        "Mã đặt lịch",
        "Mã đặt hẹn",
        "Mã đăng ký",
        "Mã phiếu hẹn",
        "Số phiếu hẹn",
        "appointment code",
        "booking code",
        "code",
    ),
    "service": (
        "Mã dịch vụ",
        "Dịch vụ",
        "Tên dịch vụ",
        "Lĩnh vực",
        "Tên lĩnh vực",
        "Thủ tục",
        "Tên thủ tục",
        "service code",
        "service",
    ),
    "at": (
        "Thời gian hẹn",
        "Ngày giờ hẹn",
        "Thời điểm hẹn",
        "Lịch hẹn",
        "appointment time",
        "due at",
        "datetime",
        "at",
    ),
    "date": ("Ngày hẹn", "Ngày đặt", "Ngày", "appointment date", "date"),
    "time": ("Giờ hẹn", "Khung giờ hẹn", "Khung giờ", "Giờ đặt", "Giờ", "time slot", "time"),
    "dossier": ("Mã số hồ sơ", "Mã hồ sơ", "Số hồ sơ", "dossier code", "dossier"),
}
"""The same for appointments. Who comes is in no list: names and telephones are never read."""

STATUSES: Final[Mapping[Status, tuple[str, ...]]] = {
    Status.REGISTERED: ("Mới đăng ký", "Mới nộp", "Chờ tiếp nhận", "registered", "receiving"),
    Status.ACCEPTED: (
        "Được tiếp nhận",
        "Đã tiếp nhận",
        "Mới tiếp nhận",
        "Chờ xử lý",
        "Chưa xử lý",
        "accepted",
        "new",
    ),
    Status.REJECTED: (
        "Không được tiếp nhận",
        "Không tiếp nhận",
        "Từ chối tiếp nhận",
        "Từ chối xử lý",
        "Từ chối",
        "rejected",
        "denied",
    ),
    Status.PROCESSING: (
        "Đang xử lý",
        "Đang giải quyết",
        "Đang thụ lý",
        "Trong hạn",
        "Quá hạn",
        "Trễ hạn",
        "processing",
    ),
    Status.SUPPLEMENT_REQUIRED: (
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu bổ sung",
        "Chờ bổ sung giấy tờ",
        "Chờ bổ sung",
        "Bổ sung hồ sơ",
        "supplement required",
        "waiting",
    ),
    Status.PAYMENT_REQUIRED: (
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Thực hiện nghĩa vụ tài chính",
        "Chờ thanh toán",
        "Chờ nộp phí, lệ phí",
        "payment required",
        "paying",
    ),
    Status.WITHDRAWN: (
        "Công dân yêu cầu rút hồ sơ",
        "Rút hồ sơ",
        "Đã rút hồ sơ",
        "Đã rút",
        "withdrawn",
        "cancelled",
    ),
    Status.STOPPED: ("Dừng xử lý", "Dừng giải quyết", "Tạm dừng", "stopped", "unresolved"),
    Status.FINISHED: (
        "Đã xử lý xong",
        "Đã xử lý",
        "Đã có kết quả",
        "Có kết quả",
        "Chờ trả kết quả",
        "Đã giải quyết",
        "finished",
        "releasing",
    ),
    Status.RETURNED: ("Đã trả kết quả", "Đã trả", "Đã nhận kết quả", "returned", "done"),
}

CHANNELS: Final[Mapping[Channel, tuple[str, ...]]] = {
    Channel.IN_PERSON: ("Trực tiếp", "Nộp trực tiếp", "in person"),
    Channel.ONLINE: ("Trực tuyến", "Nộp trực tuyến", "Qua mạng", "online"),
    Channel.POST: ("Qua bưu chính công ích", "Bưu chính công ích", "Bưu chính", "post"),
}
