"""The migrations about dossiers and procedures; ``schema`` has their order."""

from __future__ import annotations

from typing import Final

DOSSIERS: Final = """
ALTER TABLE dossier ADD COLUMN receipt_no TEXT;

ALTER TABLE dossier_step ADD COLUMN task TEXT;
ALTER TABLE dossier_step ADD COLUMN due_at TEXT;

CREATE TABLE dossier_fee (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    amount BIGINT CHECK (amount >= 0),
    stage BIGINT CHECK (stage IN (1, 2, 4)),
    paid BIGINT NOT NULL DEFAULT 0 CHECK (paid IN (0, 1)),
    PRIMARY KEY (office, dossier, n)
);

CREATE TABLE dossier_supplement (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    n BIGINT NOT NULL,
    asked_at TEXT NOT NULL,
    text TEXT,
    asked_by TEXT,
    received_at TEXT,
    received_by TEXT,
    PRIMARY KEY (office, dossier, n)
);

CREATE TABLE dossier_postponement (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    n BIGINT NOT NULL,
    at TEXT NOT NULL,
    due_before TEXT,
    due_after TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('supplement', 'apology', 'told')),
    reason TEXT,
    signer TEXT,
    number TEXT,
    PRIMARY KEY (office, dossier, n)
);
"""

IMPORTS: Final = """
CREATE TABLE import_run (
    office TEXT NOT NULL,
    digest TEXT NOT NULL,
    source TEXT NOT NULL,
    place BIGINT NOT NULL,
    stored BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    fresh BIGINT NOT NULL,
    bad BIGINT NOT NULL,
    written_at TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (office, digest)
);

CREATE TABLE import_source (
    office TEXT NOT NULL,
    source TEXT NOT NULL,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (office, source)
);
"""

PROCEDURES: Final = """
CREATE TABLE procedure (
    office TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    field TEXT NOT NULL,
    level TEXT CHECK (level IN ('whole', 'part')),
    audience TEXT NOT NULL,
    agency TEXT NOT NULL,
    result TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    conditions TEXT NOT NULL,
    keywords TEXT NOT NULL,
    decision TEXT NOT NULL,
    address TEXT NOT NULL,
    service TEXT NOT NULL,
    checked_on TEXT,
    name_folded TEXT NOT NULL,
    field_folded TEXT NOT NULL,
    words TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (office, code)
);
CREATE INDEX procedure_field ON procedure (office, field_folded, field);

CREATE TABLE procedure_channel (
    office TEXT NOT NULL,
    procedure TEXT NOT NULL,
    n BIGINT NOT NULL,
    channel BIGINT NOT NULL CHECK (channel IN (1, 2, 3)),
    term_text TEXT NOT NULL,
    term_unit TEXT CHECK (term_unit IN ('working_hours', 'working_days', 'days', 'same_day')),
    term_amount BIGINT,
    fee_text TEXT NOT NULL,
    fee BIGINT CHECK (fee >= 0),
    PRIMARY KEY (office, procedure, n)
);

CREATE TABLE procedure_document (
    office TEXT NOT NULL,
    procedure TEXT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    originals BIGINT NOT NULL CHECK (originals >= 0),
    copies BIGINT NOT NULL CHECK (copies >= 0),
    form TEXT NOT NULL,
    PRIMARY KEY (office, procedure, n)
);
"""
"""The index of their words is each database's own: ``database.dialect``."""

LOOK_UPS: Final = """
CREATE TABLE mark_key (
    office TEXT NOT NULL,
    name TEXT NOT NULL,
    secret TEXT NOT NULL,
    PRIMARY KEY (office, name)
);

CREATE TABLE secret_try (
    office TEXT NOT NULL,
    id TEXT NOT NULL,
    mark TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (office, id)
);
CREATE INDEX secret_try_mark ON secret_try (office, mark, at);

CREATE TABLE sms_wish (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    phone TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (office, dossier)
);

CREATE INDEX event_form ON event (office, dossier, seq) WHERE kind = 'form.queued';
"""

INTAKE: Final = """
CREATE TABLE dossier_series (
    office TEXT NOT NULL,
    series TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (office, series)
);

CREATE TABLE intake (
    office TEXT NOT NULL,
    code TEXT NOT NULL,
    request_id TEXT NOT NULL,
    request TEXT NOT NULL,
    version BIGINT NOT NULL,
    clerk TEXT NOT NULL,
    counter BIGINT,
    ticket TEXT,
    submitter TEXT NOT NULL,
    sets BIGINT NOT NULL CHECK (sets >= 1),
    term_days BIGINT NOT NULL,
    owner_folded TEXT NOT NULL,
    digits TEXT NOT NULL,
    is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    promised_at TEXT,
    job TEXT NOT NULL,
    receipts BIGINT NOT NULL,
    taker TEXT,
    taken_with TEXT,
    PRIMARY KEY (office, code)
);
CREATE INDEX intake_open ON intake (office, promised_at, code) WHERE is_open = 1;
CREATE UNIQUE INDEX intake_request ON intake (office, request_id);

CREATE TABLE dossier_paper (
    office TEXT NOT NULL,
    dossier TEXT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    originals BIGINT NOT NULL CHECK (originals >= 0),
    certified BIGINT NOT NULL CHECK (certified >= 0),
    copies BIGINT NOT NULL CHECK (copies >= 0),
    note TEXT NOT NULL,
    PRIMARY KEY (office, dossier, n)
);
"""
