"""An example of every body that goes over the wire, by the name of its model, for OpenAPI.

One visit on one morning: A025 is taken, called to counter 2, and done.
"""

from __future__ import annotations

from typing import Any, Final

from kiosk.web.intake_examples import INTAKE

_TICKET: Final[dict[str, Any]] = {
    "id": "K7M2P4QX9R3T",
    "number": "A025",
    "service": "A",
    "state": "waiting",
    "counter": None,
    "calls": 0,
    "issued_at": "2026-11-23T08:42:00+07:00",
    "called_at": None,
    "started_at": None,
    "ended_at": None,
    "due_at": None,
    "journey": ["F"],
    "reason": "",
    "misses": 0,
}
_APPOINTMENT: Final[dict[str, Any]] = {
    "code": "K7M2P4QX",
    "service": "A",
    "day": "2026-11-24",
    "due_at": "2026-11-24T09:30:00+07:00",
    "state": "booked",
    "dossier": None,
}
_BLOCK: Final = {"kind": "item", "text": "Thứ Năm, từ 8 giờ.", "mark": "•"}
_SLIDE: Final = {
    "kind": "notice",
    "seconds": 12.0,
    "picture": None,
    "video": "/board/video/5f2c91aa03de77b0c41d2f68",
    "lang": "vi",
    "title": "Lịch tiếp công dân",
    "blocks": [_BLOCK],
}
_MEDIA: Final = {"items": [_SLIDE], "ticker": {"": ["Thứ Bảy, trung tâm làm việc buổi sáng."]}}
_CALL: Final = {
    "seq": 1234,
    "number": "A025",
    "counter": 2,
    "at": "2026-11-23T08:55:00+07:00",
    "times": 1,
}
_LINE: Final[dict[str, Any]] = {
    "service": "A",
    "names": {"vi": "Chứng thực", "en": "Certification"},
    "waiting": 4,
    "counters": [1, 2],
    "open_counters": [2],
    "refusal": None,
    "opens_at": None,
    "warning": None,
    "ends_at": None,
}
_DEVICE: Final = {
    "name": "printer",
    "state": "fault",
    "reason": "paper_out",
    "kiosk": "kiosk-1",
    "since": "2026-11-23T08:50:00+07:00",
}
_RECORD: Final = {**_DEVICE, "told": "Hết giấy.", "do": "Hãy thay cuộn giấy."}
_STEP: Final[dict[str, Any]] = {
    "status": 4,
    "status_name": "Đang xử lý",
    "unit": "UBND phường Trung Tâm",
    "handler": None,
    "at": "2026-11-18T10:56:00+07:00",
    "note": None,
    "task": None,
    "due_at": "2026-11-20T17:00:00+07:00",
}

_FLOW: Final[dict[str, Any]] = {
    "given": 48,
    "served": 41,
    "missed": 2,
    "mean_wait": 540,
    "nine_in_ten": 1080,
    "longest_wait": 1500,
    "mean_serving": 330,
    "waits": 43,
    "measured": 43,
    "kept": 40,
}

_TALLY: Final[dict[str, Any]] = {
    "ballots": 40,
    "satisfied": 95.0,
    "levels": [
        {"code": "great", "ballots": 28, "share": 70.0},
        {"code": "good", "ballots": 10, "share": 25.0},
        {"code": "bad", "ballots": 2, "share": 5.0},
    ],
}

_REJECTED: Final = {"n": 3, "reason": "Bản ghi này không có mã hồ sơ."}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    **INTAKE,
    "RejectedAnswer": _REJECTED,
    "TakenAnswer": {
        "read": 3,
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "own": 0,
        "bad": 1,
        "rejected": [_REJECTED],
    },
    "AppointmentAnswer": _APPOINTMENT,
    "AppointmentsAnswer": {"appointments": [_APPOINTMENT]},
    "BoardAnswer": {
        "at": "2026-11-23T08:55:02+07:00",
        "seq": 1236,
        "calls": [_CALL],
        "lines": [_LINE],
    },
    "Booking": {"service": "A", "at": "2026-11-24T09:30:00+07:00", "code": "K7M2P4QX"},
    "Call": {"number": "A025", "reason": "urgent"},
    "CallAnswer": _CALL,
    "ClerkTicketAnswer": {
        **_TICKET,
        "state": "called",
        "counter": 2,
        "calls": 1,
        "called_at": "2026-11-23T08:55:00+07:00",
        "line": "ordinary",
        "dossier": None,
        "outcome": None,
        "taken_back_until": None,
        "waits_since": "2026-11-23T08:42:00+07:00",
        "version": 1234,
    },
    "DeviceAnswer": _DEVICE,
    "ToldDeviceAnswer": _RECORD,
    "DeviceName": {"name": "Quầy 3", "counter": 3},
    "EventsAnswer": {
        "events": [
            {
                "seq": 1234,
                "at": "2026-11-23T08:55:00+07:00",
                "kind": "hall.services_changed",
                "actor": "clerk:trang",
                "name": "Trần Thu Trang",
                "about": None,
                "counter": 2,
                "number": None,
                "dossier": None,
                "details": {"old": ["A"], "new": ["A", "F"]},
                "told": ["trước: Chứng thực", "sau: Chứng thực, Trả kết quả"],
            }
        ],
        "older": 1134,
    },
    "FiguresAnswer": {
        "day": "2026-11-23",
        "whole": _FLOW,
        "services": [{"service": "A", **_FLOW}],
        "hours": [{"hour": 8, **_FLOW}],
        "counters": [
            {
                "counter": 2,
                "clerks": ["Trần Văn Minh"],
                "called": 43,
                "served": 41,
                "missed": 2,
                "mean_serving": 330,
                "open_for": 14400,
                "serving": 13530,
            }
        ],
    },
    "Find": {"number": "A025"},
    "NoteOrder": {"ticket": "K7M2P4QX9R3T", "text": "Thiếu bản sao giấy khai sinh"},
    "Prioritise": {"number": "A025", "priority": "NCT", "reason": "seen"},
    "OfficeAnswer": {
        "kiosk": "kiosk-1",
        "names": {"vi": "Trung tâm Phục vụ hành chính công"},
        "languages": ["vi", "en"],
        "services": [{"code": "A", "names": {"vi": "Chứng thực", "en": "Certification"}}],
        "counters": [{"number": 2, "services": ["A"]}],
        "outcomes": [{"code": "received", "names": {"vi": "Đã tiếp nhận hồ sơ"}}],
        "reasons": [{"code": "break", "kind": "pause", "names": {"vi": "Nghỉ giải lao"}}],
        "look": {"action": "#0E2F52", "ground": "#F6F4EF"},
    },
    "Ballot": {"ballot": 1240, "level": "good"},
    "RatingsAnswer": {
        **_TALLY,
        "first": "2026-11-23",
        "last": "2026-11-27",
        "counters": [{"counter": 2, **_TALLY}],
        "clerks": [{"clerk": "minh", "name": "Trần Văn Minh", **_TALLY}],
    },
    "Services": {"services": ["A", "F"]},
    "Settings": {
        "digest": "3b5d5c3712955042212316173ccf37be8001b4b0a3f3f1fd3cf0cbd2f7e7e1a5",
        "wishes": [{"key": "queue.late_minutes", "value": 45}],
        "text": None,
        "dry": False,
    },
    "SettingsAnswer": {
        "text": "[queue]\nlate_minutes = 60\n",
        "digest": "3b5d5c3712955042212316173ccf37be8001b4b0a3f3f1fd3cf0cbd2f7e7e1a5",
        "values": {"queue.late_minutes": 60},
    },
    "ChangesAnswer": {
        "digest": "9a0364b9e99bb480dd25e1f0284c8555f2d5a0b1c6e0c1d3a0b2c3d4e5f60718",
        "changes": [{"key": "queue.late_minutes", "old": 60, "new": 45}],
    },
    "DossierStatus": {
        "code": "H15.50.05-261118-0007",
        "status": 4,
        "status_name": "Đang xử lý",
        "group": "open",
        "outlook": "in_progress",
        "timeliness": "on_time",
        "procedure_code": "2.000815",
        "procedure_name": "Chứng thực bản sao từ bản chính",
        "field": "Chứng thực",
        "channel": 1,
        "receiving_unit": "UBND phường Trung Tâm",
        "resolving_unit": "UBND phường Trung Tâm",
        "received_at": "2026-11-18T10:56:00+07:00",
        "due_at": "2026-11-25T17:00:00+07:00",
        "new_due_at": None,
        "promised_at": "2026-11-25T17:00:00+07:00",
        "finished_at": None,
        "returned_at": None,
        "fee": 20000,
        "fee_paid": True,
        "receipt_no": "26.10229",
        "steps": [_STEP],
        "fees": [
            {"name": "Lệ phí chứng thực", "amount": 20000, "stage": 1, "paid": True},
        ],
        "supplements": [
            {
                "asked_at": "2026-11-19T09:10:00+07:00",
                "received_at": "2026-11-19T15:40:00+07:00",
                "text": None,
                "asked_by": None,
                "received_by": None,
            },
        ],
        "postponements": [
            {
                "at": "2026-11-19T15:40:00+07:00",
                "due_before": "2026-11-24T17:00:00+07:00",
                "due_after": "2026-11-25T17:00:00+07:00",
                "cause": "supplement",
                "number": None,
                "reason": None,
                "signer": None,
            },
        ],
        "full": False,
        "owner": None,
        "handler": None,
    },
    "Enrolment": {"code": "7K3M-9QPX"},
    "Error": {"code": "unknown_service", "message": "There is no such service."},
    "Finish": {"ticket": "K7M2P4QX9R3T", "outcome": "received"},
    "Health": {"status": "fault", "devices": [_RECORD]},
    "LineAnswer": _LINE,
    "LookUp": {"code": "H15.50.05-261118-0007"},
    "Next": {"request_id": "press-1207", "outcome": "received", "present": "K7M2P4QX9R3T"},
    "Nothing": {},
    "Park": {"ticket": "K7M2P4QX9R3T", "reason": "supplement"},
    "Pause": {"reason": "break"},
    "PlaceAnswer": {
        **_TICKET,
        "counters": [1, 2],
        "ahead": 4,
        "estimate_seconds": [480, 960],
        "warning": None,
        "ends_at": None,
        "step": 1,
    },
    "ProcedureAnswer": {
        "code": "1.000894",
        "name": "Đăng ký kết hôn",
        "field": "Hộ tịch",
        "level": "part",
        "audience": "Công dân Việt Nam",
        "agency": "UBND cấp xã",
        "channels": [
            {
                "channel": 1,
                "term": "Trong ngày; nếu cần xác minh thì không quá 5 ngày làm việc",
                "term_unit": None,
                "term_amount": None,
                "fee_text": "Miễn",
                "fee": 0,
            }
        ],
        "documents": [
            {
                "name": "Tờ khai đăng ký kết hôn",
                "originals": 1,
                "copies": 0,
                "form": "https://dichvucong.gov.vn",
            }
        ],
        "result": "Giấy chứng nhận kết hôn",
        "legal_basis": "Luật Hộ tịch 2014",
        "conditions": "",
        "keywords": "hôn thú",
        "decision": "",
        "address": "",
        "checked_on": "2026-10-01",
        "service": "B",
    },
    "ProceduresFound": {
        "total": 1,
        "procedures": [{"code": "1.000894", "name": "Đăng ký kết hôn", "field": "Hộ tịch"}],
        "fields": [{"name": "Hộ tịch", "count": 12}],
    },
    "Present": {"ticket": "K7M2P4QX9R3T"},
    "Resume": {"ticket": "K7M2P4QX9R3T", "present": None},
    "Return": {"ticket": "K7M2P4QX9R3T", "keep_place": True},
    "Session": {
        "csrf_token": "Vd0qS2c0m1yYd3J5b8q0hG2nR7t4kL9wXz6pE1aCfUo",
        "name": "Nguyễn Thị Lan",
        "role": "clerk",
        "counter": 2,
        "rights": ["counter", "appointments", "slips"],
    },
    "SignIn": {"clerk": "lan", "pin": "135790", "counter": 2},
    "StepAnswer": _STEP,
    "BoardSeen": {"seq": 1236, "silent": 3, "leaving": False},
    "BoardSeenAnswer": {"mark": "5f2c-91aa", "media": _MEDIA},
    "BoardMediaAnswer": _MEDIA,
    "SlideAnswer": _SLIDE,
    "BlockAnswer": _BLOCK,
    "TicketOrder": {"service": "A", "services": ["A", "F"], "request_id": "order-8841"},
    "Transfer": {"ticket": "K7M2P4QX9R3T", "service": "F", "keep_place": False},
    "Unlock": {"pin": "135790"},
}

CHANGES: Final = """retry: 1000

id: 1236
event: board
data: {"at": "2026-11-23T08:55:02+07:00", "seq": 1236, "calls": [], "lines": []}

"""

DISPLAY: Final = """retry: 1000

event: display
data: {"at": "2026-11-23T08:55:02+07:00", "counter": 2, "state": "called", "number": "A025",
data: "calls": 1, "services": ["A"], "clerk": null, "question": {"ballot": 1233,
data: "number": "A024", "until": "2026-11-23T08:55:12+07:00", "rated": false}}

"""

METRICS: Final = """# HELP kiosk_waiting People who wait now, by service
# TYPE kiosk_waiting gauge
kiosk_waiting{service="A"} 4.0
"""
